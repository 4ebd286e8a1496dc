"""The joint rounds of Regio Voorbeeld: one in progress with a snapshot, one that waits for the boards of the personas."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from regio.accounts.consent import text_of
from regio.accounts.enums import Purpose
from regio.accounts.models import Person
from regio.regions.enums import Sector
from regio.workforce.enums import JointMode
from regio.workforce.errors import JointRefused
from regio.workforce.joint import queries, rounds
from regio.workforce.models import JointRound

GIVING = {Sector.VO: 7, Sector.PO: 8}  # boards; the others still have to
OF_PERSONAS = ("90001",)  # the visitor gives in for this one


def make_rounds(region_key: str, *, now: datetime) -> None:
    """Make both rounds in half a second, unless there is one; nothing for a sector without a forecast of staff."""
    if JointRound.objects.exists():
        return
    for sector, number in GIVING.items():
        with suppress(JointRefused), transaction.atomic():
            _make_round(region_key, sector, number, now=now)


def _make_round(region_key: str, sector: Sector, number: int, *, now: datetime) -> None:
    held = rounds.open_round(region_key=region_key, sector=sector, mode=JointMode.NOISE, now=now)
    able = sorted(queries.boards_with_figures(held) - set(OF_PERSONAS))
    for board in able[:number]:
        rounds.agree(_executive(board), board=board, version=text_of(Purpose.JOINT_PLANNING).version, now=now)
        rounds.give_in(held, board=board, agrees_to_exact=False, now=now)
    if sector == Sector.VO:
        rounds.snapshot_of(held, now=now)


def _executive(board: str) -> Person:
    address = f"bestuurder-{board}@voorbeeld.example"
    found = Person.objects.filter(email=address).first()
    return found or Person.objects.create_user(address, name="Verzonnen bestuurder")

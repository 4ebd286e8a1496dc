"""Lines of *Vandaag* about joint rounds: who can take part, whether a snapshot can come, and that there is a new one."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from regio.accounts.enums import OrganisationKind
from regio.accounts.viewer import viewer_now
from regio.regions.enums import Sector
from regio.shared.today import Line, Urgency

from ..errors import JointRefused
from ..models import JointRound
from ..rules import leads_region, speaks_for_board
from . import queries, rounds, tables

LOOKS_BACK = timedelta(days=7)


def lines(now: datetime) -> Iterator[Line]:
    """Return what waits for who reads now in open rounds; one query where there is none."""
    viewer = viewer_now()
    keys = {key for key in viewer.organisations(OrganisationKind.REGION) if leads_region(viewer, {"key": key})}
    codes = {code for code in viewer.organisations(OrganisationKind.BOARD) if speaks_for_board(viewer, {"board": code})}
    if not keys and not codes:
        return
    for held in JointRound.objects.filter(closed_at=None).order_by("pk"):
        if held.region_key in keys:
            yield _of_region(held)
        for code in sorted(codes & held.sizes.keys()):
            yield from _of_board(held, code, now)


def _of_region(held: JointRound) -> Line:
    counts, able = queries.statuses([held])[held.pk]
    words = f"Gezamenlijke ronde {_sector(held)}: {counts} van {able} ingeleverd"
    try:
        rounds.check_snapshot(held)
    except JointRefused:
        return Line(words, tables.address_of(held), Urgency.CHANGED, timezone.localdate(held.opened_at))
    return Line(f"{words}, er kan een momentopname", tables.address_of(held), Urgency.WAITS, timezone.localdate(held.opened_at))  # fmt: skip


def _of_board(held: JointRound, code: str, now: datetime) -> Iterator[Line]:
    address = reverse("joint_board", args=[held.region_key, held.pk, code])
    given = held.contributions.filter(board_id=code).first()
    if given is None:
        words = f"Uw bestuur kan meedoen aan de gezamenlijke ronde {_sector(held)}"
        yield Line(words, address, Urgency.WAITS, timezone.localdate(held.opened_at))
        return
    if not queries.agreed_boards([code]):
        words = (
            f"Wat uw bestuur inleverde voor de gezamenlijke ronde {_sector(held)} telt niet mee: er is geen toestemming"
        )
        yield Line(words, address, Urgency.WAITS, timezone.localdate(given.given_at))
    newest = queries.newest_snapshot(held)
    if newest and code in newest.boards and newest.made_at >= now - LOOKS_BACK:
        words = f"Er is een momentopname van de gezamenlijke ronde {_sector(held)}"
        yield Line(words, tables.address_of(held), Urgency.CHANGED, timezone.localdate(newest.made_at))


def _sector(held: JointRound) -> str:
    return str(Sector(held.sector).label)

"""What changes in joint rounds: opening, giving in, taking back, snapshots and closing; each with its event.

A snapshot holds what boards gave in and agree to at that moment. Pages read the newest one alone, so what a board gives in or
takes back shows at the next, and that comes only when at least three boards differ: of fewer it would tell who did what.
"""

import secrets
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from regio.accounts.consent import give_consent, withdraw_consent
from regio.accounts.enums import OrganisationKind, Purpose
from regio.accounts.models import Person
from regio.audit.actions import record
from regio.shared import jobs
from regio.shared.models import Job

from ..enums import JointMode
from ..errors import JointRefused
from ..model_runs.joint import figures_of_board, mark_of, public_sizes
from ..models import JointContribution, JointKey, JointRound, JointSnapshot
from ..queries import run_to_open
from . import queries

SNAPSHOT_JOB = "momentopname"
KEY_BYTES = 32
FEWEST_BOARDS, FEWEST_CHANGES = 5, 3  # as in `regio_engine.disclosure`; a test holds them against each other


# --------------------------------------------------------------------------------------------------- opening and closing
def open_round(*, region_key: str, sector: str, mode: str, now: datetime) -> JointRound:
    """Open the round of the newest count of a sector, and settle on public sizes what may be shown in it.

    Raises:
        JointRefused: there is no forecast of the sector, or there was a round of this count.
    """
    run = run_to_open(region_key)
    if run is None or not run.facts.get("bezetting", {}).get(sector, {}).get("besturen"):
        raise JointRefused.no_forecast()
    day = date.fromisoformat(queries.base_date_of(run, sector))
    sizes = public_sizes(run, region_key=region_key, sector=sector)
    try:
        with transaction.atomic():
            made = JointRound.objects.create(
                region_key=region_key,
                sector=sector,
                reference_date=day,
                mode=JointMode(mode),
                sizes=sizes,
                opened_at=now,
            )
            key_of(region_key, now=now)
            _record(
                "joint_opened", made, "Gezamenlijke ronde geopend", now=now, details={"sector": sector, "mode": mode}
            )
    except IntegrityError:
        raise JointRefused.again() from None
    return made


def key_of(region_key: str, *, now: datetime) -> bytes:
    """Return the secret of a region; made at its first round."""
    fresh = {"secret": secrets.token_bytes(KEY_BYTES), "made_at": now}
    return bytes(JointKey.objects.get_or_create(region_key=region_key, defaults=fresh)[0].secret)


def close_round(held: JointRound, *, now: datetime) -> None:
    """End a round: what boards gave in goes, the last snapshot stays; with the last open round the secret goes too."""
    with transaction.atomic():
        mine = JointRound.objects.select_for_update().get(pk=held.pk)
        if not mine.is_open:
            return
        mine.closed_at = now
        mine.save(update_fields=["closed_at"])
        mine.contributions.all().delete()
        mine.snapshots.update(marks={})
        if not JointRound.objects.filter(region_key=mine.region_key, closed_at=None).exists():
            JointKey.objects.filter(region_key=mine.region_key).delete()
        _record("joint_closed", mine, "Gezamenlijke ronde gesloten; wat besturen inleverden is gewist", now=now)


# ----------------------------------------------------------------------------------------------------------- taking part
def agree(person: Person, *, board: str, version: str, now: datetime) -> None:
    """Agree to joint planning for a board; whether this person may is the caller's to ask."""
    give_consent(
        person,
        purpose=Purpose.JOINT_PLANNING,
        organisation=f"{OrganisationKind.BOARD}:{board}",
        version=version,
        now=now,
    )


def stop_agreeing(person: Person, *, board: str, now: datetime) -> None:
    """Take the agreement of a board back; what it gave in goes with it (`wipe_of`)."""
    organisation = f"{OrganisationKind.BOARD}:{board}"
    withdraw_consent(person, purpose=Purpose.JOINT_PLANNING, organisation=organisation, now=now)


def wipe_of(*, purpose: str, organisation: str, now: datetime) -> None:
    """Wipe what a board gave in to open rounds, where it takes its agreement back on whatever page."""
    board = organisation.removeprefix(f"{OrganisationKind.BOARD}:")
    if purpose == Purpose.JOINT_PLANNING:
        for one in JointContribution.objects.filter(board_id=board, round__closed_at=None).select_related("round"):
            take_back(one.round, board=board, now=now)


def figures_to_give(held: JointRound, *, board: str) -> dict[str, Any]:
    """Return exactly what this board would give in now; empty where there is nothing."""
    run = queries.run_for(held)
    return figures_of_board(run, board, held.sector) if run and board in held.sizes else {}


def give_in(held: JointRound, *, board: str, agrees_to_exact: bool, now: datetime) -> JointContribution:
    """Give in what the newest forecast says of a board, in the place of what it gave in before.

    Raises:
        JointRefused: the round is closed, the board did not agree, or there is nothing to give in.
    """
    with transaction.atomic():
        mine = _open(held)
        run, figures = queries.run_for(mine), figures_to_give(mine, board=board)
        if run is None or not figures:
            raise JointRefused.no_figures()
        if not queries.agreed_boards({board}):
            raise JointRefused.not_agreed()
        if mine.mode == JointMode.EXACT and not agrees_to_exact:
            raise JointRefused.exact_not_agreed()
        values = {"run": run, "figures": figures, "agrees_to_exact": agrees_to_exact, "given_at": now}
        given, _ = JointContribution.objects.update_or_create(round=mine, board_id=board, defaults=values)
        details = {"run": run.pk, "exact": agrees_to_exact}
        _record(
            "joint_given", mine, "Bestuur leverde in voor de gezamenlijke ronde", now=now, board=board, details=details
        )
    return given


def take_back(held: JointRound, *, board: str, now: datetime) -> bool:
    """Take back what a board gave in: it is wiped at once and not in any next snapshot. Return whether there was any."""
    with transaction.atomic():
        mine = JointRound.objects.select_for_update().get(pk=held.pk)
        gone, _ = mine.contributions.filter(board_id=board).delete()
        if gone:
            _record("joint_taken_back", mine, "Bestuur nam terug wat het inleverde", now=now, board=board)
    return bool(gone)


# ------------------------------------------------------------------------------------------------------------- snapshots
def request_snapshot(held: JointRound, *, owner: str, now: datetime) -> Job:
    """Ask for a snapshot.

    Raises:
        JointRefused: the round is closed, or it could not show anything new (see `check_snapshot`).
        TooManyJobs: this owner has too many open jobs.
    """
    with transaction.atomic():
        check_snapshot(_open(held))
        job = jobs.enqueue(kind=SNAPSHOT_JOB, label="Momentopname van de gezamenlijke ronde", arguments={"round": held.pk}, owner=owner, now=now)  # fmt: skip
        _record("joint_snapshot_asked", held, "Momentopname gevraagd", now=now)
    return job


def check_snapshot(held: JointRound) -> dict[str, Any]:
    """Return board → what counts now, where a snapshot may show it.

    Raises:
        JointRefused: fewer than five boards, or fewer than three differ from the snapshot before.
    """
    given = counted(held)
    if len(given) < FEWEST_BOARDS:
        raise JointRefused.too_few(len(given), FEWEST_BOARDS)
    before = queries.newest_snapshot(held)
    if before and (changed := len(changed_boards(before, marks_of(held, given)))) < FEWEST_CHANGES:
        raise JointRefused.too_little_changed(changed, FEWEST_CHANGES)
    return given


def counted(held: JointRound) -> dict[str, Any]:
    """Return board → what it gave in, of the boards that agree now, in the order of their codes."""
    rows = held.contributions.order_by("board_id")
    if held.mode == JointMode.EXACT:
        rows = rows.filter(agrees_to_exact=True)
    agreed = queries.agreed_boards(held.sizes)
    return {one.board_id: one.figures for one in rows if one.board_id in agreed}


def marks_of(held: JointRound, given: dict[str, Any]) -> dict[str, str]:
    """Return board → keyed hash of what it gave in."""
    secret = key_of(held.region_key, now=timezone.now())
    return {board: mark_of(figures, secret=secret) for board, figures in given.items()}


def changed_boards(before: JointSnapshot, marks: dict[str, str]) -> set[str]:
    """Return the boards that joined, left or gave in something else since a snapshot."""
    return {board for board in before.marks.keys() | marks.keys() if before.marks.get(board) != marks.get(board)}


def make_snapshot(job: Job, progress: jobs.Progress) -> str:
    """Make the snapshot of this job and keep it. Return where its page is.

    Raises:
        JointRefused: meanwhile too little is left of it, or the round was closed.
    """
    held = JointRound.objects.get(pk=job.arguments["round"])
    progress(0, 1, "optellen")
    newest = queries.newest_snapshot(held)
    if newest is None or newest.made_at < job.created_at:  # else made by a worker that died before it said so
        snapshot_of(held, now=timezone.now())
    return f"/regio/{held.region_key}/samen/{held.pk}/"


def snapshot_of(held: JointRound, *, now: datetime) -> JointSnapshot:
    """Make and keep a snapshot of what counts now.

    Raises:
        JointRefused: see `check_snapshot`.
    """
    from ..model_runs.joint_parts import parts_of_snapshot  # numeric packages load in the worker only

    with transaction.atomic():
        mine = _open(held)
        given = check_snapshot(mine)
        is_exact = mine.mode == JointMode.EXACT
        parts = parts_of_snapshot(
            given, sizes=mine.sizes, secret=key_of(mine.region_key, now=now), series=series_of(mine), exact=is_exact
        )
        made = JointSnapshot.objects.create(
            round=mine, boards=list(given), marks=marks_of(mine, given), parts=parts, is_exact=is_exact, made_at=now
        )
        details = {"boards": len(given), "shown": sum(part["shown"] for part in parts)}
        _record("joint_snapshot_made", mine, "Momentopname gemaakt", now=now, details=details)
    return made


def series_of(held: JointRound) -> str:
    """Return the name under which the deviations of a round are drawn; a count has one round, so one deviation."""
    return f"{held.region_key}|{held.sector}|{held.reference_date.isoformat()}|tekort min overschot"


def _open(held: JointRound) -> JointRound:
    mine = JointRound.objects.select_for_update().get(pk=held.pk)
    if not mine.is_open:
        raise JointRefused.closed()
    return mine


def _record(
    code: str, held: JointRound, heading: str, *, now: datetime, board: str = "", details: dict[str, Any] | None = None
) -> None:
    organisation = f"{OrganisationKind.BOARD}:{board}" if board else ""
    record(
        f"workforce.{code}", subject=f"ronde:{held.pk}", heading=heading, now=now, organisation=organisation,
        region=held.region_key, details=details,
    )  # fmt: skip

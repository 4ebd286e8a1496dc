"""Handing over many at once: an adviser who is away for some days, and one who leaves."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from regio.audit.actions import record
from regio.desk.cases.errors import AwayAlready, MayNotHold
from regio.desk.cases.models import Absence, Case
from regio.desk.cases.rules import Team

from .changing import give_to, note_event, save, team_at


def cover_absence(
    person_id: int, *, region_key: str, first: date, last: date, cover: int, now: datetime, by: int | None
) -> Absence:
    """Move everything of an adviser that is due until the last day to a colleague, in one action.

    What the colleague may not hold goes to somebody of the desk who may; where nobody may it stays, and the team sees it.

    Raises:
        MayNotHold: the colleague is not of the desk, or is the same person.
        AwayAlready: an absence in these days is known.
    """
    with transaction.atomic():
        team = team_at(region_key, now=now)
        if cover == person_id or cover not in team.advisers or person_id not in team.advisers:
            raise MayNotHold
        known = Absence.objects.filter(
            person_id=person_id, region_key=region_key, starts_on__lte=last, ends_on__gte=first
        )
        if known.filter(moved_back_at=None, cover__isnull=False).exists():
            raise AwayAlready
        known.filter(moved_back_at=None).delete()  # known to be away, and nobody took over yet
        others = Team({key: one for key, one in team.advisers.items() if key != person_id}, team.keeper_id)
        due = Case.objects.filter(owner_id=person_id, region_key=region_key, closed_at=None, next_on__lte=last)
        moved = _move(due, others, preferred=cover, now=now, by=by)
        absence = Absence.objects.create(
            person_id=person_id, region_key=region_key, starts_on=first, ends_on=last, cover_id=cover, moved=moved, moved_at=now,
        )  # fmt: skip
        record("cases.absence_covered", subject=f"persoon:{person_id}", heading=f"Afwezig: {len(moved)} zaken overgenomen", now=now, region=region_key, details={"cases": len(moved)})  # fmt: skip
    return absence


def _move(
    cases: Iterable[Case], team: Team, *, preferred: int | None, now: datetime, by: int | None
) -> list[list[int]]:
    """Give each case to who may hold it; return [case, to whom] of those that moved."""
    held = (
        Case.objects.select_for_update(of=("self",))
        .select_related("candidate")
        .filter(pk__in=[one.pk for one in cases])
    )
    moved = []
    for case in held.order_by("pk"):
        holder = team.holder_for(case, preferred=preferred)
        if holder is None or holder == case.owner_id:
            continue
        before = case.owner_id
        give_to(case, holder, now=now, is_chosen=False)
        save(case, now=now, by=by)
        note_event("handed_over", case, "Zaak overgedragen", now=now, details={"from": before, "to": holder})
        moved.append([case.pk, holder])
    return moved


def end_absence(absence_id: int, *, now: datetime, by: int | None) -> int:
    """Move back what still lies with who took over; return how many. A case that went on elsewhere stays there."""
    with transaction.atomic():
        absence = Absence.objects.select_for_update().get(pk=absence_id)
        if absence.moved_back_at is not None:
            return 0
        absence.moved_back_at = now
        absence.ends_on = max(absence.starts_on, min(absence.ends_on, timezone.localdate(now)))
        absence.save(update_fields=["moved_back_at", "ends_on"])
        team, taken_over = team_at(absence.region_key, now=now), dict(absence.moved)
        held = Case.objects.select_for_update(of=("self",)).select_related("candidate")
        back = 0
        for case in held.filter(pk__in=taken_over, closed_at=None).order_by("pk"):
            if case.owner_id == taken_over[case.pk] and team.may_hold(absence.person_id, case):
                give_to(case, absence.person_id, now=now, is_chosen=True)
                save(case, now=now, by=by)
                note_event("handed_over", case, "Zaak terug", now=now, details={"from": taken_over[case.pk], "to": absence.person_id})  # fmt: skip
                back += 1
        record("cases.absence_ended", subject=f"persoon:{absence.person_id}", heading=f"Weer terug: {back} zaken terug", now=now, region=absence.region_key, details={"cases": back})  # fmt: skip
    return back


def hand_over_of_leaver(person_id: int, *, region_key: str, now: datetime) -> int:
    """Give everything of somebody who is not of the desk any more to the others; return how many cases moved.

    Where nobody else may hold a case it stays and counts as a breach of the guarantee: the team and the region see it.
    """
    with transaction.atomic():
        cases = Case.objects.filter(owner_id=person_id, region_key=region_key, closed_at=None)
        team = team_at(region_key, now=now)
        return 0 if person_id in team.advisers else len(_move(cases, team, preferred=None, now=now, by=None))

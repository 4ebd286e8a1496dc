"""What every change of a case shares: taking the row, keeping the guarantee, and writing who did it.

The guarantee: an open case has an owner of the desk, a next step and a date. `save_open` is the only way in which an open
case is written, and refuses what breaks it; the table refuses it once more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from regio.audit.actions import record
from regio.desk.cases.enums import Phase
from regio.desk.cases.errors import ClosedCase, NobodyForCase, Overtaken, StepMissing
from regio.desk.cases.models import Case, Desk, PhaseChange
from regio.desk.cases.rules import Team, team_of

LONGEST_STEP = 200


@dataclass(frozen=True)
class Step:
    """What happens next, and on which day."""

    words: str
    on: date | None


def locked(case_id: int, *, version: int | None = None) -> Case:
    """Take a case for change; None as version means that no other's change can be lost.

    Raises:
        Overtaken: somebody changed it since this version was read.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("candidate").get(pk=case_id)
    if version is not None and case.version != version:
        raise Overtaken(case)
    return case


def locked_open(case_id: int, *, version: int | None = None) -> Case:
    """Take an open case.

    Raises:
        ClosedCase: it is closed.
        Overtaken: as `locked`.
    """
    case = locked(case_id, version=version)
    if not case.is_open:
        raise ClosedCase
    return case


def put_step(case: Case, step: Step) -> None:
    """Set what happens next.

    Raises:
        StepMissing: no words or no day.
    """
    words = " ".join(step.words.split())[:LONGEST_STEP]
    if not words or step.on is None:
        raise StepMissing
    case.next_step, case.next_on = words, step.on


def give_to(case: Case, person_id: int, *, now: datetime, is_chosen: bool) -> None:
    """Make somebody the owner; a new owner has not seen it yet."""
    if person_id != case.owner_id:
        case.owner_id, case.seen_at = person_id, None
    if is_chosen:
        case.assigned_at = now


def find_holder(case: Case, team: Team, *, preferred: int | None = None) -> int:
    """Return who gets a case.

    Raises:
        NobodyForCase: no adviser may.
    """
    holder = team.holder_for(case, preferred=preferred)
    if holder is None:
        raise NobodyForCase
    return holder


def save_open(case: Case, *, now: datetime, by: int | None) -> None:
    """Write an open case.

    Raises:
        StepMissing, NobodyForCase: it would lose its step or its owner.
    """
    if case.owner_id is None:
        raise NobodyForCase
    if not case.next_step or case.next_on is None or case.phase == Phase.LEFT:
        raise StepMissing
    save(case, now=now, by=by)


def save(case: Case, *, now: datetime, by: int | None) -> None:
    """Write a case as its next version."""
    case.version, case.changed_at, case.changed_by_id = case.version + 1, now, by
    case.save()


def enter_phase(case: Case, phase: str, *, now: datetime, by: int | None) -> None:
    """Bring a case in a phase and keep when; nothing happens where it is in it."""
    if case.phase != phase:
        case.phase = phase
        PhaseChange.objects.create(case=case, phase=phase, at=now, by_id=by)


def note_event(kind: str, case: Case, heading: str, *, now: datetime, details: Mapping[str, Any] | None = None) -> None:
    """Write the event of a change: numbers and codes, never what was said."""
    record(
        f"cases.{kind}", subject=f"zaak:{case.pk}", heading=heading, now=now, region=case.region_key, details=details
    )


def touch(case: Case, *, now: datetime) -> None:
    """Say that something was added to a case, without making a version that another's form would trip over."""
    Case.objects.filter(pk=case.pk).update(changed_at=now)


def desk_of(region_key: str) -> Desk:
    """Return the desk of a region, made with the usual settings where there is none."""
    return Desk.objects.get_or_create(region_key=region_key)[0]


def team_at(region_key: str, *, now: datetime) -> Team:
    """Return who works at the desk of a region at this moment."""
    return team_of(region_key, today=timezone.localdate(now))

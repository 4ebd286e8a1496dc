"""The daily work on a case: contact, notes, the next step, another phase, another owner."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from regio.desk.cases.enums import WRITTEN, Channel, Phase, Visibility
from regio.desk.cases.errors import MayNotHold, StepMissing
from regio.desk.cases.models import Case, Contact, Note

from .changing import Step, enter_phase, give_to, locked, locked_open, note_event, put_step, save_open, team_at, touch


@dataclass(frozen=True)
class Talk:
    """What there was of contact."""

    channel: str
    subject: str
    is_reached: bool
    text: str = ""
    is_incoming: bool = False
    is_confidential: bool = False
    at: datetime | None = None  # None = now

    @property
    def answers(self) -> bool:
        """Whether the desk gave a sign of life by it: somebody was spoken, or something was written to them."""
        return not self.is_incoming and (self.is_reached or self.channel in WRITTEN)


@dataclass(frozen=True)
class State:
    """What two people may both edit of an open case."""

    phase: str
    owner_id: int | None
    next_step: str
    next_on: date | None


def state_of(case: Case) -> State:
    """Return what it is now."""
    return State(case.phase, case.owner_id, case.next_step, case.next_on)


def update_case(case_id: int, wanted: State, *, version: int, now: datetime, by: int | None) -> Case:
    """Set phase, owner, next step and date together.

    Raises:
        Overtaken: somebody changed the case since this version was read.
        ClosedCase, StepMissing, MayNotHold: with what to do.
    """
    with transaction.atomic():
        case = locked_open(case_id, version=version)
        before = state_of(case)
        if wanted.phase not in Phase.values or wanted.phase == Phase.LEFT:
            raise StepMissing
        if wanted.owner_id != case.owner_id:
            _require_holder(case, wanted.owner_id, now=now)
        put_step(case, Step(wanted.next_step, wanted.next_on))
        assert wanted.owner_id is not None
        give_to(
            case, wanted.owner_id, now=now, is_chosen=wanted.owner_id != before.owner_id or case.assigned_at is None
        )
        enter_phase(case, wanted.phase, now=now, by=by)
        save_open(case, now=now, by=by)
        _tell_changes(case, before, now=now)
    return case


def _require_holder(case: Case, person_id: int | None, *, now: datetime) -> None:
    if not team_at(case.region_key, now=now).may_hold(person_id, case):
        raise MayNotHold


def _tell_changes(case: Case, before: State, *, now: datetime) -> None:
    if case.phase != before.phase:
        note_event("phase_entered", case, f"Fase: {case.get_phase_display()}", now=now, details={"from": before.phase, "to": case.phase})  # fmt: skip
    if case.owner_id != before.owner_id:
        note_event("handed_over", case, "Zaak overgedragen", now=now, details={"from": before.owner_id, "to": case.owner_id})  # fmt: skip
    if (case.next_step, case.next_on) != (before.next_step, before.next_on):
        note_event("step_set", case, "Volgende stap gezet", now=now, details={"on": f"{case.next_on}"})


def take_case(case_id: int, *, now: datetime, by: int) -> Case:
    """Take a case that nobody took yet, or from a colleague who is away.

    Raises:
        ClosedCase, MayNotHold: it is closed, or this adviser may not.
    """
    with transaction.atomic():
        case = locked_open(case_id)
        before = state_of(case)
        _require_holder(case, by, now=now)
        give_to(case, by, now=now, is_chosen=True)
        save_open(case, now=now, by=by)
        _tell_changes(case, before, now=now)
    return case


def log_contact(case_id: int, talk: Talk, *, step: Step | None, version: int | None, now: datetime, by: int | None) -> tuple[Contact, bool]:  # fmt: skip
    """Keep a moment of contact, and set what comes next where that is given.

    The contact is kept in any case. A step is set only where nobody changed the case since `version`.

    Returns:
        The contact, and whether the step was left as another set it.
    """
    with transaction.atomic():
        case = locked(case_id)
        contact = _add_contact(case, talk, now=now, by=by)
        before = state_of(case)
        is_overtaken = step is not None and version is not None and case.version != version
        if step is not None and case.is_open and not is_overtaken:
            put_step(case, step)
        if case.is_open:
            save_open(case, now=now, by=by)
        else:
            case.save(update_fields=["last_contact_at", "first_contact_at"])
        note_event("contact_logged", case, f"Contact: {contact.get_channel_display()}, {'bereikt' if talk.is_reached else 'niet bereikt'}", now=now, details={"channel": talk.channel, "reached": talk.is_reached})  # fmt: skip
        _tell_changes(case, before, now=now)
    return contact, is_overtaken


def _add_contact(case: Case, talk: Talk, *, now: datetime, by: int | None) -> Contact:
    at = min(talk.at or now, now)
    if talk.answers and (case.first_contact_at is None or at < case.first_contact_at):
        case.first_contact_at = at
    if talk.is_reached and (case.last_contact_at is None or at > case.last_contact_at):
        case.last_contact_at = at
    return Contact.objects.create(
        case=case, at=at, channel=Channel(talk.channel), is_incoming=talk.is_incoming, is_reached=talk.is_reached,
        subject=" ".join(talk.subject.split())[:200], text=talk.text, is_confidential=talk.is_confidential, by_id=by,
    )  # fmt: skip


def write_note(case_id: int, text: str, *, visibility: str, now: datetime, by: int | None) -> Note:
    """Keep a note; the most private unless somebody chose otherwise."""
    with transaction.atomic():
        case = locked(case_id)
        note = Note.objects.create(case=case, text=text.strip(), visibility=Visibility(visibility), at=now, by_id=by)
        touch(case, now=now)
        note_event("note_written", case, f"Notitie: {note.get_visibility_display()}", now=now)
    return note


def mark_seen(case: Case, *, by: int | None, now: datetime) -> None:
    """Say that the present owner opened the case."""
    if by is not None and case.owner_id == by and case.seen_at is None:
        Case.objects.filter(pk=case.pk, owner_id=by, seen_at=None).update(seen_at=now)

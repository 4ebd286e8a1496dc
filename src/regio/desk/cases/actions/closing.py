"""Closing a case with a reason, opening it again, and asking later where somebody is."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from regio.desk.cases.enums import Phase
from regio.desk.cases.errors import NotAReason, NotClosed, OpenAlready, TooSoonForSilence
from regio.desk.cases.models import Candidate, Case, Contact
from regio.desk.cases.reasons import NOT_CHOSEN, ON_REQUEST, SILENCE, WITHDRAWN, reasons, words_of
from regio.desk.cases.rules import ASKED_AFTER_MONTHS, Silence, silence_of

from .changing import Step, enter_phase, find_holder, give_to, locked, locked_open, note_event, put_step, save, team_at
from .usual_steps import first_step

PHASE_AFTER = {"baan": Phase.WORKING, "opleiding": Phase.IN_TRAINING}  # others have left


def close_case(case_id: int, reason: str, *, version: int, now: datetime, by: int | None) -> Case:
    """Close a case.

    Raises:
        NotAReason: no reason from the list.
        TooSoonForSilence: for silence, and not enough was tried.
        Overtaken, ClosedCase: as always.
    """
    if reason not in reasons() or reason in NOT_CHOSEN:
        raise NotAReason
    with transaction.atomic():
        case = locked_open(case_id, version=version)
        if reason == SILENCE and not (silence := silence_now(case, now=now)).is_enough:
            raise TooSoonForSilence(silence.words)
        end(case, reason, now=now, by=by)
    return case


def silence_now(case: Case, *, now: datetime) -> Silence:
    """Return what was tried since the candidate last answered."""
    rows = Contact.objects.filter(case=case).values_list("at", "channel", "is_reached")
    return silence_of(rows, now=now)


def end(case: Case, reason: str, *, now: datetime, by: int | None) -> None:
    """Close a case that is held: its step ends, and where the reason says so the desk asks again later."""
    enter_phase(case, PHASE_AFTER.get(reason, Phase.LEFT), now=now, by=by)
    case.closed_at, case.exit_reason = now, reason
    case.next_step, case.next_on = "", None
    case.asked_again = 0
    case.ask_again_on = (
        months_later(timezone.localdate(now), ASKED_AFTER_MONTHS[0]) if reasons()[reason].asks_again else None
    )
    save(case, now=now, by=by)
    note_event("case_closed", case, f"Zaak gesloten. {words_of(reason)}", now=now, details={"reason": reason})


def reopen_case(case_id: int, *, now: datetime, by: int | None, step: Step | None = None, phase: str = Phase.ORIENTING) -> Case:  # fmt: skip
    """Open a closed case again, with an owner who may hold it, a step and a date.

    Raises:
        NotClosed: it is open.
        OpenAlready: the candidate has another open case of this type.
        NobodyForCase: no adviser may hold it.
    """
    with transaction.atomic():
        case = locked(case_id)
        if case.is_open:
            raise NotClosed
        other = Case.objects.filter(candidate_id=case.candidate_id, type=case.type, closed_at=None).first()
        if other is not None:
            raise OpenAlready(other.pk)
        team = team_at(case.region_key, now=now)
        give_to(case, find_holder(case, team, preferred=case.owner_id), now=now, is_chosen=False)
        case.closed_at, case.exit_reason, case.ask_again_on = None, "", None
        enter_phase(case, phase, now=now, by=by)
        put_step(case, step or first_step(case, today=timezone.localdate(now)))
        save(case, now=now, by=by)
        note_event("case_reopened", case, "Zaak weer geopend", now=now)
    return case


def withdraw(candidate: Candidate, *, now: datetime, is_consent: bool = True) -> int:
    """Close every open case of somebody who takes the consent back or wants to stop; return how many.

    Without consent, cases that were closed before go by the same short term, and nobody is asked anything again.
    """
    with transaction.atomic():
        closed = Case.objects.filter(candidate=candidate, closed_at__isnull=False)
        closed.update(ask_again_on=None)
        if is_consent:
            closed.update(exit_reason=WITHDRAWN, closed_at=now)
        held = Case.objects.select_for_update().filter(candidate=candidate, closed_at=None)
        for case in (cases := list(held)):
            end(case, WITHDRAWN if is_consent else ON_REQUEST, now=now, by=None)
    return len(cases)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where there is no such day."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def note_asked_again(case: Case, *, now: datetime) -> None:
    """Keep that somebody was asked where they are, and when to ask once more: after 3, 6 and 12 months, never on two days in a row."""
    case.asked_again += 1
    closed, today = timezone.localdate(case.closed_at), timezone.localdate(now)
    days = (months_later(closed, months) for months in ASKED_AFTER_MONTHS[case.asked_again :])
    case.ask_again_on = next((day for day in days if day > today), None)
    case.save(update_fields=["asked_again", "ask_again_on"])
    note_event("asked_again", case, "Gevraagd hoe het nu gaat", now=now, details={"time": case.asked_again})

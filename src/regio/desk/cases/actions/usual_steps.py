"""Steps that a desk usually takes: per type and phase, dated, changed by the region itself without code.

A region that has none of its own uses those of `data/stappen.yaml`; the first change copies them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from regio.audit.actions import record
from regio.desk.cases.data import read
from regio.desk.cases.models import Case, StepTemplate
from regio.desk.cases.working_days import calendar_for

from .changing import Step, desk_of

ANYTHING = "Neem contact op om te horen hoe het gaat"
ANYTHING_DAYS = 10


@dataclass(frozen=True)
class UsualStep:
    """A step that a form proposes, and after how many working days."""

    words: str
    days: int


def usual_steps(region_key: str, *, case_type: str, phase: str, today: date) -> list[UsualStep]:
    """Return the steps in force for a type and phase, in their order; the first is what a form proposes."""
    own = StepTemplate.objects.filter(region_key=region_key)
    if not own.exists():
        return [UsualStep(*told) for told in read("stappen")[case_type].get(phase, ())]
    found = own.filter(_counts_on(today), case_type=case_type, phase=phase).order_by("position", "pk")
    return [UsualStep(row.words, row.days) for row in found]


def _counts_on(today: date) -> Q:
    return Q(valid_from__lte=today) & (Q(valid_until=None) | Q(valid_until__gte=today))


def first_step(case: Case, *, today: date) -> Step:
    """Return what usually comes first in the phase of a case, with the day on which it is due."""
    steps = usual_steps(case.region_key, case_type=case.type, phase=case.phase, today=today)
    chosen = steps[0] if steps else UsualStep(ANYTHING, ANYTHING_DAYS)
    return Step(chosen.words, calendar_for(desk_of(case.region_key)).after(today, chosen.days))


def change_usual_steps(region_key: str, *, case_type: str, phase: str, steps: list[UsualStep], now: datetime) -> None:
    """Let other steps hold from today for a type and phase; what held until yesterday stays, with its dates."""
    today = timezone.localdate(now)
    with transaction.atomic():
        _copy_national(region_key, today=today)
        old = StepTemplate.objects.filter(_counts_on(today), region_key=region_key, case_type=case_type, phase=phase)
        old.filter(valid_from=today).delete()
        old.filter(valid_from__lt=today).update(valid_until=today - timedelta(days=1))
        StepTemplate.objects.bulk_create(
            StepTemplate(region_key=region_key, case_type=case_type, phase=phase, words=one.words, days=one.days, position=number, valid_from=today)
            for number, one in enumerate(steps)
        )  # fmt: skip
        record("cases.steps_changed", subject=f"loket:{region_key}", heading="Vaste stappen gewijzigd", now=now, region=region_key, details={"type": case_type, "phase": phase})  # fmt: skip


def _copy_national(region_key: str, *, today: date) -> None:
    if StepTemplate.objects.filter(region_key=region_key).exists():
        return
    told = read("stappen")
    valid_from = min(told["valued_on"], today - timedelta(days=1))
    StepTemplate.objects.bulk_create(
        StepTemplate(region_key=region_key, case_type=case_type, phase=phase, words=words, days=days, position=number, valid_from=valid_from)
        for case_type, phases in told.items() if isinstance(phases, dict)
        for phase, steps in phases.items()
        for number, (words, days) in enumerate(steps)
    )  # fmt: skip


AGAIN_DAYS = 2  # aanname: who was not reached is tried again after two working days


def step_after(case: Case, *, is_reached: bool, today: date) -> Step:
    """Return what usually follows a moment of contact: the next step of the phase, or the same once more."""
    calendar = calendar_for(desk_of(case.region_key))
    if not is_reached and case.next_step:
        return Step(case.next_step, calendar.after(today, AGAIN_DAYS))
    steps = usual_steps(case.region_key, case_type=case.type, phase=case.phase, today=today)
    places = [number for number, one in enumerate(steps) if one.words == case.next_step]
    later = steps[places[0] + 1 :] if places else steps
    chosen = later[0] if later else UsualStep(ANYTHING, ANYTHING_DAYS)
    return Step(chosen.words, calendar.after(today, chosen.days))

"""What happens by itself: a declared list of recurring work, and the check that each of it was done.

Apps register their part when they start (`register`). The worker asks `plan_due` a few times a minute: of each recurring
work the newest planned moment gets one job, whatever the number of workers; after a night without a worker it is done
once, not once for every day missed. `overview` tells a page and the health check what is late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Min, Q
from django.utils import timezone

from . import jobs
from .models import Job

NEVER_OLDER = timedelta(days=8)  # the newest planned moment of a week's work


@dataclass(frozen=True)
class Recurring:
    """Work that happens by itself.

    Attributes:
        kind: of the job; one recurring work per kind.
        label: what people call it, in Dutch.
        at: the time of the day in the Netherlands.
        weekday: 0 = Monday for once a week; None for every day.
        grace: how long after the planned moment it may end before it is late.
        is_on: whether this installation does it.
    """

    kind: str
    label: str
    at: time
    weekday: int | None = None
    grace: timedelta = timedelta(hours=2)
    is_on: Callable[[], bool] = lambda: True

    @property
    def words(self) -> str:
        """When it happens, in Dutch."""
        days = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
        day = "elke dag" if self.weekday is None else f"elke {days[self.weekday]}"
        return f"{day} om {self.at:%H:%M} uur"

    def planned_before(self, moment: datetime) -> datetime:
        """Return the newest planned moment that is not after this one."""
        local = timezone.localtime(moment)
        days_back = 0 if self.weekday is None else (local.weekday() - self.weekday) % 7
        planned = self._on(local, -days_back)
        return planned if planned <= moment else self._on(local, -days_back - self._days)

    def planned_after(self, moment: datetime) -> datetime:
        """Return the first planned moment after this one."""
        local = timezone.localtime(self.planned_before(moment))
        return self._on(local, self._days)

    @property
    def _days(self) -> int:
        return 1 if self.weekday is None else 7

    def _on(self, local: datetime, days: int) -> datetime:
        day = local.date() + timedelta(days=days)
        return datetime.combine(day, self.at, tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True)
class Standing:
    """How one recurring work stands."""

    recurring: Recurring
    last_done_at: datetime | None
    next_at: datetime
    late_since: datetime | None

    @property
    def words(self) -> str:
        """Whether it was done in time, in Dutch."""
        if self.late_since is None:
            return "op tijd" if self.last_done_at else "nog niet aan de beurt geweest"
        return f"te laat: had klaar moeten zijn op {timezone.localtime(self.late_since):%d-%m-%Y om %H:%M} uur"


_recurring: dict[str, Recurring] = {}


def register(recurring: Recurring) -> None:
    """Make recurring work known; its kind of job is registered apart."""
    _recurring[recurring.kind] = recurring


def in_force() -> list[Recurring]:
    """Return the recurring work that this installation does, in the order of the day."""
    return sorted((one for one in _recurring.values() if one.is_on()), key=lambda one: (one.at, one.kind))


def installed_at() -> datetime:
    """Return since when this installation is there: nothing was planned before it."""
    found: datetime = MigrationRecorder(connection).migration_qs.aggregate(first=Min("applied"))["first"]
    return found


def plan_due(*, now: datetime, since: datetime) -> int:
    """Put in the queue what was due between these moments and has no job yet; return how many.

    Args:
        now: until when.
        since: planned moments before it are left alone: a new installation has missed nothing.
    """
    due = [(one, one.planned_before(now)) for one in in_force()]
    wanted = [(one, planned) for one, planned in due if planned >= since]
    there = set(
        Job.objects.filter(planned_at__isnull=False, planned_at__gte=now - NEVER_OLDER).values_list(
            "kind", "planned_at"
        )
    )
    missing = [(one, planned) for one, planned in wanted if (one.kind, planned) not in there]
    for one, planned in missing:
        jobs.enqueue_planned(kind=one.kind, label=one.label, planned_at=planned, now=now)
    return len(missing)


def overview(*, now: datetime, since: datetime) -> list[Standing]:
    """Return how all recurring work stands; `since` as for `plan_due`. One query."""
    done = Job.objects.filter(kind__in=[one.kind for one in in_force()], planned_at__isnull=False)
    rows = done.values("kind").annotate(
        ended=Max("ended_at", filter=Q(state=Job.State.DONE)), planned=Max("planned_at", filter=Q(state=Job.State.DONE))
    )
    last = {row["kind"]: (row["ended"], row["planned"]) for row in rows}
    return [_standing(one, *last.get(one.kind, (None, None)), now=now, since=since) for one in in_force()]


def _standing(
    one: Recurring, ended: datetime | None, planned: datetime | None, *, now: datetime, since: datetime
) -> Standing:
    due = one.planned_before(now - one.grace)
    is_late = due >= since and (planned is None or planned < due)
    return Standing(one, ended, one.planned_after(now), due + one.grace if is_late else None)

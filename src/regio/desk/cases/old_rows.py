"""Which cases were closed before a moment, per outcome: what the terms of `retention.yaml` end in this app.

A case goes with everything that was said in it. What stays is a count that says nothing of anybody. Who has no case left loses
the role of candidate, and after its own term the account.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from regio.accounts.enums import Role
from regio.accounts.models import Membership

from .models import Case, Outcome
from .reasons import reasons

DONE, ASKED, STOPPED = ("geplaatst", "elders"), ("andere_keuze", "geen_route", "stil"), ("gestopt",)


def _closed(groups: tuple[str, ...], before: datetime) -> QuerySet[Case]:
    codes = [reason.code for reason in reasons().values() if reason.group in groups]
    return Case.objects.filter(closed_at__lt=before, exit_reason__in=codes)


def done(before: datetime) -> QuerySet[Case]:
    """Return cases that ended well, here or elsewhere."""
    return _closed(DONE, before)


def silent(before: datetime) -> QuerySet[Case]:
    """Return cases of people who chose something else, had no route, or did not answer any more."""
    return _closed(ASKED, before)


def stopped(before: datetime) -> QuerySet[Case]:
    """Return cases that were stopped on request or by mistake."""
    return _closed(STOPPED, before)


def end_cases(rows: QuerySet[Case], *, now: datetime) -> int:
    """Count how these cases ended, remove them, and end the role of who has none left; return how many went."""
    gone = list(rows.values_list("pk", "candidate__person", "region_key", "type", "source", "exit_reason", "closed_at"))
    tally = Counter((key, kind, source, reason, _month(at)) for _, _, key, kind, source, reason, at in gone)
    for (key, kind, source, reason, month), number in tally.items():
        row, _ = Outcome.objects.get_or_create(
            region_key=key, case_type=kind, source=source, exit_reason=reason, closed_month=month
        )
        Outcome.objects.filter(pk=row.pk).update(number=F("number") + number)
    Case.objects.filter(pk__in=[number for number, *_ in gone]).delete()
    _end_role({person for _, person, *_ in gone}, today=timezone.localdate(now))
    return len(gone)


def _month(at: datetime | None) -> date:
    assert at is not None  # these cases are closed
    return timezone.localdate(at).replace(day=1)


def _end_role(people: set[int], *, today: date) -> None:
    """End the role of who has no case left: yesterday was its last day, so that the term of the account begins."""
    without = people - set(
        Case.objects.filter(candidate__person__in=people).values_list("candidate__person", flat=True)
    )
    held = Membership.objects.filter(person__in=without, role=Role.CANDIDATE, ends_on=None, starts_on__lt=today)
    held.update(ends_on=today - timedelta(days=1))

"""What the desk promises, as questions to the table: which open cases break the guarantee, and which wait too long."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.models import Membership

from .models import Absence, Case
from .rules import in_force


def is_open() -> Q:
    """Return the condition that work goes on."""
    return Q(closed_at=None)


def is_breach(now: datetime) -> Q:
    """Return the condition that an open case lacks owner, step or date, or that its owner is not of the desk any more."""
    today = timezone.localdate(now)
    of_desk = Membership.objects.filter(
        in_force(today), role=Role.DESK_ADVISER, organisation_kind=OrganisationKind.REGION, person__is_active=True
    )
    people: dict[str, list[int]] = {}
    for key, person in of_desk.values_list("organisation_code", "person_id"):
        people.setdefault(key, []).append(person)
    fits = Q(pk__in=[])
    for key, advisers in people.items():
        fits |= Q(region_key=key, owner_id__in=advisers)
    return is_open() & (Q(owner=None) | Q(next_step="") | Q(next_on=None) | ~fits)


def breaches(now: datetime) -> QuerySet[Case]:
    """Return the cases that break the guarantee. The target is none."""
    return Case.objects.filter(is_breach(now))


def is_missed(now: datetime) -> Q:
    """Return the condition that the promised first contact of an open case did not come in time."""
    return is_open() & Q(first_contact_at=None, promised_on__lt=timezone.localdate(now))


def is_left_lying(now: datetime) -> Q:
    """Return the condition that a step is late while who should do it is away."""
    today = timezone.localdate(now)
    away = Absence.objects.filter(starts_on__lte=today, ends_on__gte=today).values("person")
    return is_open() & Q(next_on__lt=today, owner_id__in=away)


def missed_promises(now: datetime) -> QuerySet[Case]:
    """Return open cases in which the first contact did not come in time."""
    return Case.objects.filter(is_missed(now))

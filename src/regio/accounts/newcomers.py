"""Lines of *Vandaag* for who gives roles: who was invited and never came in, and who has no second step yet."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from regio.shared.formatting import long_date
from regio.shared.today import Line, Urgency

from .enums import GIVEN_ROLES, OrganisationKind, Role
from .models import Membership
from .queries import members_of
from .rules import needs_second_factor
from .viewer import Held, viewer_now

ENDS_SOON = timedelta(days=2)
INSTALLATION = f"{OrganisationKind.INSTALLATION}:"


def lines(now: datetime) -> Iterator[Line]:
    """Return invitations that end or ended unused, and how many people could not take a second step; two queries."""
    runs = {one.organisation for one in viewer_now().held if one.role in (Role.REGION_ADMIN, Role.BOARD_EXECUTIVE)}
    if not runs:
        return
    members = members_of(None if INSTALLATION in runs else runs).filter(person__is_active=True)
    yield from _never_in(members, now)
    yield from _without_second_step(members, now)


def _never_in(members: QuerySet[Membership], now: datetime) -> Iterator[Line]:
    invited = members.filter(person__last_login=None).values("person").annotate(
        until=Max("person__entry_links__expires_at")
    )  # fmt: skip
    soon = invited.filter(until__lt=now + ENDS_SOON).order_by("until", "person")
    for row in soon[:6]:
        day = timezone.localdate(row["until"])
        ends = f"verliep op {long_date(day)}" if row["until"] <= now else f"verloopt op {long_date(day)}"
        words = f"De uitnodiging van persoon {row['person']} {ends}; die persoon is nog niet binnen geweest"
        yield Line(words, reverse("people"), Urgency.RUNS_OUT, day)


def _without_second_step(members: QuerySet[Membership], now: datetime) -> Iterator[Line]:
    from allauth.mfa.models import Authenticator

    if not needs_second_factor(tuple(Held(role, "") for role in GIVEN_ROLES[:1])):
        return  # nobody does, in the demo
    has_one = Authenticator.objects.filter(user=OuterRef("person")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    others = members.exclude(person__last_login=None).exclude(person=viewer_now().person_id)
    came_in = others.filter(~Exists(has_one))
    number = came_in.values("person").distinct().count()
    if number:
        who = "1 persoon heeft nog geen tweede stap en komt" if number == 1 else f"{number} mensen hebben nog geen tweede stap en komen"  # fmt: skip
        words = f"{who} niet verder dan het inlogscherm"
        yield Line(words, reverse("people"), Urgency.WAITS, timezone.localdate(now))

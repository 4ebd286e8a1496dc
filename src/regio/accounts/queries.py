"""Reading people: what is kept about a person in this app, the sessions that are open, who has which role."""

from collections.abc import Iterable
from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from regio.audit.models import Event
from regio.audit.queries import views_of
from regio.shared.person_rows import Subject

from .enums import OrganisationKind, Role
from .models import Membership, Person, PrivacyRequest
from .rules import boards_in
from .viewer import Viewer

LOOKS_SHOWN = 50


def roles_in_force(person: Person, today: date) -> list[Membership]:
    """Return what somebody does today, for whom."""
    held = person.memberships.order_by("organisation_kind", "organisation_code", "role")
    return [one for one in held if one.is_in_force(today)]


def members_of(organisations: Iterable[str] | None) -> QuerySet[Membership]:
    """Return the open roles at these organisations ("bestuur:41234"), None for all, with the people.

    Candidates are left out: they came to a desk, and who gives roles does not learn that from here.
    """
    open_roles = Membership.objects.filter(ends_on=None).exclude(role=Role.CANDIDATE).select_related("person")
    ordered = open_roles.order_by("organisation_kind", "organisation_code", "role", "pk")
    if organisations is None:
        return ordered
    pairs = [text.partition(":") for text in organisations]
    chosen = Membership.objects.none()
    for kind, _, code in pairs:
        chosen = chosen | ordered.filter(organisation_kind=kind, organisation_code=code)
    return chosen


def second_steps(person: Person) -> QuerySet[Authenticator]:
    """Return the app and keys with which somebody takes the second step."""
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).order_by("pk")


def open_sessions(person: Person) -> list[UserSession]:
    """Return where somebody is signed in, newest first."""
    return sorted(UserSession.objects.purge_and_list(person), key=lambda one: one.created_at, reverse=True)


def looks_at(person: Person) -> QuerySet[Event]:
    """Return who looked at this person, newest first."""
    return views_of(f"persoon:{person.pk}")[:LOOKS_SHOWN]


def subject_of(person: Person) -> Subject:
    """Return somebody with every address that is kept of them."""
    proven = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return Subject(person.pk, frozenset(address.lower() for address in (person.email, *proven) if address), person.name)


def requests_for(viewer: Viewer) -> QuerySet[PrivacyRequest]:
    """Return the requests that this privacy officer answers: of the whole installation, or of who has a role in the region.

    Nobody answers their own. Who has no role any more is for the officer of the whole installation.
    """
    every = PrivacyRequest.objects.exclude(person=viewer.person_id)
    if viewer.is_local or viewer.has(Role.PRIVACY_OFFICER, organisation=f"{OrganisationKind.INSTALLATION}:"):
        return every
    may = Q(pk__in=[])
    for one in viewer.held:
        if one.role == Role.PRIVACY_OFFICER and one.organisation.startswith(f"{OrganisationKind.REGION}:"):
            key = one.organisation.partition(":")[2]
            may |= Q(organisation_kind=OrganisationKind.REGION, organisation_code=key)
            may |= Q(organisation_kind=OrganisationKind.BOARD, organisation_code__in=boards_in(key))
    return every.filter(person__in=Membership.objects.filter(may, ends_on=None).values("person"))

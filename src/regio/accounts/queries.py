"""Reading people: what is kept about a person in this app, the sessions that are open, who has which role."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from regio.audit.models import Event
from regio.audit.queries import events_by, views_of

from .models import (
    BulkMailReceipt,
    Consent,
    Digest,
    DigestLine,
    EntryLink,
    MailPreference,
    Membership,
    Person,
)

LOOKS_SHOWN = 50


def roles_in_force(person: Person, today: date) -> list[Membership]:
    """Return what somebody does today, for whom."""
    held = person.memberships.order_by("organisation_kind", "organisation_code", "role")
    return [one for one in held if one.is_in_force(today)]


def members_of(organisations: Iterable[str] | None) -> QuerySet[Membership]:
    """Return the open roles at these organisations ("bestuur:41234"), None for all, with the people."""
    open_roles = Membership.objects.filter(ends_on=None).select_related("person")
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


def own_data(person: Person) -> dict[str, Any]:
    """Return everything this app and its sign-in keep about a person, ready for JSON; secrets as "geheim"."""
    return {
        "persoon": _rows(Person.objects.filter(pk=person.pk), hide=("password",)),
        "rollen": _rows(Membership.objects.filter(person=person)),
        "toestemmingen": _rows(Consent.objects.filter(person=person)),
        "links": _rows(EntryLink.objects.filter(person=person), hide=("token_hash",)),
        "voorkeur_voor_berichten": _rows(MailPreference.objects.filter(person=person)),
        "berichten": _rows(Digest.objects.filter(person=person)),
        "regels_in_berichten": _rows(DigestLine.objects.filter(person=person)),
        "berichten_aan_velen": _rows(BulkMailReceipt.objects.filter(person=person)),
        "adressen": _rows(EmailAddress.objects.filter(user=person)),
        "tweede_stap": _rows(Authenticator.objects.filter(user=person), hide=("data",)),
        "schoolaccounts": _rows(SocialAccount.objects.filter(user=person)),
        "ingelogd": _rows(UserSession.objects.filter(user=person), hide=("session_key",)),
        "logboek_over_u": _rows(Event.objects.filter(subject=f"persoon:{person.pk}"), hide=("hash",)),
        "logboek_door_u": _rows(events_by(f"persoon:{person.pk}"), hide=("hash",)),
    }


def _rows(rows: QuerySet[Any], *, hide: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [{name: "geheim" if name in hide else value for name, value in row.items()} for row in rows.values()]

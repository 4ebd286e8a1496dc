"""What changes people and their roles: giving and ending a role, links that let somebody in, and work by support.

Each action writes its event in the same transaction. An event holds numbers and codes, never a name or an address.
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from regio.audit.acting import Acting, acting_as, acting_now
from regio.audit.actions import record, record_view

from .enums import GIVEN_ROLES, OrganisationKind, Role
from .errors import AlreadyHeld, NotAnAddress, RoleNotGiven, UnknownOrganisation, UnknownPerson
from .models import EntryLink, Membership, Person, Throttle

LINK_COUNTS_FOR = timedelta(days=7)
WATCHING_COUNTS_FOR = timedelta(minutes=30)
HERE = ZoneInfo("Europe/Amsterdam")


def give_role(*, email: str, role: str, organisation: str, now: datetime, name: str = "") -> Membership:
    """Give a role to the person with this address, who is made where there is none yet.

    Args:
        organisation: "bestuur:41234", or "installatie:" for the whole installation.

    Raises:
        NotAnAddress, RoleNotGiven, UnknownOrganisation, AlreadyHeld: with what to do.
    """
    kind, code = _organisation(organisation)
    if role not in GIVEN_ROLES:
        raise RoleNotGiven(role, GIVEN_ROLES)
    try:
        with transaction.atomic():
            person = _person(email, name)
            given = Membership.objects.create(
                person=person, role=Role(role), organisation_kind=kind, organisation_code=code, starts_on=_today(now)
            )
            _record_role("membership_given", given, heading=f"Rol {given.get_role_display()} gegeven", now=now)
    except IntegrityError:
        raise AlreadyHeld from None
    return given


def end_role(membership: Membership, *, now: datetime) -> None:
    """End a role at once: yesterday was its last day, or it is taken away when it began today."""
    with transaction.atomic():
        held = Membership.objects.select_for_update().get(pk=membership.pk)
        if held.ends_on is not None:
            return
        _record_role("membership_ended", held, heading=f"Rol {held.get_role_display()} beëindigd", now=now)
        if held.starts_on >= _today(now):
            held.delete()
        else:
            held.ends_on = _today(now) - timedelta(days=1)
            held.save(update_fields=["ends_on"])


def _person(email: str, name: str) -> Person:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise NotAnAddress from None
    found = Person.objects.filter(email=address).first()
    return found or Person.objects.create_user(address, name=name)


def _organisation(text: str) -> tuple[str, str]:
    kind, colon, code = text.partition(":")
    if not colon or kind not in OrganisationKind.values or (kind == OrganisationKind.INSTALLATION) != (code == ""):
        raise UnknownOrganisation(text)
    return kind, code


def _record_role(code: str, membership: Membership, *, heading: str, now: datetime) -> None:
    record(
        f"accounts.{code}", subject=f"persoon:{membership.person_id}", heading=heading, now=now,
        organisation=membership.organisation, details={"role": membership.role},
    )  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- links
def make_entry_link(person: Person, *, target_path: str, now: datetime) -> str:
    """Make a link that lets this person in once, within seven days; return its secret part, which is not kept."""
    token = secrets.token_urlsafe(32)
    EntryLink.objects.create(
        token_hash=hashed(token), person=person, target_path=target_path, made_at=now, expires_at=now + LINK_COUNTS_FOR
    )
    return token


def use_entry_link(token: str, *, now: datetime) -> EntryLink | None:
    """Take a link: return it the one time that it counts, None when it was used, is too old or never was."""
    counts = EntryLink.objects.filter(
        token_hash=hashed(token), used_at=None, expires_at__gt=now, person__is_active=True
    )
    return link_of(token) if counts.update(used_at=now) else None


def link_of(token: str) -> EntryLink | None:
    """Return the link of this token, also a used or old one."""
    return EntryLink.objects.select_related("person").filter(token_hash=hashed(token)).first()


def hashed(token: str) -> str:
    """Return what is kept of a token; it is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


# ----------------------------------------------------------------------------------------------------- own account
def sign_out_sessions(person: Person, *, now: datetime) -> int:
    """End every session of a person; return how many there were."""
    from allauth.usersessions.models import UserSession

    sessions = list(UserSession.objects.filter(user=person))
    with transaction.atomic():
        for session in sessions:
            session.end()
        record(
            "accounts.signed_out_everywhere", subject=f"persoon:{person.pk}", heading="Overal uitgelogd", now=now,
            details={"sessions": len(sessions)},
        )  # fmt: skip
    return len(sessions)


def record_second_step(person: Person, *, is_new: bool, now: datetime) -> None:
    """Write that somebody set up a way to take the second step, or took one away."""
    kind, words = ("second_step_added", "ingesteld") if is_new else ("second_step_removed", "weggehaald")
    record(f"accounts.{kind}", subject=f"persoon:{person.pk}", heading=f"Tweede stap bij inloggen {words}", now=now)


def forget_second_steps(email: str, *, now: datetime) -> Person:
    """Take away every second step of somebody who lost them, and end their sessions; the next sign-in sets up a new one.

    Raises:
        UnknownPerson: nobody has this address.
    """
    from allauth.mfa.models import Authenticator

    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise UnknownPerson
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        record_second_step(person, is_new=False, now=now)
        sign_out_sessions(person, now=now)
    return person


def forget_old_counts(*, now: datetime) -> int:
    """Remove counts of attempts that are over; return how many. The rest of signing in ends by its term (`old_rows`)."""
    return Throttle.objects.filter(expires__lte=now).delete()[0]


def record_own_data_taken(person_id: int, *, now: datetime) -> None:
    """Write that somebody took a copy of the own data."""
    record_view("accounts.own_data_taken", subject=f"persoon:{person_id}", heading="Eigen gegevens opgehaald", now=now)


# --------------------------------------------------------------------------------------------------------- support
def begin_watching(person_id: int, *, reason: str, now: datetime) -> dict[str, object]:
    """Let support work as this person for thirty minutes; return what the session keeps of it."""
    with acting_as(_for_support(person_id, reason)):
        record(
            "accounts.watching_begun", subject=f"persoon:{person_id}", now=now,
            heading="Technisch beheer begon mee te kijken",
        )  # fmt: skip
    return {"person": person_id, "reason": reason, "until": (now + WATCHING_COUNTS_FOR).timestamp()}


def end_watching(person_id: int, *, reason: str, now: datetime) -> None:
    """Write that support stopped working as this person."""
    with acting_as(_for_support(person_id, reason)):
        record(
            "accounts.watching_ended", subject=f"persoon:{person_id}", now=now,
            heading="Technisch beheer stopte met meekijken",
        )  # fmt: skip


def record_watched_page(person_id: int | None, *, page: str, now: datetime) -> None:
    """Write which page support opened as somebody else: the name of the address, not what is in it."""
    record_view(
        "accounts.watched_page", subject=f"persoon:{person_id}", now=now,
        heading=f"Technisch beheer bekeek de pagina “{page}”",
    )  # fmt: skip


def _for_support(person_id: int, reason: str) -> Acting:
    who = acting_now()
    return Acting(actor=who.actor, on_behalf_of=f"persoon:{person_id}", reason=reason, request_id=who.request_id)


def _today(now: datetime) -> date:
    return now.astimezone(HERE).date()

"""People with roles, signed in or not, for tests; every address is invented."""

import time
from datetime import date

from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.models import Membership, Person

SINCE = date(2026, 1, 1)


def person(number=1, *, role=None, organisation="bestuur:90001", **changes):
    """Return a person, with a role when one is named; school contacts have no role that asks a second step."""
    made = Person.objects.create_user(f"persoon{number}@voorbeeld.example", name=f"Persoon {number}")
    if changes:
        Person.objects.filter(pk=made.pk).update(**changes)
        made.refresh_from_db()
    if role:
        member(made, role=role, organisation=organisation)
    return made


def member(someone, *, role=Role.BOARD_PLANNER, organisation="bestuur:90001"):
    """Give a role without an event."""
    kind, _, code = organisation.partition(":")
    return Membership.objects.create(
        person=someone, role=role, organisation_kind=OrganisationKind(kind), organisation_code=code, starts_on=SINCE
    )


def with_app(someone):
    """Give somebody an authenticator app; return its secret."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(someone, secret)
    return secret


def code_of(secret):
    """Return what the app shows now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(client, someone, *, second_step=True):
    """Sign in as a browser that took the second step, or not."""
    client.force_login(someone)
    if second_step:
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(someone.pk)
        session.save()
    return client

"""What the trail says of signing in: who came in and how, and that somebody could not; never what was typed.

Failures are written a few times an hour per person, so that who guesses fills no trail; without a known person they stand
under one name for all, without address or computer.
"""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from regio.audit.acting import Acting, acting_as, acting_now
from regio.audit.actions import record
from regio.shared.limits import Limit, within

from .models import Person

WAYS = {"code": "een code per mail", "link": "een link uit een mail", "socialaccount": "een schoolaccount"}
FAILURES = (Limit(5, 3600),)
NOBODY = "inloggen:onbekend"
KINDS = {"signed_in": "Iemand logde in", "sign_in_failed": "Inloggen mislukte"}


def after_sign_in(sender: object, **signal: Any) -> None:
    """Write that somebody came in, on their own name."""
    from allauth.account.authentication import get_authentication_records

    person = signal["user"]
    methods = [one.get("method") for one in get_authentication_records(signal["request"], person)]
    way = next((WAYS[method] for method in methods if method in WAYS), "een sleutel")
    with acting_as(Acting(actor=str(person), request_id=acting_now().request_id)):
        record("accounts.signed_in", subject=str(person), heading=f"Ingelogd met {way}", now=timezone.now())


def note_failure(request: HttpRequest, person: Person | None, *, what: str) -> None:
    """Write that a code, link or second step was refused."""
    subject, now = str(person) if person else NOBODY, timezone.now()
    if not within(f"sign_in_failed:{subject}", FAILURES, now=now):
        record("accounts.sign_in_failed", subject=subject, heading=f"Inloggen mislukt: {what}", now=now)

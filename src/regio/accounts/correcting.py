"""What people correct of themselves, and what they ask of the privacy officer; each change leaves an event without contents.

A new mail address counts once somebody proves to read it: a link goes there, and the old address is told. The link holds the new
address encrypted, so that no address of a page says anything of anybody.
"""

import base64
import hashlib
import json
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from regio.audit.actions import record, record_view
from regio.shared.errors import UserError
from regio.shared.mail import MailRefused, address_of_page, send

from .erasure import erase_person
from .errors import NotAnAddress
from .models import Person, PrivacyRequest

LINK_COUNTS_FOR_S = 24 * 3600


class AddressNotUsable(UserError):
    """Somebody else has this address, or the link is old, used, or of somebody else."""

    def __init__(self) -> None:
        super().__init__("Deze link werkt niet meer, of dit adres is al in gebruik. Vraag op uw account een nieuwe link aan.")  # fmt: skip


class AskedAlready(UserError):
    """One open wish to be erased is enough."""

    def __init__(self) -> None:
        super().__init__("U heeft dit al gevraagd. U krijgt binnen een maand antwoord.")


class AnsweredAlready(UserError):
    """Somebody was first."""

    def __init__(self) -> None:
        super().__init__("Dit verzoek is al beantwoord. Ververs de lijst.")


# ------------------------------------------------------------------------------------------------------------ by oneself
def change_name(person: Person, name: str, *, now: datetime) -> None:
    """Let others see this name."""
    with transaction.atomic():
        person.name = " ".join(name.split())
        person.save(update_fields=["name"])
        record("accounts.own_name_changed", subject=str(person), heading="Eigen naam gewijzigd", now=now)


def link_for_new_address(person: Person, address: str) -> str:
    """Return the secret part of the link that proves a new address; it says the same whether the address is known or not.

    Raises:
        NotAnAddress: this is none.
    """
    new = address.strip().lower()
    try:
        validate_email(new)
    except ValidationError:
        raise NotAnAddress from None
    told = json.dumps({"person": person.pk, "old": person.email, "new": new})
    return str(_box().encrypt(told.encode()).decode())


def mail_link_for_new_address(person: Person, address: str, *, page: str) -> None:
    """Send the link to the new address; `page` is the path of the link.

    Raises:
        MailRefused: the mail server does not take it.
    """
    context = {"address": address_of_page(page)}
    send(
        to=address.strip().lower(),
        subject="Is dit uw nieuwe adres?",
        template="accounts/mail/new_address.txt",
        context=context,
    )


def take_new_address(person: Person, token: str, *, now: datetime) -> None:
    """Let somebody sign in with the address of a link; the old one is told and is not kept.

    Raises:
        AddressNotUsable: the link is old, used or of somebody else, or the address is taken.
    """
    told = _read(token)
    if told.get("person") != person.pk or told.get("old") != person.email:
        raise AddressNotUsable
    old = person.email
    try:
        with transaction.atomic():
            person.email = told["new"]
            person.save(update_fields=["email"])
            EmailAddress.objects.filter(user=person).delete()
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
            record("accounts.own_address_changed", subject=str(person), heading="Eigen mailadres gewijzigd", now=now)
    except IntegrityError:
        person.email = old
        raise AddressNotUsable from None
    _tell_old(old)


def _tell_old(address: str) -> None:
    try:
        send(to=address, subject="Uw mailadres is gewijzigd", template="accounts/mail/old_address.txt", context={})
    except MailRefused:
        return  # the new address counts; the trail has it


def _read(token: str) -> dict[str, Any]:
    from cryptography.fernet import InvalidToken

    try:
        told: dict[str, Any] = json.loads(_box().decrypt(token.encode(), ttl=LINK_COUNTS_FOR_S))
    except (InvalidToken, ValueError):
        raise AddressNotUsable from None
    return told


def _box() -> Any:
    from cryptography.fernet import Fernet

    key = hashlib.sha256(b"regio.accounts.correcting" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


# ------------------------------------------------------------------------------------------------------- by the officer
def make_request(person: Person, *, kind: str, words: str, now: datetime) -> PrivacyRequest:
    """Ask the privacy officer for what one cannot do oneself.

    Raises:
        AskedAlready: the same wish to be erased is open.
    """
    try:
        with transaction.atomic():
            made = PrivacyRequest.objects.create(person=person, kind=kind, words=words.strip(), asked_at=now)
            heading = f"Verzoek {made.pk} gedaan: {made.get_kind_display()}"
            record("accounts.request_made", subject=str(person), heading=heading, now=now, details={"request": made.pk, "kind": kind})  # fmt: skip
    except IntegrityError:
        raise AskedAlready from None
    return made


def record_request_seen(asked: PrivacyRequest, *, now: datetime) -> None:
    """Write that the officer read a request, which shows who somebody is."""
    record_view(
        "accounts.request_seen", subject=f"persoon:{asked.person_id}", heading=f"Verzoek {asked.pk} bekeken", now=now
    )


def answer_request(asked: PrivacyRequest, *, done: bool, answer: str, by: str, now: datetime) -> None:
    """Answer a request; the person reads the answer on the page of the own data and hears by mail that it is there.

    Raises:
        AnsweredAlready: somebody was first.
    """
    with transaction.atomic():
        row = PrivacyRequest.objects.select_for_update().get(pk=asked.pk)
        if row.state != PrivacyRequest.State.OPEN:
            raise AnsweredAlready
        row.state = PrivacyRequest.State.DONE if done else PrivacyRequest.State.REFUSED
        row.answer, row.answered_at, row.answered_by = answer.strip(), now, by
        row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        heading = f"Verzoek {row.pk} beantwoord: {row.get_state_display()}"
        record("accounts.request_answered", subject=f"persoon:{row.person_id}", heading=heading, now=now, details={"request": row.pk, "state": row.state})  # fmt: skip
        person = row.person
        transaction.on_commit(lambda: _tell_answer(person))


def erase_at_request(asked: PrivacyRequest, *, now: datetime) -> None:
    """Erase who asked for it, after telling them; the request itself goes too, its events stay.

    Raises:
        AnsweredAlready: somebody was first.
    """
    with transaction.atomic():
        row = PrivacyRequest.objects.select_for_update().get(pk=asked.pk)
        if row.state != PrivacyRequest.State.OPEN or row.kind != PrivacyRequest.Kind.ERASE:
            raise AnsweredAlready
        heading = f"Verzoek {row.pk} beantwoord: gedaan"
        record("accounts.request_answered", subject=f"persoon:{row.person_id}", heading=heading, now=now, details={"request": row.pk, "state": "gedaan"})  # fmt: skip
        _send(row.person.email, "Uw gegevens zijn verwijderd", "erased")  # before: its file goes with the rest
        erase_person(row.person, reason="verzoek", now=now)


def _tell_answer(person: Person) -> None:
    _send(person.email, "Antwoord op uw verzoek", "request_answered", page="/account/gegevens/")


def _send(to: str, subject: str, name: str, *, page: str = "") -> None:
    try:
        send(to=to, subject=subject, template=f"accounts/mail/{name}.txt", context={"address": address_of_page(page)})
    except MailRefused:
        return  # the page tells it too

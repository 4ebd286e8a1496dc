"""One mail to many: only after a dry run that shows how many people, a sample, and a code that belongs to just that.

Only to who agreed to hear from the region and did not switch mail off. Another text or other people make another code,
so what goes out is what was looked at. Broken off half-way it goes on where it was: nobody gets it twice.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from regio.audit.actions import record
from regio.shared.errors import UserError
from regio.shared.mail import MailRefused, address_of_page, compose, send

from .digest import SETTINGS_PAGE
from .enums import How, HowOften, Purpose
from .leaving_off import off_address, off_headers
from .mail_kinds import OF_REGION
from .models import BulkMailReceipt, Consent, MailChoice, Person

TEMPLATE = "accounts/mail/to_all.txt"
OFF_IN_SAMPLE = "(de eigen link van de ontvanger)"
A_SECOND = 5  # mails


class NotTheSame(UserError):
    """The text or the people are not those of the dry run."""

    def __init__(self) -> None:
        super().__init__(
            "De tekst of de ontvangers zijn veranderd sinds de proef. Draai de opdracht zonder --confirm en kijk opnieuw."
        )


class NobodyAgreed(UserError):
    """Nobody may be mailed."""

    def __init__(self) -> None:
        super().__init__("Niemand gaf toestemming om bericht te krijgen. Er is niets verstuurd.")


@dataclass(frozen=True)
class DryRun:
    """What a mail would be: to how many, how it reads, and the code with which it goes out."""

    people: list[Person]
    sample: str
    code: str


def dry_run(*, organisation: str, subject: str, words: str) -> DryRun:
    """Return what would go out to who agreed to hear from this organisation ("regio:rpa:03").

    Raises:
        NobodyAgreed: there is nobody to mail.
    """
    people = audience(organisation)
    if not people:
        raise NobodyAgreed
    message = compose(to="ontvanger", subject=subject, template=TEMPLATE, context=_context(words, OFF_IN_SAMPLE))
    told = "\n".join([organisation, str(message.subject), str(message.body), *(str(person.pk) for person in people)])
    code = hashlib.sha256(told.encode()).hexdigest()[:8]
    return DryRun(people, f"Onderwerp: {message.subject}\n\n{message.body}", code)


def audience(organisation: str) -> list[Person]:
    """Return who agreed to hear from this organisation and wants mail at all."""
    agreeing = Consent.objects.filter(purpose=Purpose.CONTACT, organisation=organisation, withdrawn_at=None)
    wanting = Person.objects.filter(is_active=True).exclude(mail_preference__often=HowOften.NEVER)
    left_off = MailChoice.objects.filter(kind=OF_REGION, how=How.NEVER)
    return list(
        wanting.filter(pk__in=agreeing.values("person")).exclude(pk__in=left_off.values("person")).order_by("pk")
    )


def send_to_all(
    *, organisation: str, subject: str, words: str, code: str, now: datetime, wait: Callable[[float], None] = time.sleep
) -> int:
    """Send what the dry run with this code showed; return to how many it went now.

    Raises:
        NotTheSame: the text or the people changed.
        NobodyAgreed: there is nobody to mail.
    """
    run = dry_run(organisation=organisation, subject=subject, words=words)
    if run.code != code:
        raise NotTheSame
    sent = 0
    for person in run.people:
        taken, is_new = BulkMailReceipt.objects.get_or_create(code=code, person=person, defaults={"sent_at": now})
        if is_new:
            try:
                send(to=person.email, subject=subject, template=TEMPLATE, context=_context(words, off_address(person, OF_REGION)), headers=off_headers(person, OF_REGION))  # fmt: skip
            except MailRefused:
                taken.delete()
                continue
            sent += 1
            wait(1 / A_SECOND)
    heading = f"Bericht {code} ging naar {sent} van {len(run.people)} mensen."
    record("accounts.bulk_mail_sent", subject=f"bericht:{code}", heading=heading, now=now, organisation=organisation)
    return sent


def _context(words: str, off: str) -> dict[str, str]:
    return {"words": words.strip(), "settings_page": address_of_page(SETTINGS_PAGE), "off": off}

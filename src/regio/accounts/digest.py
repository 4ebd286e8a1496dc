"""The daily digest: parts of the product add lines, a person gets at most one mail a day with all of them.

A digest is taken (a row for person and day) before its mail goes out. A worker that dies in between leaves its lines for
the next day: nobody gets two mails in a day, and no line is lost.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from regio.shared.jobs import Progress
from regio.shared.mail import MailRefused, address_of_page, send
from regio.shared.models import Job

from .enums import HowOften
from .models import Digest, DigestLine, MailPreference, Person

SUBJECT = "Wat er voor u is"
SETTINGS_PAGE = "/account/"


def add_line(person: Person, *, words: str, path: str, now: datetime) -> None:
    """Let somebody hear of something in the next digest; the same line twice is one.

    Args:
        person: who hears it.
        words: about the work, in Dutch; never about another person.
        path: where it is on this site.
        now: when.
    """
    DigestLine.objects.get_or_create(
        person=person, words=words[:200], path=path, digest=None, defaults={"added_at": now}
    )


def send_digests(job: Job, progress: Progress) -> str:
    """Send everybody whose day it is the lines that wait. Return no page."""
    now = timezone.now()
    today = timezone.localdate(now)
    people = [person for person in _who_waits(today) if wants_today(person, today)]
    sent = 0
    for number, person in enumerate(people):
        progress(number, len(people))
        sent += _send_to(person, today)
    Job.objects.filter(pk=job.pk).update(message=f"Verstuurd: {sent} berichten.")
    return ""


def waiting_lines(today: date) -> Q:
    """Return which lines wait: in no digest yet, or in one of an earlier day that never went out."""
    return Q(digest=None) | Q(digest__sent_at=None, digest__on__lt=today)


def _who_waits(today: date) -> list[Person]:
    waiting = DigestLine.objects.filter(waiting_lines(today)).values("person")
    people = Person.objects.filter(pk__in=waiting, is_active=True).exclude(digests__on=today)
    return list(people.select_related("mail_preference").order_by("pk"))


def wants_today(person: Person, today: date) -> bool:
    """Tell whether this is a day on which somebody wants to hear."""
    try:
        chosen = person.mail_preference
    except MailPreference.DoesNotExist:
        return True
    return chosen.often == HowOften.DAY or (chosen.often == HowOften.WEEK and chosen.weekday == today.weekday())


def _send_to(person: Person, today: date) -> int:
    lines = _take(person, today)
    if not lines:
        return 0
    told = [{"words": line.words, "address": address_of_page(line.path)} for line in lines]
    context = {"lines": told, "settings_page": address_of_page(SETTINGS_PAGE)}
    try:
        send(to=person.email, subject=SUBJECT, template="accounts/mail/digest.txt", context=context)
    except MailRefused:
        return 0  # the lines wait for tomorrow
    Digest.objects.filter(person=person, on=today).update(sent_at=timezone.now())
    return 1


def _take(person: Person, today: date) -> list[DigestLine]:
    """Take the digest of today with its lines; none where another worker has it."""
    try:
        with transaction.atomic():
            digest = Digest.objects.create(person=person, on=today)
            waiting = DigestLine.objects.filter(waiting_lines(today), person=person)
            keys = list(waiting.values_list("pk", flat=True))
            DigestLine.objects.filter(pk__in=keys).update(digest=digest)
    except IntegrityError:
        return []
    return list(DigestLine.objects.filter(digest=digest).order_by("added_at", "pk"))

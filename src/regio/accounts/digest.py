"""The daily digest: parts of the product add lines, a person gets at most one mail a day with all of them.

A digest is taken (a row for person and day) before its mail goes out. A worker that dies in between leaves its lines for
the next day: nobody gets two mails in a day, and no line is lost.
"""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from regio.shared.jobs import Progress
from regio.shared.mail import MailRefused, address_of_page, send
from regio.shared.models import Job

from .enums import HowOften
from .leaving_off import EVERY_DIGEST, off_address, off_headers
from .models import Digest, DigestLine, MailPreference, Person
from .team_addresses import send_links
from .telling import gather_lines

SUBJECT = "Wat er voor u is"
SETTINGS_PAGE = "/account/berichten/"


def send_digests(job: Job, progress: Progress) -> str:
    """Send everybody whose day it is the lines that wait. Return no page."""
    now = timezone.now()
    today = timezone.localdate(now)
    for person in Person.objects.filter(is_active=True, memberships__isnull=False).distinct().order_by("pk"):
        if wants_today(person, today):
            gather_lines(person, now=now)
    people = [person for person in _who_waits(today) if wants_today(person, today)]
    sent = 0
    for number, person in enumerate(people):
        progress(number, len(people))
        sent += _send_to(person, today)
    links = send_links(now=now)
    to_teams = f", {links} links naar teamadressen" if links else ""
    Job.objects.filter(pk=job.pk).update(message=f"Verstuurd: {sent} berichten{to_teams}.")
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
    context = {"lines": told, "settings_page": address_of_page(SETTINGS_PAGE), "off": off_address(person, EVERY_DIGEST)}
    headers = off_headers(person, EVERY_DIGEST)
    try:
        send(to=person.email, subject=SUBJECT, template="accounts/mail/digest.txt", context=context, headers=headers)
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

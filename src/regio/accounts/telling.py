"""Telling people of news the way they chose: at once, in the one digest of the day, or not at all.

A digest is filled in the morning with the lines of *Vandaag* that somebody was not told of lately.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from regio.shared.mail import MailRefused, address_of_page, send
from regio.shared.models import Job
from regio.shared.today import Line, Urgency, lines_now

from .digest_lines import add_line
from .enums import How
from .leaving_off import off_address, off_headers
from .mail_kinds import ASKED, CHANGED, WAITS, mail_kind
from .models import DigestLine, MailChoice, Person
from .viewer import Viewer, roles_of, seen_by

TOLD_ONCE_IN = timedelta(days=14)  # a line that stays is told again after so long


def how_for(person: Person, code: str) -> How:
    """Return how somebody wants to hear of a kind of news."""
    kind = mail_kind(code)
    chosen = MailChoice.objects.filter(person=person, kind=code).values_list("how", flat=True).first()
    return How(chosen) if chosen in kind.ways else kind.usual


def tell(person: Person, code: str, *, words: str, path: str, now: datetime) -> None:
    """Let somebody hear of something the way they chose.

    Args:
        person: who hears it.
        code: kind of news.
        words: about the work, in Dutch; never about another person.
        path: where it is on this site.
        now: when.
    """
    how = how_for(person, code)
    if how == How.DIGEST:
        add_line(person, words=words, path=path, now=now)
    elif how == How.AT_ONCE:
        transaction.on_commit(lambda: _mail_at_once(person, code, words, path, now))


def _mail_at_once(person: Person, code: str, words: str, path: str, now: datetime) -> None:
    context = {"lines": [{"words": words, "address": address_of_page(path)}], "off": off_address(person, code)}
    try:
        send(to=person.email, subject="Nieuws voor u", template="accounts/mail/at_once.txt", context=context, headers=off_headers(person, code))  # fmt: skip
    except MailRefused:
        add_line(person, words=words, path=path, now=now)


def tell_of_ended_job(job: Job) -> None:
    """Tell who asked for a job that it is done or failed; what happens by itself is asked by nobody."""
    number = job.owner.removeprefix("persoon:")
    if job.owner == number or not number.isdigit() or job.state not in (Job.State.DONE, Job.State.FAILED):
        return
    person = Person.objects.filter(pk=int(number), is_active=True).first()
    if person is not None:
        words = f"{job.label} is {'klaar' if job.state == Job.State.DONE else 'mislukt'}"
        path = (job.state == Job.State.DONE and job.result_path) or reverse("job", args=[job.pk])
        tell(person, ASKED, words=words, path=path, now=timezone.now())


# --------------------------------------------------------------------------------------------------------- the digest
def gather_lines(person: Person, *, now: datetime) -> None:
    """Put the lines of *Vandaag* of somebody in the next digest, where they want them and were not told of them lately."""
    viewer = Viewer(person_id=person.pk, held=roles_of(person.pk, timezone.localdate(now)))
    wanted = {code for code in (WAITS, CHANGED) if how_for(person, code) == How.DIGEST}
    if not viewer.held or not wanted:
        return
    with seen_by(viewer):
        lines = [line for line in lines_now(now) if kind_of(line) in wanted]
    told = set(DigestLine.objects.filter(person=person, added_at__gt=now - TOLD_ONCE_IN).values_list("words", "path"))
    for line in lines:
        if (line.words[:200], line.address) not in told:
            add_line(person, words=line.words, path=line.address, now=now)


def kind_of(line: Line) -> str:
    """Return which kind of news a line of *Vandaag* is."""
    return CHANGED if line.urgency == Urgency.CHANGED else WAITS

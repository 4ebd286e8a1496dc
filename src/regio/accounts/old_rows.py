"""Which accounts, consents, links and messages began before a moment: what the terms of `retention.yaml` end in this app."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from regio.audit.actions import record
from regio.audit.models import Event
from regio.shared.errors import UserError
from regio.shared.mail import MailRefused, address_of_page, send
from regio.shared.retention import terms

from .erasure import erase_person
from .models import (
    BoardExit,
    BulkMailReceipt,
    Consent,
    Digest,
    DigestLine,
    EntryLink,
    Membership,
    Person,
    PrivacyRequest,
)

WARNED = "accounts.end_of_account_told"


# ---------------------------------------------------------------------------------------------------------- the account
def accounts_without_role(before: datetime) -> QuerySet[Person]:
    """Return accounts whose last role ended before this moment, or that never had one and were made before it."""
    day = timezone.localdate(before)
    goes_on = Membership.objects.filter(person=OuterRef("pk")).filter(Q(ends_on=None) | Q(ends_on__gte=day))
    return Person.objects.filter(~Exists(goes_on), created_at__lt=before)


def tell_of_the_end(*, now: datetime) -> int:
    """Mail who loses the account within the days of warning that it goes, once; return how many were told."""
    term = terms()["account"]
    within = timedelta(days=term.warns_days)
    soon = accounts_without_role(term.began_before(now + within))
    told = 0
    for person in soon.order_by("pk"):
        if not _told(person, since=now - 2 * within).exists():
            _tell(person, now=now, days=term.warns_days)
            told += 1
    return told


def end_accounts(rows: QuerySet[Person], *, now: datetime) -> int:
    """Erase these people, each in full; who was not told long enough ago stays until then. Return how many went."""
    within = timedelta(days=terms()["account"].warns_days)
    gone = 0
    for person in rows.order_by("pk"):
        told = _told(person, since=now - 3 * within).aggregate(first=Min("at"))["first"]
        if told and told <= now - within:
            try:
                erase_person(person, reason="bewaartermijn", now=now)
            except UserError:
                continue  # stays on the report until somebody took the work over
            gone += 1
    return gone


def _told(person: Person, *, since: datetime) -> QuerySet[Event]:
    return Event.objects.filter(kind=WARNED, subject=str(person), at__gte=since)


def _tell(person: Person, *, now: datetime, days: int) -> None:
    heading = f"Gemeld dat het account over {days} dagen verdwijnt"
    context = {"days": days, "address": address_of_page("/account/gegevens/")}
    try:
        send(
            to=person.email,
            subject="Uw account verdwijnt",
            template="accounts/mail/end_of_account.txt",
            context=context,
        )
    except MailRefused:
        heading = f"Niet te mailen dat het account over {days} dagen verdwijnt"
    record(WARNED, subject=str(person), heading=heading, now=now)


# ------------------------------------------------------------------------------------------------------------- the rest
def consents_taken_back(before: datetime) -> QuerySet[Consent]:
    """Return consents that were taken back."""
    return Consent.objects.filter(withdrawn_at__lt=before)


def ended_sessions(before: datetime) -> QuerySet[Session]:
    """Return sessions that are over."""
    return Session.objects.filter(expire_date__lte=before)


def end_sessions(rows: QuerySet[Session], *, now: datetime) -> int:
    """Remove sessions that are over, and what was kept of where somebody was signed in."""
    number = rows.delete()[0]
    return number + UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0]


def old_links(before: datetime) -> QuerySet[EntryLink]:
    """Return links that ran out."""
    return EntryLink.objects.filter(expires_at__lte=before)


def sent_digests(before: datetime) -> QuerySet[Digest]:
    """Return digests that went out."""
    return Digest.objects.filter(sent_at__lt=before)


def remove_digests(rows: QuerySet[Digest], *, now: datetime) -> int:
    """Remove digests with their lines; lines that wait stay."""
    lines = DigestLine.objects.filter(digest__in=rows).delete()[0]
    return lines + rows.delete()[0]


def old_receipts(before: datetime) -> QuerySet[BulkMailReceipt]:
    """Return to whom a mail to many went."""
    return BulkMailReceipt.objects.filter(sent_at__lt=before)


def answered_requests(before: datetime) -> QuerySet[PrivacyRequest]:
    """Return requests that were answered."""
    return PrivacyRequest.objects.filter(answered_at__lt=before)


def ended_exits(before: datetime) -> QuerySet[BoardExit]:
    """Return exits of boards that are over."""
    return BoardExit.objects.filter(ended_at__lt=before)

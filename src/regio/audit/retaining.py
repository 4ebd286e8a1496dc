"""The nightly job that ends what is at the end of its term, with an event per term; and what the report page reads of it.

First who is about to lose something is told, then each term is carried out in a transaction of its own, so that one that
fails does not keep the others from their end.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from regio.shared.errors import UserError
from regio.shared.jobs import Progress
from regio.shared.models import Job
from regio.shared.retention import Term, carry_out, terms, warnings

from .actions import record
from .models import ChainHead, Event

LOG = logging.getLogger(__name__)
DONE = "audit.term_ended"


class TermFailed(UserError):
    """Something at the end of its term could not go."""


def retain(job: Job, progress: Progress) -> str:
    """Warn, end what is at its end, and say how many. Return no page.

    Raises:
        TermFailed: one or more terms could not be carried out; the others were.
    """
    now = timezone.now()
    gone, failed = end_terms(now=now, progress=progress)
    Job.objects.filter(pk=job.pk).update(message=f"Aan het einde van hun termijn: {sum(gone.values())} gegevens.")
    if failed:
        raise TermFailed(f"Deze bewaartermijnen liepen vast: {', '.join(failed)}. Meld het aan de beheerder.")
    return "/bewaartermijnen/"


def end_terms(*, now: datetime, progress: Progress | None = None) -> tuple[dict[str, int], list[str]]:
    """Warn and end; return how many went by term, and which terms failed."""
    for warn in warnings():
        warn(now=now)
    gone: dict[str, int] = {}
    failed = []
    for number, term in enumerate(terms().values()):
        if progress:
            progress(number, len(terms()))
        try:
            gone[term.code] = _end(term, now=now)
        except Exception:  # one that fails does not keep the others from their end
            LOG.exception("a retention term failed: %s", term.code)
            failed.append(term.code)
    return gone, failed


def _end(term: Term, *, now: datetime) -> int:
    with transaction.atomic():
        number = carry_out(term, now=now)
        if number:
            words = "verwijderd" if term.does == "verwijderen" else "leeggemaakt"
            record(
                DONE, subject=f"termijn:{term.code}", heading=f"{number} × {term.what} ({term.outcome}) {words}"[:300], now=now,
                details={"number": number, "days": term.days},
            )  # fmt: skip
    return number


def what_went() -> QuerySet[Event]:
    """Return what terms ended, newest first."""
    return Event.objects.filter(kind=DONE).order_by("-at", "-pk")


# ------------------------------------------------------------------------------------------------------ the trail itself
def old_events(before: datetime) -> QuerySet[Event]:
    """Return the beginning of the trail up to this moment: what was written before the first event that stays."""
    first_kept = Event.objects.filter(at__gte=before).order_by("pk").values_list("pk", flat=True).first()
    old = Event.objects.filter(at__lt=before)
    return old.filter(pk__lt=first_kept) if first_kept else old


def drop_events(rows: QuerySet[Event], *, now: datetime) -> int:
    """Take events from the beginning of the trail, and keep the hash of the last, so that the rest stays a chain."""
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    last = rows.aggregate(last=Max("pk"))["last"]
    if head is None or last is None:
        return 0
    head.start_hash = Event.objects.values_list("hash", flat=True).get(pk=last)
    number = rows.delete()[0]
    head.dropped += number
    head.save(update_fields=["start_hash", "dropped"])
    return number

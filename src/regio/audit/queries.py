"""Reading the trail: who did what, who saw this, and whether the chain is whole."""

from dataclasses import dataclass

from django.db.models import QuerySet

from .chain import START, chained_hash
from .models import ChainHead, Event


@dataclass(frozen=True)
class ChainCheck:
    """Whether the trail is whole.

    Attributes:
        events: how many were read.
        broken_at: number of the first event that does not fit, None when all do.
        missing: how many events the end of the chain knows of that are not there.
    """

    events: int
    broken_at: int | None
    missing: int

    @property
    def is_whole(self) -> bool:
        """No event was changed, put in or taken away."""
        return self.broken_at is None and self.missing == 0


def check_chain() -> ChainCheck:
    """Read the whole trail and hold each event against the one before. Cost: one pass, constant memory."""
    head = ChainHead.objects.filter(pk=1).first()
    previous, read = (head and head.start_hash) or START, 0
    for event in Event.objects.order_by("pk").iterator(chunk_size=2000):
        if event.hash != chained_hash(previous, event):
            return ChainCheck(events=read, broken_at=event.pk, missing=0)
        previous, read = event.hash, read + 1
    told = head.events - head.dropped if head else 0
    fits_the_end = head is None or head.hash == previous or told != read
    return ChainCheck(events=read, broken_at=None if fits_the_end else -1, missing=told - read)


def events_about(subject: str) -> QuerySet[Event]:
    """Return what happened to this, newest first, looks included."""
    return Event.objects.filter(subject=subject).order_by("-at", "-pk")


def views_of(subject: str) -> QuerySet[Event]:
    """Return who looked at this, newest first."""
    return events_about(subject).filter(is_view=True)


def events_by(actor: str) -> QuerySet[Event]:
    """Return what this person did, newest first; what support did as this person too."""
    return (Event.objects.filter(actor=actor) | Event.objects.filter(on_behalf_of=actor)).order_by("-at", "-pk")

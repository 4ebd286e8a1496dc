"""Writing the trail: one event, in the transaction of the change it speaks of, chained to the one before."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from .acting import acting_now
from .chain import START, chained_hash
from .kinds import words_of
from .models import ChainHead, Event


def record(
    kind: str,
    *,
    subject: str,
    heading: str,
    now: datetime,
    organisation: str = "",
    region: str = "",
    details: Mapping[str, Any] | None = None,
    is_view: bool = False,
) -> Event:
    """Write one event; call it inside the transaction of the change, so that both are there or neither.

    Args:
        kind: registered by the app, such as "regions.region_made".
        subject: what it is about, "kind:id".
        heading: one Dutch sentence without names of persons.
        now: the moment.
        organisation: "bestuur:41234", where it concerns one.
        region: key of the region, where it concerns one.
        details: few plain values, never the content of a personal field.
        is_view: somebody looked at something sensitive.

    Raises:
        KeyError: no app registered this kind.
    """
    words_of(kind)
    who = acting_now()
    event = Event(
        at=now, kind=kind, actor=who.actor, on_behalf_of=who.on_behalf_of, reason=who.reason, organisation=organisation,
        region=region, subject=subject, heading=heading, details=dict(details or {}), request_id=who.request_id,
        is_view=is_view,
    )  # fmt: skip
    with transaction.atomic():
        head, _ = ChainHead.objects.select_for_update().get_or_create(pk=1, defaults={"hash": START})
        event.hash = chained_hash(head.hash, event)
        event.save(force_insert=True)
        head.events, head.hash = head.events + 1, event.hash
        head.save(update_fields=["events", "hash"])
    return event


@dataclass(frozen=True)
class Look:
    """A look at something sensitive, without who and when: for a page that is kept and shown to the next."""

    kind: str
    subject: str
    heading: str
    organisation: str


_noted: ContextVar[list[Look] | None] = ContextVar("noted", default=None)


@contextmanager
def noting_looks() -> Iterator[list[Look]]:
    """Give the looks that are written inside."""
    looks: list[Look] = []
    token = _noted.set(looks)
    try:
        yield looks
    finally:
        _noted.reset(token)


def record_view(kind: str, *, subject: str, heading: str, now: datetime, organisation: str = "") -> Event:
    """Write that somebody looked at something sensitive."""
    look = Look(kind, subject, heading, organisation)
    noted = _noted.get()
    if noted is not None:
        noted.append(look)
    return record_look(look, now=now)


def record_look(look: Look, *, now: datetime) -> Event:
    """Write that who is at work now looked at this."""
    return record(**asdict(look), now=now, is_view=True)

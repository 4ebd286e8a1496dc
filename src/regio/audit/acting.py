"""Who is at work in this request, command or job; set at the door, read by every event."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Acting:
    """Who does this.

    Attributes:
        actor: "persoon:ID", "bezoeker", "opdracht" or "werker".
        on_behalf_of: as whom support works, or "".
        reason: why support does so.
        request_id: the same in the log of the server.
    """

    actor: str
    on_behalf_of: str = ""
    reason: str = ""
    request_id: str = ""


COMMAND = Acting(actor="opdracht")

_acting: ContextVar[Acting] = ContextVar("acting", default=COMMAND)


def acting_now() -> Acting:
    """Return who is at work; outside a request it is the command line."""
    return _acting.get()


@contextmanager
def acting_as(who: Acting) -> Iterator[None]:
    """Let everything inside be done by this person."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)

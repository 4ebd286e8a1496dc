"""What waits for somebody: one registry of lines for the page *Vandaag*; each part of the product adds its own.

A provider is asked for the person who reads now and answers with few lines, each with the address of its record.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

MOST_LINES = 12


class Urgency(IntEnum):
    """What comes first."""

    BROKEN = 1
    RUNS_OUT = 2
    WAITS = 3
    CHANGED = 4


URGENCY_WORDS = {
    Urgency.BROKEN: "Gaat niet goed", Urgency.RUNS_OUT: "Loopt af", Urgency.WAITS: "Wacht op u", Urgency.CHANGED: "Veranderd",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing that waits: a Dutch sentence, the address of its record, and the day it is about."""

    words: str
    address: str
    urgency: Urgency
    day: date

    @property
    def label(self) -> str:
        """The kind of line in words."""
        return URGENCY_WORDS[self.urgency]


Provider = Callable[[datetime], Iterable[Line]]
_providers: list[Provider] = []


def register_lines(provider: Provider) -> None:
    """Make a provider known; apps do so when they start."""
    if provider not in _providers:
        _providers.append(provider)


def lines_now(now: datetime) -> list[Line]:
    """Return every line for who reads now, the most urgent first, then the oldest."""
    found = [line for provider in _providers for line in provider(now)]
    return sorted(found, key=lambda line: (line.urgency, line.day, line.words))

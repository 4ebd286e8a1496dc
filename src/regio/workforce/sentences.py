"""The sentence a page opens with: what changes in learners and need, in words that a bestuurder can repeat.

Numbers are rounded for speech; the exact ones are in the table below the sentence. Pure functions on plain values.
"""

from dataclasses import dataclass
from math import floor, log10

from regio.regions.enums import Sector
from regio.shared.charts import Point
from regio.shared.formatting import listing, number

COUNTING = ["nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"]


@dataclass(frozen=True)
class SectorChange:
    """What one sector does between the last count and the horizon."""

    sector: Sector
    base_year: int
    target_year: int
    learners_now: float
    learners_then: Point
    fte_now: Point | None
    fte_then: Point | None

    @property
    def learner_word(self) -> str:
        """What learners of this sector are called."""
        return "studenten" if self.sector == Sector.MBO else "leerlingen"

    @property
    def learner_share(self) -> float:
        """Expected relative change in learners."""
        return self.learners_then.mean / self.learners_now - 1 if self.learners_now else 0.0

    @property
    def learner_words(self) -> str:
        """The band of the change in learners: `1.900 tot 3.100 leerlingen minder`."""
        low, high = self.learners_then.low - self.learners_now, self.learners_then.high - self.learners_now
        return change_words(low, high, self.learner_word)

    @property
    def is_equal(self) -> bool:
        """Whether the words say that nothing changes."""
        return self.learner_words.startswith("even veel")

    @property
    def fte_change(self) -> float | None:
        """Expected change of the need [fte]."""
        return self.fte_then.mean - self.fte_now.mean if self.fte_now and self.fte_then else None

    @property
    def fte_words(self) -> str:
        """The band of the need at the horizon, rounded for speech: `1.840 tot 2.090 fte`."""
        if self.fte_then is None:
            return ""
        return f"{_range(spoken(self.fte_then.low, 3), spoken(self.fte_then.high, 3))} fte"

    @property
    def fte_verb(self) -> str:
        """What the need does, as a verb: it rises or falls when that shows in the rounded numbers."""
        change = self.fte_change or 0.0
        return "gaat" if abs(change) < 0.5 else "stijgt" if change > 0 else "daalt"


@dataclass(frozen=True)
class SubjectChange:
    """How the need for one subject or profile changes [fte]; grades are taken together, so there is no band."""

    name: str
    now: float
    then: float
    is_profile: bool = False

    @property
    def change(self) -> float:
        """Expected change [fte]."""
        return self.then - self.now

    @property
    def share(self) -> float:
        """Expected relative change."""
        return self.change / self.now if self.now else 0.0


def spoken(value: float, digits: int = 2) -> float:
    """Round a value to so many leading digits, as people say it."""
    size = abs(value)
    if size < 10:
        return round(value)
    step = 10 ** (floor(log10(size)) - digits + 1)
    return round(value / step) * step


def change_words(low: float, high: float, what: str) -> str:
    """Return a band of change in words: less, more, or on both sides of nothing."""
    low, high = spoken(low), spoken(high)
    if low >= 0 and high > 0:
        return f"{_range(low, high)} {what} meer"
    if high <= 0 and low < 0:
        return f"{_range(-high, -low)} {what} minder"
    if low == high == 0:
        return f"even veel {what}"
    return f"tussen {number(-low)} {what} minder en {number(high)} meer"


def _range(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)} tot {number(high)}"


def over_years(base_year: int, target_year: int, *, is_stale: bool) -> str:
    """Return how a sentence starts: over vijf jaar, or between two years when the count is old."""
    years = target_year - base_year
    if is_stale:
        return f"tussen {base_year} en {target_year}"
    return f"over {COUNTING[years] if years < len(COUNTING) else years} jaar"


def most_changed(changes: list[SubjectChange], *, count: int) -> list[SubjectChange]:
    """Return the subjects or profiles whose need changes most in the direction of the whole [fte], largest first."""
    falls = sum(change.change for change in changes) < 0
    ordered = sorted(changes, key=lambda change: change.change, reverse=not falls)
    return [change for change in ordered if (change.change < 0) == falls and abs(change.change) >= 0.05][:count]


def named(changes: list[SubjectChange]) -> str:
    """Return the names of changes as an enumeration."""
    return listing([change.name for change in changes])

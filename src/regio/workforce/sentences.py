"""The sentence a page opens with: what changes in learners and need, in words that a bestuurder can repeat.

Numbers are rounded for speech; the exact ones are in the table below the sentence. Pure functions on plain values.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10

from regio.regions.enums import Sector
from regio.shared.charts import Point
from regio.shared.formatting import HARD_SPACE, number

HORIZON = 5  # years ahead that a sentence speaks of
COUNT_DAY = (10, 1)  # 1 October
STALE_AFTER = timedelta(days=548)  # 18 months
SMALLEST_NAMED_FTE = 0.05  # a smaller change of a subject rounds to nothing
SMALLEST_PROFILE_FTE = 1.0  # a profile that changes less is not named
SMALLEST_BASE_FTE = 5.0  # relative change is not said of a smaller subject
FEWEST_TO_CHOOSE_FROM = 3  # of two functions "the most" says nothing


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
    fte_difference: Point | None = None  # change since the base year, taken per draw

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
        """The band of the change in need: `35 tot 120 fte minder`; without a band the expected change."""
        if self.fte_change is None:
            return ""
        difference = self.fte_difference
        low, high = (difference.low, difference.high) if difference else (self.fte_change, self.fte_change)
        return change_words(low, high, "fte").replace(" fte", f"{HARD_SPACE}fte")

    @property
    def teacher_word(self) -> str:
        """What teachers of this sector are called."""
        return "docenten en instructeurs" if self.sector == Sector.MBO else "leraren"


@dataclass(frozen=True)
class SubjectChange:
    """How the need for one subject, profile or function changes [fte]; the band is that of the change."""

    name: str
    now: float
    then: float
    is_profile: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def change(self) -> float:
        """Expected change [fte]."""
        return self.then - self.now

    @property
    def share(self) -> float:
        """Expected relative change."""
        return self.change / self.now if self.now else 0.0

    @property
    def is_sure(self) -> bool:
        """Whether the whole band lies on one side of no change, as it is written: with one decimal."""
        return self.low is not None and self.high is not None and (round(self.low, 1) > 0 or round(self.high, 1) < 0)


def spoken(value: float, digits: int = 2) -> float:
    """Round a value to so many leading digits, as people say it."""
    step = _step(value, digits) or 1.0
    return round(value / step) * step


def change_words(low: float, high: float, what: str) -> str:
    """Return a band of change in words: less, more, or on both sides of nothing.

    An end that is lost in the rounding of the other one is nought: `0 tot 1.800 minder`, not `1.800 minder tot 8 meer`.
    """
    low, high = _spoken_beside(low, high), _spoken_beside(high, low)
    if low >= 0 and high > 0:
        return f"{_range(low, high)} {what} meer"
    if high <= 0 and low < 0:
        return f"{_range(-high, -low)} {what} minder"
    if low == high == 0:
        return f"even veel {what}"
    return f"{number(-low)} {what} minder tot {number(high)} meer"


def _spoken_beside(value: float, other: float) -> float:
    is_lost = abs(value) < _step(other) / 2
    return 0 if is_lost else spoken(value)


def _step(value: float, digits: int = 2) -> float:
    """Return the step in which a value is said, 0 where it is said whole."""
    return 10.0 ** (floor(log10(abs(value))) - digits + 1) if abs(value) >= 10 else 0.0


def _range(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)} tot {number(high)}"


def is_stale(base_year: int, today: date) -> bool:
    """Return whether the count of that year is over 18 months old."""
    return today - date(base_year, *COUNT_DAY) > STALE_AFTER


def horizon_year(base_year: int, today: date | None) -> int:
    """Return the year that every page speaks of: five years from today, so also where a forecast ends that nobody gave a length."""
    return (today.year if today else base_year) + HORIZON


def opening_of(base_year: int, target_year: int, today: date) -> str:
    """Return how a sentence starts: `Over vijf jaar` where that is so from the count and from today on, else the year."""
    is_five = target_year - base_year == HORIZON == target_year - today.year
    return "Over vijf jaar" if is_five else f"In {target_year}"


def nameable(changes: list[SubjectChange]) -> list[SubjectChange]:
    """Return what a sentence may name, largest change first: known, still there, and changing enough to see."""
    named = [change for change in changes if "onbekend" not in change.name.lower() and min(change.now, change.then) > 0]
    return sorted(filter(_is_visible, named), key=lambda change: -abs(change.change))


def _is_visible(change: SubjectChange) -> bool:
    return abs(change.change) >= (SMALLEST_PROFILE_FTE if change.is_profile else SMALLEST_NAMED_FTE)


def most_changed(changes: list[SubjectChange], *, count: int) -> list[SubjectChange]:
    """Return what changes most [fte], up or down: only what surely changes, where there is any and bands are known."""
    named = nameable(changes)
    sure = [change for change in named if change.is_sure]
    return (sure or named)[:count]


def most_changed_in_proportion(changes: list[SubjectChange], *, count: int) -> list[SubjectChange]:
    """Return what surely changes most for its size, small subjects left out."""
    sure = [change for change in nameable(changes) if change.is_sure and change.now >= SMALLEST_BASE_FTE]
    return sorted(sure, key=lambda change: -abs(change.share))[:count]

"""Which counts exist on a day: the years of Regio Voorbeeld move along with today.

A count of 1 October is provisional through the winter; here it counts as published from 1 March of the next year. So
on 20 November 2026 the newest count is that of 1 October 2025, 13 months old, and the newest count is never more than
17 months old on the day the region is made: the sentence about counts older than 18 months stays silent. Exams of the
school year before the newest count are known by then. Moments are whole years relative to the newest count's window:
0 is the first count, 7 the newest, 8 to 12 the future that only `waarheid.json` tells.
"""

from dataclasses import dataclass
from datetime import date

COUNTS = 8
FUTURE_YEARS = 5
PUBLISHED_FROM_MONTH = 3
NEWEST = COUNTS - 1


@dataclass(frozen=True)
class Timeline:
    """The years of the files; `newest` is the year of the newest published count."""

    newest: int

    @classmethod
    def as_of(cls, day: date) -> "Timeline":
        """Return the timeline of a day."""
        return cls(day.year - 1 if day.month >= PUBLISHED_FROM_MONTH else day.year - 2)

    def year(self, moment: int) -> int:
        """Return the calendar year of a moment (0 = first count)."""
        return self.newest - NEWEST + moment

    @property
    def moments(self) -> range:
        """Moments of the eight counts."""
        return range(COUNTS)

    @property
    def exam_moments(self) -> range:
        """Moments of the eight school years with exams: each starts at a count, the newest ended before this count."""
        return range(-1, NEWEST)

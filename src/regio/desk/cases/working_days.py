"""Working days of a desk: not in weekends and on official holidays, and where the desk says so not in school holidays.

The dates are data (`data/vrije_dagen.yaml`), with their source; a year that is not in it has weekends only, and pages say so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from .data import read
from .enums import HolidayArea
from .models import Desk

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Which days count for a desk.

    Attributes:
        free: single days and school holidays on which the desk is closed.
        until: the last day of which the data know the holidays.
    """

    free: frozenset[date]
    until: date

    def counts(self, day: date) -> bool:
        """Tell whether it is a working day."""
        return day.weekday() < 5 and day not in self.free

    def after(self, day: date, days: int) -> date:
        """Return the day that lies this number of working days later; at 0 the day itself or the next working day."""
        while days > 0:
            day += DAY
            days -= self.counts(day)
        while not self.counts(day):
            day += DAY
        return day

    def between(self, begin: date, end: date) -> int:
        """Return how many working days lie after `begin`, up to and with `end`."""
        return sum(self.counts(begin + number * DAY) for number in range(1, (end - begin).days + 1))


@cache
def calendar_of(area: str, *, closes_in_holidays: bool) -> Calendar:
    """Return the calendar of a desk in one of the three areas."""
    told = read("vrije_dagen")
    free = set(told["free_days"])
    holidays = told["holidays"][HolidayArea(area)]
    if closes_in_holidays:
        for _, first, last in holidays:
            free.update(first + number * DAY for number in range((last - first).days + 1))
    return Calendar(frozenset(free), max(last for _, _, last in holidays))


def calendar_for(desk: Desk) -> Calendar:
    """Return which days count for a desk."""
    return calendar_of(desk.holiday_area, closes_in_holidays=desk.is_closed_in_holidays)


def source_of_holidays() -> str:
    """Return where the dates come from, and whether somebody checked them, in Dutch."""
    told = read("vrije_dagen")
    checked = "" if told["verified"] else " (nog niet gecontroleerd)"
    return f"{told['source']}{checked}"

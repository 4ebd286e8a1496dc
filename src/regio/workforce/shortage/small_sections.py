"""Sections of less than one fte of a subject at a location, and which of them make a job together.

Rules on plain values: sections of one subject are taken together nearest first, as long as they stay within one job and
within reach of each other. Distances are as the crow flies; no travel time, since no source gives it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

SMALL_FTE = 1.0
SMALLEST_FTE = 0.05  # less than an hour a week is no section
FULL_JOB_FTE = 1.0
EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Section:
    """One subject at one location [fte]; `is_counted` where it is the staff that is there, else it is the need."""

    subject: str
    location: str
    name: str
    board: str
    fte: float
    fte_then: float
    place: tuple[float, float] | None  # latitude and longitude [degrees]
    is_counted: bool = False


@dataclass(frozen=True)
class Combination:
    """Sections of one subject that make a job together."""

    sections: tuple[Section, ...]
    furthest_km: float

    @property
    def fte(self) -> float:
        """What they are together now."""
        return sum(section.fte for section in self.sections)

    @property
    def fte_then(self) -> float:
        """What they are together in the target year."""
        return sum(section.fte_then for section in self.sections)

    @property
    def boards(self) -> set[str]:
        """Whose they are."""
        return {section.board for section in self.sections}


def is_small(fte: float) -> bool:
    """Return whether this is a small section: there, and less than one fte."""
    return SMALLEST_FTE <= fte < SMALL_FTE


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance as the crow flies between two places in degrees [km]."""
    lat1, lon1, lat2, lon2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))


def combinations_of(sections: Iterable[Section], *, reach_km: float) -> list[Combination]:
    """Return which sections of one subject make a job together, the largest job first; each section is in at most one."""
    of_subject: dict[str, list[Section]] = {}
    for section in sections:
        if section.place is not None:
            of_subject.setdefault(section.subject, []).append(section)
    found = [job for own in of_subject.values() for job in _combined(own, reach_km)]
    return sorted(found, key=lambda job: (-round(job.fte, 1), job.furthest_km, job.sections[0].location))


def _combined(sections: Sequence[Section], reach_km: float) -> list[Combination]:
    """Join the nearest pair again and again, while all of a group stay within reach and within one job."""
    apart = {
        (a, b): distance_km(sections[a].place, sections[b].place)  # type: ignore[arg-type]  # those without are left out
        for a, b in combinations(range(len(sections)), 2)
    }
    group_of: dict[int, tuple[int, ...]] = {index: (index,) for index in range(len(sections))}
    for (a, b), km in sorted(apart.items(), key=lambda pair: (round(pair[1], 3), pair[0])):
        if km > reach_km:
            break
        joined = tuple(sorted({*group_of[a], *group_of[b]}))
        if group_of[a] != group_of[b] and _fits(joined, sections, apart, reach_km):
            group_of |= dict.fromkeys(joined, joined)
    groups = {group for group in group_of.values() if len(group) > 1}
    return [Combination(tuple(sections[i] for i in group), _furthest(group, apart)) for group in sorted(groups)]


def _fits(
    group: tuple[int, ...], sections: Sequence[Section], apart: dict[tuple[int, int], float], reach_km: float
) -> bool:
    total = sum(sections[index].fte for index in group)
    return round(total, 2) <= FULL_JOB_FTE and _furthest(group, apart) <= reach_km


def _furthest(group: tuple[int, ...], apart: dict[tuple[int, int], float]) -> float:
    return max(apart[pair] for pair in combinations(group, 2))

"""Who teaches what in the invented region: weekly lessons per vo location and position, and what of it is staffed.

The lessons of a class are close to usual timetables, in two steps: lower and upper years. In the growing east Nederlands,
Duits, natuurkunde and informatica cannot be staffed; at the shrinking coast there are hours to spare. Three schools with
one location each have small sections that fit together.
"""

from dataclasses import dataclass

from .region import ExampleRegion
from .schools import Location
from .timeline import NEWEST
from .truth import LEVELS

FIRST, SECOND = "eerstegraads", "tweedegraads"
LOWER_YEARS = 3
GROUP = {"pro": 13, "vmbo_b": 17, "vmbo_k": 21, "vmbo_gt": 25, "havo": 26, "vwo": 26}
PROFILE_LESSONS, PROFILE_GROUP = 13, 15
PROFILE_LEVELS = ("vmbo_b", "vmbo_k")
ISK_GROUP = 15
EAST, COAST = "Oosterhaag", "Zeekant"

# subject: lessons per week in lower and upper years of pro, vmbo b/k, vmbo g/t, havo and vwo; in upper years of havo and
# vwo already times the part of the pupils who choose it
WEEKLY = {
    "Nederlands": ((4, 3), (4, 4), (4, 4), (3.7, 3.5), (3.3, 3)),
    "Engels": ((1, 1), (3, 3), (3.2, 4), (3, 4), (3, 3)),
    "wiskunde": ((3.7, 2.3), (3.7, 3), (4, 3.5), (3.7, 3.4), (3.3, 3.8)),
    "Duits": ((0, 0), (0.8, 0.8), (2, 2), (2, 1), (2, 1.3)),
    "Frans": ((0, 0), (0, 0), (1.3, 0.5), (2.7, 0.6), (2.8, 0.9)),
    "geschiedenis": ((0, 0), (1, 0), (2, 1.5), (2, 1.8), (2, 1.1)),
    "aardrijkskunde": ((0, 0), (0.7, 0), (2, 1.5), (2, 1.1), (2, 0.8)),
    "economie": ((0, 0), (0.8, 1.3), (1.7, 3), (1, 2.7), (0.8, 2)),
    "biologie": ((0, 0), (1.7, 1), (2, 2), (1.8, 1.3), (1.7, 1.4)),
    "NaSk": ((0, 0), (1.5, 1.5), (2, 2.5), (0.8, 0), (0.7, 0)),
    "natuurkunde": ((0, 0), (0, 0), (0, 0), (0.8, 0.9), (1, 1.4)),
    "scheikunde": ((0, 0), (0, 0), (0, 0), (0.7, 1.3), (0.7, 1.5)),
    "informatica": ((0.7, 0.3), (0.3, 0), (0.3, 0), (0, 0.4), (0, 0.4)),
    "techniek": ((0, 0), (1.3, 0), (1, 0), (0.7, 0), (0.7, 0)),
    "gezondheidszorg en welzijn": ((0, 0), (0.7, 0), (0.3, 0), (0, 0), (0, 0)),
    "kunst": ((2, 1), (2, 0.3), (2.7, 1), (2.7, 1.6), (2.7, 1.2)),
    "LO": ((3, 3), (2.8, 2), (2.8, 2), (3, 2), (2.7, 1.6)),
    "maatschappijleer": ((2, 2), (0.7, 0), (0.7, 0.5), (0, 1.3), (0, 0.9)),
    "levensbeschouwing": ((0, 0), (0.7, 0.2), (0.8, 0.5), (1, 0.4), (1, 0.3)),
    "Latijn": ((0, 0), (0, 0), (0, 0), (0, 0), (2, 1.3)),
    "praktijkvakken": ((11, 15), (0, 0), (0, 0), (0, 0), (0, 0)),
    "mentoraat": ((3, 3), (2.2, 1.5), (2, 1.2), (1.5, 1.5), (1.5, 2)),
}
COLUMN = {"pro": 0, "vmbo_b": 1, "vmbo_k": 1, "vmbo_gt": 2, "havo": 3, "vwo": 4}
ISK_WEEKLY = {"Nederlands": 16.0, "Engels": 2.0, "wiskunde": 3.0, "LO": 3.0, "kunst": 2.0, "mentoraat": 4.0}
DEPARTMENT_NAMES = {"ZW": "Z&W", "EO": "E&O", "DP": "D&P", "MT": "M&T", "G": "groen"}
# part of the lessons that is staffed, by part of the region; what is missing falls out or is taken over
STAFFED = {
    EAST: {"Nederlands": 0.93, "Duits": 0.88, "natuurkunde": 0.89, "informatica": 0.70},
    COAST: {"informatica": 0.95},
}
STAFFED_ELSE = {EAST: 0.98, COAST: 1.04}
# lessons by who is unqualified and benoembaar, where it differs from the rest [part]
UNQUALIFIED = {
    "NaSk": 0.09,
    "techniek": 0.10,
    "maatschappijleer": 0.06,
    "informatica": 0.08,
    "natuurkunde": 0.05,
    "LO": 0.005,
}
APPOINTABLE = {"maatschappijleer": 0.18, "NaSk": 0.14, "natuurkunde": 0.12, "economie": 0.10, "LO": 0.01}
USUAL_UNQUALIFIED, USUAL_APPOINTABLE = 0.03, 0.07
# the three schools with one location: small sections that only fit together [weekly lessons, grade]
SMALL_SECTIONS = {
    "Gymnasium Meridiaan": {("informatica", FIRST): 7.0, ("maatschappijleer", FIRST): 8.0},
    "Vrije School De Getijdenboom": {
        ("informatica", FIRST): 6.0,
        ("Duits", FIRST): 8.0,
        ("maatschappijleer", FIRST): 6.0,
    },
    "Eilandcollege Meeuwenzand": {("informatica", FIRST): 6.0, ("Duits", FIRST): 7.0, ("maatschappijleer", FIRST): 5.0},
}


@dataclass(frozen=True)
class SheetLine:
    """Weekly lessons of one location, subject and grade: needed, given, and given by who is bevoegd and benoembaar."""

    subject: str
    grade: str
    needed: float
    given: float
    qualified: float
    appointable: float


def sheet_of(region: ExampleRegion, location: Location) -> list[SheetLine]:
    """Return the lessons of a vo location at the newest count, one line per subject and grade."""
    needed = dict(sorted(_needed(region, location).items()))
    needed |= SMALL_SECTIONS.get(location.now.name, {})
    generator = region.chance.of(f"lessen-{location.now.code}")
    lines = []
    for (subject, grade), lessons in needed.items():
        wobble, lucky = float(generator.normal(1, 0.02)), float(generator.uniform(0.4, 1.6))
        given = _half(lessons * _staffed(location, subject) * wobble)
        if given <= 0:
            continue
        unqualified = _half(given * UNQUALIFIED.get(subject, USUAL_UNQUALIFIED) * lucky)
        appointable = _half(given * APPOINTABLE.get(subject, USUAL_APPOINTABLE) * lucky)
        lines.append(SheetLine(subject, grade, _half(lessons), given, given - unqualified - appointable, appointable))
    return lines


def records_at(region: ExampleRegion, location: Location) -> list[int]:
    """Return the records (predecessors too) that are this location now."""
    return [i for i, other in enumerate(region.schools.vo) if other.now.code == location.now.code]


def _needed(region: ExampleRegion, location: Location) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for index in records_at(region, location):
        for k, level in enumerate(LEVELS):
            for stage, pupils in enumerate(region.secondary.at(NEWEST)[index, k].tolist(), start=1):
                _add_class(found, level, stage, pupils / GROUP[level])
                if level in PROFILE_LEVELS and stage > 2:
                    _add_profiles(found, region.schools.vo[index], pupils / PROFILE_GROUP)
        newcomers = float(region.secondary.isk_at(NEWEST)[index].sum())
        for subject, lessons in ISK_WEEKLY.items() if newcomers else ():
            found[subject, SECOND] = found.get((subject, SECOND), 0.0) + lessons * newcomers / ISK_GROUP
    return found


def _add_class(found: dict[tuple[str, str], float], level: str, stage: int, groups: float) -> None:
    upper = stage > LOWER_YEARS or (level in PROFILE_LEVELS and stage > 2)
    grade = FIRST if level in ("havo", "vwo") and stage > LOWER_YEARS else SECOND
    for subject, lessons in WEEKLY.items():
        weekly = lessons[COLUMN[level]][upper] * groups
        if weekly > 0:
            found[subject, grade] = found.get((subject, grade), 0.0) + weekly


def _add_profiles(found: dict[tuple[str, str], float], location: Location, groups: float) -> None:
    for name in location.departments:
        key = (DEPARTMENT_NAMES.get(name, name), SECOND)
        found[key] = found.get(key, 0.0) + PROFILE_LESSONS * groups / len(location.departments)


def _staffed(location: Location, subject: str) -> float:
    part = location.municipality.part.name
    return STAFFED.get(part, {}).get(subject, STAFFED_ELSE.get(part, 0.99))


def _half(lessons: float) -> float:
    return round(lessons * 2) / 2

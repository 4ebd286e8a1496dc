"""The own staff of some boards of the invented region: persons who fill the lessons of their schools, without names.

A vo board has one line per person and position; who teaches both grades of a subject has two. The file of a year earlier
holds the same people a year younger, with those who left since. At De Lantaarn in Lindewaarde one teacher of PIE and
one of BWI are so old that they leave next summer.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from .chance import Generator, apportion
from .lessons import FIRST, SheetLine, sheet_of
from .region import ExampleRegion
from .schools import Location
from .timeline import NEWEST

OWN_VO_BOARDS = ("90022", "90027", "90028", "90029")  # De Lantaarn and the three boards with one location
OWN_PO_BOARD = "90001"
WITHOUT_STAFF = "90025"  # De Bakenlamp: nothing loaded
MEASURED = ("90022", "90024")  # De Lantaarn (short) and Kaap Onderwijs (hours to spare)
LESSONS_PER_FTE = 20.0
OLD_PROFILES = ("PIE", "BWI")
OLD_AT = "De Lantaarn, locatie Lindewaarde"
LEAVE_SHARE = 0.07
ONE_IN_TRAINING = 5  # of who is benoembaar: a legal term ends; the others are qualified for something else
PO_PUPILS_PER_FTE = 17.0
AGES = ((22, 25, 0.03), (25, 30, 0.11), (30, 35, 0.13), (35, 40, 0.12), (40, 45, 0.11), (45, 50, 0.12), (50, 55, 0.13),
        (55, 60, 0.14), (60, 67, 0.11))  # fmt: skip
CONTRACTS = ((0.4, 0.10), (0.6, 0.18), (0.8, 0.30), (0.9, 0.07), (1.0, 0.35))
SUPPORT = (("onderwijsassistent", 0.22), ("conciërge", 0.05), ("teamleider", 0.05))  # per teacher


@dataclass(frozen=True)
class Employment:
    """One line of an own file."""

    number: str
    born: date
    gender: str
    fte: float
    since: date
    location: str
    function: str
    subject: str = ""
    grade: str = ""
    scale: str = ""
    qualification: str = ""
    term: str = ""
    second_subject: str = ""
    contract: str = "vast"


def own_staff(region: ExampleRegion, board: str) -> list[Employment]:
    """Return the employments of a board at the newest count."""
    generator = region.chance.of(f"eigen-personeel-{board}")
    maker = _Maker(region, generator, board)
    if board == OWN_PO_BOARD:
        for index, location in enumerate(region.schools.po):
            if location.board.code == board:
                maker.primary_school(location, float(region.primary.at(NEWEST)[index].sum()))
    else:
        for location in region.schools.vo:
            if location.board.code == board and location.in_register:
                maker.vo_school(location, sheet_of(region, location))
    return maker.found


def year_before(region: ExampleRegion, board: str, now: list[Employment]) -> list[Employment]:
    """Return the file of a year earlier: who was there already, and who has left since."""
    generator = region.chance.of(f"eigen-personeel-eerder-{board}")
    start = date(region.timeline.newest - 1, 10, 1)
    stayed = [line for line in now if line.since <= start]
    left = []
    for line in now:
        age = region.timeline.newest - line.born.year
        if generator.uniform() < LEAVE_SHARE * (3.0 if age > 61 else 0.8):
            left.append(replace(line, number=f"V{line.number}", since=date(start.year - 3, 8, 1), contract="vast"))
    return sorted([*stayed, *left], key=lambda line: (line.location, line.number, line.subject, line.grade))


class _Maker:
    """Makes persons one after another."""

    def __init__(self, region: ExampleRegion, generator: Generator, board: str) -> None:
        self.newest, self.generator, self.board = region.timeline.newest, generator, board
        self.found: list[Employment] = []
        self.persons = 0
        self.leaving = list(OLD_PROFILES)  # of each one teacher stops next summer

    def vo_school(self, location: Location, sheet: list[SheetLine]) -> None:
        """Fill every subject: first the first grade, then what is left of a contract in the second."""
        subjects = dict.fromkeys(line.subject for line in sheet)
        for subject in subjects:
            lines = sorted((line for line in sheet if line.subject == subject), key=lambda line: line.grade != FIRST)
            self._section(location, lines)
        self._others(location, sum(line.given for line in sheet) / LESSONS_PER_FTE)

    def primary_school(self, location: Location, pupils: float) -> None:
        """Fill a po school: group teachers, a few specialists, assistants and a head."""
        fte = pupils / PO_PUPILS_PER_FTE + 1
        for function, part in (("leerkracht", 0.93), ("vakleerkracht bewegingsonderwijs", 0.07)):
            left = fte * part
            while left >= 0.2:
                person = self._person(location, function, scale=self._scale(("L10", 0.7), ("L11", 0.3)))
                taken = min(person.fte, round(left, 2))
                self.found.append(replace(person, fte=taken, qualification=self._quality(0.02, 0.04, person)))
                left -= taken
        self._others(location, fte)

    def _section(self, location: Location, lines: list[SheetLine]) -> None:
        room, person, rest = 0.0, None, 0.0
        for line in lines:
            left = round(line.given / LESSONS_PER_FTE, 3)
            share = (1 - (line.qualified + line.appointable) / line.given, line.appointable / line.given)
            while left > 0.0005:
                if room < 0.05 or person is None:
                    person = self._teacher(location, line, share)
                    room = min(person.fte, left + rest) if len(lines) == 1 else person.fte
                taken = round(min(room, left), 4)
                self.found.append(replace(person, fte=taken, subject=line.subject, grade=line.grade))
                left, room = round(left - taken, 4), round(room - taken, 4)

    def _teacher(self, location: Location, line: SheetLine, share: tuple[float, float]) -> Employment:
        scales = (
            (("LB", 0.12), ("LC", 0.28), ("LD", 0.60))
            if line.grade == FIRST
            else (("LB", 0.58), ("LC", 0.32), ("LD", 0.10))
        )
        person = self._person(location, "docent", scale=self._scale(*scales))
        if location.now.name == OLD_AT and line.subject in self.leaving:
            self.leaving.remove(line.subject)
            day = date(
                self.newest - 66, 3 + len(line.subject), 12
            )  # 66 at the count: AOW before the next school year ends
            person = replace(person, born=day, since=date(self.newest - 31, 8, 1), contract="vast", fte=1.0)
            return replace(person, qualification="bevoegd")
        quality = self._quality(*share, person)
        ends = f"1-8-{self.newest + int(self.generator.integers(1, 3))}" if quality == "benoembaar" else ""
        term = ends if self.persons % ONE_IN_TRAINING == 0 else ""
        second = "natuurkunde" if line.subject == "wiskunde" and self.generator.uniform() < 0.1 else ""
        return replace(person, qualification=quality, term=term, second_subject=second)

    def _person(self, location: Location, function: str, *, scale: str) -> Employment:
        generator = self.generator
        youngest, oldest, _ = AGES[int(generator.choice(len(AGES), p=_shares(AGES)))]
        age = int(generator.integers(youngest, oldest))
        born = date(self.newest - age, int(generator.integers(1, 10)), int(generator.integers(1, 28)))
        years = (
            0 if generator.uniform() < (0.25 if age < 30 else 0.04) else int(generator.integers(1, max(age - 22, 2)))
        )
        self.persons += 1
        return Employment(
            number=f"{self.board[-2:]}{self.persons:04d}", born=born, gender="V" if generator.uniform() < (0.83 if function.startswith("leer") else 0.53) else "M",
            fte=float(CONTRACTS[int(generator.choice(len(CONTRACTS), p=_shares(CONTRACTS)))][0]), since=date(self.newest - years, 8, 1),
            location=location.now.code, function=function, scale=scale, contract="tijdelijk" if years == 0 else "vast",
        )  # fmt: skip

    def _others(self, location: Location, teacher_fte: float) -> None:
        for function, per_teacher in SUPPORT:
            for fte in apportion(
                round(teacher_fte * per_teacher * 10), np.ones(max(round(teacher_fte * per_teacher), 1))
            ).tolist():
                if fte:
                    self.found.append(
                        replace(self._person(location, function, scale="7"), fte=fte / 10 if fte <= 10 else 1.0)
                    )

    def _scale(self, *shares: tuple[str, float]) -> str:
        return shares[int(self.generator.choice(len(shares), p=_shares(shares)))][0]

    def _quality(self, unqualified: float, appointable: float, person: Employment) -> str:
        drawn = self.generator.uniform()
        return "onbevoegd" if drawn < unqualified else "benoembaar" if drawn < unqualified + appointable else "bevoegd"


def _shares(rows: tuple[tuple[object, ...], ...]) -> list[float]:
    weights = [float(str(row[-1])) for row in rows]
    return [weight / sum(weights) for weight in weights]

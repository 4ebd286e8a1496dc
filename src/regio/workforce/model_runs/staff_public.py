"""Staff from public counts: teachers of the DUO workbook, laid over places and positions by lesson sheet or need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Max, Q, Sum

from regio.regions.enums import Sector
from regio.workforce.enums import FunctionGroup, Level
from regio.workforce.models import LearnerCount, LessonSheetLine, PersonnelCount
from regio_engine.parameters.positions import position_code
from regio_engine.parameters.staff_figures import StaffParameters, specialism_key
from regio_engine.staff.context_places import Place
from regio_engine.staff.synthetic_seats import PublicCell, PublicSchool
from regio_engine.units import MILLI_PER_FTE

from .need_inputs import lesson_table
from .staff_ages import age_class, age_shares

Weights = dict[tuple[str, str], float]  # (location, position) → weight


class CellRow(NamedTuple):
    """Staff of one location and position."""

    school: int
    place: str
    position: str
    milli_fte: int
    unqualified: float
    appointable: float


class Teachers(NamedTuple):
    """Teachers of a school in the workbook; None where the publisher left the number out."""

    persons: float | None
    fte: float | None


@dataclass(frozen=True)
class PublicStaff:
    """Schools and cells of all boards with public counts."""

    schools: tuple[PublicSchool, ...] = ()
    rows: tuple[CellRow, ...] = field(default=())

    def cells(self, index_of: Mapping[str, int], positions: Sequence[str]) -> tuple[PublicCell, ...]:
        """Return the cells with the numbers of the context."""
        column = {code: number for number, code in enumerate(positions)}
        return tuple(
            PublicCell(
                row.school, index_of[row.place], column[row.position], row.milli_fte, row.unqualified, row.appointable
            )
            for row in self.rows
        )


def public_staff(
    sector: str, places: Sequence[Place], parameters: StaffParameters, facts: dict[str, Any]
) -> PublicStaff:
    """Return the staff of these places.

    In vo the lessons of the sheet are laid on the fte of the workbook; where the workbook hides a school's fte, lessons
    per fte of the lesson table give it. Elsewhere learners split a school's fte over places, and the lesson table over
    positions.
    """
    if not places:
        return PublicStaff()
    counted, year = teachers_of({place.school for place in places}, sector)
    sheet = lesson_sheet([place.code for place in places]) if sector == Sector.VO else {}
    weights = {key: line.lessons for key, line in sheet.items()} if sector == Sector.VO else learner_weights(places)
    ages = age_shares({place.school for place in places}, sector, year, parameters)
    mean_fte = parameters.figure(sector, "mean_fte").value
    schools: list[PublicSchool] = []
    rows: list[CellRow] = []
    untold: list[str] = []
    for code in sorted({place.school for place in places}):
        members = {place.code for place in places if place.school == code}
        own = {key: weight for key, weight in sorted(weights.items()) if key[0] in members}
        fte = _fte(counted.get(code), mean_fte)
        if fte is None and sheet:
            fte = sum(own.values()) / lesson_table().lessons_per_fte
        if not own or not fte:
            untold += [code] if own or fte else []  # a code that is no more has neither
            continue
        persons = counted[code].persons if code in counted else None
        for (place, position), milli in _laid(round(fte * MILLI_PER_FTE), own).items():
            shares = _qualified(sector, position, sheet.get((place, position)), parameters)
            rows.append(CellRow(len(schools), place, position, milli, *shares))
        schools.append(PublicSchool(code, round(persons) if persons else None, ages.get(code)))
    facts |= {"openbare_telling": year, "scholen_zonder_telling": untold}
    return PublicStaff(tuple(schools), tuple(rows))


def learner_weights(places: Sequence[Place]) -> Weights:
    """Return the lessons of the newest counted learners per location and position, by the lesson table."""
    rows = LearnerCount.objects.filter(location__code__in=[place.code for place in places])
    newest = dict(rows.values_list("location__code").annotate(day=Max("reference_date")))
    sums = rows.values_list("location__code", "location__sector", "level", "reference_date").annotate(
        number=Sum("count")
    )
    found: Weights = {}
    for place, sector, level, day, number in sums.order_by("location__code", "level"):
        if day == newest[place]:
            for position, load in _loads(sector, level).items():
                found[place, position] = found.get((place, position), 0.0) + load * number
    return found


@cache
def _loads(sector: str, level: str) -> dict[str, float]:
    """Return the weekly lessons that one learner of a level asks per position; none for a level the table lacks."""
    table = lesson_table()
    name = f"{level}_{sector}" if level == Level.ALL else level
    if name in table.no_need or table.sector_of(name) is None:
        return {}
    plan = table.class_plan(name, 0)
    return {
        position_code(sector, line.specialism, line.grade): line.lessons
        * line.weight
        * line.taken_by
        / (line.group_size or plan.class_size)
        for line in plan.lines
    }


def teachers_of(schools: Iterable[str], sector: str) -> tuple[dict[str, Teachers], int | None]:
    """Return the teachers per school in the newest year of the workbooks, and that year.

    Rows per age class are parts: they count only where the school has no row of its own total.
    """
    rows = PersonnelCount.objects.filter(sector=sector, function_group=FunctionGroup.TEACHER)
    year = rows.exclude(Q(fte=None) & Q(persons=None)).aggregate(newest=Max("year"))["newest"]
    found: dict[str, Teachers] = {}
    of_schools = rows.filter(year=year, school__in=list(schools))
    parts: dict[str, Teachers] = {}
    for school, persons, fte, told in of_schools.values_list("school_id", "persons", "fte", "breakdown"):
        if age_class(told):
            old = parts.get(school, Teachers(None, None))
            parts[school] = Teachers(_sum_of_known(old.persons, persons), _sum_of_known(old.fte, fte))
        else:
            old = found.get(school, Teachers(None, None))
            found[school] = Teachers(_larger(old.persons, persons), _larger(old.fte, fte))
    return {**parts, **found}, year


def _sum_of_known(one: float | None, other: float | None) -> float | None:
    return one if other is None else other if one is None else one + other


def _larger(one: float | None, other: float | None) -> float | None:
    """Return what is known; sheets of one workbook repeat a school, the largest row is its total."""
    known = [number for number in (one, other) if number is not None]
    return max(known) if known else None


def _fte(counted: Teachers | None, mean_fte: float) -> float | None:
    if counted is None:
        return None
    return counted.fte if counted.fte else counted.persons * mean_fte if counted.persons else None


class SheetLine(NamedTuple):
    """Lessons of one location and position, and which part is qualified and appointable (None: not told)."""

    lessons: float
    qualified: float | None
    appointable: float | None


def lesson_sheet(codes: Sequence[str]) -> dict[tuple[str, str], SheetLine]:
    """Return the newest lesson sheet per location and position."""
    rows = LessonSheetLine.objects.filter(location__code__in=codes, lessons__gt=0).order_by("reference_date", "pk")
    newest: dict[str, Any] = {}
    found: dict[tuple[str, str], SheetLine] = {}
    values = list(rows.values_list("board_id", "reference_date", "location__code", "position_id", "lessons",
                                   "qualified_lessons", "appointable_lessons"))  # fmt: skip
    for board, day, *_ in values:
        newest[board] = day
    for board, day, place, position, *lessons in values:
        if newest[board] == day:
            old = found.get((place, position), SheetLine(0.0, 0.0, 0.0))
            number, qualified, appointable = lessons
            found[place, position] = SheetLine(
                old.lessons + (number or 0.0), _sum(old.qualified, qualified), _sum(old.appointable, appointable)
            )
    return found


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def _laid(total: int, weights: Weights) -> dict[tuple[str, str], int]:
    """Divide a whole total over weights by largest remainder; what comes to nothing is left out."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()}
    parts = {key: int(share) for key, share in exact.items()}
    order = sorted(exact, key=lambda key: (parts[key] - exact[key], key))
    for key in order[: total - sum(parts.values())]:
        parts[key] += 1
    return {key: part for key, part in sorted(parts.items()) if part > 0}


def _qualified(sector: str, position: str, line: SheetLine | None, parameters: StaffParameters) -> tuple[float, float]:
    """Return the part of the fte of who is not qualified, and of who is benoembaar: from the sheet, else by subject."""
    if line and line.qualified is not None and line.appointable is not None:
        return max(0.0, 1 - (line.qualified + line.appointable) / line.lessons), line.appointable / line.lessons
    key = specialism_key(position.split(":")[1])
    return _share(sector, "unqualified", key, parameters), _share(sector, "appointable", key, parameters)


def _share(sector: str, kind: str, key: str, parameters: StaffParameters) -> float:
    if sector == Sector.VO and key in parameters.table(sector, f"{kind}_by_position").rows:
        return parameters.table(sector, f"{kind}_by_position").rows[key]
    return parameters.figure(sector, f"{kind}_share").value

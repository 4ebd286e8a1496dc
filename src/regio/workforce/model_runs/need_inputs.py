"""What the need rests on, read from the database: rules in force, exam counts per subject, vmbo profiles of locations.

The rule of a location is its own, else its board's, else the sector's from the database, else the one that ships with
the product.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from django.db.models import Max, Sum

from regio.regions.models import LocationLink, SchoolLocation
from regio.workforce.enums import Level, StageKind
from regio.workforce.models import DemandRule, LearnerCount, SubjectExamCount
from regio_engine.errors import MissingInput
from regio_engine.findings import Finding
from regio_engine.parameters import (
    LessonTable,
    NeedRule,
    PositionCatalogue,
    lesson_table_from,
    load_demand_rules,
    load_lesson_table,
    load_positions,
)
from regio_engine.staff.location_split import (
    NO_DEPARTMENT,
    LocationSplit,
    exam_shares,
    profile_shares,
    unknown_exam_codes,
)

VMBO_LEVELS = (Level.VMBO_B, Level.VMBO_K, Level.VMBO_GT)
PROFILE_STAGES = (3, 4)

Marks = dict[str, dict[str, float]]  # exam type → VAKCODE → exams with a mark [persons]


@dataclass(frozen=True)
class ExamMarks:
    """Exams with a mark, per location code and for the nation."""

    locations: dict[str, Marks] = field(default_factory=dict)
    nation: Marks = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """The rules in force: shipped ones, and own ones of sectors, boards and locations from the database."""

    shipped: Mapping[str, NeedRule]
    own: Mapping[tuple[str, str], NeedRule]  # (sector, "" or "bestuur:CODE" or "vestiging:CODE")
    board_of_location: Mapping[str, str]
    sector_of_location: Mapping[str, str]

    def rule_for(self, location_code: str, sector: str) -> NeedRule | None:
        """Return the rule of this location: its own, its board's, the sector's, the shipped one; None if none."""
        board = self.board_of_location.get(location_code, "")
        for owner in (f"vestiging:{location_code}", f"bestuur:{board}", ""):
            if (sector, owner) in self.own:
                return self.own[sector, owner]
        return self.shipped.get(sector)


@dataclass(frozen=True)
class NeedInputs:
    """What is read from the database once, for one run or for many blocks of it."""

    rules: Rules
    splits: Mapping[str, LocationSplit]
    findings: tuple[Finding, ...]


def read_inputs(location_codes: Collection[str], *, on: date, rules: Rules | None = None) -> NeedInputs:
    """Return the rules in force on a day, the base date of the run, and exam shares and vmbo profiles of these locations."""
    marks, table = read_exam_marks(), lesson_table()
    codes = {code for per_code in marks.nation.values() for code in per_code}
    return NeedInputs(
        rules=rules or read_rules(on),
        splits=location_splits(set(location_codes), marks=marks, table=table),
        findings=tuple(unknown_exam_codes(codes, table)),
    )


# ---------------------------------------------------------------------------------------------- shipped parameters
@cache
def lesson_table() -> LessonTable:
    """Return the lesson table that ships with the product."""
    return load_lesson_table(_shipped("lesson_table.yaml"))


@cache
def catalogue() -> PositionCatalogue:
    """Return the positions that ship with the product."""
    return load_positions(_shipped("positions.yaml"))


@cache
def shipped_rules() -> dict[str, NeedRule]:
    """Return the rule per sector that ships with the product."""
    return load_demand_rules(_shipped("demand_rules.yaml"))


def _shipped(name: str) -> str:
    return resources.files("regio_engine.parameters").joinpath(name).read_text(encoding="utf-8")


# ----------------------------------------------------------------------------------------------------------- rules
def read_rules(on: date, *, known_at: datetime | None = None) -> Rules:
    """Return the rules in force on a day: the newest of each owner that holds by then, over the shipped ones.

    Args:
        on: the day.
        known_at: leaves out what was told after that moment.
    """
    own: dict[tuple[str, str], NeedRule] = {}
    rows = DemandRule.objects.filter(valid_from__lte=on).select_related("location")
    if known_at:
        rows = rows.filter(created_at__lte=known_at)
    for row in rows.order_by("valid_from", "created_at", "pk"):
        own[row.sector, _owner(row)] = _need_rule(row)
    places = list(SchoolLocation.objects.values_list("code", "board_id", "sector"))
    return Rules(
        shipped=shipped_rules(),
        own=own,
        board_of_location={code: board for code, board, _ in places if board},
        sector_of_location={code: sector for code, _, sector in places},
    )


def _owner(row: DemandRule) -> str:
    if row.location:
        return f"vestiging:{row.location.code}"
    return f"bestuur:{row.board_id}" if row.board_id else ""


def _need_rule(row: DemandRule) -> NeedRule:
    shipped = shipped_rules().get(row.sector)
    return NeedRule(
        key=f"{row.sector}:{_owner(row)}" if _owner(row) else row.sector,
        learners_per_fte=row.learners_per_fte,
        learners_per_fte_low=row.learners_per_fte_low,
        learners_per_fte_high=row.learners_per_fte_high,
        base_fte=row.base_fte,
        learner_weights=shipped.learner_weights if shipped else {},
        yearly_step_share=shipped.yearly_step_share if shipped and row.is_assumption else 0.0,
        own_table=own_lesson_table(row.lesson_table) if row.lesson_table else None,
        is_assumption=row.is_assumption,
        source=row.source,
    )


def own_lesson_table(tree: dict[str, Any]) -> LessonTable:
    """Return a board's own lesson table, in the form of the shipped one.

    Raises:
        MissingInput: it names a subject or function that the product does not know.
    """
    table = lesson_table_from(tree)
    for level, lessons in table.levels.items():
        for specialism in (*lessons.lessons, *lessons.choice):
            if not catalogue().knows(lessons.sector, specialism):
                raise MissingInput(f"lesson table, level {level}: {specialism!r} is no subject of {lessons.sector}")
    return table


# ------------------------------------------------------------------------------------- figures of locations themselves
def location_splits(location_codes: set[str], *, marks: ExamMarks, table: LessonTable) -> dict[str, LocationSplit]:
    """Return own exam shares and vmbo profiles of these locations, as far as these are loaded.

    A new code without figures of its own takes those of the location it came from: a move changes no profile.
    """
    came_from = _predecessors()
    wanted = location_codes | {came_from[code] for code in location_codes if code in came_from}
    taken_by = exam_shares_of(wanted, marks=marks, table=table)
    profiles = vmbo_profiles_of(wanted)

    def with_own(code: str) -> str:
        return code if code in taken_by or code in profiles else came_from.get(code, code)

    sources = {code: with_own(code) for code in location_codes}
    return {
        code: LocationSplit(taken_by=taken_by.get(source, {}), profiles=profiles.get(source, {}))
        for code, source in sources.items()
        if source in taken_by or source in profiles
    }


def _predecessors() -> dict[str, str]:
    """Return per code the location most of it came from."""
    links = LocationLink.objects.filter(new__isnull=False).order_by("share", "-old__code")
    return dict(links.values_list("new__code", "old__code"))


def exam_shares_of(
    location_codes: set[str], *, marks: ExamMarks, table: LessonTable
) -> dict[str, dict[str, dict[str, float]]]:
    """Return location → exam type → subject → share of pupils, small locations drawn towards the nation."""
    nation = {exam: exam_shares(codes, table=table, exam_type=exam) for exam, codes in marks.nation.items()}
    return {
        location: {
            exam: exam_shares(codes, table=table, exam_type=exam, parent=nation[exam]) for exam, codes in own.items()
        }
        for location, own in marks.locations.items()
        if location in location_codes
    }


def read_exam_marks() -> ExamMarks:
    """Return exams with a mark in the newest school year of each exam type."""
    marks = ExamMarks()
    for exam, year in SubjectExamCount.objects.values_list("exam_type").annotate(Max("school_year")).order_by():
        rows = SubjectExamCount.objects.filter(exam_type=exam, school_year=year)
        for location, code, number in rows.values_list("location__code", "subject_code", "candidates"):
            own = marks.locations.setdefault(location, {}).setdefault(exam, {})
            own[code] = own.get(code, 0.0) + number
            nation = marks.nation.setdefault(exam, {})
            nation[code] = nation.get(code, 0.0) + number
    return marks


def vmbo_profiles_of(location_codes: set[str]) -> dict[str, dict[str, dict[str, float]]]:
    """Return location → vmbo level → profile → share of the pupils of years 3 and 4, from the newest count."""
    rows = LearnerCount.objects.filter(
        level__in=VMBO_LEVELS, stage_kind=StageKind.YEAR, stage__in=PROFILE_STAGES, programme__isnull=False
    )
    with_profile = rows.exclude(programme__profile__in=NO_DEPARTMENT)
    newest = with_profile.order_by("-reference_date").values_list("reference_date", flat=True).first()
    if newest is None:
        return {}
    learners: dict[str, dict[str, dict[str, float]]] = {}
    grouped = rows.filter(reference_date=newest).values_list("location__code", "level", "programme__profile")
    for location, level, department, number in grouped.annotate(Sum("count")).order_by():
        if location in location_codes:
            departments = learners.setdefault(location, {}).setdefault(level, {})
            departments[department] = departments.get(department, 0.0) + number
    return {
        location: {level: profile_shares(departments, catalogue()) for level, departments in levels.items()}
        for location, levels in learners.items()
    }

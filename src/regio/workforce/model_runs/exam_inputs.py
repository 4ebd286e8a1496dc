"""Reads what the exam forecast needs from the tables and lays it out as the arrays of the engine. Saves nothing."""

import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from django.db.models import Sum
from numpy.typing import NDArray

from regio.regions.models import SchoolLocation
from regio.workforce.enums import ExamType, Level, StageKind
from regio.workforce.models import ExamCount, LearnerCount
from regio_engine.parameters import loader
from regio_engine.pupils.exam_data import (
    TYPES,
    VO_FIRST_AGE,
    YEARS_OF_STUDY,
    ClassCounts,
    CohortCounts,
    ExamHistory,
    split_mixed_classes,
)

Cells = NDArray[np.float64]

PARAMETERS = "exam_model.yaml"
UNKNOWN_COMMIT = "onbekend"
PO_AGES = range(4, 11)  # ages at which all children of a cohort are in primary education
VO_OPEN_YEARS = (1, 2, 3)
NOT_A_COHORT = (Level.PRO, Level.INTERNATIONAL, Level.VAVO, Level.ISK)

VMBO, HAVO, VWO = range(len(TYPES))
TYPES_OF_LEVEL: Mapping[str, tuple[int, ...]] = {
    Level.VMBO_B: (VMBO,), Level.VMBO_K: (VMBO,), Level.VMBO_GT: (VMBO,), Level.VMBO_BK: (VMBO,), Level.VMBO: (VMBO,),
    Level.HAVO: (HAVO,), Level.VWO: (VWO,), Level.VMBO_HAVO: (VMBO, HAVO), Level.VMBO_ALL_HAVO: (VMBO, HAVO),
    Level.HAVO_VWO: (HAVO, VWO), Level.VMBO_HAVO_VWO: (VMBO, HAVO, VWO), Level.BRUGJAAR: (VMBO, HAVO, VWO),
}  # fmt: skip


def read_history() -> ExamHistory | None:
    """Return the exam counts of all locations as arrays, with counts of younger children; None without exam counts."""
    rows = list(
        ExamCount.objects.order_by()
        .values_list("location__code", "exam_type", "school_year")
        .annotate(candidates=Sum("candidates"))
    )
    if not rows:
        return None
    codes = _codes(code for code, _, _, _ in rows)
    place = {code: number for number, code in enumerate(codes)}
    first, last = (bound(year for _, _, year, _ in rows) for bound in (min, max))
    counts = np.zeros((len(codes), len(TYPES), last - first + 1))
    for code, kind, year, candidates in rows:
        counts[place[code], TYPES.index(ExamType(kind).value), year - first] += candidates
    schools, areas = _schools_and_areas(codes)
    return ExamHistory(
        locations=np.array(codes),
        schools=schools,
        areas=areas,
        years=tuple(range(first, last + 1)),
        candidates=counts,
        cohorts=_cohorts(),
    )


def _codes(exam_codes: Iterable[str]) -> list[str]:
    """Return all locations with exams or with classes by level, sorted."""
    with_classes = _class_rows().values_list("location__code", flat=True).distinct()
    return sorted({*exam_codes, *with_classes})


def _class_rows():  # type: ignore[no-untyped-def]  # a queryset
    return LearnerCount.objects.order_by().filter(
        stage_kind=StageKind.YEAR, level__in=list(TYPES_OF_LEVEL), stage__range=(1, YEARS_OF_STUDY)
    )


def read_classes(history: ExamHistory) -> list[ClassCounts]:
    """Return the classes by type and year of study of every pupil file, oldest first; none without a pupil file."""
    years = sorted(_class_rows().values_list("reference_date__year", flat=True).distinct())
    return [_classes_of(history, year) for year in years]


def _classes_of(history: ExamHistory, count_year: int) -> ClassCounts:
    place = {str(code): number for number, code in enumerate(history.locations)}
    pure = np.zeros((len(place), len(TYPES), YEARS_OF_STUDY))
    mixed: dict[tuple[int, ...], Cells] = {}
    rows = _class_rows().filter(reference_date__year=count_year).values_list("location__code", "level", "stage")
    for code, level, stage, persons in rows.annotate(persons=Sum("count")):
        types = TYPES_OF_LEVEL[level]
        if len(types) == 1:
            pure[place[code], types[0], stage - 1] += persons
        else:
            mixed.setdefault(types, np.zeros((len(place), YEARS_OF_STUDY)))[place[code], stage - 1] += persons
    return split_mixed_classes(pure, mixed, schools=history.schools, count_year=count_year)


def _cohorts() -> tuple[CohortCounts, ...]:
    """Return the national counts of younger children per count year: ages 4-10 in po and so, years 1-3 of vo."""
    po = LearnerCount.objects.filter(stage_kind=StageKind.AGE, stage__in=PO_AGES)
    vo = LearnerCount.objects.filter(stage_kind=StageKind.YEAR, stage__in=VO_OPEN_YEARS).exclude(level__in=NOT_A_COHORT)
    found = []
    for rows, first_age, stages in ((po, PO_AGES[0], tuple(PO_AGES)), (vo, VO_FIRST_AGE, VO_OPEN_YEARS)):
        sums: dict[int, dict[int, float]] = {}
        for year, stage, persons in (
            rows.order_by().values_list("reference_date__year", "stage").annotate(n=Sum("count"))
        ):
            sums.setdefault(year, {})[stage] = float(persons)
        complete = [(year, by_stage) for year, by_stage in sorted(sums.items()) if all(by_stage.get(s) for s in stages)]
        found += [CohortCounts(year, first_age, tuple(by_stage[s] for s in stages)) for year, by_stage in complete]
    return tuple(found)


def _schools_and_areas(codes: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the index of the school and of the RPA-gebied of each location, -1 where the area is not known."""
    rows = SchoolLocation.objects.filter(code__in=codes).values_list("code", "school_id", "municipality__rpa_code")
    found = {code: (school, rpa or "") for code, school, rpa in rows}
    schools = sorted({school for school, _ in found.values()})
    areas = sorted({rpa for _, rpa in found.values()} - {""})
    school_at, area_at = ({name: number for number, name in enumerate(names)} for names in (schools, areas))
    pairs = [(school_at[found[code][0]], area_at.get(found[code][1], -1)) for code in codes]
    return np.array([s for s, _ in pairs], np.int64), np.array([a for _, a in pairs], np.int64)


def registered_areas(history: ExamHistory) -> NDArray[np.int64]:
    """Return the area of each location of the newest register, -1 for others: what the area scores are about."""
    registered = set(SchoolLocation.objects.filter(in_register=True).values_list("code", flat=True))
    return np.where([str(code) in registered for code in history.locations], history.areas, -1)


def choice_commit() -> str:
    """Return the commit of the committed choice as it is, and of its first version, made before any target was scored.

    `onbekend` outside a checkout.
    """
    newest, first = _commits(), _commits("--diff-filter=A")
    if not newest:
        return UNKNOWN_COMMIT
    return f"{newest[0]} (eerste keuze {first[-1]})" if first and first[-1] != newest[0] else newest[0]


def _commits(*options: str) -> list[str]:
    """Return the commits that touched the committed choice, newest first."""
    path = Path(str(resources.files("regio_engine.parameters").joinpath(PARAMETERS)))
    command = ["git", "log", "--format=%h", *options, "--", path.name]
    try:
        found = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return []
    return found.stdout.split()


@cache
def choice() -> loader.Tree:
    return loader.parse(resources.files("regio_engine.parameters").joinpath(PARAMETERS).read_text(encoding="utf-8"))

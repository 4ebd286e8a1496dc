"""Reads what the exam forecast needs from the tables and lays it out as the arrays of the engine. Saves nothing."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

import numpy as np
from django.db.models import Sum
from numpy.typing import NDArray

from regio.regions.enums import AreaKind
from regio.regions.models import SchoolLocation
from regio.workforce.enums import ExamType, Level, StageKind
from regio.workforce.models import ExamCount
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

from .pupil_inputs import counts_by_year

Cells = NDArray[np.float64]

PARAMETERS = "exam_model.yaml"
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
    return sorted({*exam_codes, *(code for rows in _class_counts().values() for code, *_ in rows)})


def _class_counts() -> dict[int, list[tuple[str, str, int, int]]]:
    """Return per count year, oldest first, the rows (location code, level, year of study, persons)."""
    counts = counts_by_year(TYPES_OF_LEVEL, StageKind.YEAR, one_dataset=True)
    return {year: [row for row in rows if 1 <= row[2] <= YEARS_OF_STUDY] for year, rows in counts.items()}


def read_classes(history: ExamHistory) -> list[ClassCounts]:
    """Return the classes by type and year of study of every pupil file, oldest first; none without a pupil file."""
    return [_classes_of(history, year, rows) for year, rows in _class_counts().items()]


def _classes_of(history: ExamHistory, count_year: int, rows: Iterable[tuple[str, str, int, int]]) -> ClassCounts:
    place = {str(code): number for number, code in enumerate(history.locations)}
    pure = np.zeros((len(place), len(TYPES), YEARS_OF_STUDY))
    mixed: dict[tuple[int, ...], Cells] = {}
    for code, level, stage, persons in rows:
        types = TYPES_OF_LEVEL[level]
        if len(types) == 1:
            pure[place[code], types[0], stage - 1] += persons
        else:
            mixed.setdefault(types, np.zeros((len(place), YEARS_OF_STUDY)))[place[code], stage - 1] += persons
    return split_mixed_classes(pure, mixed, schools=history.schools, count_year=count_year)


def _cohorts() -> tuple[CohortCounts, ...]:
    """Return the national counts of younger children per count year: ages 4-10 in po and so, years 1-3 of vo."""
    po = counts_by_year(Level.values, StageKind.AGE)
    vo = counts_by_year(set(Level.values) - {*NOT_A_COHORT}, StageKind.YEAR, one_dataset=True)
    found = []
    for counts, first_age, stages in ((po, PO_AGES[0], PO_AGES), (vo, VO_FIRST_AGE, VO_OPEN_YEARS)):
        for year, rows in counts.items():
            persons = [float(sum(number for *_, at, number in rows if at == stage)) for stage in stages]
            if all(persons):
                found.append(CohortCounts(year, first_age, tuple(persons)))
    return tuple(found)


def _schools_and_areas(codes: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the index of the school and of the RPA-gebied of each location, -1 where the area is not known."""
    found = _school_and_rpa()
    school_at, area_at = (
        {name: number for number, name in enumerate(names)}
        for names in (sorted({found[code][0] for code in codes}), _areas_of(codes, found))
    )
    pairs = [(school_at[found[code][0]], area_at.get(found[code][1], -1)) for code in codes]
    return np.array([s for s, _ in pairs], np.int64), np.array([a for _, a in pairs], np.int64)


def _school_and_rpa() -> dict[str, tuple[str, str]]:
    rows = SchoolLocation.objects.values_list("code", "school_id", "municipality__rpa_code")
    return {code: (school, rpa or "") for code, school, rpa in rows}


def _areas_of(codes: Iterable[str], found: Mapping[str, tuple[str, str]]) -> list[str]:
    return sorted({found[code][1] for code in codes} - {""})


def area_keys(history: ExamHistory) -> list[str]:
    """Return the region keys of the areas of a history, in the order of its area numbers."""
    return [f"{AreaKind.RPA}:{code}" for code in _areas_of(history.locations.tolist(), _school_and_rpa())]


def registered_areas(history: ExamHistory) -> NDArray[np.int64]:
    """Return the area of each location of the newest register, -1 for others: what the area scores are about."""
    registered = set(SchoolLocation.objects.filter(in_register=True).values_list("code", flat=True))
    return np.where([str(code) in registered for code in history.locations], history.areas, -1)


@cache
def choice() -> loader.Tree:
    return loader.parse(resources.files("regio_engine.parameters").joinpath(PARAMETERS).read_text(encoding="utf-8"))

"""Reads what the pupil forecast needs from the tables and lays it out as the arrays of the engine. Saves nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from django.db.models import Q, Sum
from numpy.typing import NDArray

from regio.regions.enums import Sector
from regio.regions.models import LocationLink, Population, Postcode, SchoolLocation
from regio.shared.models import ImportBatch
from regio.workforce.enums import Level, StageKind
from regio.workforce.models import ExamCount, LearnerCount, LearnerOrigin
from regio.workforce.queries import file_family
from regio_engine.parameters import loader
from regio_engine.pupils.intake import Cohorts, position_km, single_ages
from regio_engine.pupils.levels import EXAM_LEVELS, LEVELS, MIXED_LEVELS, STAGES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = dict[int, list[tuple[str, str, int, int]]]  # per count year: location code, level, stage, persons

NO_MARKET = "onbekend"
REGISTERS = "schoollocaties"  # registers that note the codes they no longer have
COUNT_MONTH = 10
ENTRY_AGE = 12  # age on 1 October at which most pupils start vo
NEWER_YEARS = 2  # so much newer counts by school say more than older ones by home postcode
OLDEST_WHOLE = 10  # oldest age at which hardly anyone has left for vo
FULL_AGES = range(5, 11)  # ages at which all children of a cohort are counted in po or so
LOCATION_LEVELS = {Sector.PO: (Level.BO, Level.SBO), Sector.SO: (Level.SO, Level.VSO, Level.SO_VSO)}


@dataclass(frozen=True)
class Place:
    """A location as the forecast knows it."""

    code: str
    school: str
    board: str
    market: str  # RMC-regio of its municipality
    municipality: str
    structure: str
    name: str
    postcode: str


def parameters() -> loader.Tree:
    """Return the committed choices of `pupil_model.yaml`."""
    return _parameters()


@cache
def _parameters() -> loader.Tree:
    text = resources.files("regio_engine.parameters").joinpath("pupil_model.yaml").read_text(encoding="utf-8")
    return loader.parse(text)


def places(codes: Iterable[str]) -> dict[str, Place]:
    """Return the known locations of these codes, by code."""
    rows = SchoolLocation.objects.values_list(
        "code", "school_id", "board_id", "municipality__rmc_code", "municipality_id", "structure", "name", "postcode"
    )
    wanted = set(codes)
    return {
        code: Place(code, school, board or "", rmc or NO_MARKET, town or "", structure, name, postcode)
        for code, school, board, rmc, town, structure, name, postcode in rows
        if code in wanted
    }


def positions_km(codes: list[str]) -> Floats:
    """Return the position of each location in km, nan where neither point nor postcode tells, (L, 2)."""
    postcode = postcode_points()
    found: dict[str, tuple[float, float]] = {}
    for code, lat, lon, pc6 in SchoolLocation.objects.values_list("code", "lat", "lon", "postcode"):
        point = (float(lat), float(lon)) if lat is not None and lon is not None else postcode.get(pc6[:4])
        if point:
            found[code] = point
    pairs = np.array([found.get(code, (np.nan, np.nan)) for code in codes], np.float64).reshape(-1, 2)
    return position_km(pairs[:, 0], pairs[:, 1])


def counts_by_year(levels: Iterable[str], stage_kind: str, *, one_dataset: bool = False) -> Rows:
    """Return per count year the rows (location code, level, stage, persons) of these levels; unmasked and masked.

    Datasets of the same date overlap, files per municipality do not: per year and level the one with most persons counts, or with `one_dataset` per year.
    """
    rows = (
        LearnerCount.objects.filter(level__in=list(levels), stage_kind=stage_kind)
        .order_by()
        .values_list("reference_date__year", "batch__dataset", "location__code", "level", "stage")
        .annotate(persons=Sum("count"))
    )
    return _one_dataset_each(rows, per_level=not one_dataset)


def _one_dataset_each(rows: Iterable[tuple[int, str, str, str, int, int]], *, per_level: bool) -> Rows:
    """Return rows (place, level, stage, persons) per year from (year, dataset, place, level, stage, persons)."""
    found: dict[tuple[int, str], dict[str, list[tuple[str, str, int, int]]]] = {}
    for year, dataset, place, level, stage, persons in rows:
        key = (year, level if per_level else "")
        found.setdefault(key, {}).setdefault(file_family(dataset), []).append((place, level, stage, persons))
    years: Rows = {}
    for (year, _), datasets in sorted(found.items()):
        years.setdefault(year, []).extend(_largest(datasets))
    return years


def _largest(datasets: dict[str, list[tuple[str, str, int, int]]]) -> list[tuple[str, str, int, int]]:
    """Return the rows of the dataset with most persons; of equal ones the first by name."""
    return max(sorted(datasets.items()), key=lambda item: sum(row[-1] for row in item[1]))[1]


def vo_counts() -> Rows:
    """Return the vo counts per year that tell both level and year of study."""
    return counts_by_year((*LEVELS, *MIXED_LEVELS), StageKind.YEAR, one_dataset=True)


def vo_arrays(rows: list[tuple[str, str, int, int]], codes: list[str]) -> dict[str, Ints]:
    """Return per level or mixed class the pupils of one year, (locations, 6)."""
    place = {code: number for number, code in enumerate(codes)}
    arrays: dict[str, Ints] = {}
    for code, level, stage, persons in rows:
        if code in place and 1 <= stage <= STAGES:
            arrays.setdefault(level, np.zeros((len(codes), STAGES), np.int64))[place[code], stage - 1] += persons
    return arrays


def exam_candidates(codes: list[str], school_year: int) -> Floats:
    """Return the candidates of a school year per (exam type, location), nan at locations no exam year speaks of, (3, L)."""
    place = {code: number for number, code in enumerate(codes)}
    found = np.full((len(EXAM_LEVELS), len(codes)), np.nan)
    if not ExamCount.objects.filter(school_year=school_year).exists():
        return found
    ever = set(ExamCount.objects.filter(candidates__gt=0).values_list("location__code", flat=True).distinct())
    found[:, [place[code] for code in ever if code in place]] = 0.0
    rows = ExamCount.objects.filter(school_year=school_year).order_by().values_list("exam_type", "location__code")
    for kind, code, candidates in rows.annotate(persons=Sum("candidates")):
        if code in place:
            found[list(EXAM_LEVELS).index(kind), place[code]] = candidates
    return found


def new_codes(base_year: int) -> set[str]:
    """Return the vo locations with exam candidates in a school year after the newest pupil count."""
    rows = ExamCount.objects.filter(school_year__gt=base_year, candidates__gt=0)
    return set(rows.values_list("location__code", flat=True).distinct())


def entry_cohorts(base_year: int, years: int, *, back: int = 0) -> Cohorts | None:
    """Return the children who reach the age of entry per place and year; None where no po count by age is loaded.

    The years run from `back` years before the base year until `years` after it; nan where a cohort that came in before was
    never counted whole. A cohort is taken from the newest count in which it was at most ten, so still in po as a whole. By home postcode where
    such counts reach the base year's cohort, else by primary school. Who was not yet four counts as the four-year-olds.
    """
    by_postcode = LearnerOrigin.objects.filter(stage_kind=StageKind.AGE, reference_date__year__lte=base_year)
    origin_years = set(by_postcode.values_list("reference_date__year", flat=True).distinct())
    school_years = {year for year in counts_by_year(LOCATION_LEVELS[Sector.PO], StageKind.AGE) if year <= base_year}
    whole = base_year - (ENTRY_AGE - OLDEST_WHOLE)
    by_school_is_newer = bool(school_years) and max(school_years) > max(origin_years, default=0) + NEWER_YEARS
    by_school_reaches = any(year <= whole for year in school_years)
    by_postcode_reaches = any(year <= whole for year in origin_years) and not by_school_is_newer
    arrivals = range(base_year - back, base_year + years + 1)
    if origin_years and (by_postcode_reaches or not by_school_reaches):
        return _cohorts(_postcode_ages(origin_years), postcode_points(), arrivals, base_year)
    if not school_years:
        return None
    return _cohorts(_school_ages(school_years), _school_points(), arrivals, base_year)


def _postcode_ages(years: set[int]) -> dict[int, list[tuple[str, int, int]]]:
    return {
        year: [(pc4, age, persons) for pc4, _level, age, persons in rows if 4 <= age <= OLDEST_WHOLE]
        for year, rows in _origins(years).items()
    }


def _origins(years: set[int]) -> Rows:
    """Return per count year the rows (home postcode, level, age, persons); of overlapping datasets the largest."""
    rows = (
        LearnerOrigin.objects.filter(stage_kind=StageKind.AGE, reference_date__year__in=years)
        .order_by()
        .values_list("reference_date__year", "batch__dataset", "pc4", "level", "stage")
        .annotate(persons=Sum("count"))
    )
    return _one_dataset_each(rows, per_level=True)


def _school_ages(years: set[int]) -> dict[int, list[tuple[str, int, int]]]:
    counts = counts_by_year(LOCATION_LEVELS[Sector.PO], StageKind.AGE)
    return {
        year: [(code, age, persons) for code, _level, age, persons in counts[year] if 4 <= age <= OLDEST_WHOLE]
        for year in years
    }


def _school_points() -> dict[str, tuple[float, float]]:
    rows = SchoolLocation.objects.exclude(lat=None).exclude(lon=None).values_list("code", "lat", "lon")
    return {code: (float(lat or 0), float(lon or 0)) for code, lat, lon in rows}


def _cohorts(
    counts: Mapping[int, list[tuple[str, int, int]]],
    points: Mapping[str, tuple[float, float]],
    arrivals: range,
    base_year: int,
) -> Cohorts | None:
    wanted = [_count_and_age(sorted(counts), arrival) for arrival in arrivals]
    used = sorted({key for rows in counts.values() for key, _, _ in rows if key in points})
    place = {key: number for number, key in enumerate(used)}
    children = np.zeros((len(used), len(wanted)))
    for column, (year, age) in enumerate(wanted):
        for key, then, persons in counts[year]:
            if then == age and key in place:
                children[place[key], column] += persons
    if not children.any():
        return None
    first_whole = min(counts) + ENTRY_AGE - OLDEST_WHOLE
    children[:, [arrival < min(first_whole, base_year - 1) for arrival in arrivals]] = np.nan
    pairs = np.array([points[key] for key in used])
    return Cohorts(position_km(pairs[:, 0], pairs[:, 1]), children)


def _count_and_age(counted: list[int], arrival: int) -> tuple[int, int]:
    """Return the count year and age at which the cohort that arrives in a year was last whole in po."""
    whole = [year for year in counted if ENTRY_AGE - (arrival - year) <= OLDEST_WHOLE]
    year = max(whole) if whole else min(counted)
    return year, min(max(ENTRY_AGE - (arrival - year), 4), OLDEST_WHOLE)


def birth_cohorts(base_year: int) -> Floats:
    """Return the size of the birth cohort in each year of study of the base year, (6,); ones where po does not tell.

    A cohort is counted when it was 5-10 years old in bo, over the share of its age group in bo of the newest count that
    has all kinds of po and so.
    """
    bo = {year: by_age(rows) for year, rows in counts_by_year([Level.BO], StageKind.AGE).items() if year <= base_year}
    every = counts_by_year([Level.BO, Level.SBO, Level.SO, Level.VSO], StageKind.AGE)
    whole = [
        year for year, rows in every.items() if {row[1] for row in rows} >= {Level.BO, Level.SBO} and year <= base_year
    ]
    share = by_age(every[max(whole)]) / np.maximum(bo[max(whole)], 1) if whole else np.ones(40)
    sizes = [_cohort_size(bo, share, age=ENTRY_AGE + stage, in_year=base_year) for stage in range(STAGES)]
    known = [size for size in sizes if size]
    return np.array([size or (known[-1] if known else 1.0) for size in sizes])


def by_age(rows: list[tuple[str, str, int, int]]) -> Floats:
    """Return persons per age 0-39 of count rows."""
    ages = np.zeros(40)
    for _code, _level, age, persons in rows:
        ages[min(age, 39)] += persons
    return ages


def _cohort_size(bo: Mapping[int, Floats], share: Floats, *, age: int, in_year: int) -> float | None:
    seen = [(age - (in_year - year), counts) for year, counts in bo.items()]
    sizes = [float(counts[then] * share[then]) for then, counts in seen if then in FULL_AGES and counts[then] > 0]
    return sum(sizes) / len(sizes) if sizes else None


def age_sums(year: int) -> Floats:
    """Return all children in po and so per age of one count year, (40,)."""
    return by_age(counts_by_year([Level.BO, Level.SBO, Level.SO, Level.VSO], StageKind.AGE).get(year, []))


def postcode_points() -> dict[str, tuple[float, float]]:
    """Return latitude and longitude of postcode areas."""
    rows = Postcode.objects.exclude(lat=None).exclude(lon=None).values_list("pc4", "lat", "lon")
    return {pc4: (float(lat or 0), float(lon or 0)) for pc4, lat, lon in rows}


def market_by_postcode() -> dict[str, str]:
    """Return the RMC-regio of postcode areas."""
    return dict(Postcode.objects.exclude(municipality=None).values_list("pc4", "municipality__rmc_code"))


def origin_ages() -> tuple[int, dict[str, Floats]] | None:
    """Return the year of the newest po count by home postcode and its children per age 0-27; None where not loaded."""
    rows = LearnerOrigin.objects.filter(stage_kind=StageKind.AGE)
    newest = rows.order_by("-reference_date").values_list("reference_date", flat=True).first()
    if newest is None:
        return None
    found: dict[str, Floats] = {}
    for pc4, _level, age, persons in _origins({newest.year})[newest.year]:
        found.setdefault(pc4, np.zeros(28))[min(age, 27)] += persons
    return newest.year, found


def population_by_age(before_year: int) -> tuple[list[str], Floats] | None:
    """Return postcodes and persons per single age 0-19, from the newest five-year classes up to that year."""
    dates = Population.objects.filter(area_kind="pc4", reference_date__year__lte=before_year, age_from__lte=15)
    newest = dates.order_by("-reference_date").values_list("reference_date", flat=True).first()
    if newest is None:
        return None
    rows = Population.objects.filter(area_kind="pc4", reference_date=newest, age_from__in=(0, 5, 10, 15))
    classes: dict[str, list[float]] = {}
    for pc4, age, persons in rows.values_list("area_code", "age_from", "persons"):
        classes.setdefault(pc4, [0.0] * 4)[age // 5] = float(persons or 0)
    codes = sorted(classes)
    return codes, single_ages(np.array([classes[code] for code in codes]))


def known_alive(codes: list[str], base_year: int) -> Ints:
    """Return how many years after the base year a register still has each code, (L,); 0 where no later register is loaded.

    A register of autumn of year t tells of the count of year t; an earlier month of the year before.
    """
    dates = ImportBatch.objects.filter(dataset=REGISTERS, superseded_at=None).values_list("reference_date", flat=True)
    newest = max((day for day in dates if day), default=None)
    if newest is None:
        return np.zeros(len(codes), np.int64)
    years = max(newest.year - (newest.month < COUNT_MONTH) - base_year, 0)
    gone = set(LocationLink.objects.values_list("old__code", flat=True))
    there = set(SchoolLocation.objects.filter(in_register=True).values_list("code", flat=True)) - gone
    return np.array([years if code in there else 0 for code in codes], np.int64)


def links_between(codes: set[str]) -> list[tuple[str, str | None, float, int]]:
    """Return links (old code, new code or None, share, year since) of these locations that people or registers told."""
    rows = LocationLink.objects.filter(Q(old__code__in=codes)).values_list("old__code", "new__code", "share", "since")
    return [(old, new, share, since.year if since else 0) for old, new, share, since in rows]


Progress = Callable[[float, str], Any]

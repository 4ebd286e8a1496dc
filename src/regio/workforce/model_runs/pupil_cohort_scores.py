"""Scores of the intake of vo from home postcodes and of po cohorts over five years. Nothing of the target is known."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio.workforce.enums import Level, StageKind
from regio_engine.parameters import loader
from regio_engine.pupils.intake import Cohorts, catchment_mass, earlier_entry, position_km
from regio_engine.pupils.scoring import bias, difference_margin, wape
from regio_engine.pupils.totals import school_survival

from . import pupil_inputs as inputs
from .choices import choice_commit
from .pupil_inputs import Place
from .pupil_scores import PARAMETERS, ScoreRow, sums_by

Floats = NDArray[np.float64]


def score_intake() -> list[ScoreRow]:
    """Return the score of vo years 1 and 2 per RMC-regio from home postcodes of po, the national total not known.

    The share of each location comes from its count of years 1 and 2 in the oldest profile and its catchment's children of
    that time; the coming children are those of 9 and 10 years in the newest po count by home postcode. Baseline: one
    ratio for the country with the total known.
    """
    known = _intake_parts()
    if known is None:
        return []
    expected = known.base * known.mass[:, 1] / known.mass[:, 0] * known.growth
    areas = sorted({place.market for place in known.places.values()} | set(known.children))
    said = _by_market(areas, known.places, dict(zip(known.codes, expected.tolist(), strict=True)))
    truth = _by_market(areas, known.places, known.truth)
    flat = np.array([known.children.get(area, 0.0) for area in areas])
    flat *= truth.sum() / flat.sum()
    return [
        ScoreRow(
            test="vo instroom", grain="rmc", origin=str(known.origin), target=str(known.target), horizon_years=known.target - known.origin,
            group="leerjaar 1-2", cells=len(areas), wape=wape(said, truth), bias=bias(said, truth), coverage_80=None,
            crps_skill=None, persistence_wape=wape(flat, truth), mean3_wape=None, persistence_margin=difference_margin(said, flat, truth), choice_commit=choice_commit(PARAMETERS),
        )
    ]  # fmt: skip


def _by_market(areas: list[str], places: Mapping[str, Place], values: Mapping[str, float]) -> Floats:
    sums = dict.fromkeys(areas, 0.0)
    for code, value in values.items():
        sums[places[code].market] += value
    return np.array([sums[area] for area in areas])


def score_po_cohorts() -> list[ScoreRow]:
    """Return the scores of po cohorts: ages 4-6 in the oldest bo count against ages 9-11 five years later.

    National survival comes from the share of each age in bo in the oldest count; nothing of the target is known.
    """
    counts = inputs.counts_by_year([Level.BO], StageKind.AGE)
    years = sorted(counts)
    if len(years) < 2:
        return []
    origin = years[0]
    target = next((year for year in years if year >= origin + 5), None)
    people = inputs.population_by_age(origin + 1)
    if target != origin + 5 or people is None:
        return []
    before, after = _ages_by_code(counts[origin]), _ages_by_code(counts[target])
    single = people[1].sum(axis=0)
    on_first_october = 0.75 * single[:-1] + 0.25 * single[1:]  # the population is of 1 January
    in_school = np.sum(list(before.values()), axis=0)[: len(on_first_october)]
    survival = school_survival(in_school, on_first_october, ages=(4, 5, 6), years=5)
    codes = sorted(set(before) | set(after))
    zero = np.zeros(28)
    said = np.array([before.get(code, zero)[4:7] @ survival for code in codes])
    truth = np.array([after.get(code, zero)[9:12].sum() for code in codes])
    last = np.array([before.get(code, zero)[9:12].sum() for code in codes])
    both = np.array([code in before and code in after for code in codes])
    known = inputs.places(codes)
    rmc = np.array([known[code].market for code in codes])
    rows = [_cohort_row("vestiging", np.asarray(codes), both, said, truth, last, origin, target)]
    everything = np.ones(len(codes), bool)
    return [*rows, _cohort_row("rmc", rmc, everything, said, truth, last, origin, target)]


def _ages_by_code(lines: list[tuple[str, str, int, int]]) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for code, _level, age, persons in lines:
        found.setdefault(code, np.zeros(28))[min(age, 27)] += persons
    return found


def _cohort_row(
    grain: str,
    keys: NDArray[np.str_],
    where: NDArray[np.bool_],
    said: Floats,
    truth: Floats,
    last: Floats,
    origin: int,
    target: int,
) -> ScoreRow:
    groups, number = np.unique(keys[where], return_inverse=True)
    f, y, p = (sums_by(number, values[where], len(groups)) for values in (said, truth, last))
    if grain == "rmc":
        f, p = f * (y.sum() / f.sum()), p * (y.sum() / p.sum())
    return ScoreRow(
        test="po cohorten", grain=grain, origin=str(origin), target=str(target), horizon_years=target - origin,
        group="leeftijd 9-11, landelijk totaal bekend" if grain == "rmc" else "leeftijd 9-11", cells=len(groups), wape=wape(f, y), bias=bias(f, y), coverage_80=None, crps_skill=None,
        persistence_wape=wape(p, y), mean3_wape=None, persistence_margin=difference_margin(f, p, y),
        choice_commit=choice_commit(PARAMETERS),
    )  # fmt: skip


@dataclass(frozen=True)
class _Intake:
    """vo years 1 and 2 per location then and now, and the children around it: (L, 2) at the profile and in the po count."""

    codes: list[str]
    places: Mapping[str, Place]
    base: Floats
    mass: Floats
    growth: float
    truth: Mapping[str, float]
    children: Mapping[str, float]  # ages 10 and 11 per RMC-regio of the home postcode
    origin: int
    target: int


def _intake_parts() -> _Intake | None:
    profiles = inputs.counts_by_year([Level.ALL], StageKind.YEAR)
    targets, origins = inputs.vo_counts(), inputs.origin_ages()
    people = inputs.population_by_age(min(profiles) + 1) if profiles else None
    if not profiles or not targets or not origins or people is None or max(targets) <= origins[0]:
        return None
    origin, by_pc4 = origins
    target = min(year for year in targets if year > origin)
    first, truth = _first_two_years(profiles[min(profiles)]), _first_two_years(targets[target])
    codes = sorted(first)
    areas = inputs.market_by_postcode()
    children: dict[str, float] = {}
    for pc4, ages in by_pc4.items():
        if pc4 in areas:
            children[areas[pc4]] = children.get(areas[pc4], 0.0) + ages[10] + ages[11]
    return _Intake(
        codes=codes, places=inputs.places(set(codes) | set(truth)), base=np.array([first[code] for code in codes]),
        mass=_children_around(codes, people, by_pc4), truth=truth,
        growth=_cohort_growth(origin) ** (target - origin) * (1.0 + _entry_trend(origin)),
        children=children, origin=origin, target=target,
    )  # fmt: skip


def _first_two_years(lines: list[tuple[str, str, int, int]]) -> dict[str, float]:
    return _summed([line for line in lines if line[2] <= 2])


def _children_around(codes: list[str], people: tuple[list[str], Floats], by_pc4: Mapping[str, Floats]) -> Floats:
    """Return two cohorts of children around each location: of 10-14 years then, of 9 and 10 years in the po count."""
    points, (pc4s, single) = inputs.postcode_points(), people
    places = sorted(set(points) & (set(pc4s) | set(by_pc4)))
    number = {pc4: n for n, pc4 in enumerate(places)}
    masses = np.zeros((len(places), 2))
    for n, pc4 in enumerate(pc4s):
        if pc4 in number:
            masses[number[pc4], 0] = 0.4 * single[n, 10:15].sum()
    for pc4, ages in by_pc4.items():
        if pc4 in number:
            masses[number[pc4], 1] = ages[9] + ages[10]
    pairs = np.array([points[pc4] for pc4 in places])
    km = loader.number(loader.branch(inputs.parameters(), "intake"), "catchment_km", above=0)
    return catchment_mass(inputs.positions_km(codes), Cohorts(position_km(pairs[:, 0], pairs[:, 1]), masses), km=km)


def _cohort_growth(year: int) -> float:
    """Return the yearly growth of a cohort of school age by people moving in, from two counts of bo and the newest shares."""
    found = _two_counts(year)
    if found is None:
        return 1.0
    then, now, gap = found
    every = inputs.age_sums(year)
    ages = [age for age in (4, 5) if age + gap <= 10]
    share = every / np.maximum(now, 1.0)
    before = sum(then[age] * share[age] for age in ages)
    after = sum(every[age + gap] for age in ages)
    return float((after / before) ** (1.0 / gap)) if before > 0 else 1.0


def _entry_trend(year: int) -> float:
    """Return by which part the intake is larger while children start vo ever younger: part of what two counts show."""
    found = _two_counts(year)
    if found is None:
        return 0.0
    then, now, gap = found
    share = loader.number(loader.branch(inputs.parameters(), "intake"), "entry_trend_share")
    return share * earlier_entry(then, now, years=gap)


def _two_counts(year: int) -> tuple[Floats, Floats, int] | None:
    """Return bo pupils per age of the oldest count of the six years before and of this year, and the years between."""
    bo = inputs.counts_by_year([Level.BO], StageKind.AGE)
    older = [y for y in bo if y < year and year - y <= 6]
    if not older or year not in bo:
        return None
    return inputs.by_age(bo[min(older)]), inputs.by_age(bo[year]), year - min(older)


def _summed(lines: list[tuple[str, str, int, int]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for code, _level, _stage, persons in lines:
        sums[code] = sums.get(code, 0.0) + persons
    return sums

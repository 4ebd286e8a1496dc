"""How good the pupil forecast was: forecasts from old counts beside the counts that followed. Saves nothing.

Three tests span several years where only a few counts are loaded: vo totals per location, intake of vo from home
postcodes, and po cohorts. Where counts follow each other year by year, `rolling_rounds` forecasts every count from the
ones before it. The choices come from `pupil_model.yaml`; every score names the commit of that file.
"""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regio.workforce.enums import Level, StageKind
from regio_engine.parameters import loader
from regio_engine.pupils.draws import Chance, draw_blocks
from regio_engine.pupils.intake import Cohorts, catchment_mass, position_km
from regio_engine.pupils.levels import TYPES
from regio_engine.pupils.plan import NEVER, Cells, FlowPlan
from regio_engine.pupils.scoring import baseline_draws, bias, coverage, crps, wape
from regio_engine.pupils.totals import (
    TotalSettings,
    forecast_totals,
    profile_momentum,
    school_survival,
    sector_age_mass,
)

from . import pupil_inputs as inputs
from .pupil_inputs import Place
from .pupil_plans import location_steps

Floats = NDArray[np.float64]
PRO = "PRO"
VWO = "VWO"
SEED = 20260801


@dataclass(frozen=True)
class ScoreRow:
    """One line of the scorecard; shares are fractions. None where a measure does not apply."""

    test: str
    grain: str
    origin: str
    target: str
    horizon_years: int
    group: str
    cells: int
    wape: float
    bias: float
    coverage_80: float | None
    crps_skill: float | None
    persistence_wape: float | None
    mean3_wape: float | None
    choice_commit: str


def choice_commit() -> str:
    """Return the commit of the committed choice, with a plus where the file differs from it; empty outside a checkout."""
    path = Path(str(resources.files("regio_engine.parameters").joinpath("pupil_model.yaml")))
    command = ["git", "-C", str(path.parent), "log", "-1", "--format=%h", "--", path.name]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.strip()  # noqa: S603
        changed = subprocess.run(  # noqa: S603
            ["git", "-C", str(path.parent), "status", "--porcelain", "--", path.name],  # noqa: S607
            capture_output=True, text=True, timeout=20, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return found + ("+" if changed else "")


# --------------------------------------------------------------------------------------------- vo totals per location
@dataclass(frozen=True)
class TotalsRound:
    """A forecast of totals per location beside what was counted, on the union of both sets of codes."""

    origin: int
    target: int
    codes: tuple[str, ...]
    places: Mapping[str, Place]
    last: Floats  # 0 where the code was not there yet
    expected: Floats
    truth: Floats  # 0 where the code is gone


def totals_rounds() -> list[TotalsRound]:
    """Return the rounds that the loaded counts allow: from every year-of-study profile and total to each later count.

    Practical education is left out, for not every count holds it; where a total is a later origin, the momentum and the
    catchment run on from the older profile.
    """
    totals = _totals_without_pro()
    profile_year = next((year for year in sorted(totals) if _profile(year)), None)
    if profile_year is None:
        return []
    pairs = [(a, b) for a in sorted(totals) for b in sorted(totals) if a < b and a >= profile_year and b - a > 1]
    return [_totals_round(a, b, profile_year, totals) for a, b in pairs]


def _totals_without_pro() -> dict[int, dict[str, float]]:
    """Return pupils per location and count year, without practical education as far as a count tells it."""
    found: dict[int, dict[str, float]] = {}
    for rows in (inputs.counts_by_year([Level.ALL], StageKind.ALL), inputs.counts_by_year([Level.ALL], StageKind.YEAR)):
        for year, lines in rows.items():
            found[year] = _summed(lines)
    pure = {
        code for code, place in inputs.places({c for t in found.values() for c in t}).items() if place.structure == PRO
    }
    for year, lines in inputs.vo_counts().items():
        found[year] = _summed([line for line in lines if line[1] != Level.PRO])
        pure |= {line[0] for line in lines if line[1] == Level.PRO} - set(found[year])
    return {year: {code: n for code, n in own.items() if code not in pure} for year, own in found.items()}


def _summed(lines: list[tuple[str, str, int, int]]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for code, _level, _stage, persons in lines:
        sums[code] = sums.get(code, 0.0) + persons
    return sums


def _profile(year: int) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for code, _level, stage, persons in inputs.counts_by_year([Level.ALL], StageKind.YEAR).get(year, []):
        found.setdefault(code, np.zeros(6))[stage - 1] += persons
    return found


def _totals_round(
    origin: int, target: int, profile_year: int, totals: Mapping[int, Mapping[str, float]]
) -> TotalsRound:
    before, after = totals[origin], totals[target]
    codes = tuple(sorted(set(before) | set(after)))
    known = inputs.places(codes)
    last = np.array([before.get(code, 0.0) for code in codes])
    expected = _expected(last, codes, known, profile_year, (origin - profile_year, target - profile_year))
    truth = np.array([after.get(code, 0.0) for code in codes])
    return TotalsRound(origin, target, codes, known, last, expected, truth)


def _expected(
    base: Floats, codes: tuple[str, ...], known: Mapping[str, Place], profile_year: int, spans: tuple[int, int]
) -> Floats:
    """Return the totals of the later of two spans after the profile from those of the earlier one."""
    settings = total_settings()
    mass = _catchment(list(codes), profile_year, spans)
    return forecast_totals(
        base, momentum=_momentum(codes, profile_year, known, spans, settings),
        catchment=np.log(mass[:, 1] / mass[:, 0]), children=mass[:, 0],
        vwo_only=np.array([known[code].structure == VWO for code in codes]), years=spans[1] - spans[0], settings=settings,
    )  # fmt: skip


def total_settings() -> TotalSettings:
    """Return the committed choices for totals."""
    tree = loader.branch(inputs.parameters(), "totals")
    names = (
        "own_ratio_share", "own_ratio_prior_pupils", "momentum_share", "momentum_bound", "catchment_share", "size_drift",
        "size_middle_pupils", "vwo_only_drift", "urban_drift",
    )  # fmt: skip
    return TotalSettings(**{name: loader.number(tree, name) for name in names})


def _momentum(
    codes: tuple[str, ...], year: int, known: Mapping[str, Place], spans: tuple[int, int], settings: TotalSettings
) -> Floats:
    profiles = _profile(year)
    kinds = tuple(known[code].structure for code in codes)
    array = np.stack([profiles.get(code, np.zeros(6)) for code in codes])
    start, end = (
        profile_momentum(array, kinds, years=span, settings=settings) if span else np.zeros(len(codes))
        for span in spans
    )
    return end - start


def _catchment(codes: list[str], year: int, spans: tuple[int, int]) -> Floats:
    """Return the children of vo age around each location at both spans after `year`, (L, 2); ones where not loaded."""
    found = inputs.population_by_age(year + 1)
    if found is None:
        return np.ones((len(codes), 2))
    pc4s, single = found
    points = inputs.postcode_points()
    there = [number for number, pc4 in enumerate(pc4s) if pc4 in points]
    pairs = np.array([points[pc4s[number]] for number in there])
    masses = np.column_stack([sector_age_mass(single[there], ages_back=span) for span in spans])
    km = loader.number(loader.branch(inputs.parameters(), "totals"), "catchment_km", above=0)
    return catchment_mass(inputs.positions(codes), Cohorts(position_km(pairs[:, 0], pairs[:, 1]), masses), km=km)


def score_totals(played: TotalsRound, *, draws: int = 400, seed: int = SEED) -> list[ScoreRow]:
    """Return the scores of one round: per location, BRIN and RMC-regio, the national total of the target known.

    `vestiging`, `brin` and `rmc` look at codes counted both times; `brin_alle` and `rmc_alle` sum all codes, vanished and
    new ones included (BRINs that exist both times).
    """
    both = (played.last > 0) & (played.truth > 0)
    brin = np.array([played.places[code].school for code in played.codes])
    rmc = np.array([played.places[code].market for code in played.codes])
    stay = np.isin(brin, brin[played.last > 0]) & np.isin(brin, brin[played.truth > 0])
    drawn = _drawn_totals(played, draws, seed)
    rows = [
        _grain(played, drawn, "vestiging", np.asarray(played.codes), both),
        _grain(played, drawn, "brin", brin, both),
        _grain(played, drawn, "rmc", rmc, both),
        _grain(played, drawn, "brin_alle", brin, stay),
        _grain(played, drawn, "rmc_alle", rmc, np.ones(len(both), bool)),
        _grain(
            played, drawn, "vestiging_alle", np.asarray(played.codes), played.last > 0, name="alle, verdwenen als 0"
        ),
    ]
    sizes = size_classes_of(played.last)
    rows += [
        _grain(
            played, drawn, "vestiging_alle", np.asarray(played.codes), (played.last > 0) & (sizes == size), name=size
        )
        for size in np.unique(sizes[played.last > 0])
    ]
    return rows


SIZE_FLOORS = (0, 200, 500, 1000)
SIZE_NAMES = ("0-200", "200-500", "500-1000", "1000+")


def size_classes_of(last: Floats) -> NDArray[np.str_]:
    """Return the size class of locations by their last known total [persons]."""
    return np.asarray(SIZE_NAMES)[np.maximum(np.searchsorted(SIZE_FLOORS, last, side="right") - 1, 0)]


def _drawn_totals(played: TotalsRound, draws: int, seed: int) -> Floats:
    """Draw the totals of the target year with the product's own chances, the expected course as plan, (L, D)."""
    size, years = len(played.codes), played.target - played.origin
    rate = np.where(played.last > 0, (played.expected / np.maximum(played.last, 1.0)) ** (1.0 / years), 0.0)
    scale = (played.truth.sum() / played.expected.sum()) ** (1.0 / years)
    plan = FlowPlan(
        codes=played.codes, markets=tuple(played.places[code].market for code in played.codes),
        cells=Cells(np.arange(size), ("alle",) * size, np.zeros(size, np.int64)), base=played.last,
        sources=np.arange(size)[:, None], rates=(rate * scale)[:, None], intake=np.zeros((size, years)),
        factor=np.ones((size, years)), known=np.full((size, years), np.nan), phi=np.ones(size), cv=np.full(size, 0.02),
        rate_cv=np.zeros(size), slot=np.zeros(size, np.int64), gone_from=np.full(size, NEVER),
    )  # fmt: skip
    floors, steps = location_steps("vo")
    market_sd = loader.number(loader.branch(inputs.parameters(), "chance"), "market_sd")
    chance = Chance(
        seed=seed, first_year=played.origin + 1, size_floors=floors, location_steps=steps, market_sd=market_sd,
        national=np.ones((len(TYPES), years, draws)),
    )  # fmt: skip
    drawn = np.zeros((size, draws))
    for block in draw_blocks(plan, chance):
        drawn[block.cells] = block.draws[:, -1]
    return drawn


def _grain(
    played: TotalsRound,
    drawn: Floats,
    grain: str,
    keys: NDArray[np.str_],
    where: NDArray[np.bool_],
    *,
    name: str = "alle",
) -> ScoreRow:
    groups, number = np.unique(keys[where], return_inverse=True)
    factor = played.truth[where].sum() / played.expected[where].sum()
    flat = played.truth[where].sum() / played.last[where].sum()
    expected, truth, last = (
        np.bincount(number, values[where], minlength=len(groups))
        for values in (played.expected * factor, played.truth, played.last)
    )
    summed = np.zeros((len(groups), drawn.shape[1]))
    np.add.at(summed, number, drawn[where])
    low, high = np.quantile(summed, (0.1, 0.9), axis=1)
    alone = grain.startswith("vestiging")
    point = np.quantile(summed, 0.5, axis=1) if name != "alle" else expected
    base = baseline_draws(
        last * flat, ["x"] * len(last), past_level=last * flat, past_truth=truth, past_groups=["x"] * len(last)
    )
    skill = 1.0 - crps(summed, truth).sum() / crps(base, truth).sum()
    return ScoreRow(
        test="vo totalen", grain=grain, origin=str(played.origin), target=str(played.target),
        horizon_years=played.target - played.origin, group=name, cells=len(groups), wape=wape(point, truth),
        bias=bias(point, truth), coverage_80=coverage(low, high, truth) if alone or grain.endswith("alle") else None,
        crps_skill=skill, persistence_wape=wape(last * flat, truth), mean3_wape=None, choice_commit=choice_commit(),
    )  # fmt: skip


# ----------------------------------------------------------------------------------------- intake and primary cohorts
def score_intake() -> list[ScoreRow]:
    """Return the score of vo years 1 and 2 per RMC-regio from home postcodes of po, the national total not known.

    The share of each location comes from its count of years 1 and 2 in the oldest profile and its catchment's children of
    that time; the coming children are those of 9 and 10 years in the newest po count by home postcode. Baseline: one
    ratio for the country with the total known.
    """
    ready = _intake_parts()
    if ready is None:
        return []
    codes, known, base, mass, cohort_growth, truth_by_code, children_by_rmc, origin, target = ready
    expected = base * mass[:, 1] / mass[:, 0] * cohort_growth
    areas = sorted(set(place.market for place in known.values()) | set(children_by_rmc))
    place_of = {area: number for number, area in enumerate(areas)}
    said, truth = np.zeros(len(areas)), np.zeros(len(areas))
    for code, value in zip(codes, expected, strict=True):
        said[place_of[known[code].market]] += value
    for code, value in truth_by_code.items():
        truth[place_of[known[code].market]] += value
    flat = np.array([children_by_rmc.get(area, 0.0) for area in areas])
    flat *= truth.sum() / flat.sum()
    return [
        ScoreRow(
            test="vo instroom", grain="rmc", origin=str(origin), target=str(target), horizon_years=target - origin,
            group="leerjaar 1-2", cells=len(areas), wape=wape(said, truth), bias=bias(said, truth), coverage_80=None,
            crps_skill=None, persistence_wape=wape(flat, truth), mean3_wape=None, choice_commit=choice_commit(),
        )
    ]  # fmt: skip


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
    f, y, p = (np.bincount(number, values[where], minlength=len(groups)) for values in (said, truth, last))
    if grain == "rmc":
        f, p = f * (y.sum() / f.sum()), p * (y.sum() / p.sum())
    return ScoreRow(
        test="po cohorten", grain=grain, origin=str(origin), target=str(target), horizon_years=target - origin,
        group="leeftijd 9-11, landelijk totaal bekend" if grain == "rmc" else "leeftijd 9-11", cells=len(groups), wape=wape(f, y), bias=bias(f, y), coverage_80=None, crps_skill=None,
        persistence_wape=wape(p, y), mean3_wape=None,
        choice_commit=choice_commit(),
    )  # fmt: skip


def _intake_parts():  # type: ignore[no-untyped-def]
    counts = inputs.counts_by_year([Level.ALL], StageKind.YEAR)
    targets = inputs.vo_counts()
    origins = inputs.origin_ages()
    people = inputs.population_by_age(min(counts) + 1) if counts else None
    if not counts or not targets or not origins or people is None:
        return None
    origin_year, by_pc4 = origins
    target = min(year for year in targets if year > origin_year)
    first = {}
    for code, _level, stage, persons in counts[min(counts)]:
        if stage <= 2:
            first[code] = first.get(code, 0.0) + persons
    truth = {}
    for code, _level, stage, persons in targets[target]:
        if stage <= 2:
            truth[code] = truth.get(code, 0.0) + persons
    codes = sorted(first)
    known = inputs.places(set(codes) | set(truth))
    points = inputs.postcode_points()
    pc4s, single = people
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
    mass = catchment_mass(inputs.positions(codes), Cohorts(position_km(pairs[:, 0], pairs[:, 1]), masses), km=km)
    growth = _cohort_growth(origin_year) ** (target - origin_year)
    areas = inputs.market_by_postcode()
    children: dict[str, float] = {}
    for pc4, ages in by_pc4.items():
        if pc4 in areas:
            children[areas[pc4]] = children.get(areas[pc4], 0.0) + ages[10] + ages[11]
    base = np.array([first[code] for code in codes])
    return codes, known, base, mass, growth, truth, children, origin_year, target


def _cohort_growth(year: int) -> float:
    """Return the yearly growth of a cohort of school age by people moving in, from two counts of bo and the newest shares."""
    bo = inputs.counts_by_year([Level.BO], StageKind.AGE)
    older = [y for y in bo if y < year and year - y <= 6]
    if not older or year not in bo:
        return 1.0
    gap = year - min(older)
    every = inputs.age_sums(year)
    then, now = inputs.by_age(bo[min(older)]), inputs.by_age(bo[year])
    ages = [age for age in (4, 5) if age + gap <= 10]
    share = every / np.maximum(now, 1.0)
    before = sum(then[age] * share[age] for age in ages)
    after = sum(every[age + gap] for age in ages)
    return float((after / before) ** (1.0 / gap)) if before > 0 else 1.0


def backtest_pupils(*, draws: int = 400, seed: int = SEED) -> list[ScoreRow]:
    """Return the whole scorecard of pupils that the loaded counts allow."""
    rows = [row for played in totals_rounds() for row in score_totals(played, draws=draws, seed=seed)]
    return [*rows, *score_intake(), *score_po_cohorts()]

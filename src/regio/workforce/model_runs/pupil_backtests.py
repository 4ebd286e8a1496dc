"""How good the pupil forecast was: forecasts from old counts beside the counts that followed. Saves nothing.

Three tests span several years where only a few counts are loaded: vo totals per location, intake of vo from home
postcodes, and po cohorts. Where counts follow each other year by year, `rolling_rounds` forecasts every count from the
ones before it. The choices come from `pupil_model.yaml`; every score names the commit of that file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio.workforce.enums import Level, StageKind
from regio_engine.parameters import loader
from regio_engine.pupils.draws import Chance, draw_blocks
from regio_engine.pupils.intake import Cohorts, catchment_mass, position_km
from regio_engine.pupils.levels import TYPES
from regio_engine.pupils.plan import NEVER, Cells, FlowPlan
from regio_engine.pupils.scoring import baseline_draws, bias, coverage, crps, difference_margin, wape
from regio_engine.pupils.totals import (
    TotalSettings,
    bounded_surprise,
    forecast_totals,
    profile_momentum,
    sector_age_mass,
    upper_share,
)

from . import pupil_inputs as inputs
from .choices import choice_commit
from .published_scores import published_rows
from .pupil_cohort_scores import score_intake, score_po_cohorts
from .pupil_inputs import Place
from .pupil_rolling import rolling_rounds, rolling_scores
from .pupil_scores import PARAMETERS, ScoreRow, largest_misses, sums_by
from .pupil_spread import location_steps

Floats = NDArray[np.float64]
PRO = "PRO"
SEED = 20260801


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
    known = _Known(codes, inputs.places(codes), profile_year, _profiles(codes, profile_year), total_settings())
    last = np.array([before.get(code, 0.0) for code in codes])
    first = np.array([totals[profile_year].get(code, 0.0) for code in codes])
    expected = _expected(known, last, first, (origin - profile_year, target - profile_year))
    truth = np.array([after.get(code, 0.0) for code in codes])
    return TotalsRound(origin, target, codes, known.places, last, expected, truth)


@dataclass(frozen=True)
class _Known:
    """The oldest profile of years of study of these codes, (L, 6), and the choices of the model."""

    codes: tuple[str, ...]
    places: Mapping[str, Place]
    year: int
    profiles: Floats
    settings: TotalSettings

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self.places[code].structure for code in self.codes)

    @property
    def markets(self) -> tuple[str, ...]:
        return tuple(self.places[code].market for code in self.codes)


def _profiles(codes: tuple[str, ...], year: int) -> Floats:
    found = _profile(year)
    return np.stack([found.get(code, np.zeros(6)) for code in codes])


def _expected(known: _Known, base: Floats, first: Floats, spans: tuple[int, int]) -> Floats:
    """Return the totals of the later of two spans after the profile from those of the earlier one, (L,).

    Where the base is a later count than the profile, how far it lies from what the profile led to expect is used too.
    """
    surprise = np.zeros(len(base))
    if spans[0]:
        told = _expected(known, first, first, (0, spans[0]))
        surprise = bounded_surprise(base, told, known.markets, settings=known.settings)
    mass = _catchment(list(known.codes), known.year, spans)
    return forecast_totals(
        base, momentum=_momentum(known, spans), catchment=np.log(mass[:, 1] / mass[:, 0]), children=mass[:, 0],
        upper=upper_share(known.profiles, known.kinds, settings=known.settings), surprise=surprise,
        years=spans[1] - spans[0], settings=known.settings,
    )  # fmt: skip


def total_settings() -> TotalSettings:
    """Return the committed choices for totals."""
    tree = loader.branch(inputs.parameters(), "totals")
    names = (
        "own_ratio_share", "own_ratio_prior_pupils", "momentum_share", "momentum_bound", "catchment_share", "size_drift",
        "size_middle_pupils", "upper_share_drift", "upper_prior_pupils", "urban_drift", "surprise_share", "surprise_bound",
    )  # fmt: skip
    return TotalSettings(**{name: loader.number(tree, name) for name in names})


def _momentum(known: _Known, spans: tuple[int, int]) -> Floats:
    start, end = (
        profile_momentum(known.profiles, known.kinds, years=span, settings=known.settings) if span else 0.0
        for span in spans
    )
    return np.asarray(end - start, np.float64)


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
    return catchment_mass(inputs.positions_km(codes), Cohorts(position_km(pairs[:, 0], pairs[:, 1]), masses), km=km)


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
        sums_by(number, values[where], len(groups)) for values in (played.expected * factor, played.truth, played.last)
    )
    summed = np.zeros((len(groups), drawn.shape[1]))
    np.add.at(summed, number, drawn[where])
    low, high = np.quantile(summed, (0.1, 0.9), axis=1)
    alone = grain.startswith("vestiging")
    point = np.quantile(summed, 0.5, axis=1) if name != "alle" else expected
    base = baseline_draws(
        last * flat, ["x"] * len(last), past_level=last * flat, past_truth=truth, past_groups=["x"] * len(last)
    )
    misses = largest_misses(
        [str(group) for group in groups], p10=low, p50=point, p90=high, happened=truth, last_known=last
    ) if grain == "vestiging_alle" and name.startswith("alle") else ()  # fmt: skip
    skill = 1.0 - crps(summed, truth).sum() / crps(base, truth).sum()
    return ScoreRow(
        test="vo totalen", grain=grain, origin=str(played.origin), target=str(played.target),
        horizon_years=played.target - played.origin, group=name, cells=len(groups), wape=wape(point, truth),
        bias=bias(point, truth), coverage_80=coverage(low, high, truth) if alone or grain.endswith("alle") else None,
        crps_skill=skill, persistence_wape=wape(last * flat, truth), mean3_wape=None, choice_commit=choice_commit(PARAMETERS), misses=misses,
        persistence_margin=difference_margin(point, last * flat, truth),
    )  # fmt: skip


def backtest_pupils(*, draws: int = 400, seed: int = SEED) -> list[ScoreRow]:
    """Return the whole scorecard of pupils that the loaded counts allow."""
    rows = [row for played in totals_rounds() for row in score_totals(played, draws=draws, seed=seed)]
    rounds = rolling_rounds(draws=draws, seed=seed)
    return [*rows, *score_intake(), *score_po_cohorts(), *rolling_scores(rounds), *published_rows(rounds)]

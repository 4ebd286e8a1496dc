"""The pupil forecast: the only door between the tables and `regio_engine.pupils`.

    forecast = forecast_pupils(sector="vo", location_codes={"90AA00"}, years=6, draws=1000, seed=20260801)
    forecast.learner_draws            # LearnerDraws for the need engine: counts int32 (cells, years, draws)
    summarise(forecast, by="location")  # rows (key, year, p10, p50, mean, p90)

Stable calls (arguments by keyword):

- `forecast_pupils(sector, location_codes=None, years, draws, seed, progress=None, national_factors=None)` gives one
  `PupilForecast`; None takes every location with pupils. The figures of a location are the same whatever else is asked.
- `published_weight` (0-1) tells how far a loaded published forecast of vo is followed; None goes by past skill (`published`).
- `iterate_pupils(...)`, same arguments, gives a `PupilForecast` per RMC-regio in turn: what a run of the whole country
  uses, so that draws are summed and dropped block by block.
- `summarise(forecast, by=..., keys=None)`: by "location", "school", "board", "municipality", "market", "level", "total"
  or "location_level"; `keys` gives an own key per location code (a region).
- `summarise_all(sector, by, years, draws, seed, ...)`: rows for the whole country in little memory.
- `backtest_pupils(...)` lives in `pupil_backtests`.

`national_factors` is {calendar year: factor}, the user's change of the national total (1.03 = three per cent more); a factor
may also be given per type, {2027: {"alle": 1.01, "havo": 0.98}}: see `national_factors_from`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regio.regions.enums import Sector
from regio_engine.bands import spread_of
from regio_engine.parameters import loader
from regio_engine.pupils.draws import Chance, draw_blocks
from regio_engine.pupils.national import Factor, context_hash, national_steps
from regio_engine.pupils.own_spread import with_class_spread
from regio_engine.pupils.plan import FlowPlan
from regio_engine.pupils.summaries import sum_draws
from regio_engine.pupils.vo import vo_plan
from regio_engine.units import LearnerDraws, learner_draws

from . import pupil_inputs as inputs
from .published import follow_published
from .pupil_inputs import Place
from .pupil_plans import NoCounts, stage_known, stage_plan, vo_known, vo_settings
from .pupil_spread import chances_of, location_steps, stage_spread, vo_spread

__all__ = [
    "NationalFactors", "NoCounts", "PupilForecast", "Row", "forecast_pupils", "iterate_pupils", "national_factors_from",
    "summarise", "summarise_all",
]  # fmt: skip

Progress = Callable[[float, str], Any]
Row = tuple[str, int, float, float, float, float]  # key, year, p10, p50, mean, p90
NationalFactors = Mapping[int, Factor]


@dataclass(frozen=True)
class PupilForecast:
    """Drawn pupils of some locations of one sector.

    Attributes:
        sector: po, so, vo or mbo.
        base_year: calendar year of the newest count the forecast starts from.
        years: calendar years of the forecast (1 October).
        places: what is known of each location, by code.
        base: pupils per cell in the base year, mixed classes of vo split, (cells,) [persons].
        learner_draws: the draws with their labels, counts int32 (cells, years, draws) [persons].
        facts: hash of the national context, share of pupils at codes that are gone, counts used.
    """

    sector: str
    base_year: int
    years: tuple[int, ...]
    places: Mapping[str, Place]
    base: NDArray[np.int64]
    learner_draws: LearnerDraws
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def draws(self) -> NDArray[np.int32]:
        """Pupils per (cell, year, draw)."""
        return self.learner_draws.counts


@dataclass(frozen=True)
class _Prepared:
    plan: FlowPlan
    chance: Chance
    base_year: int
    places: Mapping[str, Place]
    facts: Mapping[str, Any]


def national_factors_from(settings: Mapping[str, Any]) -> dict[int, Factor]:
    """Return the national factors of a run's settings, as JSON keeps them: years as text, a number or numbers per type."""
    return {
        int(year): {kind: float(one) for kind, one in factor.items()} if isinstance(factor, Mapping) else float(factor)
        for year, factor in settings.get("national_factors", {}).items()
    }


def forecast_pupils(
    *, sector: str, location_codes: Collection[str] | None = None, years: int, draws: int, seed: int,
    progress: Progress | None = None, national_factors: NationalFactors | None = None, threads: int = 1,
    published_weight: float | None = None,
) -> PupilForecast:  # fmt: skip
    """Return the drawn pupils of these locations (None: all) for so many years after the newest count.

    Raises:
        NoCounts: no counts of this sector are loaded.
        ImplausibleInput: a national factor lies outside 0.5-2 or is of an unknown type, or the weight of a published
            forecast outside 0-1.
    """
    parts = list(
        iterate_pupils(
            sector=sector, location_codes=location_codes, years=years, draws=draws, seed=seed, progress=progress,
            national_factors=national_factors, threads=threads, published_weight=published_weight,
        )
    )  # fmt: skip
    if not parts:
        raise NoCounts(f"no pupils of sector {sector} at these locations")
    return _joined(parts)


def iterate_pupils(
    *, sector: str, location_codes: Collection[str] | None = None, years: int, draws: int, seed: int,
    progress: Progress | None = None, national_factors: NationalFactors | None = None, threads: int = 1,
    published_weight: float | None = None,
) -> Iterator[PupilForecast]:  # fmt: skip
    """Yield the drawn pupils market by market, in order of market; see `forecast_pupils`."""
    ready = _prepare(
        sector, years=years, draws=draws, seed=seed, factors=national_factors or {}, published_weight=published_weight
    )
    wanted = None if location_codes is None else set(location_codes)
    markets = frozenset(p.market for code, p in ready.places.items() if wanted is None or code in wanted)
    blocks = draw_blocks(ready.plan, ready.chance, markets=markets, threads=threads)
    for done, block in enumerate(blocks, start=1):
        if progress:
            progress(done / max(len(markets), 1), f"leerlingen {sector}: {done} van {len(markets)} gebieden")
        yield _labelled(ready, sector, block.cells, block.draws, wanted)


def summarise(forecast: PupilForecast, *, by: str, keys: Mapping[str, str] | None = None) -> list[Row]:
    """Return (key, year, p10, p50, mean, p90) per group and year, keys in order.

    Args:
        forecast: drawn pupils.
        by: "location", "school", "board", "municipality", "market", "level", "location_level" or "total".
        keys: own key per location code; then `by` must be "location". Locations left out are not summed.
    """
    labels = _labels(forecast, by, keys)
    kept = [number for number, label in enumerate(labels) if label is not None]
    names, summed = sum_draws(forecast.draws[kept], [str(labels[number]) for number in kept])
    spread = spread_of(summed)
    return [
        (
            name,
            year,
            float(spread.p10[g, y]),
            float(spread.p50[g, y]),
            float(spread.mean[g, y]),
            float(spread.p90[g, y]),
        )
        for g, name in enumerate(names)
        for y, year in enumerate(forecast.years)
    ]


def summarise_all(
    *, sector: str, by: str = "location", years: int, draws: int, seed: int, progress: Progress | None = None,
    national_factors: NationalFactors | None = None, threads: int = 1, published_weight: float | None = None,
) -> list[Row]:  # fmt: skip
    """Return the rows of `summarise` for all locations of the country, block by block in little memory.

    A school, board or level that reaches over several markets is summed over them per draw.
    """
    blocks = iterate_pupils(
        sector=sector, years=years, draws=draws, seed=seed, progress=progress, national_factors=national_factors,
        threads=threads, published_weight=published_weight,
    )  # fmt: skip
    sums: dict[str, NDArray[np.int64]] = {}
    calendar: tuple[int, ...] = ()
    for part in blocks:
        calendar = part.years
        names, summed = sum_draws(part.draws, [str(label) for label in _labels(part, by, None)])
        for name, own in zip(names, summed, strict=True):
            sums[name] = sums[name] + own if name in sums else own
    return [row for name in sorted(sums) for row in _rows(name, sums[name], calendar)]


def _rows(name: str, summed: NDArray[np.int64], years: tuple[int, ...]) -> list[Row]:
    spread = spread_of(summed)
    return [
        (name, year, float(spread.p10[y]), float(spread.p50[y]), float(spread.mean[y]), float(spread.p90[y]))
        for y, year in enumerate(years)
    ]


def _labels(forecast: PupilForecast, by: str, keys: Mapping[str, str] | None) -> list[str | None]:
    codes, levels = forecast.learner_draws.location_codes, forecast.learner_draws.levels
    if keys is not None:
        return [keys.get(str(code)) for code in codes]
    if by == "total":
        return ["alle"] * len(codes)
    if by == "level":
        return [str(level) for level in levels]
    if by == "location_level":
        return [f"{code}|{level}" for code, level in zip(codes, levels, strict=True)]
    if by == "location":
        return [str(code) for code in codes]
    return [str(getattr(forecast.places[str(code)], by)) for code in codes]


def _labelled(
    ready: _Prepared, sector: str, cells: NDArray[np.int64], drawn: NDArray[np.int32], wanted: set[str] | None
) -> PupilForecast:
    plan = ready.plan
    codes = [plan.codes[plan.cells.location[cell]] for cell in cells]
    kept = [number for number, code in enumerate(codes) if wanted is None or code in wanted]
    labels = [(codes[k], plan.cells.level[cells[k]], int(plan.cells.stage[cells[k]])) for k in kept]
    years = tuple(range(ready.base_year + 1, ready.base_year + 1 + plan.years))
    counts = drawn if len(kept) == len(codes) else drawn[kept]
    return PupilForecast(
        sector=sector, base_year=ready.base_year, years=years,
        places={code: ready.places[code] for code in {label[0] for label in labels}},
        base=np.rint(plan.base[cells[kept]]).astype(np.int64),
        learner_draws=learner_draws(cells=labels, years=years, counts=counts), facts=ready.facts,
    )  # fmt: skip


def _joined(parts: list[PupilForecast]) -> PupilForecast:
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    cells = [
        (str(code), str(level), int(stage))
        for part in parts
        for code, level, stage in zip(
            part.learner_draws.location_codes, part.learner_draws.levels, part.learner_draws.stages, strict=True
        )
    ]
    return PupilForecast(
        sector=first.sector, base_year=first.base_year, years=first.years,
        places={code: place for part in parts for code, place in part.places.items()},
        base=np.concatenate([part.base for part in parts]),
        learner_draws=learner_draws(
            cells=cells, years=first.years, counts=np.concatenate([part.draws for part in parts])
        ),
        facts=first.facts,
    )  # fmt: skip


def _prepare(
    sector: str, *, years: int, draws: int, seed: int, factors: NationalFactors, published_weight: float | None
) -> _Prepared:
    known: Mapping[str, Place]
    more: dict[str, Any] = {}
    if sector == Sector.VO:
        counts, known = vo_known(years)
        plan, base_year, spread = vo_plan(counts, vo_settings()), counts.years[-1], vo_spread(counts)
        plan, more["published"] = follow_published(plan, places=known, base_year=base_year, weight=published_weight)
    else:
        stages = stage_known(sector, years)
        plan, base_year, spread = (
            stage_plan(stages, sector, years),
            stages.newest.newest_year,
            stage_spread(stages, sector),
        )
        known = stages.places
    plan = with_class_spread(plan, spread)
    tree = loader.branch(inputs.parameters(), "chance")
    national = national_steps(
        sector=sector, first_year=base_year + 1, years=years, draws=draws, seed=seed,
        yearly_sd=loader.number(tree, "national_sd"), factors=factors,
    )  # fmt: skip
    floors, steps = location_steps(chances_of(sector), spread=spread)
    _, alive_steps = location_steps(chances_of(sector), vanishing=False, spread=spread)
    chance = Chance(
        seed=seed, first_year=base_year + 1, size_floors=floors, location_steps=steps,
        market_sd=loader.number(tree, "market_sd"), national=national, alive_steps=alive_steps,
    )  # fmt: skip
    gone = plan.gone_from[plan.cells.location, None] <= np.arange(years)[None, :]
    vanished = (plan.base[:, None] * gone).sum(axis=0) / max(plan.base.sum(), 1.0)
    facts = {
        "base_year": base_year,
        "national_context": context_hash(national),
        "vanished_share": [round(float(v), 4) for v in vanished],
        **more,
    }
    return _Prepared(plan, chance, base_year, known, facts)

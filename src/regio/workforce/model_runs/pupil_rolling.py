"""The rolling back-test: every vo count forecast from the counts before it, beside two simple rules.

Works where counts follow each other year by year. At an origin nothing later is known: no exam, no code link, no count.
Cells hold at least 20 pupils at the origin; a cell that is absent later counts as 0. Persistence carries the last count on
with its own past errors as bands; the other rule is the mean of the last three counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio.regions.enums import Sector
from regio_engine.bands import spread_of
from regio_engine.parameters import loader
from regio_engine.pupils.draws import Chance, draw_blocks
from regio_engine.pupils.levels import LEVELS
from regio_engine.pupils.national import national_steps
from regio_engine.pupils.own_spread import with_class_spread
from regio_engine.pupils.scoring import (
    ForecastCells,
    baseline_draws,
    crps,
    difference_margin,
    score,
    score_by,
    size_classes,
    stack,
    wape,
)  # fmt: skip
from regio_engine.pupils.split import split_mixed
from regio_engine.pupils.summaries import sum_draws
from regio_engine.pupils.vo import vo_plan

from . import pupil_inputs as inputs
from .choices import choice_commit
from .pupil_plans import vo_known, vo_settings
from .pupil_scores import PARAMETERS, ScoreRow, largest_misses
from .pupil_spread import location_steps, vo_spread

Floats = NDArray[np.float64]

MIN_COUNTS = 3  # counts that must be known at an origin
MIN_PUPILS = 20.0
MAX_HORIZON = 5


@dataclass(frozen=True)
class RollingRound:
    """One origin, horizon and grain: what was said, what was counted, and what the simple rules said."""

    grain: str
    origin: int
    horizon: int
    cells: ForecastCells
    last: Floats
    mean3: Floats
    groups: NDArray[np.str_]
    names: list[str]


def rolling_scores(rounds: list[RollingRound]) -> list[ScoreRow]:
    """Return the scorecard over all origins per grain, horizon, level and size class."""
    keys = sorted({(one.grain, one.horizon) for one in rounds})
    return [
        row for grain, horizon in keys for row in _rows([r for r in rounds if (r.grain, r.horizon) == (grain, horizon)])
    ]


def rolling_rounds(*, draws: int, seed: int) -> list[RollingRound]:
    """Return every round that consecutive counts allow."""
    known = _counts_by_key()
    years = sorted(known)
    origins = [y for y in years if all(y - back in known for back in range(MIN_COUNTS)) and y + 1 in known]
    rounds: list[RollingRound] = []
    for origin in origins:
        ahead = min(MAX_HORIZON, years[-1] - origin)
        for grain, drawn in _drawn(origin, ahead, draws, seed).items():
            for horizon in range(1, ahead + 1):
                if origin + horizon in known:
                    rounds.append(_round(grain, origin, horizon, drawn, known))
    return rounds


def _counts_by_key() -> dict[int, dict[str, dict[str, float]]]:
    """Return per year and grain the pupils per key, mixed classes split."""
    per_year = inputs.vo_counts()
    codes = sorted({row[0] for rows in per_year.values() for row in rows})
    places = inputs.places(codes)
    found: dict[int, dict[str, dict[str, float]]] = {}
    for year, rows in per_year.items():
        split = split_mixed(inputs.vo_arrays(rows, codes), locations=len(codes)).sum(axis=2)
        sums: dict[str, dict[str, float]] = {}
        for place, level in zip(*np.nonzero(split), strict=True):
            pupils = float(split[place, level])
            for grain, key in _keys(places[codes[place]], LEVELS[level]).items():
                own = sums.setdefault(grain, {})
                own[key] = own.get(key, 0.0) + pupils
        found[year] = sums
    return found


def _keys(place: inputs.Place, level: str) -> dict[str, str]:
    return {
        "vestiging": place.code, "vestiging x niveau": f"{place.code}|{level}", "school": place.school, "bestuur": place.board,
        "rmc": place.market, "landelijk": "alle",
    }  # fmt: skip


def _drawn(origin: int, ahead: int, draws: int, seed: int) -> dict[str, tuple[list[str], NDArray[np.int64]]]:
    """Return per grain the keys and the draws (keys, years, draws) as they would have been made at the origin."""
    known, places = vo_known(ahead, until=origin)
    spread = vo_spread(known)
    plan = with_class_spread(vo_plan(known, vo_settings()), spread)
    tree = loader.branch(inputs.parameters(), "chance")
    floors, steps = location_steps("vo", spread=spread)
    national = national_steps(
        sector=Sector.VO, first_year=origin + 1, years=ahead, draws=draws, seed=seed,
        yearly_sd=loader.number(tree, "national_sd"),
    )  # fmt: skip
    chance = Chance(
        seed=seed, first_year=origin + 1, size_floors=floors, location_steps=steps,
        market_sd=loader.number(tree, "market_sd"), national=national,
    )  # fmt: skip
    drawn = np.zeros((len(plan.cells), ahead, draws), np.int32)
    for block in draw_blocks(plan, chance):
        drawn[block.cells] = block.draws
    labels = [
        _keys(places[plan.codes[location]], level)
        for location, level in zip(plan.cells.location, plan.cells.level, strict=True)
    ]
    return {grain: sum_draws(drawn, [label[grain] for label in labels]) for grain in labels[0]}


def _round(
    grain: str, origin: int, horizon: int, drawn: tuple[list[str], NDArray[np.int64]],
    known: Mapping[int, Mapping[str, Mapping[str, float]]],
) -> RollingRound:  # fmt: skip
    names, summed = drawn
    last = _of(known, origin, grain, names)
    kept = np.flatnonzero(last >= MIN_PUPILS)
    ahead = summed[kept, horizon - 1]
    names = [names[number] for number in kept]
    truth, spread = _of(known, origin + horizon, grain, names), spread_of(ahead)
    past = _past(known, grain, origin, horizon)
    last = last[kept]
    base = baseline_draws(
        last, size_classes(last), past_level=past[0], past_truth=past[1], past_groups=size_classes(past[0])
    ) if past[0].any() else np.repeat(last[:, None], 2, axis=1)  # fmt: skip
    cells = ForecastCells(
        p10=spread.p10, p50=spread.p50, p90=spread.p90, truth=truth, crps=crps(ahead.astype(np.float64), truth),
        baseline_crps=crps(base, truth),
    )  # fmt: skip
    mean3 = np.mean([_of(known, origin - back, grain, names) for back in range(MIN_COUNTS)], axis=0)
    levels = [name.rpartition("|")[2] if "|" in name else "" for name in names]
    return RollingRound(grain, origin, horizon, cells, last, mean3, np.asarray(levels), names)


def _of(known: Mapping[int, Mapping[str, Mapping[str, float]]], year: int, grain: str, names: list[str]) -> Floats:
    return np.array([known[year].get(grain, {}).get(name, 0.0) for name in names])


def _past(
    known: Mapping[int, Mapping[str, Mapping[str, float]]], grain: str, origin: int, horizon: int
) -> tuple[Floats, Floats]:
    """Return pairs of a count and the one `horizon` years later that both lie at or before the origin."""
    pairs = [
        (value, known[year + horizon].get(grain, {}).get(name, 0.0))
        for year in known if year + horizon <= origin and year + horizon in known
        for name, value in known[year].get(grain, {}).items() if value >= MIN_PUPILS
    ]  # fmt: skip
    both = np.array(pairs, np.float64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _rows(rounds: list[RollingRound]) -> list[ScoreRow]:
    cells, last = stack([one.cells for one in rounds]), np.concatenate([one.last for one in rounds])
    mean3, levels = np.concatenate([one.mean3 for one in rounds]), np.concatenate([one.groups for one in rounds])
    sizes = size_classes(last)
    found = {"alle": score(cells), **{f"omvang {k}": v for k, v in score_by(cells, sizes).items()}}
    masks = {"alle": np.ones(len(last), bool), **{f"omvang {k}": sizes == k for k in np.unique(sizes)}}
    if (levels != "").any():
        found |= {f"niveau {k}": v for k, v in score_by(cells, levels).items()}
        masks |= {f"niveau {k}": levels == k for k in np.unique(levels)}
    first, names = rounds[0], [name for one in rounds for name in one.names]
    misses = largest_misses(
        names, p10=cells.p10, p50=cells.p50, p90=cells.p90, happened=cells.truth, last_known=last
    ) if first.grain == "vestiging" else ()  # fmt: skip
    return [
        ScoreRow(
            test="vo leerlingen", grain=first.grain, origin=f"{rounds[0].origin}-{rounds[-1].origin}",
            target=f"{first.horizon} jaar verder", horizon_years=first.horizon, group=name, cells=one.cells, wape=one.wape,
            bias=one.bias, coverage_80=one.coverage_80, crps_skill=one.crps_skill,
            persistence_wape=wape(last[masks[name]], cells.truth[masks[name]]),
            mean3_wape=wape(mean3[masks[name]], cells.truth[masks[name]]), choice_commit=choice_commit(PARAMETERS), misses=misses if name == "alle" else (),
            persistence_margin=difference_margin(cells.p50[masks[name]], last[masks[name]], cells.truth[masks[name]]),
            mean3_margin=difference_margin(cells.p50[masks[name]], mean3[masks[name]], cells.truth[masks[name]]),
        )
        for name, one in found.items()
    ]  # fmt: skip

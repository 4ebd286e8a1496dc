"""How restless the locations of the loaded counts really are: the spread of their own past forecasts.

The committed spread is that of all schools of the country over long steps. Where counts follow each other for at least
four years, the forecast is made anew at every count from the ones before it; how far the next count lay from it, against
how far the committed spread would put it, scales the spread per size class. Codes that ended without anybody telling
where their pupils went give the share that vanishes by chance. Both are drawn towards what is committed.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.draws import Chance, draw_blocks
from regio_engine.pupils.levels import TYPES
from regio_engine.pupils.plan import FlowPlan, expected_course
from regio_engine.pupils.vo import vo_plan
from regio_engine.pupils.vo_known import VoCounts, VoSettings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_COUNTS = 4
KNOWN_COUNTS = 3  # counts that a past forecast starts from
FEWEST_DRAWS = 25
SMALL = 1e-9
DRAWN_STEPS = 10_000  # location steps drawn per past forecast: few locations take more draws
WEIGHT = 20.0  # yearly steps of a location that what is committed weighs
SCALES = (0.2, 0.4, 0.7, 1.0, 2.0)  # factors on the committed spread that are tried


@dataclass(frozen=True)
class OwnSpread:
    """Per size class: factor on the committed spread of locations, and the share of codes that vanishes in a year."""

    scale: Floats
    vanish_share: Floats


@dataclass(frozen=True)
class _Misses:
    """Absolute log steps of locations against their market: seen (N,), and expected under each of `SCALES` (N, scales)."""

    seen: Floats
    expected: Floats
    size_class: Ints


def own_spread(known: VoCounts, settings: VoSettings, chance: Chance, *, vanish_share: tuple[float, ...]) -> OwnSpread | None:  # fmt: skip
    """Return the spread of the loaded counts themselves; None where fewer than four follow each other.

    Args:
        known: the counts; nothing after the newest is used.
        settings: the committed choices of the plan.
        chance: the committed spread; its seed and years do not matter.
        vanish_share: committed share of codes that vanishes in a year, per size class.
    """
    if not _consecutive(known.years):
        return None
    draws = max(FEWEST_DRAWS, DRAWN_STEPS // len(known.codes))
    chance = replace(chance, market_sd=0.0, national=np.ones((len(TYPES), 1, draws)), seed=0)
    rounds = [_misses(known, settings, chance, origin) for origin in range(KNOWN_COUNTS - 1, len(known.years) - 1)]
    misses = _Misses(*(np.concatenate(parts) for parts in zip(*(vars(one).values() for one in rounds), strict=True)))
    return OwnSpread(
        scale=_scales(misses, len(vanish_share)),
        vanish_share=_vanished(known, chance.size_floors, np.asarray(vanish_share)),
    )


def _consecutive(years: tuple[int, ...]) -> bool:
    return len(years) >= MIN_COUNTS and years[-1] - years[0] == len(years) - 1


def _misses(known: VoCounts, settings: VoSettings, chance: Chance, origin: int) -> _Misses:
    plan = vo_plan(_as_known_at(known, origin), settings)
    plan = replace(plan, alive_until=np.ones(len(known.codes), np.int64))
    last, after = (known.counts[t].sum(axis=(1, 2)).astype(np.float64) for t in (origin, origin + 1))
    told = _by_location(plan, expected_course(plan))[:, 0]
    kept = (last > 0) & (after > 0) & (told > 0) & ~_told_changes(known, origin + 1)
    market = np.unique(np.asarray(known.markets), return_inverse=True)[1].astype(np.int64)
    drawn = [_drawn(plan, _scaled(chance, scale)) for scale in SCALES]
    expected = np.column_stack([_steps(one, told, kept, market).mean(axis=1) for one in drawn])
    seen = _steps(after[:, None], told, kept, market)[:, 0]
    return _Misses(seen, expected, _size_classes(last[kept], chance.size_floors))


def _scaled(chance: Chance, scale: float) -> Chance:
    """Return the chances of codes that are there, their log steps so much larger or smaller."""
    steps = chance.location_steps if chance.alive_steps is None else chance.alive_steps
    steps = steps**scale
    return replace(chance, alive_steps=steps / steps.mean(axis=1, keepdims=True))


def _as_known_at(known: VoCounts, origin: int) -> VoCounts:
    """Return what was known at a count: no later count, exam or link; the cohorts of the next intake were counted then."""
    size, index = len(known.codes), known.past_intake_index
    past = None if index is None else index[: origin + 1] / index[origin]
    step = np.ones(size) if index is None else np.nan_to_num(index[origin + 1] / index[origin], nan=1.0)
    unknown = np.full((len(known.exam_base), size), np.nan)
    return replace(
        known, years=known.years[: origin + 1], counts=known.counts[: origin + 1], past_intake_index=past,
        intake_index=step[:, None], exam_base=unknown, exam_classes=unknown[:, :, None], links=(), successors={},
        alive_until=None,
    )  # fmt: skip


def _told_changes(known: VoCounts, count: int) -> NDArray[np.bool_]:
    """Return the locations of which people or registers told that pupils came or went between this count and the last."""
    told = np.zeros(len(known.codes), np.bool_)
    told[[location for location, year in known.told_changes if year == known.years[count]]] = True
    return told


def _drawn(plan: FlowPlan, chance: Chance) -> Floats:
    drawn = np.zeros((len(plan.codes), chance.national.shape[2]))
    for block in draw_blocks(plan, chance):
        np.add.at(drawn, plan.cells.location[block.cells], block.draws[:, 0])
    return drawn


def _by_location(plan: FlowPlan, values: Floats) -> Floats:
    sums = np.zeros((len(plan.codes), values.shape[1]))
    np.add.at(sums, plan.cells.location, values)
    return sums


def _steps(pupils: Floats, told: Floats, kept: NDArray[np.bool_], market: Ints) -> Floats:
    """Return the absolute log step of each kept location against what was told, freed from that of its market."""
    sums = np.zeros((int(market.max()) + 1, pupils.shape[1]))
    np.add.at(sums, market[kept], pupils[kept])
    of_market = sums / np.maximum(np.bincount(market[kept], told[kept], minlength=len(sums)), 1e-9)[:, None]
    step = np.log(np.maximum(pupils[kept], 0.5) / told[kept, None]) - np.log(of_market[market[kept]])
    return np.asarray(np.abs(step), np.float64)


def _scales(misses: _Misses, classes: int) -> Floats:
    """Return the factor per size class, drawn towards that of all locations, and that towards 1."""
    usual = misses.expected[:, SCALES.index(1.0)]
    moves = usual > SMALL  # a location that is alone in its market has no share to lose
    usual = usual[moves]
    even = _Misses(misses.seen[moves] / usual, misses.expected[moves] / usual[:, None], misses.size_class[moves])
    everywhere = _scale(even, np.ones(len(usual), np.bool_), 1.0)
    return np.array([_scale(even, even.size_class == size, everywhere) for size in range(classes)])


def _scale(misses: _Misses, mine: NDArray[np.bool_], usual: float) -> float:
    """Return the factor under which the mean step is the one seen, the usual factor weighing as some steps."""
    seen, count = misses.seen[mine], int(mine.sum())
    if not count:
        return usual
    told = misses.expected[mine].mean(axis=0)
    mean = (seen.sum() + WEIGHT * np.interp(usual, SCALES, told)) / (count + WEIGHT)
    return float(np.interp(mean, told, SCALES))


def _vanished(known: VoCounts, size_floors: tuple[float, ...], usual: Floats) -> Floats:
    """Return the share of codes that ends in a year although nobody told why, drawn towards the usual share."""
    gone, there = np.zeros(len(usual)), np.zeros(len(usual))
    pupils = known.counts.sum(axis=(2, 3)).astype(np.float64)
    for count in range(1, len(known.years)):
        before = pupils[count - 1]
        kept = (before > 0) & ~_told_changes(known, count)
        size = _size_classes(before, size_floors)
        there += np.bincount(size[kept], minlength=len(usual))
        gone += np.bincount(size[kept & (pupils[count] == 0)], minlength=len(usual))
    return np.asarray((gone + WEIGHT * usual) / (there + WEIGHT))


def _size_classes(pupils: Floats, floors: tuple[float, ...]) -> Ints:
    return np.asarray(np.maximum(np.searchsorted(floors, pupils, side="right") - 1, 0), np.int64)

"""How restless the locations of the loaded counts really are: the spread of their own past forecasts.

The committed spread is that of all schools of the country over long steps. Where counts follow each other for at least
four years, the forecast is made anew at every count from the ones before it; how far the next count lay from it, against
how far the committed spread would put it, scales the spread per size class. Codes that ended without anybody telling
where their pupils went give the share that vanishes by chance. Where even quiet locations would stray more than was seen,
the classes stray less. All are drawn towards what is committed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.draws import Chance, draw_blocks
from regio_engine.pupils.levels import TYPES
from regio_engine.pupils.plan import FlowPlan, expected_course

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
class Past:
    """The counts of one sector and the forecast as it would have been made at each of them. T counts, L locations.

    Attributes:
        codes, markets: per location.
        years: calendar years of the counts, rising.
        pupils: per count and location, (T, L) [persons].
        plan_at: gives the plan of `ahead` years from what was known at a count (its index).
        told_changes: location and count year in which, as people or registers told, pupils came or went with a code.
        ahead: over how many years a forecast is held against the count.
    """

    codes: tuple[str, ...]
    markets: tuple[str, ...]
    years: tuple[int, ...]
    pupils: Floats
    plan_at: Callable[[int], FlowPlan]
    told_changes: tuple[tuple[int, int], ...] = ()
    ahead: int = 1


@dataclass(frozen=True)
class OwnSpread:
    """How the loaded counts stray.

    Attributes:
        scale: per size class the factor on the committed spread of locations.
        vanish_share: per size class the share of codes that vanishes in a year.
        class_scale: factor, at most 1, on the committed spread of classes, where even quiet locations stray less than that.
    """

    scale: Floats
    vanish_share: Floats
    class_scale: float = 1.0


@dataclass(frozen=True)
class _Misses:
    """Absolute log steps of locations against their market: seen (N,), and expected under each of `SCALES` (N, scales)."""

    seen: Floats
    expected: Floats
    size_class: Ints


def own_spread(past: Past, chance: Chance, *, vanish_share: tuple[float, ...]) -> OwnSpread | None:
    """Return the spread of the loaded counts themselves; None where fewer than four follow each other.

    Args:
        past: the counts; nothing after the newest is used.
        chance: the committed spread; its seed and years do not matter.
        vanish_share: committed share of codes that vanishes in a year, per size class.
    """
    if not _consecutive(past):
        return None
    draws = max(FEWEST_DRAWS, DRAWN_STEPS // len(past.codes))
    chance = replace(chance, market_sd=0.0, national=np.ones((len(TYPES), past.ahead, draws)), seed=0)
    rounds = [_misses(past, chance, origin) for origin in range(KNOWN_COUNTS - 1, len(past.years) - past.ahead)]
    misses = _Misses(*(np.concatenate(parts) for parts in zip(*(vars(one).values() for one in rounds), strict=True)))
    even = _in_usual_steps(misses)
    return OwnSpread(
        scale=_scales(even, len(vanish_share)), class_scale=_class_scale(even),
        vanish_share=_vanished(past, chance.size_floors, np.asarray(vanish_share)),
    )  # fmt: skip


def with_class_spread(plan: FlowPlan, spread: OwnSpread | None) -> FlowPlan:
    """Return the plan whose classes stray as the loaded counts show; the plan itself where there is no such spread."""
    if spread is None:
        return plan
    return replace(plan, phi=plan.phi * spread.class_scale**2, cv=plan.cv * spread.class_scale)


def _consecutive(past: Past) -> bool:
    enough = len(past.years) >= MIN_COUNTS + past.ahead - 1
    return enough and past.years[-1] - past.years[0] == len(past.years) - 1


def _misses(past: Past, chance: Chance, origin: int) -> _Misses:
    target = origin + past.ahead
    plan = replace(past.plan_at(origin), alive_until=np.full(len(past.codes), past.ahead))
    last, after = past.pupils[origin], past.pupils[target]
    told = _by_location(plan, expected_course(plan))[:, -1]
    changed = np.any([_told_changes(past, count) for count in range(origin + 1, target + 1)], axis=0)
    kept = (last > 0) & (after > 0) & (told > 0) & ~changed
    market = np.unique(np.asarray(past.markets), return_inverse=True)[1].astype(np.int64)
    drawn = [_drawn(plan, _scaled(chance, scale)) for scale in SCALES]
    expected = np.column_stack([_steps(one, told, kept, market).mean(axis=1) for one in drawn])
    seen = _steps(after[:, None], told, kept, market)[:, 0]
    return _Misses(seen, expected, _size_classes(last[kept], chance.size_floors))


def _scaled(chance: Chance, scale: float) -> Chance:
    """Return the chances of codes that are there, their log steps so much larger or smaller."""
    steps = chance.location_steps if chance.alive_steps is None else chance.alive_steps
    steps = steps**scale
    return replace(chance, alive_steps=steps / steps.mean(axis=1, keepdims=True))


def _told_changes(past: Past, count: int) -> NDArray[np.bool_]:
    """Return the locations of which people or registers told that pupils came or went between this count and the last."""
    told = np.zeros(len(past.codes), np.bool_)
    told[[location for location, year in past.told_changes if year == past.years[count]]] = True
    return told


def _drawn(plan: FlowPlan, chance: Chance) -> Floats:
    drawn = np.zeros((len(plan.codes), chance.national.shape[2]))
    for block in draw_blocks(plan, chance):
        np.add.at(drawn, plan.cells.location[block.cells], block.draws[:, -1])
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


def _in_usual_steps(misses: _Misses) -> _Misses:
    """Return the misses in units of what the committed spread expects of each location."""
    usual = misses.expected[:, SCALES.index(1.0)]
    moves = usual > SMALL  # a location that is alone in its market has no share to lose
    usual = usual[moves]
    return _Misses(misses.seen[moves] / usual, misses.expected[moves] / usual[:, None], misses.size_class[moves])


def _scales(even: _Misses, classes: int) -> Floats:
    """Return the factor per size class, drawn towards that of all locations, and that towards 1."""
    everywhere = _scale(even, np.ones(len(even.seen), np.bool_), 1.0)
    return np.array([_scale(even, even.size_class == size, everywhere) for size in range(classes)])


def _class_scale(even: _Misses) -> float:
    """Return how much less classes stray than committed where locations hardly stray at all, at most 1."""
    count = len(even.seen)
    if not count:
        return 1.0
    quiet = float(even.expected[:, 0].mean())
    mean = (float(even.seen.sum()) + WEIGHT * quiet) / (count + WEIGHT)
    return min(mean / quiet, 1.0)


def _scale(misses: _Misses, mine: NDArray[np.bool_], usual: float) -> float:
    """Return the factor under which the mean step is the one seen, the usual factor weighing as some steps."""
    seen, count = misses.seen[mine], int(mine.sum())
    if not count:
        return usual
    told = misses.expected[mine].mean(axis=0)
    mean = (seen.sum() + WEIGHT * np.interp(usual, SCALES, told)) / (count + WEIGHT)
    return float(np.interp(mean, told, SCALES))


def _vanished(past: Past, size_floors: tuple[float, ...], usual: Floats) -> Floats:
    """Return the share of codes that ends in a year although nobody told why, drawn towards the usual share."""
    gone, there = np.zeros(len(usual)), np.zeros(len(usual))
    for count in range(1, len(past.years)):
        before = past.pupils[count - 1]
        kept = (before > 0) & ~_told_changes(past, count)
        size = _size_classes(before, size_floors)
        there += np.bincount(size[kept], minlength=len(usual))
        gone += np.bincount(size[kept & (past.pupils[count] == 0)], minlength=len(usual))
    return np.asarray((gone + WEIGHT * usual) / (there + WEIGHT))


def _size_classes(pupils: Floats, floors: tuple[float, ...]) -> Ints:
    return np.asarray(np.maximum(np.searchsorted(floors, pupils, side="right") - 1, 0), np.int64)

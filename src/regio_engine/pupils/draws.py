"""Drawing pupils: the expected course with chance in it, in whole pupils.

Per year and draw: a location's share of its market takes a step (the tail of vanishing codes in it), the shares of a
market are brought back to its total, the market and the nation take steps of their own, and every class gets whole
pupils around what is expected. A random word belongs to (seed, draw, year, purpose, location code), so no order of work,
number of threads or choice of region changes a figure; markets are always drawn whole.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.keyed_random import stable_id, words
from regio_engine.pupils.levels import TYPES, type_of
from regio_engine.pupils.plan import FlowPlan, entry_cells, expected_course, expected_step, part_of
from regio_engine.pupils.tables import BITS, CV_GRID, normal_table, residual_table_of, residual_tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Draws = NDArray[np.int32]
Words = NDArray[np.uint32]

SLOTS_PER_CALL = 8  # one call gives four words, one word two values of sixteen bits
DRAW_BLOCK = 250
SMALL = 1e-9


@dataclass(frozen=True)
class Chance:
    """How far years stray from what is expected.

    Attributes:
        seed: seed of the run.
        first_year: calendar year of the first year ahead; the year is part of every key.
        size_floors: smallest number of pupils of each size class of locations, rising from 0 [persons].
        location_steps: per size class 4,096 equally likely yearly factors of a location's share, mean 1.
        alive_steps: the same for codes that are known to be there in a year: no code vanishes; None makes no difference.
        market_sd: spread of a market's yearly step, as a share.
        national: yearly step of the nation per (type of `levels.TYPES`, year, draw), multiplied into what is expected.
    """

    seed: int
    first_year: int
    size_floors: tuple[float, ...]
    location_steps: Floats
    market_sd: float
    national: Floats
    alive_steps: Floats | None = None


@dataclass(frozen=True)
class Block:
    """Drawn pupils of one market: index of its locations and cells in the plan, draws (C, Y, D) [persons]."""

    market: str
    locations: Ints
    cells: Ints
    draws: Draws


def draw_blocks(
    plan: FlowPlan, chance: Chance, *, markets: frozenset[str] | None = None, threads: int = 1
) -> Iterator[Block]:
    """Yield the drawn pupils market by market, in order of market name; None draws all markets."""
    wanted = sorted(set(plan.markets) if markets is None else markets & set(plan.markets))
    if threads == 1:
        yield from (draw_market(plan, chance, name) for name in wanted)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(lambda name: draw_market(plan, chance, name), wanted)


def draw_market(plan: FlowPlan, chance: Chance, market: str) -> Block:
    """Return the drawn pupils of all locations of one market."""
    locations = np.flatnonzero(np.asarray(plan.markets) == market)
    cells = np.flatnonzero(np.isin(plan.cells.location, locations))
    part = part_of(plan, locations)
    count = chance.national.shape[2]
    drawn = np.empty((len(cells), plan.years, count), np.int32)
    noise = _noise_of(part, chance.size_floors)
    for start in range(0, count, DRAW_BLOCK):
        numbers = np.arange(start, min(start + DRAW_BLOCK, count))
        drawn[:, :, numbers] = _draw_part(part, chance, market, numbers, noise)
    return Block(market, locations, cells, drawn)


@dataclass(frozen=True)
class _Noise:
    tables: Floats  # (tables, 4096)
    normal: Floats
    which: Ints  # table per (cell, year)
    type_row: Ints  # row of the national factor per cell
    size_class: Ints  # row of the yearly steps per location
    groups: tuple[tuple[int, Ints, Ints], ...]  # (call number, cells, place in the call)


def _noise_of(part: FlowPlan, size_floors: tuple[float, ...]) -> _Noise:
    course = expected_course(part)
    spread = np.sqrt(part.phi[:, None] * course + (part.cv[:, None] * course) ** 2)
    which = residual_table_of(course.ravel(), spread.ravel()).reshape(course.shape)
    calls = part.slot // SLOTS_PER_CALL
    groups = tuple(
        (int(call), np.flatnonzero(calls == call), part.slot[calls == call] % SLOTS_PER_CALL)
        for call in np.unique(calls)
    )
    type_row = np.array([TYPES.index(type_of(level)) for level in part.cells.level], np.int64)
    return _Noise(residual_tables(), normal_table(), which, type_row, _size_class(part, course, size_floors), groups)


def _draw_part(part: FlowPlan, chance: Chance, market: str, numbers: Ints, noise: _Noise) -> Draws:
    ids = np.array([stable_id(code) for code in part.codes], np.uint64)
    last = np.repeat(part.base[:, None], len(numbers), axis=1)
    rate = _rate_factor(part, ids, chance.seed, numbers, noise)
    entry, starts = entry_cells(part), np.flatnonzero(np.diff(part.cells.location, prepend=-1))
    here = part.cells.location[starts]
    drift, nation = np.ones((len(ids), len(numbers))), np.ones((len(TYPES), len(numbers)))
    out = np.empty((len(part.cells), part.years, len(numbers)), np.int32)
    for year in range(part.years):
        expected = expected_step(part, last, year, drift[part.cells.location[entry]] * nation[noise.type_row[entry]])
        step = _location_step(part, noise, chance, ids, year, numbers)
        sums = np.add.reduceat(expected, starts, axis=0)
        step *= sums.sum(axis=0) / np.maximum((sums * step[here]).sum(axis=0), SMALL)
        step *= _market_step(chance, market, year, numbers, noise)
        drift *= step
        national = chance.national[:, year, numbers]
        nation *= national
        expected *= step[part.cells.location]
        expected *= national[noise.type_row]
        expected *= rate
        expected = _with_known(part, expected, year)
        chosen = _class_words(part, ids, chance.first_year + year, "pupils:class", chance.seed, numbers, noise)
        last = _whole_pupils(part, expected, noise, noise.which[:, year], chosen, year)
        out[:, year] = last
    return out


def _rate_factor(part: FlowPlan, ids: NDArray[np.uint64], seed: int, numbers: Ints, noise: _Noise) -> Floats:
    """Return how far the rate of each cell lies from its estimate, the same in all years, (C, D); 1 where it is sure."""
    if not part.rate_cv.any():
        return np.ones((1, 1))
    factor = 1.0 + part.rate_cv[:, None] * noise.normal[_class_words(part, ids, 0, "pupils:rate", seed, numbers, noise)]
    return np.maximum(factor, 0.1, out=factor)


def _size_class(part: FlowPlan, course: Floats, size_floors: tuple[float, ...]) -> Ints:
    """Return the size class of each location, by the largest year expected; small codes vanish more often."""
    sizes = np.zeros((len(part.codes), 1 + part.years))
    np.add.at(sizes, part.cells.location, np.column_stack([part.base, course]))
    return np.asarray(np.maximum(np.searchsorted(size_floors, sizes.max(axis=1), side="right") - 1, 0), np.int64)


def _location_step(
    part: FlowPlan, noise: _Noise, chance: Chance, ids: NDArray[np.uint64], year: int, numbers: Ints
) -> Floats:
    """Return the yearly factor per (location, draw); a code that is known to be there does not vanish."""
    first, _, _, _ = words(
        seed=chance.seed, purpose="pupils:location", stable_ids=ids[:, None], years=chance.first_year + year,
        draws=numbers[None, :],
    )  # fmt: skip
    chosen = first >> np.uint32(32 - BITS)
    step = np.asarray(chance.location_steps[noise.size_class[:, None], chosen], np.float64)
    if part.alive_until is not None and chance.alive_steps is not None:
        alive = np.flatnonzero(part.alive_until > year)
        step[alive] = chance.alive_steps[noise.size_class[alive, None], chosen[alive]]
    return step


def _market_step(chance: Chance, market: str, year: int, numbers: Ints, noise: _Noise) -> Floats:
    first, _, _, _ = words(
        seed=chance.seed, purpose="pupils:market", stable_ids=stable_id(market), years=chance.first_year + year,
        draws=numbers,
    )  # fmt: skip
    return np.asarray(np.maximum(1.0 + chance.market_sd * noise.normal[first >> np.uint32(32 - BITS)], 0.5))


def _class_words(
    part: FlowPlan, ids: NDArray[np.uint64], year: int, purpose: str, seed: int, numbers: Ints, noise: _Noise
) -> NDArray[np.uint16]:
    """Return a position 0-4095 per (cell, draw): sixteen bits of the words of its location, by slot."""
    chosen = np.empty((len(part.cells), len(numbers)), np.uint16)
    for call, cells, places in noise.groups:
        here, back = np.unique(part.cells.location[cells], return_inverse=True)
        quartet = words(
            seed=seed, purpose=f"{purpose}:{call}", stable_ids=ids[here, None], years=year, draws=numbers[None, :]
        )
        halves = np.stack(quartet).astype("<u4").view("<u2").reshape(4, len(here), len(numbers), 2)
        chosen[cells] = halves[places // 2, back, :, places % 2]
    chosen >>= np.uint16(16 - BITS)
    return chosen


def _with_known(part: FlowPlan, expected: Floats, year: int) -> Floats:
    known = part.known[:, year]
    there = ~np.isnan(known)
    if there.any():
        expected[there] = known[there, None]
    return expected


def _whole_pupils(
    part: FlowPlan, expected: Floats, noise: _Noise, which: Ints, chosen: NDArray[np.uint16], year: int
) -> Floats:
    """Return whole pupils around what is expected: variance phi x mu + (cv x mu)^2, never below zero."""
    known = ~np.isnan(part.known[:, year])
    phi, cv = np.where(known, part.known_phi, part.phi), np.where(known, 0.0, part.cv)
    spread = np.sqrt(phi[:, None] * expected + (cv[:, None] * expected) ** 2)
    np.minimum(spread, CV_GRID[-1] * expected, out=spread)
    spread *= noise.tables[which[:, None], chosen]
    spread += expected
    spread += 0.5
    np.floor(spread, out=spread)
    return np.maximum(spread, 0.0, out=spread)

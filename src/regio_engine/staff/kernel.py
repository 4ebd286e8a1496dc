"""The staff simulation, draw by draw, compiled: the same steps and the same bytes as `reference`, only quicker.

Balances are kept up to date with every event instead of being summed each year. Sixteen draws are written out together,
so that a row of draws is written in whole cache lines. Threads share nothing but the tables and their own draws.
"""

from typing import Any

import numpy as np
from numba import njit

from regio_engine.staff.contract import AGES, YOUNGEST, StaffDraws
from regio_engine.staff.kernel_life import live, switch
from regio_engine.staff.kernel_parts import (
    APPOINTABLE,
    BLOCK,
    CLASSES_OF_POOL,
    HEADS,
    NEED,
    OPEN,
    OPTIONS,
    OUTPUTS,
    QUALIFIED,
    SHORTAGE,
    STOCK,
    SURPLUS,
    SWITCH,
    TOGETHER,
    YES,
    Balance,
    Persons,
    Pool,
    Words,
    compiled,
    count,
    fingerprint,
    settle,
    surplus,
)
from regio_engine.staff.kernel_pool import close_holes, gather_candidates, match
from regio_engine.staff.tables import Tables


class Scratch:
    """Room to work in for one thread; compiled code takes no memory, so it counts no references either."""

    def __init__(self, t: Tables) -> None:
        """Take room for the largest population and everybody who could be hired."""
        cells = t.places * t.positions
        most = int(np.diff(t.offsets).max()) + int(t.most_candidates.sum())
        size = max(BLOCK, int(t.most_candidates.max()), t.positions)
        self.persons, self.balance, self.pool = _persons(most), _balance(t, cells), _pool(t, most, cells)
        self.words = Words(*(np.empty(size, np.uint32) for _ in range(4)))
        self.written = np.empty((TOGETHER, t.years + 1, OUTPUTS, cells), np.int32)


def fill(t: Tables, work: Scratch, *, seed: int, first_draw: int, draws: int, found: StaffDraws, at: int) -> None:
    """Simulate draws first_draw … and fill them in at `at`; sums over draws are added to."""
    key = np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32 & 0xFFFFFFFF)
    _block(
        t, *key, first_draw, draws, at, found.outputs, found.flows, found.heads, found.age_heads, found.scale_milli,
        (work.persons, work.balance, work.pool, work.words, work.written),
    )  # fmt: skip


def _persons(size):
    return Persons(
        np.empty(size, np.uint32), np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.uint32),
        np.empty(size, np.int32), np.empty(size, np.int16), np.empty(size, np.int16), np.empty(size, np.int16),
        np.empty(size, np.int8), np.empty(size, np.int16), np.empty(size, np.int16), np.empty(size, np.int8),
    )  # fmt: skip


def _balance(t, cells):
    return Balance(
        np.empty((cells, 3), np.int32), np.empty((t.places, AGES + t.years), np.int32),
        np.empty((t.places, t.scales), np.int32), np.empty(cells, np.int32),
        np.empty((t.positions, t.places), np.int32), np.empty(t.positions, np.int32),
    )  # fmt: skip


def _pool(t, most, cells):
    size = most + np.int64(t.most_candidates.max())
    return Pool(
        np.empty(size, np.uint64), np.empty(size, np.int32), np.empty(size, np.int16), np.empty(size, np.int32),
        np.empty(size, np.int32), np.empty(size, np.uint32), np.empty(size, np.int32),
        np.empty(t.positions * CLASSES_OF_POOL + 1, np.int32), np.empty(size, np.int32), np.empty(most, np.int32),
        np.empty(most, np.uint64), np.empty(most, np.int32),
    )  # fmt: skip


@compiled
def _one_draw(t, k0, k1, draw, p, balance, pool, words, written, flows, heads, age_heads, scale_milli):
    pd, draw_ = draw % len(t.exits), np.uint32(draw)
    n = _load(t, p, balance, draw, pd)
    _close_year(t, balance, 0, pd, written[0], flows, age_heads, scale_milli)
    for year in range(1, t.years + 1):
        heads[year - 1, 0] = n
        calendar = np.uint32(t.base_year + year)
        holes, entries, switchers = live(t, k0, k1, draw_, calendar, pd, year, n, p, balance, pool, words, flows, heads)
        switch(t, year, switchers, p, balance, pool, written[year, NEED], flows, pd)
        if t.counts.size:
            entries = gather_candidates(t, k0, k1, draw_, calendar, pd, year, entries, pool, words)
        holes, n = match(t, pd, year, entries, holes, n, p, balance, pool, written[year, NEED], flows, heads)
        n = close_holes(p, pool.holes, holes, n)
        heads[year - 1, HEADS - 1] = n
        _close_year(t, balance, year, pd, written[year], flows, age_heads, scale_milli)


@compiled
def _load(t, p, balance, draw, pd):
    """Take in the population of the draw; return how many people it has."""
    balance.stock[:] = 0
    balance.ages[:] = 0
    balance.scales[:] = 0
    balance.lent[:] = 0
    population = draw % (len(t.offsets) - 1)
    begin, n = t.offsets[population], t.offsets[population + 1] - t.offsets[population]
    for i in range(n):
        j = begin + i
        p.ids[i], p.milli[i], p.place[i], p.position[i] = t.ids[j], t.milli[j], t.place[j], t.position[j]
        p.qualified[i], p.term[i], p.second[i], p.scale[i] = t.qualified[j], t.term[j], t.second_position[j], t.scale[j]
        age = t.age[j] - YOUNGEST
        p.born[i] = age + t.years
        settle(t, p, i, age, t.tenure[j], pd)
        count(p, balance, i, 1, t.positions)
    return n


@compiled
def _close_year(t, balance, year, pd, written, flows, age_heads, scale_milli):
    """Write the outputs of a year: shortage, surplus, cover, what is cancelled, what stays open."""
    covered, cancelled = np.int64(t.covered[pd]), np.int64(t.cancelled[pd])
    for place in range(t.places):
        first, last = place * t.positions, (place + 1) * t.positions
        lendable, wanted = np.int64(0), np.int64(0)
        for cell in range(first, last):
            over = np.int64(surplus(balance, written[NEED], cell))
            lendable += max(over, 0) * covered >> 16
            wanted += max(-over, 0)
        lent = min(lendable, wanted)
        lend_sum, want_sum = np.int64(0), np.int64(0)
        for cell in range(first, last):
            need, over = written[NEED, cell], np.int64(surplus(balance, written[NEED], cell))
            given = taken = np.int64(0)
            if lent > 0:
                lend, want = max(over, 0) * covered >> 16, max(-over, 0)
                given = (lend_sum + lend) * lent // lendable - lend_sum * lent // lendable
                taken = (want_sum + want) * lent // wanted - want_sum * lent // wanted
                lend_sum += lend
                want_sum += want
            left_open = max(-over, 0) - taken
            stock, good = need + over + taken - given, balance.stock[cell, YES]
            written[STOCK, cell] = stock
            written[QUALIFIED, cell] = min(np.int64(good), stock)
            written[SHORTAGE, cell] = max(need - good - balance.stock[cell, APPOINTABLE], 0)
            written[OPEN, cell] = left_open - (left_open * cancelled >> 16)
            written[SURPLUS, cell] = max(over, 0) - given
            if year > 0 and taken - given != balance.lent[cell]:
                flows[cell, year - 1, SWITCH] += taken - given - balance.lent[cell]
            balance.lent[cell] = taken - given
        for age in range(AGES):
            age_heads[place, year, age] += balance.ages[place, age - year + t.years]
        for scale in range(t.scales):
            scale_milli[place, year, scale] += balance.scales[place, scale]


@compiled
def _read_need(need, draw, together, written):
    """Copy the need of some draws to where their other outputs come."""
    cells, years, _ = need.shape
    years = written.shape[1]
    for year in range(years):
        for cell in range(cells):
            for number in range(together):
                written[number, year, NEED, cell] = need[cell, year, draw + number]


@compiled
def _write(written, together, outputs, at):
    """Copy the outputs of some draws into the rows of draws."""
    cells, kinds, years, _ = outputs.shape
    for year in range(years):
        for kind in range(kinds):
            for cell in range(cells):
                for number in range(together):
                    outputs[cell, kind, year, at + number] = written[number, year, kind, cell]


@compiled
def _draws(
    t,
    key_0,
    key_1,
    first,
    count,
    at,
    outputs,
    flows,
    heads,
    age_heads,
    scale_milli,
    persons,
    balance,
    pool,
    words,
    written,
):
    for start in range(0, count, TOGETHER):
        together = min(TOGETHER, count - start)
        _read_need(t.need, first + start, together, written)
        for number in range(together):
            draw = first + start + number
            _one_draw(
                t, key_0, key_1, draw, persons, balance, pool, words, written[number], flows,
                heads[:, at + start + number], age_heads, scale_milli,
            )  # fmt: skip
        _write(written, together, outputs, at + start)


def _kept(mark: str) -> Any:
    """Return the function whose machine code numba keeps on disk; the mark is part of its key there."""

    @njit(cache=True, **OPTIONS)
    def block(t, key_0, key_1, first, count, at, outputs, flows, heads, age_heads, scale_milli, work):
        if mark:
            _draws(t, key_0, key_1, first, count, at, outputs, flows, heads, age_heads, scale_milli, *work)

    return block


_block = _kept(fingerprint())

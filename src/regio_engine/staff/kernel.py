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
    AT_THE_END,
    BORN,
    CANCELLED,
    COVER,
    COVERED,
    FLOWS,
    IDS,
    MILLI,
    MOVES,
    NEED,
    NO,
    OPEN,
    OPTIONS,
    OUTPUTS,
    OVER,
    PLACE,
    POSITION,
    QUALIFIED,
    SHARED,
    SHARED_BEFORE,
    SHORTAGE,
    STAFF_ID,
    STAFF_TENURE,
    STOCK,
    SURPLUS,
    SWITCH,
    TOGETHER,
    YES,
    Filled,
    add,
    compiled,
    divided,
    fingerprint,
    read,
    settle,
    share,
    work,
)
from regio_engine.staff.kernel_pool import close_holes, gather_candidates, match
from regio_engine.staff.tables import Tables


class Kernel:
    """The compiled simulation of one set of tables, with room for one thread."""

    def __init__(self, tables: Tables) -> None:
        """Lay out the tables and take room."""
        cells = tables.places * tables.positions
        self._read, self._work = read(tables), work(tables)
        self._written = np.empty((TOGETHER, tables.years + 1, OUTPUTS, cells), np.int32)
        self._turned = np.empty((OUTPUTS, tables.years + 1, TOGETHER, TOGETHER), np.int32)
        self._need, self._flows = tables.need[:, : tables.years + 1], np.zeros((tables.years, FLOWS, cells), np.int64)

    def fill(self, *, seed: int, first_draw: int, draws: int, found: StaffDraws, at: int) -> None:
        """Simulate draws first_draw … and fill them in at `at`; sums over draws are added to, flows when it is finished."""
        filled = Filled(
            self._written, self._turned, found.outputs, self._flows, found.heads, found.age_heads, found.scale_milli
        )
        found.outputs[:, NEED, :, at : at + draws] = self._need[:, :, first_draw : first_draw + draws]
        _block(self._read, self._work, filled, np.uint64(seed), first_draw, draws, at)

    def finish(self, found: StaffDraws) -> None:
        """Add the flows of everything that was simulated."""
        found.flows[:] += self._flows.transpose(2, 0, 1)


@compiled
def _draw(t, w, filled, key, draw, number, at):
    """Simulate one draw; its outputs go to `number` of what is written together, its heads to `at`."""
    pd, draw_ = draw % len(t.exits), np.uint32(draw)
    written, heads = filled.written[number], filled.heads[:, at]
    n = _load(t, w, draw, pd)
    _close_year(t, w, 0, pd, written[0], filled)
    for year in range(1, t.years + 1):
        need, flows, head = written[year, NEED], filled.flows[year - 1], heads[year - 1]
        head[0] = n
        holes, entries, switchers = live(t, w, key, draw_, year, pd, n, flows, head)
        switch(t, w, pd, switchers, need, flows)
        if len(t.counts):
            entries = gather_candidates(t, w, key, draw_, year, pd, entries)
        if entries:
            holes, n = match(t, w, year, pd, entries, holes, n, need, flows, head)
        n = close_holes(w, holes, n)
        head[AT_THE_END] = n
        _close_year(t, w, year, pd, written[year], filled)


@compiled
def _load(t, w, draw, pd):
    """Take in the population of the draw; return how many people it has."""
    w.stock[:] = 0
    w.of_place[:] = 0
    population = draw % (len(t.offsets) - 1)
    begin, n = np.int64(t.offsets[population]), np.int64(t.offsets[population + 1] - t.offsets[population])
    for i in range(n):
        person, staff = w.persons[i], t.staff[begin + i]
        for column in range(len(person)):
            person[column] = staff[column]
        w.looked_up[IDS, i] = np.uint32(staff[STAFF_ID])
        age = np.int64(person[BORN] - YOUNGEST)
        person[BORN] = age + t.years
        settle(t, w, i, person, age, np.int64(staff[STAFF_TENURE]), pd)
        add(w, person, person[PLACE] * t.positions + person[POSITION], AGES + t.years, person[MILLI], 1)
    return n


@compiled
def _close_year(t, w, year, pd, written, filled):
    """Write the outputs of a year, and add to its sums over draws."""
    flows, counts = filled.flows[max(year - 1, 0)], np.int64(year > 0)
    share(t, w, written[NEED])
    for place in range(t.places):
        first, last = place * t.positions, (place + 1) * t.positions
        stock = w.stock[:, first:last]
        _lend(stock, w.sums, written[NEED, first:last], t.chances[pd, COVERED])
        _book(stock, w.sums, flows[:, first:last], counts)
        _close_cells(stock, written[:, first:last], t.chances[pd, CANCELLED])
        heads, ages = filled.age_heads[place, year], w.of_place[place, t.years - year : t.years - year + AGES]
        for age in range(AGES):
            heads[age] += ages[age]
        for scale in range(t.scales):
            filled.scale_milli[place, year, scale] += w.of_place[place, AGES + t.years + scale]


@compiled
def _lend(stock, sums, needs, covered):
    """Let what is over in the cells of a place cover what is open in others, in proportion, rounded by running sums."""
    over, shared, lendable, wanted = stock[OVER], stock[SHARED], np.int64(0), np.int64(0)
    good, may, others, lends, wants = stock[YES], stock[APPOINTABLE], stock[NO], sums[0], sums[1]
    for cell in range(len(needs)):
        over[cell] = others[cell] + may[cell] + good[cell] - needs[cell] + shared[cell]
    for cell in range(len(needs)):
        here = np.int64(over[cell])
        lendable += max(here, 0) * covered >> 16
        wanted += max(-here, 0)
        lends[cell], wants[cell] = lendable, wanted
    lent = min(lendable, wanted)
    for cell in range(len(needs)):
        sums[2, cell] = divided(wants[cell] * lent, wanted) - divided(lends[cell] * lent, lendable)


@compiled
def _book(stock, sums, flows, counts):
    """Take down what cells of a place lend, and share, and by how much that changed (`counts` 0 in the base year)."""
    upto, cover, shared, before = sums[2], stock[COVER], stock[SHARED], stock[SHARED_BEFORE]
    switched, moved, last = flows[SWITCH], flows[MOVES], np.int64(0)
    for cell in range(len(cover)):
        now = upto[cell] - last
        last = upto[cell]
        switched[cell] += counts * (now - cover[cell])
        cover[cell] = now
    for cell in range(len(shared)):
        moved[cell] += counts * np.int64(shared[cell] - before[cell])
        before[cell] = shared[cell]


@compiled
def _close_cells(stock, written, cancelled):
    """Write the cells of a place: shortage, what is cancelled, what stays open, what is over."""
    for cell in range(stock.shape[1]):
        need, over, cover = written[NEED, cell], stock[OVER, cell], stock[COVER, cell]
        good = stock[YES, cell] + max(stock[SHARED, cell], 0)
        left_open = np.int64(max(-over, 0) - max(cover, 0))
        held = need + over + cover
        written[STOCK, cell] = held
        written[QUALIFIED, cell] = min(good, held)
        written[SHORTAGE, cell] = max(need - good - stock[APPOINTABLE, cell], 0)
        written[OPEN, cell] = left_open - (left_open * cancelled >> 16)
        written[SURPLUS, cell] = max(over, 0) - max(-cover, 0)


@compiled
def _read_need(need, draw, together, written):
    """Copy the need of some draws to where their other outputs come, a few cells at a time: whole cache lines are read."""
    for first in range(0, len(need), TOGETHER):
        last = min(first + TOGETHER, len(need))
        for year in range(written.shape[1]):
            for number in range(together):
                for cell in range(first, last):
                    written[number, year, NEED, cell] = need[cell, year, draw + number]


@compiled
def _write(written, together, outputs, at, turned):
    """Copy the outputs of some draws into the rows of draws, all years of a few cells at a time.

    What is copied is turned round in a corner that stays in the nearest memory, so that whole cache lines are read and
    written, one after the other. The need is copied elsewhere.
    """
    cells, kinds, years, _ = outputs.shape
    for first in range(0, cells, TOGETHER):
        last = min(first + TOGETHER, cells)
        for number in range(together):
            for year in range(years):
                for kind in range(1, kinds):
                    here, corner = written[number, year, kind, first:last], turned[kind, year]
                    for cell in range(len(here)):
                        corner[cell, number] = here[cell]
        for cell in range(first, last):
            for kind in range(1, kinds):
                for year in range(years):
                    row, corner_row = outputs[cell, kind, year, at : at + together], turned[kind, year, cell - first]
                    for number in range(len(row)):
                        row[number] = corner_row[number]


def _kept(mark: str) -> Any:
    """Return the function whose machine code numba keeps on disk; the mark is part of its key there."""

    @njit(cache=True, **OPTIONS)
    def block(t, w, filled, key, first_draw, draws, at):
        for start in range(0, draws, TOGETHER if mark else 1):
            together = min(TOGETHER, draws - start)
            _read_need(t.need, first_draw + start, together, filled.written)
            for number in range(together):
                _draw(t, w, filled, key, first_draw + start + number, number, at + start + number)
            _write(filled.written, together, filled.outputs, at + start, filled.turned)

    return block


_block = _kept(fingerprint())

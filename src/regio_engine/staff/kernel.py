"""The staff simulation, draw by draw, compiled: the same steps and the same bytes as `reference`, only quicker.

Balances are kept up to date with every event instead of being summed each year. Sixteen draws are written out together,
so that a row of draws is written in whole cache lines. Threads share nothing but the tables and their own draws.
"""

from typing import Any

import numpy as np
from numba import njit

from regio_engine.staff.contract import AGES, StaffDraws
from regio_engine.staff.kernel_books import close_year
from regio_engine.staff.kernel_life import live, switch
from regio_engine.staff.kernel_parts import (
    AT_THE_END,
    MOVES,
    NEED,
    OPTIONS,
    SWITCH,
    compiled,
    copy,
    fingerprint,
    set_special,
)
from regio_engine.staff.kernel_pool import close_holes, gather_candidates, match
from regio_engine.staff.kernel_tables import OVER, SPECIAL, TOGETHER, Read, filled, leave_behind, work
from regio_engine.staff.tables import Tables


class Kernel:
    """The compiled simulation of one set of tables, with room for one thread."""

    def __init__(self, tables: Tables, laid_out: Read, found: StaffDraws) -> None:
        """Take room; draws are filled in in `found`, sums when it is finished."""
        self._read = laid_out
        self._work = work(tables, self._read)
        self._filled = filled(tables, self._read, outputs=found.outputs, heads=found.heads)

    def fill(self, *, seed: int, first_draw: int, draws: int, at: int) -> None:
        """Simulate draws first_draw … and fill them in at `at`."""
        _block(self._read, self._work, self._filled, np.uint64(seed), first_draw, draws, at)

    def finish(self, found: StaffDraws) -> None:
        """Add the sums over everything that was simulated."""
        t, sums, years = self._read, self._filled, self._read.years
        sums.flows[:, SWITCH] += np.diff(sums.lent[0], axis=0)
        sums.flows[:, MOVES] += np.diff(sums.lent[1], axis=0)
        found.flows[t.cells] += sums.flows.transpose(2, 0, 1)
        places = t.cells[:: t.positions] // t.positions
        for year in range(years + 1):
            found.age_heads[places, year] += sums.of_place[year, :, years - year : years - year + AGES]
            found.scale_milli[places, year] += sums.of_place[year, :, AGES + years :]
        leave_behind(sums)


@compiled
def _draw(t, w, filled, key, draw, number, at):
    """Simulate one draw; its outputs go to `number` of what is written together, its heads to `at`."""
    pd, written, heads = draw % len(t.exits), filled.written[number], filled.heads[:, at]
    n = _load(t, w, draw, pd)
    for year in range(t.years + 1):
        if year:
            flows, head = filled.flows[year - 1], heads[year - 1]
            n = _live_through(t, w, key, np.uint32(draw), year, pd, n, written[year, NEED], flows, head)
        close_year(t, w, year, pd, written[year], filled)


@compiled
def _live_through(t, w, key, draw, year, pd, n, need, flows, head):
    """Let a year go by: living, switching, filling the pool; return how many people there are then."""
    head[0] = n
    holes, movers, switchers = live(t, w, key, draw, year, pd, n, flows, head)
    switch(t, w, pd, switchers, need, flows)
    entries = movers
    if len(t.counts):
        entries = gather_candidates(t, w, key, draw, year, pd, entries)
    if entries:
        holes, n = match(t, w, year, pd, movers, entries, holes, n, need, flows, head)
    n = close_holes(w, holes, n)
    head[AT_THE_END] = n
    return n


@compiled
def _load(t, w, draw, pd):
    """Take in the population of the draw; return how many people it has."""
    population = draw % (len(t.offsets) - 1)
    begin, n = np.int64(t.offsets[population]), np.int64(t.offsets[population + 1] - t.offsets[population])
    w.stock[OVER:] = 0
    for good in range(OVER):
        copy(w.stock[good], t.staff_stock[population, good])
    for place in range(t.places):
        copy(w.of_place[place], t.staff_of_place[population, place])
    for row in range(SPECIAL):
        copy(w.looked_up[row, :n], t.staff_looked_up[row, begin : begin + n])
    columns = w.persons.shape[1]
    copy(w.persons_flat[: n * columns], t.staff[begin * columns : (begin + n) * columns])
    for i in range(n):
        set_special(t, w, i, w.persons[i], pd)
    return n


@compiled
def _read_need(need, cells, draw, together, written, outputs, at):
    """Copy the need of some draws to where their other outputs come, a few cells at a time, and into the rows of draws."""
    for first in range(0, len(cells), TOGETHER):
        last = min(first + TOGETHER, len(cells))
        for year in range(written.shape[1]):
            for number in range(together):
                for cell in range(first, last):
                    written[number, year, NEED, cell] = need[cells[cell], year, draw + number]
            for cell in range(first, last):
                copy(
                    outputs[cells[cell], NEED, year, at : at + together],
                    need[cells[cell], year, draw : draw + together],
                )


@compiled
def _write(written, together, outputs, cells, at, turned):
    """Copy the outputs of some draws into the rows of draws, all years of a few cells at a time.

    What is copied is turned round in a corner that stays in the nearest memory, so that whole cache lines are read and
    written, one after the other. The need is copied elsewhere.
    """
    _, kinds, years, _ = outputs.shape
    for first in range(0, len(cells), TOGETHER):
        last = min(first + TOGETHER, len(cells))
        for number in range(together):
            for year in range(years):
                for kind in range(1, kinds):
                    here, corner = written[number, year, kind, first:last], turned[kind, year]
                    for cell in range(len(here)):
                        corner[cell, number] = here[cell]
        for cell in range(first, last):
            for kind in range(1, kinds):
                for year in range(years):
                    row, corner_row = (
                        outputs[cells[cell], kind, year, at : at + together],
                        turned[kind, year, cell - first],
                    )
                    for number in range(len(row)):
                        row[number] = corner_row[number]


def _kept(mark: str) -> Any:
    """Return the function whose machine code numba keeps on disk; the mark is part of its key there."""

    @njit(cache=True, **OPTIONS)
    def block(t, w, filled, key, first_draw, draws, at):
        for start in range(0, draws, TOGETHER if mark else 1):
            together = min(TOGETHER, draws - start)
            _read_need(t.need, t.cells, first_draw + start, together, filled.written, filled.outputs, at + start)
            for number in range(together):
                _draw(t, w, filled, key, first_draw + start + number, number, at + start + number)
            _write(filled.written, together, filled.outputs, t.cells, at + start, filled.turned)

    return block


_block = _kept(fingerprint())

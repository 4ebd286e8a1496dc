"""Filling the pool in the numpy reference: candidates, order, nearest opening, covers, hiring.

A market is one position over the whole region. Markets do not touch each other except by covers, so the first in line of
every market and draw is placed at once, then the second, and so on.
"""

from dataclasses import dataclass

import numpy as np

from regio_engine.staff.contract import HOURS_CLASS_MILLI, NONE, Exit, Flow, Qualified, Source
from regio_engine.staff.reference import Course, Flags, Longs, People, ranked, share
from regio_engine.staff.tables import CANDIDATE, SOURCE_SHIFT, SUPPLY, YEAR_MASK, YEAR_SHIFT, Tables

MOVER = -1
UNPLACED = -1


@dataclass
class Pool:
    """Who looks for a place this year; movers come first. `cell` and `contract` are what they find."""

    draw: Longs
    ids: Longs
    market: Longs
    qualified: Longs
    home: Longs
    milli: Longs
    priority: Longs
    source: Longs
    age: Longs
    cell: Longs
    contract: Longs


def fill_pool(course: Course, movers: People, priority: Longs) -> None:
    """Give movers and candidates their places and add them to the people of the course."""
    gap = -course.surplus() - share(course)
    pool = _pool(course, movers, priority)
    for kind in (Qualified.YES, Qualified.APPOINTABLE, Qualified.NO):
        _own_market(course, pool, np.flatnonzero(pool.qualified == kind), gap)
        if kind == Qualified.YES:
            left = (pool.cell == UNPLACED) & (pool.qualified == kind) & (pool.source != MOVER)
            _covers(course, pool, np.flatnonzero(left), gap)
    _settle_movers(course, movers, pool)
    _hire(course, pool)


def _pool(course: Course, movers: People, priority: Longs) -> Pool:
    draw, ids, market, source = _candidates(course)
    t = course.tables
    w0, w1, w2, w3 = course.words(CANDIDATE, ids=ids, draw=draw)
    age = (w0[:, None] >= t.new_ages[source][:, :-1]).sum(axis=1)
    hours = (w1[:, None] >= t.new_hours[source][:, :-1]).sum(axis=1)
    home = (w2[:, None] >= t.homes[:-1]).sum(axis=1)
    nothing = np.full(len(movers.draw) + len(draw), UNPLACED, np.int64)
    return Pool(
        draw=np.concatenate([movers.draw, draw]), ids=np.concatenate([movers.ids, ids]),
        market=np.concatenate([movers.position, market]),
        qualified=np.concatenate([movers.qualified, t.new_qualified[source].astype(np.int64)]),
        home=np.concatenate([movers.place, home]),
        milli=np.concatenate([movers.milli, np.array(HOURS_CLASS_MILLI, np.int64)[hours]]),
        priority=np.concatenate([priority, w3.astype(np.int64)]),
        source=np.concatenate([np.full(len(movers.draw), MOVER), source]), age=np.concatenate([movers.age, age]),
        cell=nothing, contract=nothing.copy(),
    )  # fmt: skip


def _candidates(course: Course) -> tuple[Longs, Longs, Longs, Longs]:
    """Return draw, id, market and source of this year's candidates."""
    t = course.tables
    numbers = np.stack([_numbers(course, source) for source in range(len(Source))], axis=2)
    draw, market, source = (np.repeat(one.ravel(), numbers.ravel()) for one in np.indices(numbers.shape))
    ends = np.cumsum(numbers.ravel())
    k = np.arange(len(draw)) - np.repeat(ends - numbers.ravel(), numbers.ravel())
    year = (t.base_year + course.year) & YEAR_MASK
    ids = t.position_bits[market].astype(np.int64) | source << SOURCE_SHIFT | year << YEAR_SHIFT | k
    return draw, ids, market, source


def _numbers(course: Course, source: int) -> Longs:
    """Return how many candidates a source has, shape (draws, positions)."""
    t = course.tables
    draws: Longs = np.indices((course.draws, t.positions))[0]
    ids = np.broadcast_to(t.position_ids.astype(np.int64), draws.shape)
    word = course.words(SUPPLY[source // 4], ids=ids, draw=draws)[source % 4]
    table = t.count_row[course.parameter_draw, course.year - 1, :, source]
    found = np.zeros(draws.shape, np.int64)
    for one in np.unique(table):
        here = table == one
        found[here] = np.searchsorted(t.counts[t.count_from[one] : t.count_from[one + 1]], word[here], side="right")
    return found


def _own_market(course: Course, pool: Pool, entries: Longs, gap: Longs) -> None:
    """Let each take the nearest opening of the own market; a mover who finds none returns."""
    t = course.tables
    order, number = ranked(pool.draw[entries], pool.market[entries], pool.priority[entries], pool.ids[entries])
    for turn in range(int(number.max(initial=-1)) + 1):
        who = entries[order[number == turn]]
        near, moves = t.nearest[pool.home[who]].astype(np.int64), pool.source[who] == MOVER
        cells = near * t.positions + pool.market[who][:, None]
        may = (near != NONE) & ~(moves[:, None] & (near == pool.home[who][:, None]))
        cell, contract = _first_open(pool, who, cells, may, gap, t)
        returns = moves & (cell == UNPLACED)
        cell[returns] = (pool.home[who] * t.positions + pool.market[who])[returns]
        contract[returns] = pool.milli[who][returns]
        _take(pool, who, cell, contract, gap)


def _covers(course: Course, pool: Pool, entries: Longs, gap: Longs) -> None:
    """Let the qualified for whom their own market has nothing fill what they cover, nearest first."""
    t = course.tables
    most = int(np.diff(t.cover_offsets).max())
    if not most:
        return
    options = np.full((t.positions, most), NONE, np.int64)
    for position in range(t.positions):
        listed = t.cover_positions[t.cover_offsets[position] : t.cover_offsets[position + 1]]
        options[position, : len(listed)] = listed
    nobody = np.zeros(len(entries), np.int64)
    order, number = ranked(pool.draw[entries], nobody, pool.priority[entries], pool.ids[entries])
    for turn in range(int(number.max(initial=-1)) + 1):
        who = entries[order[number == turn]]
        near, other = t.nearest[pool.home[who]].astype(np.int64)[:, :, None], options[pool.market[who]][:, None, :]
        cells = (near * t.positions + other).reshape(len(who), -1)
        may = ((near != NONE) & (other != NONE)).reshape(len(who), -1)
        _take(pool, who, *_first_open(pool, who, cells, may, gap, t), gap)


def _first_open(pool: Pool, who: Longs, cells: Longs, may: Flags, gap: Longs, t: Tables) -> tuple[Longs, Longs]:
    """Return the first of the cells with an opening, and the contract there; UNPLACED where there is none."""
    is_open = may & (gap[pool.draw[who][:, None], cells] >= t.smallest)
    found = is_open.any(axis=1)
    cell = np.where(found, cells[np.arange(len(who)), is_open.argmax(axis=1)], UNPLACED)
    contract = np.minimum(pool.milli[who], gap[pool.draw[who], cell])
    return cell, np.where(found, contract, 0)


def _take(pool: Pool, who: Longs, cell: Longs, contract: Longs, gap: Longs) -> None:
    found = cell != UNPLACED
    pool.cell[who], pool.contract[who] = cell, contract
    gap[pool.draw[who][found], cell[found]] -= contract[found]


def _settle_movers(course: Course, movers: People, pool: Pool) -> None:
    count = len(movers.draw)
    cell, contract = pool.cell[:count], pool.contract[:count]
    course.book(Flow.MOVES, cell, movers.milli)
    course.book(Flow.HOURS, cell, contract - movers.milli)
    movers.place, movers.milli = cell // course.tables.positions, contract
    course.people = course.people.with_more(movers)


def _hire(course: Course, pool: Pool) -> None:
    t = course.tables
    hired = np.flatnonzero((pool.source != MOVER) & (pool.cell != UNPLACED))
    source, cell, draw = pool.source[hired], pool.cell[hired], pool.draw[hired]
    position, own = cell % t.positions, pool.market[hired]
    course.people = course.people.with_more(
        People(
            draw=draw, ids=pool.ids[hired], place=cell // t.positions, position=position, age=pool.age[hired],
            tenure=t.new_tenure[source].astype(np.int64), milli=pool.contract[hired], qualified=pool.qualified[hired],
            term=t.new_term[source].astype(np.int64), second=np.where(position == own, NONE, own),
            scale=t.new_scale[source].astype(np.int64),
        )
    )  # fmt: skip
    for one in range(len(Source)):
        course.book(Flow.FROM_GRADUATE + one, cell[source == one], pool.contract[hired][source == one])
    course.heads[course.year - 1, :, len(Exit)] = np.bincount(draw, minlength=course.draws)

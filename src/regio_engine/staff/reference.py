"""The staff simulation in plain numpy, vectorised over draws: what the compiled kernel must equal byte for byte.

Persons of all draws stand in one flat table with their draw beside them. A year (`reference_years`) goes: live through it,
switch to a second position, fill the pool (`reference_pool`), close the books. It is slower than the kernel and easier to read.
"""

from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from regio_engine import keyed_random
from regio_engine.staff.contract import (
    AGES,
    HOURS_CLASS_MILLI,
    HOURS_CLASSES,
    NONE,
    OPEN_TERM,
    YOUNGEST,
    Exit,
    Flow,
    Output,
    Qualified,
    StaffDraws,
)
from regio_engine.staff.tables import MORE, PERSON, PURPOSES, Tables

Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint32]

HOURS_MILLI = np.array(HOURS_CLASS_MILLI, np.int64)


@dataclass
class People:
    """Persons of some draws, one entry each; `draw` counts from 0 within those draws."""

    draw: Longs
    ids: Longs
    place: Longs
    position: Longs
    age: Longs
    tenure: Longs
    milli: Longs
    qualified: Longs
    term: Longs
    second: Longs
    scale: Longs

    def only(self, chosen: Flags) -> "People":
        """Return the chosen persons."""
        return People(*(getattr(self, one.name)[chosen] for one in fields(self)))

    def with_more(self, others: "People") -> "People":
        """Return these persons and the others."""
        return People(*(np.concatenate([getattr(self, one.name), getattr(others, one.name)]) for one in fields(self)))


class Course:
    """The draws that are simulated together, and the arrays that are filled."""

    def __init__(self, tables: Tables, *, seed: int, first_draw: int, draws: int, found: StaffDraws, at: int) -> None:
        """Begin with the base year's people of draws first_draw … , which stand at `at` in the arrays."""
        self.tables, self.seed, self.first_draw, self.draws = tables, seed, first_draw, draws
        self.parameter_draw = np.arange(first_draw, first_draw + draws) % len(tables.exits)
        self.need = tables.need[:, :, first_draw : first_draw + draws].astype(np.int64)
        here = slice(at, at + draws)
        self.outputs, self.heads = found.outputs[..., here], found.heads[:, here]
        self.flows, self.age_heads, self.scale_milli = found.flows, found.age_heads, found.scale_milli
        self.lent = np.zeros((draws, tables.places * tables.positions), np.int64)
        self.shared = np.zeros_like(self.lent)
        self.people = _base_people(tables, first_draw, draws)
        self.year = 0

    def words(self, purpose: int, *, ids: Longs, draw: Longs) -> tuple[Words, Words, Words, Words]:
        """Return the words of these ids in this year."""
        year = self.tables.base_year + self.year
        return keyed_random.words(
            seed=self.seed, purpose=PURPOSES[purpose], stable_ids=ids, years=year, draws=self.first_draw + draw
        )

    def cells(self, people: People) -> Longs:
        """Return the cell of each person."""
        return people.place * self.tables.positions + people.position

    def book(self, flow: int, cells: Longs, milli: Longs) -> None:
        """Add to a flow of this year."""
        np.add.at(self.flows[:, self.year - 1, flow], cells, milli)

    def surplus(self) -> Longs:
        """Return stock minus need, shape (draws, cells)."""
        return np.asarray(self.stock().sum(axis=2) - self.need[:, self.year].T)

    def stock(self) -> Longs:
        """Return the contracts per draw, cell and qualification."""
        size = len(self.need)
        keys = (self.people.draw * size + self.cells(self.people)) * len(Qualified) + self.people.qualified
        sums: Longs = _sums(keys, self.people.milli, self.draws * size * len(Qualified))
        return sums.reshape(self.draws, size, -1)


def _sums(keys: Longs, values: Longs, size: int) -> Longs:
    """Return whole sums per key (float64 holds whole numbers exactly up to 2**53)."""
    return np.bincount(keys, weights=values, minlength=size).astype(np.int64)


def _base_people(t: Tables, first_draw: int, draws: int) -> People:
    population = np.arange(first_draw, first_draw + draws) % (len(t.offsets) - 1)
    sizes = (t.offsets[population + 1] - t.offsets[population]).astype(np.int64)
    draw = np.repeat(np.arange(draws), sizes)
    within = np.arange(len(draw)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    person = t.offsets[population][draw] + within
    taken = (t.ids, t.place, t.position, t.age, t.tenure, t.milli, t.qualified, t.term, t.second_position, t.scale)
    people = People(draw, *(array[person].astype(np.int64) for array in taken))
    people.age -= YOUNGEST
    return people


# ---------------------------------------------------------------------------------------------------- living a year
def live(course: Course) -> tuple[People, Longs]:
    """Let everybody live through a year; return who moves inside the region and their priority."""
    people = course.people
    w0, w1, w2, w3 = course.words(PERSON, ids=people.ids, draw=people.draw)
    cause = _causes(course, people, w0)
    _leave(course, people, cause)
    stays, moves = cause == len(Exit), cause == Exit.MOVE_INSIDE
    alive = stays | moves
    people, w1, w2, w3, stays = people.only(alive), w1[alive], w2[alive], w3[alive], stays[alive]
    _change_hours(course, people, w1)
    people.age += 1
    people.tenure += 1
    had_second, was_qualified = people.second != NONE, people.qualified == Qualified.YES
    _run_terms(course, people, w2)
    _finish_second(course, people, stays & ~had_second & was_qualified, w2)
    wishes = stays & had_second & (w2 < course.tables.switches[course.parameter_draw[people.draw]])
    course.book(Flow.MOVES, course.cells(people)[~stays], -people.milli[~stays])
    movers, priority = people.only(~stays), w3[~stays].astype(np.int64)
    course.people = people.only(stays)
    _switch(course, np.flatnonzero(wishes[stays]), w3[stays].astype(np.int64))
    return movers, priority


def _causes(course: Course, people: People, w0: Words) -> Longs:
    t = course.tables
    row = (people.age * t.classes + t.leave_class[people.place]) * 4 + np.minimum(people.tenure, 3)
    row = row * 2 + (people.qualified == Qualified.YES)
    chances = t.exits[course.parameter_draw[people.draw], row]
    cause = np.asarray((w0[:, None] >= chances).sum(axis=1), np.int64)
    cause[people.age == AGES - 1] = Exit.RETIRE
    return cause


def _leave(course: Course, people: People, cause: Longs) -> None:
    cells = course.cells(people)
    for one in range(Exit.MOVE_INSIDE):
        gone = cause == one
        course.book(one, cells[gone], -people.milli[gone])
        course.heads[course.year - 1, :, 1 + one] = np.bincount(people.draw[gone], minlength=course.draws)


def _change_hours(course: Course, people: People, w1: Words) -> None:
    t = course.tables
    if not t.hours_on:
        return
    now = np.minimum((people.milli - 1) // 200, HOURS_CLASSES - 1)
    chances = t.hours[course.parameter_draw[people.draw], people.age * HOURS_CLASSES + now]
    new = (w1[:, None] >= chances[:, :-1]).sum(axis=1)
    milli = np.where(new == now, people.milli, HOURS_MILLI[new])
    course.book(Flow.HOURS, course.cells(people), milli - people.milli)
    people.milli = milli


def _run_terms(course: Course, people: People, w2: Words) -> None:
    """Who is appointable qualifies, or comes a year closer to the end of the legal term.

    The third word tells, except where it already tells whether somebody switches.
    """
    t = course.tables
    if not t.terms_on:
        return
    inside = np.flatnonzero((people.qualified == Qualified.APPOINTABLE) & (people.term != OPEN_TERM))
    other, _, _, _ = course.words(MORE, ids=people.ids[inside], draw=people.draw[inside])
    word = np.where(people.second[inside] != NONE, other, w2[inside])
    qualifies = word < t.qualifies[course.parameter_draw[people.draw[inside]]]
    term = np.where(qualifies, 0, people.term[inside] - 1)
    people.term[inside] = np.maximum(term, 0)
    people.qualified[inside[qualifies]] = Qualified.YES
    people.qualified[inside[~qualifies & (term <= 0)]] = Qualified.NO


def _finish_second(course: Course, people: People, may: Flags, w2: Words) -> None:
    t = course.tables
    chance = t.second[course.parameter_draw[people.draw], people.position]
    done = np.flatnonzero(may & (w2 < chance))
    _, word, _, _ = course.words(MORE, ids=people.ids[done], draw=people.draw[done])
    second = (word[:, None] >= t.second_of[people.position[done]][:, :-1]).sum(axis=1)
    people.second[done] = np.where(second == people.position[done], NONE, second)


# ------------------------------------------------------------------------------------------------ second positions
def ranked(draw: Longs, market: Longs, priority: Longs, ids: Longs) -> tuple[Longs, Longs]:
    """Return an order by draw, market, priority and id, and the number of each within its draw and market."""
    order = np.lexsort((ids, priority, market, draw))
    begins = np.ones(len(order), np.bool_)
    begins[1:] = (np.diff(draw[order]) != 0) | (np.diff(market[order]) != 0)
    starts = np.flatnonzero(begins)
    return order, np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))


def _switch(course: Course, wishing: Longs, priority: Longs) -> None:
    """Move those who may to their second position, where half of the contract is over here and half is open there."""
    t, people, surplus = course.tables, course.people, course.surplus()
    over = surplus[people.draw[wishing], course.cells(people)[wishing]]
    wishing = wishing[2 * over >= people.milli[wishing]]
    nobody = np.zeros(len(wishing), np.int64)
    order, number = ranked(people.draw[wishing], nobody, priority[wishing], people.ids[wishing])
    for turn in range(int(number.max(initial=-1)) + 1):
        who = wishing[order[number == turn]]
        draw, milli, here = people.draw[who], people.milli[who], course.cells(people)[who]
        near = t.nearest[people.place[who]].astype(np.int64)
        there = near * t.positions + people.second[who][:, None]
        fits = (near != NONE) & (-2 * surplus[draw[:, None], there] >= milli[:, None])
        goes = (2 * surplus[draw, here] >= milli) & fits.any(axis=1)
        who, draw, milli, here = who[goes], draw[goes], milli[goes], here[goes]
        rank = fits[goes].argmax(axis=1)
        target = there[goes][np.arange(len(who)), rank]
        surplus[draw, here] -= milli
        surplus[draw, target] += milli
        course.book(Flow.SWITCH, here, -milli)
        course.book(Flow.SWITCH, target, milli)
        was_good = people.qualified[who] == Qualified.YES
        people.second[who] = np.where(was_good, people.position[who], NONE)
        people.place[who], people.position[who] = target // t.positions, target % t.positions
        people.qualified[who], people.term[who] = Qualified.YES, 0


# ------------------------------------------------------------------------------------------------------- the books
def close_year(course: Course) -> None:
    """Write the outputs of a year: shortage, surplus, cover, what is cancelled, what stays open."""
    t, year, people = course.tables, course.year, course.people
    stock, need = course.stock(), course.need[:, year].T
    shared = share(course)
    over = stock.sum(axis=2) - need + shared
    lent, taken = _cover(course, np.maximum(over, 0), np.maximum(-over, 0))
    left_open = np.maximum(-over, 0) - taken
    total = need + over + taken - lent
    come = np.maximum(shared, 0)
    good = stock[:, :, Qualified.YES] + come
    cancelled = t.cancelled.astype(np.int64)[course.parameter_draw][:, None]
    found = {
        Output.NEED: need, Output.STOCK: total, Output.QUALIFIED: np.minimum(good, total),
        Output.SHORTAGE: np.maximum(need - good - stock[:, :, Qualified.APPOINTABLE], 0),
        Output.OPEN: left_open - (left_open * cancelled >> 16), Output.SURPLUS: np.maximum(over, 0) - lent,
    }  # fmt: skip
    for output, values in found.items():
        course.outputs[:, output, year] = values.T
    if year:
        course.flows[:, year - 1, Flow.SWITCH] += (taken - lent - course.lent).sum(axis=0)
        course.flows[:, year - 1, Flow.MOVES] += (shared - course.shared).sum(axis=0)
    course.lent, course.shared = taken - lent, shared
    course.age_heads[:, year] += np.bincount(people.place * AGES + people.age, minlength=t.places * AGES).reshape(
        -1, AGES
    )
    course.scale_milli[:, year] += _sums(
        people.place * t.scales + people.scale, people.milli, t.places * t.scales
    ).reshape(-1, t.scales)


def _cover(course: Course, over: Longs, wanted: Longs) -> tuple[Longs, Longs]:
    """Return what each cell lends to and takes from other subjects at its place."""
    t = course.tables
    shape = (course.draws, t.places, t.positions)
    covered = t.covered.astype(np.int64)[course.parameter_draw][:, None]
    lent, taken = _divided((over * covered >> 16).reshape(shape), wanted.reshape(shape), axis=2)
    return lent.reshape(course.draws, -1), taken.reshape(course.draws, -1)


def share(course: Course) -> Longs:
    """Return what colleagues teach at other places of their board: more than 0 where they come, less where they are from.

    Who is qualified or appointable and over in a cell teaches the same position where the board lacks staff, in proportion.
    """
    t, stock, need = course.tables, course.stock(), course.need[:, course.year].T
    shape = (course.draws, t.places, t.positions)
    spare = np.maximum(stock[:, :, Qualified.APPOINTABLE :].sum(axis=2) - need, 0).reshape(shape)
    lack = np.maximum(need - stock.sum(axis=2), 0).reshape(shape)
    shared = np.zeros(shape, np.int64)
    for begin, end in pairwise(t.board_offsets.tolist()):
        places = t.board_places[begin:end]
        lent, taken = _divided(spare[:, places], lack[:, places], axis=1)
        shared[:, places] = taken - lent
    return shared.reshape(course.draws, -1)


def _divided(lendable: Longs, wanted: Longs, *, axis: int) -> tuple[Longs, Longs]:
    """Return what each lends and takes along an axis when as much as possible passes, in proportion, by running sums."""
    most = np.minimum(lendable.sum(axis=axis, keepdims=True), wanted.sum(axis=axis, keepdims=True))
    parts = []
    for part in (lendable, wanted):
        running = np.cumsum(part, axis=axis)
        upto = running * most // np.maximum(part.sum(axis=axis, keepdims=True), 1)
        parts.append(np.diff(upto, axis=axis, prepend=0))
    return parts[0], parts[1]

"""What the compiled parts of the staff simulation share: their decorator, what they work on, and small steps.

Compiled code takes no memory and therefore counts no references (`_nrt=False`); all room is made beforehand. Few arrays
with named rows instead of many arrays: numba's time to compile grows with the number of arguments. Its cache watches
only the file of the function that is kept, so that function carries a fingerprint of all its parts.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from regio_engine.staff.contract import (
    AGES,
    HOURS_CLASSES,
    NONE,
    Exit,
    Flow,
    Int16s,
    Int32s,
    Output,
    Qualified,
    Source,
    Thresholds,
)
from regio_engine.staff.tables import CANDIDATE, MORE, PERSON, SUPPLY, Tables

OUTPUTS, FLOWS, SOURCES, EXITS = len(Output), len(Flow), len(Source), len(Exit)
HIRED, AT_THE_END = EXITS, EXITS + 1  # columns of heads, after the start and four causes
TOGETHER = 16  # draws written out together: a cache line of int32
BLOCK = 512  # persons whose words are made together
HOURS_STEP = 200
FAR = 1 << 20  # rank of a place that is out of reach
KINDS = 3  # of entries in the pool: A, B, C1
OLDEST_ROW = (AGES - 1) * HOURS_CLASSES
RETIRE, MOVE = int(Exit.RETIRE), int(Exit.MOVE_INSIDE)
NO, APPOINTABLE, YES = int(Qualified.NO), int(Qualified.APPOINTABLE), int(Qualified.YES)
# Rows of `Work.stock`: by qualification, then stock minus need, what other subjects lend to a cell (or it to them), what
# colleagues of other places of the board do there now, and did when the books were closed.
OVER, COVER, SHARED, SHARED_BEFORE = 3, 4, 5, 6
NEED, STOCK, QUALIFIED, SHORTAGE, OPEN, SURPLUS = (int(one) for one in Output)
MOVES, HOURS, SWITCH, FIRST_SOURCE = int(Flow.MOVES), int(Flow.HOURS), int(Flow.SWITCH), int(Flow.FROM_GRADUATE)
PURPOSE_PERSON, PURPOSE_MORE, PURPOSE_CANDIDATE = np.uint32(PERSON), np.uint32(MORE), np.uint32(CANDIDATE)
PURPOSE_SUPPLY_0, PURPOSE_SUPPLY_1 = np.uint32(SUPPLY[0]), np.uint32(SUPPLY[1])
# Rows of `Work.looked_up`, read for everybody every year: id, ((age × classes + class) × 4 + tenure) × 4 + qualification,
# age × classes + class of hours, and below which word somebody switches or finishes a second qualification.
IDS, ROW, HOURS_ROW, SPECIAL = range(4)
WORD_1, WORD_2, WORD_3 = BLOCK, 2 * BLOCK, 3 * BLOCK  # where the second, third and fourth words begin
# Columns of `Work.persons`, read where something happens; BORN is age - year + years, the same in all years.
MILLI, PLACE, POSITION, BORN, GOOD, TERM, SECOND, SCALE = range(8)
# Rows of `Work.pool`; BUCKET is position × 3 + kind, WHO a person or -1 - source of a candidate.
BUCKET, HOME, HOURS_WISHED, WHO, ORDER, LEFT, HOLE, SWITCHER = range(8)
# Rows of `Work.flags` and `Work.listed`; `ACTS` is who may switch or qualify for more.
LEAVES, MOVING, CHANGES, ACTS, HAS_TERM = range(5)
# Columns of `Read.chances` and of `Read.new`.
SWITCHES, QUALIFIES, CANCELLED, COVERED = range(4)
NEW_GOOD, NEW_TERM, NEW_SCALE, NEW_TENURE = range(4)
STAFF_ID, STAFF_TENURE = 8, 9  # columns of `Read.staff` after those of a person

OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False, "error_model": "numpy"}
_PARTS: list[tuple[Callable[..., Any], dict[str, Any]]] = []


class Read(NamedTuple):
    """The tables as the compiled code reads them (see `Tables`)."""

    base_year: int
    years: int
    places: int
    positions: int
    classes: int
    scales: int
    smallest: int
    hours_on: bool
    terms_on: bool
    exits: np.ndarray
    leaves: np.ndarray  # (D, 2, rows): below which word someone leaves, and leaves or moves
    leave_class: np.ndarray
    hours: np.ndarray
    bounds: np.ndarray  # (D, 2, rows): words from low up to high keep the class of hours
    second: np.ndarray
    second_of: np.ndarray
    chances: np.ndarray  # (D, 4) int64
    offsets: np.ndarray
    staff: np.ndarray  # (persons, 10) int32: as in `Work.persons` with the age for BORN, then id and tenure
    nearest: np.ndarray
    rank: np.ndarray  # (places, places): how near each place is to each, FAR where it is too far
    board_offsets: np.ndarray
    board_places: np.ndarray
    cover_offsets: np.ndarray
    cover_positions: np.ndarray
    count_row: np.ndarray
    count_from: np.ndarray
    counts: np.ndarray
    position_keys: np.ndarray  # (2, positions): id, and its bits in the id of a candidate
    new_ages: np.ndarray
    new_hours: np.ndarray
    homes: np.ndarray
    new: np.ndarray  # (sources, 4)
    need: np.ndarray


class Work(NamedTuple):
    """Room of one thread to work in; balances are kept up to date with every event."""

    looked_up: np.ndarray  # (4, persons) uint32
    persons: np.ndarray  # (persons, 8) int32
    stock: np.ndarray  # (7, cells) int32
    of_place: np.ndarray  # (places, born + scales) int32: persons by birth, fte by scale
    gap: np.ndarray  # (positions, places) int32: what is open while the pool is matched
    pool: np.ndarray  # (8, entries) int32
    keys: np.ndarray  # (2, entries) uint64: priority, then id; of the pool, and of who may switch
    starts: np.ndarray  # (buckets + 1,) int32
    words: np.ndarray  # (4 × BLOCK,) uint32, see `make_words`
    age_words: np.ndarray  # (entries,) uint32: id of a candidate, then the word that tells the age
    flags: np.ndarray  # (5, BLOCK) bool: to whom of a block what happens
    listed: np.ndarray  # (5, BLOCK + 1) int32: the same as lists
    sums: np.ndarray  # (6, positions) int64: what cells can lend and want, in all and up to each, and do


class Filled(NamedTuple):
    """What is filled: outputs of a few draws at a time, heads per draw, sums over draws."""

    written: np.ndarray  # (TOGETHER, years + 1, outputs, cells)
    turned: np.ndarray  # (outputs, years + 1, TOGETHER, TOGETHER): outputs of a few cells, draws last
    outputs: np.ndarray
    flows: np.ndarray  # (years, flows, cells), turned round at the end
    heads: np.ndarray
    age_heads: np.ndarray
    scale_milli: np.ndarray


def read(t: Tables) -> Read:
    """Return the tables in few arrays."""
    staff = (
        t.milli,
        t.place,
        t.position,
        t.age,
        t.qualified,
        t.term,
        t.second_position,
        t.scale,
        t.ids.view(np.int32),
        t.tenure,
    )
    chances = (t.switches, t.qualifies, t.cancelled, t.covered)
    new = (t.new_qualified, t.new_term, t.new_scale, t.new_tenure)
    return _as_compiled_for(Read(
        t.base_year, t.years, t.places, t.positions, t.classes, t.scales, t.smallest, t.hours_on, t.terms_on, t.exits,
        _leaves(t), t.leave_class, t.hours, np.stack([t.hours_low, t.hours_high], axis=1), t.second, t.second_of,
        np.stack([one.astype(np.int64) for one in chances], axis=1), t.offsets,
        np.stack([one.astype(np.int32) for one in staff], axis=1), t.nearest, _rank(t.nearest), t.board_offsets, t.board_places,
        t.cover_offsets, t.cover_positions,
        t.count_row, t.count_from, t.counts, np.stack([t.position_ids, t.position_bits]), t.new_ages, t.new_hours,
        t.homes, np.stack([one.astype(np.int32) for one in new], axis=1), t.need,
    ))  # fmt: skip


def _leaves(t: Tables) -> Thresholds:
    """Return below which word someone leaves, and leaves or moves, with a row for each of three qualifications (and one to spare)."""
    of_two = t.exits[:, :, [Exit.LEAVE_REGION, Exit.MOVE_INSIDE]].reshape(len(t.exits), -1, 2, 2)
    return np.ascontiguousarray(of_two[:, :, [0, 0, 1, 1]].reshape(len(t.exits), -1, 2).transpose(0, 2, 1))


def _rank(nearest: Int16s) -> Int32s:
    rank = np.full(nearest.shape, FAR, np.int32)
    home, number = np.nonzero(nearest != NONE)
    rank[home, nearest[home, number]] = number
    return rank


def _as_compiled_for(tables: Read) -> Read:
    """Return the arrays contiguous and writeable, whatever they came from: numba compiles anew for every other kind."""
    values: Any = (
        np.require(one, requirements=["C", "A", "W"]) if isinstance(one, np.ndarray) else one for one in tables
    )
    return Read(*values)


def work(t: Tables) -> Work:
    """Return room for the largest population and everybody who could be hired."""
    most = int(np.diff(t.offsets).max()) + int(t.most_candidates.sum())
    entries = most + int(t.most_candidates.max())
    return Work(
        looked_up=np.empty((4, most), np.uint32), persons=np.empty((most, 8), np.int32),
        stock=np.empty((7, t.places * t.positions), np.int32),
        of_place=np.empty((t.places, AGES + t.years + t.scales), np.int32),
        gap=np.empty((t.positions, t.places), np.int32), pool=np.empty((8, entries), np.int32),
        keys=np.empty((2, entries), np.uint64), starts=np.empty(t.positions * KINDS + 1, np.int32),
        words=np.empty(4 * BLOCK, np.uint32), age_words=np.empty(entries, np.uint32), flags=np.empty((5, BLOCK), np.bool_),
        listed=np.empty((5, BLOCK + 1), np.int32), sums=np.empty((6, t.positions), np.int64),
    )  # fmt: skip


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a part of the kernel when it is first used."""
    return _part(function, OPTIONS)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a part into every place that uses it: a loop around it is only then done many at a time, for certain."""
    return _part(function, {**OPTIONS, "inline": "always"})


def _part(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    _PARTS.append((function, options))
    return njit(**options)(function)


def fingerprint() -> str:
    """Return what identifies the code of all parts and the constants they use."""
    digest = blake2b(digest_size=16)
    for part, options in _PARTS:
        code = part.__code__
        used = {name: part.__globals__.get(name) for name in code.co_names}
        constants = sorted((name, value) for name, value in used.items() if isinstance(value, int | np.generic))
        digest.update(
            f"{code.co_name}{options}{code.co_code.hex()}{code.co_consts}{code.co_varnames}{constants}".encode()
        )
    return digest.hexdigest()


@inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Return the four words of Philox4x32-10 (see `keyed_random`)."""
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * np.uint64(c0)
        p1 = np.uint64(0xCD9E8D57) * np.uint64(c2)
        c0, c1, c2, c3 = (
            np.uint32(np.uint32(p1 >> np.uint64(32)) ^ c1 ^ k0),
            np.uint32(p1),
            np.uint32(np.uint32(p0 >> np.uint64(32)) ^ c3 ^ k1),
            np.uint32(p0),
        )
        k0 = np.uint32(k0 + np.uint32(0x9E3779B9))
        k1 = np.uint32(k1 + np.uint32(0xBB67AE85))
    return c0, c1, c2, c3


@compiled
def make_words(ids, start, size, calendar, draw, purpose, key, words):
    """Make the words of ids start … start + size - 1, at most BLOCK: the first of all, then the second of all, and so on.

    The four lie at fixed distances in one array, so that the compiler sees that they never touch and makes many at once.
    """
    k0, k1, here = np.uint32(key), np.uint32(key >> np.uint64(32)), ids[start : start + size]
    w0, w1, w2, w3 = words[:WORD_1], words[WORD_1:WORD_2], words[WORD_2:WORD_3], words[WORD_3:]
    for i in range(len(here)):
        w0[i], w1[i], w2[i], w3[i] = philox(here[i], calendar, draw, purpose, k0, k1)


@compiled
def more_words(identity, calendar, draw, key):
    """Return the words of a person for what seldom happens."""
    return philox(identity, calendar, draw, PURPOSE_MORE, np.uint32(key), np.uint32(key >> np.uint64(32)))


@compiled
def class_of(thresholds, word):
    """Return how many of the cumulative thresholds but the last are at or below the word; all are looked at, without a guess."""
    number = 0
    for one in range(len(thresholds) - 1):
        number += word >= thresholds[one]
    return number


@compiled
def add(w, person, cell, scales_from, milli, heads):
    """Add fte and heads of a person in a cell to the balances."""
    place = person[PLACE]
    w.stock[person[GOOD], cell] += milli
    w.of_place[place, scales_from + person[SCALE]] += milli
    w.of_place[place, person[BORN]] += heads


@compiled
def settle(t, w, i, person, age, tenure, pd):
    """Set what follows from age, tenure, place, position, hours and qualification."""
    row = (age * t.classes + t.leave_class[person[PLACE]]) * 4 + min(tenure, 3)
    w.looked_up[ROW, i] = row * 4 + person[GOOD]
    w.looked_up[HOURS_ROW, i] = age * HOURS_CLASSES + min((person[MILLI] - 1) // HOURS_STEP, HOURS_CLASSES - 1)
    set_special(t, w, i, person, pd)


@compiled
def set_special(t, w, i, person, pd):
    """Set below which word a person switches, or finishes a second qualification."""
    if person[SECOND] == NONE:
        w.looked_up[SPECIAL, i] = t.second[pd, person[POSITION]]
    else:
        w.looked_up[SPECIAL, i] = t.chances[pd, SWITCHES]


@compiled
def surplus(w, need, cell):
    """Return the stock of a cell minus its need."""
    return w.stock[NO, cell] + w.stock[APPOINTABLE, cell] + w.stock[YES, cell] - need[cell]


@compiled
def share(t, w, need):
    """Let who is over at a place teach the same at other places of the board, in proportion, rounded by running sums."""
    for board in range(len(t.board_offsets) - 1):
        places = t.board_places[t.board_offsets[board] : t.board_offsets[board + 1]]
        if len(places) > 1:
            w.sums[:] = 0
            for place in places:
                first, last = place * t.positions, (place + 1) * t.positions
                _add_to_board(w.stock[:, first:last], need[first:last], w.sums)
            for place in places:
                first, last = place * t.positions, (place + 1) * t.positions
                _share_place(w.stock[:, first:last], need[first:last], w.sums)


@compiled
def _add_to_board(stock, need, sums):
    """Add what a place has over and lacks, per position, to the sums of its board."""
    lendable, wanted, others, may, good = sums[0], sums[1], stock[NO], stock[APPOINTABLE], stock[YES]
    for cell in range(len(need)):
        spare = np.int64(may[cell] + good[cell] - need[cell])
        lendable[cell] += max(spare, 0)
        wanted[cell] += max(-spare - others[cell], 0)


@compiled
def _share_place(stock, need, sums):
    """Give a place its part of what its board shares, per position."""
    lendable, wanted, others, may, good = sums[0], sums[1], stock[NO], stock[APPOINTABLE], stock[YES]
    lends, wants, lent, taken, shared = sums[2], sums[3], sums[4], sums[5], stock[SHARED]
    for cell in range(len(need)):
        spare = np.int64(may[cell] + good[cell] - need[cell])
        lends[cell] += max(spare, 0)
        wants[cell] += max(-spare - others[cell], 0)
        most = min(lendable[cell], wanted[cell])
        lent_now, taken_now = divided(lends[cell] * most, lendable[cell]), divided(wants[cell] * most, wanted[cell])
        shared[cell] = taken_now - taken[cell] - (lent_now - lent[cell])
        lent[cell], taken[cell] = lent_now, taken_now


@compiled
def divided(product, total):
    """Return product // total, of whole numbers from 0 whose quotient fits into 32 bits; 0 where the total is 0.

    Found in floating point and set right with whole numbers: exact, and many at a time, which dividing is not.
    """
    total = max(total, np.int64(1))
    quotient = np.int64(np.float64(product) / np.float64(total))
    rest = product - quotient * total
    return quotient + np.int64(rest >= total) - np.int64(rest < 0)


@compiled
def key_of(word, identity):
    """Return a key that sorts by priority, then by id."""
    return np.uint64(word) << np.uint64(32) | np.uint64(identity)

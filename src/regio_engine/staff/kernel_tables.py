"""What the compiled simulation reads, works on and fills, laid out so that it walks through memory in order.

Inside, places stand in another order than outside: first the first places of all boards of several places, the largest
board first, then their second places, and so on; then the places of boards of one. What colleagues of a board share is
then worked out for all boards at once. Lists of thresholds are filled up to whole rows of `WIDE`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from regio_engine.staff.contract import (
    AGES,
    HOURS_CLASSES,
    NONE,
    YOUNGEST,
    Exit,
    Flow,
    Int32s,
    Output,
    Qualified,
    Thresholds,
)
from regio_engine.staff.tables import CERTAIN, Tables

OUTPUTS, FLOWS = len(Output), len(Flow)
WIDE = 16  # numbers of 32 bits that are looked at together
TOGETHER = 16  # draws written out together: a cache line of int32
BLOCK = 512  # persons whose words are made together
HOURS_STEP = 200
FAR = 1 << 20  # rank of a place that is out of reach
KINDS = 3  # of entries in the pool: A, B, C1
# Rows of `Work.stock`: by qualification (0-2), then stock minus need, what other subjects lend to a cell (or it to them),
# and what colleagues of other places of the board do there.
OVER, COVER, SHARED, STOCKS = 3, 4, 5, 6
LENDS, WANTS, NET = range(3)  # rows of `Work.sums`
# Rows of `Work.looked_up`, read for everybody every year: id, ((age × classes + class) × 4 + tenure) × 4 + qualification,
# age × classes + class of hours, and below which word somebody switches or finishes a second qualification.
IDS, ROW, HOURS_ROW, SPECIAL = range(4)
# Columns of `Work.persons`, read where something happens; BORN is age - year + years, the same in all years.
MILLI, PLACE, POSITION, BORN, GOOD, TERM, SECOND, SCALE = range(8)
# Rows of `Work.pool`. BUCKET is kind × positions + position; WHO a person or -1 - source of a candidate. PLACED, TAKES
# and CONTRACT are the place, position and contract that are found. HOLE and SWITCHER list persons.
BUCKET, MARKET, HOME, HOURS_WISHED, WHO, PLACED, TAKES, CONTRACT, ORDER, LEFT, HOLE, SWITCHER = range(12)
LEAVES, MOVING, CHANGES, ACTS, HAS_TERM, ANYTHING = range(
    6
)  # rows of `Work.listed`; ACTS may switch or qualify for more
SWITCHES, QUALIFIES, CANCELLED, COVERED = range(4)  # columns of `Read.chances`
NEW_GOOD, NEW_TERM, NEW_SCALE, NEW_TENURE = range(4)  # columns of `Read.new`


class Read(NamedTuple):
    """The tables as the compiled code reads them (see `Tables`); places in the order of `cells`."""

    base_year: int
    years: int
    places: int
    positions: int
    classes: int
    smallest: int
    hours_on: bool
    terms_on: bool
    exits: np.ndarray
    leaves: np.ndarray  # (D, 2, rows): below which word someone leaves, and leaves or moves
    touches: np.ndarray  # (D, rows): up to which word something may happen to someone, leaving or moving or by a term
    edges: np.ndarray  # (D, rows): up to which distance from 0 or the largest word the class of hours may change
    leave_class: np.ndarray
    hours: np.ndarray
    bounds: np.ndarray  # (D, 2, rows): words from low up to high keep the class of hours
    second: np.ndarray
    second_of: np.ndarray
    chances: np.ndarray  # (D, 4) int64
    offsets: np.ndarray
    staff: np.ndarray  # (persons × 8,) int32: as in `Work.persons_flat`
    staff_looked_up: np.ndarray  # (3, persons) uint32: as in `Work.looked_up`
    staff_stock: np.ndarray  # (populations, 3, cells) int32: sums of `staff`
    staff_of_place: np.ndarray  # (populations, places, born + scales) int32
    nearest: np.ndarray
    rank: np.ndarray  # (places, places, filled up): how near each place is to each, FAR where it is too far
    cells: np.ndarray  # which cell of the outside each one is
    layers: np.ndarray  # where the first, second … places of boards of several places begin, and where the last end
    cover_offsets: np.ndarray
    cover_positions: np.ndarray
    count_row: np.ndarray
    count_from: np.ndarray
    count_most: np.ndarray
    counts: np.ndarray
    position_keys: np.ndarray  # (2, positions): id, and its bits in the id of a candidate
    new_ages: np.ndarray
    new_hours: np.ndarray
    homes: np.ndarray
    home_places: np.ndarray
    new: np.ndarray  # (sources, 4)
    need: np.ndarray


class Work(NamedTuple):
    """Room of one thread to work in; balances are kept up to date with every event."""

    looked_up: np.ndarray  # (4, persons) uint32
    persons: np.ndarray  # (persons, 8) int32
    persons_flat: np.ndarray  # the same memory as one list
    stock: np.ndarray  # (6, cells) int32
    of_place: np.ndarray  # (places, born + scales) int32: persons by birth, fte by scale
    gap: np.ndarray  # (positions, places, filled up) int32: what is open while the pool is matched
    pool: np.ndarray  # (12, entries) int32
    keys: np.ndarray  # (3, entries) uint64: priority, then id; of the pool, of who may switch, of the pool in order
    starts: np.ndarray  # (2, buckets + 1) int32: where buckets begin, and how far they are
    markets: np.ndarray  # (positions + 1,) int32: where somebody still looks for a place
    words: np.ndarray  # (4 × BLOCK,) uint32, see `make_words`
    age_words: np.ndarray  # (entries,) uint32: id of a candidate, then the word that tells the age
    listed: np.ndarray  # (6, BLOCK + 1) int32: to whom of a block what happens
    sums: np.ndarray  # (3, cells) int64: what cells can lend and want, up to each, and what they get
    totals: np.ndarray  # (2, cells of the first layer) int64


class Filled(NamedTuple):
    """What is filled: outputs of a few draws at a time, heads per draw, sums over draws."""

    written: np.ndarray  # (TOGETHER, years + 1, outputs, cells)
    turned: np.ndarray  # (outputs, years + 1, TOGETHER, TOGETHER): outputs of a few cells, draws last
    outputs: np.ndarray
    heads: np.ndarray
    flows: np.ndarray  # (years, flows, cells)
    lent: np.ndarray  # (2, years + 1, cells): what other subjects and other places do
    of_place: np.ndarray  # (years + 1, places, born + scales)


def read(t: Tables) -> Read:
    """Return the tables in few arrays."""
    chances = (t.switches, t.qualifies, t.cancelled, t.covered)
    new = (t.new_qualified, t.new_term, t.new_scale, t.new_tenure)
    order, layers = _order(t)
    inside = np.argsort(order).astype(np.int32)
    nearest = np.where(t.nearest == NONE, NONE, inside[t.nearest])[order].astype(np.int32)
    staff = _staff(t, inside)
    count_from, count_most, counts = _filled_up_counts(t)
    return _as_compiled_for(Read(
        t.base_year, t.years, t.places, t.positions, t.classes, t.smallest, t.hours_on, t.terms_on, t.exits,
        _leaves(t), _touches(t), _edges(t), t.leave_class[order].astype(np.int32), t.hours, np.stack([t.hours_low, t.hours_high], axis=1), t.second,
        _filled_up(t.second_of), np.stack([one.astype(np.int64) for one in chances], axis=1), t.offsets,
        staff.ravel(), _staff_looked_up(t, staff), *_staff_sums(t, staff), nearest, _rank(nearest),
        (order[:, None] * t.positions + np.arange(t.positions)).ravel().astype(np.int32), layers, t.cover_offsets,
        t.cover_positions, t.count_row, count_from, count_most, counts, np.stack([t.position_ids, t.position_bits]),
        _filled_up(t.new_ages), _filled_up(t.new_hours), _filled_up(t.homes), inside,
        np.stack([one.astype(np.int32) for one in new], axis=1), t.need,
    ))  # fmt: skip


def _order(t: Tables) -> tuple[NDArray[np.int64], Int32s]:
    """Return which place of the outside each place is, and where the layers begin."""
    sizes = np.diff(t.board_offsets)
    several = [board for board in np.argsort(-sizes, kind="stable") if sizes[board] > 1]
    order: list[int] = []
    layers = [0]
    for layer in range(int(sizes.max()) if several else 0):
        order += [int(t.board_places[t.board_offsets[board] + layer]) for board in several if sizes[board] > layer]
        layers.append(len(order))
    order += [int(t.board_places[first]) for first in t.board_offsets[:-1][sizes == 1]]
    return np.array(order, np.int64), np.array(layers, np.int32)


def _staff(t: Tables, inside: Int32s) -> Int32s:
    born = t.age.astype(np.int32) - YOUNGEST + t.years
    columns = (t.milli, inside[t.place], t.position, born, t.qualified, t.term, t.second_position, t.scale)
    return np.stack([one.astype(np.int32) for one in columns], axis=1)


def _staff_looked_up(t: Tables, staff: Int32s) -> Thresholds:
    age = staff[:, BORN] - t.years
    row = (age * t.classes + t.leave_class[t.place]) * 4 + np.minimum(t.tenure, 3)
    hours_row = age * HOURS_CLASSES + np.minimum((staff[:, MILLI] - 1) // HOURS_STEP, HOURS_CLASSES - 1)
    return np.stack([t.ids, row * 4 + staff[:, GOOD], hours_row]).astype(np.uint32)


def _staff_sums(t: Tables, staff: Int32s) -> tuple[Int32s, Int32s]:
    """Return stock, and persons and fte of places, of each population."""
    cells, columns = t.places * t.positions, AGES + t.years + t.scales
    population = np.repeat(np.arange(len(t.offsets) - 1), np.diff(t.offsets))
    stock = np.zeros((len(t.offsets) - 1, 3, cells), np.int32)
    of_place = np.zeros((len(t.offsets) - 1, t.places, columns), np.int32)
    _add_at(
        stock,
        (population * 3 + staff[:, GOOD]) * cells + staff[:, PLACE] * t.positions + staff[:, POSITION],
        staff[:, MILLI],
    )
    place = (population * t.places + staff[:, PLACE]) * columns
    _add_at(of_place, place + staff[:, BORN], np.ones(len(staff)))
    _add_at(of_place, place + AGES + t.years + staff[:, SCALE], staff[:, MILLI])
    return stock, of_place


def _add_at(sums: Int32s, keys: NDArray[np.int64], values: NDArray[Any]) -> None:
    """Add whole numbers (float64 holds them exactly up to 2**53)."""
    sums.reshape(-1)[:] += np.bincount(keys, weights=values, minlength=sums.size).astype(np.int32)


def _leaves(t: Tables) -> Thresholds:
    """Return below which word someone leaves, and leaves or moves, with a row for each of three qualifications (and one to spare)."""
    of_two = t.exits[:, :, [Exit.LEAVE_REGION, Exit.MOVE_INSIDE]].reshape(len(t.exits), -1, 2, 2)
    return np.ascontiguousarray(of_two[:, :, [0, 0, 1, 1]].reshape(len(t.exits), -1, 2).transpose(0, 2, 1))


def _touches(t: Tables) -> Thresholds:
    """Return up to which word anybody is looked at: whoever is oldest, and whose term may run, always."""
    touches = _leaves(t)[:, 1].reshape(len(t.exits), AGES, -1, 4).copy()
    touches[:, AGES - 1] = CERTAIN
    if t.terms_on:
        touches[..., Qualified.APPOINTABLE] = CERTAIN
    return touches.reshape(len(t.exits), -1)


def _edges(t: Tables) -> Thresholds:
    """Return the larger distance of the words that change the class of hours from the ends of all words."""
    if not t.hours_on:
        return np.zeros_like(t.hours_low)
    return np.asarray(np.maximum(t.hours_low, CERTAIN - t.hours_high))


def _rank(nearest: Int32s) -> Int32s:
    rank = np.full((len(nearest), whole(len(nearest))), FAR, np.int32)
    home, number = np.nonzero(nearest != NONE)
    rank[home, nearest[home, number]] = number
    return rank


def whole(length: int) -> int:
    """Return the length, filled up to whole rows."""
    return -(-length // WIDE) * WIDE


def _filled_up(thresholds: Thresholds) -> Thresholds:
    """Return cumulative thresholds without the last, filled up to whole rows of what a word is never below."""
    used = thresholds[..., :-1]
    filled = np.full((*used.shape[:-1], whole(used.shape[-1])), CERTAIN, np.uint32)
    filled[..., : used.shape[-1]] = used
    return filled


def _filled_up_counts(t: Tables) -> tuple[Int32s, Int32s, Thresholds]:
    """Return where each Poisson table begins when all are filled up, the most it can draw, and the tables."""
    most = np.diff(t.count_from)
    begins = np.concatenate([[0], np.cumsum(-(-most // WIDE) * WIDE)]).astype(np.int32)
    counts = np.full(int(begins[-1]), CERTAIN, np.uint32)
    counts[np.arange(len(t.counts)) + np.repeat(begins[:-1] - t.count_from[:-1], most)] = t.counts
    return begins, most.astype(np.int32), counts


def _as_compiled_for(tables: Read) -> Read:
    """Return the arrays contiguous and writeable, whatever they came from: numba compiles anew for every other kind."""
    values: Any = (
        np.require(one, requirements=["C", "A", "W"]) if isinstance(one, np.ndarray) else one for one in tables
    )
    return Read(*values)


def work(t: Tables, r: Read) -> Work:
    """Return room for the largest population and everybody who could be hired."""
    most = int(np.diff(t.offsets).max()) + int(t.most_candidates.sum())
    entries = most + int(t.most_candidates.max()) + 1
    cells, first_layer = t.places * t.positions, int(r.layers[min(1, len(r.layers) - 1)])
    persons = np.empty((most, 8), np.int32)
    return Work(
        looked_up=np.empty((4, most), np.uint32), persons=persons, persons_flat=persons.reshape(-1),
        stock=np.empty((STOCKS, cells), np.int32), of_place=np.empty(r.staff_of_place.shape[1:], np.int32),
        gap=np.full((t.positions, whole(t.places)), -1, np.int32), pool=np.empty((12, entries), np.int32),
        keys=np.empty((3, entries), np.uint64), starts=np.empty((2, t.positions * KINDS + 1), np.int32),
        markets=np.empty(t.positions + 1, np.int32), words=np.empty(4 * BLOCK, np.uint32),
        age_words=np.empty(entries, np.uint32), listed=np.empty((6, BLOCK + 1), np.int32),
        sums=np.empty((3, cells), np.int64), totals=np.empty((2, first_layer * t.positions), np.int64),
    )  # fmt: skip


_left_behind: list[
    Int32s
] = []  # what simulations that have ended wrote in: clearing new memory takes as long as 20 draws


def leave_behind(room: Filled) -> None:
    """Keep what was written in for the next simulation of the same size."""
    _left_behind.append(room.written)


def _found_or_made(shape: tuple[int, ...]) -> Int32s:
    """Return what was left behind where it fits, and let go of what does not."""
    try:
        while (room := _left_behind.pop()).shape != shape:
            pass
    except IndexError:
        return np.empty(shape, np.int32)
    return room


def filled(t: Tables, r: Read, *, outputs: Int32s, heads: Int32s) -> Filled:
    """Return what one thread fills; sums begin at 0."""
    cells = t.places * t.positions
    return Filled(
        written=_found_or_made((TOGETHER, t.years + 1, OUTPUTS, cells)),
        turned=np.empty((OUTPUTS, t.years + 1, TOGETHER, TOGETHER), np.int32), outputs=outputs, heads=heads,
        flows=np.zeros((t.years, FLOWS, cells), np.int64), lent=np.zeros((2, t.years + 1, cells), np.int64),
        of_place=np.zeros((t.years + 1, *r.staff_of_place.shape[1:]), np.int64),
    )  # fmt: skip

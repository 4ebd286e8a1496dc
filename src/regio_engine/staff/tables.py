"""What both implementations of the staff simulation read: the context, checked and laid out for looking up.

Mechanisms that are off are switched off here, by chances that say so; what simulates need not know. Everything is whole
numbers. The numbers of candidates come from Poisson tables made with additions, multiplications and divisions alone,
which every machine rounds in the same way.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.keyed_random import stable_id
from regio_engine.staff.checks import check_context
from regio_engine.staff.contract import (
    AGES,
    HOURS_CLASSES,
    TENURE_CLASSES,
    Exit,
    Int8s,
    Int16s,
    Int32s,
    Mechanism,
    Qualified,
    Source,
    StaffContext,
    Thresholds,
)

# What each random word is for. A person's four words: exit and cause, hours, switch or second qualification, priority.
PERSON = stable_id("staff:person")
MORE = stable_id("staff:person_more")  # qualify, which second position
CANDIDATE = stable_id("staff:candidate")  # age, hours, home, priority
SUPPLY = (stable_id("staff:supply_0"), stable_id("staff:supply_1"))  # four sources each
PURPOSES = {PERSON: "staff:person", MORE: "staff:person_more", CANDIDATE: "staff:candidate",
            SUPPLY[0]: "staff:supply_0", SUPPLY[1]: "staff:supply_1"}  # fmt: skip

# Id of a candidate: 1, position (13 bits), source (3), year (6), number within them (9). Base staff stays below the 1.
FIRST_CANDIDATE_ID = 1 << 31
POSITION_SHIFT, SOURCE_SHIFT, YEAR_SHIFT = 18, 15, 9
POSITION_SLOTS, YEAR_MASK, MOST_CANDIDATES = 1 << 13, 63, 1 << YEAR_SHIFT
CERTAIN = np.uint32(0xFFFFFFFF)
LARGEST_MEAN = 400.0  # candidates of one source, position and year
HALVINGS, TERMS = 10, 18  # exp(-x) as a Taylor series of x / 2**10, squared ten times


class Tables(NamedTuple):
    """Arrays to look up; `D` is a parameter draw, a row of leaving is ((age × classes + class) × 4 + tenure) × 2 + qualified."""

    base_year: int
    years: int
    places: int
    positions: int
    classes: int
    scales: int
    smallest: int
    hours_on: bool
    terms_on: bool
    exits: Thresholds  # (D, rows, 5)
    stays: Thresholds  # (D, rows): from this word on someone stays
    leave_class: Int16s
    hours: Thresholds  # (D, ages × classes, classes)
    hours_low: Thresholds  # (D, ages × classes): words from low up to high keep the class
    hours_high: Thresholds
    switches: Thresholds
    second: Thresholds  # (D, positions)
    second_of: Thresholds  # (positions, positions)
    qualifies: Thresholds
    cancelled: Int32s
    covered: Int32s
    offsets: Int32s
    ids: Thresholds
    place: Int16s
    position: Int16s
    age: Int16s
    milli: Int32s
    tenure: Int16s
    qualified: Int8s
    term: Int16s
    second_position: Int16s
    scale: Int8s
    nearest: Int16s
    board_offsets: Int32s  # (boards + 1,)
    board_places: Int16s  # the places of each board, one board behind the other
    cover_offsets: Int32s  # (positions + 1,)
    cover_positions: Int16s  # which positions the qualified of each position may fill too
    count_row: Int32s  # (D, years, positions, sources): row of the Poisson tables
    count_from: Int32s  # (rows + 1,)
    counts: Thresholds
    most_candidates: Int32s  # (years,): no draw has more
    position_ids: Thresholds
    position_bits: Thresholds
    new_ages: Thresholds
    new_hours: Thresholds
    homes: Thresholds
    new_qualified: Int8s
    new_term: Int16s
    new_scale: Int8s
    new_tenure: Int16s
    need: Int32s  # (cells, years + 1, draws)


def tables_of(context: StaffContext, *, years: int, last_draw: int) -> Tables:
    """Return the tables of a context for so many years and draws up to `last_draw`.

    Raises:
        ImplausibleInput: shapes or values that cannot be (see `checks`).
    """
    check_context(context, years=years, last_draw=last_draw)
    rates, staff, supply = context.rates, context.staff, context.supply
    exits = np.ascontiguousarray(np.moveaxis(_exits(context), 1, 2)).reshape(len(rates.exits), -1, len(Exit))
    hours = np.ascontiguousarray(rates.hours.reshape(len(rates.hours), AGES * HOURS_CLASSES, HOURS_CLASSES))
    low, high = _bounds_of_staying(hours)
    count_row, count_from, counts = _counts(context, years)
    cover_offsets, cover_positions = _covers(context)
    board_offsets, board_places = _boards(context)
    switch_on, second_on, terms_on = (
        _is_on(context, one)
        for one in (Mechanism.SUBJECT_SWITCH, Mechanism.SECOND_QUALIFICATION, Mechanism.QUALIFICATION_TERMS)
    )
    return Tables(
        base_year=context.base_year, years=years, places=len(context.place_ids), positions=len(context.position_ids),
        classes=rates.exits.shape[1], scales=1 + int(max(staff.scales.max(initial=0), supply.scale.max(initial=0))),
        smallest=max(context.smallest_opening_milli, 1), hours_on=_is_on(context, Mechanism.HOURS), terms_on=terms_on,
        exits=exits, stays=np.ascontiguousarray(exits[:, :, -1]), leave_class=rates.leave_class,
        hours=hours, hours_low=low, hours_high=high,
        switches=rates.switches * np.uint32(switch_on), second=rates.second_qualifications * np.uint32(second_on),
        second_of=rates.second_position_of, qualifies=rates.qualifies, cancelled=rates.cancelled,
        covered=rates.covered * np.int32(switch_on), offsets=staff.offsets, ids=staff.ids, place=staff.places,
        position=staff.positions, age=staff.ages, milli=staff.milli_fte, tenure=staff.tenures,
        qualified=staff.qualified, term=staff.terms, second_position=staff.second_positions, scale=staff.scales,
        nearest=_nearest(context), board_offsets=board_offsets, board_places=board_places, cover_offsets=cover_offsets, cover_positions=cover_positions,
        count_row=count_row, count_from=count_from, counts=counts,
        most_candidates=np.diff(count_from)[count_row].max(axis=0).sum(axis=(1, 2)).astype(np.int32),
        position_ids=context.position_ids, position_bits=position_bits(context.position_ids), new_ages=supply.ages,
        new_hours=supply.hours, homes=supply.homes, new_qualified=supply.qualified, new_term=supply.terms,
        new_scale=supply.scale, new_tenure=supply.tenure, need=context.need_milli,
    )  # fmt: skip


def _is_on(context: StaffContext, mechanism: Mechanism) -> bool:
    return bool(context.mechanisms >> mechanism & 1)


# ------------------------------------------------------------------------------------------------------------ leaving
def _exits(context: StaffContext) -> Thresholds:
    """Return the chances of leaving with the mechanisms that are off taken out."""
    exits = context.rates.exits
    if not _is_on(context, Mechanism.CAUSES):
        exits = _pooled_causes(exits, _weights(context))
    elif not _is_on(context, Mechanism.FIRST_YEAR):
        exits = _mean_over_tenure(exits, _weights(context))
    if not _is_on(context, Mechanism.INSIDE_MOVES):
        exits = exits.copy()
        exits[..., Exit.MOVE_INSIDE] = exits[..., Exit.LEAVE_REGION]
    return exits


def _weights(context: StaffContext) -> NDArray[np.uint64]:
    """Return how many of the base staff are in each tenure class, qualified or not, each counted once more."""
    staff = context.staff
    weights = np.ones((TENURE_CLASSES, 2), np.uint64)
    is_qualified = (staff.qualified == Qualified.YES).astype(np.int64)
    np.add.at(weights, (np.clip(staff.tenures, 0, TENURE_CLASSES - 1), is_qualified), np.uint64(1))
    return weights


def _mean_over_tenure(exits: Thresholds, weights: NDArray[np.uint64]) -> Thresholds:
    total = (exits * weights[:, :, None]).sum(axis=3, keepdims=True) // weights.sum(axis=0)[None, :, None]
    return np.ascontiguousarray(np.broadcast_to(total.astype(np.uint32), exits.shape))


def _pooled_causes(exits: Thresholds, weights: NDArray[np.uint64]) -> Thresholds:
    """Return one chance per age of leaving the sector, and what is left of moving inside."""
    mean = ((exits * weights[:, :, None]).sum(axis=(3, 4)) // weights.sum()).astype(np.uint32)
    pooled = np.zeros_like(exits)
    pooled[..., Exit.LEAVE_SECTOR : Exit.MOVE_INSIDE] = mean[:, :, :, None, None, Exit.LEAVE_REGION, None]
    pooled[..., Exit.MOVE_INSIDE] = mean[:, :, :, None, None, Exit.MOVE_INSIDE]
    return pooled


def _bounds_of_staying(hours: Thresholds) -> tuple[Thresholds, Thresholds]:
    """Return between which words someone surely keeps the class of hours; other words are looked at again."""
    own = np.tile(np.arange(HOURS_CLASSES), AGES)
    rows = np.arange(AGES * HOURS_CLASSES)
    low = np.where(own > 0, hours[:, rows, np.maximum(own - 1, 0)], np.uint32(0))
    high = np.where(own < HOURS_CLASSES - 1, hours[:, rows, own], CERTAIN)
    return np.ascontiguousarray(low, np.uint32), np.ascontiguousarray(high, np.uint32)


# ------------------------------------------------------------------------------------------------------------- places
def _nearest(context: StaffContext) -> Int16s:
    if _is_on(context, Mechanism.TRAVEL):
        return context.nearest
    places = np.arange(len(context.place_ids))
    return ((places[:, None] + places[None, :]) % len(places)).astype(np.int16)


def _boards(context: StaffContext) -> tuple[Int32s, Int16s]:
    """Return the places of each board, one list behind the other; without sharing every place is alone."""
    places = np.arange(len(context.place_ids))
    board = context.board_of_place if _is_on(context, Mechanism.SHARING) else places
    order = np.argsort(board, kind="stable")
    begins = np.flatnonzero(np.append(True, board[order][1:] != board[order][:-1]))
    return np.append(begins, len(places)).astype(np.int32), order.astype(np.int16)


def _covers(context: StaffContext) -> tuple[Int32s, Int16s]:
    """Return per position which other positions its qualified people may fill, one list behind the other."""
    may = context.covers.T & ~np.eye(len(context.position_ids), dtype=np.bool_)
    offsets = np.concatenate([[0], np.cumsum(may.sum(axis=1))]).astype(np.int32)
    return offsets, np.nonzero(may)[1].astype(np.int16)


# ------------------------------------------------------------------------------------------------------------- supply
def position_bits(position_ids: Thresholds) -> Thresholds:
    """Return the part of a candidate's id that tells the position: its own id, or the next free number."""
    taken: dict[int, int] = {}
    for identity in sorted(map(int, position_ids)):
        slot = identity % POSITION_SLOTS
        while slot in taken.values():
            slot = (slot + 1) % POSITION_SLOTS
        taken[identity] = slot
    return np.array([FIRST_CANDIDATE_ID | taken[int(one)] << POSITION_SHIFT for one in position_ids], np.uint32)


def _counts(context: StaffContext, years: int) -> tuple[Int32s, Int32s, Thresholds]:
    """Return which Poisson table each (draw, year, position, source) has, where each begins, and the tables."""
    expected = context.supply.expected_milli[:, :, :, :years].copy()
    if not _is_on(context, Mechanism.SUPPLY):
        expected[:] = 0
    if not _is_on(context, Mechanism.RETURNERS):
        expected[:, Source.RESERVE] = 0
    occurs = np.zeros(int(expected.max(initial=0)) + 1, np.bool_)
    occurs[expected] = True
    row_of = np.cumsum(occurs, dtype=np.int32) - np.int32(1)
    starts, counts = poisson_tables(np.flatnonzero(occurs) / 1000.0)
    return np.ascontiguousarray(row_of[expected].transpose(0, 3, 2, 1)), starts, counts


def poisson_tables(means: NDArray[np.float64]) -> tuple[Int32s, Thresholds]:
    """Return cumulative Poisson chances, one table behind the other: the number drawn is how many are at or below a word.

    A mean of 0 has an empty table: never anybody. Only operations that IEEE 754 rounds exactly are used.
    """
    if means.max(initial=0.0) > LARGEST_MEAN:
        raise ImplausibleInput(f"at most {LARGEST_MEAN} candidates per source, position and year, got {means.max()}")
    chance = _exp_of_minus(means)
    total, columns = np.zeros_like(means), []
    for number in range(MOST_CANDIDATES):
        total = total + chance
        columns.append(np.where(means > 0, total * 2.0**32, 2.0**32))
        chance = chance * means / (number + 1)
        if (columns[-1] >= 2.0**32 - 1).all():
            break
    table = np.stack(columns, axis=1)
    # What is left of chance beyond the last number that fits into 32 bits belongs to that number.
    is_used = table < 2.0**32 - 1
    starts = np.concatenate([[0], np.cumsum(is_used.sum(axis=1))]).astype(np.int32)
    return starts, table[is_used].astype(np.uint32)


def _exp_of_minus(x: NDArray[np.float64]) -> NDArray[np.float64]:
    small = x / 2.0**HALVINGS
    series = np.ones_like(small)
    for term in range(TERMS, 0, -1):
        series = 1.0 - series * small / term
    for _ in range(HALVINGS):
        series = series * series
    return series

"""Invented regions for tests and measurements of the staff simulation: all mechanisms at work, nothing read from a file.

`world(…)` is a region with plausible chances; `quiet(…)` one in which nothing happens unless a test says so.
"""

from dataclasses import replace

import numpy as np

from regio_engine.keyed_random import stable_id, words
from regio_engine.staff.contract import (
    AGES,
    ALL_MECHANISMS,
    HOURS_CLASS_MILLI,
    HOURS_CLASSES,
    NONE,
    OPEN_TERM,
    PARAMETER_DRAWS,
    TENURE_CLASSES,
    YOUNGEST,
    Exit,
    Qualified,
    Source,
    Staff,
    StaffContext,
    StaffRates,
    Supply,
)

CERTAIN = 2**32 - 1
BASE_YEAR = 2026
CONTRACTS = np.array([200, 400, 563, 600, 667, 800, 800, 1000, 1000, 1000], np.int32)


def threshold(chance):
    """Return chances as thresholds, whatever their shape."""
    return np.minimum(np.floor(np.asarray(chance, np.float64) * 2.0**32), CERTAIN).astype(np.uint32)


def cumulative(weights):
    """Return weights along the last axis as cumulative thresholds."""
    weights = np.asarray(weights, np.float64)
    return threshold(np.cumsum(weights, axis=-1) / weights.sum(axis=-1, keepdims=True))


def milli_of(*, places, positions, populations, per_population, seed, cells=None):
    """Return staff of which every entry is drawn by key."""
    number = np.arange(populations * per_population)
    first = words(seed=seed, purpose="world:staff", stable_ids=number, years=0, draws=0)
    second = words(seed=seed, purpose="world:staff", stable_ids=number, years=1, draws=0)
    cell = first[0] % np.uint32(places * positions) if cells is None else cells[first[0] % np.uint32(len(cells))]
    qualified = np.array([Qualified.NO] + [Qualified.APPOINTABLE] * 2 + [Qualified.YES] * 17, np.int8)[second[0] % 20]
    other = (cell % positions + 1 + second[1] % np.uint32(max(positions - 1, 1))) % positions
    return Staff(
        offsets=np.arange(populations + 1, dtype=np.int32) * per_population,
        ids=np.array([stable_id(f"person {one}") & 0x7FFFFFFF for one in number], np.uint32),
        places=(cell // positions).astype(np.int16),
        positions=(cell % positions).astype(np.int16),
        ages=(22 + first[1] % 44 - YOUNGEST + YOUNGEST).astype(np.int16),
        milli_fte=CONTRACTS[first[2] % len(CONTRACTS)],
        tenures=(first[3] % 25).astype(np.int16),
        qualified=qualified,
        terms=np.where(qualified == Qualified.APPOINTABLE, np.array([1, 2, 3, OPEN_TERM])[second[2] % 4], 0).astype(
            np.int16
        ),
        second_positions=np.where(second[3] % 8 == 0, other, NONE).astype(np.int16),
        scales=(second[3] % 3).astype(np.int8),
    )


def plausible_exits():
    """Return chances of leaving by age, tenure and qualification; parameter draws differ a little."""
    ages = np.arange(YOUNGEST, YOUNGEST + AGES)
    retire = np.interp(ages, [58, 62, 65, 67, 70, 75], [0, 0.04, 0.15, 0.7, 0.8, 1.0])
    leave = np.interp(ages, [18, 30, 45, 60], [0.06, 0.04, 0.025, 0.02])
    chance = np.zeros((PARAMETER_DRAWS, 1, AGES, TENURE_CLASSES, 2, len(Exit)))
    factor = np.linspace(0.85, 1.15, PARAMETER_DRAWS)[:, None, None, None]
    first = np.array([2.5, 1.4, 1.1, 1.0])[:, None] * np.array([1.4, 1.0])
    chance[:, 0, ..., Exit.RETIRE] = retire[:, None, None]
    chance[:, 0, ..., Exit.LEAVE_SECTOR] = leave[:, None, None] * first * factor
    chance[:, 0, ..., Exit.DIE_OR_DISABLED] = 0.004
    chance[:, 0, ..., Exit.LEAVE_REGION] = 0.012
    chance[:, 0, ..., Exit.MOVE_INSIDE] = 0.035
    return threshold(np.cumsum(chance, axis=-1))


def plausible_hours():
    """Return chances of the next class of hours: most stay, some go one class up or down."""
    weights = np.eye(HOURS_CLASSES) * 0.9 + np.eye(HOURS_CLASSES, k=1) * 0.05 + np.eye(HOURS_CLASSES, k=-1) * 0.05
    return np.ascontiguousarray(
        np.broadcast_to(cumulative(weights), (PARAMETER_DRAWS, AGES, HOURS_CLASSES, HOURS_CLASSES))
    )


def plausible_rates(places, positions):
    """Return rates in which every mechanism works."""

    def same(value, kind):
        return np.full(PARAMETER_DRAWS, value, kind)

    return StaffRates(
        exits=plausible_exits(), leave_class=np.zeros(places, np.int16), hours=plausible_hours(),
        switches=same(threshold(0.3), np.uint32),
        second_qualifications=np.full((PARAMETER_DRAWS, positions), threshold(0.01), np.uint32),
        second_position_of=np.ascontiguousarray(np.broadcast_to(cumulative(np.ones(positions)), (positions, positions))),
        qualifies=same(threshold(0.3), np.uint32), cancelled=same(20000, np.int32), covered=same(30000, np.int32),
    )  # fmt: skip


def plausible_supply(places, positions, *, years, per_position):
    """Return supply of which all sources have somebody; `per_position` candidates a year."""
    share = np.array([0.45, 0.12, 0.15, 0.05, 0.13, 0.1])
    expected = np.rint(
        1000 * per_position * share[None, :, None, None] * np.linspace(0.8, 1.2, PARAMETER_DRAWS)[:, None, None, None]
    )
    ages = np.arange(YOUNGEST, YOUNGEST + AGES)
    bell = np.stack([1 / (1 + ((ages - middle) / 6) ** 4) for middle in (25, 38, 45, 40, 37, 28)])
    return Supply(
        expected_milli=np.broadcast_to(expected, (PARAMETER_DRAWS, len(Source), positions, years)).astype(np.int32),
        ages=cumulative(bell), hours=cumulative(np.broadcast_to([1, 2, 3, 5, 4], (len(Source), HOURS_CLASSES))),
        homes=cumulative(np.ones(places)), qualified=np.array([2, 1, 2, 2, 2, 0], np.int8),
        terms=np.array([0, 2, 0, 0, 0, 0], np.int16), scale=np.zeros(len(Source), np.int8),
        tenure=np.array([0, 0, 3, 0, 5, 0], np.int16),
    )  # fmt: skip


def near_places(places, reach):
    """Return places on a ring, each within reach of the nearest `reach`."""
    numbers = np.arange(places)
    distance = np.minimum((numbers[:, None] - numbers) % places, (numbers - numbers[:, None]) % places)
    order = np.argsort(distance, axis=1, kind="stable").astype(np.int16)
    order[:, reach:] = NONE
    return order


def filled_need(staff, *, places, positions, years, draws, unfilled_milli, growth=0.0):
    """Return a need that is what is filled, and a drawn unfilled part; later years grow from there."""
    populations = len(staff.offsets) - 1
    stock = np.zeros((populations, places * positions), np.int64)
    cells = staff.places.astype(np.int64) * positions + staff.positions
    for one in range(populations):
        here = slice(staff.offsets[one], staff.offsets[one + 1])
        np.add.at(stock[one], cells[here], staff.milli_fte[here])
    numbers = np.arange(places * positions)
    word = words(seed=5, purpose="world:need", stable_ids=numbers[:, None], years=0, draws=np.arange(draws))[0]
    unfilled = (word.astype(np.uint64) * np.uint64(2 * unfilled_milli + 1) >> np.uint64(32)).astype(np.int64)
    base = stock[np.arange(draws) % populations].T + unfilled
    factor = 1000 + np.rint(1000 * growth * np.arange(years + 1)).astype(np.int64)
    return (base[:, None, :] * factor[None, :, None] // 1000).astype(np.int32)


def world(
    *,
    places=5,
    positions=4,
    persons=120,
    populations=2,
    years=6,
    draws=40,
    per_position=None,
    unfilled_milli=200,
    growth=0.0,
    seed=1,
):
    """Return a region in which everything happens."""
    staff = milli_of(places=places, positions=positions, populations=populations, per_population=persons, seed=seed)
    inflow = 0.085 * persons / positions if per_position is None else per_position
    covers = np.eye(positions, dtype=np.bool_)
    covers[np.arange(1, positions, 2), np.arange(0, positions - positions % 2, 2)] = True
    names = tuple(f"90A{one:03d}" for one in range(places)), tuple(f"vak {one}" for one in range(positions))
    return StaffContext(
        place_codes=names[0], position_codes=names[1],
        place_ids=np.array([stable_id(name) for name in names[0]], np.uint32),
        position_ids=np.array([stable_id(name) for name in names[1]], np.uint32),
        base_year=BASE_YEAR, staff=staff,
        need_milli=filled_need(staff, places=places, positions=positions, years=years, draws=draws, unfilled_milli=unfilled_milli, growth=growth),
        rates=plausible_rates(places, positions),
        supply=plausible_supply(places, positions, years=years, per_position=inflow),
        board_of_place=(np.arange(places) // 3).astype(np.int16), nearest=near_places(places, max(1, places * 3 // 5)), covers=covers, smallest_opening_milli=150,
        mechanisms=ALL_MECHANISMS,
    )  # fmt: skip


def changed(context, **fields):
    """Return a context with other rates, supply or staff: `changed(context, rates={"switches": …}, mechanisms=…)`."""
    parts = {
        name: replace(getattr(context, name), **value) if isinstance(value, dict) else value
        for name, value in fields.items()
    }
    return replace(context, **parts)


def hours_of(milli):
    """Return the class of hours of a contract."""
    return int(np.searchsorted(HOURS_CLASS_MILLI, min(milli, 1000)))


def quiet(
    *,
    persons,
    milli_fte=1000,
    years=3,
    draws=2,
    age=40,
    tenure=10,
    positions=1,
    places=1,
    exits=(0, 0, 0, 0, 0),
    first_id=1,
    unfilled_milli=0,
):
    """Return a region in which people leave with the given chances and nothing else happens, nobody comes."""
    context = world(
        places=places, positions=positions, persons=persons, populations=1, years=years, draws=draws, per_position=0
    )
    cells = np.arange(persons) % (places * positions)
    staff = replace(
        context.staff, ids=np.arange(first_id, first_id + persons, dtype=np.uint32),
        places=(cells // positions).astype(np.int16), positions=(cells % positions).astype(np.int16),
        ages=np.full(persons, age, np.int16), milli_fte=np.full(persons, milli_fte, np.int32),
        tenures=np.full(persons, tenure, np.int16), qualified=np.full(persons, Qualified.YES, np.int8),
        terms=np.zeros(persons, np.int16), second_positions=np.full(persons, NONE, np.int16),
    )  # fmt: skip
    never = {
        name: np.zeros_like(getattr(context.rates, name))
        for name in ("switches", "second_qualifications", "qualifies", "cancelled", "covered")
    }
    stay = np.ascontiguousarray(np.broadcast_to(cumulative(np.eye(HOURS_CLASSES) + 0.0), context.rates.hours.shape))
    leave = np.ascontiguousarray(np.broadcast_to(threshold(np.cumsum(exits)), context.rates.exits.shape))
    need = filled_need(
        staff, places=places, positions=positions, years=years, draws=draws, unfilled_milli=unfilled_milli
    )
    return changed(context, staff=staff, need_milli=need, rates={**never, "hours": stay, "exits": leave})

"""What must be true of a staff simulation's context; a wrong array would otherwise give a wrong figure, not an error."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.contract import (
    AGES,
    HOURS_CLASSES,
    OLDEST,
    PARAMETER_DRAWS,
    TENURE_CLASSES,
    YOUNGEST,
    Exit,
    Qualified,
    Source,
    StaffContext,
)

LARGEST_INT32 = 2**31 - 1
FIRST_CANDIDATE_ID = 2**31  # ids from here on belong to candidates
FULL_MILLI = 1000


def check_context(context: StaffContext, *, years: int, last_draw: int) -> None:
    """Raise ImplausibleInput where an array has another shape, a value that cannot be, or sums that would overflow."""
    if years < 1 or last_draw < 0:
        raise ImplausibleInput(f"at least one year and one draw, got {years} years, last draw {last_draw}")
    for name, array, shape in _shapes(context, years):
        if array.shape != shape:
            raise ImplausibleInput(f"{name} must have shape {shape}, got {array.shape}")
    need = context.need_milli
    if need.ndim != 3 or need.shape[0] != _cells(context) or need.shape[1] <= years or need.shape[2] <= last_draw:
        raise ImplausibleInput(
            f"need_milli must have {_cells(context)} cells, {years + 1} years and {last_draw + 1} draws, got {need.shape}"
        )
    for name, array, low, high in _bounds(context):
        if array.size and not low <= int(array.min()) <= int(array.max()) <= high:
            raise ImplausibleInput(f"{name} must lie between {low} and {high}, got {array.min()} to {array.max()}")
    _check_staff(context)
    _check_thresholds(context)
    _check_sums(context, years)


def _cells(context: StaffContext) -> int:
    return len(context.place_ids) * len(context.position_ids)


def _shapes(context: StaffContext, years: int) -> Iterator[tuple[str, NDArray[np.generic], tuple[int, ...]]]:
    places, positions, sources = len(context.place_ids), len(context.position_ids), len(Source)
    rates, supply, draws = context.rates, context.supply, PARAMETER_DRAWS
    classes = rates.exits.shape[1] if rates.exits.ndim == 6 else 0
    offered = supply.expected_milli.shape[-1]
    yield "exits", rates.exits, (draws, classes, AGES, TENURE_CLASSES, 2, len(Exit))
    yield "leave_class", rates.leave_class, (places,)
    yield "hours", rates.hours, (draws, AGES, HOURS_CLASSES, HOURS_CLASSES)
    yield "second_qualifications", rates.second_qualifications, (draws, positions)
    yield "second_position_of", rates.second_position_of, (positions, positions)
    for name in ("switches", "qualifies", "cancelled", "covered"):
        yield name, getattr(rates, name), (draws,)
    yield "expected_milli", supply.expected_milli, (draws, sources, positions, max(offered, years))
    yield "supply.ages", supply.ages, (sources, AGES)
    yield "supply.hours", supply.hours, (sources, HOURS_CLASSES)
    yield "homes", supply.homes, (places,)
    for name in ("qualified", "terms", "scale", "tenure"):
        yield f"supply.{name}", getattr(supply, name), (sources,)
    yield "nearest", context.nearest, (places, places)
    yield "board_of_place", context.board_of_place, (places,)
    yield "covers", context.covers, (positions, positions)
    for field in ("places", "positions", "ages", "milli_fte", "tenures", "qualified", "terms", "scales"):
        yield field, getattr(context.staff, field), context.staff.ids.shape
    yield "second_positions", context.staff.second_positions, context.staff.ids.shape


def _bounds(context: StaffContext) -> Iterator[tuple[str, NDArray[np.integer], int, int]]:
    places, positions, classes = len(context.place_ids), len(context.position_ids), context.rates.exits.shape[1]
    staff, supply, rates = context.staff, context.supply, context.rates
    yield "need_milli", context.need_milli, 0, LARGEST_INT32 // 2
    yield "ids", staff.ids, 0, FIRST_CANDIDATE_ID - 1
    yield "places", staff.places, 0, places - 1
    yield "positions", staff.positions, 0, positions - 1
    yield "ages", staff.ages, YOUNGEST, OLDEST
    yield "milli_fte", staff.milli_fte, 1, 2 * FULL_MILLI
    yield "tenures", staff.tenures, 0, 99
    yield "qualified", staff.qualified, Qualified.NO, Qualified.YES
    yield "terms", staff.terms, 0, 99
    yield "second_positions", staff.second_positions, -1, positions - 1
    yield "scales", staff.scales, 0, 126
    yield "leave_class", rates.leave_class, 0, classes - 1
    yield "cancelled", rates.cancelled, 0, 1 << 16
    yield "covered", rates.covered, 0, 1 << 16
    yield "expected_milli", supply.expected_milli, 0, LARGEST_INT32
    yield "supply.qualified", supply.qualified, Qualified.NO, Qualified.YES
    yield "supply.scale", supply.scale, 0, 126
    yield "supply.tenure", supply.tenure, 0, 99
    yield "nearest", context.nearest, -1, places - 1


def _check_staff(context: StaffContext) -> None:
    staff = context.staff
    offsets = staff.offsets
    if len(offsets) < 2 or offsets[0] != 0 or offsets[-1] != len(staff.ids) or (np.diff(offsets) < 0).any():
        raise ImplausibleInput(f"offsets must rise from 0 to the number of persons, got {offsets}")
    for first, last in pairwise(offsets):
        if not _all_differ(staff.ids[first:last]):
            raise ImplausibleInput(f"ids must be unique within a population, got one twice between {first} and {last}")
    if (context.nearest[:, 0] != np.arange(len(context.place_ids))).any():
        raise ImplausibleInput("nearest must begin with the place itself")
    if not _all_differ(context.position_ids):
        raise ImplausibleInput("position_ids must be unique")


def _all_differ(ids: NDArray[np.integer]) -> bool:
    """Return whether no id occurs twice (numpy's own `unique` loads a module of 50 ms first)."""
    ordered = np.sort(ids)
    return not (ordered[1:] == ordered[:-1]).any()


def _check_thresholds(context: StaffContext) -> None:
    """Cumulative thresholds never fall."""
    rates, supply = context.rates, context.supply
    for name, array in (
        ("exits", rates.exits), ("hours", rates.hours), ("second_position_of", rates.second_position_of),
        ("supply.ages", supply.ages), ("supply.hours", supply.hours), ("homes", supply.homes),
    ):  # fmt: skip
        if (array[..., 1:] < array[..., :-1]).any():
            raise ImplausibleInput(f"{name} must be cumulative thresholds that never fall")


def _check_sums(context: StaffContext, years: int) -> None:
    """All contracts and the largest need of a cell together must fit into 32 bits, whoever is hired."""
    staff = context.staff
    hired = int(context.supply.expected_milli.max(axis=0, initial=0).sum(dtype=np.int64)) * 4 // 1000 + 1000
    persons = int(np.diff(staff.offsets).max()) + hired
    largest = 2 * FULL_MILLI * persons + int(context.need_milli.max(initial=0))
    if largest > LARGEST_INT32:
        raise ImplausibleInput(f"cells must stay below {LARGEST_INT32} thousandths of fte, got up to {largest}")

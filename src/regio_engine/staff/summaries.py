"""From a simulated region to figures of a scope: sums per draw first, then mean, quantiles and the spread.

A scope is a set of places (a board, a school), an item a set of positions (a subject, everything together). Which scopes
and items may be shown is decided by the caller. Hidden shortage is shortage − open, taken per draw.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regio_engine.bands import mean_and_band
from regio_engine.errors import ImplausibleInput
from regio_engine.staff.contract import Output, StaffContext, StaffDraws
from regio_engine.units import MILLI_PER_FTE

Sums = NDArray[np.int64]  # (outputs, years + 1, draws) [thousandths of fte]
Members = Mapping[str, Sequence[int]]  # name → numbers of its places, or of its positions

SPREAD_STEPS = 21  # 0, 5, 10 … 100 %


class Quantity(StrEnum):
    """What a row is about."""

    NEED = "need"
    STOCK = "stock"
    QUALIFIED = "qualified"
    SHORTAGE = "shortage"
    OPEN = "open"
    HIDDEN = "hidden"
    SURPLUS = "surplus"


class StaffRow(NamedTuple):
    """One quantity of one item in one year [fte]."""

    item: str
    quantity: Quantity
    year: int
    mean: float
    p10: float
    p50: float
    p90: float


class SpreadRow(NamedTuple):
    """The spread of one quantity of one item in one year: 21 quantiles, 0 to 100 % [fte]."""

    item: str
    quantity: Quantity
    year: int
    quantiles: tuple[float, ...]


class AgeRow(NamedTuple):
    """Teachers of ages youngest … oldest, both included, in one year: the mean over the draws [persons]."""

    youngest: int
    oldest: int
    year: int
    mean_persons: float


def item_sums(
    context: StaffContext, drawn: StaffDraws, *, places: Sequence[int], items: Members
) -> Iterator[tuple[str, Sums]]:
    """Yield per item its outputs summed over these places, an item without need or staff left out.

    Args:
        context: names the cells of `drawn`.
        drawn: what the simulation found.
        places: numbers of the places of the scope.
        items: numbers of the positions of each item.
    """
    grid = drawn.outputs.reshape(len(context.place_codes), len(context.position_codes), *drawn.outputs.shape[1:])
    per_position = [
        np.stack([grid[place, position] for place in places]).sum(axis=0, dtype=np.int64)
        for position in range(len(context.position_codes))
    ]
    for item, positions in items.items():
        total = np.zeros(drawn.outputs.shape[1:], np.int64)
        for position in positions:
            total += per_position[position]
        if total.any():
            yield item, total


def quantity_of(sums: Sums, quantity: Quantity) -> NDArray[np.int64]:
    """Return one quantity per year and draw [thousandths of fte]."""
    if quantity == Quantity.HIDDEN:
        return np.asarray(sums[Output.SHORTAGE] - sums[Output.OPEN])
    return np.asarray(sums[Output[quantity.name]])


def staff_rows(item: str, sums: Sums, *, years: Sequence[int]) -> list[StaffRow]:
    """Return mean and band of every quantity and year [fte]; means add up to within 0.0001, bands do not add."""
    drawn = np.stack([quantity_of(sums, quantity) for quantity in Quantity])
    numbers = mean_and_band(drawn) / MILLI_PER_FTE
    return [
        StaffRow(item, quantity, year, *_four(numbers[:, q, y]))
        for q, quantity in enumerate(Quantity)
        for y, year in enumerate(years)
    ]


def spread_rows(item: str, sums: Sums, *, years: Sequence[int], quantity: Quantity) -> list[SpreadRow]:
    """Return the 21 quantiles of one quantity per year."""
    levels = np.linspace(0, 1, SPREAD_STEPS)
    drawn = quantity_of(sums, quantity)
    numbers = np.quantile(drawn, levels, axis=-1, method="inverted_cdf") / MILLI_PER_FTE  # values that were drawn
    return [
        SpreadRow(item, quantity, year, tuple(round(float(number), 3) for number in numbers[:, y]))
        for y, year in enumerate(years)
    ]


def age_rows(
    drawn: StaffDraws, *, places: Sequence[int], draws: int, youngest: int, band_floors: Sequence[int]
) -> list[AgeRow]:
    """Return the teachers of these places per age band and year.

    Args:
        drawn: what the simulation found; its first age is `youngest`.
        places: numbers of the places of the scope.
        draws: number of draws behind the sums.
        youngest: age of the first column.
        band_floors: lowest age of each band, rising, the first equal to `youngest`; the last band is open.
    """
    if list(band_floors) != sorted(set(band_floors)) or band_floors[0] != youngest:
        raise ImplausibleInput(f"band_floors must rise from {youngest}, got {band_floors}")
    heads = drawn.age_heads[list(places)].sum(axis=0)
    tops = [*(floor - 1 for floor in band_floors[1:]), youngest + heads.shape[-1] - 1]
    return [
        AgeRow(low, top, year, round(float(heads[y, low - youngest : top - youngest + 1].sum()) / draws, 4))
        for low, top in zip(band_floors, tops, strict=True)
        for y, year in enumerate(drawn.years)
    ]


def _four(numbers: NDArray[np.float64]) -> tuple[float, float, float, float]:
    mean, p10, p50, p90 = (round(float(number), 4) for number in numbers)
    return mean, p10, p50, p90

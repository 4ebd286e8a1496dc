"""The level of the base year: the measured shortage as a drawn quantity, and what of it nobody fills.

Measured shortage (open and hidden) = C1 (unqualified) + C2 + C3 + D. C1 is in the staff, so the unfilled part is the
measurement minus C1, never below 0; where more is taught by unqualified people than the measurement says, the shortage is
that. Shares are of the employment (staffed and unfilled): unfilled U of stock S and share q follows from
q = (C1 + U) / (S + U). Own measurements of a board take the place of the share of the nation there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine import keyed_random
from regio_engine.parameters.positions import FIRST_GRADE, SECOND_GRADE
from regio_engine.parameters.staff_figures import StaffFigure, StaffParameters, specialism_key
from regio_engine.staff.context_draws import drawn
from regio_engine.staff.context_positions import grade_of, specialism_of
from regio_engine.staff.contract import PARAMETER_DRAWS, Int32s
from regio_engine.units import MILLI_PER_FTE, Floats

MOST = 0.9  # of the employment; no share of a position is drawn above it
SMALLEST_FIRST_GRADE_FACTOR = 0.3


@dataclass(frozen=True)
class Measurement:
    """A shortage that a board measured itself, open and hidden together [fte].

    Attributes:
        key: what tells the measurement apart ("bestuur 90021, vo:duits:tweedegraads").
        places: indices of the places it speaks of.
        position: index of the position.
        low, shortage, high: the range holds 8 of 10 draws [fte].
    """

    key: str
    places: tuple[int, ...]
    position: int
    low: float
    shortage: float
    high: float

    def drawn_milli(self, *, seed: int) -> Floats:
        """Return the drawn shortage [thousandths of fte], shape (PARAMETER_DRAWS,)."""
        told = StaffFigure(
            "measured_shortage", "own", self.shortage, self.low, self.high, unit="fte", population="", date="", source="", mark="V", use="",
        )  # fmt: skip
        return np.rint(drawn(told, seed=seed, key=self.key, at_most=1e9) * MILLI_PER_FTE)


@dataclass(frozen=True)
class Stock:
    """What is staffed in the base year, cells as (places, positions).

    Attributes:
        milli: fte of each cell [thousandths], shape (places, positions).
        unqualified_milli: part of it of who is not qualified (C1), shape (populations, places, positions).
    """

    milli: NDArray[np.int64]
    unqualified_milli: NDArray[np.int64]


def national_shares(
    positions: Sequence[str],
    *,
    stock_milli: NDArray[np.int64],
    parameters: StaffParameters,
    sector: str,
    region_label: str,
    seed: int,
) -> Floats:
    """Return the drawn shortage as a share of the employment, shape (PARAMETER_DRAWS, positions).

    Args:
        positions: codes.
        stock_milli: fte per position in the region, by which the grades are weighed, shape (positions,).
        parameters: all figures.
        sector: whose figures.
        region_label: label of the measured region, empty where the region was not measured.
        seed: seed of the run.
    """
    total = parameters.figure(sector, "shortage_share")
    level = drawn(total, seed=seed) / total.value
    level = level * _region_factor(parameters, sector, region_label, seed=seed)
    if sector != "vo":
        return np.asarray(np.minimum(level[:, None] * np.full(len(positions), total.value), MOST))
    table = parameters.table(sector, "shortage_by_position")
    keys = [specialism_key(specialism_of(position)) for position in positions]
    per_subject = {key: drawn(table.figure(key), seed=seed) for key in sorted(set(keys))}
    grades = _grade_factors(positions, stock_milli, parameters)
    shares = np.stack([per_subject[key] for key in keys], axis=1) * grades[None, :] * level[:, None]
    return np.asarray(np.minimum(shares, MOST))


def _region_factor(parameters: StaffParameters, sector: str, label: str, *, seed: int) -> Floats:
    """Return the region's shortage against the nation's, drawn towards 1, shape (PARAMETER_DRAWS,)."""
    if not label:
        return np.ones(PARAMETER_DRAWS)
    weight = drawn(parameters.figure(sector, "region_weight"), seed=seed)
    measured = drawn(parameters.table(sector, "shortage_by_region").figure(label), seed=seed)
    return np.asarray(1 + weight * (measured / parameters.figure(sector, "shortage_share").value - 1))


def _grade_factors(positions: Sequence[str], stock_milli: NDArray[np.int64], parameters: StaffParameters) -> Floats:
    """Return how much shorter each grade is than its subject; weighed by staff the mean is 1."""
    second = np.array([grade_of(position) == SECOND_GRADE for position in positions])
    first = np.array([grade_of(position) == FIRST_GRADE for position in positions])
    ratio = parameters.figure("vo", "second_grade_share").value / parameters.figure("vo", "total_shortage_share").value
    staffed = float(stock_milli.sum())
    part = float(stock_milli[second].sum()) / staffed if staffed else 1.0
    rest = max((1 - part * ratio) / (1 - part), SMALLEST_FIRST_GRADE_FACTOR) if first.any() and part < 1 else 1.0
    mean = part * ratio + (1 - part) * rest
    return np.where(second, ratio / mean, np.where(first, rest / mean, 1.0))


def unfilled_milli(
    stock: Stock,
    *,
    shares: Floats,
    measurements: Sequence[Measurement],
    cell_ids: NDArray[np.uint32],
    draws: int,
    seed: int,
) -> Int32s:
    """Return what nobody fills in the base year [thousandths of fte], shape (places, positions, draws).

    The total per position (or per measurement) is whole; it lies over the places by their staff, the rest by largest
    remainder with ties broken by a key of the cell.

    Args:
        stock: staff of the base year.
        shares: drawn shortage as a share of the employment, shape (PARAMETER_DRAWS, positions).
        measurements: own measurements; the cells they speak of leave the shares.
        cell_ids: stable id of each cell, shape (places, positions).
        draws: how many draws.
        seed: seed of the run.
    """
    places, positions = stock.milli.shape
    found = np.zeros((places, positions, draws), np.int32)
    free = np.ones((places, positions), np.bool_)
    for one in measurements:
        members = np.zeros(places, np.bool_)
        members[list(one.places)] = True
        members &= free[:, one.position]
        free[members, one.position] = False
        wanted = one.drawn_milli(seed=seed)[np.arange(draws) % PARAMETER_DRAWS]
        short = wanted - _unqualified(stock, members, one.position, draws)
        _spread(found, stock, members, one.position, short, cell_ids, seed=seed)
    for position in range(positions):
        members = free[:, position] & (stock.milli[:, position] > 0)
        if members.any():
            share = shares[np.arange(draws) % PARAMETER_DRAWS, position]
            staffed = float(stock.milli[members, position].sum())
            short = (share * staffed - _unqualified(stock, members, position, draws)) / (1 - share)
            _spread(found, stock, members, position, short, cell_ids, seed=seed)
    return found


def _unqualified(stock: Stock, members: NDArray[np.bool_], position: int, draws: int) -> NDArray[np.int64]:
    """Return C1 of the members in every draw, shape (draws,)."""
    per_population = stock.unqualified_milli[:, members, position].sum(axis=1)
    return np.asarray(per_population[np.arange(draws) % len(per_population)])


def _spread(
    found: Int32s,
    stock: Stock,
    members: NDArray[np.bool_],
    position: int,
    short: Floats,
    cell_ids: NDArray[np.uint32],
    *,
    seed: int,
) -> None:
    """Lay the totals over the member places, exactly."""
    rows = np.flatnonzero(members)
    if not rows.size:
        return
    weights = np.maximum(stock.milli[rows, position], 1)
    totals = np.rint(np.maximum(short, 0.0)).astype(np.int64)
    words = keyed_random.words(
        seed=seed, purpose="unfilled_remainder", stable_ids=cell_ids[rows, position], years=[0], draws=[0]
    )[0]
    found[rows, position] = apportioned(totals, weights=weights, ties=words)


def apportioned(totals: NDArray[np.int64], *, weights: NDArray[np.int64], ties: NDArray[np.uint32]) -> Int32s:
    """Divide whole totals over weights by largest remainder; every column sums to its total.

    Args:
        totals: what is divided, 0 and up, shape (draws,).
        weights: whole, above 0, shape (rows,).
        ties: who comes first among equal remainders, shape (rows,).

    Returns:
        Whole parts, shape (rows, draws).
    """
    whole = int(weights.sum())
    parts, remainders = np.divmod(totals[None, :] * weights[:, None].astype(np.int64), whole)
    left = totals - parts.sum(axis=0)
    order = np.lexsort((np.broadcast_to(ties[:, None], parts.shape), -remainders), axis=0)
    rank = np.argsort(order, axis=0, kind="stable")
    return np.asarray(parts + (rank < left[None, :]), np.int32)

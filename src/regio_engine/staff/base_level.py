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

VACANCY_MILLI = 500  # what nobody fills comes as vacancies of about this size [thousandths of fte]
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
        milli: fte of each cell [thousandths], shape (populations, places, positions).
        unqualified_milli: part of it of who is not qualified (C1), shape (populations, places, positions).
    """

    milli: NDArray[np.int64]
    unqualified_milli: NDArray[np.int64]

    def of_draws(self, draws: int) -> NDArray[np.int64]:
        """Return the fte per cell in every draw, each with its population, shape (places × positions, draws)."""
        population = np.arange(draws) % len(self.milli)
        return self.milli.reshape(len(self.milli), -1)[population].T


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
    position_ids: NDArray[np.uint32],
    draws: int,
    seed: int,
) -> Int32s:
    """Return what nobody fills in the base year [thousandths of fte], shape (places, positions, draws).

    The total per position (or per measurement) is whole and comes as vacancies of about VACANCY_MILLI, which lie over the
    places by their staff: nobody looks for a hundredth of a job at every place.

    Args:
        stock: staff of the base year.
        shares: drawn shortage as a share of the employment, shape (PARAMETER_DRAWS, positions).
        measurements: own measurements; the cells they speak of leave the shares.
        position_ids: stable id of each position.
        draws: how many draws.
        seed: seed of the run.
    """
    populations, places, positions = stock.milli.shape
    found = np.zeros((places, positions, draws), np.int32)
    free = np.ones((places, positions), np.bool_)
    parameter, population = np.arange(draws) % PARAMETER_DRAWS, np.arange(draws) % populations

    def lay(members: NDArray[np.bool_], position: int, short: Floats, key: str) -> None:
        rows = np.flatnonzero(members)
        weights = stock.milli[population][:, rows, position].T  # (rows, draws)
        words = keyed_random.words(
            seed=seed, purpose=f"unfilled:{key}", stable_ids=position_ids[[position]], years=[0], draws=np.arange(draws)
        )  # fmt: skip
        totals = np.rint(np.maximum(short, 0.0)).astype(np.int64)
        found[rows, position] = vacancies(totals, weights=weights, uniforms=keyed_random.uniform(words[0]))

    for one in measurements:
        members = np.zeros(places, np.bool_)
        members[list(one.places)] = True
        members &= free[:, one.position]
        free[members, one.position] = False
        if members.any():
            unqualified = stock.unqualified_milli[:, members, one.position].sum(axis=1)[population]
            lay(members, one.position, one.drawn_milli(seed=seed)[parameter] - unqualified, one.key)
    for position in range(positions):
        members = free[:, position] & stock.milli[:, :, position].any(axis=0)
        if members.any():
            share = shares[parameter, position]
            staffed = stock.milli[:, members, position].sum(axis=1)[population]
            unqualified = stock.unqualified_milli[:, members, position].sum(axis=1)[population]
            lay(members, position, (share * staffed - unqualified) / (1 - share), "")
    return found


def vacancies(totals: NDArray[np.int64], *, weights: NDArray[np.int64], uniforms: Floats) -> Int32s:
    """Lay whole totals over rows as equal vacancies of about VACANCY_MILLI, by an even sweep over the weights.

    Args:
        totals: 0 and up, shape (draws,).
        weights: size of each row, 0 and up; a column of zeros counts every row alike; shape (rows, draws).
        uniforms: where the sweep begins, shape (draws,).

    Returns:
        Whole parts that sum to the totals, shape (rows, draws).
    """
    sized = np.where(weights.sum(axis=0) > 0, weights, 1)
    numbers = np.maximum((totals + VACANCY_MILLI // 2) // VACANCY_MILLI, 1)
    running = np.cumsum(sized, axis=0) / sized.sum(axis=0)
    below = np.ceil(running * numbers - uniforms).astype(np.int64)  # vacancies k with (k + uniform) / numbers < running
    below[-1] = numbers  # whatever the last bit of a sum says
    milli = below * totals // numbers
    return np.asarray(np.diff(milli, axis=0, prepend=0), np.int32)

"""The level of the base year: the measured shortage (open and hidden) as a drawn quantity.

Shares are of the employment, staffed and unfilled. Own measurements of a board take the place of the share of the nation
there. What of the shortage nobody fills, and who is in the staff as not qualified, is in `base_year`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


def vacancies(totals: NDArray[np.int64], *, weights: NDArray[np.int64], uniforms: Floats, size_milli: int) -> Int32s:
    """Lay whole totals over rows as equal vacancies of about a size, by an even sweep over the weights.

    Args:
        totals: 0 and up, shape (draws,).
        weights: size of each row, 0 and up; a column of zeros counts every row alike; shape (rows, draws).
        uniforms: where the sweep begins, shape (draws,).
        size_milli: size of a vacancy [thousandths of fte].

    Returns:
        Whole parts that sum to the totals, shape (rows, draws).
    """
    sized = np.where(weights.sum(axis=0) > 0, weights, 1)
    numbers = np.maximum((totals + size_milli // 2) // size_milli, 1)
    running = np.cumsum(sized, axis=0) / sized.sum(axis=0)
    below = np.ceil(running * numbers - uniforms).astype(np.int64)  # vacancies k with (k + uniform) / numbers < running
    below[-1] = numbers  # whatever the last bit of a sum says
    milli = below * totals // numbers
    return np.asarray(np.diff(milli, axis=0, prepend=0), np.int32)

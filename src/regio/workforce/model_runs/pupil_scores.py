"""One line of the pupil scorecard, and the commit of the choice it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


KEPT_MISSES = 25  # cells kept per line of single locations

PARAMETERS = "pupil_model.yaml"


@dataclass(frozen=True)
class CellMiss:
    """What was said and what happened for one location [persons]."""

    code: str
    p10: float
    p50: float
    p90: float
    happened: float
    last_known: float


@dataclass(frozen=True)
class ScoreRow:
    """One line of the scorecard; shares are fractions. None where a measure does not apply."""

    test: str
    grain: str
    origin: str
    target: str
    horizon_years: int
    group: str
    cells: int
    wape: float
    bias: float
    coverage_80: float | None
    crps_skill: float | None
    persistence_wape: float | None
    mean3_wape: float | None
    choice_commit: str
    misses: tuple[CellMiss, ...] = ()
    persistence_margin: float | None = None  # 95 % margin of the difference with that rule, on the same cells
    mean3_margin: float | None = None
    publisher: str = ""  # whose forecast of the same cells is scored beside ours
    published_wape: float | None = None
    published_margin: float | None = None


def sums_by(group: NDArray[np.intp], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the values summed per group number."""
    return np.asarray(np.bincount(group, values, minlength=count), np.float64)


def largest_misses(
    codes: Sequence[str], *, p10: Floats, p50: Floats, p90: Floats, happened: Floats, last_known: Floats
) -> tuple[CellMiss, ...]:
    """Return the cells with the largest misses, largest first."""
    order = np.argsort(-np.abs(p50 - happened), kind="stable")[:KEPT_MISSES]
    columns = (p10, p50, p90, happened, last_known)
    return tuple(CellMiss(str(codes[n]), *(float(column[n]) for column in columns)) for n in order)

"""Tables that turn a random word into a deviation: integer inverse distribution functions.

The top twelve bits of a word choose one of 4,096 equally likely values, so no logarithm or exponential is taken while
drawing. Values are rounded to nine decimals when a table is made: another processor gives the same pupils.
"""

from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

Floats = NDArray[np.float64]

SIZE = 4096
BITS = 12
CV_GRID = (0.05, 0.2, 0.4, 0.6, 0.8, 1.0, 1.4)


@cache
def normal_table() -> Floats:
    """Return 4,096 standard normal quantiles, mean 0, variance 1."""
    normal = NormalDist()
    return _standardised(np.array([normal.inv_cdf((k + 0.5) / SIZE) for k in range(SIZE)]))


@cache
def residual_tables() -> Floats:
    """Return standardised residuals per coefficient of variation of `CV_GRID`, shape (7, 4096), each never under -1/cv.

    Gamma quantiles by Wilson and Hilferty (1931): skewed to the right as small counts are, so that a small class does
    not fall below zero and keeps its mean.
    """
    z = normal_table()
    rows = []
    for cv in CV_GRID:
        shape = 1.0 / cv**2
        cube = np.maximum(1.0 - 1.0 / (9.0 * shape) + z / (3.0 * np.sqrt(shape)), 0.0) ** 3
        rows.append(_standardised(cube))
    return np.stack(rows)


def residual_table_of(expected: Floats, spread: Floats) -> NDArray[np.int64]:
    """Return which residual table fits each cell, by the nearest coefficient of variation."""
    cv = spread / np.maximum(expected, 1e-9)
    return np.asarray(np.abs(np.asarray(CV_GRID)[None, :] - cv.reshape(-1, 1)).argmin(axis=1), np.int64)


def step_table(*, shares: Sequence[float], log_steps: Sequence[float], vanish_share: float) -> Floats:
    """Return 4,096 yearly factors of a location's size with mean 1; the lowest are zero: codes that vanish.

    The pupils of vanished codes are found back at others: the upper half is stretched until the mean is 1.

    Args:
        shares: rising positions between 0 and 1 of the given log steps, among locations that stay.
        log_steps: log of the yearly factor at those positions.
        vanish_share: part of locations whose code is gone a year later [0-1].

    Raises:
        ImplausibleInput: the positions do not rise or the share lies outside 0-0.5.
    """
    if not 0.0 <= vanish_share < 0.5 or any(b <= a for a, b in zip(shares, list(shares)[1:], strict=False)):
        raise ImplausibleInput(f"positions must rise and the vanishing share lie in 0-0.5, got {vanish_share:.3f}")
    gone = round(vanish_share * SIZE)
    stay = SIZE - gone
    log_factor = np.interp((np.arange(stay) + 0.5) / stay, shares, log_steps)
    return np.round(_with_mean_one(np.concatenate([np.zeros(gone), np.exp(log_factor)])), 9)


def _with_mean_one(factor: Floats) -> Floats:
    """Stretch what lies above 1 so that the mean is 1; what lies below stays."""
    above = factor > 1.0
    extra = float((factor[above] - 1.0).sum())
    missing = float((1.0 - factor[~above]).sum())
    return np.where(above, 1.0 + (factor - 1.0) * (missing / extra if extra > 0 else 1.0), factor)


def _standardised(values: Floats) -> Floats:
    centred = values - values.mean()
    return np.asarray(np.round(centred / np.sqrt((centred**2).mean()), 9))

"""Mean and 80 % band of what was drawn: one rule for learners, candidates, need and staff.

Quantiles are values that were drawn, so a whole number of pupils stays one. Quantiles do not add, means do: whoever wants
the band of a sum adds up the draws first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BAND = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Spread:
    """Mean and quantiles, shaped as the draws without their last axis, in their unit."""

    mean: Floats
    p10: Floats
    p50: Floats
    p90: Floats


def spread_of(draws: NDArray[np.integer] | Floats) -> Spread:
    """Return mean, 10 %, median and 90 % over the last axis (draws); quantiles are values that were drawn."""
    count = draws.shape[-1]
    places = [max(int(np.ceil(share * count)) - 1, 0) for share in BAND]
    ordered = np.partition(draws, sorted(set(places)), axis=-1)
    low, middle, high = (ordered[..., place].astype(np.float64) for place in places)
    return Spread(mean=draws.mean(axis=-1), p10=low, p50=middle, p90=high)


def mean_and_band(draws: NDArray[np.integer] | Floats) -> Floats:
    """Return mean, 10 %, median and 90 % of `spread_of`, stacked as the first axis."""
    spread = spread_of(draws)
    return np.stack([spread.mean, spread.p10, spread.p50, spread.p90])

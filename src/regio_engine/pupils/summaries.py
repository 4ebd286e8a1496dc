"""Sums and quantiles of drawn pupils. Every wider figure is the sum of its cells per draw, so parts always add up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """Mean and quantiles per (group, year) [persons]."""

    mean: Floats
    p10: Floats
    p50: Floats
    p90: Floats


def sum_draws(draws: NDArray[np.int32], keys: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the sorted keys and the draws summed per key, (groups, years, draws).

    Args:
        draws: pupils per (cell, year, draw).
        keys: the group of each cell.
    """
    if len(keys) != len(draws):
        raise ImplausibleInput(f"every cell needs a group, got {len(keys)} groups for {len(draws)} cells")
    names, group = np.unique(np.asarray(keys, dtype=np.str_), return_inverse=True)
    summed = np.zeros((len(names), *draws.shape[1:]), np.int64)
    for number in range(len(names)):
        summed[number] = draws[group == number].sum(axis=0, dtype=np.int64)
    return [str(name) for name in names], summed


def spread_of(draws: NDArray[np.integer]) -> Spread:
    """Return mean, 10 %, median and 90 % over the last axis; quantiles are values that were drawn."""
    count = draws.shape[-1]
    places = [max(int(np.ceil(share * count)) - 1, 0) for share in (0.1, 0.5, 0.9)]
    ordered = np.partition(draws, sorted(set(places)), axis=-1)
    low, middle, high = (ordered[..., place].astype(np.float64) for place in places)
    return Spread(mean=draws.mean(axis=-1), p10=low, p50=middle, p90=high)

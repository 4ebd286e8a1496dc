"""Sums of drawn pupils. Every wider figure is the sum of its cells per draw, so parts always add up."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput


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

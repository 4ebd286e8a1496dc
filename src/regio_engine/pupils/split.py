"""Splitting classes that keep the choice open over the levels their pupils will follow.

A mixed class is split by the location's own upper years, drawn towards the mix of all locations where those are small.
Whole pupils stay whole: the parts of a location and year add up to what was counted.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.levels import LEVELS, MIXED_LEVELS, STAGES, level_index

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UPPER_STAGES = (2, 3)  # years 3 and 4, where the level is known
PRIOR_PUPILS = 20.0


def split_mixed(counts: Mapping[str, Ints], *, locations: int, prior_pupils: float = PRIOR_PUPILS) -> Ints:
    """Return whole pupils per (location, level of `LEVELS`, year of study), mixed classes split.

    Args:
        counts: per level or mixed class an array (locations, 6 years of study) [persons].
        locations: number of locations.
        prior_pupils: how many pupils the mix of all locations weighs against the own upper years.
    """
    plain = _plain_levels(counts, locations)
    shares = upper_mix(plain, prior_pupils=prior_pupils)
    split = plain.astype(np.float64)
    for mixed, levels in MIXED_LEVELS.items():
        if mixed in counts:
            split += _parts(counts[mixed], shares, levels)
    return _whole(split)


def upper_mix(plain: Ints, *, prior_pupils: float = PRIOR_PUPILS) -> Floats:
    """Return the share of each level in years 3 and 4 of a location, drawn towards all locations, (locations, levels)."""
    upper = plain[:, :, UPPER_STAGES].sum(axis=2).astype(np.float64)
    everyone = upper.sum(axis=0)
    prior = everyone / max(everyone.sum(), 1.0)
    drawn: Floats = (upper + prior_pupils * prior) / (upper.sum(axis=1, keepdims=True) + prior_pupils)
    return drawn


def _plain_levels(counts: Mapping[str, Ints], locations: int) -> Ints:
    plain = np.zeros((locations, len(LEVELS), STAGES), np.int64)
    for level in LEVELS:
        if level in counts:
            plain[:, level_index(level)] = counts[level]
    return plain


def _parts(mixed: Ints, shares: Floats, levels: tuple[str, ...]) -> Floats:
    """Spread one kind of mixed class over its levels, by the shares of those levels at the location."""
    own = np.zeros_like(shares)
    chosen = [level_index(level) for level in levels]
    own[:, chosen] = shares[:, chosen] + 1e-12
    own /= own.sum(axis=1, keepdims=True)
    spread: Floats = own[:, :, None] * mixed[:, None, :]
    return spread


def _whole(parts: Floats) -> Ints:
    """Round the levels of each location and year by largest remainder, so that their sum stays what it was."""
    floor = np.floor(parts + 1e-9)
    remainder = parts - floor
    missing = np.rint(parts.sum(axis=1) - floor.sum(axis=1)).astype(np.int64)
    order = np.argsort(-remainder, axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    return np.asarray(floor, np.int64) + np.asarray(rank < missing[:, None, :], np.int64)

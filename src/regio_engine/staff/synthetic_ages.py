"""Ages of a school's teachers from what a workbook tells: counts per age class, or only their mean age."""

from collections.abc import Mapping, Sequence

import numpy as np

from regio_engine.units import Floats

OLDEST = 68  # where the last class ends
SMALLEST_FACTOR = 0.15  # no class is made smaller than this part of the usual one
ROUNDS = 20


def class_middles(age_from: Sequence[int]) -> Floats:
    """Return the middle age of each class, the last one ending at OLDEST."""
    edges = np.array([*age_from, OLDEST], np.float64)
    return np.asarray((edges[:-1] + edges[1:]) / 2)


def shares_from_counts(counts: Mapping[tuple[int, int], float], *, age_from: Sequence[int], usual: Floats) -> Floats:
    """Return the part of each of our age classes, from counts per class of a workbook.

    Inside a class of the workbook the usual profile divides it over ours. Classes that were not told keep nothing.

    Args:
        counts: (first age, age after the last) → persons.
        age_from: first age of our classes.
        usual: usual part of our classes.
    """
    edges = [*age_from, OLDEST]
    found = np.zeros(len(age_from))
    for (first, end), number in counts.items():
        years = [max(0, min(end, edges[i + 1]) - max(first, edges[i])) for i in range(len(age_from))]
        weights = np.array([usual[i] * years[i] / (edges[i + 1] - edges[i]) for i in range(len(age_from))])
        if weights.sum() > 0:
            found += number * weights / weights.sum()
    return np.asarray(found / found.sum() if found.sum() > 0 else usual / usual.sum())


def shares_with_mean(mean_age: float, *, age_from: Sequence[int], usual: Floats) -> Floats:
    """Return the usual profile, tilted in a straight line so that its mean is the told one (as far as no class nearly goes)."""
    ages = class_middles(age_from)
    shares = usual / usual.sum()
    slope = 0.0
    for _ in range(ROUNDS):
        factor = np.maximum(1 + slope * (ages - (shares * ages).sum()), SMALLEST_FACTOR)
        tilted = shares * factor / (shares * factor).sum()
        mean = float((tilted * ages).sum())
        variance = float((tilted * (ages - mean) ** 2).sum())
        slope += 0.7 * (mean_age - mean) / variance
    return np.asarray(tilted)

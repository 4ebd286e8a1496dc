"""How wide the exam forecast is: variance by size, the shape of past misses, and integer draws around the median.

The variance of a count with median m is φ·m + (c·m)², for each type such that the middle 80 % of its past misses fits.
The shape is a table of past standardised misses of all types, scaled so that its middle 80 % is that of a normal
distribution; its long lower tail holds the codes that vanished. Random numbers are
keyed by location and type, the national factor by type alone, so a region is the slice of the country.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from regio_engine.keyed_random import stable_id, uniform, words

from .exam_data import TYPES, Floats

LEVELS = (np.arange(400) + 0.5) / 400.0
NORMAL_80 = NormalDist().inv_cdf(0.9)
SIZE_EDGES = (20.0, 35.0, 50.0, 75.0, 100.0, 140.0, 200.0, np.inf)
MIN_MISSES = 100
FEWEST_MISSES = 15


@dataclass(frozen=True)
class Misses:
    """Medians that were forecast in past rounds and the counts that followed, one value per cell [persons]."""

    median: Floats
    truth: Floats


@dataclass(frozen=True)
class Spread:
    """Variance terms of one type and horizon: φ [variance per candidate] and c [share of the median]."""

    phi: float
    c: float


def standard_deviation(median: Floats, *, phi: Floats | float, c: Floats | float) -> Floats:
    """Return the standard deviation around a median count [persons]."""
    return np.sqrt(phi * median + (c * median) ** 2)


def fit_spread(misses: Misses, fallback: Spread) -> Spread:
    """Return φ and c whose middle 80 % is that of past misses, by size class.

    Where few are known they only widen or narrow the fallback, the less so the fewer they are.
    """
    by_size = _spread_by_size(misses) if misses.median.size >= MIN_MISSES else None
    by_size = by_size or fallback  # also where past forecasts are too small for any class
    width = width_of(_standardised(misses, by_size))
    return Spread(phi=by_size.phi * width**2, c=by_size.c * width)


def _spread_by_size(misses: Misses) -> Spread | None:
    inverse_size, squared_width, weight = [], [], []
    for low, high in pairwise(SIZE_EDGES):
        here = (misses.median >= low) & (misses.median < high)
        if here.sum() < 15:
            continue
        relative = (misses.truth[here] - misses.median[here]) / misses.median[here]
        low_miss, high_miss = np.quantile(relative, (0.1, 0.9))
        inverse_size.append(float((1.0 / misses.median[here]).mean()))
        squared_width.append(float((high_miss - low_miss) / (2.0 * NORMAL_80)) ** 2)
        weight.append(float(here.sum()))
    if not weight:
        return None
    return _line_through(np.array(inverse_size), np.array(squared_width), np.array(weight))


def _line_through(inverse_size: Floats, squared_width: Floats, weight: Floats) -> Spread:
    """Return slope φ and intercept c² of squared relative width against 1 / size, neither below a small floor."""
    slope, intercept = np.polyfit(inverse_size, squared_width, 1, w=np.sqrt(weight)) if weight.size > 1 else (0.0, 0.0)
    if slope < 0.0 or intercept < 0.0 or weight.size < 2:
        mean_square = float(np.average(squared_width, weights=weight))
        slope, intercept = (0.0, mean_square) if slope <= 0.0 else (mean_square / float(inverse_size.mean()), 0.0)
    return Spread(phi=max(float(slope), 0.05), c=float(np.sqrt(max(float(intercept), 1e-4))))


def middle_miss(misses: Misses, spread: Spread) -> float:
    """Return the median of past standardised misses, 0 when few are known."""
    return float(np.median(_standardised(misses, spread))) if misses.median.size >= MIN_MISSES else 0.0


def miss_table(parts: Sequence[tuple[Misses, Spread]]) -> Floats:
    """Return the shape of past misses at `LEVELS`: median 0 and a middle 80 % as wide as that of a normal distribution.

    Each part (a type) is centred first, so that a difference between types does not count as spread.
    """
    centred = [_standardised(part, spread) for part, spread in parts if part.median.size]
    pooled = np.concatenate([part - np.median(part) for part in centred]) if centred else np.zeros(0)
    if pooled.size < MIN_MISSES:
        return np.array([NormalDist().inv_cdf(float(level)) for level in LEVELS])
    return np.asarray(np.quantile(pooled, LEVELS) / width_of(pooled))


def width_of(standardised: Floats) -> float:
    """Return how wide the middle 80 % of past standardised misses is against a normal distribution.

    Drawn to 1 where fewer than 100 are known, and 1 with a handful.
    """
    if standardised.size < FEWEST_MISSES:
        return 1.0
    low, high = np.quantile(standardised, (0.1, 0.9))
    width = float(np.clip((high - low) / (2.0 * NORMAL_80), 0.5, 3.0))
    return 1.0 + (width - 1.0) * min(standardised.size / MIN_MISSES, 1.0)


def _standardised(misses: Misses, spread: Spread) -> Floats:
    return (misses.truth - misses.median) / standard_deviation(misses.median, phi=spread.phi, c=spread.c)


def national_factors(*, seed: int, year: int, draws: NDArray[np.int64], standard_error: float) -> Floats:
    """Return the national factor per type and draw, shape (3, draws): one for all cells, so that sums stay honest."""
    ids = np.array([stable_id(name) for name in TYPES], np.uint64)
    word = words(seed=seed, purpose="exam-national-factor", stable_ids=ids[:, None], years=year, draws=draws[None, :])[
        0
    ]
    normal: Floats = np.vectorize(NormalDist().inv_cdf, otypes=[np.float64])(uniform(word))
    factors: Floats = np.maximum(0.0, 1.0 + standard_error * np.round(normal, 9))
    return factors


def integer_draws(
    median: Floats,
    deviation: Floats,
    table: Floats,
    *,
    ids: NDArray[np.uint64],
    factors: Floats,
    seed: int,
    year: int,
    draws: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Return candidates per cell and draw, shape (cells, draws) [persons].

    Args:
        median, deviation: per cell [persons].
        table: standardised misses at `LEVELS`.
        ids: stable id per cell.
        factors: national factor per cell and draw.
    """
    word = words(seed=seed, purpose="exam-candidates", stable_ids=ids[:, None], years=year, draws=draws[None, :])[0]
    misses = np.interp(uniform(word), LEVELS, table)
    drawn = median[:, None] * factors + deviation[:, None] * misses
    return np.floor(np.maximum(drawn, 0.0) + 0.5).astype(np.int32)

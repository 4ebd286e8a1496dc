"""Chance for the invented region: one PCG64 generator per purpose and moment, so that parts do not disturb each other.

The algorithm is named and the library locked, so the same seed gives the same region. The draws of the forecast
itself never come from here: those are keyed numbers of the engine.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Generator = np.random.Generator  # noqa: TID251 - generates example data, not a forecast


class Chance:
    """A source of chance for one seed."""

    def __init__(self, seed: int) -> None:
        """Remember the seed, 0 to 2**32 - 1."""
        self.seed = seed

    def of(self, purpose: str, moment: int = 0) -> Generator:
        """Return a fresh generator for one purpose and moment; the same arguments give the same numbers."""
        words = np.frombuffer(blake2b(f"{purpose}|{moment}".encode(), digest_size=16).digest(), np.uint32)
        sequence = np.random.SeedSequence([self.seed, *words.tolist()])  # noqa: TID251
        return Generator(np.random.PCG64(sequence))  # noqa: TID251


def noisy_counts(generator: Generator, expected: Numbers, *, dispersion: float, spread: float) -> Counts:
    """Draw whole numbers of persons with mean `expected` and variance dispersion * mean + (spread * mean)**2.

    A dispersion under 1 is less noise than a Poisson count has: most of a class simply goes up a year.
    """
    deviation = np.sqrt(dispersion * expected + (spread * expected) ** 2)
    drawn = expected + deviation * generator.standard_normal(expected.shape)
    return np.where(expected > 0, np.maximum(np.rint(drawn), 0), 0).astype(np.int64)


def apportion(total: int, weights: Numbers) -> Counts:
    """Divide a whole number over weights by largest remainder; the parts sum to the total."""
    if total == 0 or weights.sum() <= 0:
        return np.zeros(weights.shape, np.int64)
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - parts), kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return parts

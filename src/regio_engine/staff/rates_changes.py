"""Net yearly change per cell (subject switching: in minus out) from counted years, pooled towards no difference.

Who changes subject is often not counted, only how many of those who stayed teach it before and after. A cell's lasting
change is told apart from the strays of single years by how alike its years are; how large both are is learned over all
cells. With one year both count for half or less. Rates of events that are counted one way are in `rates`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.rates_beta import log_sum

Floats = NDArray[np.float64]

SIZES: Floats = np.geomspace(0.0005, 0.2, 25)  # standard deviations tried, of lasting changes and of strays


@dataclass(frozen=True)
class PooledChanges:
    """Lasting net change per cell after counting: mean and sd [per year], shape (cells,), and the part that is own."""

    mean: Floats
    sd: Floats
    own_share: Floats
    weight: Floats  # of each pair of sizes, shape (pairs,)
    pair_mean: Floats  # shape (pairs, cells)
    pair_sd: Floats

    def draws(self, *, size: Floats, cell: tuple[Floats, Floats]) -> Floats:
        """Return joint draws, shape (draws, cells), from uniforms (draws,) for the sizes and two of (draws, cells)."""
        picked = np.searchsorted(np.cumsum(self.weight), size).clip(max=len(self.weight) - 1)
        return np.asarray(self.pair_mean[picked] + self.pair_sd[picked] * _normal(*cell))


def pooled_changes(yearly: Floats, *, weights: Floats | None = None) -> PooledChanges:
    """Return the lasting change per cell, pooled towards nought.

    Model: yearly change = lasting change + stray; lasting ~ Normal(0, lasting sd), stray ~ Normal(0, stray sd), both sds
    log-uniform over `SIZES` and integrated.

    Args:
        yearly: net change over the people who stayed, freed from what all cells share, oldest first, shape (years, cells).
        weights: how much each year counts (1 = in full), shape (years,); a stray of a year that counts half has twice
            the variance.

    Raises:
        ImplausibleInput: no year, or a change that is not a number.
    """
    if yearly.ndim != 2 or not len(yearly) or not np.isfinite(yearly).all():
        raise ImplausibleInput(f"yearly changes must be finite and of shape (years, cells), got shape {yearly.shape}")
    weights = np.ones(len(yearly)) if weights is None else weights
    lasting, stray = (sizes.ravel()[:, None] ** 2 for sizes in np.meshgrid(SIZES, SIZES, indexing="ij"))
    total = float(weights.sum())
    average = weights @ yearly / total
    own = lasting / (lasting + stray / total)
    log_weight = _evidence(yearly, weights, lasting=lasting, stray=stray)
    weight = np.exp(log_weight - log_sum(log_weight))
    pair_mean, pair_sd = own * average, np.broadcast_to(np.sqrt(own * stray / total), (len(weight), len(average)))
    mean = weight @ pair_mean
    sd = np.sqrt(weight @ (pair_sd**2 + (pair_mean - mean) ** 2))
    return PooledChanges(mean, sd, np.full(len(mean), float(weight @ own[:, 0])), weight, pair_mean, pair_sd)


def _evidence(yearly: Floats, weights: Floats, *, lasting: Floats, stray: Floats) -> Floats:
    """Return the log likelihood of all cells per pair of sizes, shape (pairs,)."""
    years, cells = yearly.shape
    total = weights.sum()
    average = weights @ yearly / total
    within = float((weights[:, None] * (yearly - average) ** 2).sum())
    of_average = (lasting + stray / total)[:, 0]
    stray = stray[:, 0]
    return np.asarray(
        -0.5 * (cells * (years - 1) * np.log(stray) + within / stray)
        - 0.5 * (cells * np.log(of_average) + (average**2).sum() / of_average)
    )


def _normal(first: Floats, second: Floats) -> Floats:
    """Return standard normal numbers from two uniforms each (Box and Muller)."""
    return np.asarray(np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second))

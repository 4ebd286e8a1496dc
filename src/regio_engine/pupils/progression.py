"""How many pupils of one year of study are counted in the next a year later: one rate per target.

Flows between levels are not observed, only what is counted each year. So a target has one scalar rate on its exposure,
drawn from its own past towards its school, its market and the nation (each without the child itself) as far as the own
past is thin. With one count only there is no past: then the rate is read across the years of study of that count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KAPPA_GRID = tuple(5.0 * 2.0**k for k in range(11))  # pupils that a parent's rate weighs
MIN_EXPOSURE = 1e-9
MIN_PHI_PUPILS = 10.0  # smaller classes say more of rounding than of spread
USUAL_PHI_WEIGHT = 20.0  # yearly steps of a class that the usual spread weighs
TRANSFER = 2.0  # times larger or smaller than the class below tells: pupils of another location
TRANSFER_PUPILS = 20.0


@dataclass(frozen=True)
class Rates:
    """Rate per target and its relative uncertainty, both shaped (locations, ...)."""

    rate: Floats
    cv: Floats


def discounted(values: Floats, weights: Sequence[float]) -> Floats:
    """Return the weighted sum over the first axis (steps between counts); nan counts as absent."""
    factor = np.asarray(weights, np.float64).reshape(-1, *([1] * (values.ndim - 1)))
    return np.asarray(np.nansum(values * factor, axis=0), np.float64)


def step_weights(
    years: Sequence[int], *, half_life: float, shock_years: Sequence[int], shock_weight: float
) -> list[float]:
    """Return the weight of the step into each year: halves per `half_life` years back, less in a shock year."""
    newest = max(years)
    return [0.5 ** ((newest - y) / half_life) * (shock_weight if y in shock_years else 1.0) for y in years]


def yearly_phi(counted: Floats, exposure: Floats, *, usual: float, usable: Floats | None = None) -> Floats:
    """Return the variance per expected pupil of a yearly step around a location's own mean rate, per class, (K,).

    What strays from year to year is chance, be it of pupils or of all classes of a location at once; only what stays is a
    rate of the location itself. A moment estimator over all locations with at least two steps, drawn towards the usual
    value and never under it: no class strays less than pupils who choose on their own, as far as rates are concerned.

    Args:
        counted: pupils counted in the target class per step, (T, L, K) [persons].
        exposure: pupils of the class below a year earlier, (T, L, K) [persons].
        usual: value where counts do not tell, and the floor.
        usable: 1 where a step is ordinary, 0 where it is to be left out, to multiply with (T, L, K).
    """
    used = (exposure >= MIN_PHI_PUPILS) * (1.0 if usable is None else usable)
    own, base = (counted * used).sum(axis=0), (exposure * used).sum(axis=0)
    expected = np.divide(own, base, out=np.zeros_like(own), where=base > 0) * exposure
    square = np.divide((counted - expected) ** 2, expected, out=np.zeros_like(expected), where=expected > 0) * used
    free = np.maximum((used * (expected > 0)).sum(axis=0) - 1.0, 0.0)
    squares = square.sum(axis=0) * (free > 0)
    phi = (squares.sum(axis=0) + USUAL_PHI_WEIGHT * usual) / (free.sum(axis=0) + USUAL_PHI_WEIGHT)
    return np.asarray(np.maximum(phi, usual), np.float64)


def shrunk_rates(counted: Floats, exposure: Floats, *, parents: Sequence[Ints], phi: Floats | float = 1.0) -> Rates:
    """Return rates drawn towards wider levels by Gamma-Poisson shrinkage, per location and class.

    Args:
        counted: pupils counted in the target class, summed over past steps, (L, K) [persons].
        exposure: pupils it was expected to come from, summed the same way, (L, K) [persons].
        parents: per level, from school to nation, the group number of each location, (L,).
        phi: variance per expected pupil, for all or per class (K,); counts weigh 1 / phi.

    Raises:
        ImplausibleInput: an exposure or count is negative.
    """
    if (counted < 0).any() or (exposure < 0).any():
        raise ImplausibleInput("counts and exposures of a rate must not be negative")
    own, base = counted / phi, exposure / phi
    prior, weight = _nation(own, base), np.full(own.shape, KAPPA_GRID[-1])
    for groups in reversed(parents):
        group_own, group_base = _sum_by(groups, own), _sum_by(groups, base)
        kappa = best_kappa(group_own, group_base, _mean_by(groups, prior))
        rest_own, rest_base = group_own[groups] - own, group_base[groups] - base
        prior = (np.maximum(rest_own, 0) + kappa * prior) / (np.maximum(rest_base, 0) + kappa)
    kappa = best_kappa(own, base, prior)
    weight = base + kappa
    rate = (own + kappa * prior) / weight
    return Rates(rate=rate, cv=1.0 / np.sqrt(np.maximum(rate * weight, 1.0)))


def best_kappa(counted: Floats, exposure: Floats, prior: Floats) -> Floats:
    """Return per class the weight of the prior with the highest marginal likelihood, (1, K) [persons].

    The likelihood is that of a Gamma-Poisson count around prior x exposure whose rate has shape kappa x prior.
    """
    usable = (exposure > MIN_EXPOSURE) & (prior > MIN_EXPOSURE)
    scores = []
    for kappa in KAPPA_GRID:
        shape = np.where(usable, kappa * prior, 1.0)
        heavy = np.where(usable, exposure, 0.0)
        chosen = np.where(usable, counted, 0.0)
        log_likelihood = _log_gamma(shape + chosen) - _log_gamma(shape)
        log_likelihood += shape * np.log(kappa) - (shape + chosen) * np.log(kappa + heavy)
        log_likelihood += chosen * np.log(np.maximum(heavy, MIN_EXPOSURE))
        scores.append(np.where(usable, log_likelihood, 0.0).sum(axis=0))
    return np.asarray(np.asarray(KAPPA_GRID)[np.stack(scores).argmax(axis=0)][None, :], np.float64)


@dataclass(frozen=True)
class Transfers:
    """Pupils who go to another location between two years of study, as one count shows it.

    Attributes:
        inflow: pupils of a class who come from the lower years of another location, (L, K, S) [persons].
        drained: steps after which most pupils go elsewhere, (L, K, S - 1).
    """

    inflow: Floats
    drained: NDArray[np.bool_]


def transfers(base: Floats, *, slack: Floats | float = TRANSFER_PUPILS) -> Transfers:
    """Tell lower-school and upper-school locations apart from ordinary ones, by classes that cannot follow each other.

    A class that is far larger than the class below it at all locations would make it, gets the rest from elsewhere; a
    step is drained where the class above is far smaller.

    Args:
        base: pupils per (location, level, year of study) [persons].
        slack: pupils that may come or go by chance, per level (K, 1) or for all [persons].
    """
    below, above = base[:, :, :-1], base[:, :, 1:]
    ratio = _nation_ratio(above, below)
    for _ in range(2):  # the second time without the transfers themselves
        told = ratio[None] * below
        fed = above > TRANSFER * told + slack
        drained = told > TRANSFER * above + slack
        ordinary = ~(fed | drained)
        ratio = _nation_ratio(above * ordinary, below * ordinary)
    inflow = np.zeros_like(base)
    inflow[:, :, 1:] = np.where(fed, above - ratio[None] * below, 0.0)
    return Transfers(inflow, drained)


def _nation_ratio(above: Floats, below: Floats) -> Floats:
    total = below.sum(axis=0)
    return np.asarray(np.divide(above.sum(axis=0), total, out=np.zeros_like(total), where=total > 0), np.float64)


def rates_across(
    base: Floats, cohorts: Floats, *, own_share: Floats, prior_pupils: float, slack: Floats | float = TRANSFER_PUPILS
) -> Rates:
    """Return rates read across the years of study of one count, (L, K, S - 1).

    The nation's ratio of a year of study to the one below, freed from the size of the two birth cohorts and from
    transfers between locations; a location keeps part of its own deviation from it, a drained step all of it.

    Args:
        base: pupils per (location, level, year of study) [persons].
        cohorts: size of the birth cohort in each year of study, (S,); only ratios matter [persons].
        own_share: part of the own deviation that lasts, 0-1, per (level, step), (K, S - 1).
        prior_pupils: pupils that the nation's ratio weighs in the own ratio.
        slack: see `transfers`.
    """
    moved = transfers(base, slack=slack)
    below, above = base[:, :, :-1], base[:, :, 1:] - moved.inflow[:, :, 1:]
    cohort = (cohorts[1:] / cohorts[:-1])[None, None, :]
    national = _nation_ratio(above * ~moved.drained, below * ~moved.drained) / cohort[0]
    own = (above + prior_pupils * national * cohort) / (below + prior_pupils) / cohort
    deviation = np.divide(own, national[None], out=np.ones_like(own), where=national[None] > 0)
    rate = national[None] * deviation ** np.where(moved.drained, 1.0, own_share[None])
    ordinary = below * ~moved.drained
    rate = np.where(moved.drained, rate, rate * _back_to(national, rate, ordinary)[None])
    return Rates(rate=rate, cv=np.full(rate.shape, 0.05))


def _back_to(national: Floats, rate: Floats, below: Floats) -> Floats:
    """Return the factor that makes all locations together follow the nation's ratio, (K, S - 1)."""
    told = (rate * below).sum(axis=0)
    back: Floats = np.divide(national * below.sum(axis=0), told, out=np.ones_like(told), where=told > 0)
    return back


def _log_gamma(x: Floats) -> Floats:
    """Return the logarithm of the gamma function above 0: Stirling's series after eight steps up."""
    shift = sum(np.log(x + k) for k in range(8))
    y = x + 8.0
    series = 1.0 / (12.0 * y) - 1.0 / (360.0 * y**3) + 1.0 / (1260.0 * y**5)
    return np.asarray((y - 0.5) * np.log(y) - y + 0.5 * np.log(2.0 * np.pi) + series - shift, np.float64)


def _nation(own: Floats, base: Floats) -> Floats:
    total = base.sum(axis=0)
    rate = np.divide(own.sum(axis=0), total, out=np.ones_like(total), where=total > MIN_EXPOSURE)
    return np.broadcast_to(rate, own.shape)


def _sum_by(groups: Ints, values: Floats) -> Floats:
    summed = np.zeros((int(groups.max()) + 1, values.shape[1]))
    np.add.at(summed, groups, values)
    return summed


def _mean_by(groups: Ints, values: Floats) -> Floats:
    size = np.bincount(groups).astype(np.float64)
    return np.asarray(_sum_by(groups, np.asarray(values, np.float64)) / np.maximum(size, 1.0)[:, None])

"""How sure a run is of its own figures: error of the Monte Carlo draws, and variance by parameters and by chance.

Draws that share a parameter draw resemble each other, so they are no independent sample: errors are taken over the
parameter draws as clusters. Components of variance are those of the one-way layout with random groups (method of
moments), with the errors of normal theory.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.staff.contract import PARAMETER_DRAWS
from regio_engine.units import Floats

FEWEST_PER_GROUP = 2
SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class VarianceSplit:
    """Standard deviations [unit of the draws] and the share of the variance that the parameters carry, with its error."""

    parameter_sd: float
    process_sd: float
    parameter_share: float
    parameter_share_error: float


def groups_of(drawn: NDArray[np.integer]) -> Floats | None:
    """Return the draws per parameter draw, shape (parameter draws, draws each); None where there are too few.

    Draw d has parameter draw d mod 50; draws after the last whole round are left out.
    """
    each = len(drawn) // PARAMETER_DRAWS
    if each < FEWEST_PER_GROUP:
        return None
    return np.asarray(drawn[: each * PARAMETER_DRAWS].reshape(each, PARAMETER_DRAWS).T, np.float64)


def variance_split(drawn: NDArray[np.integer]) -> VarianceSplit | None:
    """Return how much of the variance over draws comes from parameters and how much from chance; None with under 100 draws."""
    groups = groups_of(drawn)
    if groups is None:
        return None
    between, within = _mean_squares(groups)
    count, each = groups.shape
    parameter = max((between - within) / each, 0.0)
    total = parameter + within
    if total == 0:
        return VarianceSplit(0.0, 0.0, 0.0, 0.0)
    of_between, of_within = 2 * between**2 / (count - 1), 2 * within**2 / (count * (each - 1))
    of_parameter = (of_between + of_within) / each**2
    error = (within**2 * of_parameter + parameter**2 * of_within + 2 * within * parameter * of_within / each) / total**4
    return VarianceSplit(parameter**0.5, within**0.5, parameter / total, error**0.5)


def monte_carlo_errors(drawn: NDArray[np.integer]) -> tuple[float, float, float, float] | None:
    """Return the standard error of mean, p10, p50 and p90 [unit of the draws]; None with under 100 draws.

    The error of a quantile is that of the share of draws below it, carried over by the quantiles one error lower and
    higher (Woodruff, "Confidence intervals for medians and other position measures", 1952).
    """
    groups = groups_of(drawn)
    if groups is None:
        return None
    values = groups.ravel()
    errors = [_error_of_mean(groups)]
    for share in SHARES:
        off = _error_of_mean((groups <= np.quantile(values, share, method="inverted_cdf")).astype(np.float64))
        low, high = np.quantile(values, [max(share - off, 0.0), min(share + off, 1.0)])
        errors.append(float(high - low) / 2)
    mean, p10, p50, p90 = errors
    return mean, p10, p50, p90


def _error_of_mean(groups: Floats) -> float:
    between, _ = _mean_squares(groups)
    return float((between / groups.size) ** 0.5)


def _mean_squares(groups: Floats) -> tuple[float, float]:
    count, each = groups.shape
    means = groups.mean(axis=1)
    between = each * float(((means - means.mean()) ** 2).sum()) / (count - 1)
    within = float(((groups - means[:, None]) ** 2).sum()) / (count * (each - 1))
    return between, within

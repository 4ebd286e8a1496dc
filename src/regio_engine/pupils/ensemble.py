"""Our forecast and a published one of the same schools together, each followed as far as it earned in the past.

A published forecast differs from ours on two levels: over all schools together, and in how it divides them. Each level has
a weight of its own, per horizon: the slope with which past differences foretold our misses, drawn towards a prior weight.
The result is one factor per school on what we expect; chance is drawn around it as before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EnsembleSettings:
    """The committed choices; see `ensemble.yaml`."""

    prior_weight: float
    nation_strength: float  # editions with a usual difference
    nation_difference: float  # the usual one, over all schools together [log]
    school_strength: float  # schools with a usual difference
    school_difference: float  # the usual one, of a school against all [log]
    log_bound: float
    min_pupils: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.prior_weight <= 1.0:
            raise ImplausibleInput(f"prior_weight must lie between 0 and 1, got {self.prior_weight}")


@dataclass(frozen=True)
class PastForecasts:
    """One past edition at one horizon: what we and they said of each school, and what was counted, (schools,) [persons].

    `theirs` is nan where they said nothing, `truth` 0 where the school was gone.
    """

    ours: Floats
    theirs: Floats
    truth: Floats


@dataclass(frozen=True)
class Weights:
    """How far a published forecast is followed [0-1], and on how many past editions and schools that rests."""

    nation: float
    school: float
    editions: int = 0
    schools: int = 0


def equal_weights(weight: float) -> Weights:
    """Return the same weight on both levels, as a user sets it."""
    if not 0.0 <= weight <= 1.0:
        raise ImplausibleInput(f"the weight of a published forecast must lie between 0 and 1, got {weight}")
    return Weights(weight, weight)


def weights_by_skill(past: Sequence[PastForecasts], settings: EnsembleSettings) -> Weights:
    """Return the weights that past editions earned at one horizon."""
    nation = school = np.zeros(2)
    editions = schools = 0
    for one in past:
        kept = _comparable(one.ours, one.theirs, settings)
        if not kept.any():
            continue
        editions, schools = editions + 1, schools + int(kept.sum())
        ours, theirs, truth = one.ours[kept], one.theirs[kept], one.truth[kept]
        said, came = np.log(theirs.sum() / ours.sum()), np.log(max(truth.sum(), 1.0) / ours.sum())
        nation = nation + np.array([said * came, said**2])
        differs = _bounded(np.log(theirs / ours) - said, settings)
        missed = _bounded(np.log(np.maximum(truth, 0.5) / ours) - came, settings)
        size = ours / ours.mean()
        school = school + np.array([(size * differs * missed).sum(), (size * differs**2).sum()])
    return Weights(
        nation=_slope(nation, settings.prior_weight, settings.nation_strength * settings.nation_difference**2),
        school=_slope(school, settings.prior_weight, settings.school_strength * settings.school_difference**2),
        editions=editions,
        schools=schools,
    )


def _slope(products: Floats, prior: float, prior_squares: float) -> float:
    """Return the slope Σxy / Σx², drawn towards the prior by squared differences of its own, within 0-1."""
    squares = float(products[1]) + prior_squares
    return float(np.clip((products[0] + prior * prior_squares) / squares, 0.0, 1.0)) if squares > 0 else prior


def weights_at(by_horizon: Mapping[int, Weights], horizon: int, settings: EnsembleSettings) -> Weights:
    """Return the weights of a horizon; beyond the last one that could be held against a count those of the last."""
    shorter = [known for known in by_horizon if known <= horizon]
    return by_horizon[max(shorter)] if shorter else Weights(settings.prior_weight, settings.prior_weight)


def school_factors(ours: Floats, theirs: Floats, weights: Weights, settings: EnsembleSettings) -> Floats:
    """Return the factor on our expectation of each school, (schools,).

    Args:
        ours, theirs: pupils per school of one year [persons]; `theirs` nan where they say nothing. Such schools, and small
            ones, follow the national difference alone.
    """
    kept = _comparable(ours, theirs, settings)
    if not kept.any():
        return np.ones(len(ours))
    nation = float(np.log(theirs[kept].sum() / ours[kept].sum()))
    differs = np.zeros(len(ours))
    differs[kept] = _bounded(np.log(theirs[kept] / ours[kept]) - nation, settings)
    bounded = float(np.clip(nation, -settings.log_bound, settings.log_bound))
    return np.asarray(np.round(np.exp(weights.nation * bounded + weights.school * differs), 9), np.float64)


def _comparable(ours: Floats, theirs: Floats, settings: EnsembleSettings) -> NDArray[np.bool_]:
    return np.asarray((ours >= settings.min_pupils) & (np.nan_to_num(theirs) >= settings.min_pupils))


def _bounded(logs: Floats, settings: EnsembleSettings) -> Floats:
    return np.asarray(np.clip(logs, -settings.log_bound, settings.log_bound), np.float64)

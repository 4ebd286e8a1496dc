"""Totals per location over several years from one old count: what can be said without levels.

Where only the year of study is known, its profile has momentum: a small year 1 under large upper years means decline.
A later total that departs from where the profile was going tells of new intake, which lasts in part. With the cohorts of
the catchment, the drift of large locations to the middle and the growth of havo and vwo this gives the change over h
years. Used for back-tests over long spans; the product itself works per class (see `vo`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

Floats = NDArray[np.float64]

DRIFT_YEARS = 3.0  # drifts and bounds are stated over three years
MIN_CLASS = 5.0


@dataclass(frozen=True)
class TotalSettings:
    """The committed choices for totals; meaning and units in `pupil_model.yaml`."""

    own_ratio_share: float
    own_ratio_prior_pupils: float
    momentum_share: float
    momentum_bound: float
    catchment_share: float
    size_drift: float
    size_middle_pupils: float
    upper_share_drift: float
    upper_prior_pupils: float
    urban_drift: float
    surprise_share: float
    surprise_bound: float


def forecast_totals(
    total: Floats, *, momentum: Floats, catchment: Floats, children: Floats, upper: Floats, surprise: Floats, years: int,
    settings: TotalSettings,
) -> Floats:  # fmt: skip
    """Return the expected total of each location so many years on, up to a common national factor, (L,) [persons].

    Args:
        total: pupils of the last count, (L,).
        momentum: log change that the profile of years of study holds over these years, (L,); 0 where unknown.
        catchment: log change of the catchment's cohorts over these years, (L,); 0 where unknown.
        children: children in the catchment of each location, (L,) [persons]; only ratios matter.
        upper: year 5 over year 4 of each location, which tells havo and vwo from vmbo, (L,).
        surprise: log distance of the last count from where an older profile was going, bounded, (L,); 0 where unknown.
        years: how many years ahead.
    """
    if years <= 0:
        raise ImplausibleInput(f"years ahead must be positive, got {years}")
    root = np.sqrt(years / DRIFT_YEARS)
    change = settings.momentum_share * momentum + settings.catchment_share * catchment
    change = change + settings.surprise_share * surprise + root * settings.upper_share_drift * upper
    change = change + root * settings.urban_drift * np.log(children / np.median(children))
    size = np.log(np.maximum(total, 1.0) / settings.size_middle_pupils)
    forecast: Floats = total * np.exp(change + root * settings.size_drift * size)
    return forecast


def profile_momentum(profile: Floats, kinds: tuple[str, ...], *, years: int, settings: TotalSettings) -> Floats:
    """Return the log change of a location's total when its profile rolls on with a constant year 1, bounded, (L,).

    Args:
        profile: pupils per (location, year of study).
        kinds: kind of school per location; the ratio between years of study is shared within a kind.
        years: how many years the profile rolls on.
    """
    rates = _rates(profile, kinds, settings)
    fed_from_elsewhere = (profile[:, :-1] < MIN_CLASS) & (profile[:, 1:] >= MIN_CLASS)
    rolled = profile
    for _ in range(years):
        onward = np.where(fed_from_elsewhere, profile[:, 1:], rates * rolled[:, :-1])
        rolled = np.column_stack([profile[:, 0], onward])
    before, after = profile.sum(axis=1), rolled.sum(axis=1)
    bound = settings.momentum_bound * np.sqrt(years / DRIFT_YEARS)
    change = np.log(np.maximum(after, 1.0) / np.maximum(before, 1.0))
    return np.asarray(np.clip(np.where(before > 0, change, 0.0), -bound, bound), np.float64)


def bounded_surprise(total: Floats, expected: Floats, markets: tuple[str, ...], *, settings: TotalSettings) -> Floats:
    """Return the log distance of totals from what was expected of them, bounded, around the mean of their market, (L,).

    A code that nothing was expected of stands at the upper bound, one without pupils at 0. What a market as a whole has
    more is left to its cohorts, for it comes from other counting rules as well.

    Args:
        total: pupils of the last count, (L,).
        expected: the same count as an older profile led to expect, (L,); 0 for codes that were not there.
        markets: market of each location.
    """
    both = (total > 0) & (expected > 0)
    common = total[both].sum() / max(float(expected[both].sum()), 1e-9)
    distance = np.log(np.where(both, total, 1.0) / np.where(both, common * expected, 1.0))
    distance = np.where((total > 0) & ~both, np.inf, distance)
    bounded = np.clip(distance, -settings.surprise_bound, settings.surprise_bound)
    names, market = np.unique(np.asarray(markets), return_inverse=True)
    mean = np.bincount(market, bounded * total, len(names)) / np.maximum(np.bincount(market, total, len(names)), 1e-9)
    return np.asarray(np.where(total > 0, bounded - mean[market], 0.0), np.float64)


def upper_share(profile: Floats, kinds: tuple[str, ...], *, settings: TotalSettings) -> Floats:
    """Return year 5 over year 4 per location, drawn towards its kind of school, at most 1.1, (L,)."""
    shares, names = np.zeros(len(profile)), np.asarray(kinds)
    for kind in set(kinds):
        mine = names == kind
        below, above = profile[mine, 3], profile[mine, 4]
        shared = (above.sum() + 1.0) / (below.sum() + 2.0)
        prior = settings.upper_prior_pupils
        shares[mine] = np.minimum((above + prior * shared) / (below + prior), 1.1)
    return shares


def _rates(profile: Floats, kinds: tuple[str, ...], settings: TotalSettings) -> Floats:
    rates = np.zeros((len(profile), profile.shape[1] - 1))
    names = np.asarray(kinds)
    for kind in set(kinds):
        mine = names == kind
        below, above = profile[mine, :-1], profile[mine, 1:]
        shared = (above.sum(axis=0) + 1.0) / (below.sum(axis=0) + 1.0)
        prior = settings.own_ratio_prior_pupils
        own = (above + prior * shared) / (below + prior)
        rates[mine] = shared ** (1.0 - settings.own_ratio_share) * own**settings.own_ratio_share
    return rates


def sector_age_mass(single_ages: Floats, *, ages_back: int) -> Floats:
    """Return the children per place who are of vo age so many years later, weighed by who is still in vo, (P,).

    Args:
        single_ages: persons per single age 0-19 per place, (P, 20).
        ages_back: how many years earlier than the target the ages were counted.
    """
    ages = np.arange(12, 18) - ages_back
    return np.asarray(single_ages[:, ages] @ np.array(VO_SHARE_BY_AGE), np.float64)


# Weight of ages 12-17 in vo: years 4-6 of 2012 against the years below (vmbo ends after 4, havo after 5).
VO_SHARE_BY_AGE = (1.0, 1.0, 1.0, 1.03, 0.48, 0.2)


def school_survival(in_school: Floats, population: Floats, *, ages: tuple[int, ...], years: int) -> Floats:
    """Return how many of an age group still sit in the same kind of school so many years later, per age of `ages`.

    From one date: the share of the population in this kind of school at the later age over that at the present age.

    Args:
        in_school: children in this kind of school per age from 0.
        population: all children per age from 0, of the same date.
    """
    share = in_school / np.maximum(population, 1.0)
    return np.array([share[age + years] / share[age] for age in ages])

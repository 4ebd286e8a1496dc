"""Drawn values of the staff model's figures, and chances as thresholds; only + − × ÷, so every machine draws the same.

The PARAMETER_DRAWS values of a figure lie in equal strata of its range (two straight pieces with p10 = low, p50 = value
and p90 = high), in an order that belongs to the figure and the seed. So 50 draws fill each range evenly, and two figures
are independent.
"""

import numpy as np
from numpy.typing import NDArray

from regio_engine import keyed_random
from regio_engine.parameters.staff_figures import StaffFigure, StaffTable
from regio_engine.staff.contract import AGES, OLDEST, PARAMETER_DRAWS, YOUNGEST, Thresholds
from regio_engine.staff.need import between
from regio_engine.units import Floats

SURE = 0xFFFFFFFF
WHOLE = 1 << 32


def strata(key: str, *, seed: int, draws: int = PARAMETER_DRAWS) -> Floats:
    """Return one uniform per draw, each in another of `draws` equal strata, in an order of its own per key and seed."""
    words = keyed_random.words(
        seed=seed, purpose="staff_parameter", stable_ids=[keyed_random.stable_id(key)], years=[0], draws=np.arange(draws)
    )  # fmt: skip
    rank = np.argsort(np.argsort(words[0], kind="stable"), kind="stable")
    return np.asarray((rank + keyed_random.uniform(words[1])) / draws)


def drawn(
    figure: StaffFigure, *, seed: int, key: str = "", at_most: float = 1.0, draws: int = PARAMETER_DRAWS
) -> Floats:
    """Return the draws of a figure, shape (draws,), never below 0 or above `at_most`.

    Args:
        figure: value and range.
        seed: seed of the run.
        key: what else tells this draw apart (a board, a region).
        at_most: what the quantity cannot exceed; 1 for a share or a chance.
        draws: how many.
    """
    uniforms = strata(f"{figure.name}|{figure.sector}|{key}", seed=seed, draws=draws)
    values = between(low=figure.low, middle=figure.value, high=figure.high, uniforms=uniforms)
    return np.asarray(np.clip(values, 0.0, at_most))


def thresholds(chances: Floats) -> Thresholds:
    """Return uint32 thresholds of chances (0-1): a uniform word is below one with that chance; 1 becomes all but 2⁻³²."""
    whole = np.rint(np.clip(chances, 0.0, 1.0) * float(WHOLE)).astype(np.uint64)
    return np.minimum(whole, np.uint64(SURE)).astype(np.uint32)


def cumulative(shares: Floats) -> Thresholds:
    """Return cumulative thresholds over the last axis of shares that sum to about 1; the last one is sure."""
    total = shares.sum(axis=-1, keepdims=True)
    found = thresholds(np.cumsum(np.divide(shares, total, out=np.zeros_like(shares), where=total > 0), axis=-1))
    found[..., -1] = SURE
    return found


def by_age(table: StaffTable) -> Floats:
    """Return the value of a table that holds from an age on, for every age of the model, shape (ages,)."""
    steps = table.steps()
    ages = np.arange(YOUNGEST, OLDEST + 1)
    values = np.full(AGES, steps[0][1])
    for since, value in steps:
        values = np.where(ages >= since, value, values)
    return np.asarray(values)


def spread_over_ages(table: StaffTable, *, until: int = 64) -> Floats:
    """Return the part of each age, from parts per age class that are spread evenly inside the class, shape (ages,)."""
    steps = [(int(since), share) for since, share in table.steps()]
    shares = np.zeros(AGES)
    for (since, share), end in zip(steps, [*(first for first, _ in steps[1:]), until + 1], strict=True):
        shares[since - YOUNGEST : end - YOUNGEST] = share / (end - since)
    return np.asarray(shares / shares.sum())


def on_profile(values: Floats, profile: Floats) -> NDArray[np.float64]:
    """Return values scaled so that their mean over a profile of ages is 1."""
    return np.asarray(values / ((values * profile).sum() / profile.sum()))

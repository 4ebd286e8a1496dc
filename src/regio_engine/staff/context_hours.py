"""From figures to yearly changes of hours: a step of one class of 0.2 fte up or down, by age.

As many go up as down between two classes when contracts lie as usual, so hours as a whole stay what they are; age says
who of them go which way.
"""

import numpy as np

from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.context_draws import by_age, cumulative, drawn, on_profile, spread_over_ages
from regio_engine.staff.contract import AGES, HOURS_CLASSES, PARAMETER_DRAWS, Thresholds
from regio_engine.units import Floats

OLDEST_OF_PROFILE = 66


def hours_thresholds(parameters: StaffParameters, sector: str, *, seed: int) -> Thresholds:
    """Return cumulative thresholds over the new hours class, shape (draws, ages, classes, classes)."""
    up, down = steps(np.array([share for _, share in parameters.table(sector, "hours_classes").steps()]))
    changes = drawn(parameters.figure(sector, "changes_hours"), seed=seed)
    more, less = _tilts(parameters, sector, seed=seed)
    chances = np.zeros((PARAMETER_DRAWS, AGES, HOURS_CLASSES, HOURS_CLASSES))
    for now in range(HOURS_CLASSES):
        higher = np.minimum(changes[:, None] * more * up[now], 0.5)
        lower = np.minimum(changes[:, None] * less * down[now], 0.5)
        if now + 1 < HOURS_CLASSES:
            chances[:, :, now, now + 1] = higher
        if now > 0:
            chances[:, :, now, now - 1] = lower
        chances[:, :, now, now] = 1 - higher - lower
    return cumulative(chances)


def steps(shares: Floats) -> tuple[Floats, Floats]:
    """Return how likely a step up and down is from each class, so that classes with these shares keep them.

    Between two neighbours as many go up as down; together the steps are 1 per person, before `changes_hours`.
    """
    flow = np.minimum(shares[:-1], shares[1:])
    flow = flow / (2 * flow.sum())
    up, down = np.zeros(len(shares)), np.zeros(len(shares))
    up[:-1], down[1:] = flow / shares[:-1], flow / shares[1:]
    return up, down


def _tilts(parameters: StaffParameters, sector: str, *, seed: int) -> tuple[Floats, Floats]:
    """Return by age how much likelier more and fewer hours are than on average, each (draws, ages) with mean 1."""
    table = parameters.table(sector, "more_hours_by_age")
    strength = drawn(table.figure(next(iter(table.rows))), seed=seed, at_most=2.0) / next(iter(table.rows.values()))
    more = np.clip(0.5 + (by_age(table) - 0.5)[None, :] * strength[:, None], 0.05, 0.95)
    profile = spread_over_ages(parameters.table(sector, "age_profile"), until=OLDEST_OF_PROFILE)
    return np.stack([on_profile(row, profile) for row in more]), np.stack(
        [on_profile(1 - row, profile) for row in more]
    )

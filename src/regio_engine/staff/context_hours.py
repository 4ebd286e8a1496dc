"""From figures to yearly changes of hours: a step of one class of 0.2 fte up or down, by age.

As many go up as down between two classes when contracts lie as in the base year, and what some take more is what others give
up, so hours as a whole stay what they are; age says who of them go which way.
"""

import numpy as np
from numpy.typing import NDArray

from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.context_draws import by_age, cumulative, drawn, on_profile
from regio_engine.staff.contract import (
    AGES,
    HOURS_CLASS_MILLI,
    HOURS_CLASSES,
    OLDEST,
    PARAMETER_DRAWS,
    YOUNGEST,
    Staff,
    Thresholds,
)
from regio_engine.units import Floats, MilliFte

STEP_MILLI = HOURS_CLASS_MILLI[0]


def hours_thresholds(parameters: StaffParameters, sector: str, staff: Staff, *, seed: int) -> Thresholds:
    """Return cumulative thresholds over the new hours class, shape (draws, ages, classes, classes).

    Args:
        parameters, sector: whose figures.
        staff: whose hours stay what they are: all populations together, in the base year.
        seed: seed of the run.
    """
    ages, classes = np.clip(staff.ages, YOUNGEST, OLDEST) - YOUNGEST, classes_of(staff.milli_fte)
    up, down = steps(contract_shares(staff))
    changes = drawn(parameters.figure(sector, "changes_hours"), seed=seed)
    more, less = _tilts(parameters, sector, np.bincount(ages, minlength=AGES).astype(np.float64), seed=seed)
    balance = _balance(up[classes] * more.mean(axis=0)[ages], down[classes] * less.mean(axis=0)[ages], staff, classes)
    chances = np.zeros((PARAMETER_DRAWS, AGES, HOURS_CLASSES, HOURS_CLASSES))
    for now in range(HOURS_CLASSES):
        higher = np.minimum(changes[:, None] * more * up[now] / balance, 0.5)
        lower = np.minimum(changes[:, None] * less * down[now] * balance, 0.5)
        if now + 1 < HOURS_CLASSES:
            chances[:, :, now, now + 1] = higher
        if now > 0:
            chances[:, :, now, now - 1] = lower
        chances[:, :, now, now] = 1 - higher - lower
    return cumulative(chances)


def classes_of(milli_fte: MilliFte) -> NDArray[np.intp]:
    """Return the class of hours of each contract."""
    return np.minimum((milli_fte.astype(np.intp) - 1) // STEP_MILLI, HOURS_CLASSES - 1)


def contract_shares(staff: Staff) -> Floats:
    """Return which part of the contracts is in each class of hours; no class is quite empty. Shape (classes,)."""
    counted = np.bincount(classes_of(staff.milli_fte), minlength=HOURS_CLASSES) + 1.0
    return np.asarray(counted / counted.sum())


def _balance(up: Floats, down: Floats, staff: Staff, classes: NDArray[np.intp]) -> float:
    """Return the factor that makes what some take more as much fte as what others give up; both per contract."""
    more = (up * np.maximum((classes + 2) * STEP_MILLI - staff.milli_fte, 0)).sum()
    less = (down * np.maximum(staff.milli_fte - classes * STEP_MILLI, 0)).sum()
    return float(np.sqrt(more / less)) if more > 0 and less > 0 else 1.0


def steps(shares: Floats) -> tuple[Floats, Floats]:
    """Return how likely a step up and down is from each class, so that classes with these shares keep them.

    Between two neighbours as many go up as down; together the steps are 1 per person, before `changes_hours`.
    """
    flow = np.minimum(shares[:-1], shares[1:])
    flow = flow / (2 * flow.sum())
    up, down = np.zeros(len(shares)), np.zeros(len(shares))
    up[:-1], down[1:] = flow / shares[:-1], flow / shares[1:]
    return up, down


def _tilts(parameters: StaffParameters, sector: str, profile: Floats, *, seed: int) -> tuple[Floats, Floats]:
    """Return by age how much likelier more and fewer hours are than on average, each (draws, ages) with mean 1 over a profile."""
    table = parameters.table(sector, "more_hours_by_age")
    strength = drawn(table.figure(next(iter(table.rows))), seed=seed, at_most=2.0) / next(iter(table.rows.values()))
    more = np.clip(0.5 + (by_age(table) - 0.5)[None, :] * strength[:, None], 0.05, 0.95)
    found = [np.stack([on_profile(row, profile) for row in rows]) for rows in (more, 1 - more)]
    return found[0], found[1]

"""From figures to yearly changes of hours: a step of one class of 0.2 fte up or down, by age."""

import numpy as np

from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.context_draws import by_age, cumulative, drawn
from regio_engine.staff.contract import AGES, HOURS_CLASSES, PARAMETER_DRAWS, Thresholds


def hours_thresholds(parameters: StaffParameters, sector: str, *, seed: int) -> Thresholds:
    """Return cumulative thresholds over the new hours class, shape (draws, ages, classes, classes)."""
    table = parameters.table(sector, "more_hours_by_age")
    changes = drawn(parameters.figure(sector, "changes_hours"), seed=seed)
    tilt = drawn(table.figure(next(iter(table.rows))), seed=seed, at_most=2.0) / next(iter(table.rows.values()))
    more = np.clip(by_age(table)[None, :] * tilt[:, None], 0.0, 1.0)
    chances = np.zeros((PARAMETER_DRAWS, AGES, HOURS_CLASSES, HOURS_CLASSES))
    for now in range(HOURS_CLASSES):
        up = changes[:, None] * more if now + 1 < HOURS_CLASSES else np.zeros_like(more)
        down = changes[:, None] * (1 - more) if now > 0 else np.zeros_like(more)
        if now + 1 < HOURS_CLASSES:
            chances[:, :, now, now + 1] = up
        if now > 0:
            chances[:, :, now, now - 1] = down
        chances[:, :, now, now] = 1 - up - down
    return cumulative(chances)

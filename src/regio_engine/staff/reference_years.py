"""The years of the numpy reference, one after another, some draws together."""

import numpy as np

from regio_engine.staff.contract import StaffDraws
from regio_engine.staff.reference import Course, close_year, live
from regio_engine.staff.reference_pool import fill_pool
from regio_engine.staff.tables import Tables

DRAWS_TOGETHER = 50


def fill(tables: Tables, *, seed: int, first_draw: int, draws: int, found: StaffDraws, at: int) -> None:
    """Simulate draws first_draw … and fill them in at `at`; sums over draws are added to."""
    for start in range(0, draws, DRAWS_TOGETHER):
        together = min(DRAWS_TOGETHER, draws - start)
        course = Course(tables, seed=seed, first_draw=first_draw + start, draws=together, found=found, at=at + start)
        close_year(course)
        for _ in range(tables.years):
            course.year += 1
            course.heads[course.year - 1, :, 0] = np.bincount(course.people.draw, minlength=together)
            movers, priority = live(course)
            fill_pool(course, movers, priority)
            course.heads[course.year - 1, :, -1] = np.bincount(course.people.draw, minlength=together)
            close_year(course)

"""Exam candidates of cells that have a class on its way but no candidates in the newest year: new schools, new types.

Nothing can be carried on there, so the forecast is the class of the target year times what such a class gives in the whole
country, if it sits its exam there at all. Whether it does is a chance by what the pupil file shows: a class of the upper
school mostly stays, a lower class mostly goes on in another building of its school, and where an earlier class should have
sat its exam already and nobody did, nobody will. Cells that do have candidates are not touched here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .exam_data import FINAL_YEAR, TYPES, ClassCounts, ExamHistory, Floats, group_sums
from .exam_history import MIN_CANDIDATES
from .exam_spread import Spread, standard_deviation

UPPER_SCHOOL_FROM = (3, 4, 4)  # year of study from which a class rarely changes building, per type
FEWEST_PUPILS = 1.0  # less of a class is a share of a mixed one


@dataclass(frozen=True)
class StartSettings:
    """The chance [0-1] that a class sits its exam at a location without candidates, and the spread of its size."""

    upper_class: float  # of the upper school, or of a school that has the type nowhere else
    lower_class: float
    none_came: float  # an earlier class was due and nobody sat
    spread: Spread


@dataclass(frozen=True)
class Starts:
    """Per location and type, (locations, 3): candidates if the class sits its exam here, and the chance of it; 0 elsewhere."""

    median: Floats
    deviation: Floats
    chance: Floats


def has_class(classes: ClassCounts) -> NDArray[np.bool_]:
    """Return which cells have a class in any year of study, (locations, 3)."""
    return np.asarray((classes.pupils >= FEWEST_PUPILS).any(axis=2))


def starts(
    known: ExamHistory,
    classes: ClassCounts,
    forecast: Floats,
    *,
    years_ahead: int,
    settings: StartSettings,
    before: Starts | None,
) -> Starts:
    """Return what the newest pupil file tells of cells without candidates in the newest exam year.

    Args:
        forecast: medians of the cells that do have candidates, (locations, 3) [persons].
        before: the year before, which a type keeps whose class is not in vo yet.
    """
    last, origin = known.candidates[:, :, -1], known.years[-1]
    kept = before or Starts(*[np.zeros_like(last)] * 3)
    found = Starts(kept.median.copy(), kept.deviation.copy(), kept.chance.copy())
    lag = origin + years_ahead - classes.count_year
    for t in range(len(TYPES)):
        ahead = classes.of_final_class_minus(lag, t)
        if ahead is None:
            continue
        new = (last[:, t] == 0) & (ahead >= FEWEST_PUPILS)
        median = ahead * _candidates_per_pupil(forecast[:, t], ahead, last[:, t])
        deviation = standard_deviation(median, phi=settings.spread.phi, c=settings.spread.c)
        found.median[:, t] = np.where(new, median, 0.0)
        found.deviation[:, t] = np.where(new, deviation, 0.0)
        found.chance[:, t] = np.where(new, _chance(known, classes, t, lag=lag, settings=settings), 0.0)
    return found


def _candidates_per_pupil(forecast: Floats, ahead: Floats, last: Floats) -> float:
    """Return candidates per pupil of the class in the whole country, from cells that have both."""
    both = (last >= MIN_CANDIDATES) & (ahead > 0)
    return float(forecast[both].sum() / ahead[both].sum()) if both.any() else 1.0


def _chance(known: ExamHistory, classes: ClassCounts, type_index: int, *, lag: int, settings: StartSettings) -> Floats:
    """Return per location the chance that the class `lag` years from its exam sits it there."""
    at_school = group_sums(known.candidates[:, type_index, -1], known.schools)
    is_upper = FINAL_YEAR[type_index] - lag >= UPPER_SCHOOL_FROM[type_index]
    stays = is_upper | (at_school == 0)
    chance = np.where(stays, settings.upper_class, settings.lower_class)
    due = np.zeros(len(chance))
    for earlier in range(known.years[-1] - classes.count_year + 1):
        due_class = classes.of_final_class_minus(earlier, type_index)
        due += 0.0 if due_class is None else due_class
    return np.where(due >= FEWEST_PUPILS, settings.none_came, chance)

"""Which position may be taught by who is qualified for which, and where a second qualification leads."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regio_engine.parameters.positions import FIRST_GRADE, SECOND_GRADE
from regio_engine.parameters.staff_figures import StaffParameters, specialism_key
from regio_engine.staff.context_draws import cumulative
from regio_engine.staff.contract import Thresholds
from regio_engine.units import Floats

SAME_SUBJECT_WEIGHT = 3.0  # a second qualification is most often the first grade of the own subject


def specialism_of(position: str) -> str:
    """Return the specialism of a position code ("vo:wiskunde:eerstegraads")."""
    return position.split(":")[1]


def grade_of(position: str) -> str:
    """Return the grade of a position code, empty where it has none."""
    return [*position.split(":"), ""][2]


def covers(positions: Sequence[str], parameters: StaffParameters) -> NDArray[np.bool_]:
    """Return whether position p may be taught by who is qualified for q, shape (positions, positions)."""
    return np.array([[_covers(taught, held, parameters) for held in positions] for taught in positions], dtype=np.bool_)


def _covers(taught: str, held: str, parameters: StaffParameters) -> bool:
    subject, own = specialism_of(taught), specialism_of(held)
    related = subject == own or own in parameters.covered_by.get(subject, ())
    return taught == held or (related and (grade_of(held) == FIRST_GRADE or grade_of(held) == grade_of(taught)))


def second_positions(positions: Sequence[str], weights: Floats, parameters: StaffParameters) -> Thresholds:
    """Return for which position a second qualification is, cumulative, shape (positions, positions).

    Within the group of subjects, by size; the first grade of the own subject weighs more. A row without any way on holds
    only zeros: nobody there gets a second qualification.
    """
    table = np.zeros((len(positions), len(positions)))
    for i, own in enumerate(positions):
        for j, other in enumerate(positions):
            table[i, j] = weights[j] * _pull(own, other, parameters)
    found = cumulative(table)
    found[table.sum(axis=1) == 0] = 0
    return found


def _pull(own: str, other: str, parameters: StaffParameters) -> float:
    if own == other or not grade_of(other):
        return 0.0
    if specialism_of(own) == specialism_of(other):
        return SAME_SUBJECT_WEIGHT if grade_of(own) == SECOND_GRADE else 0.0
    if parameters.group_of(specialism_of(own)) != parameters.group_of(specialism_of(other)):
        return 0.0
    return 1.0 if grade_of(own) == grade_of(other) and specialism_key(specialism_of(other)) != "overig" else 0.0

"""How many teachers left each board, counted from its own files of two years.

A teacher of the older file who is nowhere in the newer one has left the board; the file seldom tells why. Only locations
that are in both files count, so that a file of part of a board makes no leavers. Files less than ten or more than
fourteen months apart, and a board that would have lost more than two in five, tell nothing and are named.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from regio.workforce.enums import FunctionGroup
from regio.workforce.models import StaffMember
from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.context_leaving import exit_chances
from regio_engine.staff.contract import AGES, TENURE_CLASSES, YOUNGEST
from regio_engine.staff.rates_own import BANDS_FROM, OwnLeaving, band_of_age, own_chances

DAYS_APART = (300, 430)
MOST_LEFT = 0.4  # of a board in a year; more is another way of filling in the file
UNKNOWN_TENURE = 5  # no starter, where the file does not tell


class _Row(NamedTuple):
    board: str
    day: date
    location: str
    person: str
    function_group: str
    birth_year: int
    since: int | None
    qualification: str


def own_leaving(sector: str, boards: Collection[str], facts: dict[str, Any]) -> tuple[OwnLeaving, ...]:
    """Return the counted leavers of each board with files of two years; the facts name boards whose files tell nothing."""
    found, not_used = [], []
    for board, days in sorted(_files(sector, boards).items()):
        counted = _counted(board, days)
        if counted is None or counted.left.sum() > MOST_LEFT * counted.at_risk.sum():
            not_used.append(board)
        else:
            found.append(counted)
    facts["eigen_vertrek_niet_gebruikt"] = not_used
    return tuple(found)


def own_share_of_leaving(leaving: Sequence[OwnLeaving], parameters: StaffParameters, *, sector: str, base_year: int) -> dict[str, float]:  # fmt: skip
    """Return per board which part of its chances to leave own people tell (0-1), weighed by its people."""
    if not leaving:
        return {}
    usual = exit_chances(parameters, sector, years=(base_year, base_year + 1), seed=0)
    found = {}
    for one, own in zip(leaving, own_chances(usual, leaving, seed=0), strict=True):
        people = np.bincount(band_of_age(), one.at_risk.sum(axis=(1, 2)), len(BANDS_FROM))
        found[one.board] = round(float((own.own_share[:, 0] * people).sum() / people.sum()), 2)
    return found


def _files(sector: str, boards: Collection[str]) -> dict[str, dict[date, list[_Row]]]:
    """Return the rows of boards with more than one file, per date, the newest first."""
    rows = StaffMember.objects.filter(board__in=list(boards), location__sector=sector)
    fields = ("board_id", "reference_date", "location_id", "person", "function_group", "birth_year", "in_service_since", "qualification")  # fmt: skip
    found: dict[str, dict[date, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for values in rows.order_by("-reference_date", "pk").values_list(*fields):
        row = _Row(*values)
        found[row.board][row.day].append(row)
    return {board: days for board, days in found.items() if len(days) > 1}


def _counted(board: str, days: dict[date, list[_Row]]) -> OwnLeaving | None:
    """Return people and leavers between the two newest files; None where these are not about a year apart."""
    newest, before = list(days)[:2]
    if not DAYS_APART[0] <= (newest - before).days <= DAYS_APART[1]:
        return None
    places, still_there = ({getattr(row, name) for row in days[newest]} for name in ("location", "person"))
    teachers = {row.person: row for row in days[before]
                if row.function_group == FunctionGroup.TEACHER and row.location in places}  # fmt: skip
    at_risk, left = np.zeros((AGES, TENURE_CLASSES, 2)), np.zeros((len(BANDS_FROM), 1))
    for person, row in teachers.items():
        age = min(max(before.year - row.birth_year - YOUNGEST, 0), AGES - 1)
        tenure = UNKNOWN_TENURE if row.since is None else max(before.year - row.since, 0)
        at_risk[age, min(tenure, TENURE_CLASSES - 1), int(row.qualification in ("", "bevoegd"))] += 1
        left[band_of_age()[age], 0] += person not in still_there
    return OwnLeaving(board, at_risk, left) if teachers else None

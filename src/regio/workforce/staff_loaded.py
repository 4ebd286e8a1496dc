"""What staff is loaded of a board: an own file, public counts, or nothing. Runs, pages and `regio status` ask here.

Public counts are the teachers of the DUO workbook; in vo a lesson sheet of the board must tell which subjects they teach.
Without either there is no staff, and so no shortage figure: *bezetting niet geladen*.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Max, QuerySet

from regio.regions.enums import Sector
from regio.regions.models import SchoolLocation

from .enums import FunctionGroup, StaffOrigin
from .models import LessonSheetLine, PersonnelCount, StaffMember


def staff_origins(sector: str, boards: Collection[str] | None = None) -> dict[str, StaffOrigin]:
    """Return what the staff of boards in one sector rests on.

    Args:
        sector: whose locations.
        boards: codes; None takes every board with registered locations of the sector.
    """
    wanted = set(boards) if boards is not None else _boards_with_locations(sector)
    own = set(_own(sector).values_list("board_id", flat=True).distinct())
    public = _counted(sector)
    if sector == Sector.VO:
        public &= set(LessonSheetLine.objects.values_list("board_id", flat=True).distinct())
    return {
        board: StaffOrigin.OWN if board in own else StaffOrigin.PUBLIC if board in public else StaffOrigin.NONE
        for board in sorted(wanted)
    }


def staff_loaded() -> list[dict[str, Any]]:
    """Return per sector and board what staff is loaded, for `regio status`: origin, and the newest date of an own file."""
    found = []
    for sector in Sector.values:
        own = dict(_own(sector).values_list("board_id").annotate(day=Max("reference_date")))
        for board, origin in staff_origins(sector).items():
            day = own.get(board) if origin == StaffOrigin.OWN else None
            found.append({
                "sector": sector, "board": board, "origin": str(origin), "label": StaffOrigin(origin).label,
                "reference_date": day.isoformat() if day else None,
            })  # fmt: skip
    return found


def _own(sector: str) -> QuerySet[StaffMember]:
    return StaffMember.objects.filter(
        location__sector=sector, function_group=FunctionGroup.TEACHER, position__isnull=False
    )


def _boards_with_locations(sector: str) -> set[str]:
    places = SchoolLocation.objects.filter(sector=sector, in_register=True, board__isnull=False)
    return set(places.values_list("board_id", flat=True).distinct())


def _counted(sector: str) -> set[str]:
    """Return boards with teachers in a workbook of the sector, by their own number or that of the school."""
    rows = PersonnelCount.objects.filter(sector=sector, function_group=FunctionGroup.TEACHER)
    rows = rows.exclude(fte=None, persons=None)
    found = rows.values_list("board_id", "school__board_id").distinct()
    return {code for pair in found for code in pair if code}

"""Loading a board's own files and taking them out again: what `regio import staff` and the demo call."""

import shutil
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from regio.audit.actions import record
from regio.regions.enums import Sector
from regio.regions.models import Board, School, SchoolLocation
from regio.shared.errors import UserError
from regio.shared.importing.pipeline import FileResult, Options, import_paths

from .enums import ScopeKind
from .models import ForecastRun, StaffMember
from .models.staff import KEPT_DATES
from .rules import RESTS_ON_STAFF, own_boards


class UnknownBoard(UserError):
    """No board has this number."""

    def __init__(self, board: str) -> None:
        super().__init__(
            f"Bestuur {board} kennen wij niet. Lees eerst de registers van DUO in en gebruik het nummer van het bevoegd gezag."
        )


def import_files(
    board: str, paths: Iterable[Path], *, options: Options, progress: Callable[[str], None] = lambda _text: None
) -> list[FileResult]:
    """Import own files of a board: staff, lesson sheets and measured shortages, each known by its header.

    Raises:
        UnknownBoard: the number names no board.
    """
    from .model_runs.need import sync_positions  # numeric packages, only needed here
    from .sources.own_staff import readers

    code = _known(board)
    sync_positions()
    results = import_paths(paths, options=options, progress=progress, own_readers=readers(code))
    _record("staff_loaded", code, f"Eigen bestanden aangeboden: {len(results)}")
    return results


def remove_files(board: str) -> int:
    """Take every own file of a board out, at once or not at all; return how many rows went.

    Raises:
        UnknownBoard: the number names no board.
    """
    from .sources.own_staff import remove

    with transaction.atomic():
        code = _known(board)
        removed = remove(code, now=timezone.now())
        _record("staff_removed", code, f"Eigen bestanden weggehaald: {removed} rijen")
    return removed


def forget_member(board: str, employee_number: str) -> int:
    """Take one person out of a board's own staff file, at every date; return how many rows went.

    The product holds no names: the board gives the number of its own administration, whose keyed hash finds the rows.

    Raises:
        UnknownBoard: the number names no board.
    """
    with transaction.atomic():
        rows = members_of_number(board, employee_number)
        removed = rows.delete()[0]
        _record(
            "staff_member_removed",
            _known(board),
            f"Eén persoon uit het eigen personeelsbestand gehaald: {removed} rijen",
        )
    return removed


def members_of_number(board: str, employee_number: str) -> QuerySet[StaffMember]:
    """Return the rows of one employee of a board, for a copy or to take them out.

    Raises:
        UnknownBoard: the number names no board.
    """
    from .sources.own_staff import pseudonym

    code = _known(board)
    return StaffMember.objects.filter(board=code, person=pseudonym(code, employee_number))


# ----------------------------------------------------------------------------------------------- what ends by its term
def staff_of_older_dates(before: datetime) -> QuerySet[StaffMember]:
    """Return rows of dates that are not among the newest two of their board."""
    dates = StaffMember.objects.values_list("board_id", "reference_date").distinct()
    newest: dict[str, list[date]] = {}
    for board, day in sorted(dates, reverse=True):
        newest.setdefault(board, []).append(day)
    chosen = Q(pk__in=[])
    for board, days in newest.items():
        if len(days) > KEPT_DATES:
            chosen |= Q(board=board, reference_date__lt=days[KEPT_DATES - 1])
    return StaffMember.objects.filter(chosen)


def staff_of_long_ago(before: datetime) -> QuerySet[StaffMember]:
    """Return rows that speak of a day before this moment."""
    return StaffMember.objects.filter(reference_date__lt=timezone.localdate(before))


# --------------------------------------------------------------------------------------------- what goes with a board
def parts_of_runs(model: type[Any], board: str) -> QuerySet[Any]:
    """Return the rows of forecasts about a board, its schools and its locations that rest on its own file."""
    runs = [run.pk for run in ForecastRun.objects.exclude(facts={}) if any(board in own_boards(run, sector) for sector in Sector.values)]  # fmt: skip
    of_board = Q(scope_kind=ScopeKind.BOARD, scope_code=board)
    of_schools = Q(scope_kind=ScopeKind.SCHOOL, scope_code__in=School.objects.filter(board=board).values("brin"))
    places = SchoolLocation.objects.filter(board=board).values("code")
    rows = model.objects.filter(
        of_board | of_schools | Q(scope_kind=ScopeKind.LOCATION, scope_code__in=places), run__in=runs
    )
    has_measure = any(field.name == "measure" for field in model._meta.concrete_fields)
    return rows.filter(measure__in=RESTS_ON_STAFF) if has_measure else rows


def forget_drawings(board: str) -> None:
    """Remove every drawing: their names do not say of whom they are, and they are drawn again when somebody asks."""
    shutil.rmtree(Path(settings.HOME) / "charts", ignore_errors=True)


def _record(kind: str, board: str, heading: str) -> None:
    organisation = f"bestuur:{board}"
    record(f"workforce.{kind}", subject=organisation, heading=heading, now=timezone.now(), organisation=organisation)


def _known(board: str) -> str:
    code = board.strip().lstrip("0")
    if not Board.objects.filter(code=code).exists():
        raise UnknownBoard(board)
    return code

"""Loading a board's own files and taking them out again: what `regio import staff` and the demo call."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from regio.audit.actions import record
from regio.regions.models import Board
from regio.shared.errors import UserError
from regio.shared.importing.pipeline import FileResult, Options, import_paths


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


def _record(kind: str, board: str, heading: str) -> None:
    organisation = f"bestuur:{board}"
    record(f"workforce.{kind}", subject=organisation, heading=heading, now=timezone.now(), organisation=organisation)


def _known(board: str) -> str:
    code = board.strip().lstrip("0")
    if not Board.objects.filter(code=code).exists():
        raise UnknownBoard(board)
    return code

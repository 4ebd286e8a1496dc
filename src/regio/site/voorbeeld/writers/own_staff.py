"""Own files of boards: staff of two years, lesson sheets, measured shortages; in a folder per board, in our own layout."""

from datetime import datetime
from pathlib import Path

import xlsxwriter

from regio.site.voorbeeld.lessons import SheetLine, sheet_of
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.staff import (
    LESSONS_PER_FTE,
    MEASURED,
    OWN_PO_BOARD,
    OWN_VO_BOARDS,
    WITHOUT_STAFF,
    Employment,
    own_staff,
    year_before,
)

from .text import write_table

STAFF_HEADER = (
    "PERSONEELSNUMMER", "GEBOORTEDATUM", "GESLACHT", "WERKTIJDFACTOR", "IN DIENST SINDS", "VESTIGING", "FUNCTIE", "VAK", "GRAAD",
    "SCHAAL", "BEVOEGDHEID", "TERMIJN TOT", "TWEEDE VAK", "DIENSTVERBAND",
)  # fmt: skip
LESSON_HEADER = ("VESTIGING", "VAK", "GRAAD", "LESSEN", "BEVOEGD", "BENOEMBAAR")
SHORTAGE_HEADER = ("VESTIGING", "VAK", "GRAAD", "TEKORT FTE", "LAAG", "HOOG")
IN_EXCEL = "90021"  # this board has its lessons in a workbook
ENCODING = {"90022": "utf-8-sig", "90001": "cp1252"}


def write_own_staff(folder: Path, region: ExampleRegion) -> None:
    """Write the own files into `eigen/<board>` beside the folder of the public files."""
    own = folder.parent / "eigen"
    boards = sorted({location.board.code for location in region.schools.vo if location.in_register} | {OWN_PO_BOARD})
    for board in boards:
        if board == WITHOUT_STAFF:
            continue
        (own / board).mkdir(parents=True, exist_ok=True)
        if board in (*OWN_VO_BOARDS, OWN_PO_BOARD):
            _write_staff(own / board, region, board)
        if board != OWN_PO_BOARD:
            _write_lessons(own / board, region, board)
        if board in MEASURED:
            _write_shortage(own / board, region, board)


def _write_staff(folder: Path, region: ExampleRegion, board: str) -> None:
    newest = region.timeline.newest
    now = own_staff(region, board)
    for year, lines in ((newest - 1, year_before(region, board, now)), (newest, now)):
        rows = [_staff_row(line) for line in lines]
        path = folder / f"personeel-{board}-{year}-10-01.csv"
        write_table(path, STAFF_HEADER, rows, encoding=ENCODING.get(board, "utf-8"))


def _staff_row(line: Employment) -> tuple[str, ...]:
    return (
        line.number, f"{line.born.day}-{line.born.month}-{line.born.year}", line.gender, _comma(line.fte, 4),
        f"{line.since.day}-{line.since.month}-{line.since.year}", line.location, line.function, line.subject, line.grade, line.scale,
        line.qualification, line.term, line.second_subject, line.contract,
    )  # fmt: skip


def _sheets(region: ExampleRegion, board: str) -> list[tuple[str, SheetLine]]:
    places = [location for location in region.schools.vo if location.board.code == board and location.in_register]
    return [(location.now.code, line) for location in places for line in sheet_of(region, location)]


def _write_lessons(folder: Path, region: ExampleRegion, board: str) -> None:
    newest = region.timeline.newest
    lines = _sheets(region, board)
    if board == IN_EXCEL:
        with xlsxwriter.Workbook(folder / f"lessen-{board}-{newest}-10-01.xlsx", {"in_memory": True}) as book:
            book.set_properties({"title": "lessen", "created": datetime(newest + 1, 3, 1)})
            page = book.add_worksheet("Lessen")
            page.write_row(0, 0, LESSON_HEADER)
            for number, (code, line) in enumerate(lines, start=1):
                page.write_row(
                    number, 0, (code, line.subject, line.grade, line.given, line.qualified, line.appointable)
                )
        return
    rows = [
        (
            code,
            line.subject,
            line.grade,
            *(_comma(lessons, 1) for lessons in (line.given, line.qualified, line.appointable)),
        )
        for code, line in lines
    ]
    write_table(folder / f"lessen-{board}-{newest}-10-01.csv", LESSON_HEADER, rows, encoding="utf-8")


def _write_shortage(folder: Path, region: ExampleRegion, board: str) -> None:
    """Write what the board measured per subject and grade: what is not given, and what is given by who is not qualified."""
    short: dict[tuple[str, str], float] = {}
    for _, line in _sheets(region, board):
        lacking = max(line.needed - line.given, 0.0) + line.given - line.qualified - line.appointable
        short[line.subject, line.grade] = short.get((line.subject, line.grade), 0.0) + lacking / LESSONS_PER_FTE
    rows = [
        ("", subject, grade, *(_comma(fte * factor, 2) for factor in (1.0, 0.8, 1.2)))
        for (subject, grade), fte in sorted(short.items())
    ]
    path = folder / f"tekort-{board}-{region.timeline.newest}-10-01.csv"
    write_table(path, SHORTAGE_HEADER, rows, encoding="utf-8")


def _comma(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") or "0"

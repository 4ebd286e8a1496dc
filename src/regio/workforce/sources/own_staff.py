"""A board's own files: staff (pseudonymous), lesson sheet, measured shortage. The layout is in docs/nl/personeel-inlezen.md.

`readers(board)` gives the readers of one board; they know a file by its header. Employee numbers become keyed hashes
before anything is kept, and a file with names is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

import polars as pl
from django.db.models import Max, Sum
from django.utils.crypto import salted_hmac

from regio.regions.enums import Sector
from regio.shared.bulk import insert_frame
from regio.shared.importing.contract import Content, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.models import ImportBatch
from regio.workforce.enums import FunctionGroup
from regio.workforce.models import LessonSheetLine, MeasuredShortage, PersonnelCount, Position, StaffMember
from regio.workforce.models.staff import KEPT_DATES

from .own_staff_rows import OwnRows, day_of
from .own_staff_words import PositionFinder, function_group, grade_of, plain, qualification_of

STAFF, LESSONS, SHORTAGE = "eigen-personeel", "lessenoverzicht", "gemeten-tekort"
LABELS = {STAFF: "Eigen personeelsbestand", LESSONS: "Lessenoverzicht", SHORTAGE: "Gemeten tekort"}
MOST_FTE = 1.2
YOUNGEST, OLDEST = 15, 80
MOST_LESSONS = 5_000  # weekly lessons of one subject at one location
MOST_SHORTAGE = 1_000  # fte
THIRD = 1 / 3
MANY_MORE = 1.5  # times the workbook
GENDERS = {"m": "man", "man": "man", "v": "vrouw", "vrouw": "vrouw", "x": "anders", "": ""}
OWN_LICENCE = "eigen bestand van het bestuur, niet openbaar"

Read = Callable[[str, Source], Content]


def readers(board: str) -> list[Reader]:
    """Return the readers of own files of one board."""
    kinds: list[tuple[str, str, Read, Any]] = [
        (STAFF, "PERSONEELSNUMMER", read_staff, StaffMember),
        (LESSONS, "LESSEN", read_lessons, LessonSheetLine),
        (SHORTAGE, "TEKORT FTE", read_shortage, MeasuredShortage),
    ]
    return [
        Reader(
            id=f"{name}-bestuur-{board.zfill(5)}", label=LABELS[name], publisher=f"Bestuur {board}"[:60], licence=OWN_LICENCE,
            order=70 + number, kind=kind, columns=frozenset({column}), read=partial(read, board),
            load=partial(_load, model, board), tables=(RowsOf(model),), doubts=partial(_against_workbook, board) if name == STAFF else None,
        )
        for number, (name, column, read, model) in enumerate(kinds)
        for kind in ("csv", "xlsx")
    ]  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- staff
def read_staff(board: str, source: Source) -> Content:
    """Read one line per person and position."""
    rows = OwnRows(source, board, ("PERSONEELSNUMMER", "WERKTIJDFACTOR", "VESTIGING", "FUNCTIE"), LABELS[STAFF])
    day = rows.reference_date()
    finder = PositionFinder(Position.objects.all())
    seen: set[tuple[Any, ...]] = set()
    found: list[dict[str, Any]] = []
    without_subject = 0
    for row in rows:
        if (member := _member(row, rows, finder, day=day, board=board)) is None:
            continue
        key = (member["person"], member["location_id"], member["position_id"], member["function_group"])
        if key in seen:
            rows.wrong(row, "PERSONEELSNUMMER", "R-120")
            continue
        seen.add(key)
        without_subject += member["function_group"] == FunctionGroup.TEACHER and member["position_id"] is None
        found.append(member)
    rows.refuse()
    rows.notes += _staff_notes(found, finder, without_subject)
    return _content(rows, found, day, totals={
        "fte": sum(member["milli_fte"] for member in found) / 1000,
        "personen": float(len({member["person"] for member in found})),
    })  # fmt: skip


def _member(
    row: dict[str, str], rows: OwnRows, finder: PositionFinder, *, day: date, board: str
) -> dict[str, Any] | None:
    """Return the fields of one employment, or None when a cell refuses the row."""
    before = len(rows.bad)
    place, fte = rows.place(row), rows.amount(row, "WERKTIJDFACTOR", most=MOST_FTE)
    if fte is not None and fte < 0.001:
        rows.wrong(row, "WERKTIJDFACTOR", "R-118", value=row["WERKTIJDFACTOR"])
    if not row["PERSONEELSNUMMER"]:
        rows.wrong(row, "PERSONEELSNUMMER", "R-121")
    group = function_group(row["FUNCTIE"])
    if group is None:
        rows.wrong(row, "FUNCTIE", "R-122", value=row["FUNCTIE"])
    born = _birth_year(row, rows, day)
    since, term = _day(row, rows, "IN DIENST SINDS"), _day(row, rows, "TERMIJN TOT")
    qualification = qualification_of(row.get("BEVOEGDHEID", ""))
    if qualification is None:
        rows.wrong(row, "BEVOEGDHEID", "R-122", value=row["BEVOEGDHEID"])
    position = _position(row, rows, finder, group, place, column="VAK")
    second = _position(row, rows, finder, group, place, column="TWEEDE VAK")
    if len(rows.bad) > before or place is None or fte is None:
        return None
    contract = plain(row.get("DIENSTVERBAND", ""))
    return {
        "board_id": board, "location_id": rows.ids[place], "person": pseudonym(board, row["PERSONEELSNUMMER"]), "position_id": position,
        "function_group": str(group), "birth_year": born, "gender": GENDERS.get(plain(row.get("GESLACHT", "")), ""),
        "milli_fte": round(fte * 1000), "in_service_since": since.year if since else None,
        "is_permanent": True if contract.startswith("vast") else False if contract.startswith("tijdelijk") else None,
        "scale": row.get("SCHAAL", "").upper()[:6], "qualification": qualification, "term_ends_on": term,
        "second_position_id": second, "reference_date": day,
    }  # fmt: skip


def pseudonym(board: str, employee_number: str) -> str:
    """Return the keyed hash of an employee number: the same person in the next file, and nobody without the secret."""
    return salted_hmac("regio.workforce.staff", f"{board}|{employee_number.strip()}", algorithm="sha256").hexdigest()[
        :32
    ]


def _birth_year(row: dict[str, str], rows: OwnRows, day: date) -> int | None:
    column = "GEBOORTEDATUM" if row.get("GEBOORTEDATUM") else "GEBOORTEJAAR"
    born = day_of(row.get(column, ""))
    if born is None or not YOUNGEST <= day.year - born.year <= OLDEST:
        rows.wrong(row, column, "R-123")
        return None
    return born.year


def _day(row: dict[str, str], rows: OwnRows, column: str) -> date | None:
    text = row.get(column, "")
    day = day_of(text)
    if text and day is None:
        rows.wrong(row, column, "R-123")
    return day


def _position(
    row: dict[str, str],
    rows: OwnRows,
    finder: PositionFinder,
    group: FunctionGroup | None,
    place: str | None,
    *,
    column: str,
) -> str | None:
    """Return the position of a teacher; None where no subject is told, or for who is no teacher."""
    if group != FunctionGroup.TEACHER or place is None:
        return None
    sector = rows.sectors[place]
    if sector != Sector.VO:
        return finder.function(sector, row["FUNCTIE"]) if column == "VAK" else None
    return _subject(row, rows, finder, column) if row.get(column) else None


def _subject(row: dict[str, str], rows: OwnRows, finder: PositionFinder, column: str) -> str | None:
    graad = grade_of(row.get("GRAAD", ""))
    if graad is None:
        rows.wrong(row, "GRAAD", "R-122", value=row["GRAAD"])
        return None
    found = finder.subject(row[column], graad)
    if found is None:
        rows.wrong(row, column, "R-122", value=row[column])
    return found


def _staff_notes(found: list[dict[str, Any]], finder: PositionFinder, without_subject: int) -> list[RowFinding]:
    per_person: Counter[str] = Counter()
    for member in found:
        per_person[member["person"]] += member["milli_fte"]
    too_much = sum(milli > MOST_FTE * 1000 for milli in per_person.values())
    return [
        *([RowFinding("R-206", detail=too_much)] if too_much else []),
        *([RowFinding("R-310", detail=without_subject)] if without_subject else []),
        *([RowFinding("R-311", detail=finder.without_grade)] if finder.without_grade else []),
    ]


def _against_workbook(board: str, content: Content) -> list[RowFinding]:
    """Say so when the file counts far more or fewer teachers than the workbook does for this board."""
    frame = content.frames["rows"]
    own = float(frame.filter(pl.col("function_group") == FunctionGroup.TEACHER)["milli_fte"].sum()) / 1000
    counted = PersonnelCount.objects.filter(
        school__board=board, function_group=FunctionGroup.TEACHER, fte__isnull=False
    )
    year = counted.aggregate(newest=Max("year"))["newest"]
    public = counted.filter(year=year).aggregate(fte=Sum("fte"))["fte"]
    if not public or public / MANY_MORE <= own <= public * MANY_MORE:
        return []
    return [RowFinding("R-207", detail=f"{own:.0f} fte leraar, DUO telt {public:.0f} fte in {year}")]


# -------------------------------------------------------------------------------------------- lessons and shortage
def read_lessons(board: str, source: Source) -> Content:
    """Read weekly lessons per location and position."""
    rows = OwnRows(source, board, ("VESTIGING", "VAK", "LESSEN"), LABELS[LESSONS])
    day, finder = rows.reference_date(), PositionFinder(Position.objects.all())
    found: list[dict[str, Any]] = []
    seen: set[tuple[str, str | None]] = set()
    for row in rows:
        before = len(rows.bad)
        place, position = rows.place(row), _subject(row, rows, finder, "VAK")
        lessons = rows.amount(row, "LESSEN", most=MOST_LESSONS)
        told = {
            name: rows.amount(row, name, most=MOST_LESSONS) if row.get(name) else None
            for name in ("BEVOEGD", "BENOEMBAAR")
        }
        if len(rows.bad) > before or place is None or lessons is None:
            continue
        if sum(number or 0 for number in told.values()) > lessons + 0.01:
            rows.wrong(row, "BEVOEGD", "R-124", value=row["BEVOEGD"])
        elif (place, position) in seen:
            rows.wrong(row, "VAK", "R-126", value=row["VAK"])
        else:
            seen.add((place, position))
            found.append({
                "board_id": board, "location_id": rows.ids[place], "position_id": position, "lessons": lessons,
                "qualified_lessons": told["BEVOEGD"], "appointable_lessons": told["BENOEMBAAR"], "reference_date": day,
            })  # fmt: skip
    rows.refuse()
    rows.notes += [RowFinding("R-311", detail=finder.without_grade)] if finder.without_grade else []
    return _content(rows, found, day, totals={"lessen": sum(line["lessons"] for line in found)})


def read_shortage(board: str, source: Source) -> Content:
    """Read the measured shortage per position, of one location or of the whole board (no location told)."""
    rows = OwnRows(source, board, ("VAK", "TEKORT FTE"), LABELS[SHORTAGE])
    day, finder = rows.reference_date(), PositionFinder(Position.objects.all())
    found: list[dict[str, Any]] = []
    for row in rows:
        before = len(rows.bad)
        place = rows.place(row) if row.get("VESTIGING") else None
        position = _subject(row, rows, finder, "VAK")
        middle = rows.amount(row, "TEKORT FTE", most=MOST_SHORTAGE)
        low, high = (rows.amount(row, name, most=MOST_SHORTAGE) if row.get(name) else None for name in ("LAAG", "HOOG"))
        if len(rows.bad) > before or middle is None:
            continue
        low, high = middle * (1 - THIRD) if low is None else low, middle * (1 + THIRD) if high is None else high
        if not low <= middle <= high:
            rows.wrong(row, "LAAG", "R-125", value=row.get("LAAG", ""))
            continue
        found.append({
            "board_id": board, "location_id": rows.ids[place] if place else None, "position_id": position, "shortage_fte": middle,
            "low_fte": low, "high_fte": high, "reference_date": day,
        })  # fmt: skip
    rows.refuse()
    return _content(rows, found, day, totals={"tekort fte": sum(line["shortage_fte"] for line in found)})


# -------------------------------------------------------------------------------------------------------------- saving
def _content(rows: OwnRows, found: list[dict[str, Any]], day: date, *, totals: dict[str, float]) -> Content:
    return Content(
        frames={"rows": pl.DataFrame(found, infer_schema_length=None)}, rows_read=rows.rows.rows_read,
        rows_refused=rows.rows.rows_refused, findings=rows.findings, totals=totals, reference_date=day,
        reference_label=f"{day:%d-%m-%Y}", periods=[day.isoformat()],
    )  # fmt: skip


def _load(model: type[Any], board: str, content: Content, batch: ImportBatch) -> Iterable[RowFinding] | None:
    insert_frame(model, content.frames["rows"].with_columns(batch_id=pl.lit(batch.pk)))
    dates = model.objects.filter(board=board).order_by("-reference_date").values_list("reference_date", flat=True)
    older = list(dict.fromkeys(dates))[KEPT_DATES:]
    model.objects.filter(board=board, reference_date__in=older).delete()
    return None


def remove(board: str, *, now: Any) -> int:
    """Take every own file of a board out; return how many rows went."""
    gone = sum(
        model.objects.filter(board=board).delete()[0] for model in (StaffMember, LessonSheetLine, MeasuredShortage)
    )
    datasets = [f"{name}-bestuur-{board.zfill(5)}" for name in LABELS]
    ImportBatch.objects.filter(dataset__in=datasets, superseded_at=None).update(superseded_at=now, periods=[])
    return gone

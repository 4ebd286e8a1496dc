"""Inhabitants by postcode or municipality and age class, from three kinds of CBS file. Ages are inclusive bounds."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl

from regio.regions.models import Population
from regio.shared.bulk import insert_frame
from regio.shared.importing.contract import Content, FileRefused, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch

from .publishers import CBS, CBS_LICENCE

BIG_PLACE = 200_000  # persons of one age class in one municipality
SECRET = -99997  # "0-4 / geheim" in the CBS workbooks
WIDE_AGE = re.compile(r"^K (\d+)(?:TOT(\d+)JAAR|JAAROFOUDER) (\d+)$")
CLASS_NAME = re.compile(r"(?:tot (\d+)|(\d+) tot (\d+)|(\d+) jaar en ouder)")


def _content(rows: Any, frame: pl.DataFrame, on: date, *, findings: list[RowFinding]) -> Content:
    postcodes = frame.filter(pl.col("area_kind") == "pc4")
    totals = {
        "inwoners per postcode": float(postcodes["persons"].sum() or 0),
        "postcodes": float(postcodes["area_code"].n_unique()),
    }
    return Content(
        frames={"population": frame}, rows_read=rows.rows_read, rows_refused=rows.rows_refused, findings=findings,
        totals=totals, reference_date=on, reference_label=f"1 januari {on.year}", periods=[on.isoformat()],
    )  # fmt: skip


def read_long(source: Source) -> Content:
    """Read one row per postcode and five-year class."""
    rows = Rows(source)
    bounds = pl.col("LEEFTIJD").str.extract_groups(r"^(\d+)(?:-(\d+)|\+|.*)$")
    rows.frame = rows.frame.with_columns(
        bounds.struct.field("1").cast(pl.Int64, strict=False).alias("age_from"),
        bounds.struct.field("2").cast(pl.Int64, strict=False).alias("age_to"),
    )
    rows.refuse_where(pl.col("age_from").is_null(), column="LEEFTIJD", code="R-108")
    rows.refuse_where(~pl.col("PC4").str.contains(r"^\d{4}$"), column="PC4", code="R-108")
    values = rows.counts(["INWONERS"], big=BIG_PLACE).select("_line", pl.col("count").alias("persons"))
    frame = rows.frame.join(values, on="_line", how="left", maintain_order="left")
    persons = pl.when(pl.col("INWONERS") == "").then(None).otherwise(pl.col("persons").fill_null(0))
    on = source.date_from_name(month=1)
    frame = frame.select(
        pl.lit("pc4").alias("area_kind"), pl.col("PC4").alias("area_code"), pl.lit(on).alias("reference_date"),
        "age_from", "age_to", persons.alias("persons"),
    )  # fmt: skip
    return _content(rows, frame, on, findings=[*rows.findings, *_secret(frame)])


def _secret(frame: pl.DataFrame) -> list[RowFinding]:
    missing = frame["persons"].null_count()
    return [RowFinding("R-306", detail=missing)] if missing else []


def read_wide(source: Source) -> Content:
    """Read the StatLine table that mixes postcodes (4 digits) and municipalities (`1` + 4 digits; abolished ones, all zero, `8` + 4 digits)."""
    rows = Rows(source)
    place = "POSTCODESOP1JANUARI"
    rows.refuse_where(~pl.col(place).str.contains(r"^(\d{4}|[18]\d{4})$"), column=place, code="R-108")
    classes = {name: match for name in rows.frame.columns if (match := WIDE_AGE.match(name)) and int(match[3]) <= 21}
    ages = pl.DataFrame({
        "column": list(classes), "age_from": [int(match[1]) for match in classes.values()],
        "age_to": [int(match[2]) - 1 if match[2] else None for match in classes.values()],
    })  # fmt: skip
    values = rows.counts(list(classes), keep=[place], big=BIG_PLACE).join(ages, on="column")
    on = source.date_from_name(month=1)
    is_postcode = pl.col(place).str.len_chars() == 4
    frame = values.select(
        pl.when(is_postcode).then(pl.lit("pc4")).otherwise(pl.lit("gemeente")).alias("area_kind"),
        pl.col(place).str.tail(4).alias("area_code"), pl.lit(on).alias("reference_date"), "age_from", "age_to",
        pl.col("count").alias("persons"),
    )  # fmt: skip
    return _content(rows, frame, on, findings=[*rows.findings, *_own_total(rows, values, place)])


def _own_total(rows: Rows, values: pl.DataFrame, place: str) -> list[RowFinding]:
    """Hold the sum of the classes against the column with the total; CBS rounds to 5, so 1 % is allowed."""
    postcode = pl.col(place).str.len_chars() == 4
    said = int(rows.frame.filter(postcode)["TOTAALMANNENENVROUWEN 1"].cast(pl.Int64, strict=False).sum())
    counted = float(values.filter(postcode)["count"].sum())
    if said and abs(counted - said) > 0.01 * said:
        return [RowFinding("R-201", detail=f"{counted:.0f} tegen {said}")]
    return []


class _SheetRows:
    """Counts of rows of a workbook, as the shared content wants them."""

    rows_read = 0
    rows_refused = 0


def read_workbook(source: Source) -> Content:
    """Read the PC4 workbook: notes, four header rows, then a row per postcode with five age classes."""
    rows = source.sheet_rows(next(iter(source.first_rows)), columns=20)
    head = next((i for i, row in enumerate(rows[:15]) if str(row[0]).startswith("Postcode-4")), None)
    if head is None:
        raise FileRefused("R-103", label="Kerncijfers per postcode", detail="Postcode-4")
    classes = [(i, ages) for i, cell in enumerate(rows[head][:20]) if (ages := _age_class(str(cell)))]
    on = _stated_date(rows[:head]) or source.date_from_name(month=1)
    state, records, findings = _SheetRows(), [], []
    for line, row in enumerate(rows[head + 2 :], start=head + 3):
        if row[0] in (None, ""):
            continue
        state.rows_read += 1
        bad = _bad_cell(row, classes)
        if bad:
            state.rows_refused += 1
            findings.append(RowFinding(bad[0], line=line, column=bad[1], value=bad[2]))
            continue
        code = str(row[0]).zfill(4)
        records += [
            ("pc4", code, on, low, high, None if row[i] == SECRET else int(row[i])) for i, (low, high) in classes
        ]
    schema = {
        "area_kind": pl.String,
        "area_code": pl.String,
        "reference_date": pl.Date,
        "age_from": pl.Int64,
        "age_to": pl.Int64,
        "persons": pl.Int64,
    }
    frame = pl.DataFrame(records, schema=schema, orient="row")
    return _content(state, frame, on, findings=[*findings, *_secret(frame)])


def _bad_cell(row: tuple[Any, ...], classes: list[tuple[int, tuple[int, int | None]]]) -> tuple[str, str, str] | None:
    if not re.fullmatch(r"\d{4}", str(row[0])):
        return "R-108", "Postcode-4", str(row[0])
    bad = next(
        (i for i, _ in classes if not isinstance(row[i], int | float) or (row[i] < 0 and row[i] != SECRET)), None
    )
    return None if bad is None else ("R-105", f"kolom {bad + 1}", str(row[bad]))


def _age_class(text: str) -> tuple[int, int | None] | None:
    found = CLASS_NAME.fullmatch(text.replace(" jaar", "").strip()) or CLASS_NAME.fullmatch(text.strip())
    if not found:
        return None
    below, low, high, older = found.groups()
    if below:
        return 0, int(below) - 1
    return (int(older), None) if older else (int(low), int(high) - 1)


def _stated_date(rows: list[tuple[Any, ...]]) -> date | None:
    for row in rows:
        found = re.search(r"peildatum 1 januari (\d{4})", str(row[0]))
        if found:
            return date(int(found[1]), 1, 1)
    return None


def load_population(content: Content, batch: ImportBatch) -> None:
    """Save the inhabitants."""
    insert_frame(Population, content.frames["population"].with_columns(batch_id=pl.lit(batch.pk)))


def _reader(id: str, label: str, read: Any, columns: set[str], kind: str = "csv") -> Reader:
    return Reader(
        id=id, label=label, publisher=CBS, licence=CBS_LICENCE, order=40, columns=frozenset(columns), kind=kind,
        read=read, load=load_population, tables=(RowsOf(Population, location="area_code"),),
    )  # fmt: skip


READERS = [
    _reader("bevolking-pc4-klassen", "Inwoners per postcode en vijfjaarsklasse", read_long,
            {"PC4", "LEEFTIJD", "INWONERS", "INWONERS MAN", "INWONERS VROUW"}),
    _reader("bevolking-pc4-gemeente", "Inwoners per postcode en gemeente", read_wide,
            {"POSTCODESOP1JANUARI", "TOTAALMANNENENVROUWEN 1", "GEMEENTECODE 72"}),
    _reader("kerncijfers-pc4", "Kerncijfers per postcode", read_workbook,
            {"POSTCODE-4", "INWONERS", "LEEFTIJDKLASSEN"}, kind="xlsx"),
]  # fmt: skip

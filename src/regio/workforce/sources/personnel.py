"""Personnel per board and school from the DUO workbooks (persons, fte) and the same table as CSV.

A sheet with a row per board or school and a column per measure and year is read, whatever its name; other sheets are
left out. `*`, `**`, `<5` and an empty cell are suppressed by the publisher: null, never 0.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from regio.regions.models import School
from regio.regions.sources.locations import add_boards, board_code
from regio.shared.bulk import as_json, insert_frame
from regio.shared.importing.contract import Content, FileRefused, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.importing.text import normalise_header
from regio.shared.models import ImportBatch
from regio.workforce.enums import FunctionGroup
from regio.workforce.models import PersonnelCount

from .saving import DUO, DUO_LICENCE

MEASURE = re.compile(
    r"^(PERSONEN|FTE'?S|GEMIDDELDE LEEFTIJD|GEMIDDELDE FTE'?S|FTE'?S PERSONEN IN (?:VASTE|TIJDELIJKE) DIENST) (20\d\d)$"
)
FIELD = {"PERSONEN": "persons", "FTE'S": "fte", "FTES": "fte", "GEMIDDELDE LEEFTIJD": "mean_age_years"}
KEYS = ("ONDERWIJSTYPE", "BEVOEGD GEZAG", "BEVOEGD GEZAG NUMMER", "BRIN NUMMER", "FUNCTIEGROEP")
NAMES = re.compile(r"NAAM|PLAATS|PROVINCIE|POSTCODE|STRAAT|GEMEENTE")
GROUPS = (
    ("leraren in opleiding", FunctionGroup.TRAINEE), ("lio", FunctionGroup.TRAINEE), ("directie", FunctionGroup.LEADER),
    ("onderwijsgevend", FunctionGroup.TEACHER), ("ondersteunend", FunctionGroup.SUPPORT), ("oop", FunctionGroup.SUPPORT),
    ("leraar", FunctionGroup.TEACHER), ("docent", FunctionGroup.TEACHER), ("onbekend", FunctionGroup.UNKNOWN),
)  # fmt: skip
SECTORS = (
    ("mbo", "mbo"),
    ("bve", "mbo"),
    ("vso", "so"),
    ("so", "so"),
    ("sbo", "po"),
    ("sbao", "po"),
    ("bao", "po"),
    ("bo", "po"),
    ("po", "po"),
    ("wec", "so"),
)


def function_group(text: str) -> FunctionGroup:
    """Return our group for FUNCTIEGROEP; names that we do not know are unknown."""
    plain = text.strip().lower()
    return next((group for part, group in GROUPS if part in plain), FunctionGroup.UNKNOWN)


def sector_of(education_type: str) -> str:
    """Return the sector of ONDERWIJSTYPE; vo when it is none of the others (VO, VMBO, praktijkonderwijs …)."""
    plain = education_type.strip().lower()
    return next((sector for start, sector in SECTORS if plain == start or plain.startswith(start + " ")), "vo")


def read_personnel(source: Source) -> Content:
    """Read every sheet that counts personnel per board or school."""
    sheets = [name for name, rows in source.first_rows.items() if _counts(rows)] if source.kind == "xlsx" else [None]
    if not sheets:
        raise FileRefused("R-103", label="Onderwijspersoneel", detail="PERSONEN of FTE'S met een jaartal")
    parts = [_read_sheet(source, sheet) for sheet in sheets]
    frame = pl.concat([frame for _, frame in parts])
    years = sorted(frame["year"].unique())
    missing = sum(rows.rows_read and int(part["hidden"].sum()) for rows, part in parts)
    findings = [finding for rows, _ in parts for finding in rows.findings]
    findings += [RowFinding("R-306", detail=missing)] if missing else []
    last = frame.filter(pl.col("year") == years[-1])
    totals = {
        name: float(last[field].sum()) for name, field in (("personen", "persons"), ("fte", "fte")) if last[field].sum()
    }
    what = "fte" if frame["persons"].null_count() == frame.height else "personen"
    return Content(
        frames={"personnel": frame.drop("hidden")}, rows_read=sum(rows.rows_read for rows, _ in parts),
        rows_refused=sum(rows.rows_refused for rows, _ in parts), findings=findings, totals=totals,
        reference_date=date(years[-1], 10, 1), reference_label=f"1 oktober {years[0]} tot en met {years[-1]}",
        periods=[str(year) for year in years], part=f"{what}-{frame['sector'].mode()[0]}",
    )  # fmt: skip


def _counts(rows: list[list[str]]) -> bool:
    names = {normalise_header(text) for row in rows for text in row}
    return bool(names & {"BRIN NUMMER", "BEVOEGD GEZAG", "BEVOEGD GEZAG NUMMER"}) and any(
        MEASURE.match(name) for name in names
    )


def _read_sheet(source: Source, sheet: str | None) -> tuple[Rows, pl.DataFrame]:
    """Return the rows of a sheet and one row per board, school, function and year, with breakdown as JSON text."""
    rows = Rows(source, sheet=sheet)
    cells = {name: (found[1], found[2]) for name in rows.frame.columns if (found := MEASURE.match(name))}
    keys = _keys(rows, sheet, list(cells))
    long = _all_cells(rows, cells)
    main = long.filter(pl.col("field") != "").group_by("_line", "year", maintain_order=True).agg(
        *(pl.col("amount").filter(pl.col("field") == field).first().alias(field) for field in ("persons", "fte", "mean_age_years")),
        pl.col("hidden").sum(),
    )  # fmt: skip
    extra = (
        long.filter((pl.col("field") == "") & pl.col("amount").is_not_null())
        .group_by("_line", "year")
        .agg(pl.struct("measure", "amount").alias("more"))
    )
    joined = main.join(extra, on=["_line", "year"], how="left", maintain_order="left").join(
        keys, on="_line", how="inner", maintain_order="left"
    )
    notes = [
        as_json({**base, **{item["measure"]: item["amount"] for item in more or []}})
        for base, more in zip(joined["base"].to_list(), joined["more"].to_list(), strict=True)
    ]
    return rows, joined.with_columns(pl.Series("breakdown", notes, dtype=pl.String)).drop("base", "more", "_line")


def _all_cells(rows: Rows, cells: dict[str, tuple[str, str]]) -> pl.DataFrame:
    """Return every cell, the empty ones too: `_line`, `year`, `field`, `measure`, `amount` (null = suppressed), `hidden`."""
    numbers = rows.amounts(cells).select("_line", "column", "amount")
    every = rows.frame.select("_line", *cells).unpivot(
        on=list(cells), index="_line", variable_name="column", value_name="text"
    )
    meaning = pl.DataFrame(
        [(name, measure.lower(), FIELD.get(measure, ""), int(year)) for name, (measure, year) in cells.items()],
        schema=["column", "measure", "field", "year"], orient="row",
    )  # fmt: skip
    joined = every.join(numbers, on=["_line", "column"], how="left", maintain_order="left").join(
        meaning, on="column", how="left", maintain_order="left"
    )
    amount = pl.when(pl.col("text") == "0").then(0.0).otherwise("amount")
    return joined.with_columns(amount.alias("amount")).with_columns(pl.col("amount").is_null().alias("hidden"))


def _keys(rows: Rows, sheet: str | None, cells: list[str]) -> pl.DataFrame:
    """Return one row per line: sector, board, school (null = bovenschools), type, function and what else tells apart."""
    board = next((name for name in ("BEVOEGD GEZAG NUMMER", "BEVOEGD GEZAG") if rows.has(name)), None)
    further = [
        name for name in rows.frame.columns if name not in (*KEYS, "_line", *cells) and not NAMES.search(name) and name
    ]
    records = []
    for row in rows.frame.iter_rows(named=True):
        brin = row.get("BRIN NUMMER", "").upper().zfill(4)
        kind = row.get("ONDERWIJSTYPE", "")
        group = function_group(row["FUNCTIEGROEP"]) if "FUNCTIEGROEP" in row else FunctionGroup.ALL
        base = {"blad": sheet or "", **{rows.labels[name].lower(): row[name] for name in further}}
        records.append({
            "_line": row["_line"], "sector": sector_of(kind), "board_id": board_code(row[board]) or None if board else None,
            "school_id": brin if re.fullmatch(r"\d{2}[A-Z]{2}", brin) else None, "education_type": kind[:60],
            "function_group": group.value, "base": base,
        })  # fmt: skip
    schema = {
        "_line": pl.UInt32,
        "sector": pl.String,
        "board_id": pl.String,
        "school_id": pl.String,
        "education_type": pl.String,
        "function_group": pl.String,
        "base": pl.Object,
    }
    return pl.DataFrame(records, schema=schema)


def load_personnel(content: Content, batch: ImportBatch) -> None:
    """Save the personnel; boards and schools that no register knows get a row."""
    frame = content.frames["personnel"]
    add_boards((code, "") for code in frame["board_id"].drop_nulls().unique())
    School.objects.bulk_create(
        [School(brin=brin) for brin in frame["school_id"].drop_nulls().unique()], ignore_conflicts=True
    )
    insert_frame(PersonnelCount, frame.with_columns(batch_id=pl.lit(batch.pk)))


def _is_personnel(source: Source) -> bool:
    if source.kind == "csv":
        return any(MEASURE.match(name) for name in source.header)
    return any(_counts(rows) for rows in source.first_rows.values())


def _reader(kind: str) -> Reader:
    return Reader(
        id="personeel", label="Onderwijspersoneel per bestuur en school", publisher=DUO, licence=DUO_LICENCE, order=58, kind=kind,
        columns=frozenset(), read=read_personnel, load=load_personnel, matches=_is_personnel,
        tables=(RowsOf(PersonnelCount, period="year", location="school_id"),),
    )  # fmt: skip


READERS = [_reader("xlsx"), _reader("csv")]

"""Annual accounts of boards: costs and balance sheet, one amount per board, year and line [euro]."""

from __future__ import annotations

from datetime import date

import polars as pl

from regio.regions.sources.locations import add_boards, board_code
from regio.shared.bulk import insert_frame
from regio.shared.importing.contract import Content, Reader, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch
from regio.workforce.models import BoardFinance

from .saving import DUO, DUO_LICENCE

KEYS = ("ID", "BEVOEGD GEZAG", "SECTOR", "GROEPERING", "NAAM", "JAAR")


def read_accounts(source: Source) -> Content:
    """Read a CSV or workbook with a row per board and year and a column per line of the accounts."""
    rows = Rows(source, sheet=next(iter(source.first_rows)) if source.kind == "xlsx" else None)
    rows.frame = rows.frame.with_columns(
        pl.col("JAAR").cast(pl.Int64, strict=False).alias("year"),
        pl.col("BEVOEGD GEZAG").map_elements(board_code, return_dtype=pl.String).alias("board_id"),
    )
    rows.refuse_where(pl.col("year").is_null(), column="JAAR", code="R-113")
    rows.refuse_where(pl.col("board_id") == "", column="BEVOEGD GEZAG", code="R-108")
    items = [name for name in rows.frame.columns if name not in (*KEYS, "_line", "year", "board_id")]
    long = rows.amounts(items, keep=["board_id", "SECTOR", "year"]).drop_nulls("amount")
    labels = pl.DataFrame({"column": items, "item": [rows.labels[name][:80] for name in items]})
    frame = long.join(labels, on="column", how="left", maintain_order="left").select(
        "board_id",
        pl.col("SECTOR").str.slice(0, 5).alias("sector"),
        "year",
        "item",
        pl.col("amount").round(0).cast(pl.Int64).alias("amount_eur"),
    )
    names = (
        rows.frame.sort("year", descending=True)
        .select("board_id", "NAAM")
        .unique("board_id", keep="first", maintain_order=True)
    )
    return _content(rows, frame, names)


def _content(rows: Rows, frame: pl.DataFrame, names: pl.DataFrame) -> Content:
    years = sorted(frame["year"].unique())
    last = frame.filter(pl.col("year") == years[-1])
    totals = {
        "besturen": float(last["board_id"].n_unique()),
        "bedragen (duizend euro)": float(last["amount_eur"].sum() // 1000),
    }
    return Content(
        frames={"accounts": frame, "boards": names}, rows_read=rows.rows_read, rows_refused=rows.rows_refused,
        findings=rows.findings, totals=totals, reference_date=date(years[-1], 12, 31),
        reference_label=f"jaren {years[0]} tot en met {years[-1]}", periods=[str(year) for year in years],
    )  # fmt: skip


def load_accounts(content: Content, batch: ImportBatch) -> None:
    """Save the amounts; boards without a name get the one of the accounts."""
    add_boards(content.frames["boards"].iter_rows())
    insert_frame(BoardFinance, content.frames["accounts"].with_columns(batch_id=pl.lit(batch.pk)))


def _reader(id: str, label: str, kind: str, columns: set[str]) -> Reader:
    return Reader(
        id=id, label=label, publisher=DUO, licence=DUO_LICENCE, order=58, kind=kind,
        columns=frozenset({"BEVOEGD GEZAG", "SECTOR", "GROEPERING", "NAAM", "JAAR"} | columns),
        read=read_accounts, load=load_accounts, tables=(RowsOf(BoardFinance, period="year", location="board_id"),),
    )  # fmt: skip


READERS = [
    _reader("jaarrekening-lasten", "Lasten in de jaarrekening van besturen", "csv", {"PERSONEELSLASTEN"}),
    _reader("jaarrekening-balans", "Balans van besturen", "xlsx", {"EIGEN VERMOGEN"}),
]

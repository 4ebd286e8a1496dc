"""DUO's own forecast of pupils: the CKAN form (one row per year) and the old wide file (BRJ.2018, VMBO.2018, …)."""

from __future__ import annotations

import re

import polars as pl

from regio.regions.models import School
from regio.shared.bulk import insert_frame
from regio.shared.importing.contract import Content, FileRefused, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch
from regio.workforce.enums import Level
from regio.workforce.models import PublishedForecast

from .levels import level_of, po_level
from .saving import DUO, DUO_LICENCE

WIDE = re.compile(r"^(BRJ|VMBO|HAVO|VWO|PRO|.*TOTAAL.*?)[. ](\d{4})$")
FORECAST_YEARS = 20  # an edition of the old file looks twenty years ahead; earlier years in it are counts


def _level(text: str) -> Level | None:
    plain = text.strip().lower()
    if "totaal" in plain or plain in ("", "vo", "po"):
        return Level.ALL
    if plain.startswith("brj") or plain.startswith("brug"):
        return Level.BRUGJAAR
    return Level.PRO if plain.startswith("pr") else po_level(plain) or level_of(education_type=plain)


def _start(source: Source) -> Rows:
    rows = Rows(source)
    rows.frame = rows.frame.with_columns(
        pl.col("BRIN NUMMER").str.to_uppercase().str.zfill(4).str.slice(0, 4).alias("brin")
    )
    rows.refuse_where(~pl.col("brin").str.contains(r"^[0-9]{2}[A-Z]{2}$"), column="BRIN NUMMER", code="R-107")
    return rows


def read_long(source: Source) -> Content:
    """Read INSTELLINGSCODE, ONDERWIJSNIVEAU (or TYPE PO), JAAR, PROGNOSEAANTALLEN."""
    rows = _start(source)
    kind = next((name for name in ("ONDERWIJSNIVEAU", "SOORT PO") if rows.has(name)), None)
    levels = {text: _level(text) for text in rows.frame[kind].unique()} if kind else {}
    level = (
        pl.col(kind).replace_strict(levels, default=None, return_dtype=pl.String) if kind else pl.lit(Level.ALL.value)
    )
    rows.frame = rows.frame.with_columns(
        level.alias("level"), pl.col("JAAR").str.slice(0, 4).cast(pl.Int64, strict=False).alias("count_year")
    )
    if kind:
        rows.refuse_where(pl.col("level").is_null(), column=kind, code="R-108")
    rows.refuse_where(pl.col("count_year").is_null(), column="JAAR", code="R-113")
    long = rows.amounts(["PROGNOSEAANTALLEN"], keep=["brin", "level", "count_year"], masked_value=2)
    edition = source.on.year if source.on else int(rows.frame["count_year"].min() or 0)  # type: ignore[arg-type]
    return _content(rows, long, edition)


def read_wide(source: Source) -> Content:
    """Read the old file; the first forecast year is twenty years before its last (R-303 says so)."""
    rows = _start(source)
    cells = {name: found.groups() for name in rows.frame.columns if (found := WIDE.match(name))}
    if not cells:
        raise FileRefused("R-103", label="Leerlingenprognose vo", detail="VMBO.2018")
    years = [int(year) for _, year in cells.values()]
    edition = source.on.year if source.on else max(min(years), max(years) - FORECAST_YEARS + 1)
    rows.findings.append(RowFinding("R-303", detail=f"eerste prognosejaar {edition}; eerdere jaren zijn tellingen"))
    meaning = pl.DataFrame(
        [(name, _level(kind), int(year)) for name, (kind, year) in cells.items()],
        schema=["column", "level", "count_year"], orient="row",
    )  # fmt: skip
    long = rows.amounts(cells, keep=["brin"], masked_value=2).join(
        meaning, on="column", how="left", maintain_order="left"
    )
    return _content(rows, long, edition)


def _content(rows: Rows, long: pl.DataFrame, edition: int) -> Content:
    frame = long.group_by("brin", "level", "count_year", maintain_order=True).agg(
        pl.col("amount").sum().alias("learners")
    )
    frame = frame.with_columns(
        pl.lit(edition).alias("made_on_year"), (pl.col("count_year") < edition).alias("is_actual")
    )
    first = frame.filter(pl.col("count_year") == edition)
    return Content(
        frames={"forecast": frame}, rows_read=rows.rows_read, rows_refused=rows.rows_refused, findings=rows.findings,
        totals={"instellingen": float(frame["brin"].n_unique()), "leerlingen eerste prognosejaar": float(first["learners"].sum())},
        reference_label=f"prognose vanaf {edition}", periods=[str(edition)],
    )  # fmt: skip


def load_forecast(content: Content, batch: ImportBatch) -> None:
    """Save the forecast; schools that no register knows get a row."""
    frame = content.frames["forecast"]
    School.objects.bulk_create([School(brin=brin) for brin in frame["brin"].unique().sort()], ignore_conflicts=True)
    rows = frame.rename({"brin": "school_id"}).with_columns(publisher=pl.lit(DUO), batch_id=pl.lit(batch.pk))
    insert_frame(PublishedForecast, rows)


_TABLES = (RowsOf(PublishedForecast, period="made_on_year", location="school_id"),)
READERS = [
    Reader(
        id="prognose-duo", label="Leerlingenprognose van DUO", publisher=DUO, licence=DUO_LICENCE, order=60,
        columns=frozenset({"BRIN NUMMER", "JAAR", "PROGNOSEAANTALLEN"}), read=read_long, load=load_forecast, tables=_TABLES,
    ),
    Reader(
        id="prognose-duo-breed", label="Leerlingenprognose van DUO (oude vorm)", publisher=DUO, licence=DUO_LICENCE, order=60,
        columns=frozenset({"BRIN NUMMER"}), without=frozenset({"PROGNOSEAANTALLEN"}), read=read_wide, load=load_forecast,
        matches=lambda source: sum(bool(WIDE.match(name)) for name in source.header) >= 4, tables=_TABLES,
    ),
]  # fmt: skip

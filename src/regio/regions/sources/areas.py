"""Areas and municipalities: the table of DUO areas per municipality, the same columns in registers, changes of codes."""

from __future__ import annotations

from datetime import date

import polars as pl

from regio.regions.enums import AreaKind
from regio.regions.models import Area, Municipality, MunicipalityChange
from regio.shared.bulk import insert_frame
from regio.shared.importing.contract import Content, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch

from .municipalities import municipality_code, province_code
from .publishers import CBS, CBS_LICENCE, DUO, DUO_LICENCE

AREA_COLUMNS = {
    AreaKind.RPA: ("RPA-GEBIED CODE", "RPA-GEBIED NAAM"),
    AreaKind.RMC: ("RMC-REGIO CODE", "RMC-REGIO NAAM"),
    AreaKind.COROP: ("COROPGEBIED CODE", "COROPGEBIED NAAM"),
}
LONGEST_CODE = 10
BASE_COLUMNS = ("GEMEENTENUMMER", "GEMEENTENAAM", "PROVINCIE")


def area_frame(rows: Rows) -> pl.DataFrame:
    """Return one row per municipality with its name, province and areas (`rpa_code`, `rpa_name`, …), as most rows say."""
    names = [*BASE_COLUMNS, *(column for pair in AREA_COLUMNS.values() for column in pair)]
    frame = rows.frame.select(
        pl.col(name) if name in rows.frame.columns else pl.lit("").alias(name) for name in names
    )  # fmt: skip
    frame = frame.with_columns(pl.col("GEMEENTENUMMER").map_elements(municipality_code, return_dtype=pl.String))
    frame = frame.filter(pl.col("GEMEENTENUMMER") != "").group_by(names).len().sort("len", descending=True)
    return frame.unique("GEMEENTENUMMER", keep="first", maintain_order=True).sort("GEMEENTENUMMER")


def refuse_long_codes(rows: Rows) -> None:
    """Refuse rows with a code of a board or area that is too long to be one."""
    for column in ("BEVOEGD GEZAG NUMMER", *(pair[0] for pair in AREA_COLUMNS.values())):
        if rows.has(column):
            rows.refuse_where(pl.col(column).str.len_chars() > LONGEST_CODE, column=column, code="R-108")


def save_areas(frame: pl.DataFrame) -> None:
    """Write areas and municipalities; known municipalities get the areas of this file."""
    areas: dict[tuple[str, str], str] = {}
    municipalities = []
    for row in frame.iter_rows(named=True):
        codes = {kind: row[columns[0]] for kind, columns in AREA_COLUMNS.items()}
        areas |= {(kind, codes[kind]): row[columns[1]] for kind, columns in AREA_COLUMNS.items() if codes[kind]}
        province = province_code(row["PROVINCIE"])
        if province:
            areas[AreaKind.PROVINCIE, province] = row["PROVINCIE"]
        municipalities.append(
            Municipality(
                code=row["GEMEENTENUMMER"], name=tidy_name(row["GEMEENTENAAM"])[:80], province_code=province,
                rpa_code=codes[AreaKind.RPA], rmc_code=codes[AreaKind.RMC], corop_code=codes[AreaKind.COROP],
            )
        )  # fmt: skip
    Area.objects.bulk_create(
        [Area(kind=kind, code=code, name=name[:100]) for (kind, code), name in sorted(areas.items())],
        update_conflicts=True, unique_fields=["kind", "code"], update_fields=["name"],
    )  # fmt: skip
    fields = ["province_code", "rpa_code", "rmc_code", "corop_code"]
    Municipality.objects.bulk_create(
        municipalities, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )


def tidy_name(name: str) -> str:
    """Return a name in capitals as people write it; CBS files bring the official spelling later."""
    if not name.isupper():
        return name
    words = (
        name.title().replace("'S-", "'s-").replace(" Aan ", " aan ").replace(" En ", " en ").replace(" Den ", " den ")
    )
    return words.replace(" Van ", " van ").replace(" De ", " de ").replace(" Op ", " op ").replace(" In ", " in ")


def read_areas(source: Source) -> Content:
    """Read the table with one row per municipality."""
    rows = Rows(source)
    rows.refuse_where(~pl.col("GEMEENTENUMMER").str.contains(r"^\d{1,4}$"), column="GEMEENTENUMMER", code="R-108")
    refuse_long_codes(rows)
    frame = area_frame(rows)
    return Content(
        frames={"municipalities": frame}, rows_read=rows.rows_read, rows_refused=rows.rows_refused,
        findings=rows.findings, totals={"gemeenten": frame.height}, reference_label=str(source.year_in_name() or ""),
    )  # fmt: skip


def load_areas(content: Content, batch: ImportBatch) -> None:
    """Save areas and municipalities."""
    save_areas(content.frames["municipalities"])


def read_changes(source: Source) -> Content:
    """Read the list of changes of municipality codes."""
    rows = Rows(source)
    rows.add_date("BESTAAN TOT", into="ended_on")
    codes = {"OUDE": "old_code", "NIEUWE": "new_code", "HUIDIGE CODE": "current_code"}
    rows.refuse_where(~pl.col("OUDE").str.contains(r"^GM\d{4}$"), column="OUDE", code="R-108")
    # Elten and Tuddern went to Germany in 1963: no code after that (#N/A).
    frame = rows.frame.select(
        *(pl.col(name).str.extract(r"^GM(\d{4})$").fill_null("").alias(field) for name, field in codes.items()),
        pl.col("HUIDIGE NAAM").str.slice(0, 80).alias("current_name"), "ended_on",
    )  # fmt: skip
    newest = frame["ended_on"].max()
    return Content(
        frames={"changes": frame}, rows_read=rows.rows_read, rows_refused=rows.rows_refused, findings=rows.findings,
        totals={"wijzigingen": frame.height}, reference_date=newest if isinstance(newest, date) else None,
    )  # fmt: skip


def load_changes(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save the changes."""
    insert_frame(MunicipalityChange, content.frames["changes"].with_columns(batch_id=pl.lit(batch.pk)))
    return []


READERS = [
    Reader(
        id="gebieden", label="Gemeenten en hun gebieden", publisher=DUO, licence=DUO_LICENCE, order=10,
        columns=frozenset({*BASE_COLUMNS, "RPA-GEBIED CODE", "RMC-REGIO CODE", "COROPGEBIED CODE"}),
        without=frozenset({"BRIN NUMMER", "BEVOEGD GEZAG NUMMER"}), read=read_areas, load=load_areas,
    ),
    Reader(
        id="gemeentewijzigingen", label="Wijzigingen van gemeenten", publisher=CBS, licence=CBS_LICENCE, order=11,
        columns=frozenset({"BESTAAN TOT", "EINDJAAR", "OUDE", "NIEUWE", "HUIDIGE CODE", "HUIDIGE NAAM"}),
        read=read_changes, load=load_changes, tables=(RowsOf(MunicipalityChange, period="", location="pk"),),
    ),
]  # fmt: skip

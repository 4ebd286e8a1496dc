"""Where pupils of vo live (voedingsgebied): the CKAN long form and the wide yearly file."""

from __future__ import annotations

import polars as pl

from regio.shared.importing.contract import Content, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import MASKED_AS, Rows
from regio.shared.models import ImportBatch
from regio.workforce.enums import Level, StageKind
from regio.workforce.models import LearnerOrigin

from .saving import DUO, DUO_LICENCE, add_up, insert_with_location, learner_content, numbered, with_stage

HOME = "POSTCODE LEERLING"
STAGE = "LEER- OF VERBLIJFSJAAR"


def _start(source: Source) -> Rows:
    rows = Rows(source)
    rows.add_location()
    rows.refuse_where(~pl.col(HOME).str.contains(r"^\d{2,4}$"), column=HOME, code="R-108")
    if rows.has("JAAR"):
        rows.add_date("JAAR")
    else:
        rows.frame = rows.frame.with_columns(pl.lit(source.date_from_name()).alias("reference_date"))
    return rows


def _content(rows: Rows, long: pl.DataFrame) -> Content:
    """Add the fixed columns; home `20` and `30` (Germany, abroad) become `0020` and `0030`."""
    long = long.with_columns(
        pl.col(HOME).str.zfill(4).alias("pc4"),
        pl.lit(Level.ALL.value).alias("level"),
        pl.lit(StageKind.YEAR.value).alias("stage_kind"),
    )
    keys = ["code", "pc4", "level", "stage_kind", "stage", "reference_date"]
    origins = add_up(long, by=keys)
    content = learner_content(rows, origins)
    content.frames["origins"] = content.frames.pop("counts")
    return content


def read_long(source: Source) -> Content:
    """Read one row per year, location, home postcode and year of study; 4 means 1 to 4 and is taken as 2."""
    rows = _start(source)
    rows.frame = rows.frame.with_columns(pl.col(STAGE).str.extract(r"(\d)").cast(pl.Int64, strict=False).alias("stage"))
    rows.refuse_where(pl.col("stage").is_null(), column=STAGE, code="R-105")
    long = rows.counts(["AANTAL LEERLINGEN"], keep=["code", HOME, "stage", "reference_date"])
    small = int((long["count"] == 4).sum())
    if small:
        rows.findings.append(RowFinding("R-301", detail=small))
    is_small = pl.col("count") == 4
    told = pl.when(is_small).then(MASKED_AS).otherwise("count").alias("count")
    return _content(rows, long.with_columns(told, (pl.col("masked") | is_small).alias("masked")))


def read_wide(source: Source) -> Content:
    """Read one row per location and home postcode with a column per year of study."""
    rows = _start(source)
    cells = numbered(rows, rf"^{STAGE} (\d)$")
    return _content(rows, with_stage(rows.counts(cells, keep=["code", HOME, "reference_date"]), cells))


def load_origins(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save the origins."""
    return insert_with_location(LearnerOrigin, content.frames["origins"], content, batch, sector="vo")


def _reader(id: str, label: str, columns: set[str], read: object) -> Reader:
    return Reader(
        id=id, label=label, publisher=DUO, licence=DUO_LICENCE, order=53,
        columns=frozenset({"BRIN NUMMER", "VESTIGINGSNUMMER", HOME} | columns), without=frozenset({"SOORT PO"}),
        read=read, load=load_origins, tables=(RowsOf(LearnerOrigin),),  # type: ignore[arg-type]
    )  # fmt: skip


READERS = [
    _reader(
        "postcode-leerling-vo-vijf-jaar",
        "Postcode van leerlingen vo over vijf jaar",
        {"JAAR", STAGE, "AANTAL LEERLINGEN"},
        read_long,
    ),
    _reader("postcode-leerling-vo", "Postcode van leerlingen vo", {f"{STAGE} 1", f"{STAGE} 6"}, read_wide),
]

"""Students of mbo institutions per year, level and learning route (BBL, BOL), from the CKAN file."""

from __future__ import annotations

import polars as pl

from regio.regions.enums import LocationScheme
from regio.regions.sources.locations import location_ids
from regio.shared.bulk import insert_frame
from regio.shared.importing.contract import Content, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch
from regio.workforce.enums import Level, StageKind
from regio.workforce.models import LearnerCount

from .saving import DUO, DUO_LICENCE, add_up, learner_content, programme_ids

ROUTES = {"BBL": "bbl", "BOLDT": "bol deeltijd", "BOLVT": "bol voltijd", "EX": "examendeelnemer"}
LEVELS = {"1": Level.MBO_ENTREE, "2": Level.MBO_2, "3": Level.MBO_3, "4": Level.MBO_4}


def read_students(source: Source) -> Content:
    """Read students per institution, year and route; the level where the file has a column for it."""
    rows = Rows(source)
    rows.frame = rows.frame.with_columns(pl.col("BRIN NUMMER").str.to_uppercase().str.zfill(4).alias("code"))
    rows.refuse_where(~pl.col("code").str.contains(r"^[0-9]{2}[A-Z]{2}$"), column="BRIN NUMMER", code="R-107")
    rows.add_date("JAAR")
    column = next((name for name in rows.frame.columns if "NIVEAU" in name), None)
    number = pl.col(column).str.extract(r"([1-4])") if column else pl.lit("")
    level = number.replace_strict(LEVELS, default=Level.ALL.value, return_dtype=pl.String)
    rows.frame = rows.frame.with_columns(level.alias("level"))
    routes = [name for name in ROUTES if rows.has(name)]
    long = rows.counts(routes, keep=["code", "level", "reference_date"]).with_columns(
        pl.col("column").alias("programme"),
        pl.lit(StageKind.ALL.value).alias("stage_kind"),
        pl.lit(0, pl.Int64).alias("stage"),
    )
    by = ("code", "programme", "level", "stage_kind", "stage", "reference_date")
    programmes = pl.DataFrame(
        {
            "scheme": "leerweg",
            "programme": routes,
            "name": [ROUTES[name] for name in routes],
            "level": Level.ALL.value,
            "profile": "",
        }
    )
    return learner_content(rows, add_up(long, by), what="studenten", frames={"programmes": programmes})


def load_students(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save students under the institution as location."""
    places = content.frames["places"]
    ids, findings = location_ids(places, batch, sector="mbo", scheme=LocationScheme.MBO_INSTITUTION)
    key = places.select("code").with_columns(ids["location_id"])
    frame = content.frames["counts"].join(key, on="code", how="left", maintain_order="left").drop("code")
    frame = frame.join(
        programme_ids(content.frames["programmes"]), on="programme", how="left", maintain_order="left"
    ).drop("programme")
    insert_frame(LearnerCount, frame.with_columns(batch_id=pl.lit(batch.pk)))
    return findings


READERS = [
    Reader(
        id="studenten-mbo", label="Studenten mbo per instelling", publisher=DUO, licence=DUO_LICENCE, order=54,
        columns=frozenset({"JAAR", "BRIN NUMMER", "INSTELLINGSNAAM", "BBL", "BOLVT"}),
        read=read_students, load=load_students, tables=(RowsOf(LearnerCount),),
    ),
]  # fmt: skip

"""Early leavers per location (vsv); holds a second total of pupils per location."""

from __future__ import annotations

from datetime import date

import polars as pl

from regio.shared.importing.contract import Content, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch
from regio.workforce.enums import Level, StageKind
from regio.workforce.models import LearnerCount, LocationFact

from .saving import DUO, DUO_LICENCE, add_up, insert_with_location, learner_content, load_learner_counts

FACTS = {"VSV TOTAAL": "vsv_totaal", "VSV VMBO": "vsv_vmbo", "VSV MBO": "vsv_mbo", "VSV OVERIG": "vsv_overig"}


def read_leavers(source: Source) -> Content:
    """Read pupils and early leavers. The count date is not in the file: 1 October of the year before is assumed."""
    rows = Rows(source)
    rows.add_location()
    published = source.date_from_name(month=1)
    on = source.on or date(published.year - 1, 10, 1)
    long = rows.counts(["AANTAL LEERLINGEN"], keep=["code"]).with_columns(
        pl.lit(Level.ALL.value).alias("level"), pl.lit(StageKind.ALL.value).alias("stage_kind"),
        pl.lit(0, pl.Int64).alias("stage"), pl.lit(on).alias("reference_date"),
    )  # fmt: skip
    facts = rows.amounts(FACTS, keep=["code"]).select(
        "code", pl.col("column").replace_strict(FACTS).alias("name"), pl.col("amount").alias("value"),
        pl.lit("leerlingen").alias("unit"), pl.lit(on).alias("reference_date"),
    )  # fmt: skip
    label = f"bestand van {published.year}; telling aangenomen op {on:%d-%m-%Y}"
    if not source.on:
        rows.findings.append(RowFinding("R-303", detail=f"{on:%d-%m-%Y}"))
    return learner_content(rows, add_up(rows.still(long)), label=label, frames={"facts": facts.drop_nulls("value")})


def load_leavers(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save pupils and leavers."""
    findings = load_learner_counts(content, batch, sector="vo")
    insert_with_location(LocationFact, content.frames["facts"], content, batch, sector="vo")
    return findings


READERS = [
    Reader(
        id="vsv", label="Voortijdig schoolverlaters en leerlingen per vestiging", publisher=DUO, licence=DUO_LICENCE, order=46,
        columns=frozenset({"BRIN NUMMER", "VESTIGINGSNUMMER", "SAMENWERKINGSVERBAND NUMMER", "AANTAL LEERLINGEN", "VSV TOTAAL"}),
        read=read_leavers, load=load_leavers, tables=(RowsOf(LearnerCount), RowsOf(LocationFact)),
    ),
]  # fmt: skip

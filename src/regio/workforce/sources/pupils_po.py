"""Pupils of po and so: by home postcode and age, the CKAN forms, the wide form of 2023 and later, distance and tests."""

from __future__ import annotations

from typing import Any

import polars as pl

from regio.shared.importing.contract import Content, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch
from regio.workforce.enums import StageKind
from regio.workforce.models import LearnerCount, LearnerOrigin, LocationFact

from .levels import po_level, po_sector
from .saving import (
    DUO,
    DUO_LICENCE,
    add_up,
    insert_with_location,
    learner_content,
    load_learner_counts,
    numbered,
    with_stage,
)

KIND = "SOORT PO"
YOUNGER, OLDER = "LEEFTIJD JONGER", "LEEFTIJD OUDER"
TESTS = {
    "CET GEM": "eindscore CET",
    "IEP GEM": "eindscore IEP",
    "ROUTE8 GEM": "eindscore ROUTE8",
    "DIA GEM": "eindscore DIA",
    "AMN GEM": "eindscore AMN",
}


def _start(source: Source) -> Rows:
    """Read the rows and add location, level and sector; so and vso of one location count as special education."""
    rows = Rows(source)
    rows.add_location()
    levels = {kind: po_level(kind) for kind in rows.frame[KIND].unique()}
    rows.frame = rows.frame.with_columns(
        pl.col(KIND).replace_strict(levels, default=None, return_dtype=pl.String).alias("level")
    )
    rows.refuse_where(pl.col("level").is_null(), column=KIND, code="R-108")
    sectors = {level: po_sector(level) for level in rows.frame["level"].unique()}
    rows.frame = rows.frame.with_columns(
        pl.col("level").replace_strict(sectors, return_dtype=pl.String).alias("sector")
    )
    return rows


def _ages(rows: Rows) -> dict[str, int]:
    """Return the age columns; younger counts as one year below the first, older as one year above the last."""
    ages = numbered(rows, r"^(?:LEEFTIJD )?(\d{1,2})(?: JAAR)?(?: (?:EN|OF) (?:JONGER|OUDER))?$")
    if not ages:
        return ages
    low, high = min(ages.values()) - 1, max(ages.values()) + 1
    extra = {YOUNGER: low, OLDER: high}
    return {**ages, **{name: age for name, age in extra.items() if rows.has(name)}}


def _check_total(rows: Rows, long: pl.DataFrame) -> None:
    """Hold the ages of each row against its TOTAAL."""
    if not rows.has("TOTAAL"):
        return
    said = rows.frame.select("_line", pl.col("TOTAAL").cast(pl.Float64, strict=False).alias("said")).drop_nulls()
    sums = long.group_by("_line").agg(pl.col("count").sum().alias("parts"))
    odd = said.join(sums, on="_line", how="left").filter(pl.col("parts").fill_null(0) != pl.col("said"))
    for line, total, parts in odd.sort("_line").head(50).iter_rows():
        rows.findings.append(
            RowFinding(
                "R-201", line=line, column="TOTAAL", value=f"{total:.0f}", detail=f"{parts or 0} tegen {total:.0f}"
            )
        )


def read_by_age(source: Source) -> Content:
    """Read ages in columns, one row per location (and home postcode, where the file has one)."""
    rows = _start(source)
    dated = next((name for name in ("PEILDATUM", "PEILJAAR", "JAAR") if rows.has(name)), None)
    if dated:
        rows.add_date(dated)
    else:
        rows.frame = rows.frame.with_columns(pl.lit(source.date_from_name()).alias("reference_date"))
    origin = ["POSTCODE LEERLING"] if rows.has("POSTCODE LEERLING") else []
    _refuse_odd_postcodes(rows, origin)
    ages = _ages(rows)
    long = with_stage(rows.counts(ages, keep=["code", "level", "reference_date", *origin]), ages)
    _check_total(rows, long)
    long = long.with_columns(pl.lit(StageKind.AGE.value).alias("stage_kind"))
    towns = rows.frame["GEMEENTENUMMER"].unique().to_list() if rows.has("GEMEENTENUMMER") and origin else []
    part = str(towns[0]) if len(towns) == 1 else ""
    frames = {"origins": _origins(long, origin[0])} if origin else {}
    return learner_content(rows, add_up(long), part=part, frames=frames)


def _refuse_odd_postcodes(rows: Rows, columns: list[str]) -> None:
    for column in columns:
        rows.refuse_where(~pl.col(column).str.contains(r"^\d{2,4}$"), column=column, code="R-108")


def _origins(long: pl.DataFrame, column: str) -> pl.DataFrame:
    keys: list[Any] = [
        "code",
        pl.col(column).str.zfill(4).alias("pc4"),
        "level",
        "stage_kind",
        "stage",
        "reference_date",
    ]
    return long.group_by(*keys, maintain_order=True).agg(pl.col("count").sum(), pl.col("masked").any())


def load_by_age(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save counts per location, and per home postcode where the file tells."""
    findings = load_learner_counts(content, batch)
    if "origins" in content.frames:
        insert_with_location(LearnerOrigin, content.frames["origins"], content, batch)
    return findings


def read_long(source: Source) -> Content:
    """Read the CKAN forms: AANTAL LEERLINGEN per location, with LEEFTIJD, LEERJAAR, a home postcode or nothing further."""
    rows = _start(source)
    rows.add_date("PEILJAAR")
    stage, kind = _stage_column(rows)
    if stage:
        rows.frame = rows.frame.with_columns(
            pl.col(stage).str.extract(r"(\d+)").cast(pl.Int64, strict=False).alias("stage")
        )
        rows.refuse_where(pl.col("stage").is_null(), column=stage, code="R-105")
    else:
        rows.frame = rows.frame.with_columns(pl.lit(0, pl.Int64).alias("stage"))
    origin = next((name for name in ("POSTCODE4 DEELNEMER", "POSTCODE LEERLING") if rows.has(name)), None)
    _refuse_odd_postcodes(rows, [origin] if origin else [])
    keep = ["code", "level", "stage", "reference_date", *([origin] if origin else [])]
    long = rows.counts(["AANTAL LEERLINGEN"], keep=keep).with_columns(pl.lit(kind).alias("stage_kind"))
    frames = {"origins": _origins(long, origin)} if origin else {}
    part = "postcode" if origin else str(kind)
    return learner_content(rows, add_up(long), part=part, frames=frames)


def _stage_column(rows: Rows) -> tuple[str | None, str]:
    if rows.has("LEEFTIJD"):
        return "LEEFTIJD", StageKind.AGE.value
    if rows.has("LEERJAAR"):
        return "LEERJAAR", StageKind.GROUP.value
    return None, StageKind.ALL.value


def read_distance(source: Source) -> Content:
    """Read pupils and the mean distance home-school [m]."""
    rows = _start(source)
    rows.add_date("PEILDATUM")
    long = rows.counts(["LEERLINGEN"], keep=["code", "level", "reference_date"]).with_columns(
        pl.lit(StageKind.ALL.value).alias("stage_kind"), pl.lit(0, pl.Int64).alias("stage")
    )
    distance = rows.amounts(["AFSTAND"]).select("_line", pl.col("amount").alias("metres"))
    weighed = long.join(distance, on="_line", how="inner")
    facts = weighed.group_by("code", "reference_date", maintain_order=True).agg(
        ((pl.col("metres") * pl.col("count")).sum() / pl.col("count").sum()).round(1).alias("value")
    )  # so and vso of one location become one mean
    facts = facts.with_columns(pl.lit("afstand woning-school").alias("name"), pl.lit("m").alias("unit"))
    return learner_content(rows, add_up(rows.still(long)), frames={"facts": facts})


def read_tests(source: Source) -> Content:
    """Read the number of pupils in year 8 and the mean scores of the final tests."""
    rows = _start(source)
    rows.add_date("PEILDATUM LEERLINGEN")
    long = rows.counts(["LEERJAAR 8"], keep=["code", "level", "reference_date"]).with_columns(
        pl.lit(StageKind.GROUP.value).alias("stage_kind"), pl.lit(8, pl.Int64).alias("stage")
    )
    facts = rows.amounts(TESTS, keep=["code", "reference_date"]).drop_nulls("amount").select(
        "code", pl.col("column").replace_strict(TESTS).alias("name"), pl.col("amount").round(4).alias("value"),
        pl.lit("punten").alias("unit"), "reference_date",
    )  # fmt: skip
    return learner_content(rows, add_up(rows.still(long)), what="leerlingen groep 8", frames={"facts": facts})


def load_with_facts(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save counts and facts per location."""
    findings = load_learner_counts(content, batch)
    insert_with_location(LocationFact, content.frames["facts"], content, batch)
    return findings


_KEY = frozenset({"BRIN NUMMER", "VESTIGINGSNUMMER", KIND})
_COUNTS, _ORIGINS, _FACTS = RowsOf(LearnerCount), RowsOf(LearnerOrigin), RowsOf(LocationFact)


def _reader(id: str, label: str, columns: set[str], **more: object) -> Reader:
    return Reader(id=id, label=label, publisher=DUO, licence=DUO_LICENCE, order=47, columns=_KEY | columns, **more)  # type: ignore[arg-type]


def _has_ages(source: Source) -> bool:
    return (
        {"LEEFTIJD 4", "LEEFTIJD 11"} <= source.header
        or {"4", "11"} <= source.header
        or {"4 JAAR", "11 JAAR"} <= source.header
    )


READERS = [
    _reader("leerlingen-po-postcode", "Leerlingen po en so per vestiging, postcode en leeftijd", {"POSTCODE LEERLING"},
            read=read_by_age, load=load_by_age, matches=_has_ages, tables=(_COUNTS, _ORIGINS)),
    _reader("leerlingen-po-leeftijd", "Leerlingen po en so per vestiging en leeftijd", set(),
            without=frozenset({"POSTCODE LEERLING"}), read=read_by_age, load=load_by_age, matches=_has_ages, tables=(_COUNTS,)),
    _reader("leerlingen-po", "Leerlingen po en so over meer jaren", {"PEILJAAR", "AANTAL LEERLINGEN"},
            read=read_long, load=load_by_age, tables=(_COUNTS, _ORIGINS)),
    _reader("afstand-po", "Leerlingen po en so met afstand tot school", {"PEILDATUM", "AFSTAND", "LEERLINGEN"},
            read=read_distance, load=load_with_facts, tables=(_COUNTS, _FACTS)),
    _reader("eindscores-po", "Leerlingen in groep 8 en eindscores", {"PEILDATUM LEERLINGEN", "LEERJAAR 8", "CET GEM"},
            read=read_tests, load=load_with_facts, tables=(_COUNTS, _FACTS)),
]  # fmt: skip

"""Pupils vo by location, programme and year of study: the yearly file of all years and the CKAN long form."""

from __future__ import annotations

from functools import partial

import polars as pl

from regio.shared.importing.contract import Content, Reader, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import MASKED_AS, Rows
from regio.workforce.enums import Level, StageKind
from regio.workforce.models import LearnerCount

from .levels import EMPTY, level_of
from .saving import DUO, DUO_LICENCE, add_up, learner_content, load_learner_counts, numbered, with_stage

TYPE = "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR"
PROGRAMME, LOCATION = "OPLEIDINGSNAAM", "INSTELLINGSNAAM VESTIGING"
YEAR_CELL = r"^LEER- OF VERBLIJFSJAAR (\d)(?: - (?:MAN|VROUW|ONBEKEND))?$"
LONGEST_CODE = 12


def _add_level(rows: Rows) -> None:
    """Add `level` from the names of type, programme and location; unknown names are refused with their line."""
    names = [pl.col(name) if rows.has(name) else pl.lit("").alias(name) for name in (PROGRAMME, LOCATION)]
    named = rows.frame.select(TYPE, *names).unique()
    levels = [level_of(education_type=a, programme=b or "", location=c or "") for a, b, c in named.iter_rows()]
    key = named.with_columns(pl.Series("level", levels, dtype=pl.String))
    rows.frame = rows.frame.with_columns(names).join(
        key, on=[TYPE, PROGRAMME, LOCATION], how="left", maintain_order="left", nulls_equal=True
    )
    rows.refuse_where(pl.col("level").is_null(), column=TYPE, code="R-108")


def _programmes(rows: Rows) -> pl.DataFrame:
    """Return one row per ELEMENTCODE with its name, level and profile (AFDELING)."""
    frame = rows.frame.select(
        pl.lit("elementcode").alias("scheme"), pl.col("ELEMENTCODE").alias("programme"), pl.col("OPLEIDINGSNAAM").alias("name"),
        "level", pl.when(pl.col("AFDELING").is_in(EMPTY)).then(pl.lit("")).otherwise("AFDELING").alias("profile"),
    )  # fmt: skip
    return frame.unique("programme", keep="first", maintain_order=True).filter(pl.col("programme") != "")


def read_yearly(source: Source) -> Content:
    """Read the wide file of one count year; older years carry LWOO INDICATIE, newer ones mask counts under 5."""
    rows = Rows(source)
    rows.add_location()
    on = source.date_from_name()
    rows.refuse_where(pl.col("ELEMENTCODE").str.len_chars() > LONGEST_CODE, column="ELEMENTCODE", code="R-108")
    _add_level(rows)
    cells = numbered(rows, YEAR_CELL)
    long = with_stage(rows.counts(cells, keep=["code", "level", "ELEMENTCODE"]), cells)
    long = long.with_columns(
        pl.col("ELEMENTCODE").alias("programme"), pl.lit(on).alias("reference_date"),
        pl.lit(StageKind.YEAR.value).alias("stage_kind"),
    )  # fmt: skip
    by = ("code", "programme", "level", "stage_kind", "stage", "reference_date")
    return learner_content(rows, add_up(long, by), frames={"programmes": _programmes(rows)})


def read_long(source: Source) -> Content:
    """Read the CKAN form with one row per year, location, type and year of study; 1-4 are all published as 4."""
    rows = Rows(source)
    rows.add_location()
    rows.add_date("SCHOOLJAAR")
    _add_level(rows)
    rows.frame = rows.frame.with_columns(
        pl.col("LEERJAAR").str.extract(r"(\d)").cast(pl.Int64, strict=False).alias("stage")
    )
    rows.refuse_where(pl.col("stage").is_null(), column="LEERJAAR", code="R-105")
    long = rows.counts(["AANTAL LEERLINGEN"], keep=["code", "level", "stage", "reference_date"])
    small = (pl.col("count") == 4) | pl.col("masked")
    long = long.with_columns(
        pl.when(small).then(MASKED_AS).otherwise("count").alias("count"), small.alias("masked"),
        pl.lit(StageKind.YEAR.value).alias("stage_kind"),
    )  # fmt: skip
    return learner_content(rows, add_up(long))


def read_totals(source: Source) -> Content:
    """Read pupils per location and board; the older layout has TOTAAL AANTAL LEERLINGEN beside AANTAL LEERLINGEN."""
    rows = Rows(source)
    rows.add_location()
    on = source.date_from_name()
    vavo = "AANTAL VO LEERLINGEN UITBESTEED AAN VAVO"
    columns = ["AANTAL LEERLINGEN", vavo] if rows.has(vavo) else ["AANTAL LEERLINGEN"]
    long = rows.counts(columns, keep=["code"]).with_columns(
        pl.when(pl.col("column") == vavo).then(pl.lit(Level.VAVO.value)).otherwise(pl.lit(Level.ALL.value)).alias("level"),
        pl.lit(StageKind.ALL.value).alias("stage_kind"), pl.lit(0, pl.Int64).alias("stage"), pl.lit(on).alias("reference_date"),
    )  # fmt: skip
    return learner_content(rows, add_up(long))


_LOAD = partial(load_learner_counts, sector="vo")
_TABLES = (RowsOf(LearnerCount),)
_CELLS = frozenset({"LEER- OF VERBLIJFSJAAR 1 - MAN", "LEER- OF VERBLIJFSJAAR 1 - VROUW"})

READERS = [
    Reader(
        id="leerlingen-vo", label="Leerlingen vo per vestiging, opleiding en leerjaar", publisher=DUO, licence=DUO_LICENCE,
        order=50, columns=frozenset({"BRIN NUMMER", "VESTIGINGSNUMMER", TYPE, "AFDELING", "ELEMENTCODE", "OPLEIDINGSNAAM"}) | _CELLS,
        read=read_yearly, load=_LOAD, tables=_TABLES,
    ),
    Reader(
        id="leerlingen-vo-vijf-jaar", label="Leerlingen vo over vijf jaar (afgerond op 4)", publisher=DUO, licence=DUO_LICENCE,
        order=51, columns=frozenset({"SCHOOLJAAR", "BRIN NUMMER", "VESTIGINGSNUMMER", TYPE, "LEERJAAR", "AANTAL LEERLINGEN"}),
        read=read_long, load=_LOAD, tables=_TABLES,
    ),
    Reader(
        id="leerlingen-vo-bestuur", label="Leerlingen vo per vestiging en bestuur", publisher=DUO, licence=DUO_LICENCE,
        order=52, columns=frozenset({"BEVOEGD GEZAG NUMMER", "BRIN NUMMER", "VESTIGINGSNUMMER", "GEMEENTENUMMER", "AANTAL LEERLINGEN"}),
        without=frozenset({TYPE, "POSTCODE LEERLING", "JAAR", "PEILJAAR"}), read=read_totals, load=_LOAD, tables=_TABLES,
    ),
]  # fmt: skip

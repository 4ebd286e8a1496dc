"""Pupils of October 2012 (vo by year of study; bo by age; sbo, so and vso by age class) with grid coordinates."""

from __future__ import annotations

import re
from functools import partial

import polars as pl

from regio.regions.models import SchoolLocation
from regio.regions.sources.coordinates import degrees_from_rd, set_points
from regio.shared.importing.contract import Content, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch
from regio.workforce.enums import Level, StageKind
from regio.workforce.models import LearnerCount

from .levels import po_level, po_sector
from .saving import DUO_LICENCE, add_up, learner_content, load_learner_counts, numbered, with_stage

AGE_CLASS = re.compile(r"^LFTD (\d+)TM(\d+)$")
KIND = "SOORT PRIMAIR ONDERWIJS"


def _start(source: Source) -> Rows:
    rows = Rows(source)
    rows.add_location()
    rows.amounts(["XCOORD", "YCOORD"])
    return rows


def _points(rows: Rows) -> pl.DataFrame:
    number = [pl.col(name).cast(pl.Float64, strict=False) for name in ("XCOORD", "YCOORD")]
    return rows.frame.select("code", *number).drop_nulls().filter(pl.col("XCOORD") > 0)


def _check_own_total(rows: Rows, cells: list[str]) -> None:
    """Report rows whose cells do not add up to LEERLINGEN."""
    numbers = rows.frame.select("_line", "LEERLINGEN", *cells).with_columns(
        pl.col("LEERLINGEN", *cells).cast(pl.Float64, strict=False).fill_null(0)
    )
    odd = numbers.filter((pl.sum_horizontal(cells) - pl.col("LEERLINGEN")).abs() > 0.5)
    for line, said in odd.select("_line", "LEERLINGEN").head(50).iter_rows():
        rows.findings.append(
            RowFinding("R-201", line=line, column="leerlingen", value=f"{said:.0f}", detail="som van de regel")
        )


def read_vo(source: Source) -> Content:
    """Read pupils per year of study 1-6, no level."""
    rows, on = _start(source), source.date_from_name()
    cells = numbered(rows, r"^JAAR (\d)$")
    _check_own_total(rows, list(cells))
    long = with_stage(rows.counts(cells, keep=["code"]), cells).with_columns(
        pl.lit(Level.ALL.value).alias("level"),
        pl.lit(StageKind.YEAR.value).alias("stage_kind"),
        pl.lit(on).alias("reference_date"),
    )
    return learner_content(rows, add_up(long), frames={"points": _points(rows)})


def read_bo(source: Source) -> Content:
    """Read pupils per age 3-14 of regular primary schools."""
    rows, on = _start(source), source.date_from_name()
    cells = numbered(rows, r"^LFTD (\d+) JAAR$")
    _check_own_total(rows, list(cells))
    long = with_stage(rows.counts(cells, keep=["code"]), cells).with_columns(
        pl.lit(Level.BO.value).alias("level"),
        pl.lit(StageKind.AGE.value).alias("stage_kind"),
        pl.lit(on).alias("reference_date"),
    )
    return learner_content(rows, add_up(long), frames={"points": _points(rows)})


def read_special(source: Source) -> Content:
    """Read pupils per age class of sbo, so and vso; fractions are rounded so that each row keeps its total."""
    rows, on = _start(source), source.date_from_name()
    levels = {kind: po_level(kind) for kind in rows.frame[KIND].unique()}
    rows.frame = rows.frame.with_columns(
        pl.col(KIND).replace_strict(levels, default=None, return_dtype=pl.String).alias("level")
    )
    rows.refuse_where(pl.col("level").is_null(), column=KIND, code="R-108")
    sectors = {level: po_sector(level) for level in rows.frame["level"].unique()}
    rows.frame = rows.frame.with_columns(
        pl.col("level").replace_strict(sectors, return_dtype=pl.String).alias("sector")
    )
    cells = {name: int(found[1]) for name in rows.frame.columns if (found := AGE_CLASS.match(name))}
    _check_own_total(rows, list(cells))
    long = with_stage(rows.amounts(cells, keep=["code", "level"], masked_value=2), cells)
    long = _whole(long).with_columns(
        pl.lit(StageKind.AGE_CLASS.value).alias("stage_kind"), pl.lit(on).alias("reference_date")
    )
    broken = rows.frame.filter(pl.any_horizontal(pl.col(name).str.contains(".", literal=True) for name in cells)).height
    if broken:
        rows.findings.append(RowFinding("R-304", detail=broken))
    return learner_content(rows, add_up(long.filter(pl.col("count") > 0)), frames={"points": _points(rows)})


def _whole(long: pl.DataFrame) -> pl.DataFrame:
    """Round `amount` to whole `count` by largest remainder per row, so that the sum of the row stays."""
    floor = pl.col("amount").floor()
    missing = (pl.col("amount").sum() - floor.sum()).round(0).over("_line")
    rank = (pl.col("amount") - floor).rank("ordinal", descending=True).over("_line")
    return long.with_columns((floor + (rank <= missing).cast(pl.Float64)).cast(pl.Int64).alias("count"))


def load(content: Content, batch: ImportBatch, *, sector: str) -> list[RowFinding]:
    """Save counts, and points of locations that have none yet."""
    findings = load_learner_counts(content, batch, sector=sector)
    ids = dict(SchoolLocation.objects.values_list("code", "id"))
    points = {ids[code]: degrees_from_rd(x, y) for code, x, y in content.frames["points"].iter_rows() if code in ids}
    set_points(points, only_missing=True)
    return findings


def _reader(id: str, label: str, columns: set[str], **more: object) -> Reader:
    base = {
        "OBJECTID",
        "BEVOEGD GEZAG NUMMER",
        "BRIN NUMMER",
        "VESTIGINGSNUMMER",
        "GEM CODE",
        "LEERLINGEN",
        "XCOORD",
        "YCOORD",
    }
    return Reader(
        id=id, label=label, publisher="DUO, bewerkt tot locatiebestand", licence=DUO_LICENCE, order=45,
        columns=frozenset(base | columns), tables=(RowsOf(LearnerCount),), **more,  # type: ignore[arg-type]
    )  # fmt: skip


READERS = [
    _reader("leerlingen-vo-leerjaar", "Leerlingen vo per vestiging en leerjaar", {"JAAR 1", "JAAR 6"},
            read=read_vo, load=partial(load, sector="vo")),
    _reader("leerlingen-bo-leeftijd", "Leerlingen basisonderwijs per vestiging en leeftijd", {"LFTD 4 JAAR", "LFTD 11 JAAR"},
            read=read_bo, load=partial(load, sector="po")),
    _reader("leerlingen-so-leeftijdsklasse", "Leerlingen sbo, so en vso per leeftijdsklasse", {KIND, "LFTD 1TM6"},
            read=read_special, load=partial(load, sector="so")),
]  # fmt: skip

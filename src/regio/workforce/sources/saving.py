"""Saving counts: codes become location keys, programmes get their row, the rows go in at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from django.db import models

from regio.regions.sources.locations import location_ids
from regio.shared.bulk import insert_frame
from regio.shared.formatting import long_date
from regio.shared.importing.contract import Content, RowFinding
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch
from regio.workforce.models import LearnerCount, Programme

DUO = "DUO"
DUO_LICENCE = "DUO Open Onderwijsdata, naamsvermelding (Creative Commons Attribution); bron: DUO Open Onderwijsdata"
# Places as the count files name them; ours: theirs.
PLACE_NAMES = {
    "name": ("INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM", "VESTIGINGSNAAM"),
    "place": ("PLAATSNAAM VESTIGING", "PLAATSNAAM"),
    "postcode": ("POSTCODE VESTIGING", "PC6"),
    "gem_code": ("GEM CODE", "GEMEENTENUMMER"),
    "gem_name": ("GEMEENTENAAM VESTIGING", "GEMEENTENAAM"),
    "board": ("BEVOEGD GEZAG NUMMER", "BEVOEGD GEZAG"),
    "structure": ("ONDERWIJSSTRUCTUUR",),
    "denomination": ("DENOMINATIE VESTIGING", "DENOMINATIE"),
}


def place_columns(rows: Rows) -> list[pl.Expr]:
    """Return expressions for the place columns that a file has, under our names."""
    found = []
    for ours, theirs in PLACE_NAMES.items():
        name = next((name for name in theirs if rows.has(name)), None)
        if name:
            found.append(pl.col(name).alias(ours))
    return found


def place_frame(rows: Rows) -> pl.DataFrame:
    """Return one row per location with its code and what the file tells of the place."""
    extra = [pl.col("sector")] if rows.has("sector") else []
    return rows.frame.select("code", *place_columns(rows), *extra).unique("code", keep="first", maintain_order=True)


def insert_with_location(
    model: type[models.Model], frame: pl.DataFrame, content: Content, batch: ImportBatch, *, sector: str | None = None
) -> list[RowFinding]:
    """Insert rows that carry a location `code`; `content.frames["places"]` tells of new locations."""
    ids, findings = location_ids(content.frames["places"], batch, sector=sector)
    key = content.frames["places"].select("code").with_columns(ids["location_id"])
    rows = (
        frame.join(key, on="code", how="left", maintain_order="left")
        .drop("code")
        .with_columns(batch_id=pl.lit(batch.pk))
    )
    insert_frame(model, rows)
    return findings


def load_learner_counts(content: Content, batch: ImportBatch, *, sector: str | None = None) -> list[RowFinding]:
    """Save `content.frames["counts"]` (code, level, stage_kind, stage, count, masked, reference_date, programme)."""
    frame = content.frames["counts"]
    if "programmes" in content.frames:
        frame = frame.join(
            programme_ids(content.frames["programmes"]), on="programme", how="left", maintain_order="left"
        ).drop("programme")
    return insert_with_location(LearnerCount, frame, content, batch, sector=sector)


def programme_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """Save programmes (`scheme, programme, name, level, profile`) and return their ids by code."""
    scheme = frame["scheme"][0] if frame.height else ""
    rows = [
        Programme(
            scheme=row["scheme"],
            code=row["programme"],
            name=row["name"][:120],
            level=row["level"],
            profile=row["profile"][:80],
        )
        for row in frame.iter_rows(named=True)
    ]
    fields = ["name", "level", "profile"]
    Programme.objects.bulk_create(rows, update_conflicts=True, unique_fields=["scheme", "code"], update_fields=fields)
    known = Programme.objects.filter(scheme=scheme).values_list("code", "id")
    return pl.DataFrame(list(known), schema={"programme": pl.String, "programme_id": pl.Int64}, orient="row")


def learner_content(
    rows: Rows,
    counts: pl.DataFrame,
    *,
    what: str = "leerlingen",
    label: str = "",
    part: str = "",
    frames: Mapping[str, pl.DataFrame] | None = None,
) -> Content:
    """Return the content of a file with learner counts: totals, dates and locations follow from the counts."""
    dates = sorted(counts["reference_date"].unique().drop_nulls())
    newest: date | None = dates[-1] if dates else None
    last = counts.filter(pl.col("reference_date") == newest)
    totals = {what: float(last["count"].sum()), "vestigingen": float(last["code"].n_unique())}
    return Content(
        frames={"counts": counts, "places": place_frame(rows), **(frames or {})}, rows_read=rows.rows_read,
        rows_refused=rows.rows_refused, findings=rows.findings, totals=totals, reference_date=newest,
        reference_label=label or ", ".join(map(long_date, dates[:3])), part=part,
        periods=[day.isoformat() for day in dates], locations=set(last["code"]),
    )  # fmt: skip


COUNT_COLUMNS = ("code", "level", "stage_kind", "stage", "count", "masked", "reference_date")


def add_up(
    counts: pl.DataFrame, by: Sequence[str] = ("code", "level", "stage_kind", "stage", "reference_date")
) -> pl.DataFrame:
    """Add counts that fall in the same cell (men and women, several programmes); masked if any part was."""
    summed = counts.group_by(*by, maintain_order=True).agg(pl.col("count").sum(), pl.col("masked").any())
    return summed


def numbered(rows: Rows, pattern: str) -> dict[str, int]:
    """Return the columns whose normalised name fits the pattern, with the number in its first group."""
    import re

    return {name: int(found[1]) for name in rows.frame.columns if (found := re.match(pattern, name))}


def with_stage(long: pl.DataFrame, stages: dict[str, int]) -> pl.DataFrame:
    """Add `stage` by the column a count came from."""
    key = pl.DataFrame(
        {"column": list(stages), "stage": list(stages.values())}, schema={"column": pl.String, "stage": pl.Int64}
    )
    return long.join(key, on="column", how="left", maintain_order="left")

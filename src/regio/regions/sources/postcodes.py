"""Postcode areas: place, municipality (by name) and centre."""

from __future__ import annotations

import polars as pl

from regio.regions.models import Postcode
from regio.shared.importing.contract import Content, Reader, RowFinding
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch

from .municipalities import MunicipalityFinder
from .publishers import CBS, CBS_LICENCE


def read_postcodes(source: Source) -> Content:
    """Read one row per four-digit postcode."""
    rows = Rows(source)
    rows.refuse_where(~pl.col("PC4").str.contains(r"^\d{4}$"), column="PC4", code="R-108")
    rows.amounts(["LAT", "LON"])  # refuses rows whose centre is no number
    on = source.date_from_name(month=1)
    number = [pl.col(name).cast(pl.Float64, strict=False).alias(name.lower()) for name in ("LAT", "LON")]
    frame = rows.frame.select(
        pl.col("PC4").alias("pc4"), pl.col("PLAATS").alias("place"), pl.col("GEMEENTE").alias("gem_name"), *number
    )
    return Content(
        frames={"postcodes": frame}, rows_read=rows.rows_read, rows_refused=rows.rows_refused, findings=rows.findings,
        totals={"postcodes": frame.height}, reference_date=on, reference_label=f"indeling {on.year}", periods=[on.isoformat()],
    )  # fmt: skip


def load_postcodes(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save the postcodes with the municipality of today."""
    finder = MunicipalityFinder()
    rows = [
        Postcode(
            pc4=row["pc4"], place=row["place"][:80], lat=row["lat"], lon=row["lon"], batch=batch,
            municipality_id=finder.find_name(row["gem_name"], postcode=row["pc4"]),
        )
        for row in content.frames["postcodes"].iter_rows(named=True)
    ]  # fmt: skip
    fields = ["place", "lat", "lon", "municipality", "batch"]
    Postcode.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["pc4"], update_fields=fields, batch_size=1000
    )
    lost = [row.pc4 for row in rows if row.municipality_id is None]
    return [RowFinding("R-302", detail=f"{len(lost)} postcodes")] if lost else []


READERS = [
    Reader(
        id="postcodes", label="Postcodes met gemeente en middelpunt", publisher=CBS, licence=CBS_LICENCE, order=30,
        columns=frozenset({"PC4", "PLAATS", "GEMEENTE", "PROVINCIE", "COROP", "LAT", "LON"}),
        read=read_postcodes, load=load_postcodes,
    ),
]  # fmt: skip

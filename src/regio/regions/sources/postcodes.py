"""Postcode areas: place, municipality (by name) and centre."""

from __future__ import annotations

from collections import Counter, defaultdict

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
    """Save the postcodes with the municipality of the newest register."""
    frame = content.frames["postcodes"]
    found = _municipalities(frame)
    rows = [
        Postcode(
            pc4=row["pc4"], place=row["place"][:80], lat=row["lat"], lon=row["lon"], batch=batch,
            municipality_id=found[row["pc4"]],
        )
        for row in frame.iter_rows(named=True)
    ]  # fmt: skip
    fields = ["place", "lat", "lon", "municipality", "batch"]
    Postcode.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["pc4"], update_fields=fields, batch_size=1000
    )
    lost = sum(code is None for code in found.values())
    return [RowFinding("R-302", detail=f"{lost} postcodes")] if lost else []


def _municipalities(frame: pl.DataFrame) -> dict[str, str | None]:
    """Return postcode -> municipality; a name of after a merger takes what most other postcodes of that name have."""
    finder = MunicipalityFinder()
    names = dict(frame.select("pc4", "gem_name").iter_rows())
    found = {pc4: finder.find_name(name, postcode=pc4) for pc4, name in names.items()}
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for pc4, code in found.items():
        if code and names[pc4]:
            votes[names[pc4]][code] += 1
    return {pc4: code or _winner(votes.get(names[pc4])) for pc4, code in found.items()}


def _winner(votes: Counter[str] | None) -> str | None:
    return votes.most_common(1)[0][0] if votes else None


READERS = [
    Reader(
        id="postcodes", label="Postcodes met gemeente en middelpunt", publisher=CBS, licence=CBS_LICENCE, order=30,
        columns=frozenset({"PC4", "PLAATS", "GEMEENTE", "PROVINCIE", "COROP", "LAT", "LON"}),
        read=read_postcodes, load=load_postcodes,
    ),
]  # fmt: skip

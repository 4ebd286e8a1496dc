"""Where locations stand: the register matched to addresses (WGS84), and Dutch grid metres turned into degrees.

A code can occur several times when an address matched several objects; the first one counts.
"""

from __future__ import annotations

import polars as pl

from regio.regions.enums import Sector
from regio.regions.models import SchoolLocation
from regio.shared.bulk import update_rows
from regio.shared.importing.contract import Content, Reader, RowFinding
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import LOCATION_PATTERN, Rows
from regio.shared.models import ImportBatch

from .closures import note_codes_gone
from .locations import location_ids
from .publishers import DUO_LICENCE

NAMES = {
    "NAAM": "name", "PLAATS": "place", "POSTCODE": "postcode", "GEMEENTE": "gem_name", "DENOMINATIE": "denomination",
    "TYPE": "structure",
}  # fmt: skip

# Transformation RD New -> WGS84, polynomial of Schreutelkamp and Strang van Hees (2001), accurate to about 0.25 m:
# (power of dX, power of dY, coefficient in arc seconds) with dX, dY in units of 100 km from Amersfoort.
_LAT = (
    (0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.24750), (2, 1, -0.84978), (0, 3, -0.06550), (2, 2, -0.01709),
    (1, 0, -0.00738), (4, 0, 0.00530), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012),
)  # fmt: skip
_LON = (
    (1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607),
    (0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026),
)  # fmt: skip


def degrees_from_rd(x: float, y: float) -> tuple[float, float]:
    """Return latitude and longitude [degrees WGS84] of a point in RD New [metres]."""
    dx, dy = (x - 155_000) * 1e-5, (y - 463_000) * 1e-5
    lat = 52.15517440 + sum(k * dx**p * dy**q for p, q, k in _LAT) / 3600
    lon = 5.38720621 + sum(k * dx**p * dy**q for p, q, k in _LON) / 3600
    return round(lat, 6), round(lon, 6)


def read_coordinates(source: Source) -> Content:
    """Read one row per location with its point in degrees."""
    rows = Rows(source)
    rows.frame = rows.frame.with_columns(pl.col("VESTIGINGSNUMMER").str.to_uppercase().alias("code"))
    rows.refuse_where(~pl.col("code").str.contains(LOCATION_PATTERN), column="VESTIGINGSNUMMER", code="R-107")
    rows.amounts(["LON", "LAT"])
    repeated = rows.frame.height - rows.frame["code"].n_unique()
    first = rows.frame.unique("code", keep="first", maintain_order=True)
    sector = (
        pl.when(pl.col("TYPE").str.to_lowercase() == "basisschool")
        .then(pl.lit(Sector.PO.value))
        .otherwise(pl.lit(Sector.VO.value))
    )
    frame = first.select(
        "code", *(pl.col(theirs).alias(ours) for theirs, ours in NAMES.items()), sector.alias("sector"),
        *(pl.col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).alias(name.lower()) for name in ("LAT", "LON")),
    )  # fmt: skip
    on = source.date_from_name() if not source.on else source.on
    findings = [*rows.findings, *([RowFinding("R-308", detail=repeated)] if repeated else [])]
    return Content(
        frames={"points": frame}, rows_read=rows.rows_read, rows_refused=rows.rows_refused, findings=findings,
        totals={"vestigingen": frame.height}, reference_date=on, reference_label=f"register van {on.year}",
        periods=[on.isoformat()], locations=set(),
    )  # fmt: skip


def load_coordinates(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Give locations their point; an older file than one that is loaded only fills what has none."""
    frame, findings = location_ids(content.frames["points"].drop("lat", "lon"), batch)
    points = pl.concat([frame, content.frames["points"].select("lat", "lon")], how="horizontal").drop_nulls()
    newer = ImportBatch.objects.filter(dataset=batch.dataset, reference_date__gt=content.reference_date)
    placed = zip(points["lat"], points["lon"], strict=True)
    set_points(dict(zip(points["location_id"], placed, strict=True)), only_missing=newer.exclude(pk=batch.pk).exists())
    if content.reference_date is not None:
        note_codes_gone(set(content.frames["points"]["code"]), on=content.reference_date, batch=batch)
    return findings


def set_points(points: dict[int, tuple[float, float]], *, only_missing: bool = False) -> None:
    """Write latitude and longitude of locations by id."""
    placed = set(SchoolLocation.objects.exclude(lat=None).values_list("pk", flat=True)) if only_missing else set()
    update_rows(
        SchoolLocation, ["lat", "lon"], [(lat, lon, pk) for pk, (lat, lon) in points.items() if pk not in placed]
    )


READERS = [
    Reader(
        id="schoollocaties", label="Vestigingen met coördinaten", publisher="DUO, bewerkt door Geodan/EduGIS (BAG)",
        licence=DUO_LICENCE, order=35, columns=frozenset({"VESTIGINGSNUMMER", "LON", "LAT", *NAMES}),
        read=read_coordinates, load=load_coordinates,
    ),
]  # fmt: skip

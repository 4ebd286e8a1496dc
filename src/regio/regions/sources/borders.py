"""Borders of municipalities, provinces and COROP areas from GeoJSON, in three flavours of property names."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from regio.regions.enums import AreaKind
from regio.regions.models import Area, Boundary, Municipality
from regio.shared.bulk import as_json, insert_frame
from regio.shared.importing.contract import Content, FileRefused, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.models import ImportBatch

from .municipalities import municipality_code, plain_name
from .publishers import CBS_KADASTER, CBS_KADASTER_LICENCE


def _identity(properties: dict[str, Any]) -> tuple[str, str, str] | None:
    """Return (kind, code, name) of a feature, or None when its properties are of no known flavour."""
    if "statcode" in properties:
        code, name = municipality_code(properties["statcode"]), str(properties.get("statnaam") or "")
        return (AreaKind.GEMEENTE, code, name) if code and name else None
    if "nuts3" in properties:
        return AreaKind.COROP, "", str(properties["nuts3"])
    code = str(properties.get("code", ""))
    if re.fullmatch(r"GM\d{4}", code):
        return AreaKind.GEMEENTE, code[2:], str(properties.get("name") or "")
    if re.fullmatch(r"PV\d{2}", code):
        return AreaKind.PROVINCIE, code[2:], str(properties.get("name") or "")
    return None


def _is_area(geometry: dict[str, Any]) -> bool:
    return geometry.get("type") in ("Polygon", "MultiPolygon") and bool(geometry.get("coordinates"))


def read_borders(source: Source) -> Content:
    """Read the features of a GeoJSON file."""
    features = source.records
    records, findings, refused = [], [], 0
    for number, feature in enumerate(features, start=1):
        identity = _identity(feature["properties"])
        if identity is None or not _is_area(feature["geometry"]):
            refused += 1
            findings.append(
                RowFinding("R-108", line=number, column="properties", value=str(feature["properties"])[:100])
            )
            continue
        kind, code, name = identity[0], identity[1], identity[2][:100]
        records.append((str(kind), code, name, as_json(feature["geometry"]), as_json(feature["properties"])))
    if not records:
        raise FileRefused("R-101")
    on = source.date_from_name(month=1)
    frame = pl.DataFrame(records, schema=["kind", "code", "name", "geometry", "properties"], orient="row")
    kind = records[0][0]
    return Content(
        frames={"borders": frame.with_columns(pl.lit(on.year).alias("year"))}, rows_read=len(features),
        rows_refused=refused, findings=findings, totals={"gebieden": len(records)}, reference_date=on,
        reference_label=f"indeling {on.year}", periods=[on.isoformat()], part=kind,
    )  # fmt: skip


def load_borders(content: Content, batch: ImportBatch) -> None:
    """Save the borders; COROP areas and provinces get the code of the area with their name, municipalities their spelling."""
    frame = content.frames["borders"]
    if content.part in (AreaKind.COROP, AreaKind.PROVINCIE):
        areas = Area.objects.filter(kind=content.part).values_list("code", "name")
        codes = {plain_name(name): code for code, name in areas}
        found = [codes.get(plain_name(name), code) for code, name in frame.select("code", "name").iter_rows()]
        frame = frame.with_columns(pl.Series("code", found))
    insert_frame(Boundary, frame.with_columns(batch_id=pl.lit(batch.pk)))
    if content.part == AreaKind.GEMEENTE:
        _spell(dict(frame.select("code", "name").iter_rows()))


def _spell(names: dict[str, str]) -> None:
    changed = []
    for municipality in Municipality.objects.filter(code__in=names):
        if municipality.name != names[municipality.code]:
            municipality.name = names[municipality.code]
            changed.append(municipality)
    Municipality.objects.bulk_update(changed, ["name"], batch_size=400)


def _is_known_flavour(source: Source) -> bool:
    return any(_identity(feature["properties"]) for feature in source.records[:5])


READERS = [
    Reader(
        id="grenzen", label="Grenzen van gebieden", publisher=CBS_KADASTER, licence=CBS_KADASTER_LICENCE, order=60,
        columns=frozenset(), kind="geojson", matches=_is_known_flavour, read=read_borders, load=load_borders,
        tables=(RowsOf(Boundary, period="", location="code"),),
    ),
]  # fmt: skip

"""The land: areas per municipality, borders, postcode areas and where schools stand."""

import json
from pathlib import Path
from typing import Any

from regio.site.voorbeeld.boundaries import Ring, dissolve, municipality_rings
from regio.site.voorbeeld.geography import (
    KM_PER_DEGREE_LAT,
    KM_PER_DEGREE_LON,
    ORIGIN_LAT,
    ORIGIN_LON,
    PARTS,
    PROVINCE,
    PROVINCE_CODE,
    lon_lat,
)
from regio.site.voorbeeld.region import ExampleRegion

from .population import persons_by_area
from .registers import AREA_HEADER, areas_of
from .text import write_table

DIGITS = 4  # about 10 metres


def write_land(folder: Path, region: ExampleRegion) -> None:
    """Write areas, borders, postcode areas and coordinates."""
    year = region.timeline.newest
    header = ("GEMEENTENUMMER", "GEMEENTENAAM", "PROVINCIE", *AREA_HEADER)
    rows = [(m.code, m.name.upper(), PROVINCE, *areas_of(m)) for m in region.land]
    write_table(folder / f"gemeente_regio_uit_duo_adressen_{year}.csv", header, rows, line_end="\n", encoding="utf-8")
    _write_borders(folder, region)
    _write_postcodes(folder, region)
    _write_coordinates(folder, region)


def _write_borders(folder: Path, region: ExampleRegion) -> None:
    year = region.timeline.newest
    rings = municipality_rings()
    municipalities = [
        _feature(
            rings[index],
            {
                "statcode": f"GM{m.code}",
                "jrstatcode": f"{year}GM{m.code}",
                "statnaam": m.name,
                "rubriek": "gemeente",
                "id": index + 1,
            },
        )
        for index, m in enumerate(region.land)
    ]
    _write_geojson(folder / f"gemeenten_{year}_klein.geojson", municipalities)
    parts = [
        _feature(
            dissolve(r for i, m in enumerate(region.land) if m.part == part for r in rings[i]), {"nuts3": part.name}
        )
        for part in PARTS
    ]
    _write_geojson(folder / f"corop_nuts3_{year}.geojson", parts)
    whole = _feature(dissolve(r for some in rings.values() for r in some), {"code": PROVINCE_CODE, "name": PROVINCE})
    _write_geojson(folder / f"provincies_{year}.geojson", [whole])


def _feature(rings: list[Ring], properties: dict[str, Any]) -> dict[str, Any]:
    shapes = [[[_degrees(point) for point in ring]] for ring in rings]
    geometry = (
        {"type": "Polygon", "coordinates": shapes[0]}
        if len(shapes) == 1
        else {"type": "MultiPolygon", "coordinates": shapes}
    )
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _degrees(point: tuple[float, float]) -> list[float]:
    return [
        round(ORIGIN_LON + point[0] / KM_PER_DEGREE_LON, DIGITS),
        round(ORIGIN_LAT + point[1] / KM_PER_DEGREE_LAT, DIGITS),
    ]


def _write_geojson(path: Path, features: list[dict[str, Any]]) -> None:
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    path.write_text('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n", encoding="utf-8")


def _write_postcodes(folder: Path, region: ExampleRegion) -> None:
    header = (
        "pc4",
        "plaats",
        "gemeente",
        "provincie",
        "corop",
        "inwoners",
        "inwoners_man",
        "inwoners_vrouw",
        "lat",
        "lon",
    )
    persons = persons_by_area(region, moment=0)
    rows = []
    for m in region.land:
        for area in m.areas:
            lon, lat = lon_lat(area.x_km, area.y_km)
            total = int(persons[area.pc4].sum())
            rows.append(
                (area.pc4, area.place, m.name, PROVINCE, m.part.name, total, total // 2, total - total // 2, lat, lon)
            )
    path = folder / f"pc4_gemeente_corop_centroide_{region.timeline.newest}.csv"
    write_table(path, header, rows, delimiter=",", line_end="\n", encoding="utf-8")


def _write_coordinates(folder: Path, region: ExampleRegion) -> None:
    header = (
        "vestigingscode", "brin_nummer", "naam", "type", "denominatie", "straat", "huisnummer", "huisletter",
        "huisnummertoevoeging", "postcode", "plaats", "gemeente", "provincie", "onderwijsgebied", "internetadres", "lon", "lat",
    )  # fmt: skip
    rows = []
    for location in (*region.schools.po, *region.schools.so, *region.schools.vo):
        if location.in_register:
            kind = location.kind if location.sector == "vo" else "basisschool"
            m = location.municipality
            rows.append((
                location.now.code, location.now.brin, location.now.name, kind, location.denomination, location.street,
                location.house_number, "", "", location.postcode, location.area.place, m.name.upper(), PROVINCE, m.part.name,
                "", *lon_lat(location.x_km, location.y_km),
            ))  # fmt: skip
    write_table(
        folder / f"schoollocaties_{region.timeline.newest}-11.csv", header, rows, line_end="\n", encoding="utf-8"
    )

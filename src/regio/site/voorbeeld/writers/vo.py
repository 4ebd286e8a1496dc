"""vo: pupil files of eight years in three layouts, home postcodes, and the publisher's prognosis."""

from pathlib import Path

import numpy as np

from regio.site.voorbeeld.chance import apportion
from regio.site.voorbeeld.geography import PROVINCE, distance_km
from regio.site.voorbeeld.programmes import PupilRow, pupil_rows
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.schools import Location
from regio.site.voorbeeld.timeline import NEWEST

from .prognosis import write_prognoses
from .text import masked, write_table

FIRST_NEW_LAYOUT = 2023  # count year from which codes are renamed and small counts masked
_COUNTS = tuple(f"LEER- OF VERBLIJFSJAAR {stage} - {gender}" for stage in range(1, 7) for gender in ("MAN", "VROUW"))
_TYPE = ("ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR", "VMBO SECTOR", "AFDELING")
_NAME = ("INSTELLINGSNAAM VESTIGING", "PLAATSNAAM VESTIGING", "PROVINCIE VESTIGING")
OLD_HEADER = ("BRIN NUMMER", "VESTIGINGSNUMMER", *_NAME, *_TYPE, "ELEMENTCODE", "OPLEIDINGSNAAM", *_COUNTS)
NEW_HEADER = (
    "INSTELLINGSCODE", "VESTIGINGSCODE", *_NAME, "SAMENWERKINGSVERBAND PASSEND ONDERWIJS VO", *_TYPE,
    "ERKENDE OPLEIDINGSCODE", "OPLEIDINGSNAAM", *_COUNTS,
)  # fmt: skip


def write_vo(folder: Path, region: ExampleRegion) -> None:
    """Write the vo files."""
    for moment in region.timeline.moments:
        year = region.timeline.year(moment)
        rows = pupil_rows(region.secondary, region.chance, moment)
        path = folder / f"01.-leerlingen-vo-per-vestiging-naar-onderwijstype-{year}.csv"
        if year >= FIRST_NEW_LAYOUT:
            write_table(path, NEW_HEADER, [_new_row(row, moment) for row in rows], quoted=True)
        else:
            write_table(path, OLD_HEADER, [_old_row(row, moment) for row in rows], line_end="\n")
    for moment in (NEWEST - 3, NEWEST):
        _write_origins(folder, region, moment)
    write_prognoses(folder, region)


def _start(row: PupilRow, moment: int) -> tuple[str, ...]:
    named = row.location.identity(moment)
    return (named.brin, named.suffix, named.name, row.location.area.place.upper(), PROVINCE)


def _old_row(row: PupilRow, moment: int) -> tuple[object, ...]:
    kind = row.programme
    return (
        *_start(row, moment),
        kind.kind,
        kind.sector,
        kind.department,
        kind.code,
        kind.name,
        *row.counts.ravel().tolist(),
    )


def _new_row(row: PupilRow, moment: int) -> tuple[object, ...]:
    kind = row.programme
    counts = [masked(count) for count in row.counts.ravel().tolist()]
    partnership = f"VO99{row.location.municipality.part.code}"
    return (*_start(row, moment), partnership, kind.kind, kind.sector, kind.department, kind.code, kind.name, *counts)


# ---------------------------------------------------------------- home postcodes
def _write_origins(folder: Path, region: ExampleRegion, moment: int) -> None:
    header = (
        "BRIN NUMMER", "VESTIGINGSNUMMER", "INSTELLINGSNAAM VESTIGING", "GEMEENTENUMMER", "GEMEENTENAAM", "POSTCODE LEERLING",
        "PLAATSNAAM LEERLING", "GEMEENTENUMMER LEERLING", "GEMEENTENAAM LEERLING",
        *(f"LEER- OF VERBLIJFSJAAR {stage}" for stage in range(1, 7)),
    )  # fmt: skip
    totals: dict[str, tuple[Location, np.ndarray]] = {}
    for index, location in enumerate(region.secondary.locations):
        stages = region.secondary.at(moment)[index].sum(axis=0)
        stages[:2] += region.secondary.isk_at(moment)[index]
        code = location.identity(moment).code
        totals[code] = (location, stages + totals[code][1] if code in totals else stages)
    rows = [row for code in sorted(totals) for row in _origin_rows(region, *totals[code], moment=moment)]
    year = region.timeline.year(moment)
    write_table(folder / f"02.-leerlingen-per-vestiging-naar-postcode-en-leerjaar-{year}.csv", header, rows)


def _origin_rows(
    region: ExampleRegion, location: Location, stages: np.ndarray, *, moment: int
) -> list[tuple[object, ...]]:
    named = location.identity(moment)
    homes = [(m, area) for m in region.land for area in m.areas]
    near = np.array([
        m.share * area.weight * np.exp(-distance_km(area.x_km, area.y_km, location.x_km, location.y_km) / region.truth.intake_distance_km)
        for m, area in homes
    ])  # fmt: skip
    near[near < near.max() * 0.01] = 0.0
    parts = np.stack([apportion(int(total), near) for total in stages], axis=1)
    start = (named.brin, named.suffix, named.name, location.municipality.code, location.municipality.name)
    return [
        (*start, area.pc4, area.place.upper(), m.code, m.name, *counts.tolist())
        for (m, area), counts in zip(homes, parts, strict=True)
        if counts.sum()
    ]

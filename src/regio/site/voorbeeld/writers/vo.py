"""vo: pupil files of eight years in three layouts, home postcodes, and the publisher's prognosis old and new."""

from pathlib import Path

import numpy as np

from regio.site.voorbeeld.chance import apportion
from regio.site.voorbeeld.geography import PROVINCE, distance_km
from regio.site.voorbeeld.primary import END
from regio.site.voorbeeld.programmes import PupilRow, pupil_rows
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.schools import Location
from regio.site.voorbeeld.timeline import NEWEST
from regio.site.voorbeeld.truth import LEVELS

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
OLD_EDITION_YEARS = 20
_GROUPS = {"BRJ": "brugjaar", "VMBO": "vmbo", "HAVO": "havo", "VWO": "vwo", "PRO": "pro"}


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
    _write_prognoses(folder, region)


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


# ---------------------------------------------------------------- somebody else's forecast
def _by_school(region: ExampleRegion, moment: int) -> dict[str, dict[str, int]]:
    """Return true pupils per BRIN and group of the publisher at a moment, codes as they are now."""
    found: dict[str, dict[str, int]] = {}
    moment = min(moment, END)  # beyond what is simulated nothing changes any more
    counts = region.secondary.at(moment)
    for index, location in enumerate(region.secondary.locations):
        groups = found.setdefault(location.now.brin, dict.fromkeys(_GROUPS, 0))
        levels = dict(zip(LEVELS, counts[index], strict=True))
        groups["PRO"] += int(levels["pro"].sum())
        groups["BRJ"] += int(sum(levels[k][:2].sum() for k in LEVELS[1:])) + int(
            region.secondary.isk_at(moment)[index].sum()
        )
        groups["VMBO"] += int(sum(levels[k][2:].sum() for k in LEVELS[1:4]))
        groups["HAVO"] += int(levels["havo"][2:].sum())
        groups["VWO"] += int(levels["vwo"][2:].sum())
    return found


def _prognosis(region: ExampleRegion, *, known: int, moment: int) -> dict[str, dict[str, float]]:
    """Return a forecast made at `known`: the truth with a miss that grows, 2 % too high on the whole after five years."""
    ahead = moment - known
    truth = _by_school(region, moment)
    miss = region.chance.of("prognose", moment).standard_normal((len(truth), len(_GROUPS)))
    return {
        brin: {
            group: round(max(value * (1 + 0.004 * ahead + 0.03 * ahead**0.5 * miss[row, column]), 0), 1)
            if ahead > 0
            else value
            for column, (group, value) in enumerate(groups.items())
        }
        for row, (brin, groups) in enumerate(truth.items())
    }


def _write_prognoses(folder: Path, region: ExampleRegion) -> None:
    """Write one old edition (wide, made two years ago) and the present one (long)."""
    timeline = region.timeline
    known = NEWEST - 2
    moments = range(known + 1 + OLD_EDITION_YEARS)  # counts first, then twenty years ahead
    old = {moment: _prognosis(region, known=known, moment=moment) for moment in moments}
    columns = [f"{group}.{timeline.year(moment)}" for moment in moments for group in (*_GROUPS, "totaal")]
    rows = []
    for brin in old[0]:
        cells: list[object] = []
        for moment in moments:
            groups = old[moment][brin]
            cells += [*(_plain(value) for value in groups.values()), _plain(round(sum(groups.values()), 1))]
        rows.append((brin, *cells))
    first, last = timeline.year(0), timeline.year(moments[-1])
    write_table(folder / f"11-leerlingenprognose-vo-{first}-{last}.csv", ("BRIN NUMMER", *columns), rows)
    new = {moment: _prognosis(region, known=NEWEST, moment=moment) for moment in range(NEWEST + 1, END + 1)}
    long = [
        (brin, group if group != "BRJ" else "BRUGJAAR", timeline.year(moment), _plain(value))
        for moment, schools in new.items() for brin, groups in schools.items() for group, value in groups.items()
    ]  # fmt: skip
    header = ("INSTELLINGSCODE", "ONDERWIJSNIVEAU", "JAAR", "PROGNOSEAANTALLEN")
    write_table(folder / f"brin4_prognosesvo-{timeline.newest}.csv", header, long, delimiter=",", encoding="utf-8")


def _plain(value: float) -> str:
    return f"{value:g}" if value < 1e5 else str(value)

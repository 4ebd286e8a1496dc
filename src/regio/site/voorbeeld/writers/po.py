"""po and so: pupils by age (with home postcode up to 2022, by kind and cluster after), group 8, distance to school."""

import gzip
from pathlib import Path

import numpy as np

from regio.shared.formatting import school_year
from regio.site.voorbeeld.chance import apportion
from regio.site.voorbeeld.geography import PROVINCE, Municipality, PostcodeArea, distance_km
from regio.site.voorbeeld.primary import SO_AGES, START
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.schools import Location
from regio.site.voorbeeld.timeline import NEWEST
from regio.site.voorbeeld.truth import PO_AGES

from .text import masked, write_table

FIRST_NEW_LAYOUT = 2023
_AGES = tuple(range(4, 25))
_AGE_COLUMNS = ("LEEFTIJD_JONGER", *(f"LEEFTIJD_{age}" for age in _AGES), "LEEFTIJD_OUDER")
OLD_HEADER = (
    "PEILDATUM", "GEMEENTENUMMER", "GEMEENTENAAM", "POSTCODE_LEERLING", "GEMEENTENAAM_LEERLING", "BRIN_NUMMER",
    "VESTIGINGSNUMMER", "INSTELLINGSNAAM_VESTIGING", "POSTCODE_VESTIGING", "PLAATSNAAM", "PROVINCIE", "SOORT_PO",
    "DENOMINATIE_VESTIGING", "BEVOEGD_GEZAG_NUMMER", *_AGE_COLUMNS, "TOTAAL",
)  # fmt: skip
NEW_HEADER = (
    "PEILDATUM", "GEMEENTENUMMER", "GEMEENTENAAM", "INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM_VESTIGING",
    "POSTCODE_VESTIGING", "PLAATSNAAM", "PROVINCIE", "SOORT_PO", "CLUSTER", "DENOMINATIE_VESTIGING", "BEVOEGD_GEZAG_NUMMER",
    *_AGE_COLUMNS,
)  # fmt: skip
_HOME_KM = 1.6  # attraction of a school falls by exp(-distance / this)


def write_po(folder: Path, region: ExampleRegion) -> None:
    """Write the files of po and so."""
    for moment in region.timeline.moments:
        _write_ages(folder, region, moment)
    for moment in region.timeline.exam_moments[-3:]:
        _write_group_8(folder, region, moment)
    _write_distance(folder, region)


Line = tuple[Location, str, str, "np.ndarray"]  # location, SOORT_PO, cluster, pupils by age 4-24


def _lines(region: ExampleRegion, moment: int) -> list[Line]:
    """Return one line per location and kind; a school for special education has so and vso."""
    lines: list[Line] = []
    for location, ages in zip(region.schools.po, region.primary.at(moment), strict=True):
        lines.append((location, location.kind, "", _padded(ages, PO_AGES)))
    for location, ages in zip(region.schools.so, region.primary.so[moment - START], strict=True):
        padded = _padded(ages, SO_AGES)
        young = np.array(_AGES) <= 12
        lines += [(location, "So", "4", padded * young), (location, "Vso", "4", padded * ~young)]
    return lines


def _padded(counts: np.ndarray, ages: tuple[int, ...]) -> np.ndarray:
    padded = np.zeros(len(_AGES), np.int64)
    padded[ages[0] - _AGES[0] : ages[-1] - _AGES[0] + 1] = counts
    return padded


def _write_ages(folder: Path, region: ExampleRegion, moment: int) -> None:
    year = region.timeline.year(moment)
    if year >= FIRST_NEW_LAYOUT:
        rows = [_new_row(line, year) for line in _lines(region, moment)]
        path = folder / f"01.-leerlingen-po-soort-po-cluster-leeftijd-{school_year(year)}.csv"
        write_table(path, NEW_HEADER, rows, quoted=True)
        return
    homes = [(m, area) for m in region.land for area in m.areas]
    rows = [row for line in _lines(region, moment) for row in _home_rows(line, homes, year)]
    path = folder / f"leerlingen-po-per-gemeente-postcode-leerling-leeftijd-{school_year(year)}.csv"
    write_table(path, OLD_HEADER, rows, line_end="\n")
    if moment == 0:  # the publisher's oldest files come packed
        packed = path.with_suffix(".csv.gz")
        packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        path.unlink()


def _new_row(line: Line, year: int) -> tuple[object, ...]:
    location, kind, cluster, ages = line
    m, named = location.municipality, location.now
    return (
        f"{year}1001", int(m.code), m.name, named.brin, named.suffix, named.name, location.postcode, location.area.place.upper(),
        PROVINCE, kind, cluster, location.denomination, location.board.code, "0", *(masked(count) for count in ages.tolist()), "0",
    )  # fmt: skip


def _home_rows(line: Line, homes: list[tuple[Municipality, PostcodeArea]], year: int) -> list[tuple[object, ...]]:
    location, kind, _, ages = line
    reach = _HOME_KM if location.sector == "po" else 12.0
    near = np.array([
        m.share * area.weight / len(m.areas) * np.exp(-distance_km(area.x_km, area.y_km, location.x_km, location.y_km) / reach)
        for m, area in homes
    ])  # fmt: skip
    near[near < near.max() * 0.02] = 0.0
    parts = np.stack([apportion(int(count), near) for count in ages], axis=1)
    m, named = location.municipality, location.now
    before = (f"{year}1001", int(m.code), m.name)
    after = (
        named.brin, named.suffix, named.name, location.postcode, location.area.place.upper(), PROVINCE, kind,
        location.denomination, location.board.code,
    )  # fmt: skip
    return [
        (*before, area.pc4, home.name, *after, 0, *counts.tolist(), 0, int(counts.sum()))
        for (home, area), counts in zip(homes, parts, strict=True)
        if counts.sum()
    ]


def _write_group_8(folder: Path, region: ExampleRegion, moment: int) -> None:
    tests = ("CET", "IEP", "ROUTE8", "DIA", "AMN")
    header = (
        "PEILDATUM_LEERLINGEN", "PRIKDATUM_SCORES", "BRIN_NUMMER", "VESTIGINGSNUMMER", "INSTELLINGSNAAM_VESTIGING",
        "POSTCODE_VESTIGING", "PLAATSNAAM", "GEMEENTENUMMER", "GEMEENTENAAM", "PROVINCIE", "SOORT_PO", "DENOMINATIE_VESTIGING",
        "BEVOEGD_GEZAG_NUMMER", "LEERJAAR_8", "ONTHEFFING_REDEN_ND", *(f"{t}_{w}" for t in tests for w in ("AANTAL", "GEM")),
    )  # fmt: skip
    year = region.timeline.year(moment)
    generator = region.chance.of("eindtoets", moment)
    rows = []
    for location, pupils in zip(region.schools.po, region.primary.group_8(moment).tolist(), strict=True):
        named, m = location.now, location.municipality
        chosen = int(named.brin[3] >= "M")
        score = f"{generator.normal((535.5, 80.5)[chosen], 2.5):.12f}".rstrip("0").replace(".", ",")
        cells = [(pupils, score) if index == chosen and pupils else (0, " ") for index in range(len(tests))]
        rows.append((
            f"{year + 1}0417", f"{year + 1}0725", named.brin, named.suffix, named.name, location.postcode,
            location.area.place.upper(), f"{int(m.code):>4}", m.name, PROVINCE, location.kind, location.denomination,
            location.board.code, pupils, 0, *(c for pair in cells for c in pair),
        ))  # fmt: skip
    write_table(folder / f"gemiddelde-eindscores-bo-sbo-{school_year(year)}.csv", header, rows, line_end="\n")


def _write_distance(folder: Path, region: ExampleRegion) -> None:
    header = (
        "PEILDATUM", "BRIN_NUMMER", "VESTIGINGSNUMMER", "INSTELLINGSNAAM_VESTIGING", "POSTCODE_VESTIGING", "PLAATSNAAM",
        "GEMEENTENUMMER", "GEMEENTENAAM", "PROVINCIE", "SOORT_PO", "DENOMINATIE_VESTIGING", "BEVOEGD_GEZAG_NUMMER", "AFSTAND",
        "LEERLINGEN",
    )  # fmt: skip
    year = region.timeline.newest
    generator = region.chance.of("afstand")
    rows = []
    for location, kind, _, ages in _lines(region, NEWEST):
        named, m = location.now, location.municipality
        metres = generator.gamma(12.0, 1 / 12) * (850 if location.sector == "po" else 8200)
        rows.append((
            f"{year}1001", named.brin, named.suffix, named.name, location.postcode, location.area.place.upper(), int(m.code),
            m.name, PROVINCE, kind, location.denomination, location.board.code, f"{metres:.11f}".replace(".", ","), int(ages.sum()),
        ))  # fmt: skip
    path = folder / f"gemiddelde-afstand-tussen-woonadres-leerling-en-schoolvestiging-{school_year(year)}.csv"
    write_table(path, header, rows, line_end="\n")

"""Inhabitants by postcode area and five-year class, on the first and the last January of the eight years."""

from pathlib import Path

import numpy as np

from regio.site.voorbeeld.chance import Counts, Numbers, apportion
from regio.site.voorbeeld.geography import INHABITANTS
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.timeline import NEWEST

from .text import write_table

CLASSES = 20
# part of the inhabitants per five-year class, from 0-4 to 95 and older; the land as a whole
_SHAPE = np.array([
    4.9, 5.1, 5.5, 5.8, 6.4, 6.6, 6.3, 6.0, 5.8, 6.2, 7.3, 7.2, 6.6, 5.9, 5.4, 4.2, 2.6, 1.5, 0.6, 0.1,
])  # fmt: skip
_YOUNG = np.clip(1 - np.arange(CLASSES) / 9, 0, 1)  # how strongly a class follows the births of the part


def persons_by_area(region: ExampleRegion, *, moment: int) -> dict[str, Counts]:
    """Return inhabitants per postcode area and class, rounded to 5 as the publisher does."""
    found = {}
    for m in region.land:
        ages = np.arange(CLASSES) * 5 - 4 + 2  # how many years after age 4 the middle of the class is
        births = (1 + m.part.trend_per_year) ** (moment - NEWEST - ages * _YOUNG)
        shape: Numbers = _SHAPE / _SHAPE.sum() * (1 + (births - 1) * _YOUNG)
        total = INHABITANTS * m.share * shape
        weights = np.array([area.weight for area in m.areas])
        parts = np.stack([apportion(round(float(count) / 5), weights) * 5 for count in total], axis=1)
        found.update({area.pc4: part for area, part in zip(m.areas, parts, strict=True)})
    return found


def write_population(folder: Path, region: ExampleRegion) -> None:
    """Write the wide table of the first year and the long one of the last."""
    _write_wide(folder, region, moment=0)
    year = region.timeline.newest
    rows = [
        (pc4, _class_name(index), count, count // 10 * 5, count - count // 10 * 5)
        for pc4, counts in persons_by_area(region, moment=NEWEST).items() for index, count in enumerate(counts.tolist())
    ]  # fmt: skip
    header = ("pc4", "leeftijd", "inwoners", "inwoners_man", "inwoners_vrouw")
    path = folder / f"inwoners_pc4_leeftijd5_{year}-01-01.csv"
    write_table(path, header, rows, delimiter=",", line_end="\n", encoding="utf-8")


def _class_name(index: int) -> str:
    return f"{5 * index}-{5 * index + 4}" if index < CLASSES - 1 else "95+"


def _write_wide(folder: Path, region: ExampleRegion, *, moment: int) -> None:
    ages = [f"k_{5 * i}Tot{5 * i + 5}Jaar" for i in range(CLASSES - 1)] + ["k_95JaarOfOuder"]
    groups = ("TotaalMannenEnVrouwen", *ages, "TotaalMannen", *ages, "TotaalVrouwen", *ages)
    origin = (
        "TotaalAllochtonen", "WesterseAllochtoon", "NietWesterseAllochtoon", "TotaalParticuliereHuishoudens",
        "Eenpersoonshuishoudens", "MeerpersoonshuishoudensZonderKinderen", "MeerpersoonshuishoudensMetKinderen",
        "GemiddeldeHuishoudensgrootte", "Gemeentecode", "Gemeentenaam",
    )  # fmt: skip
    header = ("PostcodesOp1Januari", *(f"{name}_{i}" for i, name in enumerate((*groups, *origin), start=1)))
    persons = persons_by_area(region, moment=moment)
    rows = []
    for m in region.land:
        parts = {area.pc4: persons[area.pc4] for area in m.areas}
        for code, counts in (*parts.items(), (f"1{m.code}", np.sum(list(parts.values()), axis=0))):
            men = counts // 10 * 5
            cells = [[int(some.sum()), *some.tolist()] for some in (counts, men, counts - men)]
            rows.append((code, *(c for group in cells for c in group), *([""] * 7), "2.2", int(m.code), m.name))
    path = folder / f"bevolking_pc4_en_gemeente_leeftijd5_{region.timeline.year(moment)}-01-01.csv"
    write_table(path, header, rows, delimiter=",", line_end="\n", encoding="utf-8")

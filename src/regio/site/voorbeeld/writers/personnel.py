"""Personnel per board and school: a workbook in persons and one in fte per sector, eight years wide.

Teachers follow the learners of the year before, since staff changes later than classes. Small numbers are suppressed
as the publisher does: `<5` in persons, `*` in fte.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import xlsxwriter

from regio.site.voorbeeld.chance import Generator, Numbers
from regio.site.voorbeeld.primary import START as PO_START
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.schools import Location
from regio.site.voorbeeld.timeline import NEWEST

from .text import MASKED_BELOW

TEACHERS, SUPPORT, LEADERS = "Onderwijsgevend personeel", "Onderwijsondersteunend personeel (OOP/OBP)", "Directie"


@dataclass(frozen=True)
class SectorStaff:
    """Teachers in service at the newest count [persons], part per function group and mean fte per person."""

    sector: str
    kind: str  # ONDERWIJSTYPE
    teachers: int
    support_per_teacher: float
    leaders_per_teacher: float
    fte_per_person: float
    mean_age_years: float


SECTORS = (
    SectorStaff("po", "BAO", 1_700, 0.26, 0.06, 0.73, 43.6),
    SectorStaff("vo", "VO", 2_700, 0.31, 0.04, 0.80, 45.2),
    SectorStaff("mbo", "MBO", 650, 0.58, 0.03, 0.82, 47.8),
    SectorStaff("so", "WEC", 62, 0.95, 0.06, 0.76, 43.0),
)


def write_personnel(folder: Path, region: ExampleRegion) -> None:
    """Write two workbooks per sector."""
    years = [region.timeline.year(moment) for moment in region.timeline.moments]
    span = f"{years[0]}-{years[-1]}"
    for staff in SECTORS:
        persons = _persons(region, staff)
        _write_book(
            folder / f"01.-onderwijspersoneel-{staff.sector}-in-personen-{span}.xlsx",
            sheet="owtype-best-instelling",
            measures=("PERSONEN",),
            region=region,
            rows=[(*keys, *_shown(counts, "<5")) for keys, counts in persons],
        )
        _write_book(
            folder / f"02.-onderwijspersoneel-{staff.sector}-in-fte-{span}.xlsx",
            sheet="per owtype-bestuur-brin-functie",
            measures=("FTE'S", "GEMIDDELDE LEEFTIJD"),
            region=region,
            rows=[_fte_row(region, staff, keys=keys, counts=counts) for keys, counts in persons],
        )


Keys = tuple[str, str, str, str]  # ONDERWIJSTYPE, BEVOEGD GEZAG, INSTELLINGSCODE, FUNCTIEGROEP


def _persons(region: ExampleRegion, staff: SectorStaff) -> list[tuple[Keys, Numbers]]:
    """Return persons per year for every school and function group; the newest year has the asked total."""
    learners = _learners(region, staff.sector)
    generator = region.chance.of(f"personeel-{staff.sector}")
    found: list[tuple[Keys, Numbers]] = []
    for group, part in ((TEACHERS, 1.0), (SUPPORT, staff.support_per_teacher), (LEADERS, staff.leaders_per_teacher)):
        usual = {brin: counts * _wobble(generator, len(counts)) for brin, (_, counts) in sorted(learners.items())}
        per_learner = part * staff.teachers / sum(counts[NEWEST] for counts in usual.values())
        for brin, counts in usual.items():
            persons = np.maximum(np.rint(counts * per_learner), 1 if group == LEADERS else 0)
            found.append(((staff.kind, learners[brin][0], brin, group), np.where(counts > 0, persons, 0)))
    return sorted(found, key=lambda row: row[0][2])


def _wobble(generator: Generator, years: int) -> Numbers:
    """Return a factor per year that wanders a little around 1."""
    return np.exp(np.cumsum(generator.standard_normal(years)) * 0.012 + generator.standard_normal() * 0.05)


def _learners(region: ExampleRegion, sector: str) -> dict[str, tuple[str, Numbers]]:
    """Return board and learners per year of each school, each year averaged with the one before."""
    found: dict[str, tuple[str, Numbers]] = {}
    moments = list(region.timeline.moments)
    for index, location in enumerate(_locations(region, sector)):
        counts = {moment: _count(region, sector, index, moment) for moment in (moments[0] - 1, *moments)}
        for moment in moments:
            brin = location.identity(moment).brin
            board, series = found.setdefault(brin, (location.board.code, np.zeros(len(moments))))
            series[moment] += (counts[moment] + counts[moment - 1]) / 2
            found[brin] = (board, series)
    return found


def _locations(region: ExampleRegion, sector: str) -> tuple[Location, ...]:
    schools = region.schools
    return {"po": schools.po, "vo": schools.vo, "mbo": schools.mbo, "so": schools.so}[sector]


def _count(region: ExampleRegion, sector: str, index: int, moment: int) -> float:
    if sector == "vo":
        return float(region.secondary.at(moment)[index].sum() + region.secondary.isk_at(moment)[index].sum())
    if sector == "mbo":
        return float(region.vocational.at(moment)[index].sum())
    return float((region.primary.at(moment) if sector == "po" else region.primary.so[moment - PO_START])[index].sum())


def _shown(counts: Numbers, mark: str) -> list[object]:
    """Return counts as the publisher shows them; none at all is an empty cell."""
    return ["" if count == 0 else mark if count < MASKED_BELOW else int(count) for count in counts.tolist()]


def _fte_row(region: ExampleRegion, staff: SectorStaff, *, keys: Keys, counts: Numbers) -> tuple[object, ...]:
    generator = region.chance.of(f"fte-{keys[2]}-{keys[3]}")
    per_person = {LEADERS: 0.93}.get(keys[3], staff.fte_per_person) + generator.normal(0, 0.02)
    age = staff.mean_age_years + generator.normal(0, 2.2)
    cells: list[object] = []
    for year, count in enumerate(counts.tolist()):
        small = count < MASKED_BELOW
        hidden = "" if count == 0 else "*"
        cells.append(hidden if small else round(count * per_person, 1))
        cells.append(hidden if small else round(age + 0.08 * year, 1))
    return (*keys, *cells)


def _write_book(
    path: Path, *, sheet: str, measures: tuple[str, ...], region: ExampleRegion, rows: list[tuple[object, ...]]
) -> None:
    years = [region.timeline.year(moment) for moment in region.timeline.moments]
    header = ("ONDERWIJSTYPE", "BEVOEGD GEZAG", "INSTELLINGSCODE", "FUNCTIEGROEP")
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"title": path.stem, "created": datetime(region.timeline.newest + 1, 3, 1)})
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, [*header, *(f"{measure} {year}" for year in years for measure in measures)])
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, row)

"""How learners and need change until the horizon, for the sentence a page opens with."""

from datetime import date

from regio.regions.enums import Sector
from regio.shared.charts import Point
from regio.shared.figures import Cell

from ..enums import SUBJECT_PREFIX, Grade, Measure
from ..models import Position
from ..queries import ALL, Series
from ..sentences import SectorChange, SubjectChange, horizon_year
from .ground import by_year, items_of, mean_at

VMBO_PROFILE = "vmbo\u2011profiel"


def sector_change(series: Series, sector: str, base: int, today: date | None = None) -> SectorChange | None:
    """Return what a sector does in the five years after its last count, or until the last year of the run.

    None without a forecast. What was not counted in the base year has no learners then: a location that opens later.
    """
    points = series.get((Measure.LEARNERS, sector, ALL), ())
    if not points or points[-1].year <= base:
        return None
    target = min(horizon_year(base, today), points[-1].year)
    learners, need = by_year(points), by_year(series.get((Measure.REQUIRED_FTE, sector, ALL), ()))
    return SectorChange(
        sector=Sector(sector), base_year=base, target_year=target, learners_now=mean_at(points, base),
        learners_then=learners[target], fte_now=need.get(base), fte_then=need.get(target),
        fte_difference=by_year(series.get((Measure.REQUIRED_FTE_CHANGE, sector, ALL), ())).get(target),
    )  # fmt: skip


def subject_changes(
    series: Series, positions: dict[str, Position], *, sector: str, years: tuple[int, int]
) -> list[SubjectChange]:
    """Return the change in need per subject, profile or function [fte], what is left over of all subjects excepted."""
    needs = {item: points for item, points in subject_needs(series, sector).items() if not _is_remainder(item)}
    return [
        _subject_change(series, item, points, positions, sector=sector, years=years) for item, points in needs.items()
    ]


def _subject_change(
    series: Series, item: str, points: tuple[Point, ...], positions: dict[str, Position], *, sector: str,
    years: tuple[int, int],
) -> SubjectChange:  # fmt: skip
    name, is_profile = subject_of(item, positions)
    band = by_year(series.get((Measure.REQUIRED_FTE_CHANGE, sector, item), ())).get(years[1])
    now, then = (mean_at(points, year) for year in years)
    low, high = (band.low, band.high) if band else (None, None)
    return SubjectChange(name, now, then, is_profile, low, high)


def subject_needs(series: Series, sector: str) -> dict[str, tuple[Point, ...]]:
    """Return need per subject where the run has subjects (profiles and functions stay), else per position."""
    needs = items_of(series, Measure.REQUIRED_FTE, sector)
    with_subjects = {item.removeprefix(SUBJECT_PREFIX) for item in needs if item.startswith(SUBJECT_PREFIX)}
    return {
        item: points
        for item, points in needs.items()
        if item.split(":")[1] not in with_subjects or item.startswith(SUBJECT_PREFIX)
    }


def _is_remainder(item: str) -> bool:
    return item.split(":")[1] in ("overig", "profiel_overig")


def subject_of(item: str, positions: dict[str, Position]) -> tuple[str, bool]:
    """Return the name of a subject, profile or function without its grade, and whether it is a vmbo profile."""
    if item.startswith(SUBJECT_PREFIX):
        code = item.removeprefix(SUBJECT_PREFIX)
        item = next((key for key, position in positions.items() if position.specialism == code), code)
    position = positions.get(item)
    if position is None:
        return item, False
    return position.name.removesuffix(f" ({position.grade})").removeprefix("profiel "), position.is_vmbo_profile


def position_cell(item: str, positions: dict[str, Position]) -> Cell:
    name, is_profile = subject_of(item, positions)
    position = positions.get(item)
    grade = position.grade if position and position.grade != Grade.NONE else ""
    return Cell(name[:1].upper() + name[1:], note=VMBO_PROFILE if is_profile else grade)

"""What all figures of one scope share: where they come from, and small helpers on series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import isnan, nan

from regio.regions.enums import Sector
from regio.shared.charts import Point

from ..queries import ALL, Scope, Series

BAND = "Band: 80\u00a0% zekerheid."
HORIZON = 5
MOST_YEARS_ACROSS = 6  # expected years beside each other; more of them push the band out of sight
BETWEEN_YEARS = " (de jaren ertussen staan in de CSV)"
NO_BAND = "geen band bekend"
COUNTED, COMPUTED, EXPECTED = "telling", "berekend", "verwachting"  # what a number in a CSV is


@dataclass(frozen=True)
class Ground:
    """What all figures of one scope in one run share."""

    scope: Scope
    run: int
    base_year: int
    base_date: date | None
    source: str
    exam_year: int = 0  # year of the last exams that were counted; 0 where the run does not say

    def address(self, slug: str) -> str:
        """The permanent path of a figure, without suffix; none for a figure that belongs to no run."""
        if not self.run:
            return ""
        return f"/cijfer/{self.run}/{self.scope.kind}/{self.scope.code}/{slug}"


def records_of(
    kind: str, rows: Iterable[tuple[str, tuple[Point, ...]]], ground: Ground, *, known_as: str = COUNTED
) -> list[dict[str, object]]:
    """Return one record per row and year; `known_as` says what the years up to the base year are."""
    return [
        {
            "voor": ground.scope.name, kind: name, "jaar": point.year,
            "soort": known_as if point.year <= ground.base_year else EXPECTED,
            "gemiddelde": point.mean, "p10": point.low, "p90": point.high,
        }
        for name, points in rows for point in points
    ]  # fmt: skip


def without_band(year: int, mean: float) -> Point:
    """Return a mean of which no band is known: sums of means, because bands do not add."""
    return Point(year, mean, nan, nan)


def has_band(point: Point) -> bool:
    """Whether a band is known and has a width."""
    return not isnan(point.low) and point.low != point.high


def band_fields(point: Point) -> dict[str, object]:
    """Return the last columns of a CSV: both ends, empty where no band is known, and the words that say so."""
    return {"p10": point.low, "p90": point.high, "toelichting": NO_BAND if isnan(point.low) else ""}


def shown_years(ahead: list[int]) -> list[int]:
    """Return the expected years that fit beside each other: each, or every second or third back from the last."""
    step = -(-len(ahead) // MOST_YEARS_ACROSS) or 1
    return ahead[::-1][::step][::-1]


def caption_end(ahead: list[int]) -> str:
    """Return what a caption adds where not every year fits."""
    return BETWEEN_YEARS if shown_years(ahead) != ahead else ""


def word_for(sector: str) -> str:
    return "studenten" if sector == Sector.MBO else "leerlingen"


def items_of(series: Series, measure: str, sector: str) -> dict[str, tuple[Point, ...]]:
    return {
        item: points
        for (m, s, item), points in series.items()
        if (m, s) == (measure, sector) and item != ALL and any(p.mean for p in points)
    }


def place_in(value: str, order: list[str]) -> int:
    return order.index(value) if value in order else len(order)


def by_year(points: tuple[Point, ...]) -> dict[int, Point]:
    return {point.year: point for point in points}


def mean_at(points: tuple[Point, ...], year: int) -> float:
    return next((point.mean for point in points if point.year == year), 0.0)

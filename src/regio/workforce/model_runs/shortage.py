"""A staff run as rows to keep: shortage open and hidden, staff and surplus, flows by cause, ages and spreads per scope.

Need is not among these rows: pages show one need, which `need` makes from rule and staff run together. A cause that
moves nothing in a year has no row. Only what `shortage_grain` allows becomes a row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio.workforce.enums import Measure, StaffFlow
from regio.workforce.queries import ALL
from regio_engine.staff.contract import YOUNGEST, StaffContext, StaffDraws
from regio_engine.staff.several_jobs import SeveralJobs, counted_again
from regio_engine.staff.summaries import Quantity, Sums, age_rows, item_sums, spread_rows, staff_rows
from regio_engine.staff.waterfall import scope_contributions
from regio_engine.units import MILLI_PER_FTE

from .rows import ForecastResult, Row, scope_row, value_row
from .shortage_grain import SMALL_SCOPES, ShownScope

MEASURES = {
    Quantity.STOCK: Measure.STAFFED_FTE,
    Quantity.QUALIFIED: Measure.QUALIFIED_FTE,
    Quantity.SHORTAGE: Measure.SHORTAGE_FTE,
    Quantity.OPEN: Measure.UNFILLED_FTE,
    Quantity.HIDDEN: Measure.HIDDEN_FTE,
    Quantity.SURPLUS: Measure.SURPLUS_FTE,
}
FLOWS = tuple(StaffFlow)  # in the order of `waterfall.contributions`: two parts of the need, then `contract.Flow`
AGE_BANDS = (YOUNGEST, *range(25, 70, 5))  # under 25, then five years each, 65 and over


@dataclass(frozen=True)
class StaffForecast:
    """The simulated staff of one sector of a region.

    Attributes:
        sector: po, so, vo or mbo.
        context: what was simulated.
        drawn: what was found.
        held_need: need per cell and year with the rule of the base year, summed over draws, shape (cells, years + 1).
        boards: board of each place.
        origins: board → `StaffOrigin`, of every board of the region with learners in this sector.
        group_of: position code → subject group.
        several_jobs: people of own files with more than one employment; they are one head.
        cost_eur: mean cost per place and year [euro], shape (places, years + 1); None where nothing tells it.
    """

    sector: str
    context: StaffContext
    drawn: StaffDraws
    held_need: NDArray[np.int64]
    boards: tuple[str, ...]
    origins: Mapping[str, str]
    group_of: Mapping[str, str]
    several_jobs: tuple[SeveralJobs, ...] = ()
    cost_eur: NDArray[np.float64] | None = None

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.drawn.outputs.shape[-1])


def add_shortage(result: ForecastResult, staff: StaffForecast, shown: Iterable[ShownScope]) -> None:
    """Add the rows of these scopes to the result."""
    for scope in shown:
        sums = item_sums(staff.context, staff.drawn, places=scope.places, items=scope.items)
        for item, total in sums:
            result.rows += _values(staff, scope, item, total)
            if item == ALL or scope.kind not in SMALL_SCOPES:  # a section of two people has no waterfall worth a page
                result.flows += _flows(staff, scope, item)
            if item in scope.spread_items:
                result.spreads += _spreads(staff, scope, item, total)
        result.ages += _ages(staff, scope)


def _values(staff: StaffForecast, scope: ShownScope, item: str, total: Sums) -> Iterator[Row]:
    for row in staff_rows(item, total, years=staff.drawn.years):
        if row.quantity in MEASURES:
            numbers = (row.mean, row.p10, row.p50, row.p90)
            yield value_row(scope.kind, scope.code, MEASURES[row.quantity], staff.sector, item, row.year, *numbers)


def _flows(staff: StaffForecast, scope: ShownScope, item: str) -> Iterator[Row]:
    parts = scope_contributions(
        staff.context,
        staff.drawn,
        need_with_rule_held=staff.held_need,
        places=scope.places,
        positions=scope.items[item],
    )
    means = parts / (MILLI_PER_FTE * staff.draws)
    for y, year in enumerate(staff.drawn.years[1:]):
        for number in np.flatnonzero(parts[y]):
            yield scope_row(scope.kind, scope.code, staff.sector) | {
                "item": item, "flow": str(FLOWS[number]), "count_year": year, "mean_fte": float(means[y, number]),
            }  # fmt: skip


def _spreads(staff: StaffForecast, scope: ShownScope, item: str, total: Sums) -> Iterator[Row]:
    for row in spread_rows(item, total, years=staff.drawn.years, quantity=Quantity.SHORTAGE):
        yield scope_row(scope.kind, scope.code, staff.sector) | {
            "item": item, "measure": str(MEASURES[row.quantity]), "count_year": row.year, "quantiles": list(row.quantiles),
        }  # fmt: skip


def _ages(staff: StaffForecast, scope: ShownScope) -> Iterator[Row]:
    rows = age_rows(staff.drawn, places=scope.places, draws=staff.draws, youngest=YOUNGEST, band_floors=AGE_BANDS)
    years = staff.drawn.years
    again = counted_again(staff.several_jobs, staff.context.rates, places=scope.places, years=len(years) - 1)
    for row in rows:
        twice = float(again[row.year - years[0], row.youngest - YOUNGEST : row.oldest - YOUNGEST + 1].sum())
        yield scope_row(scope.kind, scope.code, staff.sector) | {
            "youngest": row.youngest, "oldest": row.oldest, "count_year": row.year,
            "mean_persons": round(max(row.mean_persons - twice, 0.0), 4),
        }  # fmt: skip

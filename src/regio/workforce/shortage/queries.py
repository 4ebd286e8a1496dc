"""What is read about staff and shortage in a run: flows, ages, the whole spread, and the shortage of parts.

Values per year (bezetting, tekort …) come with `queries.series_of`, as all other series of a scope do.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import nan

from regio.regions.models import SchoolLocation
from regio.regions.queries import locations_in
from regio.shared.charts import Point

from ..enums import Measure, ScopeKind
from ..models import ForecastFlow, ForecastRun, ForecastSpread, ForecastValue, StaffAgeGroup
from ..queries import ALL, Scope, is_private, without_private
from ..rules import private_codes, sees_sums

Flows = dict[str, dict[str, dict[int, float]]]  # item -> flow -> year -> fte
Ages = dict[tuple[int, int], dict[int, float]]  # (youngest, oldest) -> year -> persons
PartShortages = dict[str, dict[tuple[str, int], Point]]  # code -> (measure, year) -> point
STAFF_MEASURES = (
    Measure.STAFFED_FTE, Measure.QUALIFIED_FTE, Measure.SHORTAGE_FTE, Measure.UNFILLED_FTE, Measure.HIDDEN_FTE,
    Measure.SURPLUS_FTE,
)  # fmt: skip


def flows_of(run: ForecastRun, *, kind: str, code: str, sector: str) -> Flows:
    """Return what every cause adds per item and year [fte]; nothing where it is not for who reads now."""
    if is_private(run, Scope(kind, code, ""), sector):
        return {}
    rows = ForecastFlow.objects.filter(run=run, scope_kind=kind, scope_code=code, sector=sector)
    flows: Flows = defaultdict(lambda: defaultdict(dict))
    for item, flow, year, fte in rows.values_list("item", "flow", "count_year", "mean_fte"):
        flows[item][flow][year] = fte
    return {item: dict(of_item) for item, of_item in flows.items()}


def ages_of(run: ForecastRun, *, kind: str, code: str, sector: str) -> Ages:
    """Return teachers per age band and year, youngest band first [persons]; nothing where not for who reads now."""
    if is_private(run, Scope(kind, code, ""), sector):
        return {}
    rows = StaffAgeGroup.objects.filter(run=run, scope_kind=kind, scope_code=code, sector=sector)
    ages: Ages = defaultdict(dict)
    for youngest, oldest, year, persons in rows.order_by("youngest", "count_year").values_list(
        "youngest", "oldest", "count_year", "mean_persons"
    ):
        ages[youngest, oldest][year] = persons
    return dict(ages)


def quantiles_of(run: ForecastRun, *, kind: str, code: str, sector: str, item: str = ALL) -> dict[int, list[float]]:
    """Return the 21 quantiles of the shortage per year, 0 to 100 % [fte]; empty where the run kept none or not for the reader."""
    if is_private(run, Scope(kind, code, ""), sector):
        return {}
    rows = ForecastSpread.objects.filter(
        run=run, scope_kind=kind, scope_code=code, sector=sector, item=item, measure=Measure.SHORTAGE_FTE
    )
    return dict(rows.values_list("count_year", "quantiles"))


def shortages_of_parts(
    run: ForecastRun, *, kind: str, sector: str, years: Iterable[int], items: Iterable[str] = (ALL,)
) -> PartShortages:
    """Return staff, shortage and need of all scopes of one kind in these years, items added up per code where told.

    Several items are added as means; their bands are not: of such a point no band is known.
    """
    wanted = list(items)
    rows = ForecastValue.objects.filter(
        run=run, scope_kind=kind, sector=sector, item__in=wanted, count_year__in=list(years),
        measure__in=[*STAFF_MEASURES, Measure.REQUIRED_FTE],
    ).values_list("scope_code", "measure", "count_year", "mean", "p10", "p90")  # fmt: skip
    totals: PartShortages = defaultdict(dict)
    for code, measure, year, mean, low, high in rows:
        was = totals[code].get((measure, year))
        totals[code][measure, year] = Point(year, mean, low, high) if was is None else _added(was, mean)
    return {code: of for code, of in without_private(run, totals, kind=kind, sector=sector).items() if of}


def _added(point: Point, mean: float) -> Point:
    return Point(point.year, point.mean + mean, nan, nan)


def needs_of_locations(run: ForecastRun, *, sector: str, year: int) -> dict[tuple[str, str], tuple[float, float]]:
    """Return need and staff per location and item in one year: (location, item) -> (need, staff) [fte]; staff 0 unknown."""
    rows = ForecastValue.objects.filter(
        run=run, scope_kind=ScopeKind.LOCATION, sector=sector, count_year=year,
        measure__in=(Measure.REQUIRED_FTE, Measure.STAFFED_FTE),
    ).values_list("scope_code", "item", "measure", "mean")  # fmt: skip
    found: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for code, item, measure, mean in rows:
        found[code, item][measure == Measure.STAFFED_FTE] = mean
    counted = {code for (code, _), (_, staff) in found.items() if staff}
    hidden = private_codes(
        run, kind=ScopeKind.LOCATION, sector=sector, codes={code for code, _ in found}, counted=counted
    )
    return {key: (need, staff) for key, (need, staff) in found.items() if key[0] not in hidden}


def private_places(run: ForecastRun, places: Mapping[str, SchoolLocation], *, sector: str) -> int:
    """Return of how many locations figures are not shown, because the own file of their board is under them."""
    boards = {place.board_id for place in places.values() if place.board_id}
    private = private_codes(run, kind=ScopeKind.BOARD, sector=sector, codes=boards)
    return sum(place.board_id in private for place in places.values())


def places_of(region_key: str, *, sector: str) -> dict[str, SchoolLocation]:
    """Return the locations of a region in one sector by code, with their board and school."""
    found = locations_in(region_key).filter(sector=sector).select_related("board", "school")
    return {row.code: row for row in found}


def said_before(run: ForecastRun, *, sector: str, item: str, year: int, most: int) -> list[ForecastValue]:
    """Return what earlier runs of the region said of the shortage of an item in a year, newest first, with their runs."""
    rows = ForecastValue.objects.filter(
        run__region_key=run.region_key, run__finished_at__isnull=False, run__lt=run.pk, scope_kind=ScopeKind.REGION, sector=sector,
        item=item, measure=Measure.SHORTAGE_FTE, count_year=year,
    )  # fmt: skip
    newest = rows.select_related("run").order_by("-run")
    return [row for row in newest[: most * 2] if sees_sums(row.run, sector)][:most]


def finished_runs() -> list[ForecastRun]:
    """Return every finished run, oldest first: the register of what was said before it was counted."""
    return list(ForecastRun.objects.filter(finished_at__isnull=False).order_by("pk"))

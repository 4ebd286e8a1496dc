"""What is read about forecasts: the newest run of a region, its values per scope, its parts, its scorecard and sources.

Values of a run never change, so whoever shows them may keep them as long as `forecast_stamp` stays the same.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Sum, Value, When

from regio.regions.enums import Sector
from regio.regions.models import Board, LocationLink, Region, School, SchoolLocation
from regio.regions.queries import locations_in
from regio.shared.charts import Point
from regio.shared.models import ImportBatch

from .enums import Measure, ScopeKind
from .models import BacktestCell, BacktestScore, ForecastRun, ForecastValue, LearnerCount, Position, RunDifference
from .rules import OF_STAFF, OWN_FILE, RESTS_ON_STAFF, private_codes, sees_sums

ALL = "alle"
FEWEST_YEARS = 5  # a shorter run does not open by itself
MUNICIPALITY_PART = re.compile(r"-\d{1,4}$")  # DUO publishes the home postcodes of po in a file per municipality
OTHER_RULES = ("vsv",)  # counts learners by other rules on a presumed date; no history of its own
SeriesKey = tuple[str, str, str]  # measure, sector, item
Series = dict[SeriesKey, tuple[Point, ...]]
Totals = dict[str, dict[tuple[str, int], Point]]  # by code of a scope: (measure, year) -> point


@dataclass(frozen=True)
class Scope:
    """For whom figures are: the region of a run, or a board, school or location in it."""

    kind: str
    code: str
    name: str
    board: str = ""  # the board that a school or location is of, or that it is itself; empty where not asked


def run_to_open(region_key: str, wanted: int = 0) -> ForecastRun | None:
    """Return the finished run of a region that its page shows: the wanted one, else the newest that reaches far enough.

    A run of fewer than five years opens by itself only where there is no other.
    """
    finished = ForecastRun.objects.filter(region_key=region_key, finished_at__isnull=False)
    order = Case(When(pk=wanted, then=0), When(years__gte=FEWEST_YEARS, then=1), default=2)
    return finished.order_by(order, "-pk").first()


def regions_of_runs(run_ids: Collection[int]) -> dict[int, str]:
    """Return the keys of the regions of these runs."""
    return dict(ForecastRun.objects.filter(pk__in=run_ids).values_list("pk", "region_key"))


def has_newer_files(run: ForecastRun) -> bool:
    """Return whether files that are in force were loaded after this run was asked for."""
    return ImportBatch.objects.filter(superseded_at=None, loaded_at__gt=run.created_at).exists()


def runs_of(region_key: str) -> list[ForecastRun]:
    """Return the runs of a region, newest first, unfinished ones included."""
    return list(ForecastRun.objects.filter(region_key=region_key).select_related("job").order_by("-pk")[:20])


def base_year_of(run: ForecastRun, sector: str) -> int:
    """Return the year of the last count of one sector in a run; a sector may be counted less recently than another."""
    of_sector = run.facts.get("leerlingen", {}).get(sector, {}).get("base_year")
    return of_sector or (run.base_date or run.created_at).year


def exam_year_of(run: ForecastRun) -> int:
    """Return the year of the last exams that were counted; 0 for a run from before this was kept."""
    return run.facts.get("examens", {}).get("base_year", 0)


def series_of(run: ForecastRun, scope_kind: str, scope_code: str) -> Series:
    """Return every series of one scope in one run, years in order; what rests on staff only where the reader may see it."""
    rows = (
        ForecastValue.objects.filter(run=run, scope_kind=scope_kind, scope_code=scope_code)
        .order_by("count_year")
        .values_list("measure", "sector", "item", "count_year", "mean", "p10", "p90")
    )
    series: dict[SeriesKey, list[Point]] = defaultdict(list)
    for measure, sector, item, year, mean, low, high in rows:
        series[measure, sector, item].append(Point(year, mean, low, high))
    hidden = {sector for _, sector, _ in series if _is_private(run, scope_kind, scope_code, sector, series)}
    return {
        key: tuple(points) for key, points in series.items() if key[1] not in hidden or key[0] not in RESTS_ON_STAFF
    }


def _is_private(run: ForecastRun, kind: str, code: str, sector: str, series: Collection[SeriesKey]) -> bool:
    has_staff = any(measure in OF_STAFF and of_sector == sector for measure, of_sector, _ in series)
    return bool(private_codes(run, kind=kind, sector=sector, codes={code}, counted={code} if has_staff else ()))


def is_partly_private(run: ForecastRun) -> bool:
    """Return whether a run holds sums that are not for who reads now; seed and hash would let them guess."""
    return not all(sees_sums(run, sector) for sector in Sector.values)


def is_private(run: ForecastRun, scope: Scope, sector: str) -> bool:
    """Return whether need and staff of a scope are kept from who reads now, whatever the run holds of it."""
    counted = ForecastValue.objects.filter(
        run=run, scope_kind=scope.kind, scope_code=scope.code, sector=sector, measure=Measure.SHORTAGE_FTE
    )
    found = private_codes(run, kind=scope.kind, sector=sector, codes={scope.code})
    return bool(found) or bool(
        scope.kind in (ScopeKind.SCHOOL, ScopeKind.LOCATION)
        and private_codes(run, kind=scope.kind, sector=sector, codes={scope.code}, counted={scope.code})
        and counted.exists()
    )


def totals_of_parts(run: ForecastRun, *, kind: str, sector: str, years: tuple[int, int]) -> Totals:
    """Return learners, need and shortage of all scopes of one kind in two years: code -> (measure, year) -> point."""
    rows = ForecastValue.objects.filter(
        run=run, scope_kind=kind, sector=sector, item=ALL, count_year__in=years,
        measure__in=(Measure.LEARNERS, Measure.REQUIRED_FTE, Measure.SHORTAGE_FTE),
    ).values_list("scope_code", "measure", "count_year", "mean", "p10", "p90")  # fmt: skip
    totals: Totals = defaultdict(dict)
    for code, measure, year, mean, low, high in rows:
        totals[code][measure, year] = Point(year, mean, low, high)
    return without_private(run, totals, kind=kind, sector=sector)


def without_private(run: ForecastRun, totals: Totals, *, kind: str, sector: str) -> Totals:
    """Return figures per scope and (measure, year) without those that rest on staff and are not for who reads now."""
    counted = {code for code, of in totals.items() if any(measure in OF_STAFF for measure, _ in of)}
    hidden = private_codes(run, kind=kind, sector=sector, codes=set(totals), counted=counted)
    return {
        code: {key: point for key, point in of.items() if code not in hidden or key[0] not in RESTS_ON_STAFF}
        for code, of in totals.items()
    }


def is_in_region(region_key: str, scope: Scope) -> bool:
    """Return whether a region, or a board, school or location, has anything in this region."""
    if scope.kind == ScopeKind.REGION:
        return True
    fields = {ScopeKind.BOARD: "board_id", ScopeKind.SCHOOL: "school_id", ScopeKind.LOCATION: "code"}
    return locations_in(region_key).filter(**{fields[ScopeKind(scope.kind)]: scope.code}).exists()


def positions() -> dict[str, Position]:
    """Return all positions by code."""
    return Position.objects.in_bulk()


def board_name(code: str) -> str | None:
    """Return the name of a board; None when there is none."""
    board = Board.objects.filter(code=code).first()
    return str(board) if board else None


def path_of_location(code: str) -> SchoolLocation | None:
    """Return a location with its school and board, for the way back up."""
    return SchoolLocation.objects.filter(code=code).select_related("school", "board", "municipality").first()


def links_of_location(code: str, region_key: str) -> list[LocationLink]:
    """Return what happened between a location and others, oldest first; `old_is_here`, `new_is_here`: in the region."""
    here = locations_in(region_key)
    links = LocationLink.objects.filter(Q(old__code=code) | Q(new__code=code)).annotate(
        old_is_here=Exists(here.filter(pk=OuterRef("old_id"))), new_is_here=Exists(here.filter(pk=OuterRef("new_id")))
    )
    return list(links.select_related("old", "new").order_by("since", "pk"))


def path_of_school(brin: str) -> School | None:
    """Return a school with its board."""
    return School.objects.filter(brin=brin).select_related("board").first()


def counted_learners(region_key: str) -> dict[str, list[tuple[int, int]]]:
    """Return sector -> (year, learners) as counted, for a region without a forecast.

    One date may be counted in several files (per programme, per age); the largest total of a file is the count.
    """
    rows = (
        LearnerCount.objects.filter(location__in=locations_in(region_key).values("pk"))
        .exclude(batch__dataset__in=OTHER_RULES)
        .values_list("location__sector", "reference_date", "batch__dataset")
        .annotate(learners=Sum("count"))
        .order_by("reference_date")
    )
    per_file: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for sector, day, dataset, learners in rows:
        per_file[sector, day.year][file_family(dataset)] += learners
    counted = {key: max(files.values()) for key, files in per_file.items()}
    return {s: [(year, n) for (sector, year), n in sorted(counted.items()) if sector == s] for s in Sector.values}


def file_family(dataset: str) -> str:
    """Return a dataset without the municipality of its file: such files complete each other, other files overlap."""
    return MUNICIPALITY_PART.sub("", dataset)


def newest_count_date() -> date | None:
    """Return the date of the newest count of learners that is loaded; None when there is none."""
    return LearnerCount.objects.aggregate(newest=Max("reference_date"))["newest"]


def source_text(run: ForecastRun, counted_on: date) -> str:
    """Return who published the counts of that day, as one line for under a figure."""
    rows = ImportBatch.objects.filter(superseded_at=None, reference_date=counted_on).exclude(dataset__contains=OWN_FILE)
    publishers = rows.values_list("publisher", flat=True).distinct().order_by("publisher")
    return f"{', '.join(publishers) or 'geladen tellingen'}; bewerking: prognose {run.pk}"


def scores() -> list[BacktestScore]:
    """Return the newest scorecard: all lines of the newest model version and data that were scored."""
    newest = BacktestScore.objects.order_by("-created_at", "-pk").first()
    if newest is None:
        return []
    same = BacktestScore.objects.filter(model_version=newest.model_version, data_vintage=newest.data_vintage)
    return list(same.order_by("subject", "grain", "horizon_years", "target", "group"))


def missed_cells(score_ids: list[int]) -> list[BacktestCell]:
    """Return the kept cells of these scores with location and score."""
    return list(BacktestCell.objects.filter(score_id__in=score_ids).select_related("location", "score"))


def differences_of(run: ForecastRun) -> list[RunDifference]:
    """Return why a run differs from others, with the earlier run where it is one; published forecasts last."""
    rows = RunDifference.objects.filter(run=run).select_related("against")
    open_rows = [row for row in rows if row.measure not in RESTS_ON_STAFF or _sees_difference(row, run)]
    return sorted(
        open_rows,
        key=lambda row: (row.against_id is None, -(row.against_id or 0), row.sector, row.measure, row.count_year),
    )


def _sees_difference(row: RunDifference, run: ForecastRun) -> bool:
    return sees_sums(run, row.sector) and (row.against is None or sees_sums(row.against, row.sector))


def forecast_stamp() -> str:
    """Return a text that changes when any page of this app may have changed: one query over six tables."""
    batches = _marks(ImportBatch.objects.all(), "bestanden", Q(superseded_at=None))
    runs = _marks(ForecastRun.objects.all(), "prognoses", Q(finished_at__isnull=False))
    scored = _marks(BacktestScore.objects.all(), "terugblik", Q())
    links = _marks(LocationLink.objects.all(), "koppelingen", Q())
    own = _marks(Region.objects.all(), "eigen regio's", Q(removed_at=None))
    compared = _marks(RunDifference.objects.all(), "verschillen", Q())
    return str(sorted(batches.union(runs, scored, links, own, compared)))


def _marks(rows: QuerySet, table: str, in_force: Q) -> QuerySet:
    marked = rows.annotate(table=Value(table, output_field=CharField())).values("table").order_by()
    return marked.annotate(newest=Max("pk"), number=Count("pk", filter=in_force)).values_list(
        "table", "newest", "number"
    )

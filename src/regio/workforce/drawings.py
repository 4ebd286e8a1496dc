"""Draws the charts of a run ahead of the first visitor, so that web processes need not load the renderer.

The job of a forecast ends with drawing its region and largest parts; `regio render_charts` draws the rest. A chart that
is kept already costs nothing, and one that is missing is drawn when somebody opens its page.
"""

from django.utils import timezone

from regio.regions.enums import Sector
from regio.regions.queries import RegionChoice, region_by_key
from regio.shared.charts import NARROW, SMALL, WIDE, drawing
from regio.shared.figures import Figure
from regio.shared.jobs import Progress
from regio.shared.models import Job

from . import outlook, queries, tables
from .actions import run_forecast
from .enums import ScopeKind
from .models import ForecastRun, ForecastValue
from .queries import Scope
from .shortage.staffing import FIGURES, Staffing

MOST_SCOPES = 400
SCOPES_IN_JOB = 30  # some four seconds
LARGEST_FIRST = {kind: order for order, kind in enumerate(ScopeKind.values)}


def forecast_and_draw(job: Job, progress: Progress) -> str:
    """Compute the run of this job, keep it, and draw the charts people open first. Return where its page is."""
    path = run_forecast(job, progress)
    run = ForecastRun.objects.get(pk=job.arguments["run"])
    draw_run(run, most=SCOPES_IN_JOB)
    return path


def draw_run(run: ForecastRun, *, most: int = MOST_SCOPES) -> int:
    """Draw every chart of at most so many scopes of a run, largest first; return how many were done."""
    scopes = ForecastValue.objects.filter(run=run).values_list("scope_kind", "scope_code").distinct()
    ordered = sorted(scopes, key=lambda scope: (LARGEST_FIRST[scope[0]], scope[1]))[:most]
    chosen = region_by_key(run.region_key, with_removed=True)
    for kind, code in ordered:
        _draw_scope(run, kind, code)
        if chosen and kind == ScopeKind.REGION and run.facts.get("bezetting"):
            _draw_staff(chosen, run, Scope(kind, code, ""))
    return len(ordered)


def _draw_staff(chosen: RegionChoice, run: ForecastRun, scope: Scope) -> None:
    """Draw what the pages of a region show today of its staff; the year that they speak of depends on the day.

    Those of boards are drawn when somebody opens them: a few per page, hundreds together.
    """
    for sector in run.facts["bezetting"]:
        page = outlook.build(region=chosen, run=run, scope=scope, sector=sector, today=timezone.localdate(), places={})
        if page.sector == sector:
            for figure in Staffing(page).figures(*FIGURES).values():
                _draw(figure)


def _draw_scope(run: ForecastRun, kind: str, code: str) -> None:
    series = queries.series_of(run, kind, code)
    for sector in Sector:
        change = tables.sector_change(series, sector, queries.base_year_of(run, sector))
        if change:
            ground = tables.Ground(
                Scope(kind, code, ""), run.pk, change.base_year, None, "", exam_year=queries.exam_year_of(run)
            )
            _draw_sector(ground, series, sector)


def _draw_sector(ground: tables.Ground, series: queries.Series, sector: Sector) -> None:
    for figure in tables.figures_of(ground, series, {}, sector).values():
        _draw(figure)


def _draw(figure: Figure) -> None:
    if figure.chart:
        drawing(figure.chart, WIDE)
        drawing(figure.chart, NARROW)
    for chart in figure.small_charts:
        drawing(chart, SMALL)

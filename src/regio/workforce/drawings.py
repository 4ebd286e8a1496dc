"""Draws the charts of a run ahead of the first visitor, so that web processes need not load the renderer.

Called by the worker when a run ends (`draw_run`), and by `regio render_charts`. A chart that is kept already costs
nothing; past `MOST_SCOPES` the rest is drawn when somebody opens its page.
"""

from collections.abc import Callable

from regio.regions.enums import Sector
from regio.shared.charts import NARROW, SMALL, WIDE, drawing

from . import queries, tables
from .enums import ScopeKind
from .models import ForecastRun, ForecastValue
from .outlook import newest_count_year
from .queries import Scope

MOST_SCOPES = 400
LARGEST_FIRST = {kind: order for order, kind in enumerate(ScopeKind.values)}


def draw_run(run: ForecastRun, say: Callable[[int, int], object] = lambda done, total: None) -> int:
    """Draw every chart of the largest scopes of a run; return how many scopes were done."""
    scopes = ForecastValue.objects.filter(run=run).values_list("scope_kind", "scope_code").distinct()
    ordered = sorted(scopes, key=lambda scope: (LARGEST_FIRST[scope[0]], scope[1]))[:MOST_SCOPES]
    for done, (kind, code) in enumerate(ordered, start=1):
        _draw_scope(run, kind, code)
        say(done, len(ordered))
    return len(ordered)


def _draw_scope(run: ForecastRun, kind: str, code: str) -> None:
    series = queries.series_of(run, kind, code)
    for sector in Sector:
        change = tables.sector_change(series, sector, newest_count_year(run))
        if change:
            ground = tables.Ground(Scope(kind, code, ""), run.pk, change.base_year, None, "")
            _draw_sector(ground, series, sector)


def _draw_sector(ground: tables.Ground, series: queries.Series, sector: Sector) -> None:
    total, levels = tables.learners_figure(ground, series, sector), tables.levels_figure(ground, series, sector)
    if total and total.chart:
        for variant in (WIDE, NARROW):
            drawing(total.chart, variant)
    for chart in levels.small_charts if levels else []:
        drawing(chart, SMALL)

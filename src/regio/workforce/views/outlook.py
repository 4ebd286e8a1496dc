"""Pages of the forecast: region and its parts, the permanent page of a figure, the scorecard, and asking for a run."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from regio.regions.queries import RegionChoice, sectors_in
from regio.regions.views import COOKIE, remember_region
from regio.shared.charts import SMALL, VARIANTS, WIDE, download_svg, drawing_of_sheet, heat_svg, spec_of
from regio.shared.errors import TooManyJobs, UserError
from regio.shared.figures import Figure, figure_csv
from regio.shared.pages import kept_until, owner_of

from .. import outlook, overviews, queries, scorecard, tables
from ..actions import default_years, page_of, request_forecast, request_scorecard
from ..enums import ScopeKind
from ..evidence import page as evidence_page
from ..evidence import tables as evidence
from ..forms import ForecastForm
from ..location_history import history_of
from ..manual import manual
from ..models import ForecastRun
from ..outlook import page_address
from ..queries import Scope, forecast_stamp
from ..seen import note_view
from ..shortage.queries import finished_runs
from ..shortage.shortest import shortest_of
from ..shortage.staffing import Staffing, item_name
from .asked import Way, outlook_of, region_or_404, scope_and_way, wanted, wanted_of, whole_number
from .figure_finder import figure_of, parts_of


@require_safe
@remember_region
@kept_until(forecast_stamp)
def region(request: HttpRequest, key: str) -> HttpResponse:
    """A region: the sentence, learners per level, need per position, its boards."""
    chosen = region_or_404(key)
    run = queries.run_to_open(key, wanted(request))
    if run is None:
        return _region_without_run(request, chosen)
    scope = Scope(ScopeKind.REGION, key, chosen.name)
    crumbs = [("Regio's", reverse("regions")), (chosen.name, "")]
    return _outlook_page(request, chosen, run, scope=scope, crumbs=crumbs)


@require_safe
@remember_region
@kept_until(forecast_stamp)
def part(request: HttpRequest, key: str, kind: str, code: str) -> HttpResponse:
    """A board, school or location inside a region."""
    chosen, run = region_or_404(key), queries.run_to_open(key, wanted(request))
    if run is None:
        return redirect("region", key)
    scope, way = scope_and_way(chosen, kind, code, run=wanted_of(request, run))
    crumbs = [("Regio's", reverse("regions")), *way, (scope.name, "")]
    return _outlook_page(request, chosen, run, scope=scope, crumbs=crumbs)


def _outlook_page(
    request: HttpRequest, chosen: RegionChoice, run: ForecastRun, *, scope: Scope, crumbs: list[tuple[str, str]]
) -> HttpResponse:
    page = outlook_of(request, chosen, run, scope, with_sectors=scope.kind == ScopeKind.REGION)
    staffing, found = Staffing(page, bound=whole_number(request, "boven", -1)), overviews.parts_found(page)
    context = {
        "outlook": page, "figures": page.figures(), "sectors": overviews.sectors_figure(page), "most": overviews.most_table(page),
        "parts": overviews.parts_figure(page, found), "crumbs": crumbs, "here": "regio", "staffing": staffing,
        "staff_figures": staffing.figures("tekort", "knelpunten", "loonkosten"), "shortest": shortest_of(staffing, found), "is_outdated": queries.has_newer_files(run),
        "history": history_of(page), "drivers_address": page.drivers_page, "sections_address": page.page("sections"),
        "differences_address": page.page("differences"), "analyst_address": page.page("analyst"),
        "quote": scorecard.quote_of(queries.scores(), kind=scope.kind, sector=page.sector), "kind_label": ScopeKind(scope.kind).label,
    }  # fmt: skip
    return render(request, "workforce/region.html", context)


def _region_without_run(request: HttpRequest, chosen: RegionChoice) -> HttpResponse:
    context = {
        "region": chosen, "counted": tables.counted_table(queries.counted_learners(chosen.key)), "form": _empty_form(),
        "runs": queries.runs_of(chosen.key), "crumbs": [("Regio's", reverse("regions")), (chosen.name, "")], "here": "regio",
    }  # fmt: skip
    return render(request, "workforce/region_without_run.html", context)


def _empty_form() -> ForecastForm:
    return ForecastForm(initial={"years": default_years(queries.newest_count_date(), timezone.localdate())})


# --------------------------------------------------------------------------------------------------------- figures
@require_safe
@kept_until(forecast_stamp)
def figure_page(request: HttpRequest, run: int, kind: str, code: str, slug: str) -> HttpResponse:
    """The permanent page of one figure of one run."""
    found, page, way = _figure(run, kind, code, slug)
    note_view(request, page.run, page.scope, page.sector)
    title = _figure_title(found, page)
    crumbs = [("Regio's", reverse("regions")), *way, (title, "")]
    context = {"figure": found, "run": page.run, "title": title, "crumbs": crumbs, "here": "regio"}
    return render(request, "workforce/figure.html", context)


@require_safe
@kept_until(forecast_stamp)
def figure_file(request: HttpRequest, run: int, kind: str, code: str, slug: str, suffix: str) -> HttpResponse:
    """A figure as CSV or SVG."""
    found, page, _ = _figure(run, kind, code, slug)
    note_view(request, page.run, page.scope, page.sector)
    if suffix == "csv":
        return _download(figure_csv(found), "text/csv; charset=utf-8", f"{code}-{slug}.csv")
    if not found.has_drawing:
        raise Http404("Dit cijfer heeft geen tekening.")
    return _download(_svg_of(found, _figure_title(found, page)), "image/svg+xml", f"{code}-{slug}.svg")


def _figure_title(found: Figure, page: outlook.Outlook) -> str:
    """Return what a figure shows and for whom: `Formatie per vak – Voorbeeld, voortgezet onderwijs`."""
    name = found.name[:1].upper() + found.name[1:]
    _, _, item = parts_of(found.slug)
    of_item = f", {item_name(item, page.positions)}" if ":" in item else ""
    of_sector = "" if found.slug.endswith(f"-{overviews.EVERY_SECTOR}") else f", {page.sector_label}"
    return f"{name}{of_item} – {page.scope.name}{of_sector}"


def _svg_of(found: Figure, title: str) -> str:
    if found.chart:
        return download_svg(found.chart, spec_of(found.chart, VARIANTS[WIDE.name]))
    if found.small_charts:
        return drawing_of_sheet(title, found.small_charts, SMALL)
    rows = [
        (row.head.text, [(f"{cell.text} {cell.note}".strip(), cell.tone) for cell in row.cells])
        for row in found.table.rows
    ]
    return heat_svg(title=title, columns=[column.text for column in found.table.columns[1:]], rows=rows)


def _download(text: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name.replace(":", "-")}"'
    return response


def _figure(run_id: int, kind: str, code: str, slug: str) -> tuple[Figure, outlook.Outlook, Way]:
    """Return a figure, the outlook it is of, and the way to its scope in the same run."""
    run = get_object_or_404(ForecastRun, pk=run_id, finished_at__isnull=False)
    chosen = region_or_404(run.region_key, with_removed=True)
    opened = queries.run_to_open(chosen.key)
    asked = 0 if opened and opened.pk == run.pk else run.pk  # the way back leads to the run of the figure
    scope, way = scope_and_way(chosen, kind, code, run=asked)
    name, sector, _ = parts_of(slug)
    places = sectors_in(chosen.key) if sector == overviews.EVERY_SECTOR else {}
    page = outlook.build(
        region=chosen, run=run, scope=scope, sector=sector, today=timezone.localdate(), places=places, is_asked_run=asked > 0
    )  # fmt: skip
    found = figure_of(page, slug)
    if found is None:
        raise Http404(f"Dit cijfer ({name}) is er niet in prognose {run_id}.")
    here = page_address(region_key=chosen.key, kind=kind, code=code, run=asked)
    return found, page, [*way, (scope.name, here)]


# ------------------------------------------------------------------------------------------------ runs and scorecard
@require_http_methods(["GET", "HEAD", "POST"])
def forecast(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a forecast of a region, and see the earlier ones."""
    chosen = region_or_404(key)
    form = ForecastForm(request.POST) if request.method == "POST" else _empty_form()
    is_full = False
    if request.method == "POST" and form.is_valid():
        try:
            made = request_forecast(region_key=key, owner=owner_of(request), now=timezone.now(), **form.cleaned_data)
        except UserError as error:
            form.add_error(None, str(error))
            is_full = isinstance(error, TooManyJobs)
        else:
            return redirect("job", made.job_id) if made.job_id and not made.finished_at else redirect(page_of(made))
    crumbs = [("Regio's", reverse("regions")), (chosen.name, reverse("region", args=[key])), ("Prognose", "")]
    context = {
        "region": chosen,
        "form": form,
        "runs": queries.runs_of(key),
        "crumbs": crumbs,
        "here": "regio",
        "too_many_jobs": is_full,
    }
    return render(request, "workforce/forecast.html", context, status=422 if form.errors else 200)


@require_safe
def run_page(request: HttpRequest, run: int) -> HttpResponse:
    """What went into one run, so that it can be repeated."""
    made = get_object_or_404(ForecastRun.objects.select_related("job"), pk=run)
    chosen = region_or_404(made.region_key, with_removed=True)
    crumbs = [
        (chosen.name, reverse("region", args=[chosen.key])),
        ("Prognose", reverse("forecast", args=[chosen.key])),
        (f"Prognose {run}", ""),
    ]
    context = {
        "run": made,
        "region": chosen,
        "is_private": queries.is_partly_private(made),
        "crumbs": crumbs,
        "here": "regio",
    }
    return render(request, "workforce/run.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def recalculate(request: HttpRequest) -> HttpResponse:
    """Ask to score the forecasts on what is loaded now; an address that was only opened leads to the scorecard."""
    if request.method != "POST":
        return redirect("scorecard")
    try:
        job = request_scorecard(owner=owner_of(request), now=timezone.now())
    except UserError as error:
        context = {
            "card": scorecard.card_of([], []),
            "error": str(error),
            "evidence": evidence_page.build(None, []),
            "here": "terugblik",
        }
        return render(request, "workforce/scorecard.html", context, status=409)
    return redirect("job", job.pk)


@require_safe
@kept_until(forecast_stamp)
def scorecard_page(request: HttpRequest) -> HttpResponse:
    """What we said, what happened, whether simple rules did better, and everything else that is known of how good it is."""
    scores = queries.scores()
    cells = queries.missed_cells([score.pk for score in scores if score.grain == ScopeKind.LOCATION])
    runs = finished_runs()
    key = request.COOKIES.get(COOKIE, "") or (runs[-1].region_key if runs else "")
    own = evidence.of_region(cells, key)
    card = scorecard.card_of(scores, own or cells, evidence.reasons_of(own or cells))
    staffing = evidence_page.staffing_of(key, runs, timezone.localdate())
    context = {"card": card, "evidence": evidence_page.build(staffing, runs), "own": bool(own), "here": "terugblik"}
    return render(request, "workforce/scorecard.html", context)


@require_safe
@kept_until(forecast_stamp)
def manual_page(request: HttpRequest) -> HttpResponse:
    """How the model computes, rule by rule, each with a case that can be done by hand."""
    found = manual()
    if found is None:
        raise Http404("De handleiding is hier niet.")
    return render(request, "workforce/manual.html", {"manual": found, "here": "terugblik"})


@require_safe
@kept_until(forecast_stamp)
def register_file(request: HttpRequest) -> HttpResponse:
    """The register of forecasts as CSV, hashes whole."""
    found = evidence.register_figure(finished_runs())
    if found is None:
        raise Http404("Er is nog geen prognose gemaakt.")
    return _download(figure_csv(found), "text/csv; charset=utf-8", "register-van-prognoses.csv")

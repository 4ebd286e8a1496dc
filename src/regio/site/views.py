"""Pages that belong to no single app: start, sources, jobs and the catalogue of parts."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from regio.accounts.viewer import viewer_of
from regio.regions.enums import AreaKind
from regio.regions.queries import preset_regions, region_by_key, sectors_in
from regio.regions.views import COOKIE
from regio.shared import jobs, schedule
from regio.shared.errors import UserError
from regio.shared.formatting import age_in_words
from regio.shared.importing.fetching import request_download
from regio.shared.models import ImportBatch, Job
from regio.shared.pages import kept_until, owner_of
from regio.workforce import outlook, overviews, scorecard
from regio.workforce import queries as forecasts
from regio.workforce.enums import ScopeKind
from regio.workforce.models import ForecastRun
from regio.workforce.rules import sees_file
from regio.workforce.sentences import is_stale
from regio.workforce.shortage.shortest import needs_parts, shortest_of
from regio.workforce.shortage.staffing import Staffing
from regio.workforce.views.asked import whole_number

from . import catalogue, queries
from .actions import EXAMPLE_REGION_KEY
from .rules import WATCHERS

JOB_GROUPS = {
    "Loopt en wacht": jobs.OPEN_STATES, "Mislukt": (Job.State.FAILED,), "Klaar en gestopt": (Job.State.DONE, Job.State.CANCELLED),
}  # fmt: skip
ANNOUNCED_PERCENT = 25  # a screen reader hears how far a job is four times, not every second


@require_safe
@kept_until(forecasts.forecast_stamp)
def start(request: HttpRequest) -> HttpResponse:
    """The first screen: one sentence about the chosen region, or what to do first."""
    run = _run_to_open_with(request.COOKIES.get(COOKIE, ""))
    chosen = region_by_key(run.region_key) if run else None
    if run is None or chosen is None:
        return _start_without_run(request)
    page = outlook.build(
        region=chosen, run=run, scope=forecasts.Scope(ScopeKind.REGION, chosen.key, chosen.name),
        sector=request.GET.get("sector", ""), today=timezone.localdate(), places=sectors_in(chosen.key),
    )  # fmt: skip
    staffing = Staffing(page, bound=whole_number(request, "boven", -1))
    context: dict[str, object] = {
        "staffing": staffing, "staff_figures": staffing.figures("bezetting", "tekort", "hoofdoorzaken"), "shortest": shortest_of(staffing, overviews.parts_found(page) if needs_parts(staffing) else None),
        "drivers_address": page.drivers_page, "outlook": page, "figures": page.figures(), "sectors": overviews.sectors_figure(page), "most": overviews.most_table(page),
        "quote": scorecard.quote_of(forecasts.scores(), kind=ScopeKind.REGION, sector=page.sector), "here": "start",
    }  # fmt: skip
    return render(request, "site/start.html", context)


def _start_without_run(request: HttpRequest) -> HttpResponse:
    newest, today = forecasts.newest_count_date(), timezone.localdate()
    context = {
        "areas": preset_regions()[AreaKind.RPA],
        "newest": newest,
        "stale": newest and is_stale(newest.year, today),
        "age": newest and age_in_words(newest, today),
        "region": region_by_key(request.COOKIES.get(COOKIE, "")),
        "here": "start",
    }
    return render(request, "site/start_empty.html", context)


def _run_to_open_with(key: str) -> ForecastRun | None:
    """Return the run of the region in the cookie; without a cookie only the demo knows which region is meant."""
    key = key or (EXAMPLE_REGION_KEY if settings.DEMO else "")
    return forecasts.run_to_open(key) if key else None


@require_safe
@kept_until(queries.sources_stamp)
def sources(request: HttpRequest) -> HttpResponse:
    """Every file that figures rest on."""
    groups = queries.live_batches()
    context = {"groups": groups.items(), "number": sum(map(len, groups.values())), "here": "bronnen"}
    return render(request, "site/sources.html", context)


@require_safe
@kept_until(queries.sources_stamp)
def source(request: HttpRequest, batch: int) -> HttpResponse:
    """One file: where it came from and what its load noticed."""
    found = get_object_or_404(ImportBatch, pk=batch)
    if not sees_file(found.dataset):
        raise Http404("Dit bestand is er niet.")
    crumbs = [("Bronnen", reverse("sources")), (found.dataset_label, "")]
    context = {"batch": found, "findings": queries.findings_of(found), "crumbs": crumbs, "here": "bronnen"}
    return render(request, "site/source.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest) -> HttpResponse:
    """Ask to fetch the publishers' present files; the invented region has none."""
    error = ""
    if request.method == "POST" and not settings.DEMO:
        try:
            return redirect("job", request_download(owner=owner_of(request), now=timezone.now()).pk)
        except UserError as refused:
            error = str(refused)
    context = {"error": error, "here": "bronnen"}
    return render(request, "site/download.html", context, status=409 if error else 200)


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """What runs and waits, what failed, what ended, and how what happens by itself stands."""
    standing, rows = schedule.overview(now=timezone.now(), since=schedule.installed_at()), queries.recent_jobs()
    groups = [
        (title, [row for row in rows if row.state in states]) for title, states in JOB_GROUPS.items()
    ]  # fmt: skip
    context = {
        "jobs": rows, "groups": groups, "standing": standing, "most": jobs.MAX_OPEN_JOBS_PER_OWNER,
        "open_jobs": jobs.open_jobs_of(owner_of(request)), "here": "",
    }  # fmt: skip
    return render(request, "site/jobs.html", context)


@require_safe
def job(request: HttpRequest, job: int) -> HttpResponse:
    """One job with its progress; htmx asks for what changes alone, and says what a screen reader heard last."""
    return _job_page(request, get_object_or_404(Job, pk=job))


def _job_page(request: HttpRequest, found: Job, *, error: str = "") -> HttpResponse:
    percent = round(100 * found.progress_share)
    step = str(percent // ANNOUNCED_PERCENT * ANNOUNCED_PERCENT) if found.state == Job.State.RUNNING else found.state
    context = {
        "job": found, "is_open": found.state in jobs.OPEN_STATES, "percent": percent, "step": step,
        "sees_jobs": WATCHERS.may(viewer_of(request), {}), "is_news": step != request.GET.get("gezegd"), "here": "",
        "may_be_done_again": found.state in jobs.ENDED_BADLY, "error": error,
    }  # fmt: skip
    template = "site/job_state.html" if request.headers.get("HX-Request") else "site/job.html"
    return render(request, template, context, status=409 if error else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_job(request: HttpRequest, job: int) -> HttpResponse:
    """Ask a job to stop; an address that was only opened leads to the job."""
    if request.method != "POST":
        return redirect("job", job)
    jobs.ask_to_cancel(get_object_or_404(Job, pk=job).pk, now=timezone.now())
    return redirect("job", job)


@require_http_methods(["GET", "HEAD", "POST"])
def retry_job(request: HttpRequest, job: int) -> HttpResponse:
    """Put a job that ended badly back in the queue; an address that was only opened leads to the job."""
    found = get_object_or_404(Job, pk=job)
    if request.method == "POST":
        try:
            jobs.do_again(found.pk)
        except UserError as refused:
            return _job_page(request, found, error=str(refused))
    return redirect("job", job)


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """All parts that pages are made of, with invented figures; also the page that accessibility tests look at."""
    return render(request, "site/design.html", catalogue.parts() | {"here": "ontwerp"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what to leave alone: jobs and what is made on demand."""
    return HttpResponse("User-agent: *\nDisallow: /taken/\nDisallow: /cijfer/\n", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead a browser that does not read the page to the mark."""
    return redirect(static("site/mark.svg"))

"""Pages about staff and shortage: what drives it, one subject or function, small sections, and what analysts ask for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from regio.regions.queries import RegionChoice
from regio.shared.errors import UserError
from regio.shared.pages import kept_until, owner_of

from .. import queries
from ..actions import request_explanation
from ..enums import ScopeKind
from ..models import ForecastRun
from ..outlook import Outlook, page_address
from ..queries import Scope, forecast_stamp
from ..rules import sees_sums
from ..shortage import analyst_page, differences_page, position_page, sections_page
from ..shortage.staffing import Staffing
from .asked import number_of, outlook_of, region_or_404, scope_and_way, wanted, wanted_of, whole_number

Links = list[tuple[str, str]]
BESIDE = {
    "drivers": "Wat drijft het tekort?",
    "sections": "Kleine secties",
    "differences": "Waarom is het anders?",
    "analyst": "Voor de analist",
}
DRIVERS = ("oorzaken", "stromen", "leeftijden", "bevoegd")


@require_safe
@kept_until(forecast_stamp)
def drivers(request: HttpRequest, key: str, kind: str = ScopeKind.REGION, code: str = "") -> HttpResponse:
    """What makes the shortage of a region, board, school or location, and who works there."""
    chosen, run = _region_and_run(request, key)
    if run is None:
        return redirect("region", key)
    scope, way = scope_and_way(chosen, kind, code, run=wanted_of(request, run))
    page = outlook_of(request, chosen, run, scope)
    staffing = Staffing(page, bound=whole_number(request, "boven", -1))
    here = page.address(kind, code, sector=page.asked_sector)
    context = {
        "outlook": page, "staffing": staffing, "figures": staffing.figures(*DRIVERS), "here": "regio",
        "crumbs": [("Regio's", reverse("regions")), *way, (scope.name, here), ("Wat drijft het tekort?", "")],
        "onward": _onward(page, "drivers"),
    }  # fmt: skip
    return render(request, "workforce/staffing.html", context)


@require_safe
@kept_until(forecast_stamp)
def position(request: HttpRequest, key: str, item: str) -> HttpResponse:
    """One subject, profile or function in a region: how short, why, at which boards, and what was said before."""
    chosen, run = _region_and_run(request, key)
    if run is None:
        return redirect("region", key)
    page = outlook_of(request, chosen, run, Scope(ScopeKind.REGION, key, chosen.name))
    staffing = Staffing(page, item, bound=whole_number(request, "boven", -1))
    found = position_page.build(staffing)
    if found is None:
        raise Http404(f"{item} komt in {chosen.name} niet voor.")
    context = {
        "outlook": page, "staffing": staffing, "position": found, "figures": staffing.figures("tekort", "oorzaken"), "here": "regio",
        "crumbs": _crumbs(page, found.title), "onward": _onward(page, "position"),
    }  # fmt: skip
    return render(request, "workforce/position.html", context)


@require_safe
@kept_until(forecast_stamp)
def sections(request: HttpRequest, key: str) -> HttpResponse:
    """Sections of less than one fte per subject and location, and who could combine."""
    chosen, run = _region_and_run(request, key)
    if run is None:
        return redirect("region", key)
    page = outlook_of(request, chosen, run, Scope(ScopeKind.REGION, key, chosen.name))
    reach_km = whole_number(request, "km", sections_page.REACH_KM)
    found = sections_page.build(page, reach_km=reach_km, subject=request.GET.get("vak", ""))
    context = {
        "outlook": page, "found": found, "is_partly_private": not sees_sums(run, page.sector), "here": "regio",
        "crumbs": _crumbs(page, "Kleine secties"), "onward": _onward(page, "sections"),
    }  # fmt: skip
    return render(request, "workforce/sections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@kept_until(forecast_stamp)
def differences(request: HttpRequest, key: str) -> HttpResponse:
    """Why this forecast differs from the one before it, and from a published one; POST asks to compute it part by part."""
    chosen, run = _region_and_run(request, key)
    if run is None:
        return redirect("region", key)
    error = ""
    if request.method == "POST":
        older = get_object_or_404(ForecastRun, pk=number_of(request.POST.get("met", "")), region_key=key, finished_at__isnull=False)  # fmt: skip
        try:
            return redirect("job", request_explanation(run, older, owner=owner_of(request), now=timezone.now()).pk)
        except UserError as refused:
            error = str(refused)
    page = outlook_of(request, chosen, run, Scope(ScopeKind.REGION, key, chosen.name))
    context = {
        "outlook": page, "compared": differences_page.build(page), "error": error, "here": "regio",
        "crumbs": _crumbs(page, "Waarom is het anders?"), "onward": _onward(page, "differences"),
    }  # fmt: skip
    return render(request, "workforce/differences.html", context, status=409 if error else 200)


@require_safe
@kept_until(forecast_stamp)
def analyst(request: HttpRequest, key: str) -> HttpResponse:
    """Where the uncertainty comes from, how exact the draws are, and every position in every year."""
    chosen, run = _region_and_run(request, key)
    if run is None:
        return redirect("region", key)
    page = outlook_of(request, chosen, run, Scope(ScopeKind.REGION, key, chosen.name))
    staffing = Staffing(page)
    context = {
        "outlook": page, "staffing": staffing, "found": analyst_page.build(staffing), "here": "regio",
        "is_run_private": queries.is_partly_private(run),  # seed and outcome are of all sectors, whatever one the page is of
        "crumbs": _crumbs(page, "Voor de analist"), "onward": _onward(page, "analyst"),
    }  # fmt: skip
    return render(request, "workforce/analyst.html", context)


def _region_and_run(request: HttpRequest, key: str) -> tuple[RegionChoice, ForecastRun | None]:
    return region_or_404(key), queries.run_to_open(key, wanted(request))


def _crumbs(page: Outlook, words: str) -> Links:
    here = page_address(region_key=page.region.key, sector=page.asked_sector, run=page.run.pk * page.is_asked_run)
    return [("Regio's", reverse("regions")), (page.region.name, here), (words, "")]


def _onward(page: Outlook, here: str) -> Links:
    """Return the pages that follow from any of these, the region first."""
    region = page_address(region_key=page.region.key, sector=page.asked_sector, run=page.run.pk * page.is_asked_run)
    others = [(words, page.page(name)) for name, words in BESIDE.items() if name != here]
    return [(f"Naar {page.region.name}", region), *others]

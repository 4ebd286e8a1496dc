"""Pages to choose a region: the lists of presets, and an own set of locations."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from regio.shared.pages import kept_until

from . import queries
from .actions import make_region
from .enums import AreaKind
from .forms import SECTORS, KeepRegionForm, OwnRegionForm

RESULTS_SHOWN = 60
COOKIE = "regio"
COOKIE_SECONDS = 180 * 24 * 3600
KIND_TITLES = {
    AreaKind.RPA: "RPA-gebieden", AreaKind.RMC: "RMC-regio's", AreaKind.PROVINCIE: "Provincies", AreaKind.COROP: "COROP-gebieden",
    AreaKind.GEMEENTE: "Gemeenten",
}  # fmt: skip


def remember_region(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep the key of the region that was opened last in a cookie, so that the start page opens with it."""

    @wraps(view)
    def answer(request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, key, *args, **kwargs)
        if response.status_code == 200 and request.COOKIES.get(COOKIE) != key:
            response.set_cookie(COOKIE, key, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax")
        return response

    return answer


@require_GET
@kept_until(queries.regions_stamp)
def regions(request: HttpRequest) -> HttpResponse:
    """All regions to choose from, narrowed by a search."""
    words = request.GET.get("zoek", "").strip()
    groups = [("Eigen regio's", queries.own_regions())]
    presets = queries.preset_regions()
    groups += [(title, presets[kind]) for kind, title in KIND_TITLES.items()]
    found = [(title, [row for row in rows if words.lower() in row.name.lower()]) for title, rows in groups]
    context = {
        "groups": [(title, rows) for title, rows in found if rows],
        "words": words,
        "here": "regios",
        "is_empty": not any(rows for _, rows in groups),
    }
    return render(request, "regions/regions.html", context)


@require_http_methods(["GET", "POST"])
def own_region(request: HttpRequest) -> HttpResponse:
    """Choose locations, name the set, keep it. Works by plain posts: what is ticked travels along."""
    form = OwnRegionForm(request.POST if request.method == "POST" else request.GET)
    chosen = form.chosen()
    if request.method == "POST" and "bewaar" in request.POST:
        keep = KeepRegionForm(request.POST, ids=[row.pk for row in chosen])
        if keep.is_valid():
            made = make_region(
                name=keep.cleaned_data["name"], location_ids=keep.cleaned_data["location"], now=timezone.now()
            )
            return redirect("region", made.key)
        return _own_region_page(request, form, chosen, errors=keep.errors)
    return _own_region_page(request, form, chosen, errors={})


def _own_region_page(request: HttpRequest, form: OwnRegionForm, chosen: list, *, errors: Any) -> HttpResponse:
    words, sector = form.data.get("words", "").strip(), form.data.get("in_sector", "")
    found, number = queries.search_locations(words=words, sector=sector, limit=RESULTS_SHOWN) if words else ([], 0)
    ticked = {row.pk for row in chosen}
    context = {
        "form": form, "words": words, "sector": sector, "sectors": SECTORS, "name": form.data.get("name", ""),
        "chosen": chosen, "found": [row for row in found if row.pk not in ticked], "number": number, "shown": RESULTS_SHOWN,
        "errors": errors, "here": "regios", "crumbs": [("Regio's", reverse("regions")), ("Eigen regio", "")],
    }  # fmt: skip
    return render(request, "regions/own_region.html", context, status=422 if errors else 200)

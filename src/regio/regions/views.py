"""Pages to choose a region: the lists of presets, an own region (compose, change, remove), and what became of a location."""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import escape_leading_slashes
from django.views.decorators.http import require_http_methods, require_safe

from regio.accounts.viewer import viewer_of
from regio.shared.pages import kept_until

from . import actions, queries
from .enums import AreaKind
from .errors import UnknownLocation, WrongLink
from .forms import SECTORS, KeepRegionForm, LinkForm, SearchForm, ids_of
from .models import Region, RegionDraft, SchoolLocation
from .rules import makes_for

RESULTS_SHOWN = 60
GROUPS_SHOWN = 12
CHOSEN_SHOWN = 300  # above this the chosen locations of one municipality at a time
COOKIE = "regio"
COOKIE_SECONDS = 180 * 24 * 3600
# Title and one line for who does not know the kind.
KINDS = {
    AreaKind.RPA: ("RPA-gebieden", "Indeling voor de arbeidsmarkt in de regio; ook cijfers over de arbeidsmarkt van het onderwijs zijn zo ingedeeld."),
    AreaKind.RMC: ("RMC-regio's", "Gemeenten die samen voortijdig schoolverlaten tegengaan (Regionale Meld- en Coördinatiefunctie)."),
    AreaKind.PROVINCIE: ("Provincies", ""),
    AreaKind.COROP: ("COROP-gebieden", "Indeling van het CBS in 40 gebieden: een stad met haar omgeving. Veel statistiek is zo ingedeeld."),
    AreaKind.GEMEENTE: ("Gemeenten", "Per provincie; klap een provincie open, of zoek op de naam van de gemeente."),
}  # fmt: skip
TOLD = "eigen opgave"
KEY = re.compile(r"[\w:.-]{1,60}")


def remember_region(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep the key of the region that was opened last in a cookie, so that the start page opens with it.

    An own region that was removed or changed gets a page that says so.
    """

    @wraps(view)
    def answer(request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if removed := queries.removed_region(key):
            return _removed_page(request, removed)
        response = view(request, key, *args, **kwargs)
        if response.status_code == 200 and request.COOKIES.get(COOKIE) != key:
            response.set_cookie(COOKIE, key, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax")
        return response

    return answer


def _removed_page(request: HttpRequest, removed: Region) -> HttpResponse:
    crumbs = [("Regio's", reverse("regions")), (removed.name, "")]
    response = render(
        request, "regions/removed.html", {"region": removed, "crumbs": crumbs, "here": "regios"}, status=410
    )
    if request.COOKIES.get(COOKIE) == removed.key:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


@require_safe
def region_in_our_letters(request: HttpRequest, key: str, rest: str) -> HttpResponse:
    """Lead from `RPA:03` to `rpa:03`."""
    ours = key.lower()
    if queries.region_by_key(ours) is None:
        raise Http404(f"De regio {key} bestaat hier niet.")
    return _permanently(request, f"/regio/{ours}/{rest}")


@require_safe
def code_in_our_letters(request: HttpRequest, head: str, kind: str, code: str, rest: str) -> HttpResponse:
    """Lead from a school or location code in small letters to the code as DUO writes it."""
    return _permanently(request, f"/{head}/{kind}/{code.upper()}/{rest}")


def _permanently(request: HttpRequest, path: str) -> HttpResponse:
    asked = request.META.get("QUERY_STRING", "")
    return redirect(escape_leading_slashes(path) + (f"?{asked}" if asked else ""), permanent=True)


@require_safe
@kept_until(queries.regions_stamp)
def regions(request: HttpRequest) -> HttpResponse:
    """All regions to choose from, narrowed by a search; municipalities are folded per province."""
    words = request.GET.get("zoek", "").strip()
    presets = queries.preset_regions()
    provinces = {row.key.partition(":")[2]: row.name for row in presets[AreaKind.PROVINCIE]}
    own = _holding(words, queries.own_regions())
    groups = [(*KINDS[kind], _holding(words, presets[kind])) for kind in KINDS if kind != AreaKind.GEMEENTE]
    places = _holding(words, presets[AreaKind.GEMEENTE])
    context = {
        "own": own, "groups": [group for group in groups if group[2]], "folds": _per_province(places, provinces),
        "places": places, "places_title": KINDS[AreaKind.GEMEENTE], "words": words, "here": "regios",
        "is_empty": not words and not own and not places and not any(rows for _, _, rows in groups),
    }  # fmt: skip
    return render(request, "regions/regions.html", context)


def _holding(words: str, rows: list[queries.RegionChoice]) -> list[queries.RegionChoice]:
    return [row for row in rows if words.lower() in row.name.lower()]


def _per_province(
    places: list[queries.RegionChoice], provinces: dict[str, str]
) -> list[tuple[str, list[queries.RegionChoice]]]:
    """Return (province, municipalities), by name of the province; the ones without a province last."""
    folds: dict[str, list[queries.RegionChoice]] = {}
    for row in places:
        folds.setdefault(provinces.get(row.province, ""), []).append(row)
    return [(name or "Provincie niet bekend", folds[name]) for name in sorted(folds, key=lambda name: (not name, name))]


# ---------------------------------------------------------------------------------------------------- own region
@require_http_methods(["GET", "HEAD", "POST"])
def own_region(request: HttpRequest, draft: str = "") -> HttpResponse:
    """Search, add, take out, name, keep. Works by plain posts; the choice is kept on the server, under its own address."""
    made = queries.draft_by_code(draft) if draft else None
    if draft and made is None:
        raise Http404("Dit ontwerp bestaat niet meer.")
    if made and made.kept_as:
        return redirect("region", made.kept_as.key)
    if request.method == "POST" and "bewaar" in request.POST:
        return _keep(request, made)
    if request.method == "POST":
        made = made or actions.start_draft(replaces=None, now=timezone.now(), made_for=makes_for(viewer_of(request)))
        return _after(made, request.POST, _change(made, request.POST))
    return _composing_page(request, made, name=made.replaces.name if made and made.replaces else "")


def _keep(request: HttpRequest, draft: RegionDraft | None) -> HttpResponse:
    number = draft.locations.count() if draft else 0
    form = KeepRegionForm(request.POST, number=number, replaces=draft.replaces if draft else None)
    if draft and form.is_valid():
        region = actions.keep_draft(draft, name=form.cleaned_data["name"], now=timezone.now())
        return redirect("region", region.key)
    return _composing_page(request, draft, name=request.POST.get("name", ""), form=form)


def _change(draft: RegionDraft, given: QueryDict) -> int:
    """Do what the pressed button says; return how many locations came in or, below zero, went out."""
    search = SearchForm(given).search()
    ticked = SchoolLocation.objects.filter(pk__in=ids_of(given.getlist("location")))
    if "alles_erbij" in given:
        return actions.add_to_draft(draft, queries.found_locations(**search))
    if "groep_erbij" in given:
        group = queries.locations_of_group(_key(given.get("groep_erbij", "")), sector=search["sector"])
        return actions.add_to_draft(draft, group)
    if "alles_eruit" in given:
        return -actions.take_from_draft(draft, SchoolLocation.objects.all())
    if "gemeente_eruit" in given:
        code = _key(given.get("gemeente_eruit", "")) or None
        return -actions.take_from_draft(draft, SchoolLocation.objects.filter(municipality=code))
    if "eruit" in given:
        return -actions.take_from_draft(draft, ticked)
    return actions.add_to_draft(draft, ticked)


def _key(text: str) -> str:
    return text if KEY.fullmatch(text) else ""


def _after(draft: RegionDraft, given: QueryDict, change: int) -> HttpResponse:
    """Lead back to the page of the draft, so that reloading it repeats nothing."""
    kept = {name: given[name] for name in ("words", "in_sector") if given.get(name)}
    asked = urlencode(kept | {"verschil": change})
    return redirect(f"{reverse('draft', args=[draft.code])}?{asked}#stand")


def _composing_page(
    request: HttpRequest, draft: RegionDraft | None, *, name: str, form: KeepRegionForm | None = None
) -> HttpResponse:
    given = request.POST if form else request.GET
    chosen = queries.chosen_locations(draft)
    difference = _whole(given.get("verschil", ""))
    context = {
        "draft": draft, "own_address": reverse("draft", args=[draft.code]) if draft else reverse("own_region"), "name": name, "form": form, "sectors": SECTORS, "here": "regios",
        "crumbs": [("Regio's", reverse("regions")), (draft.replaces.name if draft and draft.replaces else "Eigen regio", "")],
        "chosen": _per_municipality(chosen, opened=given.get("gemeente")), "number_chosen": len(chosen),
        "added": max(difference or 0, 0), "taken": max(-(difference or 0), 0), "is_same": difference == 0,
        **_search_results(given, draft),
    }  # fmt: skip
    return render(request, "regions/own_region.html", context, status=422 if form else 200)


def _search_results(given: QueryDict, draft: RegionDraft | None) -> dict[str, Any]:
    search = SearchForm(given).search()
    found = queries.found_locations(**search)
    new = found.exclude(pk__in=draft.locations.values("pk")) if draft else found
    groups = queries.found_groups(**search)
    return search | {
        "number": found.count(), "found": new[:RESULTS_SHOWN], "new": new.count(), "shown": RESULTS_SHOWN,
        "groups": groups[:GROUPS_SHOWN], "more_groups": len(groups) > GROUPS_SHOWN,
    }  # fmt: skip


def _per_municipality(chosen: list[SchoolLocation], *, opened: str | None) -> list[dict[str, Any]]:
    """Return the chosen locations per municipality; of a big choice only the opened one shows its rows."""
    groups = []
    for code, rows in groupby(chosen, key=lambda row: row.municipality_id):
        held = list(rows)
        shows = len(chosen) <= CHOSEN_SHOWN or (code or "") == opened
        name = str(held[0].municipality or "Gemeente niet bekend")
        groups.append({"code": code or "", "name": name, "number": len(held), "rows": held if shows else []})
    return groups


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None


@require_http_methods(["GET", "HEAD", "POST"])
def manage_region(request: HttpRequest, code: str) -> HttpResponse:
    """What can be done with an own region; a post begins a change in a draft of its own."""
    region = get_object_or_404(Region, code=code)
    if region.removed_at:
        return _removed_page(request, region)
    if request.method == "POST":
        return redirect("draft", actions.start_draft(replaces=region, now=timezone.now()).code)
    return _managing_page(request, region, "regions/manage.html", "Wijzig of verwijder")


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Ask whether an own region may go; a post removes it."""
    region = get_object_or_404(Region, code=code)
    if request.method == "POST":
        actions.remove_region(region, now=timezone.now())
        return redirect("regions")
    if region.removed_at:
        return _removed_page(request, region)
    return _managing_page(request, region, "regions/remove.html", "Verwijder")


def _managing_page(request: HttpRequest, region: Region, template: str, title: str) -> HttpResponse:
    crumbs = [("Regio's", reverse("regions")), (region.name, reverse("region", args=[region.key])), (title, "")]
    context = {"region": region, "number": region.locations.count(), "crumbs": crumbs, "here": "regios"}
    return render(request, template, context)


# ------------------------------------------------------------------------------------------------- one location
@require_http_methods(["GET", "HEAD", "POST"])
def what_became(request: HttpRequest, code: str) -> HttpResponse:
    """What is recorded of a location that merged, moved, was split or closed: add to it or take it back."""
    location = get_object_or_404(SchoolLocation, code=code)
    is_new = request.method == "POST" and "weg" not in request.POST
    form = LinkForm(request.POST if is_new else None)
    if request.method == "POST" and _is_changed(location, request.POST, form if is_new else None):
        return redirect(reverse("what_became", args=[code]) + "?klaar=1#stand")
    links = queries.links_onward(location)
    context = {
        "location": location,
        "links": links,
        "form": form,
        "is_changed": "klaar" in request.GET,
        "here": "regios",
    }
    return render(request, "regions/what_became.html", context, status=422 if form.errors else 200)


def _is_changed(location: SchoolLocation, given: QueryDict, form: LinkForm | None) -> bool:
    """Record what a filled form says, or take back the pressed link; return whether that could be done."""
    if form is None:
        with suppress(WrongLink):  # somebody else took it back
            actions.undo_link(old_code=location.code, new_code=str(given["weg"]) or None)
        return True
    if not form.is_valid():
        return False
    try:
        actions.link_location(old_code=location.code, source=TOLD, **form.link())
    except (UnknownLocation, WrongLink) as error:
        form.add_error(None, str(error))
        return False
    return True

"""The public site of a region: what the desk does and does not do, routes, money, schools; and its colours."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from regio.regions.enums import AreaKind, Sector
from regio.regions.forms import SECTORS, SearchForm
from regio.regions.queries import own_regions, preset_regions, region_by_key, sectors_in
from regio.regions.views import COOKIE

from .. import presenting, queries
from ..enums import EditionKind
from .frame import Frame, of_a_desk

SCHOOLS_SHOWN = 300
NO_QUALIFICATION = ("geen", "bestaand", "erkend")  # rows that say what somebody has, not what there is to get


@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """Lead to the desk of the region that was opened last; else, or when asked (`?kies`), let people choose one."""
    key = request.COOKIES.get(COOKIE, "")
    if "kies" not in request.GET and region_by_key(key):
        return redirect("desk", key)
    context = {"regions": preset_regions()[AreaKind.RPA], "own": own_regions(), "here": "loket"}
    return render(request, "desk/desks.html", context)


@require_safe
@of_a_desk
def desk(request: HttpRequest, frame: Frame) -> HttpResponse:
    """What this desk does, for whom, which routes and grants there are, and how a talk goes."""
    edition = queries.edition_in_force(EditionKind.ADVICE, frame.key)
    if edition is None:
        raise Http404
    rules, today = queries.rules_of(edition), timezone.localdate()
    routes = [presenting.route_view(rules, one, language=frame.language, today=today) for one in rules.routes]
    money = [presenting.money_view(row, rules, language=frame.language, today=today) for row in rules.tree["geld"]]
    contact = frame.page["contact"]
    promise = (
        frame.words["reply"].format(contact["werkdagen"]) if contact["werkdagen"] else frame.words["reply_general"]
    )
    lists = {name: frame.texts[name].splitlines() for name in ("wel", "niet", "gesprek")}
    context = {
        "groups": _per_sector(frame, routes), "money": money,
        "qualifications": [
            {"name": row[frame.language], "valid": row["geldt"][frame.language]}
            for row in rules.tree["bevoegdheden"]
            if row["code"] not in NO_QUALIFICATION
        ],
        "lists": lists, "contact": contact, "promise": promise, "edition": edition,
        "has_contact": any(contact[name] for name in ("persoon", "telefoon", "mail", "tijden")),
        "municipalities": queries.municipalities_of(frame.key),
        "sectors": [(Sector(code).label, *numbers) for code, numbers in sorted(sectors_in(frame.key).items())],
    }  # fmt: skip
    return frame.render(request, "desk/desk.html", context)


def _per_sector(frame: Frame, routes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    linked = [one | {"address": frame.address("desk_route", code=one["code"])} for one in routes]
    found = {one: [row for row in linked if one in row["sectors"]] for one in presenting.SECTORS}
    return [{"code": one, "name": frame.words[f"to_{one}"], "routes": rows} for one, rows in found.items()]


@require_safe
@of_a_desk
def desk_route(request: HttpRequest, frame: Frame, code: str) -> HttpResponse:
    """One route: for whom, steps, time, money and sources."""
    edition = queries.edition_in_force(EditionKind.ADVICE, frame.key)
    rules = queries.rules_of(edition) if edition else None
    found = rules.route(code) if rules else None
    if rules is None or found is None:
        raise Http404
    route = presenting.route_view(rules, found, language=frame.language, today=timezone.localdate())
    asks = [one.name[frame.language] for one in found.conditions]
    gives = [{"name": row[frame.language], "valid": row["geldt"][frame.language]} for row in route["gives"]]
    context = {"route": route, "asks": asks, "edition": edition, "gives": gives}
    return frame.render(request, "desk/route.html", context, crumb=route["name"])


@require_safe
@of_a_desk
def desk_schools(request: HttpRequest, frame: Frame) -> HttpResponse:
    """The registered locations of the region by place, narrowed by words and sector."""
    search = SearchForm(request.GET).search()
    found = queries.schools_of(frame.key, **search)
    sectors = [("", frame.words["all_sectors"]), *SECTORS[1:]]
    context = {
        "schools": found[:SCHOOLS_SHOWN], "number": len(found), "shown": SCHOOLS_SHOWN, "sectors": sectors,
        "words_asked": search["words"], "sector": search["sector"],
    }  # fmt: skip
    return frame.render(request, "desk/schools.html", context, crumb=frame.words["schools"])


@require_safe
@of_a_desk
def desk_colours(request: HttpRequest, frame: Frame) -> HttpResponse:
    """The accent of a region as design tokens; it was checked for contrast when it was chosen. A dark page keeps its own."""
    accent = frame.page["kleur"]
    strong = f"color-mix(in srgb, {accent} 75%, black)"
    rule = f"--accent: {accent}; --accent-strong: {strong}; --accent-soft: color-mix(in srgb, {accent} 14%, white)"
    text = f"@layer pages {{ @media (prefers-color-scheme: light) {{ :root {{ {rule} }} }} }}\n"
    return HttpResponse(text, content_type="text/css", headers={"Cache-Control": "public, max-age=300"})

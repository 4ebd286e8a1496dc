"""The first screen of an adviser, what changed, the list of the team, and how soon people hear something."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from regio.accounts.viewer import viewer_of
from regio.audit.actions import record_view
from regio.desk.cases import queries
from regio.desk.cases.enums import OPEN_PHASES, CaseType
from regio.desk.cases.models import Desk
from regio.desk.cases.rules import desk_regions, team_of
from regio.desk.cases.working_days import source_of_holidays
from regio.regions.queries import region_by_key
from regio.shared.export import rows_to_bytes

MOST_EXPORTED = 5000
SAID = {
    "bewaard": "Bewaard.", "contact": "Het contact is vastgelegd.", "notitie": "De notitie is bewaard.", "gesloten": "De zaak is gesloten.",
    "open": "De zaak is weer open.", "nieuw": "De zaak is geopend.", "samen": "De twee kandidaten zijn samengevoegd.", "kanniet": "Dit kan niet meer ongedaan worden gemaakt: een van de twee is daarna weer samengevoegd of heeft een nieuwe zaak.", "apart": "De samenvoeging is ongedaan gemaakt.",
    "over": "De zaken zijn overgenomen.", "terug": "De zaken zijn weer terug.", "stappen": "De stappen zijn gewijzigd.", "post": "De mail is verwerkt.",
    "ingehaald": "Het contact is vastgelegd. De volgende stap zette een collega intussen anders; die is zo gebleven.", "collega": "Een collega die deze zaak mag zien, neemt contact op.", "bestaat": "Deze persoon heeft al een open zaak. Dit is die zaak.",
}  # fmt: skip


def said(request: HttpRequest) -> str:
    """Return the sentence that the page before asked to show."""
    return SAID.get(request.GET.get("gezegd", ""), "")


@require_safe
def desk_todo(request: HttpRequest) -> HttpResponse:
    """Return what the adviser does now, the most urgent first."""
    groups = queries.todo(viewer_of(request), now=timezone.now())
    number = sum(len(cases) for _, cases in groups)
    return render(request, "cases/todo.html", {"groups": groups, "number": number, "said": said(request), "today": timezone.localdate(), "tab": "te-doen", "here": "zaken"})  # fmt: skip


@require_safe
def desk_changes(request: HttpRequest) -> HttpResponse:
    """Return what changed, the newest first."""
    return render(
        request,
        "cases/changes.html",
        {"changes": queries.changes(viewer_of(request)), "tab": "veranderd", "here": "zaken"},
    )


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Return the list of the team; the filters stay in the address."""
    viewer, now = viewer_of(request), timezone.now()
    filters = queries.Filters.read(request.GET)
    page = Paginator(queries.filtered(viewer, filters, now=now), queries.PER_PAGE).get_page(filters.page)
    numbers = queries.numbers_of_lists(viewer, now=now)
    context = {
        "page": page, "filters": filters, "here": "zaken", "tab": "zaken", "said": said(request), "today": timezone.localdate(now),
        "lists": [(which, words, numbers[which], filters.address(lijst=which, pagina="")) for which, words in queries.LISTS.items()],
        "phases": [(phase, number, filters.address(fase=phase.value, pagina="")) for phase, number in queries.numbers_of_phases(viewer)],
        "all_phases": OPEN_PHASES, "types": CaseType, "advisers": _advisers(request), "export": filters.address(pagina=""),
        "before": page.has_previous() and filters.address(pagina=page.number - 1), "after": page.has_next() and filters.address(pagina=page.number + 1),
    }  # fmt: skip
    return render(request, "cases/list.html", context)


def _advisers(request: HttpRequest) -> list[tuple[int, str]]:
    """Return whom the list can be narrowed to."""
    found = [team_of(key, today=timezone.localdate()) for key, _ in desks_of(request)]
    return [(one.person_id, one.name) for team in found for one in team.advisers.values()]


def desks_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the desks for which the reader works: key and name of the region."""
    keys = desk_regions(viewer_of(request))
    chosen = keys if keys is not None else sorted(Desk.objects.values_list("region_key", flat=True))
    return [(key, region.name if (region := region_by_key(key)) else key) for key in chosen]


@require_safe
def cases_file(request: HttpRequest) -> HttpResponse:
    """Return the filtered list as CSV, and write in the trail that it was taken."""
    viewer, now = viewer_of(request), timezone.now()
    found = queries.filtered(viewer, queries.Filters.read(request.GET), now=now)
    rows = [queries.as_row(case) for case in found[:MOST_EXPORTED]]
    with transaction.atomic():
        record_view("cases.cases_exported", subject="loket:", heading=f"Lijst van {len(rows)} zaken opgehaald", now=now)
    content = rows_to_bytes(rows, columns=queries.COLUMNS, file_format="csv")
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": "attachment; filename=zaken.csv"})  # fmt: skip


@require_safe
def response_times(request: HttpRequest) -> HttpResponse:
    """Return how soon people heard something, by week."""
    weeks = queries.response_weeks(viewer_of(request), now=timezone.now())
    desks = [
        (name, Desk.objects.filter(region_key=key).first() or Desk(region_key=key)) for key, name in desks_of(request)
    ]
    return render(request, "cases/response_times.html", {"weeks": weeks, "desks": desks, "source": source_of_holidays(), "tab": "reactietijd", "here": "zaken"})  # fmt: skip

"""The page of the trail: what happened and who looked, for the privacy officer; for a board who looked at its own staff.

An event names nobody: a person is a number. Whoever may see more than a number finds it at their own organisation.
"""

from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.models import Membership
from regio.accounts.viewer import Viewer, viewer_of
from regio.audit.models import Event
from regio.regions.queries import board_codes_in

PER_PAGE = 50
LONGEST = 120
BOARD_ROLES = (Role.BOARD_PLANNER, Role.BOARD_EXECUTIVE)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Events by subject, actor and period, newest first; looks alone where that is asked."""
    asked = {name: request.GET.get(name, "").strip()[:LONGEST] for name in ("onderwerp", "wie", "van", "tot", "keek")}
    viewer = viewer_of(request)
    found = _filtered(_readable(viewer), asked)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("blad"))
    is_officer = viewer.has(Role.PRIVACY_OFFICER)
    return render(request, "site/log.html", {"page": page, "asked": asked, "is_officer": is_officer, "here": ""})


def _readable(viewer: Viewer) -> QuerySet[Event]:
    """Return the events that the viewer may read: of the regions one is officer of, and looks at the own board."""
    every = Event.objects.order_by("-at", "-pk")
    if viewer.is_local or viewer.has(Role.PRIVACY_OFFICER, organisation=f"{OrganisationKind.INSTALLATION}:"):
        return every
    may = Q(pk__in=[])
    for one in viewer.held:
        if one.role == Role.PRIVACY_OFFICER:
            may |= _of_region(one.organisation.partition(":")[2])
        elif one.role in BOARD_ROLES:
            may |= Q(organisation=one.organisation, is_view=True)
    return every.filter(may)


def _of_region(key: str) -> Q:
    """Return what is of a region: itself, its boards, and everybody who has or had a role there."""
    codes = board_codes_in(key)
    boards = [f"{OrganisationKind.BOARD}:{code}" for code in codes]
    held = Membership.objects.filter(
        Q(organisation_kind=OrganisationKind.REGION, organisation_code=key)
        | Q(organisation_kind=OrganisationKind.BOARD, organisation_code__in=codes)
    )
    people = {f"persoon:{number}" for number in held.values_list("person_id", flat=True)}
    return Q(region=key) | Q(organisation__in=[*boards, f"{OrganisationKind.REGION}:{key}"]) | Q(subject__in=people)


def _filtered(events: QuerySet[Event], asked: dict[str, str]) -> QuerySet[Event]:
    if asked["onderwerp"]:
        events = events.filter(subject=asked["onderwerp"])
    if asked["wie"]:
        events = events.filter(Q(actor=asked["wie"]) | Q(on_behalf_of=asked["wie"]))
    if asked["keek"]:
        events = events.filter(is_view=True)
    if since := _day(asked["van"]):
        events = events.filter(at__gte=_start(since))
    if until := _day(asked["tot"]):
        events = events.filter(at__lt=_start(until + timedelta(days=1)))
    return events


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and 2000 <= found.year < 2200 else None


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())

"""Lines of *Vandaag* about forecasts: old counts, runs that ended or failed, something to compare, a board without staff."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from regio.accounts.enums import OrganisationKind
from regio.accounts.viewer import Viewer, viewer_now
from regio.regions.models import SchoolLocation
from regio.regions.queries import region_by_key
from regio.regions.rules import leads
from regio.shared.formatting import long_date
from regio.shared.models import Job
from regio.shared.today import Line, Urgency

from .models import ForecastRun, RunDifference, StaffMember
from .outlook import page_address
from .queries import has_newer_files, newest_count_date, run_to_open
from .sentences import is_stale

LOOKS_BACK = timedelta(days=7)
FORECAST = "prognose"


def lines(now: datetime) -> Iterator[Line]:
    """Return what waits for who reads now; three queries, and two for each region or board of theirs."""
    viewer, today = viewer_now(), timezone.localdate(now)
    newest = newest_count_date()
    if newest and is_stale(newest.year, today):
        words = f"De nieuwste telling is van {long_date(newest)}: ouder dan anderhalf jaar"
        yield Line(words, reverse("sources"), Urgency.WAITS, newest)
    yield from _own_jobs(viewer, now)
    for key in sorted(viewer.organisations(OrganisationKind.REGION)):
        yield from _of_region(key, now)
        if leads(viewer, key):
            yield from _to_compute(key, now)
    for code in sorted(viewer.organisations(OrganisationKind.BOARD)):
        yield from _of_board(code, now)


def _own_jobs(viewer: Viewer, now: datetime) -> Iterator[Line]:
    asked = Job.objects.filter(kind=FORECAST, owner=viewer.actor, ended_at__gte=now - LOOKS_BACK).order_by("-ended_at")
    for job in asked[:6]:
        day, address = timezone.localdate(job.ended_at), reverse("job", args=[job.pk])
        if job.state == Job.State.FAILED:
            yield Line(f"{job.label} is mislukt", address, Urgency.BROKEN, day)
        elif job.state == Job.State.DONE:
            yield Line(f"{job.label} is klaar", job.result_path or address, Urgency.CHANGED, day)


def _of_region(key: str, now: datetime) -> Iterator[Line]:
    chosen = region_by_key(key)
    fresh = ForecastRun.objects.filter(region_key=key, finished_at__gte=now - LOOKS_BACK).order_by("-pk").first()
    if chosen is None or fresh is None or fresh.finished_at is None:
        return
    day, words = timezone.localdate(fresh.finished_at), f"Voor {chosen.name} is een nieuwe prognose"
    if RunDifference.objects.filter(run=fresh, against__isnull=False).exists():
        address = reverse("differences", args=[key])
        yield Line(f"{words}: vergelijk haar met de vorige", address, Urgency.CHANGED, day)
    else:
        yield Line(words, page_address(region_key=key), Urgency.CHANGED, day)


def _to_compute(key: str, now: datetime) -> Iterator[Line]:
    """Return that a region has no forecast, or one from before the newest files; for who may ask for one."""
    chosen, run = region_by_key(key), run_to_open(key)
    if chosen is None:
        return
    address, today = reverse("forecast", args=[key]), timezone.localdate(now)
    if run is None:
        yield Line(f"Voor {chosen.name} is nog geen prognose gemaakt", address, Urgency.WAITS, today)
    elif has_newer_files(run):
        words = f"Na de prognose voor {chosen.name} zijn nieuwe bestanden geladen: reken opnieuw"
        yield Line(words, address, Urgency.WAITS, timezone.localdate(run.created_at))


def _of_board(code: str, now: datetime) -> Iterator[Line]:
    places = SchoolLocation.objects.filter(board=code, municipality__isnull=False, in_register=True)
    place = places.exclude(municipality__rpa_code="").select_related("board", "municipality").order_by("code").first()
    if place is None or place.municipality is None:
        return
    key = f"rpa:{place.municipality.rpa_code}"
    yield from _of_region(key, now)
    if not StaffMember.objects.filter(board=code).exists():
        address = page_address(region_key=key, kind="bestuur", code=code)
        words = f"Van {place.board} is geen eigen personeelsbestand geladen"
        yield Line(words, address, Urgency.WAITS, timezone.localdate(now))

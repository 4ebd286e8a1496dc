"""The page *Vandaag*: at most twelve lines of what waits for somebody; the first screen after signing in.

On paper it is the *Weekstart*, one A4. Lines come from the registry; two that belong to no app are here.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from regio.accounts.enums import Role
from regio.accounts.queries import roles_in_force
from regio.accounts.viewer import viewer_now
from regio.shared import schedule
from regio.shared.models import ImportBatch, Job
from regio.shared.today import MOST_LINES, Line, Urgency, lines_now
from regio.workforce.rules import OWN_FILE, sees_file

from .first_steps import COOKIE, steps_for
from .rules import READS_LOG, sees_every_job

LOOKS_BACK = timedelta(days=7)
READS_FILES = (Role.REGION_ADMIN, Role.PROGRAMME_MANAGER, Role.SUPPORT)


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first; who has not signed in has nothing waiting and goes to the start."""
    if not request.user.is_authenticated:
        return redirect("start")
    now = timezone.now()
    found, day = lines_now(now), timezone.localdate(now)
    roles = roles_in_force(request.user, day)
    context = {
        "steps": steps_for(roles, request), "may_show_steps": COOKIE in request.COOKIES, "now": now,
        "lines": found[:MOST_LINES], "more": len(found[MOST_LINES:]), "day": day, "week": day.isocalendar().week,
        "reads_log": READS_LOG.may(viewer_now(), {}), "roles": roles, "here": "vandaag",
    }  # fmt: skip
    return render(request, "site/today.html", context)


def lines(now: datetime) -> Iterator[Line]:
    """Return files with open findings, for who looks after the installation work that failed, for support what is late."""
    yield from _files()
    if sees_every_job(viewer_now()):
        yield from _failed(now)
    if viewer_now().has(Role.SUPPORT):
        for standing in schedule.overview(now=now, since=schedule.installed_at()):
            if standing.late_since:
                day = timezone.localdate(standing.late_since)
                yield Line(
                    f"{standing.recurring.label} is te laat", f"{reverse('jobs')}#kop-vanzelf", Urgency.BROKEN, day
                )


def _failed(now: datetime) -> Iterator[Line]:
    """Return the work that failed lately, as one line; who asked for a forecast has a line of their own."""
    failed = Job.objects.filter(state=Job.State.FAILED, ended_at__gte=now - LOOKS_BACK)
    found = failed.aggregate(number=Count("pk"), newest=Max("ended_at"))
    if found["newest"]:
        number, day = found["number"], timezone.localdate(found["newest"])
        words = "1 taak is mislukt" if number == 1 else f"{number} taken zijn mislukt"
        yield Line(f"{words} in de laatste week", reverse("jobs"), Urgency.BROKEN, day)


def _files() -> Iterator[Line]:
    """Return files in force with findings that nobody settled: own files for their board, public ones for who runs the region."""
    rows = ImportBatch.objects.filter(superseded_at=None).annotate(
        number=Count("findings", filter=Q(findings__resolved_at=None, findings__severity__in=["fout", "let_op"]))
    )
    for row in rows.filter(number__gt=0).order_by("loaded_at", "pk"):
        is_own = OWN_FILE in row.dataset
        if sees_file(row.dataset) if is_own else viewer_now().has(*READS_FILES):
            words = f"{row.dataset_label}: {row.number} {'melding' if row.number == 1 else 'meldingen'} bij het laden"
            address = f"{reverse('source', args=[row.pk])}#opgevallen"
            yield Line(words, address, Urgency.WAITS, timezone.localdate(row.loaded_at))

"""The page *Vandaag*: at most twelve lines of what waits for somebody; the first screen after signing in.

On paper it is the *Weekstart*, one A4. Lines come from the registry; two that belong to no app are here.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from regio.accounts.enums import Role
from regio.accounts.queries import roles_in_force
from regio.accounts.viewer import viewer_now
from regio.shared import schedule
from regio.shared.models import ImportBatch
from regio.shared.today import MOST_LINES, Line, Urgency, lines_now
from regio.workforce.rules import OWN_FILE, sees_file

from .rules import READS_LOG

READS_FILES = (Role.REGION_ADMIN, Role.PROGRAMME_MANAGER, Role.SUPPORT)


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first; who has not signed in has nothing waiting and goes to the start."""
    if not request.user.is_authenticated:
        return redirect("start")
    now = timezone.now()
    found, day = lines_now(now), timezone.localdate(now)
    context = {
        "lines": found[:MOST_LINES], "more": len(found[MOST_LINES:]), "day": day, "week": day.isocalendar().week,
        "reads_log": READS_LOG.may(viewer_now(), {}), "roles": roles_in_force(request.user, day), "here": "vandaag",
    }  # fmt: skip
    return render(request, "site/today.html", context)


def lines(now: datetime) -> Iterator[Line]:
    """Return files with open findings, and for support the recurring work that is late."""
    yield from _files()
    if viewer_now().has(Role.SUPPORT):
        for standing in schedule.overview(now=now, since=schedule.installed_at()):
            if standing.late_since:
                day = timezone.localdate(standing.late_since)
                yield Line(
                    f"{standing.recurring.label} is te laat", f"{reverse('jobs')}#kop-vanzelf", Urgency.BROKEN, day
                )


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

"""The page of terms: how long what stays, what goes soon, and what went."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from regio.audit.retaining import what_went
from regio.shared import schedule
from regio.shared.retention import outlook

SHOWN = 50


@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """Terms with what they do now and soon, and the newest of what they did."""
    now = timezone.now()
    standing = next((one for one in schedule.overview(now=now, since=schedule.installed_at()) if one.recurring.kind == "bewaartermijnen"), None)  # fmt: skip
    context = {"rows": outlook(now=now), "went": what_went()[:SHOWN], "standing": standing, "here": ""}
    return render(request, "accounts/retention.html", context)

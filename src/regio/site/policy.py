"""Where browsers tell what they refused to load: counted per day, without who or which page, and never in the log."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from regio.shared.limits import Limit, within
from regio.shared.models import PolicyReport
from regio.shared.visitors import address_of

PATH = "/csp-melding"
LARGEST_BYTES = 10_000
MOST_AT_ONCE = 10
MOST_KINDS_A_DAY = 100
PER_COMPUTER, ALTOGETHER = (Limit(30, 60), Limit(300, 3600)), (Limit(2000, 3600),)
WORD = re.compile(r"[a-z-]{1,60}")


@csrf_exempt
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    """Count what a browser reports; the answer is empty whatever it sent."""
    now, nothing = timezone.now(), HttpResponse(status=204)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BYTES:
        return HttpResponse(status=413)
    if within(f"policy:{address_of(request)}", PER_COMPUTER, now=now) or within("policy", ALTOGETHER, now=now):
        return HttpResponse(status=429)
    for directive, blocked in reports_in(request.read(LARGEST_BYTES)):
        _count(directive, blocked)
    return nothing


def reports_in(body: bytes) -> list[tuple[str, str]]:
    """Return (directive, what was blocked) of each report in either form that browsers send; nothing else is kept."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return []
    if isinstance(told, dict):
        found = [_old_form(told.get("csp-report"))]
    elif isinstance(told, list):
        found = [_new_form(one) for one in told[:MOST_AT_ONCE]]
    else:
        found = []
    return [one for one in found if one]


def _old_form(report: Any) -> tuple[str, str] | None:
    if not isinstance(report, dict):
        return None
    return _clean(report.get("effective-directive") or report.get("violated-directive"), report.get("blocked-uri"))


def _new_form(report: Any) -> tuple[str, str] | None:
    if (
        not isinstance(report, dict)
        or report.get("type") != "csp-violation"
        or not isinstance(report.get("body"), dict)
    ):
        return None
    return _clean(report["body"].get("effectiveDirective"), report["body"].get("blockedURL"))


def _clean(directive: Any, blocked: Any) -> tuple[str, str] | None:
    """Keep the name of the rule and the kind and host of an address; a path or question may say something of a person."""
    name = WORD.match(directive) if isinstance(directive, str) else None
    if name is None or not isinstance(blocked, str):
        return None
    try:
        parts = urlsplit(blocked)
        host = parts.hostname or ""
    except ValueError:
        return None
    kept = f"{parts.scheme}://{host}" if host else (parts.scheme or blocked)
    return (name.group(), kept[:120]) if re.fullmatch(r"[\w:/.\[\]-]{1,120}", kept[:120], re.ASCII) else None


def _count(directive: str, blocked: str) -> None:
    today = timezone.localdate()
    rows = PolicyReport.objects.filter(on=today)
    if rows.filter(directive=directive, blocked=blocked).update(number=F("number") + 1):
        return
    if rows.count() < MOST_KINDS_A_DAY:  # who invents kinds fills no table
        PolicyReport.objects.bulk_create(
            [PolicyReport(on=today, directive=directive, blocked=blocked)], ignore_conflicts=True
        )


def reported_today() -> int:
    """Return how many reports were counted today."""
    total: int | None = PolicyReport.objects.filter(on=timezone.localdate()).aggregate(total=Sum("number"))["total"]
    return total or 0

"""Writes down that somebody who has signed in looked at figures from a board's own staff file."""

from django.http import HttpRequest
from django.utils import timezone

from regio.accounts.viewer import viewer_of
from regio.audit.actions import record_view
from regio.regions.models import School, SchoolLocation

from .enums import ScopeKind
from .models import ForecastRun
from .queries import Scope, is_private
from .rules import own_boards


def note_view(request: HttpRequest, run: ForecastRun, scope: Scope, sector: str) -> None:
    """Write a look at a board, school or location with an own file, or at a sum with one; for a visitor nothing."""
    own = own_boards(run, sector)
    if not viewer_of(request).is_signed_in or not own:
        return
    board = _board_of(scope)
    if (scope.kind != ScopeKind.REGION and board not in own) or is_private(run, scope, sector):
        return
    heading = f"Personeelscijfers bekeken van {ScopeKind(scope.kind).label} {scope.code}, prognose {run.pk}"
    record_view(
        "workforce.own_staff_seen", subject=f"{scope.kind}:{scope.code}", heading=heading, now=timezone.now(),
        organisation=f"bestuur:{board}" if board else f"regio:{run.region_key}",
    )  # fmt: skip


def _board_of(scope: Scope) -> str:
    if scope.kind == ScopeKind.BOARD:
        return scope.code
    if scope.kind == ScopeKind.SCHOOL:
        return School.objects.filter(brin=scope.code).values_list("board_id", flat=True).first() or ""
    if scope.kind == ScopeKind.LOCATION:
        return SchoolLocation.objects.filter(code=scope.code).values_list("board_id", flat=True).first() or ""
    return ""

"""What an address asks for: the region, the scope with its way up, the run, the sector and small numbers."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from regio.regions.queries import RegionChoice, region_by_key, sectors_in

from .. import outlook, queries
from ..enums import ScopeKind
from ..models import ForecastRun
from ..outlook import page_address
from ..queries import Scope
from ..seen import note_view

Way = list[tuple[str, str]]  # words and address, from the region down


def region_or_404(key: str, *, with_removed: bool = False) -> RegionChoice:
    """Return the region of a key."""
    chosen = region_by_key(key, with_removed=with_removed)
    if chosen is None:
        raise Http404(f"De regio {key} bestaat hier niet.")
    return chosen


def wanted(request: HttpRequest) -> int:
    """Return the run that the address asks for; 0 when it asks for none."""
    return whole_number(request, "prognose", 0)


def wanted_of(request: HttpRequest, run: ForecastRun) -> int:
    """Return the run of a page where the address asked for it, so that its links ask for it too; else 0."""
    return run.pk if wanted(request) == run.pk else 0


def whole_number(request: HttpRequest, name: str, default: int) -> int:
    """Return a whole number that the address asks for, the default where it asks for none or for something else."""
    return number_of(request.GET.get(name, ""), default)


def number_of(text: str, default: int = 0) -> int:
    """Return a whole number as somebody wrote it, the default where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def scope_and_way(chosen: RegionChoice, kind: str, code: str, *, run: int) -> tuple[Scope, Way]:
    """Return the scope and the way up to its region; `run` is the run that its links name, 0 for none."""
    if kind == ScopeKind.REGION:
        return Scope(kind, chosen.key, chosen.name), []
    way = [(chosen.name, page_address(region_key=chosen.key, run=run))]
    if kind == ScopeKind.LOCATION and (place := queries.path_of_location(code)):
        return Scope(kind, code, str(place), place.board_id or ""), [
            *way,
            *_up(chosen, place.board, run),
            *_up(chosen, place.school, run),
        ]
    if kind == ScopeKind.SCHOOL and (school := queries.path_of_school(code)):
        return Scope(kind, code, str(school), school.board_id or ""), [*way, *_up(chosen, school.board, run)]
    if kind == ScopeKind.BOARD and (name := queries.board_name(code)):
        return Scope(kind, code, name, code), way
    raise Http404(f"Geen {kind} met code {code}.")


def _up(chosen: RegionChoice, above: Any, run: int) -> Way:
    if above is None:
        return []
    kind = ScopeKind.BOARD if hasattr(above, "code") else ScopeKind.SCHOOL
    return [(str(above), page_address(region_key=chosen.key, kind=kind, code=above.pk, run=run))]


def outlook_of(
    request: HttpRequest, chosen: RegionChoice, run: ForecastRun, scope: Scope, *, with_sectors: bool = False
) -> outlook.Outlook:
    """Return the outlook that a page is about, for the sector that its address asks for."""
    page = outlook.build(
        region=chosen, run=run, scope=scope, sector=request.GET.get("sector", ""), today=timezone.localdate(),
        places=sectors_in(chosen.key) if with_sectors else {}, is_asked_run=wanted_of(request, run) > 0,
    )  # fmt: skip
    if not page.series and not queries.is_in_region(chosen.key, scope):
        raise Http404(f"{scope.name} ligt niet in {chosen.name}.")
    note_view(request, run, scope, page.sector)
    return page

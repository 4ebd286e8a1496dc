"""Pages of joint rounds: the rounds of a region, one round with its newest snapshot, and taking part for a board."""

from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regio.accounts.consent import may_agree, text_of
from regio.accounts.enums import OrganisationKind, Purpose
from regio.accounts.models import Person
from regio.accounts.viewer import Viewer, viewer_of
from regio.regions.enums import Sector
from regio.regions.models import Board
from regio.shared.charts import VARIANTS, WIDE, download_svg, spec_of
from regio.shared.errors import UserError
from regio.shared.figures import figure_csv
from regio.shared.pages import owner_of

from ..enums import JointMode
from ..forms import OpenRoundForm
from ..joint import queries, rounds, tables
from ..models import JointRound, JointSnapshot
from ..rules import leads_region
from .asked import region_or_404

REFUSED = 409


@require_http_methods(["GET", "HEAD", "POST"])
def joint(request: HttpRequest, key: str) -> HttpResponse:
    """The joint rounds of a region, with a form that opens one."""
    chosen = region_or_404(key)
    form = OpenRoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = rounds.open_round(region_key=key, **form.cleaned_data, now=timezone.now())
            return redirect("joint_round", key, made.pk)
        except UserError as refused:
            form.add_error(None, str(refused))
    held = queries.rounds_of(key)
    rows = [
        (one, "{} van {} ingeleverd".format(*found))
        for one, found in zip(held, queries.statuses(held).values(), strict=True)
    ]
    context = _context(request, key, chosen.name) | {"form": form, "rows": rows, "crumbs": _crumbs(key, chosen.name)}
    return render(request, "workforce/joint.html", context, status=422 if form.errors else 200)


@require_safe
def joint_round(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One round: who gave in, and the newest snapshot for who leads the region and for boards that are in it."""
    return _round_page(request, key, number)


def _round_page(request: HttpRequest, key: str, number: int, *, error: str = "") -> HttpResponse:
    chosen, held, viewer = region_or_404(key), _round_or_404(key, number), viewer_of(request)
    taking = queries.taking_part(held)
    snapshot = _snapshot_for(viewer, held)
    context = _context(request, key, chosen.name) | {
        "round": held, "sector": Sector(held.sector).label, "taking": taking, "snapshot": snapshot, "error": error,
        "counts": sum(one.counts for one in taking), "able": sum(one.has_figures for one in taking),
        "figure": tables.joint_figure(held, snapshot) if snapshot else None, "mine": queries.boards_of_viewer(viewer, held),
        "has_snapshot": snapshot is not None or held.snapshots.exists(),
        "crumbs": _crumbs(key, chosen.name, (f"{Sector(held.sector).label} {held.reference_date.year}", "")),
    }  # fmt: skip
    return render(request, "workforce/joint_round.html", context, status=REFUSED if error else 200)


@require_safe
def joint_file(request: HttpRequest, key: str, number: str, suffix: str) -> HttpResponse:
    """The newest snapshot as CSV or SVG."""
    held = _round_or_404(key, int(number))
    snapshot = _snapshot_for(viewer_of(request), held)
    if snapshot is None:
        raise Http404("Er is nog geen momentopname.")
    found = tables.joint_figure(held, snapshot)
    if suffix == "svg" and found.chart is None:
        raise Http404("Dit cijfer heeft geen tekening.")
    if suffix == "csv":
        answer = HttpResponse(figure_csv(found), content_type="text/csv; charset=utf-8")
    else:
        chart = cast(Any, found.chart)
        answer = HttpResponse(download_svg(chart, spec_of(chart, VARIANTS[WIDE.name])), content_type="image/svg+xml")
    answer["Content-Disposition"] = (
        f'attachment; filename="tekort-samen-{held.sector}-{held.reference_date.year}.{suffix}"'
    )
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def joint_board(request: HttpRequest, key: str, number: int, board: str) -> HttpResponse:
    """Taking part for one board: what is shared, agreeing, giving in, taking back; its own rows beside the joint ones."""
    chosen, held, viewer = region_or_404(key), _round_or_404(key, number), viewer_of(request)
    found = Board.objects.filter(code=board).first()
    if found is None or board not in held.sizes:
        raise Http404(f"Bestuur {board} doet in deze ronde niet mee.")
    error = ""
    if request.method == "POST":
        try:
            _change(request, viewer, held, board)
            return redirect("joint_board", key, number, board)
        except UserError as refused:
            error = str(refused)
    context = _context(request, key, chosen.name) | _board_context(viewer, held, found) | {
        "error": error, "board": found, "crumbs": _crumbs(key, chosen.name, (f"{Sector(held.sector).label} {held.reference_date.year}", tables.address_of(held)), (str(found), "")),
    }  # fmt: skip
    return render(request, "workforce/joint_board.html", context, status=REFUSED if error else 200)


def _board_context(viewer: Viewer, held: JointRound, board: Board) -> dict[str, Any]:
    taking = next(one for one in queries.taking_part(held) if one.board == board)
    figures, given = rounds.figures_to_give(held, board=board.code), taking.contribution
    return {
        "round": held, "sector": Sector(held.sector).label, "taking": taking, "text": text_of(Purpose.JOINT_PLANNING),
        "may_agree": may_agree(viewer, Purpose.JOINT_PLANNING, f"{OrganisationKind.BOARD}:{board.code}"),
        "is_exact": held.mode == JointMode.EXACT, "is_newer": bool(given and figures and given.figures != figures),
        "to_give": tables.given_table(figures, caption="Dit levert u in, in fte"),
        "given": tables.given_table(given.figures, caption="Uw eigen cijfers, in fte", joint=_snapshot_for(viewer, held)) if given else None,
    }  # fmt: skip


def _change(request: HttpRequest, viewer: Viewer, held: JointRound, board: str) -> None:
    """Do what the form asks: "stem_in", "stop", "lever_in" or "neem_terug"."""
    what, now = request.POST.get("doe", ""), timezone.now()
    if what in ("stem_in", "stop"):
        if not may_agree(viewer, Purpose.JOINT_PLANNING, f"{OrganisationKind.BOARD}:{board}"):
            raise Http404
        person = cast(Person, request.user)
        if what == "stop":
            rounds.stop_agreeing(person, board=board, now=now)
        else:
            rounds.agree(person, board=board, version=request.POST.get("versie", ""), now=now)
    elif what == "neem_terug":
        rounds.take_back(held, board=board, now=now)
    elif what == "lever_in":
        may_exact = held.mode == JointMode.EXACT and _decides(viewer, board)
        rounds.give_in(held, board=board, agrees_to_exact=may_exact and "exact" in request.POST, now=now)


def _decides(viewer: Viewer, board: str) -> bool:
    return viewer.is_local or may_agree(viewer, Purpose.JOINT_PLANNING, f"{OrganisationKind.BOARD}:{board}")


@require_POST
def joint_snapshot(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Ask for a snapshot of what boards gave in by now."""
    try:
        return redirect(
            "job",
            rounds.request_snapshot(_round_or_404(key, number), owner=owner_of(request), now=timezone.now()).pk,
        )
    except UserError as refused:
        return _round_page(request, key, number, error=str(refused))


@require_POST
def joint_close(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """End a round."""
    rounds.close_round(_round_or_404(key, number), now=timezone.now())
    return redirect("joint_round", key, number)


def _round_or_404(key: str, number: int) -> JointRound:
    held = queries.round_or_none(key, number)
    if held is None:
        raise Http404("Deze ronde is er niet.")
    return held


def _snapshot_for(viewer: Viewer, held: JointRound) -> JointSnapshot | None:
    """Return the newest snapshot where this viewer may see it: who leads the region, and boards that are in it."""
    newest = queries.newest_snapshot(held)
    if newest is None or leads_region(viewer, {"key": held.region_key}):
        return newest
    return newest if set(newest.boards) & set(queries.boards_of_viewer(viewer, held)) else None


def _context(request: HttpRequest, key: str, name: str) -> dict[str, Any]:
    viewer = viewer_of(request)
    return {"here": "regio", "key": key, "region_name": name, "is_open": settings.OPEN, "leads": leads_region(viewer, {"key": key})}  # fmt: skip


def _crumbs(key: str, name: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    samen = ("Gezamenlijke rondes", reverse("joint", args=[key]) if more else "")
    return [("Regio's", reverse("regions")), (name, reverse("region", args=[key])), samen, *more]

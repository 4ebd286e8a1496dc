"""A board leaves: what it has here, everything in one file, the exit in two steps, and the way back within seven days."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from regio.accounts import leaving as acts
from regio.accounts.forms import LeaveForm
from regio.shared.board_rows import numbers_of
from regio.shared.errors import UserError


@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, board: str) -> HttpResponse:
    """What a board has here; while it leaves, the buttons to undo and to end that."""
    refused = ""
    if request.method == "POST":
        try:
            return _change(request, board)
        except UserError as error:
            refused = str(error)
    context = {
        "board": board, "numbers": numbers_of(board), "exit": acts.exit_of(board), "refused": refused, "here": "",
    }  # fmt: skip
    return render(request, "accounts/leaving.html", context, status=422 if refused else 200)


def _change(request: HttpRequest, board: str) -> HttpResponse:
    now, chosen = timezone.now(), request.POST.get("doe", "")
    if chosen == "terug":
        acts.undo_exit(board, now=now)
        return redirect("leaving", board)
    if chosen == "afronden":
        acts.end_exit(board, now=now)
        return render(request, "accounts/left.html", {"board": board, "here": ""})
    return redirect("leaving", board)


@require_POST
def leaving_file(request: HttpRequest, board: str) -> HttpResponse:
    """Everything of a board as one file."""
    answer = HttpResponse(acts.take_file(board, now=timezone.now()), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="bestuur-{board}.zip"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, board: str) -> HttpResponse:
    """The second step: what goes, and the number of the board typed to confirm it."""
    form = LeaveForm(request.POST or None, board=board)
    if request.method == "POST" and form.is_valid():
        try:
            return _leave(request, board, at_once=form.cleaned_data["how"] == "meteen")
        except UserError as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "board": board, "numbers": numbers_of(board), "here": ""}
    return render(request, "accounts/leave.html", context, status=422 if form.errors else 200)


def _leave(request: HttpRequest, board: str, *, at_once: bool) -> HttpResponse:
    now = timezone.now()
    acts.begin_exit(board, now=now, grace=timedelta() if at_once else acts.GRACE)
    if at_once:
        acts.end_exit(board, now=now)
        return render(request, "accounts/left.html", {"board": board, "here": ""})
    return redirect("leaving", board)

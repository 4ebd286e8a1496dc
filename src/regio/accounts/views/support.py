"""Support that works as somebody else: only with a reason, thirty minutes, everything written down."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from regio.accounts.actions import begin_watching
from regio.accounts.enums import Role
from regio.accounts.forms import WatchForm
from regio.accounts.viewer import WATCHING, viewer_of
from regio.accounts.watching import stop_watching


@require_http_methods(["GET", "HEAD", "POST"])
def watch(request: HttpRequest) -> HttpResponse:
    """Ask with whom and why; begin."""
    viewer = viewer_of(request)
    if viewer.support_id is not None:
        return redirect("start")
    if viewer.person_id is None or not viewer.has(Role.SUPPORT):
        raise Http404
    now = timezone.now()
    form = WatchForm(request.POST or None, support_id=viewer.person_id, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        request.session[WATCHING] = begin_watching(given["person"], reason=given["reason"], now=now)
        return redirect("start")
    return render(request, "accounts/watch.html", {"form": form, "here": ""}, status=422 if form.errors else 200)


@require_POST
def watch_stop(request: HttpRequest) -> HttpResponse:
    """Be yourself again."""
    stop_watching(request)
    return redirect("watch")

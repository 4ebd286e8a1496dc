"""Requests about the own data, for the privacy officer: the list, one request with its answer, and erasing at request."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from regio.accounts import correcting
from regio.accounts.erasure import what_erasing_does
from regio.accounts.forms import AnswerForm, EraseForm
from regio.accounts.models import PrivacyRequest
from regio.accounts.queries import requests_for
from regio.accounts.viewer import viewer_of
from regio.shared.errors import UserError


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Requests that wait, the oldest first, and those that were answered."""
    found = requests_for(viewer_of(request))
    context = {
        "open": found.filter(state="open").order_by("asked_at", "pk"),
        "answered": found.exclude(state="open").order_by("-answered_at", "-pk")[:50], "here": "",
    }  # fmt: skip
    return render(request, "accounts/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, number: int) -> HttpResponse:
    """One request: who asked what, what erasing would do, and the answer."""
    viewer = viewer_of(request)
    asked = requests_for(viewer).filter(pk=number).select_related("person").first()
    if asked is None:
        raise Http404
    is_open, erases = asked.state == PrivacyRequest.State.OPEN, asked.kind == PrivacyRequest.Kind.ERASE
    chosen = request.POST.get("doe", "")
    form = AnswerForm(request.POST if chosen == "antwoord" else None)
    erasing = EraseForm(request.POST if chosen == "verwijder" else None, person_id=asked.person_id)
    if request.method == "POST" and is_open:
        used = erasing if chosen == "verwijder" and erases else form
        if used.is_valid() and _answered(asked, used, by=viewer.actor):
            return redirect("requests")
    if request.method != "POST":
        correcting.record_request_seen(asked, now=timezone.now())
    fates, named = what_erasing_does(asked.person) if erases and is_open else ([], [])
    context = {
        "asked": asked, "is_open": is_open, "erases": erases, "form": form, "erasing": erasing, "fates": fates, "named": named, "here": "",
    }  # fmt: skip
    return render(request, "accounts/request.html", context, status=422 if form.errors or erasing.errors else 200)


def _answered(asked: PrivacyRequest, form: AnswerForm | EraseForm, *, by: str) -> bool:
    now = timezone.now()
    try:
        if isinstance(form, EraseForm):
            correcting.erase_at_request(asked, now=now)
        else:
            correcting.answer_request(
                asked, done=form.cleaned_data["state"] == "gedaan", answer=form.cleaned_data["answer"], by=by, now=now
            )
    except UserError as refused:
        form.add_error(None, str(refused))
        return False
    return True

"""Kijk mee: in the demo a visitor becomes an invented person by one press; elsewhere these pages do not exist."""

from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from regio.accounts.personas import PERSONAS, person_of, persona_by_code


@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Show the personas; become one."""
    _require_demo()
    persona = persona_by_code(request.POST.get("persona", ""))
    if persona is None:
        return render(request, "accounts/demo.html", {"personas": PERSONAS, "here": "kijkmee"})
    logout(request)
    login(request, person_of(persona, now=timezone.now()), backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("today")


@require_POST
def demo_stop(request: HttpRequest) -> HttpResponse:
    """Be a visitor again."""
    _require_demo()
    logout(request)
    return redirect("demo")


def _require_demo() -> None:
    if not settings.DEMO:
        raise Http404

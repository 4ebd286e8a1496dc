"""The own account: roles, second step, where somebody is signed in and who looked."""

from typing import cast

from allauth.account.internal.flows.logout import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from regio.accounts import queries
from regio.accounts.actions import sign_out_sessions
from regio.accounts.models import Person
from regio.accounts.rules import needs_second_factor
from regio.accounts.viewer import roles_of


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Everything somebody can see and change about the own account."""
    today, person = timezone.localdate(), _me(request)
    context = {
        "roles": queries.roles_in_force(person, today),
        "second_steps": queries.second_steps(person),
        "needs_second_step": needs_second_factor(roles_of(person.pk, today)),
        "sessions": queries.open_sessions(person),
        "this_session": request.session.session_key,
        "looks": queries.looks_at(person),
        "here": "account",
    }
    return render(request, "accounts/account.html", context)


@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this person, this one too."""
    sign_out_sessions(_me(request), now=timezone.now())
    logout(request)
    return redirect("account_login")


def _me(request: HttpRequest) -> Person:
    return cast(Person, request.user)  # whoever is not signed in was sent to sign in

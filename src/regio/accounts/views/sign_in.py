"""Signing in: a code by mail, a link from a mail, the account of the school; answers never tell who is known."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regio.accounts.actions import hashed, link_of, make_entry_link, use_entry_link
from regio.accounts.forms import SignInForm
from regio.accounts.mail import send
from regio.accounts.models import EntryLink
from regio.accounts.sign_ins import note_failure
from regio.accounts.throttling import may_try


class SignIn(RequestLoginCodeView):  # type: ignore[misc]
    """Asks for a mail address and sends a code; an unknown address gets a mail that says so, and the same page."""

    form_class = SignInForm
    template_name = "account/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the accounts of schools that this installation knows."""
        apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        next_page = self.request.GET.get("next", "")
        return super().get_context_data(**kwargs) | {
            "providers": apps, "next_page": next_page, "too_often": "te-vaak" in self.request.GET, "here": "inloggen",
        }  # fmt: skip


sign_in = SignIn.as_view()


class ConfirmCode(ConfirmLoginCodeView):  # type: ignore[misc]
    """Asks for the code; after three wrong ones a new code is needed."""

    template_name = "account/confirm_code.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Count a wrong code; after the last one lead back and say why."""
        note_failure(self.request, self._process.user, what="de code klopte niet")
        if self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        return redirect(f"{reverse('account_login')}?te-vaak")


confirm_code = ConfirmCode.as_view()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entry_link(request: HttpRequest, token: str) -> HttpResponse:
    """Let the person of a link in, at the press of a button: a mail scanner that opens links uses none up."""
    if not may_try(request, "entry_link", hashed(token)):
        return _without_log(render(request, "429.html", status=429))
    now, link = timezone.now(), link_of(token)
    if link is not None and request.user == link.person:
        return redirect(link.target_path)
    if request.method == "POST" and (taken := use_entry_link(token, now=now)):
        return _let_in(request, taken)
    if request.method == "POST":
        note_failure(request, link.person if link else None, what="de link was oud of al gebruikt")
    counts = link is not None and link.used_at is None and link.expires_at > now and link.person.is_active
    context = {"token": token, "counts": counts, "here": "inloggen"}
    return _without_log(render(request, "accounts/entry_link.html", context, status=200 if counts else 410))


def _without_log(answer: HttpResponse) -> HttpResponse:
    """Keep the address of this answer out of the log of errors: it holds the link."""
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _let_in(request: HttpRequest, link: EntryLink) -> HttpResponse:
    record_authentication(request, link.person, method="link")
    answer: HttpResponse = perform_login(request, Login(user=link.person, redirect_url=link.target_path))
    return answer


@never_cache
@require_POST
def entry_link_again(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link for a used or old one; the answer is the same for a link that never was."""
    link = link_of(token)
    key = f"persoon:{link.person_id}" if link else hashed(token)
    if may_try(request, "entry_link_again", key) and link is not None and link.person.is_active:
        send_entry_link(request, link)
    return render(request, "accounts/entry_link_sent.html", {"here": "inloggen"})


def send_entry_link(request: HttpRequest, old: EntryLink) -> None:
    """Mail a new link that leads to where the old one led."""
    token = make_entry_link(old.person, target_path=old.target_path, now=timezone.now())
    address = request.build_absolute_uri(reverse("entry_link", args=[token]))
    send("entry_link", to=old.person.email, subject="Uw nieuwe link", context={"address": address})


@require_safe
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Say how somebody gets an account."""
    return render(request, "account/no_sign_up.html", {"here": "inloggen"})


@require_safe
def provider_failed(request: HttpRequest) -> HttpResponse:
    """Say that signing in at the school's account did not work, and what does."""
    return render(request, "account/provider_failed.html", {"here": "inloggen"})

"""What somebody wants to hear of by mail; leaving it off by a link without signing in; the mail address of a team."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regio.accounts import team_addresses
from regio.accounts.enums import HowOften, Role
from regio.accounts.leaving_off import choose, choose_often, leave_off, whose, words_for
from regio.accounts.mail_forms import ChoicesForm, TeamAddressForm
from regio.accounts.mail_kinds import mail_kinds
from regio.accounts.models import MailPreference, Person
from regio.accounts.telling import how_for
from regio.accounts.throttling import may_try
from regio.accounts.viewer import viewer_of

SETS_TEAM_ADDRESS = (Role.REGION_ADMIN, Role.BOARD_EXECUTIVE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: HttpRequest) -> HttpResponse:
    """Choose per kind: at once, in the digest, never; and the team address of an organisation one answers for."""
    me, organisations = cast(Person, request.user), _answers_for(request)
    is_team = "organisation" in request.POST
    kinds = [kind for kind in mail_kinds() if len(kind.ways) > 1]
    form = ChoicesForm(request.POST if request.POST and not is_team else None, kinds=kinds, initial=_as_it_is(me))
    team = TeamAddressForm(request.POST if is_team else None, organisations=organisations)
    if _save(me, form, team if organisations else None):
        return redirect("messages")
    context = {
        "form": form, "team": team if organisations else None, "fixed": [kind for kind in mail_kinds() if len(kind.ways) == 1],
        "addresses": [found for one in organisations if (found := team_addresses.standing(one))], "here": "account",
    }  # fmt: skip
    return render(request, "accounts/messages.html", context, status=422 if form.errors or team.errors else 200)


def _save(me: Person, form: ChoicesForm, team: TeamAddressForm | None) -> bool:
    if team is not None and team.is_valid():
        given = team.cleaned_data
        team_addresses.set_address(given["organisation"], given["email"], now=timezone.now())
        return True
    if not form.is_valid():
        return False
    choose_often(me, HowOften(form.cleaned_data["often"]), weekday=form.cleaned_data["weekday"])
    for code, how in form.chosen().items():
        choose(me, code, how)
    return True


def _as_it_is(me: Person) -> dict[str, object]:
    held = MailPreference.objects.filter(person=me).first() or MailPreference()
    return {"often": held.often, "weekday": held.weekday, **{f"soort_{kind.code}": how_for(me, kind.code) for kind in mail_kinds()}}  # fmt: skip


def _answers_for(request: HttpRequest) -> list[str]:
    """Return the organisations whose team address the viewer sets; support sets none."""
    viewer = viewer_of(request)
    if viewer.support_id is not None:
        return []
    found = {one.organisation for one in viewer.held if one.role in SETS_TEAM_ADDRESS}
    return sorted(one for one in found if one.partition(":")[0] in team_addresses.FIRST_ROLES)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """Leave off one kind of mail: a page with one button, and the one press of a mail program (RFC 8058).

    No token of a form is asked, since a mail program has none; the signed link is the proof.
    """
    if not may_try(request, "mail_off", token):
        return render(request, "429.html", status=429)
    found = whose(token)
    if found is not None and request.method == "POST":
        leave_off(*found)
    context = {"words": words_for(found[1]) if found else "", "is_done": request.method == "POST", "here": ""}
    return render(request, "accounts/mail_off.html", context, status=200 if found else 410)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def team_address(request: HttpRequest, token: str) -> HttpResponse:
    """Say yes or no to mail at the address of a team; no counts at any time."""
    if not may_try(request, "mail_off", token):
        return render(request, "429.html", status=429)
    found = team_addresses.of_token(token)
    said = request.POST.get("antwoord", "") if found else ""
    if found is not None and said in ("ja", "nee"):
        team_addresses.answer(found, is_yes=said == "ja", now=timezone.now())
    context = {"found": found, "said": said, "here": ""}
    return render(request, "accounts/team_address.html", context, status=200 if found else 410)

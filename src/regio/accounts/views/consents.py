"""Giving and taking back consent: a list of what somebody is asked, and a page per purpose and organisation with the text."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from regio.accounts import consent as rules
from regio.accounts.enums import Purpose
from regio.accounts.forms import ConsentForm
from regio.accounts.models import Person
from regio.accounts.viewer import viewer_of
from regio.shared.errors import UserError


@login_required
@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    """What this person may agree to, how it stands, and everything agreed to before."""
    viewer, me = viewer_of(request), cast(Person, request.user)
    rows = [(rules.text_of(purpose), purpose, organisation, rules.words_of(organisation), *_state(purpose, organisation, me.pk)) for purpose, organisation in rules.asked_of(viewer)]  # fmt: skip
    former = me.consents.order_by("-given_at", "-pk")
    return render(request, "accounts/consents.html", {"rows": rows, "former": former, "here": "account"})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, purpose: str, organisation: str) -> HttpResponse:
    """The text of one consent with the form that gives it, or the button that takes it back."""
    viewer, me = viewer_of(request), cast(Person, request.user)
    if not rules.may_agree(viewer, purpose, organisation):
        raise Http404
    what = Purpose(purpose)
    form = ConsentForm(request.POST if request.POST.get("doe") == "geef" else None, text=rules.text_of(what))
    if request.method == "POST" and _change(request, form, me, what, organisation):
        return redirect("consent", purpose, organisation)
    held, counts = _state(what, organisation, me.pk)
    context = {
        "form": form, "text": rules.text_of(what), "organisation": organisation, "organisation_words": rules.words_of(organisation), "held": held, "counts": counts,
        "of_board": what in rules.OF_BOARDS, "here": "account",
    }  # fmt: skip
    return render(request, "accounts/consent.html", context, status=422 if form.errors else 200)


def _state(purpose: Purpose, organisation: str, person_id: int) -> tuple[object, bool]:
    held = rules.standing(purpose, organisation, person_id)
    return held, rules.counts(held)


def _change(request: HttpRequest, form: ConsentForm, me: Person, purpose: Purpose, organisation: str) -> bool:
    now = timezone.now()
    if request.POST.get("doe") == "trek_in":
        rules.withdraw_consent(me, purpose=purpose, organisation=organisation, now=now)
        return True
    if not form.is_valid():
        return False
    try:
        rules.give_consent(
            me, purpose=purpose, organisation=organisation, version=form.cleaned_data["version"], now=now
        )
    except UserError as changed:
        form.add_error(None, str(changed))
        return False
    return True

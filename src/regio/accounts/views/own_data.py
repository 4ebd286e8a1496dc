"""The own data: everything in words, as JSON and on paper; correcting it, and asking what one cannot do oneself."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from regio.accounts import correcting
from regio.accounts.actions import record_own_data_taken
from regio.accounts.forms import NameForm, NewAddressForm, RequestForm
from regio.accounts.models import Person
from regio.accounts.queries import looks_at, subject_of
from regio.shared.errors import UserError
from regio.shared.formatting import long_date
from regio.shared.mail import MailRefused
from regio.shared.paper import Part, report_as_pdf
from regio.shared.person_rows import copy_of
from regio.shared.readable import Section, sections_of

FORMS = {"naam": NameForm, "adres": NewAddressForm, "vraag": RequestForm}
NO_MAIL = "Onze mailserver neemt de mail nu niet aan. Probeer het over een uur opnieuw."


@login_required
@require_safe
def own_data_page(request: HttpRequest) -> HttpResponse:
    """Everything that is kept of somebody, in words, with the ways to take, correct and end it."""
    me = _me(request)
    context = {
        "sections": sections_of(subject_of(me)), "looks": looks_at(me), "requests": me.privacy_requests.order_by("-asked_at"),
        "here": "account",
    }  # fmt: skip
    return render(request, "accounts/own_data.html", context)


@login_required
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """A copy of everything that is kept about somebody, as a file."""
    record_own_data_taken(_me(request).pk, now=timezone.now())
    answer = JsonResponse(copy_of(subject_of(_me(request))), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
    return answer


@login_required
@require_safe
def own_data_pdf(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    me, now = _me(request), timezone.now()
    record_own_data_taken(me.pk, now=now)
    lead = [
        f"Gemaakt op {long_date(timezone.localdate(now))}. Dit is alles wat het programma van de onderwijsregio over u bewaart.",
        "Sleutels en codes staan er als “geheim”. In het bestand (JSON) staan ook de technische velden.",
    ]
    parts = [_part(section) for section in sections_of(subject_of(me))]
    answer = HttpResponse(report_as_pdf("Uw gegevens", lead, parts), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="mijn-gegevens.pdf"'
    return answer


def _part(section: Section) -> Part:
    why = section.purpose
    about = [f"Waarvoor: {why.name}. Grondslag: {why.ground}.", f"Wie het ziet: {why.seen_by}. Bewaren: {why.retention}."]  # fmt: skip
    more = [f"En nog {section.more} oudere regels; die staan in het bestand (JSON)."] if section.more else []
    return Part(section.title, [*about, *more], section.rows)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest) -> HttpResponse:
    """Change the own name or address, or ask for what one cannot change."""
    me, chosen = _me(request), request.POST.get("doe", "")
    forms = {
        name: form(request.POST if name == chosen else None, prefix=name, initial={"name": me.name})
        for name, form in FORMS.items()
    }
    form = forms.get(chosen)
    if form is not None and form.is_valid():
        try:
            return _done(request, chosen, form.cleaned_data)
        except UserError as refused:
            form.add_error(None, str(refused))
        except MailRefused:
            form.add_error(None, NO_MAIL)
    context = {**{f"form_{name}": one for name, one in forms.items()}, "form": form, "here": "account"}
    return render(request, "accounts/correct.html", context, status=422 if form is not None and form.errors else 200)


def _done(request: HttpRequest, chosen: str, given: dict[str, str]) -> HttpResponse:
    me, now = _me(request), timezone.now()
    if chosen == "naam":
        correcting.change_name(me, given["name"], now=now)
    elif chosen == "adres":
        token = correcting.link_for_new_address(me, given["email"])
        correcting.mail_link_for_new_address(me, given["email"], page=reverse("new_address", args=[token]))
        return render(request, "accounts/new_address.html", {"is_sent": True, "here": "account"})
    else:
        correcting.make_request(me, kind=given["kind"], words=given["words"], now=now)
    return redirect("own_data_page")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_address(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a new address by a button, since mail scanners open links."""
    refused = ""
    if request.method == "POST":
        try:
            correcting.take_new_address(_me(request), token, now=timezone.now())
            return redirect("account")
        except UserError as error:
            refused = str(error)
    return render(
        request, "accounts/new_address.html", {"refused": refused, "here": "account"}, status=422 if refused else 200
    )


def _me(request: HttpRequest) -> Person:
    return cast(Person, request.user)  # whoever is not signed in was sent to sign in

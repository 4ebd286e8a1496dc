"""Three things to do first, per role, on *Vandaag*; who has seen them puts them away. Plain links and one form.

That they were put away is a cookie with the roles: nothing about a person needs to be kept for it. Who gets another role
sees the steps of that role.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.models import Membership
from regio.accounts.viewer import viewer_of
from regio.regions.queries import region_keys_of
from regio.workforce.outlook import page_address

COOKIE, COOKIE_SECONDS = "begin", 365 * 24 * 3600


@dataclass(frozen=True)
class Step:
    """One thing to do: what, why, and where."""

    words: str
    why: str
    address: str


def steps_for(held: Iterable[Membership], request: HttpRequest) -> list[Step]:
    """Return three steps for the first role that has any and was not put away."""
    away = request.COOKIES.get(COOKIE, "").split(".")
    for one in held:
        if one.role in STEPS and one.role not in away:
            return STEPS[Role(one.role)](one.organisation_kind, one.organisation_code)
    return []


def _of_board(kind: str, code: str) -> str:
    keys = sorted(region_keys_of(code))
    return page_address(region_key=keys[0], kind=OrganisationKind.BOARD, code=code) if keys else reverse("regions")


def _of_region(kind: str, code: str) -> str:
    return reverse("region", args=[code]) if kind == OrganisationKind.REGION else reverse("regions")


def _planner(kind: str, code: str) -> list[Step]:
    return [
        Step("Bekijk uw bestuur", "Leerlingen, formatie en tekort in de komende jaren, met de bandbreedte.", _of_board(kind, code)),
        Step("Kijk waar de cijfers vandaan komen", "Elk bestand heeft een datum en een bron; meldingen staan erbij.", reverse("sources")),
        Step("Kies wat u per mail hoort", "Hoogstens één bericht per dag.", reverse("messages")),
    ]  # fmt: skip


def _executive(kind: str, code: str) -> list[Step]:
    return [
        Step("Bekijk uw bestuur", "In één zin waar u tekortkomt, en hoe zeker dat is.", _of_board(kind, code)),
        Step("Geef uw planner toegang", "U bepaalt wie namens uw bestuur werkt.", reverse("people")),
        Step("Lees wat u toestaat", "Zonder uw toestemming telt uw bestuur in geen gezamenlijke ronde mee.", reverse("consents")),
    ]  # fmt: skip


def _adviser(kind: str, code: str) -> list[Step]:
    return [
        Step("Kijk wat er vandaag te doen is", "Elke zaak heeft een eigenaar en een volgende stap.", reverse("desk_todo")),
        Step("Open een zaak", "Zoek op naam, of begin met wie het langst wacht.", reverse("cases")),
        Step("Bekijk het loket zoals een belangstellende", "Wat iemand leest voordat hij bij u komt.", reverse("desks")),
    ]  # fmt: skip


def _manager(kind: str, code: str) -> list[Step]:
    is_region = kind == OrganisationKind.REGION
    return [
        Step("Bekijk uw regio", "Waar het tekort valt, en bij welke vakken.", _of_region(kind, code)),
        Step("Kijk hoe goed eerdere prognoses waren", "Zo weet u wat u aan de cijfers heeft.", reverse("scorecard")),
        Step("Open een gezamenlijke ronde", "Besturen tellen samen op zonder elkaars cijfers te zien.", reverse("joint", args=[code]) if is_region else reverse("regions")),
    ]  # fmt: skip


def _administrator(kind: str, code: str) -> list[Step]:
    return [
        Step("Geef mensen toegang", "Een bestuurder per bestuur; die geeft zelf planners toegang.", reverse("people")),
        Step("Loop de meldingen bij de bestanden na", "Wat bij het laden opviel, staat bij elk bestand.", reverse("sources")),
        Step("Kijk of alles loopt", "Wat er rekent, wat mislukte en wat vanzelf gaat.", reverse("jobs")),
    ]  # fmt: skip


def _officer(kind: str, code: str) -> list[Step]:
    return [
        Step("Kijk of iemand iets over de eigen gegevens vroeg", "Een verzoek moet binnen een maand beantwoord zijn.", reverse("requests")),
        Step("Kijk of de bewaartermijnen lopen", "Wat bijna weggaat, en wat vannacht is verwijderd.", reverse("retention")),
        Step("Lees het logboek", "Wie deed wat, en wie zag wat.", reverse("log")),
    ]  # fmt: skip


def _support(kind: str, code: str) -> list[Step]:
    return [
        Step("Kijk of alles loopt", "Wat er rekent, wat mislukte en wat vanzelf gaat.", reverse("jobs")),
        Step("Lees hoe de installatie eraan toe is", "Database, schijf, werkproces en rij.", reverse("health")),
        Step("Kijk mee met wie vastloopt", "Een half uur, met een reden; die persoon leest dat u keek.", reverse("watch")),
    ]  # fmt: skip


STEPS: dict[Role, Callable[[str, str], list[Step]]] = {
    Role.DESK_ADVISER: _adviser,
    Role.BOARD_PLANNER: _planner, Role.BOARD_EXECUTIVE: _executive, Role.PROGRAMME_MANAGER: _manager,
    Role.REGION_ADMIN: _administrator, Role.PRIVACY_OFFICER: _officer, Role.SUPPORT: _support,
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def put_away(request: HttpRequest) -> HttpResponse:
    """Put the steps of the roles of who asks away, or show them again."""
    answer = redirect("today")
    if request.method != "POST":
        return answer
    if "toon" in request.POST:
        answer.delete_cookie(COOKIE, samesite="Lax")
    else:
        roles = ".".join(sorted({one.role for one in viewer_of(request).held}))
        answer.set_cookie(
            COOKIE, roles, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    return answer

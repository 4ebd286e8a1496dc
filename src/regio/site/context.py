"""What every template may know about the installation: its name, the menu, whether its data are invented."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from regio.accounts.access import May
from regio.accounts.enums import Role
from regio.accounts.viewer import viewer_of
from regio.regions.views import COOKIE

STYLESHEETS = [f"site/css/{name}.css" for name in ("reset", "fonts", "tokens", "base", "components", "print")]


def installation(request: HttpRequest) -> dict[str, object]:
    """Return name, menu and stylesheets; the menu leads to the region that was opened last."""
    named = dict(request.resolver_match.kwargs) if request.resolver_match else {}
    key = named.get("key") or request.COOKIES.get(COOKIE)
    return {
        "is_invented": settings.DEMO,
        "installation_name": "Onderwijsregio Voorbeeld" if settings.DEMO else "Onderwijsregio",
        "stylesheets": STYLESHEETS,
        "menu": _menu(
            key, has_cases=viewer_of(request).has(Role.DESK_ADVISER) and (settings.DEMO or not settings.OPEN)
        ),
        "may": May(viewer_of(request), named if named or not key else {"key": key}),  # of the region that opens
    }


def _menu(key: str | None, *, has_cases: bool) -> list[tuple[str, str, str]]:
    """Return (words, address, name of the section)."""
    region = [("Regio", reverse("region", args=[key]), "regio")] if key and _is_key(key) else []
    cases = [("Zaken", reverse("desk_todo"), "zaken")] if has_cases else []
    return [
        ("Start", reverse("start"), "start"), *region, *cases, ("Loket", reverse("desks"), "loket"), ("Terugblik", reverse("scorecard"), "terugblik"),
        ("Bronnen", reverse("sources"), "bronnen"), ("Kies een regio", reverse("regions"), "regios"),
    ]  # fmt: skip


def _is_key(key: str) -> bool:
    kind, colon, code = key.partition(":")
    return bool(colon and kind.isalpha() and kind.islower() and code.replace("-", "").replace("_", "").isalnum())

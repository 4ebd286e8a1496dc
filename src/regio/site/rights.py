"""The matrix of rights as a list: every address with who reads and who changes, for docs/rechten.md and for the tests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from regio.accounts.access import Access, Who, access_to
from regio.accounts.enums import GIVEN_ROLES, Role
from regio.accounts.viewer import VISITOR, Held, Viewer

FORMATS = {
    "figure_file": "CSV, SVG", "joint_file": "CSV, SVG", "register_file": "CSV", "cases_file": "CSV", "own_data": "JSON", "own_data_pdf": "PDF", "leaving_file": "ZIP", "health": "JSON", "version": "JSON", "robots": "tekst",
    "security_txt": "tekst", "favicon": "beeld", "policy_report": "JSON erin",
}  # fmt: skip
HEAD = """# Wie mag wat

Gemaakt uit de code: elk adres staat in één matrix (`rules.py` van elke app), de bewaker bij de deur houdt er elk verzoek
tegenaan en een test probeert elk adres × rol × eigen en vreemd object × methode. Wat er niet in staat, geeft 404. Een
bezoeker die moet inloggen, gaat naar de inlogpagina; wie is ingelogd en niet mag, krijgt 404.

Op een open installatie (de demo, of `run.py serve` voor één planner op deze computer) mag wie niet is ingelogd alles.

## Cijfers van een eigen personeelsbestand

| wat | wie |
|---|---|
| leerlingen, examenkandidaten, tellingen | iedereen |
| formatie, bezetting en tekort van een bestuur op openbare bestanden | iedereen |
| formatie, bezetting en tekort van een bestuur met een eigen bestand, en van zijn scholen en vestigingen | planner en bestuurder van dat bestuur |
| totalen van een regio waarin een eigen bestand meetelt, met startgetal en controlegetal | niemand |
| wat een bestuur inlevert voor een gezamenlijke ronde | planner en bestuurder van dat bestuur |
| de momentopname van een gezamenlijke ronde | programmamanager en beheerder van die regio, en de besturen die erin zitten |
| eigen bestanden op de pagina van bronnen | planner en bestuurder van dat bestuur |

Dat geldt voor de pagina, de CSV, de tekening en het vaste adres van een cijfer (ADR 0044, 0060).

## Adressen

`l`: leest (GET, HEAD, OPTIONS). `v`: verandert (POST). `–`: niets. Wat van het object afhangt, staat in woorden.
"""
SHORT = {
    Role.DESK_ADVISER: "adviseur", Role.BOARD_PLANNER: "planner", Role.BOARD_EXECUTIVE: "bestuurder", Role.PROGRAMME_MANAGER: "programma", Role.REGION_ADMIN: "beheer",
    Role.PRIVACY_OFFICER: "fg", Role.SUPPORT: "technisch",
}  # fmt: skip
SOMEBODY = 1


@dataclass(frozen=True)
class Address:
    """One address: its name and its pattern as people may read it."""

    name: str
    pattern: str


def addresses() -> list[Address]:
    """Return every address of the product, in the order of the patterns; one that has several is named once."""
    found = {one.name: one for one in reversed(list(_walk(get_resolver().url_patterns)))}
    return sorted(found.values(), key=lambda one: (one.pattern, one.name))


def _walk(patterns: Iterable[URLPattern | URLResolver], start: str = "/") -> Iterator[Address]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, start + str(one.pattern))
        else:
            yield Address(one.name or "", start + str(one.pattern))


def render_rights() -> str:
    """Return docs/rechten.md."""
    head = ["adres", "naam", "vorm", "bezoeker", *SHORT.values(), "leest", "verandert"]
    lines = [_line(head), _line(["---"] * len(head)), *(_line(_row(one)) for one in addresses())]
    return HEAD + "\n" + "\n".join(lines) + "\n"


def _row(one: Address) -> list[str]:
    access = access_to(one.name)
    if access is None:
        raise LookupError(f"{one.name} ({one.pattern}) is not in the matrix")
    viewers = [VISITOR, *(Viewer(person_id=SOMEBODY, held=(Held(role, ""),)) for role in GIVEN_ROLES)]
    pattern = one.pattern.replace("|", "\\|").replace("^", "").replace("$", "")
    return [f"`{pattern}`", one.name, FORMATS.get(one.name, "pagina"), *(_letters(access, viewer) for viewer in viewers), access.read.words, access.change.words]  # fmt: skip


def _letters(access: Access, viewer: Viewer) -> str:
    return "".join(letter for letter, who in (("l", access.read), ("v", access.change)) if _may(who, viewer)) or "–"


def _may(who: Who, viewer: Viewer) -> bool:
    """Tell what follows from the role alone, whatever the object."""
    return who.may(viewer, {})


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"

"""Every place where figures of several boards can come together, and what protects them: for docs/optellingen.md and its test.

An address, figure, command or reader of results that is not in these lists fails the test: whoever adds one says here what a
reader can learn of a board from it. Apps below workforce cannot read a result and are not listed.
"""

from collections.abc import Iterator

EXACT_UNLESS_OWN = "Exacte som, alleen als er geen eigen bestand in zit; anders voor niemand buiten een open installatie (`rules.sees_sums`)."
PER_BOARD = (
    "Cijfers per bestuur, school of vestiging; met een eigen bestand alleen voor dat bestuur (`rules.private_codes`)."
)
BOTH = f"{EXACT_UNLESS_OWN} {PER_BOARD}"
SNAPSHOT = "Alleen de momentopname van een gezamenlijke ronde (`regio_engine.disclosure`)."
OWN = "Alleen het eigen bestuur, met de momentopname ernaast."
PUBLIC = "Telt alleen openbare cijfers op: leerlingen, examens en wat daar uit vroeger van uitkwam."
NOTHING = "Telt niets van besturen op."
ON_THE_SERVER = "Op de server, door wie bij de database kan; gaat niet langs het web."

ADDRESSES = {
    **dict.fromkeys(("region", "part", "drivers", "part_drivers", "position", "sections", "analyst", "figure", "figure_file", "start"), BOTH),
    "differences": f"{EXACT_UNLESS_OWN} Dat geldt voor beide prognoses die worden vergeleken.",
    **dict.fromkeys(("joint_round", "joint_file"), SNAPSHOT),
    "joint_board": OWN,
    "joint": "Hoeveel besturen inleverden; geen cijfers.",
    "today": "Hoeveel besturen inleverden en wat er klaar is; geen cijfers.",
    "run": "Wat erin ging. Startgetal en controlegetal alleen waar de sommen voor de lezer zijn.",
    **dict.fromkeys(("scorecard", "register_file"), f"{PUBLIC} Startgetal en controlegetal alleen waar de sommen voor de lezer zijn."),
    **dict.fromkeys(("sources", "source"), "Bestanden en aantallen regels; een eigen bestand alleen voor dat bestuur (`rules.sees_file`)."),
    **dict.fromkeys(
        ("forecast", "recalculate", "joint_snapshot", "joint_close", "log", "health", "security_txt", "version", "policy_report", "job", "jobs",
         "manual", "post", "letter", "put_away", "cancel_job", "retry_job", "download", "design", "favicon", "robots"), NOTHING,
    ),
}  # fmt: skip
FIGURES = {
    **dict.fromkeys(("leerlingen", "niveaus", "examens"), PUBLIC),
    **dict.fromkeys(
        ("formatie", "graden", "onderdelen", "sectoren", "besturen", "tekort", "bezetting", "oorzaken", "hoofdoorzaken", "stromen", "leeftijden",
         "bevoegd", "knelpunten", "loonkosten", "tekortposities", "nodigposities", "dienstposities", "overschotposities"), BOTH,
    ),
    "secties": PER_BOARD,
    "verschil": f"{EXACT_UNLESS_OWN} Dat geldt voor beide prognoses die worden vergeleken.",
    "gepubliceerd": PUBLIC,
    "parameters": "Aannamen en openbare cijfers van het model; niets van een bestuur.",
}  # fmt: skip
COMMANDS = {
    **dict.fromkeys(("forecast", "repeat", "status", "backup", "restore", "verify"), ON_THE_SERVER),
    "backtest": PUBLIC,
    "board": "Op de server: alles van één bestuur, voor dat bestuur; geen sommen.",
    **dict.fromkeys(
        ("render_charts", "build_assets", "prepare_demo", "voorbeeld", "run_jobs", "warm_up", "import", "read_mail", "audit", "mail_all", "person", "erase", "retention",
         "link"), NOTHING,
    ),
}  # fmt: skip
READERS = {  # modules that name a table with results or staff, and why that shows no sum of own files
    "workforce/queries.py": "Vraagt `rules` voor elke waarde die op personeel rust.",
    "workforce/shortage/queries.py": "Vraagt `rules` voor elke waarde die op personeel rust.",
    "workforce/shortage/differences_page.py": "Krijgt verschillen van `queries.differences_of`.",
    "workforce/shortage/position_page.py": "Krijgt eerdere prognoses van `shortage.queries.said_before`.",
    "workforce/joint/queries.py": "Wie inleverde en de momentopname; geen cijfers van één bestuur.",
    "workforce/joint/rounds.py": "Telt op via `model_runs.joint_parts`.",
    "workforce/actions.py": "Bewaart uitkomsten; kijkt of er eigen bestanden zijn.",
    "workforce/drawings.py": "Tekent wat pagina's tonen, op de worker.",
    "workforce/today.py": "Of er een eigen bestand is; geen cijfers.",
    "workforce/staff_loaded.py": "Van welke besturen personeel is geladen; geen cijfers.",
    "workforce/staff_import.py": "Leest eigen bestanden in en wist ze; toont niets.",
    "workforce/model_runs": "De deur naar de rekenkern: maakt uitkomsten, toont niets.",
    "workforce/models": "De tabellen zelf.",
    "workforce/sources": "Leest bestanden in.",
}  # fmt: skip
HEAD = """# Waar cijfers van besturen bij elkaar komen

Gemaakt uit de code (`regio.site.sums`). Elk adres, cijfer en commando dat cijfers van meer besturen kan tonen staat hier, met wat
een lezer ervan te zien krijgt. Wie er een toevoegt zonder regel, krijgt een test die faalt. Wat besturen samen te kort komen,
staat alleen in de momentopname van een gezamenlijke ronde (ADR 0060); een test valt die aan langs alle bladzijden.

Op een open installatie (de demo, of één planner op een eigen computer) is alles te zien; de pagina van een ronde zegt dat.
"""


def render_sums() -> str:
    """Return docs/optellingen.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield HEAD
    parts = (("Adressen", "adres", ADDRESSES), ("Cijfers met een vast adres", "cijfer", FIGURES), ("Commando's", "commando", COMMANDS),
             ("Wie de uitkomsten leest", "module", READERS))  # fmt: skip
    for title, head, rows in parts:
        yield f"## {title}\n\n| {head} | wat een lezer krijgt |\n|---|---|"
        yield from (f"| `{name}` | {words} |" for name, words in sorted(rows.items()))
        yield ""

"""What each mechanism of the staff simulation gains, read from the generated docs/mechanisms.md and said in Dutch."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from regio.shared.figures import Cell, Row, Table

DOCUMENT = "docs/mechanisms.md"
NAMES = {
    "CAUSES": "redenen van vertrek apart", "FIRST_YEAR": "starters vertrekken vaker", "HOURS": "meer of minder uren werken",
    "INSIDE_MOVES": "wisselen van school", "SUBJECT_SWITCH": "wisselen van vak", "SECOND_QUALIFICATION": "een tweede bevoegdheid halen",
    "SUPPLY": "instroom per bron", "RETURNERS": "terug uit de stille reserve", "QUALIFICATION_TERMS": "termijn van wie benoembaar is",
    "SHARING": "collega's geven les op een andere vestiging van hun bestuur", "TRAVEL": "dichtbij gaat voor", "BASE_LEVEL": "de beginstand is onzeker", "POPULATIONS": "50 nagemaakte groepen in plaats van één",
}  # fmt: skip
SITUATIONS = {"steady": "rustig", "inflow": "veel instroom", "decline": "krimp", "retrain": "krimp en omscholing"}
GAIN = re.compile(r"([+-]?[\d.]+) ± ([\d.]+)")


@dataclass(frozen=True)
class Mechanisms:
    """The gains of every mechanism as a table, and the command that measures them again."""

    table: Table
    command: str


@lru_cache(maxsize=1)
def mechanisms() -> Mechanisms | None:
    """Return the gains of docs/mechanisms.md; None where it is not there or holds no such table."""
    path = settings.CHECKOUT / DOCUMENT
    return read(path.read_text(encoding="utf-8")) if path.exists() else None


def read(text: str) -> Mechanisms | None:
    """Return the gains for the shortage, the second figure of each cell, with their standard errors."""
    rows = [[part.strip() for part in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    head = next((row for row in rows if row[0] == "mechanism"), None)
    found = [row for row in rows if row[0].strip("`") in NAMES]
    if head is None or not found:
        return None
    columns = [Cell("Onderdeel"), *(Cell(SITUATIONS.get(name, name)) for name in head[2:])]
    table = Table(
        "Hoeveel beter het tekort wordt voorspeld met dit onderdeel erbij, in procent",
        columns,
        [_row(row) for row in found],
    )
    command = re.search(r"Made by `([^`]+)`", text)
    return Mechanisms(table, command.group(1) if command else "")


def _row(row: list[str]) -> Row:
    name = NAMES[row[0].strip("`")]
    return Row(Cell(name[:1].upper() + name[1:]), [_gain(value) for value in row[2:]])


def _gain(value: str) -> Cell:
    """Return the gain of the shortage in Dutch figures; bold where it is more than twice its error."""
    gain = value.split("·")[-1]
    found = GAIN.search(gain)
    if found is None:
        return Cell("–")
    written, error = (part.replace(".", ",").replace("-", "\u2212") for part in found.groups())
    return Cell(written, "" if "**" in gain else "past", f"± {error}")

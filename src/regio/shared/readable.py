"""What is kept about one person in words: the same rows as the copy in JSON, for a page and for paper.

Every personal field is shown with what it says of the person, as the register of personal data tells it; beside that the
moments. Technical fields are in the JSON alone.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from .formatting import long_date
from .person_rows import SECRET, Subject, rows_of, tables_of_people
from .personal_data import Purpose, TableLabels

MOST_ROWS = 200  # of one table on a page or on paper; the JSON holds all
MOMENTS = {
    "created_at": "gemaakt op", "starts_on": "sinds", "ends_on": "tot en met", "given_at": "gegeven op", "withdrawn_at": "ingetrokken op",
    "text_version": "versie van de tekst", "channel": "hoe", "sent_at": "verstuurd op", "added_at": "toegevoegd op", "made_at": "gemaakt op",
    "expires_at": "geldig tot", "at": "wanneer", "heading": "wat er gebeurde", "asked_at": "gevraagd op", "answered_at": "beantwoord op",
    "state": "stand", "ended_at": "klaar op", "received_at": "ontvangen op", "label": "wat", "verified": "bewezen", "date_joined": "sinds",
}  # fmt: skip
LIBRARY_WORDS = {"TOTP Authenticator": "app op de telefoon", "WebAuthn": "sleutel", "Recovery codes": "noodcodes"}
TITLES = {"logboek": "Logboek: wat er met uw gegevens gebeurde, en wat u zelf deed"}


@dataclass(frozen=True)
class Section:
    """One table in words.

    Attributes:
        title: what people call it.
        purpose: why it is there, on which ground, who sees it, how long it stays.
        rows: per row what each field says and its value.
        more: rows that are not shown.
    """

    title: str
    purpose: Purpose
    rows: list[list[tuple[str, str]]]
    more: int


def sections_of(subject: Subject) -> list[Section]:
    """Return everything about this person in words, tables without rows left out."""
    found = [_section(model, labels, subject) for model, labels in tables_of_people()]
    return [section for section in found if section is not None]


def _section(model: type[Model], labels: TableLabels, subject: Subject) -> Section | None:
    rows = rows_of(model, labels, subject).order_by("-pk")
    number = rows.count()
    if not number or labels.purpose is None:
        return None
    shown = [_row(row, labels) for row in rows[:MOST_ROWS]]
    title = TITLES.get(labels.title, labels.title.replace("_", " ").capitalize())
    return Section(title, labels.purpose, shown, number - len(shown))


def _row(row: Any, labels: TableLabels) -> list[tuple[str, str]]:
    meanings = {**labels.personal, **labels.special, **{name: MOMENTS[name] for name in labels.none if name in MOMENTS}}
    links = labels.whose.fields if labels.whose and labels.whose.kind == "person" else ()
    return [
        (words, SECRET if name in labels.secret else in_words(row, name))
        for name, words in meanings.items() if name not in links
    ]  # fmt: skip


def in_words(row: Any, name: str) -> str:
    """Return the value of a field as people write it."""
    shown = getattr(row, f"get_{name}_display", None)
    value = LIBRARY_WORDS.get(str(shown()), shown()) if shown else getattr(row, name)
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{long_date(local.date())}, {local:%H:%M} uur"
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "niet ingevuld" if value in (None, "") else str(value)

"""Erasing somebody: from every table and file, with one event that names a number only, and a note for after a restore.

A backup holds who was erased after it was made. So each erasure is noted, as a number and a moment, in a file beside the
database; `erase_again` does them again right after a restore.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.dateparse import parse_datetime

from regio.audit.actions import record
from regio.shared.erasing import Fate, erase, erase_files, fates_of
from regio.shared.errors import UserError
from regio.shared.person_rows import Subject, files_of, mentions_of

from .models import Person
from .queries import subject_of

NOTED = "verwijderd.jsonl"


class StillNeeded(UserError):
    """Work of others hangs on this account."""

    def __init__(self) -> None:
        super().__init__("Aan dit account hangt nog werk dat open is. Geef dat eerst aan een ander, en verwijder dan.")


def what_erasing_does(person: Person) -> tuple[list[Fate], list[tuple[str, str, int]]]:
    """Return what would go and stay, and where others wrote this person's name or address (table, field, rows); nothing changes."""
    subject = subject_of(person)
    named = [(labels.title or labels.table, field, len(keys)) for labels, field, keys in mentions_of(subject)]
    return fates_of(subject), named


def erase_person(person: Person, *, reason: str, now: datetime) -> list[Fate]:
    """Erase somebody everywhere; return what was done per table.

    Args:
        person: who.
        reason: "verzoek", "bewaartermijn", "vertrek" or "reservekopie".
        now: when.

    Raises:
        StillNeeded: work of others hangs on this account, such as an open case.
    """
    subject = subject_of(person)
    files = files_of(subject)
    with transaction.atomic():
        try:
            done = erase(subject)
        except (ProtectedError, RestrictedError) as held:
            raise StillNeeded from held
        record(
            "accounts.person_erased", subject=subject.actor, heading=f"Account verwijderd ({reason})", now=now,
            details={"reason": reason, "rows": {one.title: one.rows for one in done if one.rows}},
        )  # fmt: skip
        transaction.on_commit(lambda: _after(subject, files, now=now))
    return done


def _after(subject: Subject, files: list[Path], *, now: datetime) -> None:
    """Remove the files, which no transaction brings back, and note the number."""
    erase_files(files)
    note({"person": subject.person_id, "at": now.isoformat()})


# ------------------------------------------------------------------------------------------------------ after a restore
def note(what: dict[str, object]) -> None:
    """Write down that somebody or some board is gone, for after a restore."""
    with (Path(settings.HOME) / NOTED).open("a", encoding="utf-8") as file:
        file.write(json.dumps(what, sort_keys=True) + "\n")


def noted() -> list[dict[str, object]]:
    """Return everything that was noted."""
    path = Path(settings.HOME) / NOTED
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def noted_since(since: datetime, kind: str) -> list[tuple[Any, datetime]]:
    """Return which persons or boards (`kind`) went after this moment, with when."""
    found = [(one[kind], parse_datetime(str(one["at"]))) for one in noted() if kind in one]
    return [(who, at) for who, at in found if at is not None and at > since]


def erase_again(*, since: datetime, now: datetime) -> int:
    """Erase who is back after a restore; return how many. A number that was given out again since is left alone.

    Args:
        since: when the backup was made; who was erased before it is not in it.
        now: when.
    """
    again = 0
    for number, moment in noted_since(since, "person"):
        person = Person.objects.filter(pk=number, created_at__lt=moment).first()
        if person:
            erase_person(person, reason="reservekopie", now=now)
            again += 1
    return again

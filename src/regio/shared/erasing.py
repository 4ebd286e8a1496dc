"""Erasing a person from every table and file, as the labels of `personal_data` say; and telling beforehand what that does.

Within a table the row goes, a field is emptied, or the row stays with a reason. Nothing here decides whether somebody may
be erased and nothing here writes the trail: the caller does, in the same transaction.
"""

from dataclasses import dataclass
from pathlib import Path

from .person_rows import Subject, files_of, rows_of, tables_of_people
from .personal_data import TableLabels


@dataclass(frozen=True)
class Fate:
    """What happens to one table or kind of file.

    Attributes:
        title: what people call it.
        rows: how many rows or files are about this person.
        what: "gaat weg", "wordt leeg" or "blijft".
        why: of what stays; which fields of what is emptied.
    """

    title: str
    rows: int
    what: str
    why: str

    @property
    def words(self) -> str:
        """The title for people."""
        return self.title.replace("_", " ").capitalize()


def fates_of(subject: Subject) -> list[Fate]:
    """Return what erasing this person would do, table by table, mails as files last; nothing changes."""
    found = [_fate(labels, rows_of(model, labels, subject).count()) for model, labels in tables_of_people()]
    return [*found, Fate("mails als bestand", len(files_of(subject)), "gaat weg", "")]


def _fate(labels: TableLabels, rows: int) -> Fate:
    if labels.erase == "keep":
        return Fate(labels.title, rows, "blijft", labels.kept_because)
    if labels.erase == "blank":
        return Fate(
            labels.title, rows, "wordt leeg", ", ".join(labels.personal.get(name, name) for name in labels.blank)
        )
    return Fate(labels.title, rows, "gaat weg", "")


def erase(subject: Subject) -> list[Fate]:
    """Erase this person from every table, the account itself last; call it in a transaction. Files are for `erase_files`."""
    done = fates_of(subject)
    for model, labels in reversed(tables_of_people()):
        rows = rows_of(model, labels, subject)
        if labels.erase == "row":
            rows.delete()
        elif labels.erase == "blank":
            rows.update(**labels.blank)
    return done


def erase_files(files: list[Path]) -> int:
    """Remove mails that lie as files; return how many there were still."""
    gone = 0
    for path in files:
        gone += path.exists()
        path.unlink(missing_ok=True)
    return gone

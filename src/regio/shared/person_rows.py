"""Everything that is kept about one person, in every table and file, found through the labels of `personal_data`.

The copy of the own data, erasure and its proof all start here, so that a table cannot be in one and not in the other.
Rows that only a board can trace to somebody (its own staff file) are not here: the product does not know whose they are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import CharField, Model, Q, QuerySet, TextField

from .personal_data import TableLabels, personal_tables

SECRET = "geheim"  # noqa: S105 - what stands in the place of one  # nosec B105
FOLDERS_OF_MAIL = ("mail", "post")  # what went out without a mail server, and a maildir that is read


@dataclass(frozen=True)
class Subject:
    """Somebody of whom data are kept.

    Attributes:
        person_id: number of the account.
        addresses: mail addresses, in small letters.
        name: as others see it; "" where nobody told.
    """

    person_id: int
    addresses: frozenset[str] = frozenset()
    name: str = ""

    @property
    def actor(self) -> str:
        """As the trail and jobs name this person."""
        return f"persoon:{self.person_id}"


def rows_of(model: type[Model], labels: TableLabels, subject: Subject) -> QuerySet[Any]:
    """Return the rows of one table that are about this person.

    Raises:
        LookupError: the labels do not say whose rows these are.
    """
    if labels.whose is None:
        raise LookupError(f"personal_data.yaml does not say whose the rows of {labels.table} are")
    kind, fields = labels.whose.kind, labels.whose.fields
    every = model._default_manager.all()
    if kind == "self":
        return every.filter(pk=subject.person_id)
    if kind == "session":
        return every.filter(pk__in=_sessions_of(every, subject))
    if kind in ("board", "dataset"):
        return every.none()
    if kind == "person":
        return every.filter(**{f"{fields[0]}_id": subject.person_id})
    if kind == "actor":
        return every.filter(_any_of(fields, "", [subject.actor]))
    return every.filter(_any_of(fields, "__iexact", subject.addresses))


def _any_of(fields: Iterable[str], lookup: str, values: Iterable[str]) -> Q:
    chosen = Q(pk__in=[])
    for name in fields:
        for value in values:
            chosen |= Q(**{name + lookup: value})
    return chosen


def _sessions_of(sessions: QuerySet[Any], subject: Subject) -> list[str]:
    """Return the keys of sessions in which this person signed in, or is looked along with."""
    found = []
    for session in sessions.iterator(chunk_size=500):
        told = session.get_decoded()
        watched = (told.get("regio_watching") or {}).get("person")
        if str(told.get("_auth_user_id", "")) == str(subject.person_id) or watched == subject.person_id:
            found.append(session.pk)
    return found


# --------------------------------------------------------------------------------------------------------------- the copy
def copy_of(subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """Return every row about this person by the title of its table, ready for JSON; secrets as "geheim"."""
    return {labels.title: _plain(model, labels, subject) for model, labels in tables_of_people()}


def tables_of_people() -> list[tuple[type[Model], TableLabels]]:
    """Return the tables whose rows are known to be somebody's, in the order of the copy: the account itself first."""
    chosen = [one for one in personal_tables() if one[1].whose and one[1].whose.kind not in ("board", "dataset")]
    return [*chosen[-1:], *chosen[:-1]]


def _plain(model: type[Model], labels: TableLabels, subject: Subject) -> list[dict[str, Any]]:
    rows = rows_of(model, labels, subject).order_by("pk").values()
    return [{name: SECRET if name in labels.secret else value for name, value in row.items()} for row in rows]


# ------------------------------------------------------------------------------------------------------------ mail as files
def mail_files() -> Iterator[Path]:
    """Return the files under REGIO_HOME that hold mail."""
    for name in FOLDERS_OF_MAIL:
        folder = Path(settings.HOME) / name
        if folder.is_dir():
            yield from sorted(path for path in folder.rglob("*") if path.is_file())


def files_of(subject: Subject) -> list[Path]:
    """Return the mails of or to this person that lie as files in REGIO_HOME; one file is one mail."""
    return [path for path in mail_files() if _is_of(path, subject)]


def _is_of(path: Path, subject: Subject) -> bool:
    """Tell whether a mail names one of the addresses, in its headers or its text."""
    text = mail_as_text(path.read_bytes()).lower()
    return any(address in text for address in subject.addresses)


def mail_as_text(raw: bytes) -> str:
    """Return everything a mail says: as it is, with its headers decoded, and its parts decoded."""
    message = message_from_bytes(raw, policy=policy.default)
    said = [raw.decode("utf-8", "replace")]
    said += [str(value) for value in _headers(message)]
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            said.append(payload.decode("utf-8", "replace"))
    return "\n".join(said)


def _headers(message: Message) -> Iterator[str]:
    for name in ("To", "From", "Cc", "Subject", "Reply-To"):
        try:
            yield str(message.get(name, ""))
        except (ValueError, IndexError, AttributeError, TypeError):  # headers that the standard library cannot read
            continue


# ------------------------------------------------------------------------------------------------------------ who is named
def mentions_of(subject: Subject) -> list[tuple[TableLabels, str, list[Any]]]:
    """Return where others wrote this person's address or name: table, field and numbers of rows, outside the own rows."""
    told = [text for text in (*subject.addresses, subject.name) if len(text) > 2]
    found = []
    for model, labels in personal_tables():
        for name in text_fields(model, labels):
            named = model._default_manager.filter(_any_of([name], "__icontains", told))
            if labels.whose:
                named = named.exclude(pk__in=list(rows_of(model, labels, subject).values_list("pk", flat=True)))
            if keys := list(named.values_list("pk", flat=True)[:50]):
                found.append((labels, name, keys))
    return found


def text_fields(model: type[Model], labels: TableLabels) -> list[str]:
    """Return the personal fields that hold text."""
    named = (*labels.personal, *labels.special)
    return [
        field.name for field in model._meta.concrete_fields
        if field.name in named and isinstance(field, CharField | TextField)
    ]  # fmt: skip

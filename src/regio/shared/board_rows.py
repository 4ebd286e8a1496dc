"""Everything that is kept of one board, found through the labels of `personal_data`: as one file, taken out, and read in again.

The file is a zip: `inhoud.json` says what is in it, with a checksum per part; `gegevens/` holds a JSON and a CSV per table. A row
names other rows by what every installation knows them by: a location by its code, a person by the mail address, a file of the
board by its number in the zip. The layout is described in docs/nl/vertrek-bestuur.md. The same data give the same bytes.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import import_string

from .errors import UserError
from .export import rows_to_bytes
from .personal_data import TableLabels, board_tables

FORM = 1  # of the file
CONTENTS, FOLDER = "inhoud.json", "gegevens"
FIXED_TIME = (2000, 1, 1, 0, 0, 0)
ORGANISATION = "bestuur:{}"
# By what a row is known in every installation, where that is not its own key.
KNOWN_BY = {"accounts.Person": ("email", "name"), "regions.SchoolLocation": ("code", "scheme"), "workforce.ForecastRun": ("result_sha256", "region_key"), "workforce.JointRound": ("region_key", "sector", "reference_date")}  # fmt: skip
ONLY_TO_READ = {
    "audit.Event",
    "shared.Job",
}  # of the installation itself: the trail and its queue are never written from a file

Finder = Callable[[type[Model], str], QuerySet[Any]]
_finders: dict[str, str] = {}
_afterwards: list[str] = []


class NotABoardFile(UserError):
    """A file that is no export of a board, or not whole any more."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Dit is geen bruikbaar bestand met gegevens van een bestuur: {why}.")


@dataclass(frozen=True)
class ReadBack:
    """What was read in again: rows per table, and rows that this installation has no place for."""

    board: str
    rows: dict[str, int]
    left: dict[str, int]


def register_finder(kind: str, path: str) -> None:
    """Make known how rows of a kind of table are found: `path` is the dotted path of (model, board) -> rows."""
    _finders[kind] = path


def register_afterwards(path: str) -> None:
    """Make known what else goes with a board, such as drawings: `path` is the dotted path of a function of the code."""
    if path not in _afterwards:
        _afterwards.append(path)


def rows_of_board(model: type[Model], labels: TableLabels, board: str) -> QuerySet[Any]:
    """Return the rows of one table that are this board's.

    Raises:
        LookupError: the labels do not say how they are found.
    """
    if labels.board is None:
        raise LookupError(f"personal_data.yaml does not say how rows of {labels.table} are a board's")
    (field,), kind, every = labels.board.fields, labels.board.kind, model._default_manager.all()
    if kind == "code":
        return every.filter(**{f"{field}_id": board})
    if kind == "organisation":
        return every.filter(**{field: ORGANISATION.format(board)})
    if kind == "membership":
        return every.filter(organisation_kind="bestuur", **{field: board})
    if kind == "dataset":
        return every.filter(**{f"{field}__endswith": f"-bestuur-{board.zfill(5)}"})
    if kind == "members":
        return every.filter(**{f"{field}__in": [f"persoon:{number}" for number in members_of_board(board)]})
    return import_string(_finders[kind])(model, board)


def members_of_board(board: str) -> list[int]:
    """Return the numbers of everybody who has or had a role at this board."""
    held = apps.get_model("accounts.Membership")._default_manager.filter(
        organisation_kind="bestuur", organisation_code=board
    )
    return sorted(set(held.values_list("person_id", flat=True)))


def numbers_of(board: str) -> list[tuple[TableLabels, int]]:
    """Return how many rows of each table are this board's."""
    return [(labels, rows_of_board(model, labels, board).count()) for model, labels in board_tables()]


# ---------------------------------------------------------------------------------------------------------------- the file
def file_of(board: str) -> bytes:
    """Return everything of a board as one zip."""
    parts: dict[str, bytes] = {}
    listed: dict[str, dict[str, Any]] = {}
    for model, labels in board_tables():
        name = model._meta.label
        links = [field.name for field in model._meta.concrete_fields if field.is_relation]
        found = rows_of_board(model, labels, board).select_related(*links).order_by("pk")
        rows = [_told(row) for row in found]
        text = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()
        parts[f"{FOLDER}/{name}.json"] = text
        parts[f"{FOLDER}/{name}.csv"] = _as_csv(rows, [field.name for field in model._meta.concrete_fields])
        listed[name] = {"rows": len(rows), "sha256": hashlib.sha256(text).hexdigest(), "read_back": name not in ONLY_TO_READ and not _is_derived(labels)}  # fmt: skip
    head = {"form": FORM, "board": board, "tables": listed}
    parts = {CONTENTS: json.dumps(head, ensure_ascii=False, indent=1).encode(), **parts}
    return _zipped(parts)


def _is_derived(labels: TableLabels) -> bool:
    return labels.board is not None and labels.board.kind == "runs"


def _zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _as_csv(rows: list[dict[str, Any]], columns: list[str]) -> bytes:
    flat = [{name: json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False) if isinstance(value, dict | list) else value for name, value in row.items()} for row in rows]  # fmt: skip
    return rows_to_bytes(flat, columns=columns, file_format="csv")


def _told(row: Model) -> dict[str, Any]:
    return {field.name: _value(row, field) for field in row._meta.concrete_fields}


def _value(row: Model, field: Any) -> Any:
    if not field.is_relation:
        return field.value_from_object(row)
    other = getattr(row, field.name)
    names = KNOWN_BY.get(other._meta.label) if other is not None else None
    return {name: getattr(other, name) for name in names} if names else getattr(row, field.attname)


# ------------------------------------------------------------------------------------------------------------- taking out
def take_out(board: str, *, moment: str) -> dict[str, int]:
    """Take out every row of a board that goes at this moment of its exit ("row" or "last"); return rows per table.

    Call it in a transaction. Files of the board are last, since other rows hang on them.
    """
    gone = {}
    for model, labels in reversed(board_tables()):
        if labels.at_exit == moment:
            rows = rows_of_board(model, labels, board)
            gone[model._meta.label] = rows.count()
            rows.delete()
    for path in _afterwards:
        import_string(path)(board)
    return gone


# ---------------------------------------------------------------------------------------------------------------- reading in
def contents_of(content: bytes) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Return the head and the rows per table of an export, checked against its own checksums.

    Raises:
        NotABoardFile: it is no export, of another form, or was changed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            head = json.loads(archive.read(CONTENTS))
            texts = {name: archive.read(f"{FOLDER}/{name}.json") for name in head["tables"]}
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise NotABoardFile("het is geen zip met inhoud.json en gegevens") from error
    if head.get("form") != FORM:
        raise NotABoardFile("het heeft een andere vorm dan deze versie kent")
    changed = [name for name, text in texts.items() if hashlib.sha256(text).hexdigest() != head["tables"][name]["sha256"]]  # fmt: skip
    if changed:
        raise NotABoardFile(f"dit deel klopt niet met de lijst: {changed[0]}")
    return head, {name: json.loads(text) for name, text in texts.items()}


def read_in(content: bytes) -> ReadBack:
    """Put the rows of an export back; what is there already stays once. Call it in a transaction.

    Raises:
        NotABoardFile: see `contents_of`.
    """
    head, tables = contents_of(content)
    new_numbers: dict[tuple[str, Any], Any] = {}
    rows, left = {}, {}
    for model, _ in board_tables():
        name = model._meta.label
        if name in tables and head["tables"][name]["read_back"]:
            made = [_put(model, row, new_numbers) for row in tables[name]]
            rows[name], left[name] = sum(made), len(made) - sum(made)
    return ReadBack(head["board"], rows, {name: number for name, number in left.items() if number})


def _put(model: type[Model], told: dict[str, Any], new_numbers: dict[tuple[str, Any], Any]) -> bool:
    """Make one row, or find it; return False where a row that it names is not here."""
    try:
        values = dict(_read(model, name, value, new_numbers) for name, value in told.items() if not _is_own_number(model, name))  # fmt: skip
    except LookupError:
        return False
    there = model._default_manager.filter(_same(model, values)).first()
    row = there or model._default_manager.create(**values)
    new_numbers[model._meta.label, told.get(model._meta.pk.name)] = row.pk
    return True


def _is_own_number(model: type[Model], name: str) -> bool:
    return name == model._meta.pk.name and model._meta.pk.get_internal_type() == "BigAutoField"


def _same(model: type[Model], values: dict[str, Any]) -> Q:
    """Return the test for the very same row; texts of JSON are left out, which no database compares the same way."""
    plain = {name: value for name, value in values.items() if not isinstance(value, dict | list)}
    return Q(**{f"{name}__isnull" if value is None else name: value is None or value for name, value in plain.items()})


def _read(model: type[Model], name: str, value: Any, new_numbers: dict[tuple[str, Any], Any]) -> tuple[str, Any]:
    field = model._meta.get_field(name)
    if not field.is_relation:
        return name, field.to_python(value)  # type: ignore[union-attr]
    other = field.related_model
    if value is None:
        return f"{name}_id", None
    if isinstance(value, dict):
        return f"{name}_id", _known(other, value)
    return f"{name}_id", new_numbers.get((other._meta.label, value)) or _present(other, value)  # type: ignore[union-attr]


def _known(model: Any, told: dict[str, Any]) -> Any:
    """Return the number of a row that every installation knows by these values; a person who is not here is made.

    Raises:
        LookupError: there is none.
    """
    if model._meta.label == "accounts.Person":
        found = model.objects.filter(email=told["email"]).first()
        return (found or model.objects.create_user(told["email"], name=told["name"])).pk
    found = model._default_manager.filter(**told).values_list("pk", flat=True).first()
    if found is None:
        raise LookupError(model._meta.label)
    return found


def _present(model: Any, key: Any) -> Any:
    """Return a key that is the same everywhere, such as the code of a board.

    Raises:
        LookupError: there is no such row, or its number means another row here.
    """
    if model._meta.pk.get_internal_type() == "BigAutoField" or not model._default_manager.filter(pk=key).exists():
        raise LookupError(model._meta.label)
    return key


def checksum_of(content: bytes) -> str:
    """Return the checksum of an export."""
    return hashlib.sha256(content).hexdigest()

"""The register of personal data: every field of every table is labelled none, personal or special, with purpose and term.

Each app keeps its labels in `personal_data.yaml`, beside its tables; tables of libraries are labelled by the app that uses
them, under `tables_of_libraries` ("account.EmailAddress"). Tests hold the labels against the tables, so a new field cannot
come in without one, and render the register of processing activities in `docs/nl/verwerkingsregister.md`. The copy of the
own data, erasure and the exit of a board are read from the same labels (`person_rows`, `board_rows`), and the terms from
`retention`: whose a row is, what erasing does with it, and after how long it goes by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import yaml
from django.apps import AppConfig, apps
from django.db.models import Model

OWN = "regio."


ERASURES = ("row", "blank", "keep")
WHOSE = ("self", "person", "actor", "address", "session", "board", "dataset")


@dataclass(frozen=True)
class Purpose:
    """Why personal data are there, on which ground, who sees them and how long they stay; all in Dutch."""

    code: str
    name: str
    ground: str
    seen_by: str
    retention: str


@dataclass(frozen=True)
class Whose:
    """How a row is known to be somebody's.

    Attributes:
        kind: "self" (the account), "person" (a link to it), "actor" (the text "persoon:12"), "address" (a mail address), "session"
            (what a session holds), "board" (of a board, which alone knows whose it is) or "dataset" (the same, by its file).
        fields: that say so.
    """

    kind: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class TableLabels:
    """The labels of one table.

    Attributes:
        table: name of the model.
        purpose: None where no field is personal.
        personal: field → what it says of a person.
        special: the same, for special categories of article 9 of the AVG.
        none: fields that say nothing of a person.
        title: what people call the table; a key of the copy of the own data.
        whose: how a row is known to be somebody's; None where no field is personal.
        erase: what erasing somebody does: the row goes, fields are emptied ("blank"), or it stays ("keep").
        blank: field → what is written instead.
        kept_because: why it stays.
        secret: fields that the copy of the own data shows as "geheim".
        terms: codes of what ends its stay (`retention.yaml`).
        board: how a row is known to be a board's; None where no row is.
        at_exit: what the exit of that board does: the row goes ("row"), goes at the very end ("last"), or stays ("keep").
        board_because: why it stays, or why a table that names a board holds nothing of its own.
    """

    table: str
    purpose: Purpose | None
    personal: Mapping[str, str]
    special: Mapping[str, str]
    none: tuple[str, ...]
    title: str = ""
    whose: Whose | None = None
    erase: str = ""
    blank: Mapping[str, str] = field(default_factory=dict)
    kept_because: str = ""
    secret: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    board: Whose | None = None
    at_exit: str = "row"
    board_because: str = ""

    @property
    def words(self) -> str:
        """What people call the table, as a title."""
        return (self.title or self.table).replace("_", " ").capitalize()

    @property
    def fields(self) -> list[str]:
        """All labelled fields, each as often as it is labelled."""
        return [*self.personal, *self.special, *self.none]


def own_apps() -> list[AppConfig]:
    """Return the apps of the product that have tables, in the order of their names."""
    mine = (config for config in apps.get_app_configs() if config.name.startswith(OWN) and any(config.get_models()))
    return sorted(mine, key=lambda config: config.label)


def library_models() -> dict[str, type[Model]]:
    """Return the tables that libraries bring, by label ("account.EmailAddress")."""
    return {model._meta.label: model for model in apps.get_models() if not model.__module__.startswith(OWN)}


def labels_of(config: AppConfig) -> dict[str, TableLabels]:
    """Return the labels of an app's tables by name of the model."""
    return _section(config, "tables")


def library_labels_of(config: AppConfig) -> dict[str, TableLabels]:
    """Return the labels of the tables of libraries that this app uses, by label of the model."""
    return _section(config, "tables_of_libraries")


def _section(config: AppConfig, name: str) -> dict[str, TableLabels]:
    tree = yaml.safe_load(resources.files(config.name).joinpath("personal_data.yaml").read_text(encoding="utf-8"))
    purposes = {code: Purpose(code=code, **texts) for code, texts in tree["purposes"].items()}
    return {table: _labels(table, labels, purposes) for table, labels in tree.get(name, {}).items()}


def _labels(table: str, labels: Mapping[str, Any], purposes: Mapping[str, Purpose]) -> TableLabels:
    return TableLabels(
        table=table,
        purpose=purposes[labels["purpose"]] if "purpose" in labels else None,
        personal=labels.get("personal", {}),
        special=labels.get("special", {}),
        none=tuple(labels.get("none", ())),
        title=labels.get("title", ""),
        whose=_whose(labels["whose"]) if "whose" in labels else None,
        erase=labels.get("erase", ""),
        blank=labels.get("blank", {}),
        kept_because=labels.get("kept_because", ""),
        secret=tuple(labels.get("secret", ())),
        terms=tuple(labels.get("terms", ())),
        board=_whose(labels["board"]) if "board" in labels else None,
        at_exit=labels.get("at_exit", "row"),
        board_because=labels.get("board_because", ""),
    )


def _whose(told: Mapping[str, Any]) -> Whose:
    ((kind, fields),) = told.items()
    return Whose(kind, tuple(fields) if isinstance(fields, list) else (fields,))


def personal_tables() -> list[tuple[type[Model], TableLabels]]:
    """Return every table with personal fields, its labels beside it, the account itself last."""
    found = [(_model(config, labels.table), labels) for config in own_apps() for labels in all_labels_of(config)]
    chosen = [(model, labels) for model, labels in found if labels.purpose]
    return sorted(chosen, key=lambda one: one[1].whose is not None and one[1].whose.kind == "self")


def all_labels_of(config: AppConfig) -> list[TableLabels]:
    """Return the labels of an app's tables and of those of libraries that it uses."""
    return [*labels_of(config).values(), *library_labels_of(config).values()]


def board_tables() -> list[tuple[type[Model], TableLabels]]:
    """Return every table with rows of boards, in an order in which they can be read in again."""
    found = [(_model(config, labels.table), labels) for config in own_apps() for labels in all_labels_of(config)]
    chosen = [(model, labels) for model, labels in found if labels.board]
    return sorted(chosen, key=lambda one: one[0].__name__ != "ImportBatch")


def _model(config: AppConfig, table: str) -> type[Model]:
    return apps.get_model(table) if "." in table else config.get_model(table)


def fields_of(model: type[Model]) -> list[str]:
    """Return the fields that the table of a model holds."""
    return [field.name for field in model._meta.concrete_fields]


def render_register() -> str:
    """Return the register of processing activities as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Verwerkingsregister\n"
    yield "Gemaakt uit de labels bij de tabellen (`personal_data.yaml` in elke app). Een veld zonder label komt de"
    yield "software niet in: dan slaagt de test niet. Tabellen die hier niet staan, zeggen niets over personen."
    for config in own_apps():
        for labels in all_labels_of(config):
            if labels.purpose:
                yield from _table_lines(labels, labels.purpose)


def _erasure_words(labels: TableLabels) -> str:
    if labels.erase == "keep":
        return f"blijft staan, omdat {labels.kept_because}"
    if labels.erase == "blank":
        return f"de rij blijft, {', '.join(f'`{name}`' for name in labels.blank)} wordt leeg"
    if labels.whose and labels.whose.kind in ("board", "dataset"):
        return "het bestuur haalt de rij weg met het personeelsnummer (`regio erase --board`), of alles tegelijk bij vertrek"
    return "de rij gaat weg"


def _table_lines(labels: TableLabels, purpose: Purpose) -> Iterator[str]:
    yield f"\n## {labels.table}\n"
    yield f"- Doel: {purpose.name}"
    yield f"- Grondslag: {purpose.ground}"
    yield f"- Wie het ziet: {purpose.seen_by}"
    yield f"- Bewaren: {purpose.retention}"
    yield f"- Termijnen: {', '.join(f'`{term}`' for term in labels.terms)} (zie bewaartermijnen.md)"
    yield f"- Bij verwijderen van een persoon: {_erasure_words(labels)}\n"
    yield "| veld | soort | wat het zegt |"
    yield "|---|---|---|"
    for kind, fields in (("persoonsgegeven", labels.personal), ("bijzonder persoonsgegeven", labels.special)):
        for name, meaning in fields.items():
            yield f"| `{name}` | {kind} | {meaning} |"

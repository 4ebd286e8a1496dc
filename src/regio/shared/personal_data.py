"""The register of personal data: every field of every table is labelled none, personal or special, with purpose and term.

Each app keeps its labels in `personal_data.yaml`, beside its tables; tables of libraries are labelled by the app that uses
them, under `tables_of_libraries` ("account.EmailAddress"). Tests hold the labels against the tables, so a new field cannot
come in without one, and render the register of processing activities in `docs/nl/verwerkingsregister.md`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml
from django.apps import AppConfig, apps
from django.db.models import Model

OWN = "regio."


@dataclass(frozen=True)
class Purpose:
    """Why personal data are there, on which ground, who sees them and how long they stay; all in Dutch."""

    code: str
    name: str
    ground: str
    seen_by: str
    retention: str


@dataclass(frozen=True)
class TableLabels:
    """The labels of one table.

    Attributes:
        table: name of the model.
        purpose: None where no field is personal.
        personal: field → what it says of a person.
        special: the same, for special categories of article 9 of the AVG.
        none: fields that say nothing of a person.
    """

    table: str
    purpose: Purpose | None
    personal: Mapping[str, str]
    special: Mapping[str, str]
    none: tuple[str, ...]

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
    )


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
        for labels in (*labels_of(config).values(), *library_labels_of(config).values()):
            if labels.purpose:
                yield from _table_lines(labels, labels.purpose)


def _table_lines(labels: TableLabels, purpose: Purpose) -> Iterator[str]:
    yield f"\n## {labels.table}\n"
    yield f"- Doel: {purpose.name}"
    yield f"- Grondslag: {purpose.ground}"
    yield f"- Wie het ziet: {purpose.seen_by}"
    yield f"- Bewaren: {purpose.retention}\n"
    yield "| veld | soort | wat het zegt |"
    yield "|---|---|---|"
    for kind, fields in (("persoonsgegeven", labels.personal), ("bijzonder persoonsgegeven", labels.special)):
        for field, meaning in fields.items():
            yield f"| `{field}` | {kind} | {meaning} |"

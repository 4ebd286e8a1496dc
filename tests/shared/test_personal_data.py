"""Every field of every table is labelled, once, and the register on disk is the one that the labels give."""

import pytest

from regio.shared.personal_data import (
    fields_of,
    labels_of,
    library_labels_of,
    library_models,
    own_apps,
    render_register,
)
from tests.helpers import CHECKOUT

REGISTER = CHECKOUT / "docs" / "nl" / "verwerkingsregister.md"


@pytest.mark.parametrize("app", ["accounts", "audit", "cases", "desk", "regions", "shared", "workforce"])
def test_every_field_has_one_label(app):
    config = next(config for config in own_apps() if config.label == app)
    labels = labels_of(config)
    held = {model.__name__: sorted(fields_of(model)) for model in config.get_models()}
    assert {table: sorted(label.fields) for table, label in labels.items()} == held


def test_no_app_with_tables_is_forgotten():
    assert [config.label for config in own_apps()] == [
        "accounts",
        "audit",
        "cases",
        "desk",
        "regions",
        "shared",
        "workforce",
    ]


def test_every_field_of_a_library_has_one_label():
    labels = {table: label for config in own_apps() for table, label in library_labels_of(config).items()}
    held = {table: sorted(fields_of(model)) for table, model in library_models().items() if table in labels}
    assert {table: sorted(label.fields) for table, label in labels.items()} == held
    assert [table for table in library_models() if table not in labels] == []


def test_what_is_personal_has_a_purpose_and_a_term():
    for config in own_apps():
        for labels in (*labels_of(config).values(), *library_labels_of(config).values()):
            assert bool(labels.personal or labels.special) == (labels.purpose is not None), labels.table
            if labels.purpose:
                texts = (labels.purpose.name, labels.purpose.ground, labels.purpose.seen_by, labels.purpose.retention)
                assert all(text.strip() for text in texts), labels.table
            assert all(meaning.strip() for meaning in (*labels.personal.values(), *labels.special.values()))


def test_the_register_on_disk_is_up_to_date():
    advice = "write regio.shared.personal_data.render_register() to docs/nl/verwerkingsregister.md"
    assert REGISTER.read_text(encoding="utf-8") == render_register(), advice


def test_the_register_names_the_staff_file_of_a_board():
    text = render_register()
    assert "## StaffMember" in text
    assert "| `birth_year` | persoonsgegeven | geboortejaar, voor leeftijd en pensioen |" in text
    assert "LearnerCount" not in text

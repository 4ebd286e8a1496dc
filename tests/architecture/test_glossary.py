"""The glossary names every table of the product, and no table that is gone."""

import re

from django.apps import apps

from tests.helpers import CHECKOUT, SOURCE

ROW = re.compile(r"^\|(?P<dutch>[^|]+)\|(?P<english>[^|]+)\|(?P<meaning>[^|]+)\|$", re.MULTILINE)
CLASS_NAME = re.compile(r"`([A-Z][A-Za-z]+)`")
FIELD_NAME = re.compile(r"`([A-Za-z]+(?:_[A-Za-z]+)+)`")  # of a quantity or a code: required_fte, FROM_RESERVE


def glossary_rows():
    text = (CHECKOUT / "GLOSSARY.md").read_text()
    return [match for match in ROW.finditer(text) if not set(match["dutch"]) <= set("- :")]


def own_models() -> set[str]:
    return {model.__name__ for model in apps.get_models() if model.__module__.startswith("regio.")}


def test_every_table_has_its_dutch_word():
    named = {name for row in glossary_rows() for name in CLASS_NAME.findall(row["english"])}
    assert own_models() - named == set()


def test_a_table_in_the_glossary_exists_or_is_marked_as_planned():
    promised = {
        name for row in glossary_rows() if "later" not in row["meaning"] for name in CLASS_NAME.findall(row["english"])
    }
    kept = own_models() | {"Sector", "SchoolYear", "Finding", "LabourMarketRegion", "StaffFlow", "Grade", "Qualified"}
    assert promised - kept == set()


def test_a_quantity_in_the_glossary_is_in_the_code_or_is_marked_as_planned():
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")).lower()
    for row in glossary_rows():
        for name in FIELD_NAME.findall(row["english"]):
            is_there = re.search(rf"\b{name.lower()}\b", code) is not None
            assert is_there != ("later" in row["meaning"]), f"{name}: {row['meaning']}"


def test_every_row_gives_a_meaning():
    assert len(glossary_rows()) > 40
    assert [row["dutch"] for row in glossary_rows() if not row["meaning"].strip()] == []

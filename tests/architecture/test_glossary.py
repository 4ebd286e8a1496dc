"""The glossary names every table of the product, and no table that is gone."""

import re

from django.apps import apps

from tests.helpers import CHECKOUT

ROW = re.compile(r"^\|(?P<dutch>[^|]+)\|(?P<english>[^|]+)\|(?P<meaning>[^|]+)\|$", re.MULTILINE)
CLASS_NAME = re.compile(r"`([A-Z][A-Za-z]+)`")


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
    kept = own_models() | {"Sector", "SchoolYear", "Finding", "LabourMarketRegion"}
    assert promised - kept == set()


def test_every_row_gives_a_meaning():
    assert len(glossary_rows()) > 40
    assert [row["dutch"] for row in glossary_rows() if not row["meaning"].strip()] == []

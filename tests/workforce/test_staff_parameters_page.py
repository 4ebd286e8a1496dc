"""The page with all figures of the staff model is that of the parameter files, and says truly where each is used."""

import re

import pytest

from regio.workforce.model_runs.staff_parameters import staff_parameters
from regio.workforce.model_runs.staff_parameters_table import as_markdown
from tests.helpers import CHECKOUT, SOURCE

PAGE = CHECKOUT / "docs" / "staff-parameters.md"
NOT_COUNTED = ("niet gerekend", "alleen als toets")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
USES = {one.name: one.use for one in staff_parameters().figures.values()}
USES |= {one.name: one.about["use"] for one in staff_parameters().tables.values()}


def test_the_page_is_made_of_the_files():
    assert PAGE.read_text(encoding="utf-8") == as_markdown(staff_parameters())


@pytest.mark.parametrize("name", sorted(USES))
def test_a_figure_is_used_where_and_only_where_it_says(name):
    starter = name.removesuffix(name[-1]) if name.startswith("starter_out_after_") else name
    by_kind = {"unqualified_by_position", "appointable_by_position", "unqualified_share", "appointable_share"}
    found = f'"{name}"' in CODE or f'f"{starter}' in CODE or name in by_kind
    assert found != USES[name].startswith(NOT_COUNTED), USES[name]


def test_the_page_lists_every_figure_and_every_one_left_out():
    text = PAGE.read_text(encoding="utf-8")
    for sector, name in (*staff_parameters().figures, *staff_parameters().tables):
        assert re.search(rf"^\| {name} \| {sector} \|", text, re.MULTILINE), name
    for figure, reason in staff_parameters().not_used:
        assert f"| {figure} | {reason} |" in text

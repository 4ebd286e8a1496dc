"""The list of mechanisms and what each gains: complete, honest about what gains nothing, and scored in a way to check by hand."""

import re

import numpy as np
import pytest

from benchmarks.mechanisms import SITUATIONS, WHAT, Gain, crps, document, gain, measure
from regio_engine.staff.contract import Mechanism
from tests.helpers import CHECKOUT

STRUCTURAL = {"BASE_LEVEL", "POPULATIONS"}  # part of the context, not a switch of the simulation


def listed(text: str) -> list[str]:
    return re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)


def test_the_document_lists_exactly_the_mechanisms_of_the_engine():
    committed = listed((CHECKOUT / "docs" / "mechanisms.md").read_text())
    assert len(committed) == len(set(committed))
    assert set(committed) == {one.name for one in Mechanism} | STRUCTURAL
    assert list(WHAT) == committed


def test_the_document_gives_every_gain_with_its_error_in_every_situation():
    gains = r" \| " + r" \| ".join([r"(?:\**[+-]\d+\.\d\d ± \d+\.\d\d\**(?: · )?){2}"] * len(SITUATIONS)) + r" \|$"
    rows = [line for line in (CHECKOUT / "docs" / "mechanisms.md").read_text().splitlines() if listed(line)]
    assert [row for row in rows if not re.search(gains, row)] == []


def test_a_mechanism_without_gain_anywhere_is_named_for_removal():
    sure, accident, small = Gain(3.0, 1.0), Gain(1.9, 1.0), Gain(0.05, 0.001)
    gains = {name: dict.fromkeys(WHAT, (accident, small)) for name in SITUATIONS}
    gains["decline"] |= {one: (small, sure) for one in WHAT if one not in ("HOURS", "TRAVEL")}
    assert "Without gain, to be removed: `HOURS`, `TRAVEL`." in document(gains, [])
    gains["retrain"] |= dict.fromkeys(("HOURS", "TRAVEL"), (sure, sure))
    gains["steady"] |= dict.fromkeys(set(WHAT) - {"TRAVEL"}, (sure, sure))
    assert "Every mechanism gains somewhere. In the steady region alone nothing is gained by `TRAVEL`" in document(
        gains, []
    )


def test_the_score_of_two_draws_can_be_reckoned_by_hand():
    """Mean distance to the truth minus half the mean distance between draws."""
    assert crps(np.array([[0.0, 2.0], [1.0, 3.0]]), np.array([[1.0, 5.0], [0.0, 2.0]])).tolist() == [[0, 3], [1, 0]]


def test_a_gain_is_part_of_the_score_without():
    found = gain(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    assert found.pct == pytest.approx(50)
    assert found.error == pytest.approx(25 / np.sqrt(3))
    assert gain(np.ones(4), np.ones(4)).is_sure is False


def test_a_forecast_in_which_nobody_comes_in_is_worse():
    found = measure(SITUATIONS["steady"], truths=(11,), per_truth=20, draws=60)
    assert set(found) == set(WHAT)
    assert all(one.is_sure for one in found["SUPPLY"])

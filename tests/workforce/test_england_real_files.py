"""The England forecast on the publisher's files: the bars, the accounting, and the years on which the choice was made.

Scored once on 2015 and 2016, after the choice was committed: 0.93 and 2.47 %.
"""

import csv
import subprocess
import sys

import numpy as np
import pytest
import yaml

from benchmarks.workforce_england import Rows, read_publication, scores
from tests.helpers import CHECKOUT, SOURCE, real_data

(RESULTS,) = (SOURCE / "regio" / "workforce").rglob("*results.yaml")

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def publication() -> tuple[Rows, Rows]:
    return read_publication(real_data("england-dfe"))


def test_the_forecast_from_2014_beats_standing_still_and_keeps_up_with_a_trend(publication):
    found = scores(*publication, 2014)
    standing_still, trend = found["carried forward"], found["trend per subject"]
    assert [round(error, 1) for error in (*standing_still, *trend)] == [1.8, 4.6, 1.0, 2.4]
    for ahead, error in enumerate(found["model"]):
        assert error < standing_still[ahead]
        assert error < trend[ahead] + 0.3
        assert error < found["without switching"][ahead]


def test_the_evidence_page_says_what_the_files_give(publication):
    found = scores(*publication, 2014)
    told = {row["name"]: row["errors"] for row in yaml.safe_load(RESULTS.read_text())["england"]["rows"]}
    assert list(told.values()) == [[round(error, 2) for error in errors] for errors in found.values()]


def test_the_years_of_the_choice_score_as_the_choice_says(publication):
    """From 2012 (of 2013 and 2014) and from 2013 (of 2014 alone: 2015 was not looked at)."""
    from_2012, from_2013 = scores(*publication, 2012), scores(*publication, 2013)
    assert [round(error, 2) for error in from_2012["model"]] == [2.16, 2.88]
    assert [round(error, 2) for error in from_2012["without switching"]] == [2.55, 3.64]
    assert round(from_2013["model"][0], 2) == 1.40
    assert round(from_2013["without switching"][0], 2) == 1.42


def test_leavers_and_entrants_account_for_the_stock_but_for_switching(publication):
    leavers, entrants = publication
    for year in range(2011, 2015):
        row = leavers.years.index(year)
        left, came = leavers.people[row, ..., 1:].sum(axis=(1, 2)), entrants.people[row, ..., 1:].sum(axis=(1, 2))
        before, after = leavers.stock(year).sum(axis=1), leavers.stock(year + 1).sum(axis=1)
        residual = before - left + came - after
        assert abs(residual.sum()) / after.sum() < 0.0025
        assert np.mean(np.abs(residual) / after) < 0.018


def test_the_command_runs_as_a_plain_script(tmp_path):
    out = tmp_path / "stock.csv"
    command = [sys.executable, "benchmarks/workforce_england.py", "--train-until", "2014", "--out", str(out)]
    subprocess.run([*command, "--data", str(real_data("england-dfe"))], cwd=CHECKOUT, capture_output=True, check=True)
    with out.open() as lines:
        rows = list(csv.DictReader(lines))
    assert [row["year"] for row in rows] == ["2015"] * 19 + ["2016"] * 19
    assert {row["subject"] for row in rows} >= {"Computing", "Mathematics", "Classics"}

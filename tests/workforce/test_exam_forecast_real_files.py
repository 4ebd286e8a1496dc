"""The exam forecast on the public files beside the checkout: the score table, its bars, and region = slice of country.

Bars are those of the issue: WAPE of p50 over location x type cells with at least 20 candidates in the last known year.
"alle tellingen" is what the product forecasts with: exams, classes and older counts of the same children when younger;
"examens en klassen" knows exams and the pupil file of 1-10-2019 and nothing else.
"""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.fixtures_public import PublicDatabase
from tests.helpers import SOURCE

pytestmark = pytest.mark.realdata

# known, target -> must, persistence [%]. Exams alone and areas are means over targets.
WITH_CLASSES = {(2019, 2020): (9.0, 17.4), (2020, 2021): (14.3, 18.2), (2019, 2021): (17.0, 23.9)}
ALONE = {("vestiging", 1): (16.4, 17.2), ("vestiging", 2): (21.2, 23.1), ("rpa", 1): (4.3, 4.7)}

SCORES = """
import dataclasses, json, django
django.setup()
from regio.workforce.model_runs import exams
played = exams.backtest_exams()
lines = [{**dataclasses.asdict(line), "skill": line.skill_against_persistence} for line in played.lines]
print(json.dumps({"commit": played.choice_commit, "lines": lines}))
"""
FORECAST = """
import dataclasses, json, django
django.setup()
from regio.workforce.model_runs import exams
country = exams.forecast_exams(years=4)
codes = sorted({row.location for row in country})[100:110]
part = exams.forecast_exams(codes, years=4)
sums = exams.forecast_exam_sums({"alle": [row.location for row in country]}, years=4)
as_rows = lambda rows: [dataclasses.asdict(row) for row in rows]
from regio.workforce.model_runs.exam_inputs import read_classes, read_history
history = read_history()
(classes,) = read_classes(history)
without = (history.candidates[:, :, -1].sum(axis=1) == 0) & (classes.pupils >= 1).any(axis=(1, 2))
print(json.dumps({"country": as_rows(country), "part": as_rows(part), "codes": codes, "sums": as_rows(sums),
                  "without": history.locations[without].tolist()}))
"""


def asked(database: PublicDatabase, script: str):
    """Return what a script of the product prints as JSON, on the database with the public files."""
    environment = {
        **os.environ,
        "REGIO_HOME": str(database.home),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "regio.site.settings",
    }
    environment.pop("REGIO_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def lines(public_database: PublicDatabase):
    return asked(public_database, SCORES)["lines"]


@pytest.fixture(scope="module")
def forecast(public_database: PublicDatabase):
    return asked(public_database, FORECAST)


def whole(lines, known: str, *, grain: str = "vestiging"):
    return [line for line in lines if line["grouping"] == "alle" and line["known"] == known and line["grain"] == grain]


def mean(values):
    return sum(values) / len(values)


@pytest.mark.parametrize("known", ["alle tellingen", "examens en klassen"])
@pytest.mark.parametrize(("round_", "bar"), WITH_CLASSES.items())
def test_with_classes_every_target_meets_its_bar(lines, known, round_, bar):
    line = next(line for line in whole(lines, known) if (line["origin"], line["target"]) == round_)
    assert round(100 * line["persistence"]["wape"], 1) == bar[1]
    assert 100 * line["forecast"]["wape"] <= bar[0]


@pytest.mark.parametrize(("kind", "bar"), ALONE.items())
def test_from_exams_alone_the_mean_over_targets_meets_its_bar(lines, kind, bar):
    grain, ahead = kind
    found = [line for line in whole(lines, "examens", grain=grain) if line["years_ahead"] == ahead]
    assert len(found) == (4 if ahead == 1 else 2)
    assert round(mean([100 * line["persistence"]["wape"] for line in found]), 1) == bar[1]
    assert mean([100 * line["forecast"]["wape"] for line in found]) <= bar[0]


@pytest.mark.parametrize("known", ["alle tellingen", "examens en klassen", "examens"])
def test_eighty_percent_bands_hold_overall_per_type_and_per_size(lines, known):
    found = [line for line in lines if line["known"] == known and line["grain"] == "vestiging"]
    held = {}
    for line in found:
        cells, inside = held.get((line["grouping"], line["group"]), (0, 0.0))
        score = line["forecast"]
        held[line["grouping"], line["group"]] = (
            cells + score["cells"],
            inside + score["cells"] * score["coverage_80"],
        )
    shares = {group: inside / cells for group, (cells, inside) in held.items()}
    assert set(shares) == {
        ("alle", "alle"),
        *(("soort", kind) for kind in ("VMBO", "HAVO", "VWO")),
        *(("grootte", size) for size in ("20-50", "50-100", "100-200", "200+")),
    }
    assert 0.76 <= shares.pop(("alle", "alle")) <= 0.86
    assert all(0.68 <= share <= 0.90 for share in shares.values()), shares


def test_eighty_percent_bands_hold_in_every_single_round(lines):
    """Two rounds with classes, of target 2020-2021, held 87-88 % and 94 % of vwo before the spread was mended."""
    for line in lines:
        if line["grain"] == "vestiging":
            low, high = (0.76, 0.86) if line["grouping"] == "alle" else (0.68, 0.90)
            assert low <= line["forecast"]["coverage_80"] <= high, line


@pytest.mark.parametrize("known", ["alle tellingen", "examens en klassen", "examens"])
def test_bias_is_under_a_third_of_the_error_over_the_origins(lines, known):
    found = whole(lines, known)
    bias = mean([line["forecast"]["bias"] for line in found])
    assert abs(bias) < mean([line["forecast"]["wape"] for line in found]) / 3


def test_bias_is_under_a_third_of_the_error_in_every_single_round_too(lines):
    for known in ("alle tellingen", "examens en klassen", "examens"):
        for line in whole(lines, known):
            assert abs(line["forecast"]["bias"]) < line["forecast"]["wape"] / 3, line


def test_every_round_is_better_than_calibrated_persistence(lines):
    assert all(
        line["skill"] > 0
        for known in ("alle tellingen", "examens en klassen", "examens")
        for line in whole(lines, known)
    )


def test_the_score_names_the_commits_of_the_choice(public_database: PublicDatabase):
    named = asked(public_database, SCORES.replace("exams.backtest_exams()", "exams.backtest_exams(())"))["commit"]
    for commit in re.findall(r"[0-9a-f]{7,}", named):
        known = subprocess.run(
            ["git", "cat-file", "-t", commit], cwd=SOURCE, capture_output=True, text=True, check=False
        )
        assert known.stdout.strip() == "commit"
    assert named == "onbekend" or re.fullmatch(r"[0-9a-f]{7,}( \(eerste keuze [0-9a-f]{7,}\))?", named)


def test_a_few_locations_are_the_slice_of_the_country(forecast):
    assert forecast["part"] == [row for row in forecast["country"] if row["location"] in forecast["codes"]]
    assert len(forecast["part"]) > 40


def test_four_years_ahead_every_type_has_a_plausible_total_with_a_band(forecast):
    newest = {"VMBO": 88_796, "HAVO": 49_861, "VWO": 38_114}  # candidates of 2021-2022, masked counts as 2
    for row in forecast["sums"]:
        assert 0.75 * newest[row["exam_type"]] < row["p50"] < 1.1 * newest[row["exam_type"]], row
        assert row["p10"] < row["p50"] < row["p90"]
    widths = {
        row["school_year"]: (row["p90"] - row["p10"]) / row["p50"]
        for row in forecast["sums"]
        if row["exam_type"] == "HAVO"
    }
    assert sorted(widths) == [2022, 2023, 2024, 2025]
    assert widths[2022] < widths[2025]


def test_locations_with_classes_but_without_candidates_are_told_too(forecast):
    """Some have a class that reaches its exam within four years; where one was due already and nobody came, it is 0."""
    begun = {row["location"] for row in forecast["country"] if row["begun"]}
    assert len(forecast["without"]) == 172
    assert set(forecast["without"]) <= begun
    of_them = [row for row in forecast["country"] if row["location"] in forecast["without"]]
    assert any(row["p50"] >= 20 for row in of_them)
    assert (
        sum(row["p50"] == 0 for row in of_them) > len(of_them) / 2
    )  # most are lower buildings and codes that are gone


def test_means_of_locations_add_up_to_the_mean_of_their_sum(forecast):
    for total in forecast["sums"]:
        parts = [
            row["mean"]
            for row in forecast["country"]
            if (row["exam_type"], row["school_year"]) == (total["exam_type"], total["school_year"])
        ]
        assert sum(parts) == pytest.approx(total["mean"], rel=1e-3)

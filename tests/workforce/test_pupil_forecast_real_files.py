"""The pupil forecast on the public files beside the checkout: the score table, its bars, and region = slice of country.

Bars of the scorecard: totals without practical education with the national total of the target known. `vestiging`, `brin`
and `rmc` look at codes counted both times, as the known persistence does; `rmc_alle` sums vanished and new codes too.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.fixtures_public import PublicDatabase
from tests.helpers import SOURCE

pytestmark = pytest.mark.realdata

# test, grain, origin, target -> must, persistence as the data notes have it [%]
BARS = {
    ("po cohorten", "vestiging", "2012", "2017"): (14.5, 23.3),
    ("po cohorten", "rmc", "2012", "2017"): (2.2, 4.8),
    ("vo instroom", "rmc", "2017", "2019"): (5.0, 5.8),
    ("vo totalen", "brin", "2014", "2019"): (11.6, 12.0),
    ("vo totalen", "rmc", "2014", "2019"): (2.9, 3.8),
    ("vo totalen", "rmc_alle", "2014", "2019"): (2.9, 4.2),
    ("vo totalen", "vestiging", "2012", "2019"): (20.1, 20.7),
    ("vo totalen", "brin", "2012", "2019"): (14.7, 14.8),
    ("vo totalen", "rmc", "2012", "2019"): (4.6, 5.4),
    ("vo totalen", "rmc_alle", "2012", "2019"): (4.6, 4.9),
    ("vo totalen", "vestiging", "2014", "2019"): (16.4, 16.8),
}

SCORES = """
import dataclasses, json, django
django.setup()
from regio.workforce.model_runs.pupil_backtests import backtest_pupils
print(json.dumps([dataclasses.asdict(row) for row in backtest_pupils(draws=200)]))
"""
FORECAST = """
import json, django
django.setup()
from regio.workforce.model_runs import pupils
ask = dict(sector="vo", years=4, draws=60, seed=3)
country = pupils.summarise_all(**ask)
total = pupils.summarise_all(by="total", **ask)
levels = pupils.summarise_all(by="level", **ask)
codes = sorted({row[0] for row in country})[200:210]
part = pupils.forecast_pupils(location_codes=codes, **ask)
lifted = pupils.summarise_all(by="total", national_factors={2020: 1.03}, **ask)
po = pupils.summarise_all(by="total", sector="po", years=4, draws=60, seed=3)
print(json.dumps({"country": country, "total": total, "levels": levels, "codes": codes, "lifted": lifted, "po": po,
    "part": pupils.summarise(part, by="location"), "base": int(part.base_year), "facts": dict(part.facts)}))
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
def scores(public_database):
    return asked(public_database, SCORES)


@pytest.fixture(scope="module")
def forecast(public_database):
    return asked(public_database, FORECAST)


def row(scores, test, grain, origin, target):
    found = [
        one
        for one in scores
        if (one["test"], one["grain"], one["origin"], one["target"]) == (test, grain, origin, target)
    ]
    return found[0]


@pytest.mark.parametrize("key", BARS, ids=lambda key: " ".join(key))
def test_the_score_stays_within_its_bar_and_persistence_is_as_known(scores, key):
    must, persistence = BARS[key]
    found = row(scores, *key)
    assert 100 * found["wape"] <= must
    assert 100 * found["persistence_wape"] == pytest.approx(persistence, abs=0.35)
    assert found["wape"] < found["persistence_wape"]


def test_the_intake_has_little_bias_without_knowing_the_total(scores):
    assert abs(row(scores, "vo instroom", "rmc", "2017", "2019")["bias"]) < 0.01


def test_every_score_names_the_commit_of_the_choice(scores):
    assert {one["choice_commit"] for one in scores} == {scores[0]["choice_commit"]}


def test_bands_hold_most_of_all_locations_and_of_each_size(scores):
    whole = [one["coverage_80"] for one in scores if one["grain"] == "vestiging_alle" and "verdwenen" in one["group"]]
    assert len(whole) == 3
    assert 0.76 <= sum(whole) / len(whole) <= 0.86
    for group in ("200-500", "500-1000", "1000+"):
        held = [one["coverage_80"] for one in scores if one["grain"] == "vestiging_alle" and one["group"] == group]
        assert 0.68 <= sum(held) / len(held) <= 0.90


def test_bias_on_locations_is_under_a_third_of_the_error_as_mean_over_origins(scores):
    whole = [one for one in scores if one["grain"] == "vestiging_alle" and "verdwenen" in one["group"]]
    assert abs(sum(one["bias"] for one in whole)) < sum(one["wape"] for one in whole) / 3
    cohorts = row(scores, "po cohorten", "vestiging", "2012", "2017")
    assert abs(cohorts["bias"]) < cohorts["wape"] / 3


def test_locations_asked_alone_equal_their_rows_of_the_country(forecast):
    rows = [one for one in forecast["country"] if one[0] in forecast["codes"]]
    assert forecast["part"] == rows


def test_the_forecast_starts_from_the_count_of_2019_and_keeps_the_nation_plausible(forecast):
    assert forecast["base"] == 2019
    assert [one[1] for one in forecast["total"]] == [2020, 2021, 2022, 2023]
    for _, year, low, middle, mean, high in forecast["total"]:
        assert low < middle < high
        assert mean == pytest.approx(956_857, rel=0.01 + 0.01 * (year - 2019))


def test_means_of_locations_and_of_levels_add_up_to_the_nation(forecast):
    for total in forecast["total"]:
        for rows in (forecast["country"], forecast["levels"]):
            assert sum(one[4] for one in rows if one[1] == total[1]) == pytest.approx(total[4], rel=1e-9)


def test_codes_that_exams_miss_have_no_pupils_and_their_successors_do(forecast):
    told = {(one[0], one[1]): one[4] for one in forecast["country"]}
    assert told["02NZ00", 2022] == 0.0
    assert told["02NZ11", 2022] > 500
    assert forecast["facts"]["vanished_share"][-1] == pytest.approx(0.035, abs=0.02)


def test_the_national_factor_lifts_the_nation_and_nothing_else_changes(forecast):
    for plain, lifted in zip(forecast["total"], forecast["lifted"], strict=True):
        assert lifted[4] / plain[4] == pytest.approx(1.03, abs=0.012)


def test_primary_pupils_start_from_the_totals_of_2019(forecast):
    assert [one[1] for one in forecast["po"]] == [2020, 2021, 2022, 2023]
    assert forecast["po"][0][4] == pytest.approx(1_396_457 + 35_733, rel=0.03)

"""A published forecast beside ours, from the files of Regio Voorbeeld to the draws: used, weighed, set or left out, and said."""

import io

import numpy as np
import pytest
from django.core.management import call_command

from regio.workforce import actions
from regio.workforce.model_runs import published, pupils
from regio.workforce.model_runs.forecast import compute_forecast
from regio.workforce.model_runs.published_scores import published_rows
from regio.workforce.model_runs.pupil_rolling import RollingRound
from regio.workforce.model_runs.scorecard import scorecard
from regio.workforce.models import PublishedForecast
from regio_engine.errors import ImplausibleInput
from regio_engine.pupils.scoring import ForecastCells

pytestmark = pytest.mark.django_db
ASKED = {"sector": "vo", "years": 3, "draws": 40, "seed": 1}


@pytest.fixture
def example_region(db, loaded_example):
    return loaded_example


def mean_per_school(forecast) -> dict[tuple[str, int], float]:
    return {(key, year): mean for key, year, _, _, mean, _ in pupils.summarise(forecast, by="school")}


def test_editions_are_read_with_what_they_count_themselves(example_region):
    loaded = published.editions()
    assert [(one.publisher, one.first_year, one.origin) for one in loaded] == [
        ("DUO", 2022, 2021), ("DUO", 2023, 2022), ("DUO", 2024, 2023), ("DUO", 2026, 2025),
    ]  # fmt: skip
    assert set(loaded[0].counted) == set(range(2018, 2022))
    assert not loaded[-1].counted  # today's form holds no counts


def test_the_growth_of_an_edition_is_taken_on_our_count():
    edition = published.Edition(
        "DUO", 2026, said={2026: {"90AA": 110.0, "90AB": 50.0}}, counted={2025: {"90AA": 100.0}}
    )
    said = edition.of(2026, ["90AA", "90AB", "90AC"], {"90AA": 200.0, "90AB": 40.0})
    assert said[:2].tolist() == [220.0, 50.0]  # 10 % more than our 200; without a count of theirs as it stands
    assert np.isnan(said[2])


def test_past_editions_are_held_against_every_count_since(example_region):
    past = published.past_forecasts(published.editions(), published.count_per_school())
    assert {horizon: len(rounds) for horizon, rounds in past.items()} == {1: 3, 2: 3, 3: 2, 4: 1}
    one = past[1][0]
    assert one.truth.sum() == pytest.approx(one.ours.sum(), rel=0.05)
    assert np.nansum(one.theirs) == pytest.approx(one.ours.sum(), rel=0.05)


def test_by_default_the_forecast_follows_what_past_editions_earned_and_says_so(example_region):
    facts = pupils.forecast_pupils(**ASKED).facts["published"]
    assert facts["used"]
    assert facts["words"].startswith(
        "De prognose van DUO telt mee naar wat eerdere edities waard bleken: voor het totaal "
    )
    assert [one["editions"] for one in facts["weights"]] == [3, 3, 2]
    assert all(0 <= one["nation"] <= 1 and 0 <= one["school"] <= 1 for one in facts["weights"])


def test_a_weight_that_the_user_sets_moves_each_school_by_as_much(example_region):
    alone = pupils.forecast_pupils(**ASKED, published_weight=0.0)
    assert alone.facts["published"]["words"].endswith("u hebt haar gewicht op nul gezet. Zij telt niet mee.")
    whole = pupils.forecast_pupils(**ASKED, published_weight=1.0)
    assert "telt voor 100\u00a0% mee" in whole.facts["published"]["words"]
    ours, theirs = mean_per_school(alone), mean_per_school(whole)
    (newest,) = [one for one in published.editions() if one.origin == 2025]
    near = [
        abs(theirs[school, 2026] / newest.said[2026][school] - 1)
        for school, year in ours
        if year == 2026 and school in newest.said[2026]
    ]
    far = [
        abs(ours[school, 2026] / newest.said[2026][school] - 1)
        for school, year in ours
        if year == 2026 and school in newest.said[2026]
    ]
    assert len(near) > 20
    assert np.median(near) < 0.02 < np.median(far)


def test_a_board_alone_is_the_slice_of_the_country_with_a_prognosis_too(example_region):
    country = pupils.forecast_pupils(**ASKED)
    codes = sorted(set(country.learner_draws.location_codes.tolist()))[:3]
    part = pupils.forecast_pupils(**ASKED, location_codes=codes)
    of_country = [row for row in pupils.summarise(country, by="location") if row[0] in codes]
    assert pupils.summarise(part, by="location") == of_country


def test_without_past_editions_a_prognosis_counts_for_nothing_and_that_is_said(example_region):
    with_all = pupils.forecast_pupils(**ASKED, published_weight=0.0)
    PublishedForecast.objects.filter(made_on_year__lt=2026).delete()
    forecast = pupils.forecast_pupils(**ASKED)
    assert forecast.facts["published"]["words"] == (
        "De prognose van DUO is geladen, maar er is geen eerdere editie om haar aan te toetsen. Zij telt niet mee (aanname)."
    )
    assert not forecast.facts["published"]["used"]
    assert np.array_equal(forecast.draws, with_all.draws)


def test_an_edition_of_another_count_is_left_out_and_none_is_said_too(example_region):
    PublishedForecast.objects.filter(made_on_year=2026).delete()
    facts = pupils.forecast_pupils(**ASKED).facts["published"]
    assert facts == {
        "used": False,
        "words": "De nieuwste prognose van DUO gaat uit van de telling van 2023, wij van die van 2025. Zij telt daarom niet mee.",
    }
    PublishedForecast.objects.all().delete()
    assert pupils.forecast_pupils(**ASKED).facts["published"] == {"used": False, "words": published.NONE_LOADED}
    assert "published" not in pupils.forecast_pupils(**{**ASKED, "sector": "po"}).facts


def test_the_weight_can_be_set_on_the_command_line_and_in_a_run(example_region):
    def printed(*more: str) -> tuple[str, str]:
        out, error = io.StringIO(), io.StringIO()
        call_command("forecast", "pupils", "--region", "rpa:91", "--by", "region", "--years", "1", "--draws", "20", *more,
                     stdout=out, stderr=error)  # fmt: skip
        return out.getvalue(), error.getvalue()

    alone, whole = printed("--published-percent", "0"), printed("--published-percent", "100")
    assert alone[0] != whole[0]
    assert "Dat gewicht hebt u zelf gekozen." in whole[1]
    assert "telt mee naar wat eerdere edities waard bleken" in printed()[1]
    run = compute_forecast(
        region_key="rpa:91", years=1, draws=20, seed=actions.DEFAULT_SEED, settings={"published_weight": 1.0},
        progress=lambda *_: None,
    )  # fmt: skip
    assert run.facts["leerlingen"]["vo"]["published"]["weights"] == [{"nation": 1.0, "school": 1.0, "editions": 0}]
    region = next(
        row for row in run.rows
        if (row["scope_kind"], row["sector"], row["measure"], row["item"], row["count_year"]) == ("regio", "vo", "leerlingen", "alle", 2026)
    )  # fmt: skip
    assert whole[0].splitlines()[1].split(",")[3] == str(region["p50"])


def test_a_weight_outside_nought_to_one_is_refused(example_region):
    with pytest.raises(ImplausibleInput, match="between 0 and 1"):
        pupils.forecast_pupils(**ASKED, published_weight=2.0)


# --------------------------------------------------------------------------------------------------------- the scorecard
def round_of(*, origin: int, horizon: int, said: list[float], truth: list[float]) -> RollingRound:
    size = len(said)
    cells = ForecastCells(
        p10=np.array(said) - 5, p50=np.array(said), p90=np.array(said) + 5, truth=np.array(truth), crps=np.ones(size),
        baseline_crps=np.ones(size),
    )  # fmt: skip
    return RollingRound(
        grain="school", origin=origin, horizon=horizon, cells=cells, last=np.full(size, 100.0),
        mean3=np.full(size, 90.0), groups=np.full(size, ""), names=[f"90A{letter}" for letter in "ABC"[:size]],
    )  # fmt: skip


def test_a_published_forecast_is_scored_on_the_schools_that_both_speak_of():
    """Of AA and AB we are 10 and 0 off, they 0 and 10, of 310: both 3.2 %; of AC they said nothing."""
    edition = published.Edition("DUO", 2021, said={2021: {"90AA": 110.0, "90AB": 190.0}}, counted={})
    played = round_of(origin=2020, horizon=1, said=[100, 200, 300], truth=[110, 200, 900])
    elsewhere = round_of(origin=2019, horizon=1, said=[1, 1, 1], truth=[9, 9, 9])
    (row,) = published_rows([elsewhere, played], [edition])
    assert (row.publisher, row.cells, row.horizon_years, row.origin) == ("DUO", 2, 1, "2020-2020")
    assert row.wape == row.published_wape == pytest.approx(10 / 310)
    assert row.published_margin == pytest.approx(1.96 * np.sqrt(200) * np.sqrt(2) / 310, rel=1e-3)
    assert row.persistence_wape == pytest.approx(110 / 310)
    assert row.coverage_80 == 0.5


def test_rounds_of_several_editions_are_one_line_per_horizon():
    loaded = [
        published.Edition("DUO", first, said={first: {"90AA": 100.0}, first + 1: {"90AA": 100.0}}, counted={})
        for first in (2021, 2022)
    ]
    rounds = [round_of(origin=origin, horizon=1, said=[100], truth=[110]) for origin in (2020, 2021)]
    rounds.append(round_of(origin=2020, horizon=2, said=[100], truth=[120]))
    rows = published_rows(rounds, loaded)
    assert [(row.horizon_years, row.cells, row.origin) for row in rows] == [(1, 2, "2020-2021"), (2, 1, "2020-2020")]
    assert rows[1].published_margin is None  # one school says nothing of chance


def test_the_scorecard_shows_duo_beside_us_with_its_margin(example_region):
    lines = [line for line in scorecard("pupils", progress=lambda *_: None) if line.publisher]
    assert [(line.publisher, line.grain, line.horizon_years) for line in lines] == [
        ("DUO", "school", horizon) for horizon in (1, 2, 3, 4)
    ]
    for line in lines:
        assert 0 < line.published_wape_share < 0.25
        assert line.published_margin_share > 0
        assert line.row()["published_wape_share"] == round(line.published_wape_share, 4)


def test_the_command_line_shows_duo_in_a_column_of_its_own(example_region, tmp_path):
    out = io.StringIO()
    call_command("backtest", "pupils", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[2].split()[3:] == ["fout", "laatste", "3", "jaar", "DUO", "scheef", "band80", "winst"]
    beside = [line for line in lines if line.startswith("school, vo leerlingen: 2021-2023 → 1 jaar verder")]
    assert len(beside) == 1
    assert "–" not in beside[0]
    call_command("backtest", "pupils", "--out", str(tmp_path / "terugblik.csv"), stderr=io.StringIO())
    assert ",DUO," in (tmp_path / "terugblik.csv").read_text()

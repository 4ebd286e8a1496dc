"""A published forecast beside ours, from the files of Regio Voorbeeld to the draws: used, weighed, set or left out, and said."""

import numpy as np
import pytest

from regio.workforce.model_runs import published, pupils
from regio.workforce.models import PublishedForecast
from regio_engine.errors import ImplausibleInput

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


def test_a_weight_outside_nought_to_one_is_refused(example_region):
    with pytest.raises(ImplausibleInput, match="between 0 and 1"):
        pupils.forecast_pupils(**ASKED, published_weight=2.0)

"""From files to forecast: what the product says of Regio Voorbeeld, held against the years that only the truth knows."""

import json

import pytest

from regio.workforce.model_runs.pupils import forecast_pupils, summarise

YEARS = 5


@pytest.fixture
def truth(db, loaded_example, example_files):
    """Return the years to come of a region whose files are loaded."""
    return json.loads((example_files / "waarheid.json").read_text())["toekomst"]


def test_what_really_comes_lies_within_the_bands(truth):
    for sector in ("po", "vo"):
        forecast = forecast_pupils(sector=sector, years=YEARS, draws=400, seed=3)
        assert forecast.base_year == 2025
        assert_total_is_near(truth[sector], summarise(forecast, by="total"))
        assert_bands_hold(truth[sector], summarise(forecast, by="location"))


def assert_total_is_near(truth, rows):
    """The region as a whole: within 4 % of what comes, every year."""
    for _, year, _, _, mean, _ in rows:
        assert mean == pytest.approx(sum(truth[str(year)].values()), rel=0.04), year


def assert_bands_hold(truth, rows):
    """Locations: at least three of four 80 % bands hold in every year, and no present code is left out."""
    for year in range(2026, 2026 + YEARS):
        bands = {key: (low, high) for key, at, low, _, _, high in rows if at == year and key in truth[str(year)]}
        held = [
            bands[code][0] <= number <= bands[code][1] for code, number in truth[str(year)].items() if code in bands
        ]
        assert len(held) == len(truth[str(year)]), year
        assert sum(held) >= 0.75 * len(held), year


@pytest.mark.parametrize(("sector", "years_ahead"), [("po", YEARS), ("vo", 1)])
def test_the_forecast_of_locations_is_nearer_than_no_change(truth, sector, years_ahead):
    """In vo chance in the schools soon outweighs the cohorts; there the first year is asked."""
    forecast = forecast_pupils(sector=sector, years=YEARS, draws=200, seed=3)
    now = dict.fromkeys(truth[sector]["2026"], 0)
    for code, number in zip(forecast.learner_draws.location_codes, forecast.base, strict=True):
        now[str(code)] += int(number)
    for ahead in range(1, years_ahead + 1):
        real = truth[sector][str(2025 + ahead)]
        said = {code: mean for code, year, _, _, mean, _ in summarise(forecast, by="location") if year == 2025 + ahead}
        assert sum(abs(said[c] - n) for c, n in real.items()) < sum(abs(now[c] - n) for c, n in real.items())

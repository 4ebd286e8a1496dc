"""Totals over several years from one count: momentum of the profile, children around, drift to the middle."""

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.pupils.totals import (
    TotalSettings,
    forecast_totals,
    profile_momentum,
    school_survival,
    sector_age_mass,
)

PLAIN = TotalSettings(
    own_ratio_share=0.0, own_ratio_prior_pupils=5.0, momentum_share=1.0, momentum_bound=9.0, catchment_share=1.0,
    size_drift=0.0, size_middle_pupils=500.0, vwo_only_drift=0.0, urban_drift=0.0,
)  # fmt: skip


def test_a_small_first_year_under_large_upper_years_means_decline():
    profile = np.array([[50.0, 100, 100, 100], [100, 100, 100, 100], [150, 100, 100, 100]])
    change = profile_momentum(profile, ("MAVO",) * 3, years=3, settings=PLAIN)
    assert change[0] < change[1] < change[2]
    assert change[0] == pytest.approx(np.log(200 / 350), abs=0.02)


def test_momentum_is_bounded():
    profile = np.array([[5.0, 100, 100, 100], [195, 100, 100, 100]])
    bounded = TotalSettings(**{**PLAIN.__dict__, "momentum_bound": 0.2})
    assert np.abs(profile_momentum(profile, ("VBO",) * 2, years=3, settings=bounded)).max() == pytest.approx(0.2)


def test_upper_years_that_are_fed_from_elsewhere_stay():
    profile = np.array([[0.0, 0, 100, 100]])
    assert profile_momentum(profile, ("HAVO",), years=4, settings=PLAIN)[0] == 0.0


def test_a_total_follows_momentum_and_children():
    one = np.ones(1)
    told = forecast_totals(
        np.array([500.0]), momentum=np.log([0.9]), catchment=np.log([1.1]), children=one, vwo_only=np.array([False]),
        years=3, settings=PLAIN,
    )  # fmt: skip
    assert told[0] == pytest.approx(500 * 0.9 * 1.1)


def test_large_locations_drift_to_the_middle_with_the_root_of_years():
    drifting = TotalSettings(**{**PLAIN.__dict__, "size_drift": -0.03})
    zero = np.zeros(2)

    def change(years):
        total = np.array([1000.0, 250.0])
        told = forecast_totals(
            total, momentum=zero, catchment=zero, children=np.ones(2), vwo_only=zero > 0, years=years, settings=drifting
        )
        return np.log(told / total)

    assert change(3) == pytest.approx([-0.03 * np.log(2), 0.03 * np.log(2)])
    assert change(12) == pytest.approx(2 * change(3))


def test_no_years_ahead_is_refused():
    with pytest.raises(ImplausibleInput, match="got 0"):
        forecast_totals(
            np.ones(1), momentum=np.zeros(1), catchment=np.zeros(1), children=np.ones(1), vwo_only=np.zeros(1, bool),
            years=0, settings=PLAIN,
        )  # fmt: skip


def test_children_of_vo_age_seven_years_later_are_five_to_ten_now():
    ages = np.zeros((1, 20))
    ages[0, 5] = 100
    assert sector_age_mass(ages, ages_back=7)[0] == 100
    assert sector_age_mass(ages, ages_back=0)[0] == 0


def test_survival_is_the_share_in_school_later_over_the_share_now():
    in_school, people = np.full(12, 80.0), np.full(12, 100.0)
    in_school[9] = 60.0
    assert school_survival(in_school, people, ages=(4, 5), years=5) == pytest.approx([0.75, 1.0])

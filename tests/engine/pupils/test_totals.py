"""Totals over several years from one count: momentum of the profile, children around, drift to the middle."""

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.pupils.totals import (
    TotalSettings,
    bounded_surprise,
    forecast_totals,
    profile_momentum,
    school_survival,
    sector_age_mass,
    upper_share,
)

PLAIN = TotalSettings(
    own_ratio_share=0.0, own_ratio_prior_pupils=5.0, momentum_share=1.0, momentum_bound=9.0, catchment_share=1.0,
    size_drift=0.0, size_middle_pupils=500.0, upper_share_drift=0.0, upper_prior_pupils=20.0, urban_drift=0.0,
    surprise_share=1.0, surprise_bound=0.1,
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
        np.array([500.0]), momentum=np.log([0.9]), catchment=np.log([1.1]), children=one, upper=one,
        surprise=np.log([1.05]), years=3, settings=PLAIN,
    )  # fmt: skip
    assert told[0] == pytest.approx(500 * 0.9 * 1.1 * 1.05)


def test_a_count_above_what_the_profile_led_to_expect_tells_of_new_intake_within_bounds():
    total = np.array([104.0, 100.0, 204.0, 0.0])
    expected = np.array([100.0, 104.0, 204.0, 80.0])
    told = bounded_surprise(total, expected, ("A",) * 4, settings=PLAIN)
    mean = np.log(1.04) * (104 - 100) / 408
    assert told == pytest.approx([np.log(1.04) - mean, -np.log(1.04) - mean, -mean, 0.0])


def test_a_new_code_stands_at_the_bound_of_surprise():
    told = bounded_surprise(np.array([300.0, 100.0]), np.array([300.0, 0.0]), ("A", "A"), settings=PLAIN)
    assert told == pytest.approx([-0.025, 0.075])  # 0 and 0.1 around the mean of the market


def test_what_a_whole_market_has_more_is_no_surprise_of_its_locations():
    total, expected = np.array([110.0, 110.0, 100.0]), np.array([100.0, 100.0, 120.0])
    told = bounded_surprise(total, expected, ("A", "A", "B"), settings=PLAIN)
    assert told == pytest.approx([0.0, 0.0, 0.0])


def test_year_5_over_year_4_tells_havo_and_vwo_and_is_drawn_to_the_kind_of_school_where_small():
    profile = np.zeros((3, 6))
    profile[:, 3], profile[:, 4] = (1000.0, 1000.0, 0.0), (1000.0, 0.0, 0.0)
    shares = upper_share(profile, ("HAVO/VWO", "VBO", "VBO"), settings=PLAIN)
    assert shares[0] == pytest.approx(1.0, abs=0.01)
    assert shares[1:] == pytest.approx([0.0, 0.0], abs=0.01)


def test_havo_and_vwo_grow_against_vmbo_with_the_root_of_years():
    growing = TotalSettings(**{**PLAIN.__dict__, "upper_share_drift": 0.05})
    zero, one = np.zeros(2), np.ones(2)
    told = forecast_totals(
        one, momentum=zero, catchment=zero, children=one, upper=np.array([1.0, 0.0]), surprise=zero, years=12,
        settings=growing,
    )  # fmt: skip
    assert told == pytest.approx([np.exp(0.1), 1.0])


def test_large_locations_drift_to_the_middle_with_the_root_of_years():
    drifting = TotalSettings(**{**PLAIN.__dict__, "size_drift": -0.03})
    zero = np.zeros(2)

    def change(years):
        total = np.array([1000.0, 250.0])
        told = forecast_totals(
            total, momentum=zero, catchment=zero, children=np.ones(2), upper=zero, surprise=zero, years=years,
            settings=drifting,
        )  # fmt: skip
        return np.log(told / total)

    assert change(3) == pytest.approx([-0.03 * np.log(2), 0.03 * np.log(2)])
    assert change(12) == pytest.approx(2 * change(3))


def test_no_years_ahead_is_refused():
    with pytest.raises(ImplausibleInput, match="got 0"):
        forecast_totals(
            np.ones(1), momentum=np.zeros(1), catchment=np.zeros(1), children=np.ones(1), upper=np.zeros(1),
            surprise=np.zeros(1), years=0, settings=PLAIN,
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

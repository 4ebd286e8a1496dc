"""The catchment of a location: near children weigh more, the share of the base year is kept."""

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.pupils.intake import (
    Cohorts,
    catchment_index,
    catchment_mass,
    earlier_entry,
    entry_mix,
    position_km,
    single_ages,
)

NEAR_AND_FAR = Cohorts(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([[100.0, 50.0], [100.0, 200.0]]))


def test_children_weigh_less_with_distance():
    mass = catchment_mass(np.array([[0.0, 0.0]]), NEAR_AND_FAR, km=10.0)
    assert mass[0] == pytest.approx([100 + 100 / np.e, 50 + 200 / np.e])


def test_intake_follows_the_children_nearby_against_the_base_year():
    index = catchment_index(np.array([[0.0, 0.0], [10.0, 0.0]]), NEAR_AND_FAR, km=1.0, share=1.0)
    assert index[:, 0].tolist() == [1.0, 1.0]
    assert index[:, 1] == pytest.approx([0.5, 2.0], abs=0.001)


def test_only_part_of_a_change_comes_true_when_asked():
    index = catchment_index(np.array([[10.0, 0.0]]), NEAR_AND_FAR, km=1.0, share=0.5)
    assert index[0, 1] == pytest.approx(2**0.5, abs=0.001)


def test_a_location_without_a_position_follows_the_country():
    index = catchment_index(np.array([[np.nan, np.nan]]), NEAR_AND_FAR, km=1.0, share=1.0)
    assert index[0, 1] == pytest.approx(250 / 200)


def test_a_distance_of_zero_is_refused():
    with pytest.raises(ImplausibleInput, match=r"positive, got 0\.000 km"):
        catchment_mass(np.zeros((1, 2)), NEAR_AND_FAR, km=0.0)


def test_single_ages_keep_the_sum_of_their_class_and_lean_to_the_neighbour():
    ages = single_ages(np.array([[50.0, 100.0, 150.0]]))
    assert ages.reshape(3, 5).sum(axis=1).tolist() == pytest.approx([50, 100, 150])
    assert ages[0, 5] < ages[0, 9]


def test_amsterdam_and_utrecht_lie_thirty_five_kilometres_apart():
    places = position_km(np.array([52.373, 52.091]), np.array([4.893, 5.122]))
    assert np.hypot(*(places[0] - places[1])) == pytest.approx(35, abs=1)


def test_some_children_start_a_year_early_and_some_a_year_late():
    children = np.array([[100.0, 200.0, 100.0, 100.0, 100.0]])
    assert entry_mix(children, (0.1, 0.7, 0.2)).tolist() == [pytest.approx([170.0, 120.0, 100.0])]


def test_a_cohort_that_was_never_counted_is_taken_for_the_next_one():
    children = np.array([[np.nan, 200.0, 100.0, 100.0]])
    assert entry_mix(children, (0.1, 0.7, 0.2)).tolist() == [pytest.approx([190.0, 120.0])]


def test_the_base_year_of_an_index_need_not_be_the_first():
    index = catchment_index(np.array([[0.0, 0.0]]), NEAR_AND_FAR, km=1.0, share=1.0, base=1)
    assert index[0, 1] == 1.0


def bo_with_stayers(*stayers):
    ages = np.zeros(28)
    ages[4:11], ages[11 : 11 + len(stayers)] = 100.0, stayers
    return ages


def test_while_children_leave_primary_school_younger_more_than_a_cohort_comes_in_each_year():
    assert earlier_entry(bo_with_stayers(95, 20), bo_with_stayers(90, 15), years=5) == pytest.approx(0.02)


def test_an_age_of_leaving_that_stays_brings_nothing_on_top():
    assert earlier_entry(bo_with_stayers(90, 15), 2 * bo_with_stayers(90, 15), years=5) == 0.0


def test_two_counts_of_one_year_tell_no_trend():
    with pytest.raises(ImplausibleInput, match="got 0"):
        earlier_entry(bo_with_stayers(90), bo_with_stayers(90), years=0)

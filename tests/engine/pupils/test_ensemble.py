"""A published forecast beside ours: weights by hand, and the factor they give."""

from dataclasses import replace

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.pupils.ensemble import (
    EnsembleSettings,
    PastForecasts,
    Weights,
    equal_weights,
    school_factors,
    weights_at,
    weights_by_skill,
)

LOG = float(np.log(1.1))
PLAIN = EnsembleSettings(
    prior_weight=0.0, nation_strength=3.0, nation_difference=LOG, school_strength=30.0, school_difference=LOG, log_bound=0.5,
    min_pupils=20.0,
)  # fmt: skip
FREE = replace(PLAIN, nation_strength=0.0, school_strength=0.0)


def past(ours: list[float], theirs: list[float], truth: list[float]) -> PastForecasts:
    return PastForecasts(np.array(ours), np.array(theirs), np.array(truth))


def test_who_was_right_about_the_total_is_followed_in_full_and_who_was_half_right_by_half():
    assert weights_by_skill([past([100, 100], [110, 110], [110, 110])], FREE).nation == pytest.approx(1.0)
    half = [past([100, 100], [121, 121], [110, 110])]  # log 1.1 is half of log 1.21
    assert weights_by_skill(half, FREE).nation == pytest.approx(0.5)


def test_who_pointed_the_wrong_way_is_not_followed():
    assert weights_by_skill([past([100, 100], [110, 110], [90, 90])], FREE).nation == 0.0


def test_schools_have_a_weight_of_their_own():
    """The total is the same for all three, so only the division of 200 pupils over two schools is in play."""
    found = weights_by_skill([past([100, 100], [120, 80], [120, 80])], FREE)
    assert found.school == pytest.approx(1.0)
    assert weights_by_skill([past([100, 100], [120, 80], [100, 100])], FREE).school == 0.0


def test_few_editions_and_few_schools_keep_the_weight_near_its_prior():
    found = weights_by_skill([past([100, 100], [110, 110], [110, 110])], PLAIN)
    assert found.nation == pytest.approx(1 / (1 + 3))  # one edition with the usual difference against three
    assert (found.editions, found.schools) == (1, 2)
    divided = weights_by_skill([past([100, 110], [110, 100], [110, 100])], PLAIN)
    assert divided.school == pytest.approx(2 / (2 + 30))  # two schools against thirty
    half_sure = replace(PLAIN, prior_weight=0.5)
    assert weights_by_skill([past([100, 100], [110, 110], [110, 110])], half_sure).nation == pytest.approx(
        (1 + 3 * 0.5) / 4
    )


def test_a_tiny_difference_tells_nothing_however_right_it_was():
    found = weights_by_skill([past([1000, 1000], [1001, 1001], [1030, 1030])], PLAIN)
    assert found.nation < 0.01


def test_without_past_editions_the_weight_is_its_prior():
    assert weights_by_skill([], PLAIN) == Weights(0.0, 0.0, 0, 0)
    with pytest.raises(ImplausibleInput, match="prior_weight must lie between 0 and 1"):
        replace(PLAIN, prior_weight=1.5)


def test_beyond_the_last_scored_horizon_its_weights_hold_on():
    by_horizon = {1: Weights(0.5, 0.4), 2: Weights(0.3, 0.2)}
    assert weights_at(by_horizon, 2, PLAIN) == weights_at(by_horizon, 6, PLAIN) == Weights(0.3, 0.2)
    assert weights_at({2: Weights(0.3, 0.2)}, 1, PLAIN) == Weights(0.0, 0.0)


def test_the_factor_goes_as_far_to_theirs_as_the_weight_says():
    ours, theirs = np.array([100.0, 100.0]), np.array([144.0, 100.0])
    assert school_factors(ours, theirs, equal_weights(1.0), PLAIN) == pytest.approx([1.44, 1.0])
    assert school_factors(ours, theirs, equal_weights(0.5), PLAIN) == pytest.approx([1.2, 1.0])
    assert school_factors(ours, theirs, equal_weights(0.0), PLAIN).tolist() == [1.0, 1.0]
    only_nation = school_factors(ours, theirs, Weights(1.0, 0.0), PLAIN)
    assert only_nation == pytest.approx([1.22, 1.22])  # 244 against 200


def test_a_school_they_do_not_know_or_a_small_one_follows_the_total_alone():
    ours, theirs = np.array([100.0, 100.0, 10.0]), np.array([110.0, np.nan, 30.0])
    assert school_factors(ours, theirs, equal_weights(1.0), PLAIN) == pytest.approx([1.1, 1.1, 1.1])
    assert school_factors(ours, np.full(3, np.nan), equal_weights(1.0), PLAIN).tolist() == [1.0, 1.0, 1.0]


def test_an_absurd_difference_counts_up_to_its_bound():
    ours, theirs = np.array([100.0, 10_000.0]), np.array([1000.0, 9_100.0])
    factor = school_factors(ours, theirs, equal_weights(1.0), PLAIN)
    assert factor[0] == pytest.approx(np.exp(0.5), rel=1e-6)


def test_a_weight_outside_nought_to_one_is_refused():
    with pytest.raises(ImplausibleInput, match=r"between 0 and 1, got 1\.2"):
        equal_weights(1.2)

"""Scores that can be checked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regio_engine.errors import ImplausibleInput
from regio_engine.pupils import scoring


def cells(p50: list[float], truth: list[float], half_width: float = 5.0) -> scoring.ForecastCells:
    point, counted = np.array(p50), np.array(truth)
    distance = np.abs(point - counted)
    return scoring.ForecastCells(
        p10=point - half_width,
        p50=point,
        p90=point + half_width,
        truth=counted,
        crps=distance,
        baseline_crps=2 * distance,
    )


def test_wape_is_the_summed_miss_over_the_summed_truth() -> None:
    assert scoring.wape(np.array([90.0, 60.0]), np.array([100.0, 50.0])) == 20 / 150


def test_the_margin_of_a_difference_is_that_of_the_mean_over_cells() -> None:
    """Gaps of −10, −10, 10 and 10 over a truth of 400: their standard deviation is 11.547, so the margin 1.96 × 23.094 / 400."""
    truth = np.array([100.0, 100.0, 100.0, 100.0])
    ours, theirs = np.array([100.0, 100.0, 90.0, 110.0]), np.array([110.0, 90.0, 100.0, 100.0])
    assert scoring.difference_margin(ours, theirs, truth) == pytest.approx(1.96 * 23.094 / 400, abs=1e-5)
    assert scoring.difference_margin(ours, ours, truth) == 0.0
    assert scoring.difference_margin(ours[:1], theirs[:1], truth[:1]) is None


def test_bias_lets_misses_in_opposite_directions_cancel() -> None:
    assert scoring.bias(np.array([90.0, 60.0]), np.array([100.0, 50.0])) == 0.0
    assert scoring.bias(np.array([110.0, 60.0]), np.array([100.0, 50.0])) == 20 / 150


def test_the_ends_of_a_band_belong_to_it() -> None:
    low, high = np.array([1.0, 1.0, 1.0, 1.0]), np.array([3.0, 3.0, 3.0, 3.0])
    assert scoring.coverage(low, high, np.array([1.0, 3.0, 0.0, 4.0])) == 0.5


def test_a_truth_of_nothing_has_no_relative_error() -> None:
    with pytest.raises(ImplausibleInput, match="above zero"):
        scoring.wape(np.array([1.0]), np.array([0.0]))
    with pytest.raises(ImplausibleInput, match="at least one cell"):
        scoring.coverage(np.array([]), np.array([]), np.array([]))


def test_crps_of_one_draw_is_its_distance_and_of_two_draws_subtracts_their_spread() -> None:
    assert scoring.crps(np.array([[4.0]]), np.array([7.0])).tolist() == [3.0]
    # draws 0 and 10, truth 5: mean distance 5, minus half the mean distance between two draws (10 / 2) / 2.
    assert scoring.crps(np.array([[0.0, 10.0]]), np.array([5.0])).tolist() == [2.5]


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=12), st.floats(0, 1000))
def test_crps_by_sorting_equals_the_double_sum(draws: list[float], truth: float) -> None:
    values = np.array(draws)
    direct = np.abs(values - truth).mean() - 0.5 * np.abs(values[:, None] - values[None, :]).mean()
    assert scoring.crps(values[None, :], np.array([truth]))[0] == pytest.approx(direct, abs=1e-9)


def test_a_score_gathers_all_measures_and_skill_compares_with_the_baseline() -> None:
    found = scoring.score(cells([90.0, 60.0, 70.0], [100.0, 50.0, 70.0]))
    assert found == scoring.Score(
        cells=3, truth_total=220.0, wape=20 / 220, bias=0.0, coverage_80=1 / 3, crps=20 / 3, crps_skill=0.5
    )


def test_groups_are_scored_apart_and_a_group_without_truth_is_left_out() -> None:
    found = scoring.score_by(cells([10.0, 20.0, 5.0], [10.0, 10.0, 0.0]), ["HAVO", "VWO", "VMBO"])
    assert {name: part.wape for name, part in found.items()} == {"HAVO": 0.0, "VWO": 1.0}


def test_size_classes_start_at_their_lower_bound() -> None:
    sizes = scoring.size_classes(np.array([0.0, 19.0, 20.0, 50.0, 100.0, 199.0, 200.0]))
    assert sizes.tolist() == ["0-20", "0-20", "20-50", "50-100", "100-200", "100-200", "200+"]


def test_rounds_are_stacked_in_order() -> None:
    both = scoring.stack([cells([1.0], [2.0]), cells([3.0], [4.0])])
    assert both.p50.tolist() == [1.0, 3.0]
    assert both.truth.tolist() == [2.0, 4.0]


def test_a_baseline_carries_the_past_errors_of_its_own_group() -> None:
    past = np.full(80, 100.0)
    truth = np.where(np.arange(80) < 40, 90.0, 110.0)
    groups = ["VMBO"] * 40 + ["VWO"] * 40
    draws = scoring.baseline_draws(
        np.array([50.0, 50.0, 50.0]), ["VMBO", "VWO", "HAVO"], past_level=past, past_truth=truth, past_groups=groups
    )
    assert draws.shape == (3, 99)
    assert set(draws[0].tolist()) == {45.0}
    assert draws[1].tolist() == pytest.approx([55.0] * 99)
    assert (draws[2, 0], draws[2, -1]) == pytest.approx((45.0, 55.0))  # too few of its own: all groups together


def test_a_baseline_without_a_past_is_refused() -> None:
    with pytest.raises(ImplausibleInput, match="past cells"):
        scoring.baseline_draws(
            np.array([1.0]), ["A"], past_level=np.array([0.0]), past_truth=np.array([1.0]), past_groups=["A"]
        )

"""Rates from counted people: few people lean on the wider level, many speak for themselves, and the page can say how much."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.rates import (
    Counted,
    Expected,
    Pooled,
    nothing_expected,
    pooled_shares,
    recent_first,
)
from regio_engine.staff.rates_beta import beta_quantile, log_beta

SURE_THAT_CELLS_ARE_ALIKE = 0.001


def counted(*cells: tuple[float, float], group: list[int] | None = None) -> Counted:
    at_risk, events = np.array(cells, float).T
    return Counted(at_risk, events, np.array(group or [0] * len(cells)))


def expected(*, mean: float = 0.05, sd: float = 0.02, between: float = 0.25) -> Expected:
    return Expected(np.array([mean]), np.array([sd]), between)


def drawn(pooled: Pooled, draws: int = 4000) -> np.ndarray:
    """Draw with evenly spread uniforms that do not move together."""
    cells, groups = len(pooled.mean), len(pooled.group_mean)
    steps = (np.arange(draws)[:, None] * np.sqrt([2, 3, 5, 7, 11, 13, 17, 19])[None, : 1 + groups + cells] + 0.5) % 1
    return pooled.draws(spread=steps[:, 0], group=steps[:, 1 : 1 + groups], cell=steps[:, 1 + groups :])


def test_the_weight_of_an_expectation_is_the_number_of_people_that_would_give_its_spread():
    assert expected(mean=0.2, sd=0.04).persons == pytest.approx([99.0])
    assert nothing_expected(1).persons == pytest.approx([2.0])


def test_cells_that_are_alike_share_one_rate_that_can_be_computed_by_hand():
    """Expected 0.2 weighs 99 people: (19.8 + 30) / (99 + 101) of whom 101 were counted in two cells."""
    pooled = pooled_shares(counted((50, 20), (51, 10)), expected(mean=0.2, sd=0.04, between=SURE_THAT_CELLS_ARE_ALIKE))
    assert pooled.group_mean == pytest.approx([49.8 / 200], rel=2e-3)
    assert pooled.mean == pytest.approx([0.249, 0.249], rel=6e-3)
    assert pooled.own_share == pytest.approx([101 / 200, 101 / 200], abs=0.01)


def test_without_people_a_cell_has_what_was_expected_and_nothing_of_it_is_own():
    pooled = pooled_shares(counted((0, 0)), expected())
    assert pooled.group_mean == pytest.approx([0.05], rel=1e-3)
    assert pooled.mean == pytest.approx([0.05], rel=1e-3)
    assert pooled.group_sd == pytest.approx([0.02], rel=1e-2)
    assert pooled.sd[0] > 0.02
    assert pooled.own_share == pytest.approx([0.0], abs=0.01)


def test_a_cell_with_many_people_speaks_for_itself():
    pooled = pooled_shares(counted((100_000, 12_000), (20, 1)), expected())
    assert pooled.mean[0] == pytest.approx(0.12, rel=1e-3)
    assert pooled.own_share[0] > 0.99
    assert 0.05 < pooled.mean[1] < 0.12
    assert 0.2 < pooled.own_share[1] < pooled.own_share[0]


def test_groups_keep_their_own_rates_and_share_how_far_cells_lie_apart():
    wide = pooled_shares(counted((900, 20), (900, 90), (50, 12), group=[0, 0, 1]), nothing_expected(2))
    alike = pooled_shares(counted((900, 54), (900, 56), (50, 12), group=[0, 0, 1]), nothing_expected(2))
    assert wide.mean[0] < 0.03 < 0.09 < wide.mean[1]
    assert alike.mean[0] == pytest.approx(alike.mean[1], rel=0.03)
    assert alike.group_sd[1] < wide.group_sd[1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0, 1)), min_size=1, max_size=6))
def test_a_rate_is_a_rate_and_a_share_a_share_whatever_is_counted(cells):
    pooled = pooled_shares(counted(*((people, round(people * part)) for people, part in cells)), expected())
    assert ((pooled.mean > 0) & (pooled.mean < 1) & (pooled.sd > 0)).all()
    assert ((pooled.own_share >= 0) & (pooled.own_share <= 1)).all()


def test_more_people_of_the_same_kind_narrow_the_rate_and_make_it_more_own():
    few, many = (pooled_shares(counted((people, people // 10)), expected()) for people in (40, 4000))
    assert many.sd[0] < few.sd[0] / 2
    assert many.own_share[0] > few.own_share[0]


def test_the_order_of_cells_does_not_matter():
    there = pooled_shares(counted((30, 2), (200, 8), (75, 9)), expected())
    back = pooled_shares(counted((75, 9), (200, 8), (30, 2)), expected())
    assert there.mean == pytest.approx(back.mean[::-1], rel=1e-12)


def test_draws_have_the_mean_and_spread_that_are_told():
    pooled = pooled_shares(counted((300, 20), (40, 6), (5, 0)), expected())
    rates = drawn(pooled)
    assert rates.mean(axis=0) == pytest.approx(pooled.mean, rel=0.02)
    assert rates.std(axis=0) == pytest.approx(pooled.sd, rel=0.06)


def test_cells_of_one_group_move_together_as_far_as_the_group_is_unsure():
    together = pooled_shares(counted((0, 0), (0, 0)), expected(between=0.02))
    assert np.corrcoef(drawn(together).T)[0, 1] > 0.95
    apart = pooled_shares(counted((4000, 200), (4000, 200)), expected())
    assert abs(np.corrcoef(drawn(apart).T)[0, 1]) < 0.35


def test_the_last_year_weighs_in_full_and_one_a_half_life_before_it_half():
    yearly = np.array([[40.0, 8.0], [20.0, 6.0], [10.0, 1.0]])
    assert recent_first(yearly, half_life_years=1).tolist() == [30.0, 6.0]
    assert recent_first(yearly, half_life_years=2) == pytest.approx([20 + 20 * 0.5**0.5 + 10, 4 + 6 * 0.5**0.5 + 1])


@pytest.mark.parametrize(("people", "events"), [(10, 11), (10, -1), (10, float("nan"))])
def test_more_leavers_than_people_is_refused_with_the_cell(people, events):
    with pytest.raises(ImplausibleInput, match="in cell 1"):
        counted((5, 1), (people, events))


@pytest.mark.parametrize("wrong", [{"mean": 0.0}, {"mean": 1.2}, {"sd": 0.0}, {"sd": 0.4}, {"between": 0.0}])
def test_an_expectation_that_no_rate_can_have_is_refused(wrong):
    with pytest.raises(ImplausibleInput, match="must"):
        expected(**wrong)


def test_a_cell_without_a_group_is_refused():
    with pytest.raises(ImplausibleInput, match="between 0 and 0, got 1"):
        pooled_shares(counted((5, 1), group=[1]), expected())


def test_quantiles_of_beta_distributions_that_can_be_written_down():
    shares = np.array([0.01, 0.3, 0.5, 0.9, 0.999])
    one = np.ones(5)
    assert 1 - (1 - beta_quantile(one, 7 * one, shares)) ** 7 == pytest.approx(shares, abs=6e-4)
    assert beta_quantile(0.2 * one, one, shares) ** 0.2 == pytest.approx(shares, abs=6e-4)
    assert beta_quantile(4e5 * one, 4e5 * one, shares)[2] == pytest.approx(0.5, abs=1e-6)


def test_the_log_of_the_beta_function_is_that_of_factorials():
    assert log_beta([1, 3, 0.5], [1, 5, 0.5]) == pytest.approx([0, np.log(2 * 24 / 5040), np.log(np.pi)], abs=1e-10)
    assert log_beta(1e8, 2) == pytest.approx(-2 * np.log(1e8), rel=1e-7)

"""Rates per target: found back where they were planted, drawn to wider levels where the own past is thin."""

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.pupils.progression import rates_across, shrunk_rates, step_weights, transfers, yearly_phi

ONE_NATION = np.zeros(400, np.int64)


def planted(*, kappa, exposure, seed=3, locations=400):
    """Return true rates of locations around 0.95 and the pupils counted after them."""
    generator = np.random.Generator(np.random.PCG64(seed))  # noqa: TID251 - the world outside the model
    true = generator.gamma(kappa * 0.95, 1 / kappa, (locations, 1))
    counted = generator.poisson(true * exposure).astype(float)
    return true, counted


@pytest.mark.parametrize(("kappa", "exposure"), [(40.0, 200.0), (300.0, 60.0), (2000.0, 500.0)])
def test_planted_rates_are_found_better_than_by_the_own_past_or_the_nation_alone(kappa, exposure):
    true, counted = planted(kappa=kappa, exposure=exposure)
    schools = np.arange(400) // 4
    found = shrunk_rates(counted, np.full((400, 1), exposure), parents=[schools, ONE_NATION]).rate
    miss = np.abs(found - true).mean()
    assert miss <= np.abs(counted / exposure - true).mean()
    assert miss <= np.abs(0.95 - true).mean() * 1.02
    assert found.mean() == pytest.approx(true.mean(), rel=0.01)


def test_a_location_without_a_past_gets_the_rate_of_its_school():
    counted, exposure = (
        np.array([[90.0], [0.0], [50.0], [50.0]] * 30),
        np.array([[100.0], [0.0], [100.0], [100.0]] * 30),
    )
    schools = np.arange(120) // 2
    found = shrunk_rates(counted, exposure, parents=[schools, np.zeros(120, np.int64)]).rate
    assert found[1, 0] > found[2, 0] + 0.2


def test_the_child_is_not_part_of_the_parent_it_is_drawn_to():
    counted, exposure = np.array([[2000.0], [0.0]]), np.array([[1000.0], [0.0]])
    alone = shrunk_rates(counted, exposure, parents=[np.array([0, 1])])
    assert alone.rate[0, 0] == pytest.approx(2.0, rel=0.01)


def test_uncertainty_falls_with_the_pupils_seen():
    exposure = np.array([[20.0], [2000.0]] * 50)
    found = shrunk_rates(exposure * 0.9, exposure, parents=[np.zeros(100, np.int64)])
    assert found.cv[1, 0] < found.cv[0, 0]


def test_negative_counts_are_refused():
    with pytest.raises(ImplausibleInput, match="must not be negative"):
        shrunk_rates(np.array([[-1.0]]), np.array([[1.0]]), parents=[np.zeros(1, np.int64)])


def test_a_step_weighs_half_after_the_half_life_and_less_in_a_shock_year():
    weights = step_weights([2019, 2020, 2022], half_life=3, shock_years=(2020,), shock_weight=0.3)
    assert weights == pytest.approx([0.5, 0.3 * 0.5 ** (2 / 3), 1.0])


def test_one_count_gives_the_ratio_between_years_of_study_freed_from_the_size_of_cohorts():
    base = np.array([[[100.0, 110.0]], [[200.0, 220.0]]])
    rates = rates_across(base, np.array([100.0, 110.0]), own_share=np.ones((1, 1)), prior_pupils=5.0)
    assert np.allclose(rates.rate, 1.0)


def test_a_location_keeps_the_asked_part_of_its_own_ratio_and_all_together_follow_the_nation():
    base = np.array([[[100.0, 150.0]], [[100.0, 50.0]]])
    own = rates_across(base, np.ones(2), own_share=np.full((1, 1), 0.5), prior_pupils=0.0).rate[:, 0, 0]
    assert own[0] / own[1] == pytest.approx(3**0.5)
    assert (own * 100).sum() == pytest.approx(200)


def test_an_upper_school_location_is_fed_from_elsewhere_and_a_lower_school_is_drained():
    ordinary = [[100.0, 100.0, 100.0]] * 8
    base = np.array([*[[row] for row in ordinary], [[0.0, 0.0, 200.0]], [[200.0, 200.0, 0.0]]])
    found = transfers(base)
    assert found.inflow[8, 0].tolist() == [0.0, 0.0, 200.0]
    assert found.drained[:, 0, 1].tolist() == [False] * 9 + [True]
    rates = rates_across(base, np.ones(3), own_share=np.zeros((1, 2)), prior_pupils=5.0).rate
    assert rates[:8, 0, 1] == pytest.approx(np.ones(8))
    assert rates[9, 0, 1] < 0.05


@pytest.mark.parametrize("planted_phi", [1.0, 3.0])
def test_the_yearly_spread_around_the_own_rate_is_found_back(planted_phi):
    generator = np.random.Generator(np.random.PCG64(4))  # noqa: TID251 - the world outside the model
    exposure = np.full((6, 300, 1), 100.0)
    own_rate = generator.gamma(200.0, 0.95 / 200.0, (300, 1))
    mean = own_rate * exposure
    counted = np.rint(generator.gamma(mean / planted_phi, planted_phi))
    assert yearly_phi(counted, exposure, usual=1.0)[0] == pytest.approx(planted_phi, rel=0.08)


def test_the_usual_spread_is_floor_and_stands_where_nothing_was_counted_twice():
    quiet, empty = np.full((6, 300, 1), 100.0), np.zeros((6, 300, 1))
    assert yearly_phi(quiet, quiet, usual=1.0)[0] == 1.0
    assert yearly_phi(empty, empty, usual=1.4)[0] == pytest.approx(1.4)
    assert yearly_phi(quiet[:1], quiet[:1], usual=1.4)[0] == pytest.approx(1.4)


def test_steps_that_are_no_ordinary_ones_do_not_widen_the_spread():
    exposure = np.full((6, 50, 1), 100.0)
    counted, usable = exposure.copy(), np.ones((6, 50, 1))
    counted[3, :10], usable[3, :10] = 300.0, 0.0
    assert yearly_phi(counted, exposure, usual=1.0)[0] > 3.0
    assert yearly_phi(counted, exposure, usual=1.0, usable=usable)[0] == 1.0

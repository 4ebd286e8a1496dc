"""Chances to leave: the first year, the net curve, retirement around the AOW age, the whole per year."""

import numpy as np
import pytest

from regio_engine.staff.context_draws import SURE, drawn, spread_over_ages, strata
from regio_engine.staff.context_hours import steps
from regio_engine.staff.context_leaving import exit_chances, exit_thresholds, first_year, starter_chances
from regio_engine.staff.contract import OLDEST, PARAMETER_DRAWS, YOUNGEST, Exit
from tests.engine.staff.staff_parameters import parameters

SEED = 7


def one(value):
    return np.array([value])


@pytest.mark.parametrize(("qualified", "unqualified"), [(0.5, 0.31), (0.7, 0.4567), (0.8, 0.64)])
def test_the_unqualified_leave_so_that_all_starters_leave_at_20_percent(qualified, unqualified):
    _, found = first_year(one(0.20), qualified_share=one(qualified), qualified_leaves=one(0.09), at_most=0.64)
    assert found[0] == pytest.approx(unqualified, abs=0.0005)


def test_above_the_cap_the_qualified_take_the_rest():
    good, bad = first_year(one(0.20), qualified_share=one(0.9), qualified_leaves=one(0.09), at_most=0.64)
    assert bad[0] == 0.64
    assert 0.9 * good[0] + 0.1 * bad[0] == pytest.approx(0.20)


def test_the_marginal_chance_holds_in_every_draw():
    chances = starter_chances(parameters(), "vo", seed=SEED)
    share = drawn(parameters().figure("vo", "qualified_share_of_starters"), seed=SEED, at_most=0.95)
    marginal = drawn(parameters().figure("vo", "starter_out_after_1"), seed=SEED)
    assert share * chances.qualified + (1 - share) * chances.unqualified == pytest.approx(marginal)


def test_the_net_curve_is_20_24_25_percent_with_returns_on():
    share = drawn(parameters().figure("vo", "qualified_share_of_starters"), seed=SEED, at_most=0.95)
    curve = starter_chances(parameters(), "vo", seed=SEED).net_out(qualified_share=share).mean(axis=1)
    assert curve[0] == pytest.approx(0.20, abs=0.005)
    assert curve[1] == pytest.approx(0.24, abs=0.01)
    assert curve[2] == pytest.approx(0.25, abs=0.01)


def test_draws_fill_the_range_evenly_and_belong_to_the_figure():
    values = np.sort(strata("deel", seed=SEED))
    assert (np.floor(values * PARAMETER_DRAWS) == np.arange(PARAMETER_DRAWS)).all()
    assert (strata("deel", seed=SEED) == strata("deel", seed=SEED)).all()
    assert (strata("deel", seed=SEED) != strata("ander", seed=SEED)).any()
    figure = parameters().figure("vo", "later_years_leave")
    tenths = np.quantile(drawn(figure, seed=SEED), [0.1, 0.5, 0.9])
    assert tenths == pytest.approx([figure.low, figure.value, figure.high], abs=0.0007)


@pytest.mark.parametrize("sector", ["vo", "po", "so", "mbo"])
def test_chances_are_chances_and_everybody_retires_at_the_last_age(sector):
    chances = exit_chances(parameters(), sector, years=(2025, 2031), seed=SEED)
    assert chances.min() >= 0
    assert chances.sum(axis=-1).max() < 1
    limits = exit_thresholds(chances)
    assert (np.diff(limits.astype(np.int64), axis=-1) >= 0).all()
    assert (limits[:, OLDEST - YOUNGEST] == SURE).all()


def test_most_go_with_pension_around_the_aow_age():
    retire = exit_chances(parameters(), "vo", years=(2025, 2027), seed=SEED).mean(axis=0)[:, 3, 1, Exit.RETIRE]
    left, went = 1.0, {}
    for age in range(55, 74):
        went[age] = left * retire[age - YOUNGEST]
        left -= went[age]
    assert max(went, key=went.get) == 66  # sixty-six on 1 October, sixty-seven within the year
    assert went[66] + went[65] + went[67] > 0.6
    assert retire[50 - YOUNGEST] == 0


def test_vo_teachers_leave_at_about_the_composed_seven_percent():
    chances = exit_chances(parameters(), "vo", years=(2025, 2031), seed=SEED).mean(axis=0)
    ages = spread_over_ages(parameters().table("vo", "age_profile"), until=66)
    out = chances[..., : Exit.LEAVE_REGION].sum(axis=-1)
    first = parameters().table("vo", "first_years").rows
    tenures = [first["0"], first["1"], first["2"], 1 - sum(first.values())]
    rate = sum(share * (ages @ out[:, tenure, 1]) for tenure, share in enumerate(tenures))
    figure = parameters().figure("vo", "total_outflow")
    assert figure.low < rate < figure.high


def test_a_new_aow_age_moves_the_retirements():
    early = exit_chances(parameters(), "vo", years=(2025, 2027), seed=SEED)[..., Exit.RETIRE]
    late = exit_chances(parameters(), "vo", years=(2030, 2035), seed=SEED)[..., Exit.RETIRE]
    ages = slice(60 - YOUNGEST, 66 - YOUNGEST)
    assert (late[:, ages] <= early[:, ages]).all()
    assert (late[:, ages] < early[:, ages]).any()


def test_steps_of_hours_keep_contracts_as_they_lie():
    shares = np.array([0.04, 0.10, 0.17, 0.27, 0.42])
    up, down = steps(shares)
    assert shares[:-1] * up[:-1] == pytest.approx(shares[1:] * down[1:])
    assert shares @ (up + down) == pytest.approx(1.0)
    assert up[-1] == down[0] == 0

"""Chances come out as they went in: leaving, its causes, and what is left of starters when some come back."""

import numpy as np
import pytest

from regio_engine.staff.contract import ALL_MECHANISMS, Exit, Mechanism, Source
from regio_engine.staff.simulation import simulate
from tests.engine.staff.staff_worlds import changed, quiet, threshold

HEADS_OF_CAUSE = slice(1, 5)


def probabilities(odds):
    """Return chances from odds against staying: p = o / (1 + sum of o)."""
    return [one / (1 + sum(odds)) for one in odds]


def test_seven_percent_of_10_000_leave_a_year():
    context = quiet(persons=10_000, exits=(0, 0.07, 0, 0, 0), years=5, draws=1000)
    ends = simulate(context, seed=1, draws=1000, years=5).heads[:, :, -1].astype(float)
    assert ends[0].mean() == pytest.approx(9_300, abs=4 * 25.5 / 1000**0.5)
    assert ends[0].var(ddof=1) == pytest.approx(651, rel=4 * (2 / 999) ** 0.5)
    assert ends[4].mean() == pytest.approx(6_956.9, abs=4 * 46 / 1000**0.5)


def test_the_variance_of_leavers_is_binomial_within_five_percent():
    context = quiet(persons=10_000, exits=(0, 0.07, 0, 0, 0), years=1, draws=5000)
    ends = simulate(context, seed=2, draws=5000, years=1).heads[0, :, -1].astype(float)
    assert ends.var(ddof=1) == pytest.approx(651, rel=0.05)


ODDS = (0.02, 0.05, 0.01)


def test_odds_become_chances_of_each_cause():
    chances = [*probabilities(ODDS), 0, 0]
    assert chances[:3] == pytest.approx([0.01852, 0.04630, 0.00926], abs=5e-6)
    left = _left(chances)
    people = 10_000 * 400
    for chance, number in zip(chances[:3], left, strict=False):
        assert number / people == pytest.approx(chance, abs=4 * (chance / people) ** 0.5)
    assert left[3] == 0


def test_in_which_order_the_causes_stand_changes_nothing_of_the_total():
    """The same people leave: one word decides, and the causes divide what lies below it."""
    chances = probabilities(ODDS)
    orders = [chances, chances[::-1], [chances[1], chances[2], chances[0]]]
    totals = [_left([*order, 0, 0]).sum() for order in orders]
    assert max(totals) - min(totals) <= 3  # sums of chances differ in their last bit


def _left(chances):
    context = quiet(persons=10_000, exits=chances, years=1, draws=400)
    return simulate(context, seed=5, draws=400, years=1).heads[0, :, HEADS_OF_CAUSE].sum(axis=0)


def test_of_starters_20_24_and_25_percent_are_out_after_one_two_and_three_years_with_some_coming_back():
    """Gross leaving of 20, 8 and 6 percent; from the second year on leavers return from the reserve."""
    starters = 10_000
    context = quiet(persons=starters, years=3, draws=200, age=26, tenure=0)
    exits = np.zeros_like(context.rates.exits)
    for tenure, chance in enumerate((0.20, 0.08, 0.06, 0.04)):
        exits[:, :, :, tenure, :, Exit.LEAVE_SECTOR :] = threshold(chance)
    expected = np.zeros_like(context.supply.expected_milli)
    # 8,000 after a year; 8,000 × 0.92 = 7,360 + 240 = 7,600; 7,360 × 0.94 + 240 × 0.96 = 7,148.8 + 351.2 = 7,500.
    expected[:, Source.RESERVE, 0, 1], expected[:, Source.RESERVE, 0, 2] = 240_000, 351_200
    context = changed(context, rates={"exits": exits}, supply={"expected_milli": expected})
    drawn = simulate(context, seed=4, draws=200, years=3)
    out = 100 * (1 - drawn.heads[:, :, -1].mean(axis=1) / starters)
    assert out[0] == pytest.approx(20, abs=0.5)
    assert out[1] == pytest.approx(24, abs=1)
    assert out[2] == pytest.approx(25, abs=1)
    without = changed(context, mechanisms=ALL_MECHANISMS & ~(1 << Mechanism.RETURNERS))
    gone = 100 * (1 - simulate(without, seed=4, draws=200, years=3).heads[:, :, -1].mean(axis=1) / starters)
    assert gone[2] == pytest.approx(100 * (1 - 0.8 * 0.92 * 0.94), abs=0.5)  # nobody comes back


def test_whoever_is_oldest_retires():
    context = quiet(persons=50, age=74, years=3, draws=10)
    heads = simulate(context, seed=1, draws=10, years=3).heads
    assert heads[:, :, 1].tolist() == [[0] * 10, [50] * 10, [0] * 10]

"""The waterfall: every cause of a change of the gap, in whole thousandths that add up exactly."""

from dataclasses import replace

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.keyed_random import words
from regio_engine.staff.contract import Flow
from regio_engine.staff.need_forecast import forecast_need
from regio_engine.staff.waterfall import NEED_LEARNERS, NEED_RULE, contributions, scope_contributions
from regio_engine.units import learner_draws
from tests.engine.staff.shipped import rule, rules, table
from tests.engine.staff.small_staff import change_of_gap, context, drawn, outputs


def test_a_planner_can_do_the_sum_by_hand():
    # need 100 → 97 by fewer pupils (−4) and a smaller class (+1); staff 95 → 94: three retire, two come
    flows = np.zeros((1, len(Flow)), np.int64)
    flows[0, Flow.RETIRE], flows[0, Flow.FROM_GRADUATE] = -3_000, 2_000
    parts = contributions(
        need=np.array([100_000, 97_000]), need_with_rule_held=np.array([100_000, 96_000]), flows=flows
    )
    assert (parts[0, NEED_LEARNERS], parts[0, NEED_RULE]) == (-4_000, 1_000)
    assert change_of_gap(parts).tolist() == [(97 - 94) * 1_000 - (100 - 95) * 1_000]


def test_the_base_year_knows_no_course_of_the_rule():
    with pytest.raises(ImplausibleInput, match="base year"):
        contributions(
            need=np.array([1, 2]), need_with_rule_held=np.array([2, 2]), flows=np.zeros((1, len(Flow)), np.int64)
        )


def test_causes_add_up_to_the_change_of_the_gap_in_every_scope():
    need = 8_000 + some_numbers(4, 4, 10, below=4_000)
    flows = some_numbers(4, 3, len(Flow), below=1_800) - 900
    stock = 90_000 + np.concatenate(
        [np.zeros((4, 1), int), flows.sum(axis=2).cumsum(axis=1)], axis=1
    )  # sums over draws
    found = drawn(outputs(need=need, stock=np.repeat(stock[:, :, None] // 10, 10, axis=2)), flows=flows)
    region, held = context(need), need.sum(axis=2) * 99 // 100
    held[:, 0] = need[:, 0].sum(axis=1)
    for places, positions in (([0], [0]), ([0, 1], [0]), ([1], [0, 1]), ([0, 1], [0, 1])):
        parts = scope_contributions(region, found, need_with_rule_held=held, places=places, positions=positions)
        cells = [2 * place + position for place in places for position in positions]
        gap = (need.sum(axis=2) - stock)[cells].sum(axis=0)
        assert change_of_gap(parts).tolist() == np.diff(gap).tolist()


def some_numbers(*shape: int, below: int) -> np.ndarray:
    """Return whole numbers from 0 that look like nothing in particular."""
    ids = np.arange(np.prod(shape))
    return (
        (words(seed=4, purpose="numbers", stable_ids=ids, years=0, draws=0)[0] % below).astype(np.int64).reshape(shape)
    )


def test_with_the_rule_held_only_learners_move_the_need():
    counts = np.array([[[150] * 40, [150] * 40, [120] * 40]], np.int32)
    learners = learner_draws(cells=[("90AA00", "havo", 1)], years=(2026, 2027, 2028), counts=counts)
    moving = replace(rules()["vo"], yearly_step_share=0.02)
    found = forecast_need(learners, table=table(), rule_for=lambda *_: moving, splits={}, seed=3)
    (plan,), held = found.plans, found.with_rule_held()
    need, need_held = found.of_location(plan).sum(axis=0), held.of_location(held.plans[0]).sum(axis=0)
    assert need[0].tolist() == need_held[0].tolist() == need_held[1].tolist()
    assert (need[1] != need[0]).mean() > 0.9
    assert (need_held[2] < need_held[0]).all()


def test_a_rule_without_steps_explains_nothing():
    counts = np.full((1, 2, 5), 150, np.int32)
    learners = learner_draws(cells=[("90AA00", "havo", 1)], years=(2026, 2027), counts=counts)
    found = forecast_need(learners, table=table(), rule_for=lambda *_: rule(), splits={}, seed=3)
    (plan,) = found.plans
    assert (found.of_location(plan) == found.with_rule_held().of_location(plan)).all()

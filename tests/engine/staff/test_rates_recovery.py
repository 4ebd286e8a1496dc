"""A seeded tenth of `run.py bench recovery`: known rates are found back from simulated people, with honest intervals."""

import numpy as np
import pytest

from benchmarks.recovery import COVERED, DRAWS, LIMIT, PARTS, chi_square, covered, recover


@pytest.fixture(scope="module")
def ranks():
    return recover(20, seed=2)


def test_nine_in_ten_true_rates_lie_in_the_interval_that_says_so(ranks):
    assert COVERED[0] <= covered(np.concatenate([kind.ravel() for kind in ranks.values()])) <= COVERED[1]


def test_true_rates_lie_anywhere_among_the_draws(ranks):
    assert {kind: chi_square(found) for kind, found in ranks.items() if chi_square(found) >= LIMIT} == {}


def test_every_kind_of_rate_of_the_staff_engine_is_looked_at(ranks):
    assert list(ranks) == [
        *("retire", "leave sector", "die or disabled", "leave region", "move inside"),
        *("entry", "net switching"),
    ]
    assert len(PARTS) == 3


def test_intervals_that_are_too_sure_or_lean_to_one_side_are_caught():
    even = np.arange(200)[:, None] * (DRAWS + 1) // 200
    assert chi_square(even) == 0
    assert covered(even) == 0.9
    assert chi_square(np.where(even < 50, even // 2, 99 - (99 - even) // 2)) > LIMIT
    assert chi_square(even * 3 // 4) > LIMIT

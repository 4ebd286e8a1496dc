"""Net switching per subject: what lasts is kept, what strays is not believed."""

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.rates_changes import pooled_changes

LASTING = np.array([-0.03, -0.01, 0.0, 0.01, 0.03])
ALTERNATING = np.array([[1.0], [-1.0]])


def test_changes_that_are_the_same_every_year_are_kept():
    pooled = pooled_changes(np.tile(LASTING, (4, 1)))
    assert pooled.mean == pytest.approx(LASTING, abs=0.001)
    assert (pooled.own_share > 0.95).all()


def test_changes_that_turn_every_year_are_not_believed():
    pooled = pooled_changes(ALTERNATING * LASTING + 0.0005 * LASTING)
    assert np.abs(pooled.mean).max() < 0.0001
    assert (pooled.own_share < 0.5).all()


def test_of_one_year_half_is_believed_at_most():
    pooled = pooled_changes(LASTING[None])
    assert (np.sign(pooled.mean) == np.sign(LASTING)).all()
    assert 0.35 < pooled.mean[-1] / LASTING[-1] < 0.55


def test_a_year_that_counts_less_says_less():
    years = np.stack([-LASTING, LASTING])
    assert pooled_changes(years, weights=np.array([0.2, 1.0])).mean[-1] > 0
    assert pooled_changes(years, weights=np.array([1.0, 0.2])).mean[-1] < 0
    assert pooled_changes(years).mean == pytest.approx(np.zeros(5), abs=1e-12)


def test_draws_have_the_mean_and_spread_that_are_told():
    pooled = pooled_changes(np.stack([LASTING, LASTING * 0.4, LASTING * 1.3 + 0.004]))
    steps = (np.arange(20_000)[:, None] * np.sqrt([2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31])[None] + 0.5) % 1
    draws = pooled.draws(size=steps[:, 0], cell=(steps[:, 1:6], steps[:, 6:11]))
    assert draws.mean(axis=0) == pytest.approx(pooled.mean, abs=0.0003)
    assert draws.std(axis=0) == pytest.approx(pooled.sd, rel=0.05)


@pytest.mark.parametrize("wrong", [np.zeros((0, 3)), np.array([[0.1, np.nan]])])
def test_no_year_or_no_number_is_refused(wrong):
    with pytest.raises(ImplausibleInput, match="finite"):
        pooled_changes(wrong)

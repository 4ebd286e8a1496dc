"""Own leavers update the usual chances: the more people, the more their own; who tells nothing keeps the usual ones."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.mechanisms import SITUATIONS, context_of, invented_region
from regio_engine.errors import ImplausibleInput
from regio_engine.staff.contract import AGES, PARAMETER_DRAWS, TENURE_CLASSES, YOUNGEST, Exit
from regio_engine.staff.rates_own import BANDS_FROM, OwnLeaving, band_of_age, own_chances

NOBODY = np.zeros((AGES, TENURE_CLASSES, 2))


def usual(*, spread: float = 0.2) -> np.ndarray:
    """Leaving the sector 5 % (double in the first year), retiring 30 % from 60; draws differ by a fifth."""
    chances = np.zeros((PARAMETER_DRAWS, AGES, TENURE_CLASSES, 2, len(Exit)))
    chances[..., Exit.LEAVE_SECTOR] = 0.05
    chances[:, :, 0, :, Exit.LEAVE_SECTOR] = 0.10
    chances[:, 60 - YOUNGEST :, :, :, Exit.RETIRE] = 0.3
    return chances * np.linspace(1 - spread, 1 + spread, PARAMETER_DRAWS)[:, None, None, None, None]


def board(name: str, *, people: float, left: float, age: int = 40, tenure: int = 3) -> OwnLeaving:
    at_risk, gone = NOBODY.copy(), np.zeros((len(BANDS_FROM), 1))
    at_risk[age - YOUNGEST, tenure, 1] = people
    gone[band_of_age()[age - YOUNGEST], 0] = left
    return OwnLeaving(name, at_risk, gone)


def leaving(chances: np.ndarray, *, age: int = 40, tenure: int = 3) -> np.ndarray:
    return chances[:, age - YOUNGEST, tenure, 1].sum(axis=-1)


def test_bands_begin_where_they_say():
    band = band_of_age()
    assert [int(band[age - YOUNGEST]) for age in (18, 29, 30, 49, 50, 59, 60, 75)] == [0, 0, 1, 1, 2, 2, 3, 3]


def test_many_own_leavers_set_the_rate_of_their_band_and_of_no_other():
    (own,) = own_chances(usual(), [board("a", people=5000, left=600)], seed=1)
    assert leaving(own.chances).mean() == pytest.approx(0.12, rel=0.02)
    assert leaving(own.chances).std() < 0.008
    assert leaving(own.chances, age=25).mean() == pytest.approx(0.05, rel=0.06)
    assert own.own_share[1, 0] > 0.95
    assert own.own_share[[0, 2, 3], 0] == pytest.approx([0, 0, 0], abs=0.1)


def test_few_own_leavers_say_little():
    (own,) = own_chances(usual(), [board("a", people=20, left=4)], seed=1)
    assert 0.051 < leaving(own.chances).mean() < 0.08
    assert 0.05 < own.own_share[1, 0] < 0.4


def test_counts_as_expected_leave_the_level_and_narrow_it():
    (own,) = own_chances(usual(), [board("a", people=4000, left=200)], seed=1)
    assert leaving(own.chances).mean() == pytest.approx(0.05, rel=0.03)
    assert leaving(own.chances).std() < leaving(usual()).std()


def test_the_pattern_within_a_band_stays_the_usual_one():
    (own,) = own_chances(usual(), [board("a", people=5000, left=500)], seed=1)
    assert leaving(own.chances, tenure=0) == pytest.approx(2 * leaving(own.chances))


def test_starters_leave_more_often_anyway_and_tell_nothing_by_it():
    (own,) = own_chances(usual(), [board("a", people=5000, left=500, tenure=0)], seed=1)
    assert leaving(own.chances).mean() == pytest.approx(0.05, rel=0.03)


def test_a_board_without_people_leans_on_the_other_boards():
    others = [board(name, people=1000, left=70) for name in "abcdef"]
    found = own_chances(usual(spread=0.5), [*others, board("g", people=0, left=0)], seed=1)
    assert leaving(found[-1].chances).mean() == pytest.approx(0.07, rel=0.05)
    assert 0.3 < found[-1].own_share[1, 0] < found[0].own_share[1, 0]


def test_a_board_draws_the_same_wherever_it_stands():
    boards = [board("a", people=300, left=30), board("b", people=200, left=5)]
    there, back = own_chances(usual(), boards, seed=1), own_chances(usual(), boards[::-1], seed=1)
    assert there[0].chances == pytest.approx(back[1].chances, rel=1e-9)


def test_kinds_that_are_told_apart_are_updated_apart_and_others_stay_usual():
    counts = board("a", people=3000, left=0, age=62)
    left = np.zeros((len(BANDS_FROM), 2))
    left[3] = (1800, 150)
    kinds = ((Exit.RETIRE,), (Exit.LEAVE_SECTOR, Exit.LEAVE_REGION))
    prior = usual()
    prior[..., Exit.MOVE_INSIDE] = 0.02
    (own,) = own_chances(prior, [OwnLeaving("a", counts.at_risk, left)], seed=1, kinds=kinds)
    told = own.chances[:, 62 - YOUNGEST, 3, 1]
    assert told[:, Exit.RETIRE].mean() == pytest.approx(0.6, rel=0.03)
    assert told[:, Exit.LEAVE_SECTOR].mean() == pytest.approx(0.05, rel=0.03)
    assert (told[:, Exit.MOVE_INSIDE] == 0.02).all()


def test_nobody_leaves_for_more_than_sure():
    (own,) = own_chances(usual(), [board("a", people=500, left=500, age=63)], seed=1)
    assert own.chances.sum(axis=-1).max() <= 0.98 + 1e-12


def test_more_leavers_than_people_are_refused_by_the_board_s_name():
    with pytest.raises(ImplausibleInput, match="board a: more people left"):
        own_chances(usual(), [board("a", people=3, left=4)], seed=1)


def test_counts_of_another_shape_are_refused():
    with pytest.raises(ImplausibleInput, match="left must have shape"):
        own_chances(usual(), [OwnLeaving("a", NOBODY, np.zeros((2, 1)))], seed=1)
    with pytest.raises(ImplausibleInput, match="at_risk must have shape"):
        own_chances(usual(), [OwnLeaving("a", np.zeros((3, 1, 2)), np.zeros((4, 1)))], seed=1)


def test_only_the_places_of_the_board_that_counted_get_chances_of_their_own():
    counted = board("90", people=2000, left=300)
    region = replace(invented_region(), own_leaving=(counted,))
    context = context_of(region, SITUATIONS["steady"], seed=1, draws=2)
    assert context.rates.leave_class.tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    usual_class, own_class = (context.rates.exits[:, one, 40 - YOUNGEST, 3, 1, -1].mean() / 2**32 for one in (0, 1))
    assert usual_class < 0.11
    assert own_class == pytest.approx(0.15, rel=0.05)

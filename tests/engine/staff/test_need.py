"""The need of one location: by lessons, by ratio, in a band; never lower with more pupils."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.need import (
    GroupLine,
    between,
    drawn_milli_fte_per_learner,
    drawn_table_factors,
    groups_of,
    lesson_need,
    ratio_need,
    spread_words,
)
from tests.engine.staff.shipped import rule


def persons(*cells: int) -> np.ndarray:
    """One year and one draw."""
    return np.array(cells, np.int32).reshape(len(cells), 1, 1)


def by_ratio(learners: np.ndarray, *, loads: list[list[float]], base_fte: float = 0, per_fte: float = 15) -> np.ndarray:
    positions, draws = len(loads[0]), learners.shape[2]
    return ratio_need(
        learners,
        loads=np.array(loads),
        weights=np.full(len(loads), 1000.0),
        base_fte=base_fte,
        milli_fte_per_learner=np.full(draws, 1000 / per_fte),
        factors=np.full((positions, draws), 1000.0),
    )


def test_300_pupils_at_15_per_fte_with_a_base_of_1_need_21_fte() -> None:
    assert by_ratio(persons(300), loads=[[1.0]], base_fte=1).tolist() == [[[21_000]]]


def test_the_total_is_split_by_weekly_lessons() -> None:
    # 20 fte over 4 lessons Dutch and 1 lesson French
    assert by_ratio(persons(300), loads=[[4.0, 1.0]])[:, 0, 0].tolist() == [16_000, 4_000]


def test_a_location_without_pupils_needs_nothing_not_even_its_base() -> None:
    assert by_ratio(persons(0), loads=[[4.0, 1.0]], base_fte=1).tolist() == [[[0]], [[0]]]


def test_a_group_is_begun_for_the_first_pupil_who_does_not_fit() -> None:
    learners = np.array([0, 1, 27, 28, 54, 55], np.int32)
    assert groups_of(learners, class_size=27).tolist() == [0, 1, 1, 2, 2, 3]


def test_groups_of_those_who_choose_the_subject() -> None:
    assert groups_of(np.array([100], np.int32), class_size=25, share=0.3).tolist() == [2]


def test_need_from_an_own_lesson_table() -> None:
    # 60 pupils in classes of 25 make 3 groups; 3 x 4 lessons Dutch at 20 lessons per fte is 0.6 fte
    lines = [GroupLine((0,), 0, 25, 1.0, 4), GroupLine((0,), 1, 25, 0.4, 3)]
    need = lesson_need(persons(60), lines=lines, positions=2, lessons_per_fte=20)
    assert need[:, 0, 0].tolist() == [600, 150]  # 24 pupils take the second subject: one group of 3 lessons


def test_the_band_holds_eight_of_ten_draws_and_its_middle_is_the_median() -> None:
    uniforms = (np.arange(10_000) + 0.5) / 10_000
    drawn = between(low=10, middle=15, high=30, uniforms=uniforms)
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([10, 15, 30], abs=0.01)


def test_the_drawn_ratio_keeps_its_median_and_band() -> None:
    used = rule(middle=15, low=11.25, high=22.5)
    drawn = drawn_milli_fte_per_learner(used, seed=7, years=[2026], draws=1000)[0]
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([1000 / 22.5, 1000 / 15, 1000 / 11.25], rel=0.01)
    assert drawn.mean() == pytest.approx(1000 / 15, rel=0.002)


def test_the_ratio_moves_further_with_the_years() -> None:
    used = replace(rule(middle=10), yearly_step_share=0.02)
    drawn = drawn_milli_fte_per_learner(used, seed=7, years=[2026, 2027, 2031], draws=4000)
    assert set(drawn[0]) == {100.0}
    assert np.quantile(drawn[1], [0.1, 0.5, 0.9]) == pytest.approx([98, 100, 102], abs=0.15)
    assert drawn[2].std() == pytest.approx(5**0.5 * drawn[1].std(), rel=0.05)
    assert drawn[2].mean() == pytest.approx(100, abs=0.2)


def test_a_year_left_out_does_not_change_the_others() -> None:
    used = replace(rule(), yearly_step_share=0.02)
    every = drawn_milli_fte_per_learner(used, seed=7, years=[2026, 2027, 2028], draws=20)
    some = drawn_milli_fte_per_learner(used, seed=7, years=[2026, 2028], draws=20)
    assert some.tolist() == every[[0, 2]].tolist()


def test_the_first_draws_do_not_depend_on_how_many_follow() -> None:
    assert spread_words("vo", seed=3, draws=10).tolist() == spread_words("vo", seed=3, draws=1000)[:10].tolist()


def test_another_seed_gives_other_draws() -> None:
    assert spread_words("vo", seed=3, draws=10).tolist() != spread_words("vo", seed=4, draws=10).tolist()


def test_table_factors_lie_around_one() -> None:
    factors = drawn_table_factors("wiskunde", band_share=0.2, seed=1, draws=4000)
    assert np.quantile(factors, [0.1, 0.5, 0.9]) == pytest.approx([800, 1000, 1200], abs=15)
    assert factors.tolist() == np.rint(factors).tolist()


def test_a_band_that_could_make_lessons_negative_is_refused() -> None:
    with pytest.raises(ImplausibleInput, match="band_share"):
        drawn_table_factors("wiskunde", band_share=0.9, seed=1, draws=10)


def test_a_ratio_that_could_make_the_need_negative_is_refused() -> None:
    with pytest.raises(ImplausibleInput, match="learners_per_fte_high"):
        rule(middle=15, high=80)


LOADS = st.lists(st.integers(1, 3_000_000), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(before=st.integers(0, 3000), more=st.integers(0, 500), loads=LOADS, per_fte=st.floats(5, 30))
def test_more_pupils_never_lower_the_need_at_fixed_subject_shares(
    before: int, more: int, loads: list[int], per_fte: float
) -> None:
    less_need = by_ratio(persons(before), loads=[loads], base_fte=1.2, per_fte=per_fte)
    more_need = by_ratio(persons(before + more), loads=[loads], base_fte=1.2, per_fte=per_fte)
    assert (more_need >= less_need).all()


@settings(max_examples=200, deadline=None)
@given(
    before=st.integers(0, 3000),
    more=st.integers(0, 500),
    class_size=st.floats(8, 32),
    share=st.floats(0.01, 1.5),
    lessons=st.floats(0.5, 14),
)
def test_more_pupils_never_lower_the_need_by_lessons(
    before: int, more: int, class_size: float, share: float, lessons: float
) -> None:
    lines = [GroupLine((0,), 0, class_size, share, lessons)]
    less_need = lesson_need(persons(before), lines=lines, positions=1, lessons_per_fte=20)
    more_need = lesson_need(persons(before + more), lines=lines, positions=1, lessons_per_fte=20)
    assert (more_need >= less_need).all()


@settings(max_examples=200, deadline=None)
@given(
    learners=st.lists(st.integers(0, 400), min_size=2, max_size=2),
    loads=st.lists(st.lists(st.integers(0, 3_000_000), min_size=3, max_size=3), min_size=2, max_size=2),
)
def test_positions_add_up_to_base_plus_pupils_over_ratio(learners: list[int], loads: list[list[int]]) -> None:
    need = by_ratio(persons(*learners), loads=loads, base_fte=1)
    lessons = sum(number * sum(load) for number, load in zip(learners, loads, strict=True))
    expected = 1000 + sum(learners) * 1000 / 15 if lessons else 0
    assert abs(int(need.sum()) - expected) <= 0.5 * need.shape[0]  # each position is rounded to a thousandth

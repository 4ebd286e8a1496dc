"""The plan of secondary education: classes move up, exams tell, codes vanish and go on."""

from dataclasses import replace

import numpy as np
import pytest

from regio_engine.pupils.links import Link
from regio_engine.pupils.plan import expected_course
from regio_engine.pupils.vo import vo_plan
from tests.engine.pupils.vo_worlds import SETTINGS, steady_world, with_exams


def totals(plan, course=None):
    """Return expected pupils per (location, year)."""
    course = expected_course(plan) if course is None else course
    return np.stack([course[plan.cells.location == n].sum(axis=0) for n in range(len(plan.codes))])


def at(plan, *, location, level, stage):
    cells = zip(plan.cells.location, plan.cells.level, plan.cells.stage, strict=True)
    return expected_course(plan)[list(cells).index((location, level, stage))]


def test_a_steady_world_stays_as_it_is():
    plan = vo_plan(steady_world(), SETTINGS)
    assert np.allclose(totals(plan), plan.base.sum() / 3)


def test_a_small_first_year_moves_up_one_class_a_year():
    world = steady_world(locations=30)
    counts = world.counts.copy()
    counts[0, 0, 4, 0] = 60  # havo year 1 at the first location
    plan = vo_plan(replace(world, counts=counts), replace(SETTINGS, own_share_lower=0.0))
    assert at(plan, location=0, level="havo", stage=2)[0] == pytest.approx(60, rel=0.03)
    assert at(plan, location=0, level="havo", stage=3)[1] == pytest.approx(60, rel=0.03)
    assert at(plan, location=1, level="havo", stage=2)[0] == pytest.approx(100, rel=0.03)


def test_consecutive_counts_give_the_rate_of_a_location_itself():
    world = steady_world(locations=40, counts=4)
    counts = world.counts.copy()
    for count in range(4):
        counts[count, :, 4, 1] = 100 if count == 0 else 90
    plan = vo_plan(replace(world, counts=counts), SETTINGS)
    assert at(plan, location=5, level="havo", stage=2)[0] == pytest.approx(90, abs=1)


def test_a_merger_is_no_rate():
    world = steady_world(locations=40, counts=4)
    counts = world.counts.copy()
    counts[3, 0] *= 2  # another school moved in before the newest count
    plan = vo_plan(replace(world, counts=counts), SETTINGS)
    rates = plan.rates[(plan.cells.location == 0) & (plan.sources[:, 0] >= 0), 0]
    assert rates == pytest.approx(np.ones(len(rates)), abs=0.03)


def test_the_intake_follows_the_children_of_the_catchment():
    world = steady_world()
    index = np.ones((3, 3))
    index[0] = [0.9, 0.8, 0.7]
    plan = vo_plan(replace(world, intake_index=index), SETTINGS)
    assert at(plan, location=0, level="vwo", stage=1).tolist() == pytest.approx([90, 80, 70])


def test_one_small_year_one_is_no_new_market():
    world = steady_world(counts=6)
    counts = world.counts.copy()
    counts[-1, 0, :, 0] = counts[-1, 0, :, 0] // 2
    told = at(vo_plan(replace(world, counts=counts), SETTINGS), location=0, level="vwo", stage=1)
    newest_weighs = 1 / sum(SETTINGS.intake_discount**back for back in range(6))
    assert told.tolist() == pytest.approx([100 - 50 * newest_weighs] * 3)


def test_past_intake_is_freed_from_the_cohorts_of_its_time():
    world = steady_world(counts=3)
    counts = world.counts.copy()
    counts[:, :, :, 0] = counts[:, :, :, 0] * np.array([120, 110, 100])[:, None, None] // 100
    past = np.repeat([[1.2], [1.1], [1.0]], 3, axis=1)
    told = at(
        vo_plan(replace(world, counts=counts, past_intake_index=past), SETTINGS), location=0, level="vwo", stage=1
    )
    assert told.tolist() == pytest.approx([100] * 3)
    past[0] = np.nan  # a count whose cohorts nobody knows says nothing
    counts[0] *= 3
    told = at(
        vo_plan(replace(world, counts=counts, past_intake_index=past), SETTINGS), location=0, level="vwo", stage=1
    )
    assert told.tolist() == pytest.approx([100] * 3)


def test_candidates_after_the_count_are_the_exam_classes_of_those_years():
    world = with_exams(steady_world(), now=98.0, ahead=[[98.0, 98.0, 49.0]])
    plan = vo_plan(world, SETTINGS)
    assert at(plan, location=0, level="havo", stage=5)[0] == pytest.approx(100)
    assert at(plan, location=2, level="havo", stage=5)[0] == pytest.approx(50)


def test_a_location_follows_its_exam_classes_in_part():
    world = with_exams(steady_world(locations=20), now=100.0, ahead=[[100.0] * 19 + [60.0]])
    plan = vo_plan(world, SETTINGS)
    assert 0.6 < plan.factor[19, 0] / plan.factor[0, 0] < 0.9


def test_a_code_without_exam_classes_is_gone_and_its_pupils_stay_in_the_market():
    world = with_exams(steady_world(locations=10), now=100.0, ahead=[[100.0] * 10, [1000 / 9] * 9 + [0.0]])
    plan = vo_plan(world, SETTINGS)
    told = totals(plan)
    assert plan.gone_from.tolist() == [9999] * 9 + [1]
    assert told[9].tolist() == [pytest.approx(1500, rel=0.05), 0.0, 0.0]
    assert told[:, 2].sum() == pytest.approx(15_000, rel=0.02)


def test_a_new_code_of_the_same_school_takes_over_by_its_candidates():
    world = steady_world(locations=4)
    counts = world.counts.copy()
    counts[:, 3] = 0  # a code that has no pupils yet
    exams = with_exams(replace(world, counts=counts, successors={3: (2,)}), now=100.0, ahead=[[100.0] * 4] * 2)
    classes = exams.exam_classes.copy()
    classes[:, 2, :2], classes[:, 3, :2] = 0.0, 100.0
    told = totals(vo_plan(replace(exams, exam_classes=classes), SETTINGS))
    assert told[2].tolist() == [0.0, 0.0, 0.0]
    assert told[3] == pytest.approx([1500] * 3, rel=0.06)


def test_a_link_told_by_people_moves_pupils_from_its_year_on():
    world = replace(steady_world(), links=(Link(old=0, new=1, share=1.0, year=1),))
    told = totals(vo_plan(world, SETTINGS))
    assert told[0].tolist() == pytest.approx([1500, 0, 0])
    assert told[1].tolist() == pytest.approx([1500, 3000, 3000])


def test_a_split_leaves_a_part_behind():
    world = replace(
        steady_world(), links=(Link(old=0, new=1, share=0.4, year=0), Link(old=0, new=2, share=0.6, year=0))
    )
    told = totals(vo_plan(world, SETTINGS))
    assert told[:, 0].tolist() == pytest.approx([0, 2100, 2400])


def test_pupils_sent_to_vavo_are_held_level():
    world = steady_world(levels=("havo",))
    counts = world.counts.copy()
    counts[:, :, 7, 4] = 12  # vavo, year 5
    plan = vo_plan(replace(world, counts=counts), SETTINGS)
    assert at(plan, location=0, level="vavo", stage=5).tolist() == [12, 12, 12]


def test_a_code_that_went_into_a_sibling_is_linked_to_it():
    world = with_exams(steady_world(locations=8), now=100.0, ahead=[[200.0] + [100.0] * 6 + [0.0]] * 2)
    schools = ("90A0", *world.schools[1:7], "90A0")
    told = totals(vo_plan(replace(world, schools=schools), SETTINGS))
    assert told[7].tolist() == [0.0, 0.0, 0.0]
    assert told[0] == pytest.approx([3000] * 3, rel=0.08)
    assert told[3] == pytest.approx([1500] * 3, rel=0.05)


def test_an_upper_school_location_keeps_its_pupils():
    world = steady_world(locations=10)
    counts = world.counts.copy()
    counts[0, 0, :, :2] = 0  # years 1 and 2 are taught at another location
    counts[0, 1, :, 2:] = 0
    told = totals(vo_plan(replace(world, counts=counts), SETTINGS))
    assert told[0] == pytest.approx([900] * 3, rel=0.02)
    assert told[1] == pytest.approx([600] * 3, rel=0.02)

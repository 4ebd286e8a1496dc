"""Primary and special education: children grow a year older, the youngest come from outside, totals are held."""

import numpy as np
import pytest

from regio_engine.errors import MissingInput
from regio_engine.pupils.ages import AGES, AgeCounts, AgeSettings, age_plan, age_rates
from regio_engine.pupils.plan import expected_course

SETTINGS = AgeSettings(phi=1.0, cv=0.03, intake_cv=0.08, total_cv=0.04, rate_cv=0.0)


def school(*pupils, first_age=4):
    """Return one school with pupils per age from `first_age` on, (1, 1, 28)."""
    counts = np.zeros((1, 1, AGES), np.int64)
    counts[0, 0, first_age : first_age + len(pupils)] = pupils
    return counts


def known(counts, *, years=(2025,), totals=None, newest=None):
    return AgeCounts(("90AA00",), ("M",), years, {"bo": counts}, totals or {}, newest or years[-1])


def course_by_age(plan, year=0):
    return dict(zip(plan.cells.stage.tolist(), expected_course(plan)[:, year].tolist(), strict=True))


def test_children_grow_a_year_older_at_the_rate_across_ages():
    plan = age_plan(known(school(30, 30, 30, 24)), SETTINGS, years=2)
    assert course_by_age(plan) == pytest.approx({4: 30, 5: 30, 6: 30, 7: 24})


def test_the_youngest_age_is_the_mean_of_three():
    plan = age_plan(known(school(24, 30, 30, 30)), SETTINGS, years=1)
    assert course_by_age(plan)[4] == pytest.approx(24)  # one school: each age is brought to the size of the youngest


def test_two_counts_five_years_apart_give_the_yearly_rate():
    early, late = school(*[100] * 8), school(*[100] * 5, 90, 90, 90)
    rates = age_rates(np.concatenate([early, late]), (2012, 2017))
    assert rates[4] ** 5 == pytest.approx(0.9)


def test_consecutive_counts_give_the_rate_itself():
    counts = np.concatenate([school(100, 100, 100), school(100, 95, 90), school(100, 95, 90)])
    assert age_rates(counts, (2023, 2024, 2025))[4] == pytest.approx(0.95)


def test_a_newer_total_lifts_all_ages():
    totals = {"bo": np.array([228.0])}
    plan = age_plan(known(school(30, 30, 30, 24), totals=totals, newest=2026), SETTINGS, years=1)
    assert plan.base.sum() == pytest.approx(228, abs=2)


def test_a_school_that_the_newer_total_does_not_know_is_empty():
    counts = np.concatenate([school(30, 30, 30)] * 2, axis=1)
    both = AgeCounts(("90AA00", "90AB00"), ("M", "M"), (2025,), {"bo": counts}, {"bo": np.array([90.0, np.nan])}, 2026)
    plan = age_plan(both, SETTINGS, years=1)
    assert plan.base[plan.cells.location == 1].sum() == 0


def test_a_total_without_ages_is_held_level():
    plan = age_plan(AgeCounts(("90AA00",), ("M",), (), {}, {"mbo_4": np.array([800.0])}, 2025), SETTINGS, years=3)
    assert expected_course(plan).tolist() == [[800.0] * 3]


def test_no_counts_at_all_are_refused():
    with pytest.raises(MissingInput, match="no counts"):
        age_plan(AgeCounts(("90AA00",), ("M",), (), {}, {}, 2025), SETTINGS, years=1)


def test_students_stay_in_part_and_the_inflow_follows_its_index():
    settings = AgeSettings(phi=1.0, cv=0.03, intake_cv=0.08, total_cv=0.04, rate_cv=0.0, total_stay_share=0.6)
    totals, index = {"mbo_4": np.array([1000.0])}, np.array([[1.0, 0.9]])
    counts = AgeCounts(("90AA00",), ("M",), (), {}, totals, 2025, inflow_index=index)
    assert expected_course(age_plan(counts, settings, years=2)).tolist() == [[1000.0, 600 + 360]]


def test_a_school_that_only_the_newer_total_knows_gets_the_ages_of_all_schools():
    counts = np.concatenate([school(30, 30, 30), school(0, 0, 0)], axis=1)
    both = AgeCounts(("90AA00", "90AB00"), ("M", "M"), (2025,), {"bo": counts}, {"bo": np.array([90.0, 60.0])}, 2026)
    plan = age_plan(both, SETTINGS, years=1)
    assert plan.base[plan.cells.location == 1].tolist() == pytest.approx([20, 20, 20])


def test_children_who_join_later_are_spread_by_size_and_do_not_follow_the_class_below():
    counts = np.concatenate([school(10, 20, 40, 40), school(0, 20, 40, 40)], axis=1)
    both = AgeCounts(("90AA00", "90AB00"), ("M", "M"), (2025,), {"so": counts}, {}, 2025)
    plan = age_plan(both, SETTINGS, years=1)
    course = expected_course(plan)[:, 0]
    assert course.sum() == pytest.approx(210, rel=0.02)
    second = course[plan.cells.location == 1]
    assert second.sum() == pytest.approx(100, rel=0.06)

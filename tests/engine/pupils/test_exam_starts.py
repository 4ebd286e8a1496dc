"""Cells without candidates whose class is on its way: how many, with what chance, and in which draws."""

import numpy as np
import pytest

from regio_engine.pupils import exams
from regio_engine.pupils.exam_classes import ClassWeights
from regio_engine.pupils.exam_data import ClassCounts, ExamHistory
from regio_engine.pupils.exam_history import HistorySettings
from regio_engine.pupils.exam_spread import Spread
from regio_engine.pupils.exam_starts import Starts, StartSettings, starts

VMBO, HAVO, VWO = range(3)
START = StartSettings(upper_class=0.75, lower_class=0.1, none_came=0.01, spread=Spread(2.0, 0.3))
HISTORY = HistorySettings(
    mean_years=2, cap=0.4, drift_years=1.0, drift_bound=0.03, year_discount=0.7, shock_years=(), shock_weight=0.5,
    area_kept=0.0, cohort_weight=0.0, ridge=500.0,
)  # fmt: skip
FOLLOW = ClassWeights(location=1.0, all_types=0.0, school=0.0, level=0.0, history=0.0, phi=1.0, c=0.0)


def country(*schools: int) -> ExamHistory:
    """Return a history of 2018-2019 and 2019-2020: the first location with 80 vmbo and 50 havo, the others without any."""
    counts = np.zeros((1 + len(schools), 3, 2))
    counts[0, VMBO], counts[0, HAVO] = 80.0, 50.0
    return ExamHistory(
        locations=np.array([f"90A{letter}00" for letter in "ABCDEFGH"[: len(counts)]]), schools=np.array([0, *schools]),
        areas=np.full(len(counts), -1), years=(2018, 2019), candidates=counts,
    )  # fmt: skip


def file_of(history: ExamHistory, *classes: tuple[int, int, int, int], count_year: int = 2019) -> ClassCounts:
    """Return classes given as (location, type, year of study, pupils); the first location has 100 in every year."""
    pupils = np.zeros((len(history.locations), 3, 6))
    pupils[0, VMBO, :4], pupils[0, HAVO, :5] = 100.0, 100.0
    for place, kind, year, number in classes:
        pupils[place, kind, year - 1] = number
    return ClassCounts(count_year, pupils)


def told(history: ExamHistory, classes: ClassCounts, *, ahead: int = 1, before: Starts | None = None) -> Starts:
    forecast = np.zeros((len(history.locations), 3))
    forecast[0, VMBO], forecast[0, HAVO] = 80.0, 60.0
    return starts(history, classes, forecast, years_ahead=ahead, settings=START, before=before)


def test_a_class_gives_what_such_a_class_gives_in_the_whole_country():
    history = country(1)
    begun = told(history, file_of(history, (1, VMBO, 3, 40)))
    assert begun.median[1].tolist() == [32.0, 0.0, 0.0]  # 80 candidates of a class of 100
    assert begun.deviation[1, VMBO] == pytest.approx(np.sqrt(2.0 * 32 + 9.6**2))
    assert begun.median[0].tolist() == [0.0, 0.0, 0.0]  # has candidates, so it is none of these


def test_an_upper_class_stays_and_a_lower_class_of_a_school_with_another_building_goes():
    history = country(0, 0, 9)
    two_ahead = told(history, file_of(history, (1, VMBO, 2, 40), (3, VMBO, 2, 40)), ahead=2)
    one_ahead = told(history, file_of(history, (2, VMBO, 3, 40)))
    assert two_ahead.chance[:, VMBO].tolist() == [0.0, 0.1, 0.0, 0.75]  # the last has its school to itself
    assert one_ahead.chance[2, VMBO] == 0.75


def test_where_an_earlier_class_was_due_and_nobody_came_nobody_will():
    history = country(0)
    assert told(history, file_of(history, (1, VMBO, 3, 40), (1, VMBO, 4, 40))).chance[1, VMBO] == 0.01


def test_a_class_that_is_not_in_vo_yet_keeps_the_year_before():
    history = country(9)
    first = told(history, file_of(history, (1, VMBO, 1, 40)), ahead=3)
    assert first.median[1, VMBO] == 32.0
    kept = told(history, file_of(history, (1, VMBO, 1, 40)), ahead=4, before=first)
    assert kept.median[1, VMBO] == 32.0
    assert told(history, file_of(history, (1, VMBO, 1, 40)), ahead=4).median[1, VMBO] == 0.0


def model(history: ExamHistory, *classes: ClassCounts) -> exams.ExamModel:
    table = {name: {"1/0": FOLLOW} for name in ("VMBO", "HAVO")}
    settings = exams.ExamSettings(HISTORY, Spread(3.0, 0.0), 0.0, table, START)
    return exams.fit(history, classes, origin=2019, years_ahead=2, settings=settings)


def test_draws_hold_the_class_in_as_many_draws_as_its_chance_and_the_same_ones_each_year():
    history = country(9)
    made = model(history, file_of(history, (1, VMBO, 3, 40), (1, VMBO, 2, 40)))
    first, second = (
        exams.simulate(made, rows=np.array([1]), years_ahead=ahead, draws=np.arange(4000), seed=1)[0, VMBO]
        for ahead in (1, 2)
    )
    assert (first > 0).mean() == pytest.approx(0.75, abs=0.02)
    assert ((first > 0) == (second > 0)).mean() > 0.98
    assert np.median(first[first > 0]) == pytest.approx(made.horizons[0].median[1, VMBO], abs=1.0)


def test_new_cells_are_part_of_the_national_total():
    history = country(9)
    alone = model(history, file_of(history)).horizons[0].median
    both = model(history, file_of(history, (1, VMBO, 3, 40))).horizons[0].median
    assert both[1, VMBO] == pytest.approx(0.4 * alone[0, VMBO])
    assert both[0, VMBO] == pytest.approx(0.8 * alone[0, VMBO])  # not 0.7: no more than a fifth gives way
    few = model(history, file_of(history, (1, VMBO, 3, 20))).horizons[0].median
    assert few[0, VMBO] + 0.75 * few[1, VMBO] == pytest.approx(alone[0, VMBO])
    assert both[0, HAVO] == alone[0, HAVO]


def test_told_are_cells_with_candidates_or_with_a_class():
    history = country(9, 9)
    assert model(history).told.tolist() == [[True, True, False], [False] * 3, [False] * 3]
    made = model(history, file_of(history, (1, VMBO, 3, 40)))
    assert made.told.tolist() == [[True, True, False], [True, False, False], [False] * 3]
    assert made.begun.tolist() == [[False] * 3, [True, False, False], [False] * 3]

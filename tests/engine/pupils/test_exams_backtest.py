"""Playing the past again: what counts, what is known, and how the simple rules are scored."""

from dataclasses import replace

import numpy as np
import pytest
import yaml

from regio_engine.pupils.exam_backtest import Round, play
from regio_engine.pupils.exam_data import ClassCounts, CohortCounts, ExamHistory

CHOICE = yaml.safe_load("""
exam_history: {mean_years: 2, cap: 0.4, drift_years: 1.0, drift_bound: 0.03, year_discount: 0.7, shock_years: [],
  shock_weight: 1.0, area_kept: 0.75, cohort_weight: 0.4, ridge: 500.0}
fallback_spread: {phi: 3.0, c: 0.02}
starts: {upper_class: 0.75, lower_class: 0.1, none_came: 0.01, spread: {phi: 2.0, c: 0.3}}
national_standard_error: 0.02
class_weights:
  - from_origin: 2016
    weights: {VMBO: {1/0: {location: 1.0, all_types: 0, school: 0, level: 0, history: 0, phi: 1, c: 0}}}
""")


def country() -> ExamHistory:
    """Return forty locations with vmbo alone, of 50 to 245 candidates, that gain and lose ten in turn."""
    base = 50.0 + 5.0 * np.arange(40)
    swing = np.array([0.0, 10.0, 0.0, 10.0])
    candidates = np.zeros((40, 3, 4))
    candidates[:, 0, :] = base[:, None] + swing
    return ExamHistory(
        locations=np.array([f"90AA{number:02d}" for number in range(40)]),
        schools=np.arange(40),
        areas=np.arange(40) % 4,
        years=(2014, 2015, 2016, 2017),
        candidates=candidates,
    )


def played(history: ExamHistory, *classes: ClassCounts, use_classes: bool = False):
    return play(
        history,
        classes,
        Round(2016, 1, use_classes),
        CHOICE,
        draws=200,
        seed=1,
        grains={"vestiging": None, "rpa": history.areas},
    )


def test_persistence_is_scored_with_the_last_count_itself():
    found = played(country())["vestiging"]
    everything = np.ones(40, bool)
    _, persistence, mean = found.scores(everything)
    truth = country().candidates[:, 0, 3].sum()
    assert persistence.wape == pytest.approx(40 * 10 / truth)
    assert persistence.bias == pytest.approx(-40 * 10 / truth)
    assert mean.wape == pytest.approx(40 * (10 - 10 / 3) / truth)


def test_only_cells_with_twenty_candidates_in_the_last_known_year_count():
    history = country()
    small = history.candidates.copy()
    small[0, 0, 2], small[1, 0, 2] = 19, 20
    found = played(replace(history, candidates=small))["vestiging"]
    assert "90AA00" not in found.names
    assert "90AA01" in found.names


def test_a_code_that_is_gone_counts_as_zero():
    history = country()
    gone = history.candidates.copy()
    gone[5, 0, 3] = 0
    found = played(replace(history, candidates=gone))["vestiging"]
    assert found.forecast.truth[list(found.names).index("90AA05")] == 0.0


def test_areas_are_scored_on_the_sum_of_their_locations():
    history = country()
    found = played(replace(history, areas=np.where(np.arange(40) < 4, -1, history.areas)))["rpa"]
    assert found.names.tolist() == ["0", "1", "2", "3"]
    assert found.forecast.truth.tolist() == [history.candidates[first::4, 0, 3].sum() for first in (4, 5, 6, 7)]


def test_a_pupil_file_of_after_the_origin_changes_nothing():
    later = ClassCounts(2017, np.full((40, 3, 6), 77.0))
    plain, told = played(country(), use_classes=True), played(country(), later, use_classes=True)
    assert np.array_equal(plain["vestiging"].forecast.p50, told["vestiging"].forecast.p50)


def test_a_pupil_file_of_the_origin_is_followed():
    pupils = np.zeros((40, 3, 6))
    pupils[:, 0, 3], pupils[:, 0, 2] = 100, np.where(np.arange(40) % 2 == 0, 120, 80)
    told = played(country(), ClassCounts(2016, pupils), use_classes=True)["vestiging"]
    growth = told.forecast.p50 / told.last_known
    assert growth[::2].min() > growth[1::2].max()


def test_exams_alone_means_without_counts_of_younger_children():
    with_cohorts = replace(country(), cohorts=(CohortCounts(2016, 13, (50.0, 60.0, 70.0)),))
    alone = played(with_cohorts)["vestiging"].forecast.p50
    assert np.array_equal(alone, played(country())["vestiging"].forecast.p50)
    assert not np.array_equal(alone, played(with_cohorts, use_classes=True)["vestiging"].forecast.p50)


def test_labels_are_all_cells_types_and_size_classes():
    labels = played(country())["vestiging"].labels()
    assert set(labels) == {"alle", "soort", "grootte"}
    assert np.unique(labels["grootte"]).tolist() == ["100-200", "200+", "50-100"]

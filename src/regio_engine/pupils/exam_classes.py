"""The forecast from the classes of the newest pupil file.

A class of October sits its exam in the same school year (lag 0) or some years later (lag 1, 2, ...). The signal is
always a change: the class of the target year against the class of the origin year in the same file, at the location
and type, at the location over all types, and at the school and type. The national change is taken out, because
structural flows between years of study (from vmbo to havo 4, out of havo 4) hide in it. Weights come from the committed
choice, by type and by the pair of lags (target/origin).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .exam_data import (
    FINAL_YEAR,
    TYPES,
    ClassCounts,
    ExamHistory,
    Floats,
    bounded_log_ratio,
    group_sums,
)
from .exam_history import MIN_CANDIDATES, HistorySettings, national_growth, pull_feature
from .exam_spread import MIN_MISSES, standard_deviation, width_of

Bools = NDArray[np.bool_]

# How far a change of class size counts [log]. In years 1-3, two and more years before the exam, an odd size (a lower
# building, a merger in year 1) tells little: 0.4 was chosen on the count of 2012 against exams to 2015-2016.
SIGNAL_CAP, LOWER_YEARS_CAP = 1.0, 0.4
PUPILS_ADDED = 3.0


@dataclass(frozen=True)
class ClassWeights:
    """How far each signal is followed [0-1], for one type and pair of lags, and how wide the errors then are."""

    location: float
    all_types: float
    school: float
    level: float  # the origin's class against the candidates it gave: how far an odd exam year is put right
    history: float  # the exam-only pull towards earlier years
    phi: float  # variance per expected candidate
    c: float  # share of the expected count


WeightTable = Mapping[str, Mapping[str, ClassWeights]]


@dataclass(frozen=True)
class Signals:
    """Log changes from origin class to target class per location of one type; `known` where the location has both.

    `level` is the origin's class against the candidates it gave.
    """

    location: Floats
    all_types: Floats
    school: Floats
    level: Floats
    known: Bools


@dataclass(frozen=True)
class ClassForecast:
    """Medians and deviations from classes, shape (locations, 3); `known` per cell, `told` per type."""

    median: Floats
    deviation: Floats
    known: Bools
    told: Bools


def lag_key(*, target: int, origin: int, count_year: int) -> str:
    """Return the key of the weight table, such as `2/1`: lags of target and origin class, origin at least -1."""
    return f"{target - count_year}/{max(origin - count_year, -1)}"


def class_signals(
    history: ExamHistory, classes: ClassCounts, type_index: int, *, target: int, origin: int
) -> Signals | None:
    """Return the signals of one type, or None when the target's class was not yet in vo on the count date."""
    target_lag, origin_lag = target - classes.count_year, origin - classes.count_year
    ahead = classes.of_final_class_minus(target_lag, type_index)
    if ahead is None:
        return None
    last = history.candidates[:, type_index, -1]
    at_origin = classes.of_final_class_minus(origin_lag, type_index) if origin_lag >= 0 else last
    assert at_origin is not None  # a class nearer to its exam than the target's is in vo too
    cap = _cap(type_index, target_lag)
    school_ratio = _ratio(group_sums(ahead, history.schools), group_sums(at_origin, history.schools), cap)
    has_class = (ahead > 0) | (target_lag <= 1)
    own = np.where(has_class, _ratio(ahead, at_origin, cap), school_ratio)
    return Signals(
        location=own,
        all_types=_all_types_ratio(classes, type_index, target_lag, origin_lag, instead=own),
        school=school_ratio,
        level=_ratio(at_origin, last, _cap(type_index, origin_lag)),
        known=(at_origin > 0) & (classes.pupils.sum(axis=(1, 2)) > 0),
    )


def class_multiplier(signals: Signals, weights: ClassWeights, last: Floats) -> Floats:
    """Return the factor on the last count that the classes tell, 1 where the location has none.

    The factors leave the national total as it was.
    """
    log_factor = (
        weights.location * signals.location
        + weights.all_types * signals.all_types
        + weights.school * signals.school
        + weights.level * signals.level
    )
    factor = np.where(signals.known, np.exp(log_factor), 1.0)
    counted = np.where(signals.known & (last >= MIN_CANDIDATES), last, 0.0)
    if counted.sum() == 0.0:
        return factor
    national = float((counted * factor).sum() / counted.sum())
    return np.where(signals.known, factor / national, 1.0)


def _cap(type_index: int, lag: int) -> float:
    return LOWER_YEARS_CAP if lag >= 2 and FINAL_YEAR[type_index] - lag <= 3 else SIGNAL_CAP


def _ratio(numerator: Floats, denominator: Floats, cap: float) -> Floats:
    return bounded_log_ratio(numerator, denominator, cap=cap, pupils_added=PUPILS_ADDED)


def _all_types_ratio(
    classes: ClassCounts, type_index: int, target_lag: int, origin_lag: int, *, instead: Floats
) -> Floats:
    """Return the change over all types in the same two years of study; `instead` where the lower one is empty."""
    if origin_lag < 0:
        return instead
    final = FINAL_YEAR[type_index]
    ahead, at_origin = (classes.pupils[:, :, final - lag - 1].sum(axis=1) for lag in (target_lag, origin_lag))
    return np.where(ahead > 0, _ratio(ahead, at_origin, _cap(type_index, target_lag)), instead)


def class_forecast(
    known: ExamHistory, classes: ClassCounts, *, years_ahead: int, table: WeightTable, history: HistorySettings
) -> ClassForecast:
    """Return what one pupil file says about the school year `years_ahead` after the newest known one."""
    origin, last = known.years[-1], known.candidates[:, :, -1]
    target = origin + years_ahead
    found = ClassForecast(
        np.zeros_like(last), np.ones_like(last), np.zeros(last.shape, bool), np.zeros(len(TYPES), bool)
    )
    for t, name in enumerate(TYPES):
        signals = class_signals(known, classes, t, target=target, origin=origin)
        key = lag_key(target=target, origin=origin, count_year=classes.count_year)
        weights = table.get(name, {}).get(key)
        if signals is None or weights is None:
            continue
        growth = national_growth(known, t, years_ahead, history)
        pull = pull_feature(known, t, len(known.years) - 1, history)
        median = last[:, t] * np.exp(growth + weights.history * pull) * class_multiplier(signals, weights, last[:, t])
        found.median[:, t], found.known[:, t], found.told[t] = median, signals.known, True
        found.deviation[:, t] = standard_deviation(median, phi=weights.phi, c=weights.c)
    return found


def class_width(
    known: ExamHistory,
    classes: Sequence[ClassCounts],
    *,
    years_ahead: int,
    table: WeightTable,
    history: HistorySettings,
) -> Floats:
    """Return per type how much wider forecasts from earlier pupil files missed than the committed spread says.

    The last of `classes` is the one in use; earlier ones are followed from origins as far from their count. A type with
    few misses gets the width of all types together, 1 when these are few too.
    """
    misses = [[np.zeros(0)] for _ in TYPES]
    for count in classes[:-1]:
        origin = known.years[-1] - (classes[-1].count_year - count.count_year)
        if origin not in known.years or origin + years_ahead > known.years[-1]:
            continue
        past = known.known_at(origin)
        told = class_forecast(past, count, years_ahead=years_ahead, table=table, history=history)
        truth = known.candidates[:, :, origin + years_ahead - known.years[0]]
        scored = told.known & (past.candidates[:, :, -1] >= MIN_CANDIDATES)
        for t, of_type in enumerate(misses):
            here = scored[:, t]
            of_type.append((truth[here, t] - told.median[here, t]) / told.deviation[here, t])
    by_type = [np.concatenate(of_type) for of_type in misses]
    everything = np.concatenate(by_type)
    return np.array([width_of(own if own.size >= MIN_MISSES else everything) for own in by_type])

"""The forecast from exam counts alone: last year's count, drawn back towards the years before.

Per type and horizon three coefficients are fitted on every earlier pair of years that was known: the drift of the type,
the pull of the mean of the years before, and growth by size. The drift is damped, the more so the fewer years tell it.
The pull blurs what really changed in an area, so areas keep most of their own level, moved by the size of the cohort
that sat a lower type one year earlier.
"""

from dataclasses import dataclass

import numpy as np

from .exam_data import TYPES, ExamHistory, Floats, bounded_log_ratio, group_sums, weighted_median

MIN_CANDIDATES = 20.0


@dataclass(frozen=True)
class HistorySettings:
    """The committed choices of the exam-only model."""

    mean_years: int
    cap: float
    drift_years: float  # years of drift that count as none: n pairs of years keep n / (n + this)
    area_kept: float
    cohort_weight: float
    drift_bound: float  # largest drift of a type in one year [log]
    year_discount: float  # weight of a pair of years against that of the next pair
    shock_years: tuple[int, ...]  # school years (start) whose change says little about later ones
    shock_weight: float  # weight of a pair that ends in such a year
    ridge: float


@dataclass(frozen=True)
class HistoryFit:
    """What past pairs of years tell about one type: yearly drift of the typical cell [log], pull and growth by size."""

    drift: float
    pull: float
    size: float


def history_forecast(history: ExamHistory, years_ahead: int, settings: HistorySettings) -> Floats:
    """Return the median forecast from exam counts alone, shape (locations, 3) [persons]."""
    last, position = history.candidates[:, :, -1], len(history.years) - 1
    forecast, drifted = np.zeros_like(last), np.zeros_like(last)
    for t in range(len(TYPES)):
        fitted = fit_history(history, t, years_ahead, settings)
        pull = pull_feature(history, t, position, settings)
        drifted[:, t] = last[:, t] * np.exp(national_growth(history, t, years_ahead, settings))
        forecast[:, t] = drifted[:, t] * np.exp(fitted.pull * pull + fitted.size * _size_feature(last[:, t]))
    return forecast * _area_anchor(history, years_ahead, forecast, drifted, settings)


def fit_history(history: ExamHistory, type_index: int, years_ahead: int, settings: HistorySettings) -> HistoryFit:
    """Return the coefficients of one type and horizon, fitted on all known pairs of years; later pairs count more.

    The drift is the growth that half of the candidates' cells stayed under, the national change of the cohort taken out,
    damped by the number of pairs.
    """
    rows, targets, weights, pairs = [np.zeros((0, 3))], [np.zeros(0)], [np.zeros(0)], 0.0
    for position in range(1, len(history.years) - years_ahead):
        pair_weight = _pair_weight(history, position, years_ahead, settings)
        last = history.candidates[:, type_index, position]
        scored = last >= MIN_CANDIDATES
        pull = pull_feature(history, type_index, position, settings)
        rows.append(np.stack([np.ones_like(last), pull, _size_feature(last)], axis=1)[scored])
        targets.append(_share_growth(history, type_index, position, years_ahead)[scored] - 1.0)
        weights.append(last[scored] * pair_weight)
        pairs += pair_weight
    growth, weight = np.concatenate(targets), np.concatenate(weights)
    _, pull_weight, size = least_absolute(np.concatenate(rows), growth, weight, ridge=settings.ridge)
    typical = weighted_median(growth, weight)
    return HistoryFit(
        drift=pairs / (pairs + settings.drift_years) * float(np.log(np.clip(1.0 + typical, 0.5, 2.0))),
        pull=float(np.clip(pull_weight, 0.0, 1.0)),
        size=float(np.clip(size, -0.2, 0.2)),
    )


def _pair_weight(history: ExamHistory, position: int, years_ahead: int, settings: HistorySettings) -> float:
    """Return how much a pair of years counts: later pairs more, pairs that end in a shock year less."""
    age = len(history.years) - 1 - years_ahead - position
    shock = settings.shock_weight if history.years[position + years_ahead] in settings.shock_years else 1.0
    return float(settings.year_discount**age * shock)


def _size_feature(last: Floats) -> Floats:
    """Return log(last / size of the cell where the typical candidate sits): large cells shrink, small ones grow.

    Its mean over candidates is 0, so that it leaves the drift of the type alone.
    """
    logs, scored = np.log(np.maximum(last, MIN_CANDIDATES)), last >= MIN_CANDIDATES
    typical = float(np.average(logs[scored], weights=last[scored])) if scored.any() else 0.0
    return np.asarray(logs - typical)


def _share_growth(history: ExamHistory, type_index: int, position: int, years_ahead: int) -> Floats:
    """Return each location's growth over one pair of years as a factor, the national change of the cohort taken out."""
    counts, year = history.candidates[:, type_index, :], history.years[position]
    cohort = history.cohort_change(type_index, origin=year, target=year + years_ahead)
    return np.asarray(counts[:, position + years_ahead] / np.maximum(counts[:, position], 1.0) / np.exp(cohort))


def national_growth(history: ExamHistory, type_index: int, years_ahead: int, settings: HistorySettings) -> float:
    """Return the expected growth of a type over the horizon [log]: bounded yearly drift and change of its cohort."""
    drift = fit_history(history, type_index, 1, settings).drift
    yearly_drift = min(max(drift, -settings.drift_bound), settings.drift_bound)
    newest = history.years[-1]
    return years_ahead * yearly_drift + history.cohort_change(type_index, origin=newest, target=newest + years_ahead)


def least_absolute(rows: Floats, targets: Floats, weights: Floats, *, ridge: float) -> Floats:
    """Return the coefficients that make Σ weight·|target − rows·b| smallest, by reweighted least squares.

    The ridge, in persons, holds coefficients near zero while little is known.
    """
    coefficients: Floats = np.zeros(rows.shape[1])
    for _ in range(60):
        misses = np.abs(targets - (rows * coefficients).sum(axis=1))
        scaled = rows * (weights / np.maximum(misses, 0.01))[:, None]
        # Sums instead of matrix products: those may add in another order on another number of threads.
        square = (rows[:, :, None] * scaled[:, None, :]).sum(axis=0) + ridge * np.eye(rows.shape[1])
        coefficients = np.asarray(np.linalg.solve(square, (scaled * targets[:, None]).sum(axis=0)), np.float64)
    return coefficients


def pull_feature(history: ExamHistory, type_index: int, position: int, settings: HistorySettings) -> Floats:
    """Return log(mean of earlier years / last), 0 for a cell that did not exist the year before."""
    counts = history.candidates[:, type_index, :]
    earlier = counts[:, max(0, position - settings.mean_years) : position]
    if earlier.shape[1] == 0:
        return np.zeros(counts.shape[0])
    ratio = bounded_log_ratio(earlier.mean(axis=1), counts[:, position], cap=settings.cap, pupils_added=2.0)
    return np.where(earlier[:, -1] > 0, ratio, 0.0)


def _area_anchor(
    history: ExamHistory, years_ahead: int, forecast: Floats, drifted: Floats, settings: HistorySettings
) -> Floats:
    """Return the factor that keeps most of each area's own level, moved by its next cohort; 1 where no area is known."""
    level = group_sums(drifted, history.areas) * np.exp(settings.cohort_weight * _cohort_change(history, years_ahead))
    parts = group_sums(forecast, history.areas)
    factor = (np.maximum(level, 1.0) / np.maximum(parts, 1.0)) ** settings.area_kept
    return np.where((history.areas >= 0)[:, None], factor, 1.0)


def _cohort_change(history: ExamHistory, years_ahead: int) -> Floats:
    """Return the change of the area's cohort over the horizon [log]: havo follows vmbo by one year, vwo follows havo.

    Beyond one year ahead the last change is taken to go on.
    """
    change = np.zeros(history.candidates.shape[:2])
    if len(history.years) > 1:
        sums = group_sums(history.candidates[:, :, -2:], history.areas)
        change[:, 1:] = bounded_log_ratio(sums[:, :2, 1], sums[:, :2, 0], cap=0.2, pupils_added=20.0)
    return years_ahead * change

"""How good a forecast was, once the count is known.

Measures: WAPE and bias of the point forecast, coverage of the 80 % band, CRPS of the draws and its skill against a
baseline. The module knows cells and groups of cells, not what they are (pupils, candidates, locations, regions):
callers give labels. It also makes the baseline bands: a simple rule with its own past errors around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Labels = Sequence[str] | NDArray[np.str_]

SIZE_CLASS_FLOORS = (20, 50, 100, 200)
SIZE_CLASS_LABELS = ("0-20", "20-50", "50-100", "100-200", "200+")
BASELINE_LEVELS = (np.arange(99) + 1) / 100.0
MIN_PAST_CELLS = 30
Z_95 = 1.96


@dataclass(frozen=True)
class ForecastCells:
    """A forecast beside the count that followed; every array holds one value per cell [persons].

    `crps` and `baseline_crps` come from `crps`; leave them zero when no draws are at hand.
    """

    p10: Floats
    p50: Floats
    p90: Floats
    truth: Floats
    crps: Floats
    baseline_crps: Floats


@dataclass(frozen=True)
class Score:
    """The measures over one set of cells; shares are fractions of the true total, not percentages."""

    cells: int
    truth_total: float
    wape: float
    bias: float
    coverage_80: float
    crps: float
    crps_skill: float


def wape(forecast: Floats, truth: Floats) -> float:
    """Return Σ|forecast − truth| / Σ truth [share].

    Raises:
        ImplausibleInput: the truth sums to nothing, so the share has no meaning.
    """
    return float(np.abs(forecast - truth).sum()) / _positive_total(truth)


def difference_margin(one: Floats, other: Floats, truth: Floats) -> float | None:
    """Return the 95 % margin of the difference between the WAPEs of two forecasts of the same cells [share].

    Cells are taken as independent, which makes the margin too small where neighbours err together. None with one cell.
    """
    gaps = np.abs(one - truth) - np.abs(other - truth)
    if gaps.size < 2:
        return None
    return float(Z_95 * gaps.std(ddof=1) * gaps.size**0.5) / _positive_total(truth)


def bias(forecast: Floats, truth: Floats) -> float:
    """Return Σ(forecast − truth) / Σ truth [share]; above zero means forecast too high."""
    return float((forecast - truth).sum()) / _positive_total(truth)


def coverage(low: Floats, high: Floats, truth: Floats) -> float:
    """Return the share of cells whose truth lies in the band, its ends included [0-1]."""
    if truth.size == 0:
        raise ImplausibleInput("coverage needs at least one cell, got none")
    return float(((low <= truth) & (truth <= high)).mean())


def crps(draws: Floats, truth: Floats) -> Floats:
    """Return the continuous ranked probability score of each cell [persons]; lower is better.

    Args:
        draws: draws or equally likely quantiles, shape (cells, draws).
        truth: counts, shape (cells,).

    Source: Gneiting and Raftery (2007), E|X − y| − ½·E|X − X'|, the second term by sorting.
    """
    count = draws.shape[1]
    ordered = np.sort(draws, axis=1)
    weights = 2.0 * np.arange(1, count + 1) - count - 1.0
    spread: Floats = (ordered * weights).sum(axis=1) / count**2
    distance: Floats = np.abs(draws - truth[:, None]).mean(axis=1)
    return distance - spread


def score(cells: ForecastCells, where: Bools | None = None) -> Score:
    """Return the measures over all cells, or over those where the mask is true."""
    mask = np.ones(cells.truth.shape, bool) if where is None else where
    truth, baseline = cells.truth[mask], float(cells.baseline_crps[mask].sum())
    own = float(cells.crps[mask].sum())
    return Score(
        cells=int(mask.sum()),
        truth_total=float(truth.sum()),
        wape=wape(cells.p50[mask], truth),
        bias=bias(cells.p50[mask], truth),
        coverage_80=coverage(cells.p10[mask], cells.p90[mask], truth),
        crps=own / max(int(mask.sum()), 1),
        crps_skill=1.0 - own / baseline if baseline > 0.0 else 0.0,
    )


def score_by(cells: ForecastCells, labels: Labels) -> dict[str, Score]:
    """Return one score per label, labels in sorted order; groups whose truth is all zero are left out."""
    names = np.asarray(labels, dtype=np.str_)
    masks = {str(name): names == name for name in np.unique(names)}
    return {name: score(cells, mask) for name, mask in masks.items() if cells.truth[mask].sum() > 0}


def size_classes(last_known: Floats) -> NDArray[np.str_]:
    """Return the size class of each cell, by its last known count [persons]."""
    return np.asarray(SIZE_CLASS_LABELS)[np.searchsorted(SIZE_CLASS_FLOORS, last_known, side="right")]


def stack(parts: Sequence[ForecastCells]) -> ForecastCells:
    """Return the cells of several back-test rounds as one set, in the given order."""
    names = ("p10", "p50", "p90", "truth", "crps", "baseline_crps")
    return ForecastCells(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def baseline_draws(
    level: Floats, groups: Labels, *, past_level: Floats, past_truth: Floats, past_groups: Labels
) -> Floats:
    """Return a simple rule with its own past errors around it, shape (cells, 99): a calibrated baseline.

    Each cell gets its level times the quantiles 1 % .. 99 % of past truth / past level in its group; a group with fewer
    than 30 past cells uses all of them together.

    Args:
        level: what the rule says now, such as the last count for persistence [persons].
        groups: label per cell, such as type and size class.
        past_level: what the rule said in earlier rounds [persons]; cells of zero are left out.
        past_truth: what was counted then [persons].
        past_groups: label per past cell.
    """
    told = past_level > 0
    if not told.any():
        raise ImplausibleInput("a calibrated baseline needs past cells with a level above zero, got none")
    ratios, names = past_truth[told] / past_level[told], np.asarray(past_groups, dtype=np.str_)[told]
    draws = level[:, None] * np.quantile(ratios, BASELINE_LEVELS)
    now = np.asarray(groups, dtype=np.str_)
    for name in np.unique(now):
        own = ratios[names == name]
        if own.size >= MIN_PAST_CELLS:
            draws[now == name] = level[now == name, None] * np.quantile(own, BASELINE_LEVELS)
    return np.asarray(draws, np.float64)


def _positive_total(truth: Floats) -> float:
    total = float(truth.sum())
    if total <= 0.0:
        raise ImplausibleInput(
            f"a relative error needs a true total above zero, got {total:.1f} over {truth.size} cells"
        )
    return total

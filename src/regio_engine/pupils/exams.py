"""Exam candidates of coming years per location and type: one ensemble of exam history and classes, with its bands.

`fit` turns what was known at an origin into medians, spreads and a table of past misses: the national context, equal
for every region. `simulate` draws counts for any set of locations from it. Each horizon is forecast on its own.
Back-testing is in `exam_backtest`, the committed choice of weights in `parameters/exam_model.yaml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.keyed_random import stable_id, uniform, words

from .exam_classes import ClassWeights, WeightTable, class_forecast, class_width
from .exam_data import TYPES, ClassCounts, ExamHistory, Floats
from .exam_history import MIN_CANDIDATES, HistorySettings, history_forecast
from .exam_spread import (
    Misses,
    Spread,
    fit_spread,
    integer_draws,
    middle_miss,
    miss_table,
    national_factors,
    standard_deviation,
)
from .exam_starts import Starts, StartSettings, has_class, starts

LEAST_KEPT = 0.8  # of the cells with candidates, where new ones would take more than is plausible; aanname
FIRST_FITTED = 2  # from the third year on there is a pair of years to fit the exam-only forecast on


@dataclass(frozen=True)
class ExamSettings:
    """The committed choice, as far as it was known at the origin."""

    history: HistorySettings
    fallback_spread: Spread
    national_standard_error: float  # of the national total one year ahead; grows with the root of the years
    class_weights: WeightTable
    starts: StartSettings

    @staticmethod
    def at_origin(mapping: Mapping[str, Any], origin: int) -> "ExamSettings":
        """Return the settings that were chosen on years up to the origin, from the text of `exam_model.yaml`.

        A later choice of weights replaces an earlier one for the same type and lags.
        """
        weights: dict[str, dict[str, ClassWeights]] = {name: {} for name in TYPES}
        for choice in sorted(mapping["class_weights"], key=lambda one: int(one["from_origin"])):
            if choice["from_origin"] <= origin:
                for name, rows in choice["weights"].items():
                    weights[name] |= {key: ClassWeights(**values) for key, values in rows.items()}
        return ExamSettings(
            history=HistorySettings(**mapping["exam_history"]),
            fallback_spread=Spread(**mapping["fallback_spread"]),
            national_standard_error=float(mapping["national_standard_error"]),
            class_weights=weights,
            starts=StartSettings(**{**mapping["starts"], "spread": Spread(**mapping["starts"]["spread"])}),
        )


@dataclass(frozen=True)
class Horizon:
    """One school year ahead: medians and deviations per location and type, shape (locations, 3), and the miss table.

    `chance` is that of a cell without candidates to get any, 1 for all others; None where no pupil file tells.
    """

    median: Floats
    deviation: Floats
    table: Floats
    chance: Floats | None = None

    def rounded(self) -> "Horizon":
        """Return the horizon in steps of 1e-6, so that another CPU's last bits of a logarithm do not reach the draws."""
        return replace(self, **{name: np.round(getattr(self, name), 6) for name in ("median", "deviation", "table")})

    def with_starts(self, begun: Starts) -> "Horizon":
        """Return the horizon with the cells that have a class on its way but no candidates yet.

        What is expected there is part of the same national total, so all other cells give way by as much.
        """
        new = begun.chance > 0
        kept = 1.0 - (begun.chance * begun.median).sum(axis=0) / np.maximum(self.median.sum(axis=0), 1.0)
        return Horizon(
            median=np.where(new, begun.median, self.median * np.maximum(kept, LEAST_KEPT)),
            deviation=np.where(new, begun.deviation, self.deviation),
            table=self.table,
            chance=np.where(new, begun.chance, 1.0),
        )


@dataclass(frozen=True)
class ExamModel:
    """The national context from which candidates are drawn; `horizons` start one school year after the origin.

    `has_class` tells, (locations, 3), which cells have a class in the newest pupil file.
    """

    locations: NDArray[np.str_]
    origin: int
    last: Floats
    has_class: NDArray[np.bool_]
    horizons: tuple[Horizon, ...]
    national_standard_error: float

    @property
    def told(self) -> NDArray[np.bool_]:
        """Which cells have a forecast, be it nought: candidates in the newest year, or a class, (locations, 3)."""
        return np.asarray((self.last > 0) | self.has_class)

    @property
    def begun(self) -> NDArray[np.bool_]:
        """Which of them had no candidates in the newest year, so that only classes tell, (locations, 3)."""
        return np.asarray((self.last == 0) & self.has_class)


def fit(
    history: ExamHistory, classes: Sequence[ClassCounts], *, origin: int, years_ahead: int, settings: ExamSettings
) -> ExamModel:
    """Return the model as it could be made when school year `origin` was the newest exam year.

    Args:
        history: exam counts of the whole country; years after the origin are not looked at.
        classes: the pupil files that were known, oldest first; the newest is followed, earlier ones tell how wide such
            forecasts miss. Empty for exam counts alone.
        years_ahead: number of school years after the origin.

    Raises:
        MissingInput: the origin is not in the history.
        ImplausibleInput: years_ahead is below 1.
    """
    if years_ahead < 1:
        raise ImplausibleInput(f"years_ahead must be at least 1, got {years_ahead}")
    known = history.known_at(origin)
    alone = [_history_horizon(known, ahead, settings) for ahead in range(1, years_ahead + 1)]
    horizons: list[Horizon] = []
    begun: list[Starts] = []
    for ahead, plain in enumerate(alone, start=1):
        if not classes:
            horizons.append(plain)
            continue
        growth = plain.median / np.maximum(alone[ahead - 2].median, 0.1) if ahead > 1 else np.ones_like(plain.median)
        carried = _carried_on(horizons[-1], growth, plain) if horizons else plain
        horizons.append(_with_classes(known, classes, plain, carried=carried, years_ahead=ahead, settings=settings))
        begun.append(
            starts(
                known, classes[-1], horizons[-1].median, years_ahead=ahead, settings=settings.starts,
                before=begun[-1] if begun else None,
            )
        )  # fmt: skip
    if classes:
        horizons = [horizon.with_starts(start) for horizon, start in zip(horizons, begun, strict=True)]
    return ExamModel(
        locations=known.locations,
        origin=origin,
        last=known.candidates[:, :, -1],
        has_class=has_class(classes[-1]) if classes else np.zeros(known.candidates.shape[:2], bool),
        horizons=tuple(horizon.rounded() for horizon in horizons),
        national_standard_error=settings.national_standard_error,
    )


def _history_horizon(known: ExamHistory, ahead: int, settings: ExamSettings) -> Horizon:
    """Return the forecast from exam counts alone, put right and given its spread by its own misses at earlier origins."""
    median = history_forecast(known, ahead, settings.history)
    misses = _past_misses(known, ahead, settings.history)
    deviation = np.zeros_like(median)
    parts = []
    for t, missed in enumerate(misses):
        spread = fit_spread(missed, settings.fallback_spread)
        parts.append((missed, spread))
        shift = middle_miss(missed, spread)
        median[:, t] = np.maximum(
            median[:, t] + shift * standard_deviation(median[:, t], phi=spread.phi, c=spread.c), 0.0
        )
        deviation[:, t] = standard_deviation(median[:, t], phi=spread.phi, c=spread.c)
    return Horizon(median, deviation, miss_table(parts))


def _past_misses(known: ExamHistory, ahead: int, settings: HistorySettings) -> list[Misses]:
    """Return per type what the exam-only forecast said at earlier origins beside what was counted."""
    medians: list[list[Floats]] = [[] for _ in TYPES]
    truths: list[list[Floats]] = [[] for _ in TYPES]
    for position in range(FIRST_FITTED, len(known.years) - ahead):
        earlier = known.known_at(known.years[position])
        median = history_forecast(earlier, ahead, settings)
        for t in range(len(TYPES)):
            scored = earlier.candidates[:, t, -1] >= MIN_CANDIDATES
            medians[t].append(median[scored, t])
            truths[t].append(known.candidates[scored, t, position + ahead])
    empty = [np.zeros(0)]
    return [Misses(np.concatenate(empty + m), np.concatenate(empty + y)) for m, y in zip(medians, truths, strict=True)]


def _with_classes(
    known: ExamHistory,
    classes: Sequence[ClassCounts],
    plain: Horizon,
    *,
    carried: Horizon,
    years_ahead: int,
    settings: ExamSettings,
) -> Horizon:
    """Return the horizon with the newest classes followed where they are known.

    A type whose target class was not in vo yet is carried on from the horizon before, moved by the exam-only change.
    """
    told = class_forecast(
        known, classes[-1], years_ahead=years_ahead, table=settings.class_weights, history=settings.history
    )
    width = class_width(known, classes, years_ahead=years_ahead, table=settings.class_weights, history=settings.history)
    without_class = (
        np.where(told.told, plain.median, carried.median),
        np.where(told.told, plain.deviation, carried.deviation),
    )
    return Horizon(
        median=np.where(told.known, told.median, without_class[0]),
        deviation=np.where(told.known, width * told.deviation, without_class[1]),
        table=plain.table,
    )


def _carried_on(before: Horizon, growth: Floats, plain: Horizon) -> Horizon:
    """Return the horizon before, moved by the exam-only growth of one more year and widened by the exam-only ratio."""
    factor = np.clip(growth, 0.8, 1.25)
    return Horizon(before.median * factor, np.maximum(before.deviation * factor, plain.deviation), plain.table)


def simulate(
    model: ExamModel, *, rows: NDArray[np.int64], years_ahead: int, draws: NDArray[np.int64], seed: int
) -> NDArray[np.int32]:
    """Return drawn candidates of one school year, shape (rows, 3, draws) [persons].

    Args:
        rows: indices into `model.locations`, any subset in any order.
        years_ahead: school years after the origin, from 1.
        draws: draw numbers; any slice gives the same numbers as the whole.
    """
    horizon, year = model.horizons[years_ahead - 1], model.origin + years_ahead
    error = model.national_standard_error * float(np.sqrt(years_ahead))
    factors = national_factors(seed=seed, year=year, draws=draws, standard_error=error)
    drawn = np.empty((rows.size, len(TYPES), draws.size), np.int32)
    for t, name in enumerate(TYPES):
        ids = np.array([stable_id(f"{code}:{name}") for code in model.locations[rows]], np.uint64)
        drawn[:, t, :] = integer_draws(
            horizon.median[rows, t],
            horizon.deviation[rows, t],
            horizon.table,
            ids=ids,
            factors=factors[[t]],
            seed=seed,
            year=year,
            draws=draws,
        )
        if horizon.chance is not None:
            unsure = np.flatnonzero(horizon.chance[rows, t] < 1.0)
            drawn[unsure, t, :] *= _begins(horizon.chance[rows[unsure], t], ids[unsure], seed=seed, draws=draws)
    return drawn


def _begins(chance: Floats, ids: NDArray[np.uint64], *, seed: int, draws: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return in which draws a class sits its exam where nobody did before, (cells, draws): the same in every year."""
    word = words(seed=seed, purpose="exam-start", stable_ids=ids[:, None], years=0, draws=draws[None, :])[0]
    return np.asarray(uniform(word) < chance[:, None])

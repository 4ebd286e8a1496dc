"""Rolling-origin back-test of the exam forecast: what it would have said at an origin, beside what was counted.

One round is one origin and horizon, with or without classes. Each round gives the forecast and two simple rules with
their own past errors: persistence (the last count) and the mean of three years. Scored cells are location x type with
at least 20 candidates in the last known year, or all locations of an area summed per type.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regio_engine.bands import spread_of

from .exam_data import TYPES, VO_FIRST_AGE, ClassCounts, CohortCounts, ExamHistory, Floats, Ints
from .exam_history import MIN_CANDIDATES
from .exams import ExamSettings, fit, simulate
from .scoring import ForecastCells, Labels, Score, baseline_draws, crps, difference_margin, score, size_classes

ALL = "alle"
MEAN_YEARS = 3


@dataclass(frozen=True)
class Round:
    """One origin and horizon, and what is used of all that was known at the origin.

    Without `use_classes` the exam counts alone. With it the pupil files too, and with `use_younger` also older counts
    of the same cohorts as younger children (ages in primary education, years of study in earlier files).
    """

    origin: int
    years_ahead: int
    use_classes: bool
    use_younger: bool = True

    @property
    def target(self) -> int:
        """School year that is forecast."""
        return self.origin + self.years_ahead


@dataclass(frozen=True)
class PlayedRound:
    """A round with its cells: rows and labels per cell, the forecast and the two simple rules."""

    round: Round
    names: NDArray[np.str_]  # location or area of each cell
    types: NDArray[np.str_]
    last_known: Floats
    forecast: ForecastCells
    persistence: ForecastCells
    three_year_mean: ForecastCells

    def labels(self) -> dict[str, Labels]:
        """Return the groupings that are scored: all cells, per type, per size class."""
        everything = np.full(self.types.shape, ALL)
        return {ALL: everything, "soort": self.types, "grootte": size_classes(self.last_known)}

    def margins(self, where: NDArray[np.bool_]) -> tuple[float | None, float | None]:
        """Return the 95 % margins of the differences with persistence and with the three-year mean, over a mask [share]."""
        ours, truth = self.forecast.p50[where], self.forecast.truth[where]
        persistence, mean = (
            difference_margin(ours, rule.p50[where], truth) for rule in (self.persistence, self.three_year_mean)
        )
        return persistence, mean

    def scores(self, where: NDArray[np.bool_]) -> tuple[Score, Score, Score]:
        """Return the scores of forecast, persistence and three-year mean over the cells where the mask is true."""
        return score(self.forecast, where), score(self.persistence, where), score(self.three_year_mean, where)


def play(
    history: ExamHistory,
    classes: Sequence[ClassCounts],
    round_: Round,
    mapping: Mapping[str, Any],
    *,
    draws: int,
    seed: int,
    grains: Mapping[str, Ints | None],
) -> dict[str, PlayedRound]:
    """Return one round, played once and scored per grain.

    Args:
        classes: all pupil files, oldest first; those counted after the origin are left out.
        mapping: the committed choice (`exam_model.yaml`); only what was chosen up to the origin is used.
        grains: per grain the area of each location, whose sums are scored (-1 leaves a location out); None scores
            locations.
    """
    usable = [count for count in classes if round_.use_classes and count.count_year <= round_.origin]
    history = replace(history, cohorts=_usable_cohorts(history, usable, round_))
    settings = ExamSettings.at_origin(mapping, round_.origin)
    model = fit(history, usable, origin=round_.origin, years_ahead=round_.years_ahead, settings=settings)
    rows = np.arange(len(history.locations))
    drawn = simulate(model, rows=rows, years_ahead=round_.years_ahead, draws=np.arange(draws), seed=seed)
    return {grain: _played(round_, _Cells.of(history, round_, drawn, areas)) for grain, areas in grains.items()}


def _usable_cohorts(history: ExamHistory, usable: Sequence[ClassCounts], round_: Round) -> tuple[CohortCounts, ...]:
    """Return the cohort counts of a round; without the younger children only those of the pupil files themselves."""
    if not round_.use_classes or round_.use_younger:
        return history.cohorts if round_.use_classes else ()
    years = {count.count_year for count in usable}
    return tuple(one for one in history.cohorts if one.first_age == VO_FIRST_AGE and one.count_year in years)


def _played(round_: Round, cells: "_Cells") -> PlayedRound:
    return PlayedRound(
        round=round_,
        names=cells.names,
        types=cells.types,
        last_known=cells.known[:, -1],
        forecast=cells.scored(cells.draws),
        persistence=cells.simple_rule(round_, years=1),
        three_year_mean=cells.simple_rule(round_, years=MEAN_YEARS),
    )


@dataclass(frozen=True)
class _Cells:
    """The scored cells of a round: draws and truth per cell, and counts up to the origin of all cells there are."""

    names: NDArray[np.str_]
    types: NDArray[np.str_]
    known: Floats
    draws: Floats
    truth: Floats
    everything_known: Floats
    everything_types: NDArray[np.str_]

    @staticmethod
    def of(history: ExamHistory, round_: Round, drawn: NDArray[np.int32], areas: Ints | None) -> "_Cells":
        """Return the cells with enough candidates, or the sums per area."""
        counts, draws = history.candidates, drawn.astype(np.float64)
        names = history.locations if areas is None else np.arange(int(areas.max()) + 1).astype(np.str_)
        if areas is not None:
            counts, draws = _area_sums(counts, areas), _area_sums(draws, areas)
        first = history.years[0]
        known = counts[:, :, : round_.origin - first + 1].reshape(-1, round_.origin - first + 1)
        labels, types = np.repeat(names, len(TYPES)), np.tile(np.array(TYPES), len(names))
        scored = known[:, -1] >= MIN_CANDIDATES
        return _Cells(
            names=labels[scored],
            types=types[scored],
            known=known[scored],
            draws=draws.reshape(known.shape[0], -1)[scored],
            truth=counts[:, :, round_.target - first].reshape(-1)[scored],
            everything_known=known,
            everything_types=types,
        )

    def scored(self, draws: Floats, *, point: Floats | None = None) -> ForecastCells:
        """Return draws beside the truth, with their CRPS; the point is their median unless another is given."""
        said = spread_of(draws)
        middle = said.p50 if point is None else point
        return ForecastCells(said.p10, middle, said.p90, self.truth, crps(draws, self.truth), np.zeros_like(self.truth))

    def simple_rule(self, round_: Round, *, years: int) -> ForecastCells:
        """Return the mean of the last years, with the errors that rule made at earlier origins as its band."""
        levels, truths, groups = [], [], []
        for position in range(self.everything_known.shape[1] - round_.years_ahead):
            past = self.everything_known[:, max(0, position - years + 1) : position + 1]
            scored = past[:, -1] >= MIN_CANDIDATES
            levels.append(past[scored].mean(axis=1))
            truths.append(self.everything_known[scored, position + round_.years_ahead])
            groups.append(_groups(self.everything_types[scored], past[scored, -1]))
        level = self.known[:, -years:].mean(axis=1)
        drawn = baseline_draws(
            level,
            _groups(self.types, self.known[:, -1]),
            past_level=np.concatenate(levels),
            past_truth=np.concatenate(truths),
            past_groups=np.concatenate(groups),
        )
        return self.scored(drawn, point=level)


def _groups(types: NDArray[np.str_], last: Floats) -> NDArray[np.str_]:
    return np.char.add(types, size_classes(last))


def _area_sums(values: Floats, areas: Ints) -> Floats:
    sums = np.zeros((int(areas.max()) + 1, *values.shape[1:]))
    np.add.at(sums, areas[areas >= 0], values[areas >= 0])
    return sums

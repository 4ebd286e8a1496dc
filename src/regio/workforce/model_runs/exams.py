"""Exam candidates: asks the engine on the counts in the tables and gives plain rows back. Saves nothing.

`forecast_exams` looks ahead from the newest exam year; `backtest_exams` plays the past again and scores it.
`progress(done, total)` may raise to stop the work.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Max, Min
from numpy.typing import NDArray

from regio.workforce.models import ExamCount
from regio_engine.bands import spread_of
from regio_engine.pupils.exam_backtest import PlayedRound, Round, play
from regio_engine.pupils.exam_data import TYPES, ClassCounts, ExamHistory
from regio_engine.pupils.exam_history import MIN_CANDIDATES
from regio_engine.pupils.exams import ExamModel, ExamSettings, fit, simulate
from regio_engine.pupils.scoring import Score

from .choices import choice_commit
from .exam_inputs import PARAMETERS, area_keys, choice, read_classes, read_history, registered_areas

Progress = Callable[[int, int], None]

DEFAULT_SEED = 20260801
LOCATIONS_AT_ONCE = 200
EXAMS_ALONE, WITH_CLASSES, WITH_YOUNGER = "examens", "examens en klassen", "alle tellingen"

# The rounds of the score table: what was known, and the school years it is held against.
ROUNDS = (
    *(Round(origin, ahead, True, younger) for younger in (True, False) for origin, ahead in ((2019, 1), (2020, 1), (2019, 2))),
    *(Round(origin, 1, False) for origin in (2017, 2018, 2019, 2020)),
    *(Round(origin, 2, False) for origin in (2018, 2019)),
)  # fmt: skip


@dataclass(frozen=True)
class ExamForecastRow:
    """Candidates of one location and type, or of a group of locations, in one coming school year [persons].

    `begun` names the locations in it that had no candidates of the type in the newest exam year: their part comes from the
    classes of the newest pupil file alone.
    """

    location: str
    exam_type: str
    school_year: int
    p10: float
    p50: float
    mean: float
    p90: float
    begun: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExamScoreLine:
    """One line of the scorecard: a round, a grain, a group of its cells, and how the forecast and the rules did."""

    known: str
    class_lag: int | None  # years between the count of the classes and the target; None from exams alone
    origin: int
    target: int
    years_ahead: int
    use_classes: bool
    use_younger: bool
    grain: str  # "vestiging" or "rpa"
    grouping: str  # "alle", "soort" or "grootte"
    group: str
    forecast: Score
    persistence: Score
    three_year_mean: Score
    margins: tuple[float | None, float | None]  # 95 % margins of the differences with both rules

    @property
    def skill_against_persistence(self) -> float:
        """CRPS skill against the last count with its own past errors [share]; above zero is better."""
        return 1.0 - self.forecast.crps / self.persistence.crps if self.persistence.crps else 0.0


@dataclass(frozen=True)
class ExamCell:
    """What was said and what happened for one cell of a round [persons]."""

    name: str
    exam_type: str
    last_known: float
    p10: float
    p50: float
    p90: float
    happened: float


@dataclass(frozen=True)
class ExamBacktest:
    """The scorecard, the commit that holds the committed choice, and the cells per round and grain."""

    choice_commit: str
    lines: list[ExamScoreLine]
    cells: dict[tuple[Round, str], list[ExamCell]]


# -------------------------------------------------------------------------------------------------------- forecast
def forecast_exams(
    location_codes: Collection[str] | None = None,
    *,
    years: int,
    draws: int = 1000,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> list[ExamForecastRow]:
    """Return rows per location, type and coming school year; none without exam counts.

    Told are cells with candidates in the newest exam year, and cells without any that have classes in the newest pupil file
    (nought where none of these sits its exam in that year).

    Args:
        location_codes: six-character codes, or None for all locations.
        years: school years after the newest exam year.
    """
    model = _model(years)
    if model is None:
        return []
    rows = _rows_of(model, location_codes)
    found = []
    for start in range(0, rows.size, LOCATIONS_AT_ONCE):
        part = rows[start : start + LOCATIONS_AT_ONCE]
        found += _location_rows(model, part, years=years, draws=draws, seed=seed)
        if progress:
            progress(min(start + LOCATIONS_AT_ONCE, rows.size), rows.size)
    return found


def forecast_exam_sums(
    groups: Mapping[str, Collection[str]],
    *,
    years: int,
    draws: int = 1000,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> list[ExamForecastRow]:
    """Return rows per group (its name stands in `location`), type and school year: sums of its locations, per draw."""
    model = _model(years)
    if model is None:
        return []
    found = []
    for number, (name, codes) in enumerate(groups.items(), start=1):
        rows = _rows_of(model, codes)
        for ahead in range(1, years + 1):
            drawn = simulate(model, rows=rows, years_ahead=ahead, draws=np.arange(draws), seed=seed)
            found += _rows(model, ahead, {name: rows}, drawn.sum(axis=0, dtype=np.int64)[None])
        if progress:
            progress(number, len(groups))
    return found


def _model(years: int) -> ExamModel | None:
    history = read_history()
    if history is None:
        return None
    origin = history.years[-1]
    settings = ExamSettings.at_origin(choice(), origin)
    return fit(history, read_classes(history), origin=origin, years_ahead=years, settings=settings)


def _rows_of(model: ExamModel, location_codes: Collection[str] | None) -> NDArray[np.int64]:
    wanted = np.ones(len(model.locations), bool)
    if location_codes is not None:
        wanted = np.isin(model.locations, list(location_codes))
    return np.flatnonzero(wanted & model.told.any(axis=1))


def _location_rows(
    model: ExamModel, rows: NDArray[np.int64], *, years: int, draws: int, seed: int
) -> list[ExamForecastRow]:
    per_year = []
    for ahead in range(1, years + 1):
        drawn = simulate(model, rows=rows, years_ahead=ahead, draws=np.arange(draws), seed=seed)
        per_year.append(_rows(model, ahead, {str(model.locations[row]): np.array([row]) for row in rows}, drawn))
    told = {(str(model.locations[row]), name) for row in rows for t, name in enumerate(TYPES) if model.told[row, t]}
    found = [row for rows_of_year in per_year for row in rows_of_year if (row.location, row.exam_type) in told]
    return sorted(found, key=lambda row: (row.location, TYPES.index(row.exam_type), row.school_year))


def _rows(
    model: ExamModel, ahead: int, members: Mapping[str, NDArray[np.int64]], drawn: NDArray[np.integer]
) -> list[ExamForecastRow]:
    """Return the rows of one school year; `members` holds the rows of the model that each name is the sum of."""
    spread, begun = spread_of(drawn), model.begun
    return [
        ExamForecastRow(
            name, kind, model.origin + ahead, float(spread.p10[n, t]), float(spread.p50[n, t]),
            round(float(spread.mean[n, t]), 2), float(spread.p90[n, t]),
            tuple(str(code) for code in model.locations[own[begun[own, t]]]),
        )
        for n, (name, own) in enumerate(members.items())
        for t, kind in enumerate(TYPES)
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------------- back-test
def backtest_exams(
    rounds: Iterable[Round] | None = None,
    *,
    draws: int = 1000,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> ExamBacktest:
    """Return the scorecard of the rounds that the loaded years allow; rounds with classes need a pupil file.

    Lines come per round and grain (location; area of registered locations), for all cells, per type and per size class.
    """
    history = read_history()
    if history is None:
        return ExamBacktest(choice_commit(PARAMETERS), [], {})
    classes, keys = read_classes(history), area_keys(history)
    possible = [one for one in (ROUNDS if rounds is None else tuple(rounds)) if _is_possible(one, history, classes)]
    lines: list[ExamScoreLine] = []
    cells: dict[tuple[Round, str], list[ExamCell]] = {}
    for number, one in enumerate(possible, start=1):
        grains = {"vestiging": None, **({"rpa": registered_areas(history)} if keys else {})}
        for grain, played in play(history, classes, one, choice(), draws=draws, seed=seed, grains=grains).items():
            lines += _lines(played, grain, class_lag(one, classes))
            cells[one, grain] = _cells(played, keys if grain == "rpa" else None)
        if progress:
            progress(number, len(possible))
    return ExamBacktest(choice_commit(PARAMETERS), lines, cells)


def all_rounds() -> tuple[Round, ...]:
    """Return every round of one to three years ahead that the loaded exam years allow, from the third year on."""
    bounds = ExamCount.objects.aggregate(first=Min("school_year"), last=Max("school_year"))
    if bounds["first"] is None:
        return ()
    return tuple(
        Round(origin, ahead, use_classes)
        for use_classes in (False, True)
        for ahead in (1, 2, 3)
        for origin in range(bounds["first"] + 2, bounds["last"] - ahead + 1)
    )


def class_lag(one: Round, classes: Sequence[ClassCounts]) -> int | None:
    """Return the years between the newest classes known at the origin and the target; None from exams alone."""
    known = [count.count_year for count in classes if one.use_classes and count.count_year <= one.origin]
    return one.target - max(known) if known else None


def _is_possible(one: Round, history: ExamHistory, classes: Sequence[ClassCounts]) -> bool:
    if one.origin - one.years_ahead < history.years[0] or one.target > history.years[-1]:
        return False
    past = history.candidates[:, :, : one.origin - one.years_ahead - history.years[0] + 1]
    if not (past >= MIN_CANDIDATES).any():  # the simple rules have no past error to go by
        return False
    return not one.use_classes or class_lag(one, classes) is not None


def _known(one: Round, lag: int | None) -> str:
    if lag is None:
        return EXAMS_ALONE
    return WITH_YOUNGER if one.use_younger else WITH_CLASSES


def _lines(played: PlayedRound, grain: str, lag: int | None) -> list[ExamScoreLine]:
    one, lines = played.round, []
    for grouping, labels in played.labels().items():
        names = np.asarray(labels)
        for group in np.unique(names):
            forecast, persistence, mean = played.scores(names == group)
            lines.append(
                ExamScoreLine(
                    known=_known(one, lag), class_lag=lag,
                    origin=one.origin, target=one.target, years_ahead=one.years_ahead, use_classes=one.use_classes, use_younger=one.use_younger,
                    grain=grain, grouping=grouping, group=str(group),
                    forecast=forecast, persistence=persistence, three_year_mean=mean,
                    margins=played.margins(names == group),
                )
            )  # fmt: skip
    return lines


def _cells(played: PlayedRound, keys: Sequence[str] | None) -> list[ExamCell]:
    """Return the cells of a round; the engine numbers areas, `keys` names them."""
    said = played.forecast
    names = played.names if keys is None else [keys[int(number)] for number in played.names]
    columns = (names, played.types, played.last_known, said.p10, said.p50, said.p90, said.truth)
    return [
        ExamCell(str(name), str(kind), float(last), float(low), float(middle), float(high), float(truth))
        for name, kind, last, low, middle, high, truth in zip(*columns, strict=True)
    ]

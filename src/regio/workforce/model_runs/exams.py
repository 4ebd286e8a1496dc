"""Exam candidates: reads counts from the tables, asks the engine, gives plain rows back. Saves nothing.

`forecast_exams` looks ahead from the newest exam year; `backtest_exams` plays the past again and scores it;
`score_table` is the short table of the scorecard. `progress(done, total)` may raise to stop the work.
"""

import subprocess
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from django.db.models import Max, Min, Sum
from numpy.typing import NDArray

from regio.regions.models import SchoolLocation
from regio.workforce.enums import ExamType, Level, StageKind
from regio.workforce.models import ExamCount, LearnerCount
from regio_engine.parameters import loader
from regio_engine.pupils.exam_backtest import ALL, PlayedRound, Round, play
from regio_engine.pupils.exam_data import (
    TYPES,
    YEARS_OF_STUDY,
    ClassCounts,
    CohortCounts,
    ExamHistory,
    split_mixed_classes,
)
from regio_engine.pupils.exams import ExamModel, ExamSettings, fit, simulate
from regio_engine.pupils.scoring import Score
from regio_engine.pupils.summaries import spread_of

Progress = Callable[[int, int], None]
Cells = NDArray[np.float64]

PARAMETERS = "exam_model.yaml"
DEFAULT_SEED = 20260801
LOCATIONS_AT_ONCE = 200
UNKNOWN_COMMIT = "onbekend"
PO_AGES = range(4, 11)  # ages at which all children of a cohort are in primary education
VO_FIRST_AGE, VO_OPEN_YEARS = 12, (1, 2, 3)
NOT_A_COHORT = (Level.PRO, Level.INTERNATIONAL, Level.VAVO, Level.ISK)

VMBO, HAVO, VWO = range(len(TYPES))
TYPES_OF_LEVEL: Mapping[str, tuple[int, ...]] = {
    Level.VMBO_B: (VMBO,), Level.VMBO_K: (VMBO,), Level.VMBO_GT: (VMBO,), Level.VMBO_BK: (VMBO,), Level.VMBO: (VMBO,),
    Level.HAVO: (HAVO,), Level.VWO: (VWO,), Level.VMBO_HAVO: (VMBO, HAVO), Level.VMBO_ALL_HAVO: (VMBO, HAVO),
    Level.HAVO_VWO: (HAVO, VWO), Level.VMBO_HAVO_VWO: (VMBO, HAVO, VWO), Level.BRUGJAAR: (VMBO, HAVO, VWO),
}  # fmt: skip

# The rounds of the score table: what was known, and the school years it is held against.
ROUNDS = (
    Round(2019, 1, True), Round(2020, 1, True), Round(2019, 2, True),
    *(Round(origin, 1, False) for origin in (2017, 2018, 2019, 2020)),
    *(Round(origin, 2, False) for origin in (2018, 2019)),
)  # fmt: skip


@dataclass(frozen=True)
class ExamForecastRow:
    """Candidates of one location and type, or of a group of locations, in one coming school year [persons]."""

    location: str
    exam_type: str
    school_year: int
    p10: float
    p50: float
    mean: float
    p90: float


@dataclass(frozen=True)
class ExamScoreLine:
    """One line of the scorecard: a round, a grain, a group of its cells, and how the forecast and the rules did."""

    known: str
    origin: int
    target: int
    years_ahead: int
    use_classes: bool
    grain: str  # "vestiging" or "rpa"
    grouping: str  # "alle", "soort" or "grootte"
    group: str
    forecast: Score
    persistence: Score
    three_year_mean: Score

    @property
    def skill_against_persistence(self) -> float:
        """CRPS skill against the last count with its own past errors [share]; above zero is better."""
        return 1.0 - self.forecast.crps / self.persistence.crps if self.persistence.crps else 0.0

    @property
    def skill_against_mean(self) -> float:
        """CRPS skill against the mean of three years with its own past errors [share]."""
        return 1.0 - self.forecast.crps / self.three_year_mean.crps if self.three_year_mean.crps else 0.0


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
    """Return rows per location with candidates in the newest exam year, type and coming school year; none without counts.

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
            found += _rows(model, ahead, [name], drawn.sum(axis=0, dtype=np.int64)[None])
        if progress:
            progress(number, len(groups))
    return found


def _model(years: int) -> ExamModel | None:
    history = read_history()
    if history is None:
        return None
    origin = history.years[-1]
    settings = ExamSettings.at_origin(_choice(), origin)
    return fit(history, read_classes(history), origin=origin, years_ahead=years, settings=settings)


def _rows_of(model: ExamModel, location_codes: Collection[str] | None) -> NDArray[np.int64]:
    wanted = np.ones(len(model.locations), bool)
    if location_codes is not None:
        wanted = np.isin(model.locations, list(location_codes))
    return np.flatnonzero(wanted & (model.last.sum(axis=1) > 0))


def _location_rows(
    model: ExamModel, rows: NDArray[np.int64], *, years: int, draws: int, seed: int
) -> list[ExamForecastRow]:
    per_year = []
    for ahead in range(1, years + 1):
        drawn = simulate(model, rows=rows, years_ahead=ahead, draws=np.arange(draws), seed=seed)
        per_year.append(_rows(model, ahead, [str(code) for code in model.locations[rows]], drawn))
    has_type = {
        (str(model.locations[row]), name) for row in rows for t, name in enumerate(TYPES) if model.last[row, t] > 0
    }
    found = [row for rows_of_year in per_year for row in rows_of_year if (row.location, row.exam_type) in has_type]
    return sorted(found, key=lambda row: (row.location, TYPES.index(row.exam_type), row.school_year))


def _rows(model: ExamModel, ahead: int, names: list[str], drawn: NDArray[np.integer]) -> list[ExamForecastRow]:
    spread = spread_of(drawn)
    return [
        ExamForecastRow(
            name, kind, model.origin + ahead, float(spread.p10[n, t]), float(spread.p50[n, t]),
            round(float(spread.mean[n, t]), 2), float(spread.p90[n, t]),
        )
        for n, name in enumerate(names)
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
        return ExamBacktest(choice_commit(), [], {})
    classes = read_classes(history)
    possible = [one for one in (ROUNDS if rounds is None else tuple(rounds)) if _is_possible(one, history, classes)]
    lines: list[ExamScoreLine] = []
    cells: dict[tuple[Round, str], list[ExamCell]] = {}
    for number, one in enumerate(possible, start=1):
        grains = {"vestiging": None, "rpa": _registered_areas(history)}
        for grain, played in play(history, classes, one, _choice(), draws=draws, seed=seed, grains=grains).items():
            lines += _lines(played, grain, classes)
            cells[one, grain] = _cells(played)
        if progress:
            progress(number, len(possible))
    return ExamBacktest(choice_commit(), lines, cells)


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


def score_table(backtest: ExamBacktest) -> list[tuple[str, str, float, float]]:
    """Return the short table: what was known, target(s), WAPE and that of persistence, means over targets [share]."""
    whole = [line for line in backtest.lines if line.grouping == ALL]
    kinds = [
        (
            known,
            grain,
            ahead,
            [line for line in whole if (line.known, line.grain, line.years_ahead) == (known, grain, ahead)],
        )
        for known, grain, ahead in dict.fromkeys((line.known, line.grain, line.years_ahead) for line in whole)
    ]
    return [
        (
            known if grain == "vestiging" else f"{known}, per RPA-gebied",
            f"{ahead} jaar vooruit: " + ", ".join(school_year(line.target) for line in lines),
            float(np.mean([line.forecast.wape for line in lines])),
            float(np.mean([line.persistence.wape for line in lines])),
        )
        for known, grain, ahead, lines in kinds
    ]


def choice_commit() -> str:
    """Return the commit in which the committed choice was last changed, `onbekend` outside a checkout."""
    path = Path(str(resources.files("regio_engine.parameters").joinpath(PARAMETERS)))
    command = ["git", "log", "-1", "--format=%h", "--", path.name]
    try:
        found = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return UNKNOWN_COMMIT
    return found.stdout.strip() or UNKNOWN_COMMIT


def school_year(start: int) -> str:
    """Return a school year as people write it: 2022 is 2022-2023."""
    return f"{start}-{start + 1}"


def _is_possible(one: Round, history: ExamHistory, classes: ClassCounts | None) -> bool:
    if one.origin - one.years_ahead < history.years[0] or one.target > history.years[-1]:
        return False
    return not one.use_classes or (classes is not None and classes.count_year <= one.origin)


def _lines(played: PlayedRound, grain: str, classes: ClassCounts | None) -> list[ExamScoreLine]:
    one, lines = played.round, []
    known = "examens"
    if one.use_classes and classes is not None:
        lag = one.target - classes.count_year
        known = f"examens en klassen ({lag} jaar voor hun examen)"
    for grouping, labels in played.labels().items():
        names = np.asarray(labels)
        for group in np.unique(names):
            scores = played.scores(names == group)
            lines.append(
                ExamScoreLine(
                    known,
                    one.origin,
                    one.target,
                    one.years_ahead,
                    one.use_classes,
                    grain,
                    grouping,
                    str(group),
                    *scores,
                )
            )
    return lines


def _cells(played: PlayedRound) -> list[ExamCell]:
    said = played.forecast
    columns = (played.names, played.types, played.last_known, said.p10, said.p50, said.p90, said.truth)
    return [
        ExamCell(str(name), str(kind), float(last), float(low), float(middle), float(high), float(truth))
        for name, kind, last, low, middle, high, truth in zip(*columns, strict=True)
    ]


# ------------------------------------------------------------------------------------------------ tables to arrays
def read_history() -> ExamHistory | None:
    """Return the exam counts of all locations as arrays, with counts of younger children; None without exam counts."""
    rows = list(
        ExamCount.objects.order_by()
        .values_list("location__code", "exam_type", "school_year")
        .annotate(candidates=Sum("candidates"))
    )
    if not rows:
        return None
    codes = _codes(code for code, _, _, _ in rows)
    place = {code: number for number, code in enumerate(codes)}
    first, last = (bound(year for _, _, year, _ in rows) for bound in (min, max))
    counts = np.zeros((len(codes), len(TYPES), last - first + 1))
    for code, kind, year, candidates in rows:
        counts[place[code], TYPES.index(ExamType(kind).value), year - first] += candidates
    schools, areas = _schools_and_areas(codes)
    return ExamHistory(
        locations=np.array(codes),
        schools=schools,
        areas=areas,
        years=tuple(range(first, last + 1)),
        candidates=counts,
        cohorts=_cohorts(),
    )


def _codes(exam_codes: Iterable[str]) -> list[str]:
    """Return all locations with exams or with classes by level, sorted."""
    with_classes = _class_rows().values_list("location__code", flat=True).distinct()
    return sorted({*exam_codes, *with_classes})


def _class_rows():  # type: ignore[no-untyped-def]  # a queryset
    return LearnerCount.objects.order_by().filter(stage_kind=StageKind.YEAR, level__in=list(TYPES_OF_LEVEL))


def read_classes(history: ExamHistory) -> ClassCounts | None:
    """Return the classes of the newest pupil file by type and year of study, None without such a file."""
    newest = _class_rows().aggregate(newest=Max("reference_date"))["newest"]
    if newest is None:
        return None
    place = {str(code): number for number, code in enumerate(history.locations)}
    pure = np.zeros((len(place), len(TYPES), YEARS_OF_STUDY))
    mixed: dict[tuple[int, ...], Cells] = {}
    rows = _class_rows().filter(reference_date=newest).values_list("location__code", "level", "stage")
    for code, level, stage, persons in rows.annotate(persons=Sum("count")):
        types = TYPES_OF_LEVEL[level]
        if len(types) == 1:
            pure[place[code], types[0], stage - 1] += persons
        else:
            mixed.setdefault(types, np.zeros((len(place), YEARS_OF_STUDY)))[place[code], stage - 1] += persons
    return split_mixed_classes(pure, mixed, schools=history.schools, count_year=newest.year)


def _cohorts() -> tuple[CohortCounts, ...]:
    """Return the national counts of younger children per count year: ages 4-10 in po and so, years 1-3 of vo."""
    po = LearnerCount.objects.filter(stage_kind=StageKind.AGE, stage__in=PO_AGES)
    vo = LearnerCount.objects.filter(stage_kind=StageKind.YEAR, stage__in=VO_OPEN_YEARS).exclude(level__in=NOT_A_COHORT)
    found = []
    for rows, first_age, stages in ((po, PO_AGES[0], tuple(PO_AGES)), (vo, VO_FIRST_AGE, VO_OPEN_YEARS)):
        sums: dict[int, dict[int, float]] = {}
        for year, stage, persons in (
            rows.order_by().values_list("reference_date__year", "stage").annotate(n=Sum("count"))
        ):
            sums.setdefault(year, {})[stage] = float(persons)
        complete = [(year, by_stage) for year, by_stage in sorted(sums.items()) if all(by_stage.get(s) for s in stages)]
        found += [CohortCounts(year, first_age, tuple(by_stage[s] for s in stages)) for year, by_stage in complete]
    return tuple(found)


def _schools_and_areas(codes: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the index of the school and of the RPA-gebied of each location, -1 where the area is not known."""
    rows = SchoolLocation.objects.filter(code__in=codes).values_list("code", "school_id", "municipality__rpa_code")
    found = {code: (school, rpa or "") for code, school, rpa in rows}
    schools = sorted({school for school, _ in found.values()})
    areas = sorted({rpa for _, rpa in found.values()} - {""})
    school_at, area_at = ({name: number for number, name in enumerate(names)} for names in (schools, areas))
    pairs = [(school_at[found[code][0]], area_at.get(found[code][1], -1)) for code in codes]
    return np.array([s for s, _ in pairs], np.int64), np.array([a for _, a in pairs], np.int64)


def _registered_areas(history: ExamHistory) -> NDArray[np.int64]:
    """Return the area of each location of the newest register, -1 for others: what the area scores are about."""
    registered = set(SchoolLocation.objects.filter(in_register=True).values_list("code", flat=True))
    return np.where([str(code) in registered for code in history.locations], history.areas, -1)


@cache
def _choice() -> loader.Tree:
    return loader.parse(resources.files("regio_engine.parameters").joinpath(PARAMETERS).read_text(encoding="utf-8"))

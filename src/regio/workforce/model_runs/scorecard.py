"""The scorecard of learners and exam candidates in one form, as the command line prints it and the page shows it.

Which model choice was scored, and on which commit it was laid down, stands on every line.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from regio.shared.formatting import school_year
from regio.workforce.enums import Level, Measure
from regio_engine.pupils.exam_backtest import Round

from .exams import ExamBacktest, ExamScoreLine, all_rounds, backtest_exams
from .pupil_backtests import backtest_pupils
from .pupil_scores import KEPT_MISSES, ScoreRow

Advance = Callable[[float, str], None]


@dataclass(frozen=True)
class Miss:
    """What was said and what happened for one cell [persons]."""

    scope_code: str
    item: str
    said_p10: float
    said_p50: float
    said_p90: float
    happened: float
    last_known: float


@dataclass(frozen=True)
class ScorecardLine:
    """One line: the fields of `BacktestScore`; shares are fractions, None where a measure does not apply."""

    subject: str
    grain: str
    horizon_years: int
    origin: str
    target: str
    group: str
    cells: int
    wape_share: float
    bias_share: float
    coverage_share: float | None
    crps_skill_share: float | None
    persistence_wape_share: float | None
    mean3_wape_share: float | None
    choice_commit: str
    misses: list[Miss] = field(default_factory=list)
    persistence_margin_share: float | None = None  # 95 % margin of the difference with that rule, on the same cells
    mean3_margin_share: float | None = None
    publisher: str = ""  # whose forecast is scored beside ours, on the same cells
    published_wape_share: float | None = None
    published_margin_share: float | None = None

    def row(self) -> dict[str, object]:
        """Return the line without its cells, shares rounded to hundredths of a per cent."""
        values = {name: value for name, value in asdict(self).items() if name != "misses"}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}


def scorecard(what: str, *, every_round: bool = False, progress: Advance) -> list[ScorecardLine]:
    """Return the scorecard of "exams" or "pupils" on everything that is loaded; empty where nothing can be scored.

    Args:
        what: "exams" or "pupils".
        every_round: exams: all origins and up to three years ahead, instead of the rounds of the short table.
        progress: called with (share done, text); may raise to stop the work.
    """
    progress(0.0, f"terugblik: {what}")
    if what == "pupils":
        return [_pupil_line(row) for row in backtest_pupils()]
    played = backtest_exams(
        all_rounds() if every_round else None,
        progress=lambda done, total: progress(done / total, f"terugblik examens: {done} van {total}"),
    )
    return [_exam_line(line, played) for line in played.lines]


def _pupil_line(row: ScoreRow) -> ScorecardLine:
    return ScorecardLine(
        Measure.LEARNERS, row.grain, row.horizon_years, f"{row.test}: {row.origin}", row.target, row.group, row.cells,
        row.wape, row.bias, row.coverage_80, row.crps_skill, row.persistence_wape, row.mean3_wape, row.choice_commit,
        [Miss(m.code, Level.ALL, m.p10, m.p50, m.p90, m.happened, m.last_known) for m in row.misses],
        row.persistence_margin, row.mean3_margin, row.publisher, row.published_wape, row.published_margin,
    )  # fmt: skip


def _newest(lines: list[ExamScoreLine]) -> ExamScoreLine | None:
    """Return the line of which every cell is kept, so that each region finds its own: a year ahead, newest, most known."""
    found = [line for line in lines if (line.grain, line.grouping, line.years_ahead) == ("vestiging", "alle", 1)]
    return max(found, key=lambda line: (line.target, line.use_classes, line.use_younger), default=None)


def _exam_line(line: ExamScoreLine, played: ExamBacktest) -> ScorecardLine:
    return ScorecardLine(
        Measure.EXAM_CANDIDATES, line.grain, line.years_ahead, f"{line.known} tot en met {school_year(line.origin)}",
        school_year(line.target), line.group, line.forecast.cells, line.forecast.wape, line.forecast.bias,
        line.forecast.coverage_80, line.skill_against_persistence, line.persistence.wape, line.three_year_mean.wape,
        played.choice_commit, _misses(line, played), *line.margins,
    )  # fmt: skip


def _misses(line: ExamScoreLine, played: ExamBacktest) -> list[Miss]:
    """Return the largest misses of a line over all types and sizes; none for parts of it."""
    if line.grouping != "alle":
        return []
    cells = played.cells[Round(line.origin, line.years_ahead, line.use_classes, line.use_younger), line.grain]
    kept = len(cells) if line is _newest(played.lines) else KEPT_MISSES
    worst = sorted(cells, key=lambda cell: -abs(cell.p50 - cell.happened))[:kept]
    return [Miss(c.name, c.exam_type, c.p10, c.p50, c.p90, c.happened, c.last_known) for c in worst]

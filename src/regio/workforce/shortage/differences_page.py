"""Why a forecast differs from an earlier one, or from what somebody else published: in a sentence, a waterfall and a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import capfirst

from regio.shared.charts import Step, Waterfall
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import HARD_SPACE, fte, long_date, number, signed, signed_fte

from .. import queries
from ..enums import Measure
from ..models import ForecastRun, RunDifference
from ..outlook import Outlook
from .staffing import SEPARATOR

EARLIER, PUBLISHED = "verschil", "gepubliceerd"  # names of the figures
SHOWN = (Measure.SHORTAGE_FTE, Measure.REQUIRED_FTE, Measure.LEARNERS)  # in this order
WORDS = {Measure.SHORTAGE_FTE: "tekort", Measure.REQUIRED_FTE: "formatie", Measure.LEARNERS: "leerlingen"}
NO_SPLIT = "niet te splitsen"
LEAST = 0.005
SHORTAGE_COLOURS, NEUTRAL_COLOURS = ("shortage-4", "surplus-3"), ("more-3", "less-3")


@dataclass(frozen=True)
class Told:
    """One difference, ready for the page."""

    title: str
    sentence: str
    figure: Figure | None


@dataclass(frozen=True)
class Compared:
    """A run beside one other: what it is called, its differences, and whether computing again would tell more."""

    title: str
    told: list[Told]
    older: ForecastRun | None
    can_tell_more: bool


def build(outlook: Outlook) -> list[Compared]:
    """Return the comparisons of a run for the sector of its page: earlier runs first, then published forecasts."""
    groups: dict[tuple[int, str], list[RunDifference]] = {}
    for row in _rows(outlook):
        groups.setdefault((row.against_id or 0, row.published), []).append(row)
    return [_compared(outlook, rows) for rows in groups.values()]


def figure_of(outlook: Outlook, name: str, item: str) -> Figure | None:
    """Return the figure of one difference by its permanent name: that with the run before it, or with a publisher."""
    rows = [row for row in _rows(outlook) if (row.against_id is not None) == (name == EARLIER) and row.measure == item]
    return _figure(outlook, rows[0]) if rows else None


def _rows(outlook: Outlook) -> list[RunDifference]:
    """Return the differences of the sector in the year that the page speaks of, or the last year that is known."""
    rows = [row for row in queries.differences_of(outlook.run) if row.sector == outlook.sector]
    wanted = outlook.change.target_year if outlook.change else outlook.base_year
    last: dict[tuple[int | None, str, str], RunDifference] = {}
    for row in sorted(rows, key=lambda row: (row.count_year == wanted, row.count_year <= wanted, row.count_year)):
        last[row.against_id, row.published, row.measure] = row
    return sorted(last.values(), key=lambda row: (row.against_id is None, -(row.against_id or 0), _place(row)))


def _place(row: RunDifference) -> int:
    return [str(measure) for measure in SHOWN].index(row.measure) if row.measure in WORDS else len(SHOWN)


def _compared(outlook: Outlook, rows: Sequence[RunDifference]) -> Compared:
    older = rows[0].against
    other = f"prognose {older.pk}, van {long_date(older.created_at.date())}" if older else rows[0].published
    is_open = any(step["niet_te_splitsen"] for row in rows for step in row.steps)
    told = [Told(_title(row), sentence_of(row), _figure(outlook, row)) for row in rows]
    return Compared(
        f"Vergeleken met {other}",
        told,
        older,
        can_tell_more=bool(older) and is_open and not any(r.is_recomputed for r in rows),
    )


def _title(row: RunDifference) -> str:
    return f"{WORDS[Measure(row.measure)].capitalize()} in {row.count_year}"


def sentence_of(row: RunDifference) -> str:
    """Say what both forecasts are, by how much they differ, and why, in one or two sentences."""
    what, year = WORDS[Measure(row.measure)], row.count_year
    is_count = row.measure == Measure.LEARNERS
    unit = "" if is_count else f"{HARD_SPACE}fte"
    other = f"prognose {row.against_id}" if row.against_id else row.published
    said = f"Deze prognose zegt {_size(row, row.after)}{unit} {what} in {year}; {other} zei {_size(row, row.before)}{unit}."
    steps = [step for step in row.steps if abs(step["bedrag"]) >= LEAST]
    if not steps or _size(row, row.after) == _size(row, row.before):
        return f"{said} Dat is afgerond hetzelfde."
    reasons = [f"{step['woorden']} ({_change(row, step['bedrag'])}{unit}{', ' + NO_SPLIT if step['niet_te_splitsen'] else ''})" for step in steps]  # fmt: skip
    *first, last = reasons
    return f"{said} Dat komt door {', '.join(first) + ' en ' if first else ''}{last}."


def _size(row: RunDifference, value: float) -> str:
    return number(value) if row.measure == Measure.LEARNERS else fte(value)


def _change(row: RunDifference, value: float) -> str:
    return signed(value) if row.measure == Measure.LEARNERS else signed_fte(value)


def _figure(outlook: Outlook, row: RunDifference) -> Figure | None:
    steps = [step for step in row.steps if abs(step["bedrag"]) >= LEAST]
    if not steps:
        return None
    name = f"{EARLIER if row.against_id else PUBLISHED}-{outlook.sector}{SEPARATOR}{row.measure}"
    other = f"Prognose {row.against_id}" if row.against_id else row.published
    ours = "Deze prognose"
    unit = "leerlingen of studenten" if row.measure == Measure.LEARNERS else "fte"
    total = Step("Samen", row.after - row.before, is_total=True)
    chart = Waterfall(
        key=name.replace(SEPARATOR, "-"), title=f"Waarom {_title(row).lower()} anders is dan bij {other}", description=sentence_of(row),
        steps=(*_steps(steps), total), decimals=0 if row.measure == Measure.LEARNERS else None,
        colours=SHORTAGE_COLOURS if row.measure == Measure.SHORTAGE_FTE else NEUTRAL_COLOURS, total_is_change=True,
    ) if len(steps) > 1 else None  # fmt: skip
    rows = [Row(Cell(other), [Cell(_size(row, row.before))], is_total=True)]
    rows += [Row(Cell(capfirst(step["woorden"]), note=NO_SPLIT if step["niet_te_splitsen"] else ""), [Cell(_change(row, step["bedrag"]))]) for step in steps]  # fmt: skip
    rows.append(Row(Cell(ours), [Cell(_size(row, row.after))], is_total=True))
    return Figure(
        slug=name, title="", label=f"het verschil in {WORDS[Measure(row.measure)]}", unit=f"{unit} op 1 oktober {row.count_year}, verwacht gemiddelde",
        source=outlook.ground.source, reference_date=outlook.ground.base_date, address=outlook.ground.address(name), chart=chart,
        table=Table(f"{_title(row)}: van {other} naar deze prognose", [Cell("Waardoor"), Cell(unit)], rows), is_table_open=False,
        note="Verwachte gemiddelden; banden tel je niet op.",
        records=[
            {"voor": outlook.scope.name, "wat": WORDS[Measure(row.measure)], "jaar": row.count_year, "stap": words, "bedrag": amount}
            for words, amount in [(other, row.before), *((s["woorden"], s["bedrag"]) for s in steps), (ours, row.after)]
        ],
    )  # fmt: skip


def _steps(steps: Sequence[dict]) -> list[Step]:
    """Return the steps of the drawing; long reasons are numbered in the drawing and written out in the table."""
    return [
        Step(_short(step["woorden"], index), step["bedrag"], short=f"reden {index}")
        for index, step in enumerate(steps, 1)
    ]


def _short(words: str, index: int) -> str:
    head = words.partition(":")[0]  # the figures after it are in the sentence and the table
    return capfirst(head) if len(head) <= 44 else f"{index}. {capfirst(head)[:38]}…"

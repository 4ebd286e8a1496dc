"""Need per subject, profile or function and year as a heat table: tone, sign and percentage say the same."""

from collections.abc import Callable
from dataclasses import replace

from regio.regions.enums import Sector
from regio.shared.charts import Point
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import between, change_between, fte, signed_share

from ..enums import SUBJECT_PREFIX, Measure
from ..models import Position
from ..queries import ALL, Series
from .changes import position_cell, subject_needs, subject_of
from .ground import BAND, COMPUTED, Ground, caption_end, items_of, mean_at, records_of, shown_years

# From which relative change a cell of the need table has which tone.
STEPS_PERCENT = (2, 6, 12)
LEAST_FTE = 1.0  # a smaller change has no colour: it is no teacher
BETWEEN = "between"  # a year between the last count and the horizon: left out where a table has no room
HEAT_LEGEND = [
    ("less-3", "12 % of meer minder"), ("less-2", "6 tot 12 % minder"), ("less-1", "2 tot 6 % minder"),
    ("", "ongeveer gelijk, of minder dan 1 fte verschil"),
    ("more-1", "2 tot 6 % meer"), ("more-2", "6 tot 12 % meer"), ("more-3", "12 % of meer erbij"),
]  # fmt: skip


def need_figure(ground: Ground, series: Series, positions: dict[str, Position], sector: str) -> Figure | None:
    """Return need per subject, profile or function and year as a heat table: tone, sign and percentage say the same."""
    total = series.get((Measure.REQUIRED_FTE, sector, ALL), ())
    if not total:
        return None
    needs = subject_needs(series, sector)
    label = "formatie per vak" if sector == Sector.VO else "formatie per functie"
    return _heat_figure(ground, series, needs, positions, slug=f"formatie-{sector}", label=label, total=total)


def grades_figure(ground: Ground, series: Series, positions: dict[str, Position], sector: str) -> Figure | None:
    """Return need per subject and grade, where the first table takes grades together."""
    needs = items_of(series, Measure.REQUIRED_FTE, sector)
    if not any(item.startswith(SUBJECT_PREFIX) for item in needs):
        return None
    graded = {item: points for item, points in needs.items() if not item.startswith(SUBJECT_PREFIX)}
    return _heat_figure(
        ground, series, graded, positions, slug=f"graden-{sector}", label="formatie per vak en graad", total=()
    )


def _heat_figure(
    ground: Ground, series: Series, needs: dict[str, tuple[Point, ...]], positions: dict[str, Position], *, slug: str,
    label: str, total: tuple[Point, ...],
) -> Figure:  # fmt: skip
    sector = slug.split("-")[1]
    changes = {
        item: points
        for (measure, s, item), points in series.items()
        if (measure, s) == (Measure.REQUIRED_FTE_CHANGE, sector)
    }
    ordered = sorted(needs, key=_need_order(needs, positions, ground.base_year))
    named = [(position_cell(item, positions), needs[item], changes.get(item, ())) for item in ordered]
    whole = Cell("Alle vakken en profielen" if sector == Sector.VO else "Alle functies")
    rows = [_need_row(head, points, change, ground) for head, points, change in named]
    if total:
        rows.append(_need_row(whole, total, changes.get(ALL, ()), ground, is_total=True))
    records = [(f"{head.text} {head.note}".strip(), points) for head, points, _ in named]
    ahead = [point.year for point in next(iter(needs.values()), total) if point.year > ground.base_year]
    return Figure(
        slug=slug, title="", label=label, unit="fte leraar, docent of instructeur op 1 oktober", source=ground.source,
        reference_date=ground.base_date, address=ground.address(slug), band=BAND,
        table=_heat_table(ground, rows, caption=label, years=ahead, has_changes=bool(changes), sector=sector),
        records=records_of("functie", [*records, *([("alle samen", total)] if total else [])], ground, known_as=COMPUTED),
    )  # fmt: skip


def _heat_table(
    ground: Ground, rows: list[Row], *, caption: str, years: list[int], has_changes: bool, sector: str
) -> Table:
    ahead = shown_years(years)
    columns = [Cell("Vak of profiel" if sector == Sector.VO else "Functie"), Cell(f"{ground.base_year}")]
    columns += [Cell(str(year), "mark" if i == 0 else "") for i, year in enumerate(ahead)]
    columns[2:-1] = [replace(column, tone=f"{column.tone} {BETWEEN}".strip()) for column in columns[2:-1]]
    columns.append(
        Cell(f"80\u00a0%\u2011band verschil {ahead[-1]}" if has_changes else f"80\u00a0%\u2011band {ahead[-1]}")
    )
    words = (
        f"{caption[:1].upper()}{caption[1:]} (nodig) in fte, en het verschil met {ground.base_year}{caption_end(years)}"
    )
    return Table(words, columns, rows, legend=HEAT_LEGEND)


def _need_row(
    head: Cell, points: tuple[Point, ...], change: tuple[Point, ...], ground: Ground, *, is_total: bool = False
) -> Row:
    base = mean_at(points, ground.base_year)
    shown = shown_years([point.year for point in points if point.year > ground.base_year])
    ahead = [point for point in points if point.year in shown]
    cells = [Cell(fte(base), "past"), *(_need_cell(point, base, is_total=is_total) for point in ahead)]
    cells[1:-1] = [replace(cell, tone=f"{cell.tone} {BETWEEN}".strip()) for cell in cells[1:-1]]
    last = (change or points)[-1]
    band = change_between(last.low, last.high) if change else between(fte(last.low, base), fte(last.high, base))
    return Row(head, [*cells, Cell(band, "band")], is_total)


def _need_cell(point: Point, base: float, *, is_total: bool) -> Cell:
    """One expected year: its fte and its change since the last count; no share of next to nothing."""
    text = fte(point.mean, base)
    if round(base, 1) == 0:
        return Cell(text, note="nieuw" if round(point.mean, 1) > 0 else "")
    return Cell(text, "" if is_total else tone_of(base, point.mean), signed_share(point.mean / base - 1, 0))


def _need_order(
    needs: dict[str, tuple[Point, ...]], positions: dict[str, Position], year: int
) -> Callable[[str], tuple]:
    """Return the order of rows: subjects before profiles, the largest subject first, its grades together."""
    sizes: dict[tuple[str, bool], float] = {}
    for item, points in needs.items():
        subject = subject_of(item, positions)
        sizes[subject] = sizes.get(subject, 0.0) + mean_at(points, year)

    def order(item: str) -> tuple:
        name, is_profile = subject_of(item, positions)
        return is_profile, -sizes[name, is_profile], name, item

    return order


def tone_of(base: float, then: float) -> str:
    """Return the heat class of a change in need [fte], by the percentage that the cell shows."""
    change = round(then - base, 1)
    percent = round(100 * (then / base - 1))
    level = sum(abs(percent) >= step for step in STEPS_PERCENT) if abs(change) >= LEAST_FTE else 0
    return f"{'more' if change > 0 else 'less'}-{level}" if level else ""

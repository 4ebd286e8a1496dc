"""From series to figures: learners per sector and level, need per position, exam candidates, and the parts of a scope.

Every figure gets its table, records for CSV and its chart; nothing here reads the database.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from regio.regions.enums import Sector
from regio.shared.charts import Chart, Point
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import between, change_between, fte, number, signed_share

from .enums import SUBJECT_PREFIX, ExamType, Grade, Level, Measure
from .models import Position
from .queries import ALL, Scope, Series
from .sentences import SectorChange, SubjectChange

BAND = "Band: 80 % zekerheid."
PAST_YEARS_SHOWN = 4
HORIZON = 5
SMALL_CHARTS = 6
# From which relative change a cell of the need table has which tone.
STEPS = (0.02, 0.06, 0.12)
HEAT_LEGEND = [
    ("less-3", "12 % of meer minder"), ("less-2", "6 tot 12 % minder"), ("less-1", "2 tot 6 % minder"),
    ("", "ongeveer gelijk"),
    ("more-1", "2 tot 6 % meer"), ("more-2", "6 tot 12 % meer"), ("more-3", "12 % of meer meer"),
]  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What all figures of one scope in one run share."""

    scope: Scope
    run: int
    base_year: int
    base_date: date | None
    source: str

    def address(self, slug: str) -> str:
        """The permanent path of a figure, without suffix; none for a figure that belongs to no run."""
        if not self.run:
            return ""
        return f"/cijfer/{self.run}/{self.scope.kind}/{self.scope.code}/{slug}"


def sector_change(series: Series, sector: str, newest_count_year: int) -> SectorChange | None:
    """Return what a sector does in five years, or until the last year of the run; None without figures.

    A sector may have been counted less recently than another: its own last count is where its change starts.
    """
    points = series.get((Measure.LEARNERS, sector, ALL), ())
    counted = [point.year for point in points if point.year <= newest_count_year and point.low == point.high]
    if not counted or points[-1].year <= counted[-1]:
        return None
    base, target = counted[-1], min(counted[-1] + HORIZON, points[-1].year)
    learners, need = _by_year(points), _by_year(series.get((Measure.REQUIRED_FTE, sector, ALL), ()))
    return SectorChange(
        sector=Sector(sector), base_year=base, target_year=target, learners_now=learners[base].mean,
        learners_then=learners[target], fte_now=need.get(base), fte_then=need.get(target),
        fte_difference=_by_year(series.get((Measure.REQUIRED_FTE_CHANGE, sector, ALL), ())).get(target),
    )  # fmt: skip


def subject_changes(
    series: Series, positions: dict[str, Position], *, sector: str, years: tuple[int, int]
) -> list[SubjectChange]:
    """Return the change in need per subject, profile or function [fte], what is left over of all subjects excepted."""
    needs = {item: points for item, points in _subject_needs(series, sector).items() if not _is_remainder(item)}
    return [
        _subject_change(series, item, points, positions, sector=sector, years=years) for item, points in needs.items()
    ]


def _subject_change(
    series: Series, item: str, points: tuple[Point, ...], positions: dict[str, Position], *, sector: str,
    years: tuple[int, int],
) -> SubjectChange:  # fmt: skip
    name, is_profile = _subject(item, positions)
    band = _by_year(series.get((Measure.REQUIRED_FTE_CHANGE, sector, item), ())).get(years[1])
    now, then = (_mean_at(points, year) for year in years)
    low, high = (band.low, band.high) if band else (None, None)
    return SubjectChange(name, now, then, is_profile, low, high)


def _subject_needs(series: Series, sector: str) -> dict[str, tuple[Point, ...]]:
    """Return need per subject where the run has subjects (profiles and functions stay), else per position."""
    needs = _items(series, Measure.REQUIRED_FTE, sector)
    with_subjects = {item.removeprefix(SUBJECT_PREFIX) for item in needs if item.startswith(SUBJECT_PREFIX)}
    return {
        item: points
        for item, points in needs.items()
        if item.split(":")[1] not in with_subjects or item.startswith(SUBJECT_PREFIX)
    }


def _is_remainder(item: str) -> bool:
    return item.split(":")[1] in ("overig", "profiel_overig")


def learners_figure(ground: Ground, series: Series, sector: str) -> Figure | None:
    """Return the total of a sector: one line with history, mean and band."""
    points = series.get((Measure.LEARNERS, sector, ALL), ())
    if not points:
        return None
    word = _word(sector)
    chart = Chart(
        key=f"leerlingen-{sector}", title=f"{word.capitalize()}, {ground.scope.name}",
        description=_describe(points, ground.base_year, word), points=points, last_count_year=ground.base_year,
    )  # fmt: skip
    return Figure(
        slug=f"leerlingen-{sector}", title="", label=f"{word} per jaar", unit=f"{word} op 1 oktober", source=ground.source,
        reference_date=ground.base_date, table=_years_down(points, ground, word), address=ground.address(f"leerlingen-{sector}"),
        band=BAND, chart=chart, records=_records("niveau", [("alle niveaus samen", points)], ground), is_table_open=False,
    )  # fmt: skip


def levels_figure(ground: Ground, series: Series, sector: str) -> Figure | None:
    """Return learners per level and year as a table, with a small chart for the largest levels."""
    levels = _items(series, Measure.LEARNERS, sector)
    if not levels:
        return None
    ordered = sorted(levels, key=lambda level: _position_of(level, Level.values))
    total = series.get((Measure.LEARNERS, sector, ALL), ())
    rows = [(_level_name(level), levels[level]) for level in ordered]
    largest = sorted(ordered, key=lambda level: -_mean_at(levels[level], ground.base_year))[:SMALL_CHARTS]
    charts = (
        [_small_chart(ground, sector, level, levels[level]) for level in ordered if level in largest]
        if len(ordered) > 1
        else []
    )
    return Figure(
        slug=f"niveaus-{sector}", title="", label=f"{_word(sector)} per niveau", unit=f"{_word(sector)} op 1 oktober",
        source=ground.source, reference_date=ground.base_date, address=ground.address(f"niveaus-{sector}"), band=BAND,
        table=_years_across(f"{_word(sector).capitalize()} per niveau", "Niveau", rows, total, ground), small_charts=charts,
        records=_records("niveau", [*rows, ("alle niveaus samen", total)], ground),
    )  # fmt: skip


def need_figure(ground: Ground, series: Series, positions: dict[str, Position], sector: str) -> Figure | None:
    """Return need per subject, profile or function and year as a heat table: tone, sign and percentage say the same."""
    total = series.get((Measure.REQUIRED_FTE, sector, ALL), ())
    if not total:
        return None
    needs = _subject_needs(series, sector)
    return _heat_figure(
        ground, series, needs, positions, slug=f"formatie-{sector}", label="formatie per vak of functie", total=total
    )


def grades_figure(ground: Ground, series: Series, positions: dict[str, Position], sector: str) -> Figure | None:
    """Return need per subject and grade, where the first table takes grades together."""
    needs = _items(series, Measure.REQUIRED_FTE, sector)
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
    named = [(_position_cell(item, positions), needs[item], changes.get(item, ())) for item in ordered]
    whole = Cell("Alle vakken en profielen" if sector == Sector.VO else "Alle functies")
    rows = [_need_row(head, points, change, ground) for head, points, change in named]
    if total:
        rows.append(_need_row(whole, total, changes.get(ALL, ()), ground, is_total=True))
    records = [(f"{head.text} {head.note}".strip(), points) for head, points, _ in named]
    return Figure(
        slug=slug, title="", label=label, unit="fte leraar, docent of instructeur op 1 oktober", source=ground.source,
        reference_date=ground.base_date, address=ground.address(slug), band=BAND, is_table_open=bool(total),
        table=_heat_table(ground, rows, years=[p.year for p in next(iter(needs.values()), total)], has_changes=bool(changes), sector=sector),
        records=_records("functie", [*records, *([("alle samen", total)] if total else [])], ground),
    )  # fmt: skip


def _heat_table(ground: Ground, rows: list[Row], *, years: list[int], has_changes: bool, sector: str) -> Table:
    ahead = [year for year in years if year > ground.base_year]
    columns = [Cell("Vak of profiel" if sector == Sector.VO else "Functie"), Cell(f"{ground.base_year}")]
    columns += [Cell(str(year), "mark" if i == 0 else "") for i, year in enumerate(ahead)]
    columns.append(Cell(f"80 %-band verschil {ahead[-1]}" if has_changes else f"80 %-band {ahead[-1]}"))
    return Table(f"Formatie (nodig) in fte, en het verschil met {ground.base_year}", columns, rows, legend=HEAT_LEGEND)


def exams_figure(ground: Ground, series: Series) -> Figure | None:
    """Return exam candidates per type and school year; the year is that of the exam."""
    types = _items(series, Measure.EXAM_CANDIDATES, Sector.VO)
    if not types:
        return None
    rows = [
        (_exam_name(item), types[item]) for item in sorted(types, key=lambda item: _position_of(item, ExamType.values))
    ]
    return Figure(
        slug="examens-vo", title="", label="examenkandidaten", unit="examenkandidaten per schooljaar, naar het jaar van het examen",
        source=ground.source, reference_date=ground.base_date, address=ground.address("examens-vo"), band=BAND,
        table=_years_across("Examenkandidaten per examensoort", "Examen", rows, (), ground), records=_records("examen", rows, ground),
    )  # fmt: skip


def figures_of(ground: Ground, series: Series, positions: dict[str, Position], sector: str) -> dict[str, Figure]:
    """Return all figures of one sector by what they show; what has no data is left out."""
    found = {
        "learners": learners_figure(ground, series, sector),
        "levels": levels_figure(ground, series, sector),
        "need": need_figure(ground, series, positions, sector),
        "grades": grades_figure(ground, series, positions, sector),
        "exams": exams_figure(ground, series) if sector == Sector.VO else None,
    }
    return {name: figure for name, figure in found.items() if figure}


def counted_table(counted: dict[str, list[tuple[int, int]]]) -> Table | None:
    """Return learners per sector as counted, for a region without a forecast."""
    years = sorted({year for rows in counted.values() for year, _ in rows})[-8:]
    if not years:
        return None
    rows = [_counted_row(Sector(sector), dict(rows), years) for sector, rows in counted.items()]
    return Table(
        "Leerlingen en studenten op 1 oktober, zoals geteld",
        [Cell("Sector"), *(Cell(str(year)) for year in years)],
        rows,
    )


def _counted_row(sector: Sector, counted: dict[int, int], years: list[int]) -> Row:
    if not counted:
        return Row(Cell(sector.label.capitalize()), [Cell("nog geen cijfers", "words"), *[Cell("")] * (len(years) - 1)])
    return Row(Cell(sector.label.capitalize()), [Cell(number(counted.get(year))) for year in years])


# ------------------------------------------------------------------------------------------------------------ rows
def _need_row(
    head: Cell, points: tuple[Point, ...], change: tuple[Point, ...], ground: Ground, *, is_total: bool = False
) -> Row:
    base = _mean_at(points, ground.base_year)
    cells = [Cell(fte(base), "past")]
    for point in (point for point in points if point.year > ground.base_year):
        share = point.mean / base - 1 if base else 0.0
        cells.append(Cell(fte(point.mean, base), "" if is_total else tone_of(share), signed_share(share, 0)))
    last = (change or points)[-1]
    band = change_between(last.low, last.high) if change else between(fte(last.low, base), fte(last.high, base))
    return Row(head, [*cells, Cell(band, "band")], is_total)


def _need_order(
    needs: dict[str, tuple[Point, ...]], positions: dict[str, Position], year: int
) -> Callable[[str], tuple]:
    """Return the order of rows: subjects before profiles, the largest subject first, its grades together."""
    sizes: dict[tuple[str, bool], float] = {}
    for item, points in needs.items():
        subject = _subject(item, positions)
        sizes[subject] = sizes.get(subject, 0.0) + _mean_at(points, year)

    def order(item: str) -> tuple:
        name, is_profile = _subject(item, positions)
        return is_profile, -sizes[name, is_profile], name, item

    return order


def tone_of(share: float) -> str:
    """Return the heat class of a relative change."""
    level = sum(abs(share) >= step for step in STEPS)
    return f"{'more' if share > 0 else 'less'}-{level}" if level else ""


def _years_across(
    caption: str, head: str, rows: list[tuple[str, tuple[Point, ...]]], total: tuple[Point, ...], ground: Ground
) -> Table:
    all_points = total or max((points for _, points in rows), key=len)
    last_counted = max([point.year for point in all_points if point.low == point.high], default=ground.base_year)
    years = [point.year for point in all_points if point.year > last_counted - PAST_YEARS_SHOWN]
    columns = [
        Cell(head),
        *(Cell(str(year), _year_tone(year, last_counted)) for year in years),
        Cell(f"80 %-band {years[-1]}"),
    ]
    body = [_level_row(name, points, years, last_counted) for name, points in rows]
    if total:
        body.append(_level_row("Totaal", total, years, last_counted, is_total=True))
    groups = [
        ("", 1),
        ("geteld", sum(y <= last_counted for y in years)),
        ("verwacht", sum(y > last_counted for y in years)),
        ("", 1),
    ]
    return Table(caption, columns, body, [group for group in groups if group[1]])


def _level_row(
    name: str, points: tuple[Point, ...], years: list[int], last_counted: int, *, is_total: bool = False
) -> Row:
    by_year = _by_year(points)
    cells = [
        Cell(number(by_year[year].mean if year in by_year else None), _year_tone(year, last_counted)) for year in years
    ]
    last = by_year.get(years[-1])
    return Row(
        Cell(name), [*cells, Cell(between(number(last.low), number(last.high)) if last else "–", "band")], is_total
    )


def _year_tone(year: int, last_counted: int) -> str:
    return "past" if year < last_counted else "" if year == last_counted else "mark" if year == last_counted + 1 else ""


def _years_down(points: tuple[Point, ...], ground: Ground, word: str) -> Table:
    rows = [
        Row(Cell(str(p.year), note="geteld" if p.year <= ground.base_year else "verwacht"),
            [Cell(number(p.mean)), Cell(between(number(p.low), number(p.high)) if p.low != p.high else "", "band")])
        for p in points
    ]  # fmt: skip
    return Table(f"{word.capitalize()} per jaar", [Cell("1 oktober"), Cell(word.capitalize()), Cell("80 %-band")], rows)


def _records(kind: str, rows: Iterable[tuple[str, tuple[Point, ...]]], ground: Ground) -> list[dict[str, object]]:
    return [
        {
            "voor": ground.scope.name, kind: name, "jaar": point.year,
            "soort": "telling" if point.year <= ground.base_year else "verwachting",
            "gemiddelde": point.mean, "p10": point.low, "p90": point.high,
        }
        for name, points in rows for point in points
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------------------------- words
def _small_chart(ground: Ground, sector: str, level: str, points: tuple[Point, ...]) -> Chart:
    name = _level_name(level)
    return Chart(
        key=f"niveau-{sector}-{level}", title=f"{name}, {ground.scope.name}", label=name, points=points,
        description=_describe(points, ground.base_year, _word(sector)), last_count_year=ground.base_year,
    )  # fmt: skip


def _describe(points: tuple[Point, ...], base_year: int, word: str) -> str:
    first, last = points[0], points[-1]
    return (
        f"Van {number(first.mean)} {word} in {first.year} via {number(_mean_at(points, base_year))} bij de laatste telling in {base_year} "
        f"naar verwacht {number(last.mean)} in {last.year}, met 80 procent zekerheid tussen {number(last.low)} en {number(last.high)}."
    )


def _subject(item: str, positions: dict[str, Position]) -> tuple[str, bool]:
    """Return the name of a subject, profile or function without its grade, and whether it is a vmbo profile."""
    if item.startswith(SUBJECT_PREFIX):
        code = item.removeprefix(SUBJECT_PREFIX)
        item = next((key for key, position in positions.items() if position.specialism == code), code)
    position = positions.get(item)
    if position is None:
        return item, False
    return position.name.removesuffix(f" ({position.grade})").removeprefix("profiel "), position.is_vmbo_profile


def _position_cell(item: str, positions: dict[str, Position]) -> Cell:
    name, is_profile = _subject(item, positions)
    position = positions.get(item)
    grade = position.grade if position and position.grade != Grade.NONE else ""
    return Cell(name[:1].upper() + name[1:], note="vmbo-profiel" if is_profile else grade)


def _level_name(level: str) -> str:
    return Level(level).label if level in Level else level


def _exam_name(item: str) -> str:
    return ExamType(item).label if item in ExamType else item


def _word(sector: str) -> str:
    return "studenten" if sector == Sector.MBO else "leerlingen"


def _items(series: Series, measure: str, sector: str) -> dict[str, tuple[Point, ...]]:
    return {
        item: points
        for (m, s, item), points in series.items()
        if (m, s) == (measure, sector) and item != ALL and any(p.mean for p in points)
    }


def _position_of(value: str, order: list[str]) -> int:
    return order.index(value) if value in order else len(order)


def _by_year(points: tuple[Point, ...]) -> dict[int, Point]:
    return {point.year: point for point in points}


def _mean_at(points: tuple[Point, ...], year: int) -> float:
    return next((point.mean for point in points if point.year == year), 0.0)

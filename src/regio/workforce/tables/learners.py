"""Learners per sector, level and year, exam candidates, and what was counted where there is no forecast yet."""

from collections.abc import Callable
from dataclasses import replace

from regio.regions.enums import Sector
from regio.shared.charts import Chart, Point
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import between, number, school_year

from ..enums import ExamType, Level, Measure
from ..queries import ALL, Series
from .ground import BAND, Ground, by_year, caption_end, items_of, mean_at, place_in, records_of, shown_years, word_for

PAST_YEARS_SHOWN = 4
SMALL_CHARTS = 6


def learners_figure(ground: Ground, series: Series, sector: str) -> Figure | None:
    """Return the total of a sector: one line with history, mean and band."""
    points = series.get((Measure.LEARNERS, sector, ALL), ())
    if not points:
        return None
    word = word_for(sector)
    chart = Chart(
        key=f"leerlingen-{sector}", title=f"{word.capitalize()}, {ground.scope.name}",
        description=_describe(points, ground.base_year, word), points=points, last_count_year=ground.base_year,
    )  # fmt: skip
    return Figure(
        slug=f"leerlingen-{sector}", title="", label=f"{word} per jaar", unit=f"{word} op 1 oktober", source=ground.source,
        reference_date=ground.base_date, table=_years_down(points, ground, word), address=ground.address(f"leerlingen-{sector}"),
        band=BAND, chart=chart, records=records_of("niveau", [("alle niveaus samen", points)], ground), is_table_open=False,
    )  # fmt: skip


def levels_figure(ground: Ground, series: Series, sector: str) -> Figure | None:
    """Return learners per level and year as a table, with a small chart for the largest levels."""
    levels = items_of(series, Measure.LEARNERS, sector)
    if not levels:
        return None
    ordered = sorted(levels, key=lambda level: place_in(level, Level.values))
    total = series.get((Measure.LEARNERS, sector, ALL), ())
    rows = [(_level_name(level), levels[level]) for level in ordered]
    largest = sorted(ordered, key=lambda level: -mean_at(levels[level], ground.base_year))[:SMALL_CHARTS]
    charts = (
        [_small_chart(ground, sector, level, levels[level]) for level in ordered if level in largest]
        if len(ordered) > 1
        else []
    )
    return Figure(
        slug=f"niveaus-{sector}", title="", label=f"{word_for(sector)} per niveau", unit=f"{word_for(sector)} op 1 oktober",
        source=ground.source, reference_date=ground.base_date, address=ground.address(f"niveaus-{sector}"), band=BAND,
        table=_years_across(f"{word_for(sector).capitalize()} per niveau", "Niveau", rows, total, ground), small_charts=charts,
        records=records_of("niveau", [*rows, ("alle niveaus samen", total)], ground),
    )  # fmt: skip


def exams_figure(ground: Ground, series: Series) -> Figure | None:
    """Return exam candidates per type and school year; the year is that of the exam."""
    types = items_of(series, Measure.EXAM_CANDIDATES, Sector.VO)
    if not types:
        return None
    rows = [(_exam_name(item), types[item]) for item in sorted(types, key=lambda item: place_in(item, ExamType.values))]
    of_exams = replace(ground, base_year=ground.exam_year or _newest_certain_year(rows, ground))
    return Figure(
        slug="examens-vo", title="", label="examenkandidaten", unit="examenkandidaten per schooljaar, naar het jaar van het examen",
        source=ground.source, reference_date=None, reference_label=f"schooljaar {school_year(of_exams.base_year - 1)}",
        address=ground.address("examens-vo"), band=BAND, records=records_of("examen", rows, of_exams),
        small_charts=[_exam_chart(name, points, of_exams) for name, points in rows],
        table=_years_across("Examenkandidaten per examensoort", "Examen", rows, (), of_exams, year_label=_exam_school_year),
    )  # fmt: skip


def _exam_school_year(year: int) -> str:
    return school_year(year - 1)


def _newest_certain_year(rows: list[tuple[str, tuple[Point, ...]]], ground: Ground) -> int:
    """Return the last year without a band: what a run from before it kept the year of its exams counted last."""
    known = [point.year for _, points in rows for point in points if point.low == point.high]
    return max(known, default=ground.base_year)


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


def _years_across(
    caption: str, head: str, rows: list[tuple[str, tuple[Point, ...]]], total: tuple[Point, ...], ground: Ground, *,
    year_label: Callable[[int], str] = str,
) -> Table:  # fmt: skip
    all_points = total or max((points for _, points in rows), key=len)
    last_counted = ground.base_year
    every = [point.year for point in all_points if point.year > last_counted]
    ahead = shown_years(every)
    years = [p.year for p in all_points if last_counted - PAST_YEARS_SHOWN < p.year <= last_counted] + ahead
    columns = [
        Cell(head),
        *(Cell(year_label(year), _year_tone(year, last_counted, ahead)) for year in years),
        Cell(f"80\u00a0%\u2011band {year_label(years[-1])}"),
    ]
    tones = [_year_tone(year, last_counted, ahead) for year in years]
    body = [_level_row(name, points, years, tones) for name, points in rows]
    if total:
        body.append(_level_row("Totaal", total, years, tones, is_total=True))
    groups = [
        ("", 1),
        ("geteld", sum(y <= last_counted for y in years)),
        ("verwacht", sum(y > last_counted for y in years)),
        ("", 1),
    ]
    return Table(caption + caption_end(every), columns, body, [group for group in groups if group[1]])


def _level_row(
    name: str, points: tuple[Point, ...], years: list[int], tones: list[str], *, is_total: bool = False
) -> Row:
    known = by_year(points)
    cells = [
        Cell(number(known[year].mean if year in known else None), tone) for year, tone in zip(years, tones, strict=True)
    ]
    last = known.get(years[-1])
    return Row(
        Cell(name), [*cells, Cell(between(number(last.low), number(last.high)) if last else "–", "band")], is_total
    )


def _year_tone(year: int, last_counted: int, ahead: list[int]) -> str:
    return "past" if year < last_counted else "mark" if ahead[:1] == [year] else ""


def _years_down(points: tuple[Point, ...], ground: Ground, word: str) -> Table:
    rows = [
        Row(Cell(str(p.year), note="geteld" if p.year <= ground.base_year else "verwacht"),
            [Cell(number(p.mean)), Cell(between(number(p.low), number(p.high)) if p.low != p.high else "", "band")])
        for p in points
    ]  # fmt: skip
    return Table(
        f"{word.capitalize()} per jaar", [Cell("1 oktober"), Cell(word.capitalize()), Cell("80\u00a0%\u2011band")], rows
    )


def _small_chart(ground: Ground, sector: str, level: str, points: tuple[Point, ...]) -> Chart:
    name = _level_name(level)
    return Chart(
        key=f"niveau-{sector}-{level}", title=f"{name}, {ground.scope.name}", label=name, points=points,
        description=_describe(points, ground.base_year, word_for(sector)), last_count_year=ground.base_year,
    )  # fmt: skip


def _exam_chart(name: str, points: tuple[Point, ...], ground: Ground) -> Chart:
    return Chart(
        key=f"examen-{name}", title=f"Examenkandidaten {name}, {ground.scope.name}", label=name, points=points,
        description=_describe(points, ground.base_year, "kandidaten"), last_count_year=ground.base_year,
    )  # fmt: skip


def _describe(points: tuple[Point, ...], base_year: int, word: str) -> str:
    first, last = points[0], points[-1]
    counted = f"{number(mean_at(points, base_year))} {word} bij de laatste telling in {base_year}"
    if first.year > base_year:
        past = f"Nog niet geteld in {base_year},"
    elif first.year == base_year:
        past = f"Van {counted}"
    else:
        past = f"Van {number(first.mean)} in {first.year} via {counted}"
    band = (
        f", met 80 procent zekerheid tussen {number(last.low)} en {number(last.high)}" if last.low != last.high else ""
    )
    return f"{past} naar verwacht {number(last.mean)} in {last.year}{band}."


def _level_name(level: str) -> str:
    return Level(level).label if level in Level else level


def _exam_name(item: str) -> str:
    return ExamType(item).label if item in ExamType else item

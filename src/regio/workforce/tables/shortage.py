"""The shortage in figures: open and hidden per year, need beside staff, and where it is shortest."""

from collections.abc import Sequence
from dataclasses import dataclass

from regio.regions.enums import Sector
from regio.shared.charts import Line, Lines, Part, Point, Stacked
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import between, fte, share

from ..enums import Measure
from ..shortage_sentences import Shortage
from .ground import BAND, COMPUTED, EXPECTED, Ground, band_fields, has_band

BAND_HEAD = "80\u00a0%\u2011band"
# From which share of the need that is lacking a row has which tone.
STEPS_SHARE = (0.03, 0.06, 0.12)
LEGEND = [
    ("", "minder dan 3 % van wat nodig is"), ("shortage-1", "3 tot 6 %"), ("shortage-2", "6 tot 12 %"), ("shortage-3", "12 % of meer"),
]  # fmt: skip
PARTS_OF_SHORTAGE = (
    ("verborgen", "shortage-2", Measure.HIDDEN_FTE), ("open", "shortage-4", Measure.UNFILLED_FTE),
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """The shortage of one subject, function, board or school, with its name and the page it has."""

    name: str
    shortage: Shortage
    href: str = ""
    note: str = ""
    said: str = ""  # as a sentence writes it


def shortage_figure(ground: Ground, shortage: Shortage, *, slug: str, note: str = "") -> Figure:
    """Return the shortage per year, open and hidden, with its band."""
    years = shortage.years
    parts = tuple(
        Part(name, colour, tuple(shortage.mean(measure, year) for year in years))
        for name, colour, measure in PARTS_OF_SHORTAGE
    )
    points = [shortage.levels[Measure.SHORTAGE_FTE][year] for year in years]
    chart = Stacked(
        key=_key(slug), title=f"Tekort, open en verborgen, {ground.scope.name}", description=_story(shortage), parts=parts,
        columns=tuple(map(str, years)), band=tuple((point.low, point.high) for point in points), decimals=_decimals(points),
    )  # fmt: skip
    measures = (Measure.SHORTAGE_FTE, Measure.UNFILLED_FTE, Measure.HIDDEN_FTE, Measure.SURPLUS_FTE)
    rows = [_year_row(shortage, year) for year in years]
    head = [Cell("1 oktober"), Cell("Tekort"), Cell(BAND_HEAD), Cell("Open"), Cell("Verborgen"), Cell("Overschot")]
    return Figure(
        slug=slug, title="", label="tekort per jaar", unit="fte op 1 oktober", source=ground.source, band=BAND, chart=chart, note=note,
        reference_date=ground.base_date, address=ground.address(slug), table=Table("Tekort per jaar in fte", head, rows), is_table_open=False,
        records=_records(ground, [(Measure(m).label, m, shortage) for m in measures]),
    )  # fmt: skip


def staffing_figure(ground: Ground, shortage: Shortage, *, slug: str, note: str = "") -> Figure | None:
    """Return need and staff per year as two lines; None where the need is not that of the same boards."""
    need, staff = (_points(shortage, measure) for measure in (Measure.REQUIRED_FTE, Measure.STAFFED_FTE))
    if not need or not staff or not is_one_need(shortage):
        return None
    drawn = tuple(point if has_band(point) else Point(point.year, point.mean, point.mean, point.mean) for point in need)
    lines = (Line("nodig", "ink-soft", drawn), Line("in dienst", "forecast", staff, "band"))
    chart = Lines(
        key=_key(slug), title=f"Nodig en in dienst, {ground.scope.name}", lines=lines, last_count_year=ground.base_year,
        description=f"Nodig gaat van {fte(need[0].mean)} naar {fte(need[-1].mean)} fte, in dienst van {fte(staff[0].mean)} naar {fte(staff[-1].mean)} fte.",
    )  # fmt: skip
    rows = [
        Row(Cell(str(one.year)), [Cell(fte(one.mean)), _band(one), Cell(fte(two.mean)), _band(two)])
        for one, two in zip(need, staff, strict=True)
    ]
    head = [Cell("1 oktober"), Cell("Nodig"), Cell(BAND_HEAD), Cell("In dienst"), Cell(BAND_HEAD)]
    return Figure(
        slug=slug, title="", label="nodig en in dienst", unit="fte op 1 oktober", source=ground.source, band=BAND, chart=chart,
        note=note, reference_date=ground.base_date, address=ground.address(slug), is_table_open=False,
        table=Table("Nodig en in dienst in fte", head, rows),
        records=_records(ground, [("nodig", Measure.REQUIRED_FTE, shortage), ("in dienst", Measure.STAFFED_FTE, shortage)]),
    )  # fmt: skip


def is_one_need(shortage: Shortage) -> bool:
    """Whether need, staff and shortage are of the same boards and agree: need + surplus lies between what is filled and what is short.

    Need + surplus = staff + open + cancelled, and cancelled is a part of what is hidden.
    """
    if not shortage.is_whole:
        return False
    year = shortage.base_year
    lacking = shortage.mean(Measure.REQUIRED_FTE, year) + shortage.mean(Measure.SURPLUS_FTE, year)
    lacking -= shortage.mean(Measure.STAFFED_FTE, year) + shortage.mean(Measure.UNFILLED_FTE, year)
    room = 0.01 * shortage.mean(Measure.REQUIRED_FTE, year) + 0.1  # rounding, and draws that need and staff share
    return -room <= lacking <= shortage.mean(Measure.HIDDEN_FTE, year) + room


def positions_figure(
    ground: Ground, rows: Sequence[Named], total: Shortage | None, *, slug: str, head: str, label: str, note: str = ""
) -> Figure | None:
    """Return the shortage per subject, function, board or school, the shortest first; colour, figure and share agree."""
    if not rows:
        return None
    years = (rows[0].shortage.base_year, rows[0].shortage.target_year)
    columns = [
        Cell(head), Cell(f"Nodig {years[1]}"), Cell(f"Tekort {years[0]}"), Cell(f"Tekort {years[1]}"), Cell(BAND_HEAD),
        Cell("Waarvan open"), Cell("Van wat nodig is"), Cell("Overschot"),
    ]  # fmt: skip
    body = [_position_row(row) for row in sorted(rows, key=lambda row: -row.shortage.then.mean)]
    if total:
        body.append(_position_row(Named("Totaal", total), is_total=True))
    measures = (
        Measure.SHORTAGE_FTE,
        Measure.UNFILLED_FTE,
        Measure.HIDDEN_FTE,
        Measure.SURPLUS_FTE,
        Measure.STAFFED_FTE,
    )
    records = [
        record | {head.lower(): row.name}
        for row in rows
        for record in _records(ground, [(Measure(m).label, m, row.shortage) for m in measures])
    ]
    return Figure(
        slug=slug, title="", label=label, unit="fte op 1 oktober", source=ground.source, band=BAND, note=note,
        reference_date=ground.base_date, address=ground.address(slug), records=records,
        table=Table(f"Tekort in fte, het grootste in {years[1]} bovenaan", columns, body, legend=LEGEND),
    )  # fmt: skip


def shortest_table(rows: Sequence[Named], *, count: int, head: str, by_share: bool = False) -> Table | None:
    """Return the first few rows, which are shortest in the target year, for beside the sentence."""
    found = list(rows[:count])
    if not found:
        return None
    years = (found[0].shortage.base_year, found[0].shortage.target_year)
    columns = [Cell(head), Cell(str(years[0]), "spare"), Cell(str(years[1])), Cell(BAND_HEAD), Cell("Deel van nodig")]
    largest = "De grootste tekorten naar verhouding" if by_share else "De grootste tekorten"
    return Table(
        f"{largest}, in fte en als deel van wat in {years[1]} nodig is", columns, [_shortest_row(row) for row in found]
    )


def _shortest_row(row: Named) -> Row:
    shortage = row.shortage
    then = Cell(fte(shortage.then.mean), tone_of(shortage))
    part = Cell(share(shortage.need_share, 0))
    return Row(
        Cell(row.name, href=row.href, note=row.note),
        [Cell(fte(shortage.now.mean), "spare"), then, _band(shortage.then), part],
    )


def _position_row(row: Named, *, is_total: bool = False) -> Row:
    shortage = row.shortage
    need = shortage.at(Measure.REQUIRED_FTE, shortage.target_year)
    tone = "" if is_total else tone_of(shortage)
    return Row(
        Cell(row.name, href=row.href, note=row.note),
        [
            Cell(fte(need.mean) if need else "–"), Cell(fte(shortage.now.mean)), Cell(fte(shortage.then.mean), tone),
            _band(shortage.then), Cell(fte(shortage.open_then)), Cell(share(shortage.need_share, 0)), Cell(fte(shortage.surplus_then)),
        ],
        is_total,
    )  # fmt: skip


def tone_of(shortage: Shortage) -> str:
    """Return the heat class of a shortage, by the share of the need that the row shows."""
    part = round(shortage.need_share or 0.0, 2)
    level = sum(part >= step for step in STEPS_SHARE) if shortage.then.mean >= 0.05 else 0
    return f"shortage-{level}" if level else ""


def _year_row(shortage: Shortage, year: int) -> Row:
    point = shortage.levels[Measure.SHORTAGE_FTE][year]
    others = (Measure.UNFILLED_FTE, Measure.HIDDEN_FTE, Measure.SURPLUS_FTE)
    note = "gemeten of aangenomen" if year == shortage.base_year else "verwacht"
    return Row(Cell(str(year), note=note), [Cell(fte(point.mean)), _band(point), *(Cell(fte(shortage.mean(m, year))) for m in others)])  # fmt: skip


def _points(shortage: Shortage, measure: str) -> tuple[Point, ...]:
    known = shortage.levels.get(measure, {})
    return tuple(known[year] for year in shortage.years if year in known)


def _band(point: Point) -> Cell:
    return Cell(between(fte(point.low, point.mean), fte(point.high, point.mean)) if has_band(point) else "", "band")


def _decimals(points: Sequence[Point]) -> int:
    return 0 if max(point.high for point in points) >= 10 else 1


def _key(slug: str) -> str:
    return slug.replace(":", "-").replace("~", "-")


def _story(shortage: Shortage) -> str:
    then = shortage.then
    return (
        f"Het tekort gaat van {fte(shortage.now.mean)} fte in {shortage.base_year} naar verwacht {fte(then.mean)} fte in "
        f"{shortage.target_year}, met 80 procent zekerheid tussen {fte(then.low)} en {fte(then.high)}. "
        f"Daarvan is {fte(shortage.open_then)} fte open en {fte(shortage.hidden_then)} fte verborgen."
    )


def _records(ground: Ground, rows: Sequence[tuple[str, str, Shortage]]) -> list[dict[str, object]]:
    return [
        {
            "voor": ground.scope.name, "wat": words, "jaar": year, "soort": COMPUTED if year == shortage.base_year else EXPECTED,
            "gemiddelde": point.mean,
        } | band_fields(point)
        for words, measure, shortage in rows
        for year in shortage.years
        if (point := shortage.at(measure, year))
    ]  # fmt: skip


def head_of(sector: str) -> str:
    """Return what the rows of a sector are called."""
    return "Vak of profiel" if sector == Sector.VO else "Functie"

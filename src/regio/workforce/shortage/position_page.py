"""The page of one subject, profile or function in a region: how short, at which boards, and what was said before."""

from dataclasses import dataclass, replace

from regio.regions.enums import Sector
from regio.regions.queries import boards_in
from regio.shared.charts import Point
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import MISSING, between, fte, long_date

from ..enums import SUBJECT_PREFIX, Measure, ScopeKind, StaffOrigin
from ..models import ForecastValue
from ..outlook import Outlook
from ..shortage_sentences import band_words
from ..tables.ground import BAND, band_fields, mean_at
from . import queries
from .staffing import Staffing, item_name, origins_of

EARLIER_SHOWN = 6
NOT_LOADED, ONLY_GROUPS, SPARE = "niet geladen", "alleen per groep vakken", "spare"
GROUPS_NOTE = "Waar personen zijn nagemaakt, is het tekort van een bestuur alleen per groep vakken te zien, op de pagina van dat bestuur."


@dataclass(frozen=True)
class PositionPage:
    """What the page of one position says beside its figures."""

    name: str
    boards: Figure | None
    grades: Table | None
    earlier: Table | None
    need_words: str
    sections_page: str  # small sections of this subject; empty where there are none per location

    @property
    def title(self) -> str:
        """The name with a capital."""
        return self.name[:1].upper() + self.name[1:]


def build(staffing: Staffing) -> PositionPage | None:
    """Return the page of the item of this staffing; None where the region has neither need nor staff of it."""
    outlook, item = staffing.outlook, staffing.item
    need = outlook.series.get((Measure.REQUIRED_FTE, outlook.sector, item), ())
    if not need and not staffing.is_loaded and not (staffing.is_private and _is_known(outlook, item)):
        return None
    return PositionPage(
        name=item_name(item, outlook.positions), boards=boards_figure(staffing), grades=_grades(outlook, item),
        earlier=_earlier(staffing), need_words=_need_words(outlook, need),
        sections_page=f"{outlook.page('sections')}&vak={item}" if outlook.sector == Sector.VO and item.startswith(SUBJECT_PREFIX) else "",
    )  # fmt: skip


def _is_known(outlook: Outlook, item: str) -> bool:
    subjects = {f"{SUBJECT_PREFIX}{p.specialism}" for p in outlook.positions.values() if p.sector == outlook.sector}
    return item in subjects or (item in outlook.positions and outlook.positions[item].sector == outlook.sector)


def _need_words(outlook: Outlook, need: tuple[Point, ...]) -> str:
    then = next((point for point in need if outlook.change and point.year == outlook.change.target_year), None)
    if then is None:
        return ""
    return f"In {outlook.base_year} was {fte(mean_at(need, outlook.base_year))} fte nodig; in {then.year} is dat {band_words(then)}."


def boards_figure(staffing: Staffing) -> Figure | None:
    """Return need and shortage of this item per board, the shortest first; a board without staff has no shortage."""
    outlook, years = staffing.outlook, _years(staffing)
    found = queries.shortages_of_parts(
        outlook.run, kind=ScopeKind.BOARD, sector=outlook.sector, years=years, items=[staffing.item]
    )
    names = {part.code: part.name for part in boards_in(outlook.region.key, sector=outlook.sector)}
    if not found:
        return None
    origins = origins_of(outlook.run.facts, outlook.sector).of_board
    order = sorted(found, key=lambda code: (-_mean(found[code], Measure.SHORTAGE_FTE, years[1]), -_mean(found[code], Measure.REQUIRED_FTE, years[1])))  # fmt: skip
    rows = [
        _board_row(outlook, code, names.get(code, code), found[code], origins.get(code, ""), years) for code in order
    ]
    columns = [Cell("Bestuur"), Cell(f"Nodig {years[0]}", SPARE), Cell(f"Nodig {years[1]}"), Cell(f"Tekort {years[0]}", SPARE), Cell(f"Tekort {years[1]}"), Cell("80\u00a0%\u2011band")]  # fmt: skip
    if not any(measure == Measure.SHORTAGE_FTE for points in found.values() for measure, _ in points):
        columns = [*columns[:3], Cell("Bezetting", "words")]
        rows = [replace(row, cells=[*row.cells[:2], row.cells[3]]) for row in rows]
    slug = staffing.slug("besturen")
    records = [
        {"voor": outlook.scope.name, "bestuur": names.get(code, code), "wat": Measure(measure).label, "jaar": year, "gemiddelde": point.mean} | band_fields(point)
        for code in order for (measure, year), point in sorted(found[code].items())
    ]  # fmt: skip
    return Figure(
        slug=slug, title="", label="nodig en tekort per bestuur", unit="fte op 1 oktober", source=staffing.ground.source, band=BAND,
        reference_date=outlook.ground.base_date, address=outlook.ground.address(slug), records=records, note=f"{staffing.note} {GROUPS_NOTE if staffing.mark else ''}".strip(),
        table=Table("Nodig en tekort per bestuur in fte", columns, rows),
    )  # fmt: skip


def _years(staffing: Staffing) -> tuple[int, int]:
    if staffing.shortage:
        return staffing.shortage.base_year, staffing.shortage.target_year
    change = staffing.outlook.change
    return staffing.outlook.base_year, change.target_year if change else staffing.outlook.base_year


def _mean(points: dict[tuple[str, int], Point], measure: str, year: int) -> float:
    point = points.get((measure, year))
    return point.mean if point else 0.0


def _board_row(
    outlook: Outlook, code: str, name: str, points: dict[tuple[str, int], Point], origin: str, years: tuple[int, int]
) -> Row:
    need = [
        Cell(fte(_mean(points, Measure.REQUIRED_FTE, year)), tone)
        for year, tone in zip(years, (SPARE, ""), strict=True)
    ]
    head = Cell(name, href=outlook.address(ScopeKind.BOARD, code, sector=outlook.sector))
    then = points.get((Measure.SHORTAGE_FTE, years[1]))
    if then is None:
        why = ONLY_GROUPS if origin == StaffOrigin.PUBLIC else NOT_LOADED
        return Row(head, [*need, Cell("", SPARE), Cell(why, "words"), Cell("")])
    now = Cell(fte(_mean(points, Measure.SHORTAGE_FTE, years[0])), SPARE)
    return Row(head, [*need, now, Cell(fte(then.mean)), Cell(between(fte(then.low), fte(then.high)), "band")])


def _grades(outlook: Outlook, item: str) -> Table | None:
    """Return need per grade of a subject, with the shortage where the run keeps it per grade."""
    if not item.startswith(SUBJECT_PREFIX) or outlook.change is None:
        return None
    subject = item.removeprefix(SUBJECT_PREFIX)
    graded = [code for code, position in outlook.positions.items() if position.specialism == subject and position.sector == outlook.sector]  # fmt: skip
    rows = [row for code in sorted(graded, reverse=True) if (row := _grade_row(outlook, code))]
    years = (outlook.base_year, outlook.change.target_year)
    columns = [Cell("Graad"), Cell(f"Nodig {years[0]}"), Cell(f"Nodig {years[1]}"), Cell(f"Tekort {years[1]}")]
    if all(row.cells[-1].text == MISSING for row in rows):
        columns, rows = columns[:-1], [replace(row, cells=row.cells[:-1]) for row in rows]
    return Table("Per graad in fte", columns, rows) if rows else None


def _grade_row(outlook: Outlook, code: str) -> Row | None:
    need = outlook.series.get((Measure.REQUIRED_FTE, outlook.sector, code), ())
    short = outlook.series.get((Measure.SHORTAGE_FTE, outlook.sector, code), ())
    if not need or outlook.change is None:
        return None
    target = outlook.change.target_year
    lacking = Cell(fte(mean_at(short, target))) if short else Cell(MISSING)
    grade = outlook.positions[code].grade
    return Row(
        Cell(grade.capitalize()),
        [Cell(fte(mean_at(need, outlook.base_year))), Cell(fte(mean_at(need, target))), lacking],
    )


def _earlier(staffing: Staffing) -> Table | None:
    """Return what earlier runs said about the shortage of the same year, newest first; nothing where there are none."""
    shortage, outlook = staffing.shortage, staffing.outlook
    if shortage is None:
        return None
    rows = queries.said_before(
        outlook.run, sector=outlook.sector, item=staffing.item, year=shortage.target_year, most=EARLIER_SHOWN
    )
    said = [_earlier_row(row) for row in rows]
    now = Row(Cell("Deze prognose", note=long_date(outlook.run.created_at.date())), [Cell(fte(shortage.then.mean)), Cell(between(fte(shortage.then.low), fte(shortage.then.high)), "band")])  # fmt: skip
    columns = [Cell("Prognose"), Cell(f"Tekort {shortage.target_year}"), Cell("80\u00a0%\u2011band")]
    return Table(f"Wat wij eerder zeiden over {shortage.target_year}, in fte", columns, [now, *said]) if said else None


def _earlier_row(row: ForecastValue) -> Row:
    run = row.run
    head = Cell(f"Prognose {run.pk}", note=long_date(run.created_at.date()), href=f"/prognose/{run.pk}/")
    return Row(head, [Cell(fte(row.mean)), Cell(between(fte(row.p10), fte(row.p90)), "band")])

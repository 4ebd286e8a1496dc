"""The figures that compare: sectors of a scope, its parts, and what changes most; these read more than one series."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isnan

from regio.regions.enums import LinkKind, Sector
from regio.regions.queries import Part, boards_in, locations_of_school, schools_in
from regio.shared.charts import Point
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import between, change_between, fte, number, place_name, signed, signed_fte, signed_share

from . import queries, tables
from .enums import Measure, ScopeKind, StaffOrigin
from .outlook import Outlook, SectorLine
from .rules import RESTS_ON_STAFF
from .sentences import SectorChange, SubjectChange
from .tables.changes import VMBO_PROFILE
from .tables.ground import COMPUTED, COUNTED, EXPECTED, band_fields, without_band
from .tables.spare import SPARE, spared

EVERY_SECTOR = "alle"
NO_BOARD = "Bestuur niet bekend"
WHOLE = 100.0  # a size of which fte is written without decimals
FATE_WORDS: dict[str, str] = {
    LinkKind.MERGER: "gefuseerd", LinkKind.MOVE: "verhuisd", LinkKind.CLOSURE: "gesloten", LinkKind.SPLIT: "gesplitst",
}  # fmt: skip
PartPoints = dict[tuple[str, int], Point]  # (measure, year)
Totals = dict[str, PartPoints]  # by the code of a part
BAND_HEAD = "80\u00a0%\u2011band"
MEASURE_WORDS: dict[str, str] = {
    Measure.LEARNERS: "leerlingen of studenten", Measure.REQUIRED_FTE: "formatie", Measure.SHORTAGE_FTE: "tekort",
}  # fmt: skip
NOT_LOADED, MADE_UP, PRIVATE = "niet geladen", "nagemaakt", "voor het bestuur zelf"
PART_WORDS = {ScopeKind.BOARD: "Bestuur", ScopeKind.SCHOOL: "School", ScopeKind.LOCATION: "Vestiging"}
PARTS_WORDS = {ScopeKind.BOARD: "Besturen", ScopeKind.SCHOOL: "Scholen", ScopeKind.LOCATION: "Vestigingen"}


def sectors_figure(outlook: Outlook) -> Figure:
    """Return the sectors of a scope: now, then, and what is not there yet in words."""
    target = next((line.change.target_year for line in outlook.lines if line.change), outlook.base_year)
    columns = [
        Cell("Sector"), *_places(outlook, Cell("Vestigingen", SPARE)), Cell(f"Leerlingen of studenten {outlook.base_year}", SPARE), Cell(f"Leerlingen of studenten {target}"),
        Cell(BAND_HEAD, SPARE), Cell("Verschil", SPARE), Cell(f"Formatie {outlook.base_year}, fte", SPARE), Cell(f"Formatie {target}, fte", SPARE if _has_staff(outlook) else ""),
    ]  # fmt: skip
    if _has_staff(outlook):
        columns.append(Cell(f"Tekort {target}, fte"))
    rows = spared(columns, [_sector_row(line, outlook) for line in outlook.lines])
    records = [
        record
        for line in outlook.lines
        if line.change
        for record in _change_records(
            outlook,
            line.sector.label,
            line.change.base_year,
            _sector_points(line.change) | _shortage_points(outlook, line.change),
        )
    ]
    return _overview(outlook, f"sectoren-{EVERY_SECTOR}", Table("Wat er verandert per sector", columns, rows), records)


def _sector_points(change: SectorChange) -> dict[tuple[str, int], Point]:
    counted = Point(change.base_year, change.learners_now, change.learners_now, change.learners_now)
    points = {
        (Measure.LEARNERS, change.base_year): counted, (Measure.LEARNERS, change.target_year): change.learners_then,
        (Measure.REQUIRED_FTE, change.base_year): change.fte_now, (Measure.REQUIRED_FTE, change.target_year): change.fte_then,
    }  # fmt: skip
    return {key: point for key, point in points.items() if point}


def _change_records(
    outlook: Outlook, name: str, base_year: int, points: dict[tuple[str, int], Point]
) -> list[dict[str, object]]:
    known_as = {Measure.LEARNERS: COUNTED, Measure.REQUIRED_FTE: COMPUTED, Measure.SHORTAGE_FTE: COMPUTED}
    return [
        {
            "voor": outlook.scope.name, "naam": name, "wat": MEASURE_WORDS[measure], "jaar": year,
            "soort": known_as[Measure(measure)] if year <= base_year else EXPECTED,
            "gemiddelde": point.mean,
        } | band_fields(point)
        for (measure, year), point in sorted(points.items())
    ]  # fmt: skip


def _overview(outlook: Outlook, slug: str, table: Table, records: list[dict[str, object]]) -> Figure:
    return Figure(
        slug=slug, title="", label=table.caption.lower(), unit="leerlingen of studenten, en fte, op 1 oktober", table=table,
        source=outlook.ground.source, reference_date=outlook.ground.base_date, address=outlook.ground.address(slug),
        band=tables.BAND, records=records,
    )  # fmt: skip


def _sector_row(line: SectorLine, outlook: Outlook) -> Row:
    change = line.change
    places = _places(
        outlook, Cell(number(line.locations) if line.locations else "niet geladen" if change else "–", SPARE)
    )
    if change is None:
        return Row(
            Cell(line.sector.label.capitalize()),
            [*places, Cell(""), Cell("nog geen cijfers", "words"), *[Cell("")] * (5 if _has_staff(outlook) else 4)],
        )
    need = [Cell(fte(point.mean) if point else "–") for point in (change.fte_now, change.fte_then)]
    then = change.learners_then
    staff = [_sector_shortage(outlook, line.sector, change.target_year)] if _has_staff(outlook) else []
    other_year = "" if change.base_year == outlook.base_year else f"telling {change.base_year}"
    note = "; ".join(filter(None, (other_year, _of_some(outlook, line.sector))))
    address = outlook.address(outlook.scope.kind, outlook.scope.code, sector=line.sector)
    return Row(
        Cell(line.sector.label.capitalize(), href=address, note=note),
        [*places, Cell(number(change.learners_now)), Cell(number(then.mean)), Cell(between(number(then.low), number(then.high)), "band"),
         Cell(signed_share(change.learner_share)), *need, *staff],
    )  # fmt: skip


def _places(outlook: Outlook, cell: Cell) -> list[Cell]:
    """Return the column of locations: only a region counts them per sector."""
    return [cell] if outlook.scope.kind == ScopeKind.REGION else []


def _has_staff(outlook: Outlook) -> bool:
    return any(measure == Measure.SHORTAGE_FTE for measure, *_ in outlook.series)


def _shortage_points(outlook: Outlook, change: SectorChange) -> PartPoints:
    points = outlook.series.get((Measure.SHORTAGE_FTE, change.sector, queries.ALL), ())
    return {(Measure.SHORTAGE_FTE, p.year): p for p in points if p.year in (change.base_year, change.target_year)}


def _sector_shortage(outlook: Outlook, sector: str, year: int) -> Cell:
    points = outlook.series.get((Measure.SHORTAGE_FTE, sector, queries.ALL), ())
    known = next((point for point in points if point.year == year), None)
    return Cell(fte(known.mean)) if known else Cell(NOT_LOADED, "words nowrap")


def most_table(outlook: Outlook) -> Table | None:
    """Return the subjects and profiles whose need changes most, for beside the sentence."""
    change, found = outlook.change, [*outlook.subjects, *outlook.profiles]
    if change is None or not found:
        return None
    has_bands = any(item.low is not None for item in found)
    columns = [Cell("Vak of profiel" if outlook.sector == Sector.VO else "Functie")]
    columns += [Cell("Verschil"), *([Cell(BAND_HEAD)] if has_bands else [])]
    return Table(
        f"Verschil in fte tussen {change.base_year} en {change.target_year}",
        columns,
        [_most_row(item, has_bands) for item in found],
    )


def _most_row(item: SubjectChange, has_bands: bool) -> Row:
    head = Cell(item.name[:1].upper() + item.name[1:], note=VMBO_PROFILE if item.is_profile else "")
    cells = [Cell(signed_fte(item.change))]
    if has_bands:
        cells.append(Cell(change_between(item.low, item.high), "band"))
    return Row(head, cells)


@dataclass(frozen=True)
class PartsFound:
    """The boards of a region, the schools of a board or the locations of a school, with their figures in two years."""

    kind: ScopeKind
    parts: list[Part]
    totals: Totals
    years: tuple[int, int]


def parts_found(outlook: Outlook) -> PartsFound | None:
    """Return the parts of a scope, read once for a page; None where it has none or no forecast."""
    kind, parts = _parts(outlook)
    if not parts or outlook.change is None:
        return None
    years = (outlook.change.base_year, outlook.change.target_year)
    totals = queries.totals_of_parts(outlook.run, kind=kind, sector=outlook.sector, years=years)
    return PartsFound(kind, parts, totals, years)


def parts_figure(outlook: Outlook, found: PartsFound | None = None) -> Figure | None:
    """Return the boards of a region, the schools of a board or the locations of a school, each with a way down."""
    found, change = found or parts_found(outlook), outlook.change
    if found is None or change is None:
        return None
    kind, parts, totals, years = found.kind, found.parts, found.totals, found.years
    shown = sorted((part for part in parts if part.locations or part.code in totals), key=_place_of(totals))
    shown = _told_apart(shown)
    rows = [_part_row(outlook, kind, part, totals.get(part.code, {}), change) for part in shown]
    records = [
        row for part in shown for row in _change_records(outlook, _full_name(part), years[0], totals.get(part.code, {}))
    ]
    if kind == ScopeKind.BOARD and (rest := _without_board(change, totals)):
        rows.append(_figures_row(Cell(NO_BOARD), rest, change, like=WHOLE, staff=Cell(NOT_LOADED, "words nowrap")))
        records += _change_records(outlook, NO_BOARD, years[0], rest)
    whole = _sector_points(change) | _shortage_points(outlook, change)
    staff = _staff_cell(outlook, ScopeKind(outlook.scope.kind), whole, years[1])
    head = Cell("Totaal", note=_of_some(outlook, outlook.sector))
    rows.append(_figures_row(head, whole, change, like=_decimals_of(kind), is_total=True, staff=staff))
    columns = _part_columns(outlook, kind, years)
    table = Table(f"{PARTS_WORDS[kind]}: {_learners(outlook).lower()} en formatie", columns, spared(columns, rows))
    return _overview(outlook, f"onderdelen-{outlook.sector}", table, records)


def _part_columns(outlook: Outlook, kind: ScopeKind, years: tuple[int, int]) -> list[Cell]:
    return [
        Cell(PART_WORDS[kind]), Cell(f"{_learners(outlook)} {years[0]}", SPARE), Cell(f"{_learners(outlook)} {years[1]}"), Cell(BAND_HEAD, SPARE), Cell("Verschil", SPARE),
        Cell(f"Formatie {years[0]}, fte", SPARE), Cell(f"Formatie {years[1]}, fte", SPARE if _origins(outlook) else ""), Cell(f"Tekort {years[1]}, fte") if _origins(outlook) else Cell("Bezetting", "words"),
    ]  # fmt: skip


def _origins(outlook: Outlook) -> dict[str, str]:
    """Return what the staff of each board rests on; empty where the run had none of any."""
    found = outlook.run.facts.get("bezetting", {}).get(outlook.sector, {}).get("besturen", {})
    return found if any(origin != StaffOrigin.NONE for origin in found.values()) else {}


def _staff_cell(outlook: Outlook, kind: ScopeKind, points: PartPoints, year: int) -> Cell:
    """Return the shortage of a part, or why there is none: not loaded, or made up so not shown at this grain."""
    if point := points.get((Measure.SHORTAGE_FTE, year)):
        return Cell(fte(point.mean))
    if points and not any(measure in RESTS_ON_STAFF for measure, _ in points) and _origins(outlook):
        return Cell(PRIVATE, "words")
    origins = _origins(outlook)
    here = [origins[outlook.scope.board]] if outlook.scope.board in origins else origins.values()
    is_made_up = kind in (ScopeKind.SCHOOL, ScopeKind.LOCATION) and StaffOrigin.PUBLIC in here
    return Cell(MADE_UP if is_made_up else NOT_LOADED, "words nowrap")


def _of_some(outlook: Outlook, sector: str) -> str:
    """Return of how many boards the shortage of a whole region is, where that is not all of them; else nothing."""
    of_board = outlook.run.facts.get("bezetting", {}).get(sector, {}).get("besturen", {})
    without = sum(origin == StaffOrigin.NONE for origin in of_board.values())
    is_shown = (Measure.SHORTAGE_FTE, sector, queries.ALL) in outlook.series
    if outlook.scope.kind != ScopeKind.REGION or not without or not is_shown:
        return ""
    return f"tekort van {len(of_board) - without} van {len(of_board)} besturen"


def _learners(outlook: Outlook) -> str:
    return "Studenten" if outlook.sector == Sector.MBO else "Leerlingen"


def _parts(outlook: Outlook) -> tuple[ScopeKind, list[Part]]:
    key, sector, scope = outlook.region.key, outlook.sector, outlook.scope
    if scope.kind == ScopeKind.REGION:
        return ScopeKind.BOARD, boards_in(key, sector=sector)
    if scope.kind == ScopeKind.BOARD:
        return ScopeKind.SCHOOL, schools_in(key, sector=sector, board=scope.code)
    if scope.kind == ScopeKind.SCHOOL:
        return ScopeKind.LOCATION, locations_of_school(key, sector=sector, brin=scope.code)
    return ScopeKind.LOCATION, []


def _place_of(totals: Totals) -> Callable[[Part], tuple[bool, bool]]:
    """Return the order of parts, for a list by name: what has no name comes last, after it what has no figures."""
    return lambda part: (part.code not in totals, not part.has_name)


def _told_apart(parts: list[Part]) -> list[Part]:
    """Return the parts with their code beside the place where several of one place have one name."""
    twins = Counter((part.name, part.place) for part in parts)
    return [
        replace(part, place=f"{place_name(part.place)} {part.code}".strip())
        if twins[part.name, part.place] > 1
        else part
        for part in parts
    ]


def _full_name(part: Part) -> str:
    return ", ".join(filter(None, (part.name, place_name(part.place))))


def _without_board(change: SectorChange, totals: Totals) -> PartPoints:
    """Return what no board has of a region's expected learners and need; its band is not known. Nothing: empty."""
    every = _sector_points(change).items()
    whole = {key: p for key, p in every if key[0] == Measure.LEARNERS or all(key in of for of in totals.values())}
    left = {key: point.mean - sum(of[key].mean for of in totals.values() if key in of) for key, point in whole.items()}
    if all(round(value, 1) <= 0 for value in left.values()):
        return {}
    return {key: without_band(key[1], value) for key, value in left.items()}


def _part_row(outlook: Outlook, kind: ScopeKind, part: Part, points: PartPoints, change: SectorChange) -> Row:
    note = f"{part.locations}\u00a0vestigingen" if part.locations > 1 else place_name(part.place)
    then = points.get((Measure.LEARNERS, change.target_year))
    if then is None:
        return Row(
            Cell(part.name, note=note),
            [Cell(""), Cell("nog geen cijfers", "words"), *[Cell("")] * 4, Cell(NOT_LOADED, "words nowrap")],
        )
    address = outlook.address(kind, part.code, sector=outlook.sector)
    gone = FATE_WORDS.get(part.fate, "vervalt") if then.high == 0 else ""
    staff = _staff_cell(outlook, kind, points, change.target_year)
    return _figures_row(
        Cell(part.name, note=note, href=address), points, change, like=_decimals_of(kind), gone=gone, staff=staff
    )


def _figures_row(
    head: Cell, points: PartPoints, change: SectorChange, *, like: float | None, staff: Cell, gone: str = "",
    is_total: bool = False,
) -> Row:  # fmt: skip
    years = (change.base_year, change.target_year)
    now = points.get((Measure.LEARNERS, years[0]), Point(years[0], 0.0, 0.0, 0.0)).mean
    then, need = points[Measure.LEARNERS, years[1]], [points.get((Measure.REQUIRED_FTE, year)) for year in years]
    need_now, need_then = (Cell(fte(point.mean, like) if point else "–") for point in need)
    share = signed_share(then.mean / now - 1, 0) if now >= 0.5 else "nieuw" if then.mean >= 0.5 else ""
    ahead = [Cell(number(then.mean)), Cell(band_words(then), "band"), Cell(signed(then.mean - now), note=share)]
    if gone:
        ahead, need_then = [Cell(gone, "words"), Cell(""), Cell(signed(-now))], Cell("–")
    return Row(head, [Cell(number(now)), *ahead, need_now, need_then, staff], is_total)


def _decimals_of(kind: ScopeKind) -> float | None:
    """Return the size whose decimals the fte of such parts take: boards and schools stand in whole fte."""
    return WHOLE if kind in (ScopeKind.BOARD, ScopeKind.SCHOOL) else None


def band_words(point: Point) -> str:
    """Return the band of a point; a dash where it is not known."""
    return "–" if isnan(point.low) else between(number(point.low), number(point.high))

"""The outlook of one scope: everything a page about a region, board, school or location says, put together once.

Used by the start page and by the region pages; reads through `queries`, shapes through `tables` and `sentences`.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.urls import reverse

from regio.regions.enums import Sector
from regio.regions.queries import Part, RegionChoice, boards_in, locations_of_school, schools_in
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import age_in_words, between, change_between, fte, number, signed, signed_fte, signed_share

from . import queries, tables
from .enums import Measure, ScopeKind
from .models import ForecastRun, Position
from .queries import Scope, Series
from .sentences import SectorChange, SubjectChange, most_changed, over_years

COUNT_DAY = (10, 1)  # 1 October
STALE_AFTER = timedelta(days=548)  # 18 months
DEEP_FIRST = (Sector.VO, Sector.PO, Sector.MBO, Sector.SO)
PART_WORDS = {ScopeKind.BOARD: "Bestuur", ScopeKind.SCHOOL: "School", ScopeKind.LOCATION: "Vestiging"}


@dataclass(frozen=True)
class SectorLine:
    """One sector in the overview: its change, or the words that there are no figures yet."""

    sector: Sector
    change: SectorChange | None
    locations: int = 0
    boards: int = 0


@dataclass
class Outlook:
    """One scope of one run, for one chosen sector."""

    region: RegionChoice
    scope: Scope
    run: ForecastRun
    series: Series
    positions: dict[str, Position]
    sector: str
    today: date
    ground: tables.Ground
    lines: list[SectorLine] = field(default_factory=list)

    @property
    def base_year(self) -> int:
        """Year of the last count."""
        return self.ground.base_year

    @property
    def change(self) -> SectorChange | None:
        """What the chosen sector does."""
        return next((line.change for line in self.lines if line.sector == self.sector), None)

    @property
    def sector_label(self) -> str:
        """The chosen sector in words."""
        return Sector(self.sector).label

    @property
    def assumption_share(self) -> float | None:
        """Which part of the need rests on our own assumptions (0-1); None when the run does not say."""
        return self.run.facts.get("formatie", {}).get(self.sector, {}).get("aanname_share")

    @property
    def is_stale(self) -> bool:
        """Whether the newest count is over 18 months old."""
        return bool(self.ground.base_date and self.today - self.ground.base_date > STALE_AFTER)

    @property
    def age(self) -> str:
        """How old the newest count is, in words."""
        return age_in_words(self.ground.base_date, self.today) if self.ground.base_date else ""

    @property
    def opening(self) -> str:
        """`over vijf jaar`, or `tussen 2019 en 2024`."""
        change = self.change
        return over_years(change.base_year, change.target_year, is_stale=self.is_stale) if change else ""

    @cached_property
    def subjects(self) -> list[SubjectChange]:
        """The three subjects or functions whose need changes most."""
        return most_changed([change for change in self._changes if not change.is_profile], count=3)

    @cached_property
    def profiles(self) -> list[SubjectChange]:
        """The three vmbo profiles whose need changes most."""
        return most_changed([change for change in self._changes if change.is_profile], count=3)

    @cached_property
    def _changes(self) -> list[SubjectChange]:
        change = self.change
        if change is None:
            return []
        years = (change.base_year, change.target_year)
        return tables.subject_changes(self.series, self.positions, sector=self.sector, years=years)

    def figures(self) -> dict[str, Figure]:
        """All figures of the chosen sector."""
        return tables.figures_of(self.ground, self.series, self.positions, self.sector)


def build(
    *,
    region: RegionChoice,
    run: ForecastRun,
    scope: Scope,
    sector: str,
    today: date,
    places: dict[str, tuple[int, int]],
) -> Outlook:
    """Return the outlook of a scope; an empty or unknown sector gives the one that the product knows deepest."""
    series = queries.series_of(run, scope.kind, scope.code)
    newest_year = newest_count_year(run)
    lines = [_line(series, sector_, newest_year, places) for sector_ in Sector]
    lines = [line for line in lines if line.change or places]
    changes: dict[str, SectorChange] = {line.sector: line.change for line in lines if line.change}
    chosen = sector if sector in changes else next((s for s in DEEP_FIRST if s in changes), Sector.VO)
    base_year = changes[chosen].base_year if chosen in changes else newest_year
    return Outlook(
        region=region, scope=scope, run=run, series=series, positions=queries.positions(), sector=chosen, today=today,
        ground=_ground(run, scope, base_year), lines=lines,
    )  # fmt: skip


def newest_count_year(run: ForecastRun) -> int:
    """Return the year of the newest count in a run, whatever the sector."""
    return run.base_date.year if run.base_date else run.created_at.year


def _ground(run: ForecastRun, scope: Scope, base_year: int) -> tables.Ground:
    counted_on = date(base_year, *COUNT_DAY)
    source = queries.source_text(run, counted_on)
    return tables.Ground(scope=scope, run=run.pk, base_year=base_year, base_date=counted_on, source=source)


def _line(series: Series, sector: Sector, base_year: int, places: dict[str, tuple[int, int]]) -> SectorLine:
    locations, boards = places.get(sector, (0, 0))
    return SectorLine(sector, tables.sector_change(series, sector, base_year), locations, boards)


def sector_table(outlook: Outlook) -> Table:
    """Return the sectors of a scope: now, then, and what is not there yet in words."""
    target = next((line.change.target_year for line in outlook.lines if line.change), outlook.base_year)
    columns = [
        Cell("Sector"), Cell("Vestigingen"), Cell(f"Leerlingen of studenten {outlook.base_year}"), Cell(f"{target}"),
        Cell("80\u00a0%\u2011band"), Cell("Verschil"), Cell(f"Formatie {outlook.base_year}, fte"), Cell(f"{target}, fte"),
    ]  # fmt: skip
    return Table("Wat er verandert per sector", columns, [_sector_row(line) for line in outlook.lines])


def _sector_row(line: SectorLine) -> Row:
    places = Cell(number(line.locations) if line.locations else "–")
    change = line.change
    if change is None:
        return Row(Cell(line.sector.label.capitalize()), [places, Cell("nog geen cijfers", "words"), *[Cell("")] * 5])
    need = [Cell(fte(point.mean) if point else "–") for point in (change.fte_now, change.fte_then)]
    then = change.learners_then
    return Row(
        Cell(line.sector.label.capitalize(), href=f"?sector={line.sector}"),
        [places, Cell(number(change.learners_now)), Cell(number(then.mean)), Cell(between(number(then.low), number(then.high)), "band"),
         Cell(signed_share(change.learner_share)), *need],
    )  # fmt: skip


def most_table(outlook: Outlook) -> Table | None:
    """Return the subjects and profiles whose need changes most, for beside the sentence."""
    change, found = outlook.change, [*outlook.subjects, *outlook.profiles]
    if change is None or not found:
        return None
    has_bands = any(item.low is not None for item in found)
    columns = [Cell("Vak of profiel" if outlook.sector == Sector.VO else "Functie"), Cell(str(change.base_year))]
    columns += [Cell("Verschil"), *([Cell("80\u00a0%\u2011band")] if has_bands else [])]
    return Table(
        f"Formatie in fte, en het verschil in {change.target_year}",
        columns,
        [_most_row(item, has_bands) for item in found],
    )


def _most_row(item: SubjectChange, has_bands: bool) -> Row:
    head = Cell(item.name[:1].upper() + item.name[1:], note="vmbo-profiel" if item.is_profile else "")
    cells = [Cell(fte(item.now)), Cell(signed_fte(item.change))]
    if has_bands:
        cells.append(Cell(change_between(item.low, item.high), "band"))
    return Row(head, cells)


def parts_table(outlook: Outlook) -> Table | None:
    """Return the boards of a region, the schools of a board or the locations of a school, each with a way down."""
    kind, parts = _parts(outlook)
    change = outlook.change
    if not parts or change is None:
        return None
    totals = queries.totals_of_parts(
        outlook.run, kind=kind, sector=outlook.sector, years=(change.base_year, change.target_year)
    )
    whole = (
        100.0 if outlook.scope.kind in (ScopeKind.REGION, ScopeKind.BOARD) else None
    )  # boards and schools in whole fte
    learners = "Studenten" if outlook.sector == Sector.MBO else "Leerlingen"
    columns = [
        Cell(PART_WORDS[kind]), Cell(f"{learners} {change.base_year}"), Cell(str(change.target_year)), Cell("80\u00a0%\u2011band"), Cell("Verschil"),
        Cell(f"Formatie {change.base_year}, fte"), Cell(f"{change.target_year}, fte"), Cell("Bezetting", "words"),
    ]  # fmt: skip
    rows = [_part_row(outlook, kind, part, totals.get(part.code, {}), change, like=whole) for part in parts]
    words = {ScopeKind.BOARD: "Besturen", ScopeKind.SCHOOL: "Scholen", ScopeKind.LOCATION: "Vestigingen"}[kind]
    return Table(f"{words}: {learners.lower()} en formatie", columns, rows)


def _parts(outlook: Outlook) -> tuple[ScopeKind, list[Part]]:
    key, sector, scope = outlook.region.key, outlook.sector, outlook.scope
    if scope.kind == ScopeKind.REGION:
        return ScopeKind.BOARD, boards_in(key, sector=sector)
    if scope.kind == ScopeKind.BOARD:
        return ScopeKind.SCHOOL, schools_in(key, sector=sector, board=scope.code)
    if scope.kind == ScopeKind.SCHOOL:
        return ScopeKind.LOCATION, locations_of_school(key, sector=sector, brin=scope.code)
    return ScopeKind.LOCATION, []


def _part_row(
    outlook: Outlook, kind: ScopeKind, part: Part, totals: dict, change: SectorChange, *, like: float | None
) -> Row:
    address = reverse("part", args=[outlook.region.key, kind, part.code]) + f"?sector={outlook.sector}"
    note = f"{part.locations} vestigingen" if part.locations > 1 else part.place
    now, then = (totals.get((Measure.LEARNERS, year)) for year in (change.base_year, change.target_year))
    need = [totals.get((Measure.REQUIRED_FTE, year)) for year in (change.base_year, change.target_year)]
    if now is None or then is None:
        return Row(
            Cell(part.name, note=note),
            [Cell("nog geen cijfers", "words"), *[Cell("")] * 5, Cell("niet geladen", "words")],
        )
    share = signed_share(then.mean / now.mean - 1, 0) if now.mean else ""
    cells = [
        Cell(number(now.mean)), Cell(number(then.mean)), Cell(between(number(then.low), number(then.high)), "band"),
        Cell(signed(then.mean - now.mean), note=share), *(Cell(fte(point.mean, like) if point else "–") for point in need),
        Cell("niet geladen", "words"),
    ]  # fmt: skip
    return Row(Cell(part.name, note=note, href=address), cells)

"""The outlook of one scope: everything a page about a region, board, school or location says, put together once.

Used by the start page and by the region pages; reads through `queries`, shapes through `tables` and `sentences`.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from regio.regions.enums import Sector
from regio.regions.queries import RegionChoice
from regio.shared.figures import Figure
from regio.shared.formatting import age_in_words

from . import queries, tables
from .models import ForecastRun, Position
from .queries import Scope, Series
from .sentences import SectorChange, SubjectChange, most_changed, over_years

COUNT_DAY = (10, 1)  # 1 October
STALE_AFTER = timedelta(days=548)  # 18 months
DEEP_FIRST = (Sector.VO, Sector.PO, Sector.MBO, Sector.SO)


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
    def need_facts(self) -> dict[str, Any]:
        """What the run says about the need of the chosen sector: how much is assumption, and which rule."""
        return self.run.facts.get("formatie", {}).get(self.sector, {})

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
        """`Over vijf jaar`, or that it is counted from an old count on."""
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

"""The outlook of one scope: everything a page about a region, board, school or location says, put together once.

Used by the start page and by the region pages; reads through `queries`, shapes through `tables` and `sentences`.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from regio.regions.enums import Sector
from regio.regions.queries import RegionChoice
from regio.shared.charts import Point
from regio.shared.figures import Figure
from regio.shared.formatting import age_in_words

from . import queries, tables
from .enums import Measure, ScopeKind
from .models import ForecastRun, Position
from .queries import Scope, Series
from .rules import own_boards
from .sentences import (
    COUNT_DAY,
    FEWEST_TO_CHOOSE_FROM,
    SectorChange,
    SubjectChange,
    is_stale,
    most_changed,
    most_changed_in_proportion,
    opening_of,
)  # fmt: skip

INVENTED = "verzonnen, in de vorm van "
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
    asked_sector: str = ""
    is_asked_run: bool = False  # the address names the run: links of the page name it too

    def address(self, kind: str, code: str, *, sector: str) -> str:
        """The address of a page of this region, with the run that was asked for."""
        run = self.run.pk if self.is_asked_run else 0
        return page_address(region_key=self.region.key, kind=kind, code=code, sector=sector, run=run)

    def page(self, name: str, *more: str) -> str:
        """The address of another page of this region, for the sector of this one and the run that was asked for."""
        asked = {"sector": self.sector} | ({"prognose": self.run.pk} if self.is_asked_run else {})
        return f"{reverse(name, args=[self.region.key, *more])}?{urlencode(asked)}"

    @property
    def drivers_page(self) -> str:
        """The address of what drives the shortage of this scope."""
        is_region = self.scope.kind == ScopeKind.REGION
        return self.page("drivers") if is_region else self.page("part_drivers", self.scope.kind, self.scope.code)

    @property
    def is_open_sum(self) -> bool:
        """Whether a sum over own files shows here because the installation is open."""
        return bool(settings.OPEN and self.scope.kind == ScopeKind.REGION and own_boards(self.run, self.sector))

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
    def published_words(self) -> str:
        """Whether somebody else's forecast counted in the chosen sector, and why; empty where none could."""
        of_learners = self.run.facts.get("leerlingen", {}).get(self.sector, {})
        return str(of_learners.get("published", {}).get("words", ""))

    @property
    def exam_words(self) -> str:
        """How many locations of the region had no candidates last time, so that classes alone tell; empty where none."""
        count = len(self.run.facts.get("examens", {}).get("from_classes", ()))
        if not count:
            return ""
        who = "heeft 1 vestiging" if count == 1 else f"hebben {count} vestigingen"
        return f"In deze regio {who} wel klassen, maar geen kandidaten in het laatste schooljaar. Wat daar komt, volgt alleen uit die klassen."

    @property
    def is_stale(self) -> bool:
        """Whether the newest count is over 18 months old."""
        return is_stale(self.base_year, self.today)

    @property
    def age(self) -> str:
        """How old the newest count is, in words."""
        return age_in_words(self.ground.base_date, self.today) if self.ground.base_date else ""

    @property
    def opening(self) -> str:
        """`Over vijf jaar`, or `In 2030` where that is not five years from today."""
        change = self.change
        return opening_of(change.base_year, change.target_year, self.today) if change else ""

    @property
    def last_counted(self) -> Point | None:
        """The last count of a scope that has no forecast: it closed, or merged into another."""
        points = self.series.get((Measure.LEARNERS, self.sector, queries.ALL), ())
        return points[-1] if points and not self.change else None

    @property
    def last_year(self) -> int:
        """The last year of the forecast of the chosen sector; 0 without one."""
        points = self.series.get((Measure.LEARNERS, self.sector, queries.ALL), ())
        return points[-1].year if points and self.change else 0

    @property
    def is_past(self) -> bool:
        """Whether the year that the sentence speaks of is over: the run does not reach further."""
        return bool(self.change and self.change.target_year < self.today.year)

    @property
    def sector_without_figures(self) -> str:
        """The sector that was asked for and has no figures, in words; none when it has or nothing was asked."""
        is_shown = self.asked_sector in ("", self.sector) and self.change
        return "" if is_shown or self.asked_sector not in Sector else Sector(self.asked_sector).label

    @cached_property
    def subjects(self) -> list[SubjectChange]:
        """The three subjects or functions whose need surely changes most; where none does, expected to."""
        subjects = [change for change in self._changes if not change.is_profile]
        return most_changed(subjects, count=3) if len(subjects) >= FEWEST_TO_CHOOSE_FROM else []

    @property
    def subjects_are_sure(self) -> bool:
        """Whether the need for the subjects that are named surely changes."""
        return any(subject.is_sure for subject in self.subjects)

    @property
    def subjects_have_bands(self) -> bool:
        """Whether the run knows how sure the change of a subject is: not where it has no change of the need."""
        return any(subject.low is not None for subject in self.subjects)

    @cached_property
    def in_proportion(self) -> list[SubjectChange]:
        """The two subjects that surely change most for their size; none where the sentence names both already."""
        subjects = [change for change in self._changes if not change.is_profile]
        found = most_changed_in_proportion(subjects, count=2) if len(subjects) >= FEWEST_TO_CHOOSE_FROM else []
        return found if any(change not in self.subjects for change in found) else []

    @cached_property
    def profiles(self) -> list[SubjectChange]:
        """The three vmbo profiles whose need changes most."""
        return most_changed([change for change in self._changes if change.is_profile], count=3)

    @property
    def profiles_are_sure(self) -> bool:
        """Whether the need for the profiles that are named surely changes."""
        return any(profile.is_sure for profile in self.profiles)

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
    is_asked_run: bool = False,
) -> Outlook:
    """Return the outlook of a scope; an empty or unknown sector gives the one that the product knows deepest."""
    series = queries.series_of(run, scope.kind, scope.code)
    newest_year = newest_count_year(run)
    lines = [_line(series, sector_, queries.base_year_of(run, sector_), places, today) for sector_ in Sector]
    lines = [line for line in lines if line.change or places]
    changes: dict[str, SectorChange] = {line.sector: line.change for line in lines if line.change}
    chosen = sector if sector in changes else next((s for s in DEEP_FIRST if s in changes), Sector.VO)
    base_year = changes[chosen].base_year if chosen in changes else newest_year
    return Outlook(
        region=region, scope=scope, run=run, series=series, positions=queries.positions(), sector=chosen, today=today,
        ground=_ground(run, scope, base_year), lines=lines, asked_sector=sector, is_asked_run=is_asked_run,
    )  # fmt: skip


def page_address(
    *, region_key: str, kind: str = ScopeKind.REGION, code: str = "", sector: str = "", run: int = 0
) -> str:
    """Return the address of a region or a part of it, for one sector and one run where these are given."""
    is_region = kind == ScopeKind.REGION
    path = reverse("region", args=[region_key]) if is_region else reverse("part", args=[region_key, kind, code])
    asked = urlencode({name: value for name, value in (("sector", sector), ("prognose", run)) if value})
    return f"{path}?{asked}" if asked else path


def newest_count_year(run: ForecastRun) -> int:
    """Return the year of the newest count in a run, whatever the sector."""
    return run.base_date.year if run.base_date else run.created_at.year


def _ground(run: ForecastRun, scope: Scope, base_year: int) -> tables.Ground:
    counted_on = date(base_year, *COUNT_DAY)
    source = (INVENTED if settings.DEMO else "") + queries.source_text(run, counted_on)
    return tables.Ground(
        scope=scope, run=run.pk, base_year=base_year, base_date=counted_on, source=source,
        exam_year=queries.exam_year_of(run),
    )  # fmt: skip


def _line(
    series: Series, sector: Sector, base_year: int, places: dict[str, tuple[int, int]], today: date
) -> SectorLine:
    locations, boards = places.get(sector, (0, 0))
    return SectorLine(sector, tables.sector_change(series, sector, base_year, today), locations, boards)

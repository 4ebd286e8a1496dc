"""Staff and shortage of one outlook: what pages and figures say about them, read once and only where it is asked.

Without loaded staff there is no shortage, and nothing here makes one. Staff that was made up from public tables is
marked on every figure, and a run keeps nothing of it below region × subject or board × group of subjects.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from regio.regions.enums import Sector
from regio.shared.charts import Point
from regio.shared.figures import Cell, Figure

from .. import tables
from ..enums import SUBJECT_PREFIX, Measure, ScopeKind, StaffOrigin
from ..model_runs.shortage_grain import GROUP_PREFIX
from ..models import Position
from ..outlook import Outlook
from ..queries import ALL, Series, is_private
from ..sentences import horizon_year, opening_of
from ..shortage_sentences import Cause, Flows, Shortage, causes_of, chance_words, drivers_sentence, grouped
from ..tables.changes import position_cell, subject_of
from ..tables.drivers import drivers_figure, flows_figure
from ..tables.ground import items_of, without_band
from ..tables.pay import Pay, pay_figure, pay_of
from ..tables.shortage import Named, head_of, positions_figure, shortage_figure, staffing_figure
from ..tables.staff import ages_figure, ages_sentence, ladder_years, qualified_figure, qualified_sentence
from . import queries

SYNTHETIC = "Synthetisch: personen nagemaakt uit openbare tabellen."
PRIVATE = "Bezetting alleen voor het bestuur zelf: formatie en tekort rusten hier op het eigen personeelsbestand van een bestuur."
PRIVATE_SUM = (
    "Formatie en tekort van de hele regio staan hier niet: zij rusten op eigen personeelsbestanden van besturen. "
    "Besturen tellen hun tekort op in een gezamenlijke ronde, waarin het cijfer van één bestuur beschermd is."
)
LEVELS = (*queries.STAFF_MEASURES, Measure.REQUIRED_FTE)
SEPARATOR = "~"  # between figure and item in a permanent link


@dataclass(frozen=True)
class Origins:
    """What the staff of each board in a run rests on."""

    of_board: Mapping[str, str]

    def number(self, origin: str) -> int:
        """Return how many boards have staff of this origin."""
        return Counter(self.of_board.values())[origin]

    @property
    def loaded(self) -> int:
        """How many boards have staff."""
        return len(self.of_board) - self.number(StaffOrigin.NONE)

    @property
    def is_whole(self) -> bool:
        """Whether every board has staff."""
        return 0 < self.loaded == len(self.of_board)

    @property
    def partly(self) -> str:
        """`bij 9 van de 10 besturen`; empty where all are loaded, or none."""
        return "" if self.is_whole or not self.loaded else f"bij {self.loaded} van de {len(self.of_board)} besturen"

    @property
    def is_synthetic(self) -> bool:
        """Whether any of the staff was made up from public tables."""
        return self.number(StaffOrigin.PUBLIC) > 0

    @property
    def words(self) -> str:
        """Who the staff is of, for under a figure."""
        own, public = self.number(StaffOrigin.OWN), self.number(StaffOrigin.PUBLIC)
        if len(self.of_board) == 1:
            return "eigen bestand van het bestuur" if own else "openbaar bestand, personen nagemaakt"
        parts = [f"eigen bestand van {own}" if own else "", f"openbaar bestand van {public}" if public else ""]
        without = "" if self.is_whole else f", {self.number(StaffOrigin.NONE)} niet geladen"
        return f"{' en '.join(filter(None, parts))} van {len(self.of_board)} besturen{without}"


def origins_of(facts: Mapping[str, Any], sector: str) -> Origins:
    """Return the origins that a run kept for one sector; none for a run from before staff."""
    return Origins(facts.get("bezetting", {}).get(sector, {}).get("besturen", {}))


class Staffing:
    """Staff and shortage of one scope, for one item: a subject, a function, or everything together."""

    def __init__(self, outlook: Outlook, item: str = ALL, *, bound: int | None = None) -> None:
        """Take an outlook; nothing is read until it is asked. `bound` is the fte that the chance is asked above; below 0 for none."""
        self.outlook, self.item, self._bound = outlook, item, bound
        self.origins = _origins_of_scope(outlook)
        self._at = {"kind": outlook.scope.kind, "code": outlook.scope.code, "sector": outlook.sector}

    # ------------------------------------------------------------------------------------------------- the shortage
    @cached_property
    def shortage(self) -> Shortage | None:
        """The shortage with its whole spread; None where no staff is loaded."""
        found = shortage_in(self.outlook, self.item, is_whole=self.origins.is_whole)
        quantiles = queries.quantiles_of(self.outlook.run, **self._at, item=self.item) if found else {}
        return replace(found, quantiles=quantiles.get(found.target_year, ())) if found else None

    @property
    def is_loaded(self) -> bool:
        """Whether there is a shortage to speak of."""
        return self.shortage is not None

    @property
    def is_hidden(self) -> bool:
        """Whether staff was computed but may not be shown at this grain: made up, or too little of a region."""
        return not self.is_loaded and self.origins.loaded > 0

    @cached_property
    def is_private(self) -> bool:
        """Whether need and staff of this scope rest on an own file that is not for who reads now."""
        return is_private(self.outlook.run, self.outlook.scope, self.outlook.sector)

    @property
    def hidden_words(self) -> str:
        """Why there is no shortage here although staff is loaded."""
        if self.is_private:
            return PRIVATE_SUM if self.outlook.scope.kind == ScopeKind.REGION else PRIVATE
        if self.outlook.scope.kind == ScopeKind.REGION:
            return (
                f"De bezetting is geladen van {self.origins.words}. Dat is te weinig voor een tekort van de hele regio."
            )
        return "De personen zijn nagemaakt uit openbare tabellen. Voor een school of vestiging staat er daarom geen tekort."

    @property
    def target_year(self) -> int:
        """The year that pages speak of; 0 without a shortage."""
        return self.shortage.target_year if self.shortage else 0

    @property
    def staff_now(self) -> float:
        """Who is in service in the base year [fte]."""
        return self.shortage.mean(Measure.STAFFED_FTE, self.shortage.base_year) if self.shortage else 0.0

    @property
    def staff_then(self) -> float:
        """Who is expected to be in service in the target year [fte]."""
        return self.shortage.mean(Measure.STAFFED_FTE, self.shortage.target_year) if self.shortage else 0.0

    @property
    def mark(self) -> str:
        """The words that staff was made up, where it was."""
        return SYNTHETIC if self.is_loaded and self.origins.is_synthetic else ""

    @property
    def partly(self) -> str:
        """`bij 9 van de 10 besturen`, where not every board of a region has loaded its staff; else empty."""
        return self.origins.partly if self.is_loaded else ""

    @property
    def note(self) -> str:
        """What stands under every figure of staff: that persons were made up, and of how many boards it is."""
        return f"{self.mark} {f'Alleen {self.partly}.' if self.partly else ''}".strip()

    @property
    def need_of_loaded(self) -> tuple[float, float] | None:
        """The need of the boards with staff in both years [fte], where it is not that of all; None where it is or is not known."""
        found = self.shortage
        if not found or found.is_whole or found.need_share is None:
            return None
        return found.mean(Measure.REQUIRED_FTE, found.base_year), found.mean(Measure.REQUIRED_FTE, found.target_year)

    @property
    def pay(self) -> Pay | None:
        """What the staff of this scope costs; None without staff, for one item, or where the run kept no cost."""
        facts = self.outlook.run.facts.get("bezetting", {}).get(self.outlook.sector, {}).get("loonkosten", {})
        costs = facts.get("eur", {}).get(self.outlook.scope.kind, {}).get(self.outlook.scope.code)
        if not costs or not self.shortage or self.item != ALL:
            return None
        staff = {year: point.mean for year, point in self.shortage.levels[Measure.STAFFED_FTE].items()}
        return pay_of(facts, {int(year): cost for year, cost in costs.items()}, staff)

    @property
    def opening(self) -> str:
        """`Over vijf jaar`, or the year where that is not five years from today."""
        shortage = self.shortage
        return opening_of(shortage.base_year, shortage.target_year, self.outlook.today) if shortage else ""

    @property
    def bound(self) -> int:
        """The fte that the chance is asked above: what was asked, else a round number just below what is expected."""
        default = self.shortage.default_bound if self.shortage else 0
        return default if self._bound is None or self._bound < 0 else self._bound

    @property
    def chance_words(self) -> str:
        """The chance of more than that in the target year; empty where the run kept no spread."""
        chance = self.shortage.chance_above(self.bound) if self.shortage else None
        return "" if chance is None else chance_words(chance)

    @cached_property
    def positions(self) -> list[Named]:
        """The shortage per subject, profile or function, or per group where the run keeps no more; shortest first."""
        found = [self._named(item) for item in items_with_staff(self.outlook.series, self.outlook.sector)]
        return sorted(filter(None, found), key=lambda row: -row.shortage.then.mean)

    def _named(self, item: str) -> Named | None:
        shortage = shortage_in(self.outlook, item, is_whole=self.origins.is_whole)
        if shortage is None:
            return None
        cell = item_cell(item, self.outlook.positions)
        name = item_name(item, self.outlook.positions)
        return Named(cell.text, shortage, self._position_page(item), cell.note, name)

    def _position_page(self, item: str) -> str:
        outlook = self.outlook
        if outlook.scope.kind != ScopeKind.REGION or item.startswith(GROUP_PREFIX):
            return ""
        return outlook.page("position", item)

    # ------------------------------------------------------------------------------------------------ what drives it
    @cached_property
    def _all_flows(self) -> queries.Flows:
        return queries.flows_of(self.outlook.run, **self._at)

    @property
    def flows(self) -> Flows:
        """What every cause adds per year for this item."""
        return self._all_flows.get(self.item, {})

    @cached_property
    def causes(self) -> list[Cause]:
        """What makes the shortage of now that of the target year; nothing where the run kept no flows."""
        return causes_of(self.shortage, self.flows) if self.shortage and self.flows else []

    @property
    def drivers_sentence(self) -> str:
        """The causes in words."""
        return drivers_sentence(self.shortage, self.causes) if self.shortage and self.causes else ""

    @cached_property
    def ages(self) -> queries.Ages:
        """Teachers per age band and year."""
        return queries.ages_of(self.outlook.run, **self._at) if self.is_loaded else {}

    @property
    def ages_sentence(self) -> str:
        """What the ages say."""
        return ages_sentence(self.ages, ladder_years(self.ages, self.ground.base_year, self.target_year))

    @property
    def qualified_sentence(self) -> str:
        """Who may teach, in words."""
        return qualified_sentence(self.shortage) if self.shortage else ""

    # ----------------------------------------------------------------------------------------------------- figures
    @cached_property
    def ground(self) -> tables.Ground:
        """Where the figures come from: the counts, and whose staff."""
        ground = self.outlook.ground
        return replace(ground, source=f"{ground.source}; bezetting: {self.origins.words}") if self.is_loaded else ground

    def slug(self, name: str) -> str:
        """The last part of the permanent link of a figure."""
        of_item = "" if self.item == ALL else SEPARATOR + self.item
        return f"{name}-{self.outlook.sector}{of_item}"

    def figure(self, name: str) -> Figure | None:
        """Return one figure by its name; None for what the run does not know."""
        shortage = self.shortage
        if shortage is None or name not in FIGURES:
            return None
        given = {"slug": self.slug(name), "note": self.note}
        if name == "tekort":
            return shortage_figure(self.ground, shortage, **given)
        if name == "bezetting":
            return staffing_figure(self.ground, shortage, **given)
        if name == "oorzaken":
            return drivers_figure(self.ground, shortage, self.causes, **given)
        if name == "hoofdoorzaken":
            return drivers_figure(self.ground, shortage, grouped(self.causes), **given)
        if name == "stromen":
            return flows_figure(self.ground, self.flows, **given)
        if name == "leeftijden":
            return ages_figure(self.ground, self.ages, self.target_year, **given)
        if name == "bevoegd":
            return qualified_figure(self.ground, shortage, **given)
        if name == "loonkosten":
            return pay_figure(self.ground, self.pay, **given) if self.pay else None
        label = "tekort per vak" if self.outlook.sector == Sector.VO else "tekort per functie"
        return positions_figure(self.ground, self.positions, shortage, head=head_of(self.outlook.sector), label=label, **given)  # fmt: skip

    def figures(self, *names: str) -> dict[str, Figure]:
        """Return the figures of these names that there are."""
        return {name: figure for name in names if (figure := self.figure(name))}


def _origins_of_scope(outlook: Outlook) -> Origins:
    """Return the origins of the boards that a scope is of; what is shown of a school or location is counted staff."""
    every, scope = origins_of(outlook.run.facts, outlook.sector), outlook.scope
    if scope.kind == ScopeKind.BOARD:
        return Origins({code: of for code, of in every.of_board.items() if code == scope.code})
    is_shown = (Measure.SHORTAGE_FTE, outlook.sector, ALL) in outlook.series
    if scope.kind != ScopeKind.REGION and is_shown:
        return Origins({scope.code: StaffOrigin.OWN})
    return Origins({scope.board: every.of_board[scope.board]}) if scope.board in every.of_board else every


FIGURES = (
    "tekort",
    "bezetting",
    "oorzaken",
    "hoofdoorzaken",
    "stromen",
    "leeftijden",
    "bevoegd",
    "knelpunten",
    "loonkosten",
)


def shortage_in(outlook: Outlook, item: str, *, is_whole: bool) -> Shortage | None:
    """Return the shortage of one item of an outlook, without its spread; None where no staff is loaded."""
    levels = levels_of(outlook.series, outlook.sector, item)
    base_year, target_year = outlook.base_year, target_of(outlook, levels)
    known = levels[Measure.SHORTAGE_FTE]
    if base_year not in known or target_year not in known or target_year <= base_year:
        return None
    if not is_whole:
        levels[Measure.REQUIRED_FTE] = need_of_loaded(outlook, item, all_boards=levels[Measure.REQUIRED_FTE])
    return Shortage(base_year, target_year, levels, is_whole=is_whole)


def need_of_loaded(outlook: Outlook, item: str, *, all_boards: dict[int, Point]) -> dict[int, Point]:
    """Return the need of the boards whose staff a region's shortage is of; beside that of all boards it would look small.

    A run keeps means without a band, and nothing where all need is loaded; one from before it kept them leaves it unknown.
    """
    kept = outlook.run.facts.get("bezetting", {}).get(outlook.sector, {}).get("formatie_geladen")
    if kept == {}:
        return all_boards
    return {int(year): without_band(int(year), fte) for year, fte in (kept or {}).get(item, {}).items()}


def levels_of(series: Series, sector: str, item: str) -> dict[str, dict[int, Point]]:
    """Return measure -> year -> point of one item."""
    levels: dict[str, dict[int, Point]] = {
        measure: {p.year: p for p in series.get((measure, sector, item), ())} for measure in LEVELS
    }
    if item.startswith(GROUP_PREFIX):
        levels[Measure.REQUIRED_FTE] = need_of_group(series, sector, item.removeprefix(GROUP_PREFIX))
    return levels


def need_of_group(series: Series, sector: str, group: str) -> dict[int, Point]:
    """Return the need of the positions of a group of subjects per year; bands do not add, so it has none."""
    from ..model_runs.staff_parameters import staff_parameters

    totals: dict[int, float] = {}
    needs = items_of(series, Measure.REQUIRED_FTE, sector)
    positions = [item for item in needs if item.startswith(f"{sector}:")]
    for item in (item for item in positions if staff_parameters().group_of(item.split(":")[1]) == group):
        for point in needs[item]:
            totals[point.year] = totals.get(point.year, 0.0) + point.mean
    return {year: without_band(year, total) for year, total in totals.items()}


def target_of(outlook: Outlook, levels: Mapping[str, Mapping[int, Point]]) -> int:
    """Return the year that pages speak of: that of the learners, or the last year that staff was computed for."""
    wanted = outlook.change.target_year if outlook.change else horizon_year(outlook.base_year, outlook.today)
    return min(wanted, max(levels[Measure.SHORTAGE_FTE], default=wanted))


def items_with_staff(series: Series, sector: str) -> list[str]:
    """Return the items with staff or shortage: subjects where there are subjects (profiles and functions stay), else positions."""
    items = {
        item
        for (measure, of_sector, item), points in series.items()
        if of_sector == sector and measure in queries.STAFF_MEASURES and item != ALL and any(p.mean for p in points)
    }
    subjects = {item.removeprefix(SUBJECT_PREFIX) for item in items if item.startswith(SUBJECT_PREFIX)}
    whole = (SUBJECT_PREFIX, GROUP_PREFIX)
    return sorted(item for item in items if item.startswith(whole) or item.split(":")[1] not in subjects)


def item_cell(item: str, positions: Mapping[str, Position]) -> Cell:
    """Return the name of a subject, function or group as the head of a row."""
    if item.startswith(GROUP_PREFIX):
        name = item.removeprefix(GROUP_PREFIX).replace("_", " ")
        return Cell(name[:1].upper() + name[1:])
    return position_cell(item, dict(positions))


def item_name(item: str, positions: Mapping[str, Position]) -> str:
    """Return the name of a subject, function or group in a sentence."""
    if item.startswith(GROUP_PREFIX):
        return item.removeprefix(GROUP_PREFIX).replace("_", " ")
    name, is_profile = subject_of(item, dict(positions))
    grade = positions[item].grade if item in positions and positions[item].grade != "nvt" else ""
    named = f"profiel {name}" if is_profile else name
    return f"{named} ({grade})" if grade and not is_profile else named

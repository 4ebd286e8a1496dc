"""What the evidence page says besides the scorecard, put together once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from regio.regions.queries import region_by_key
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import number, signed

from .. import outlook
from ..enums import Measure, ScopeKind, StaffOrigin
from ..models import ForecastRun
from ..queries import FEWEST_YEARS, Scope, board_name, series_of
from ..shortage.staffing import Staffing
from ..shortage_sentences import Shortage
from ..tables.shortage import Named, is_one_need
from . import tables
from .band_sources import Source, best_of, sources_of, sources_table
from .mechanisms import Mechanisms, mechanisms
from .tables import Measured


@dataclass(frozen=True)
class Evidence:
    """Tables and sources beside the scorecard."""

    noise: Table
    england: Measured
    mechanisms: Mechanisms | None
    register: Figure | None
    sources: Table | None
    largest: Source | None
    case: Table | None
    case_of: str
    case_page: str
    region: str
    runs: int


def staffing_of(region_key: str, runs: Sequence[ForecastRun], today: date) -> Staffing | None:
    """Return the staff of the run that opens for a region, for where its band comes from; None without one."""
    own = [run for run in runs if run.region_key == region_key]
    run = max(own, key=lambda run: (run.years >= FEWEST_YEARS, run.pk), default=None)
    chosen = region_by_key(region_key) if run else None
    if run is None or chosen is None:
        return None
    scope = Scope(ScopeKind.REGION, chosen.key, chosen.name)
    return Staffing(outlook.build(region=chosen, run=run, scope=scope, sector="", today=today, places={}))


def build(staffing: Staffing | None, runs: Sequence[ForecastRun]) -> Evidence:
    """Return everything beside the scorecard."""
    sources = sources_of(staffing) if staffing else []
    what = "het tekort" if staffing and staffing.is_loaded else "de formatie"
    found = _hand_case(staffing) if staffing else None
    return Evidence(
        noise=tables.noise_table(), england=tables.england(), mechanisms=mechanisms(), register=tables.register_figure(runs, names=_names(staffing)),
        sources=sources_table(sources, what), largest=best_of(sources), runs=len(runs),
        case=_case_table(found[1]) if found else None, case_of=f"{found[1].said} bij {found[0]}" if found else "", case_page=_case_page(staffing, found[0]) if staffing and found else "",
        region=staffing.outlook.scope.name if staffing else "",
    )  # fmt: skip


def _names(staffing: Staffing | None) -> dict[str, str]:
    return {staffing.outlook.region.key: staffing.outlook.region.name} if staffing else {}


def _hand_case(staffing: Staffing) -> tuple[str, Named] | None:
    """Return for whom, and the shortest position of which need, staff and shortage are of the same boards.

    Where not every board is loaded, that is a board with its own staff file.
    """
    if not staffing.origins.is_whole:
        staffing = _of_own_board(staffing)
    found = next((row for row in staffing.positions if is_one_need(row.shortage)), None)
    return (staffing.outlook.scope.name, found) if found else None


def _case_page(staffing: Staffing, name: str) -> str:
    """Return the page with the same figures: that of the region, or of the own board that the case is of."""
    scope = staffing.outlook.scope
    scope = scope if scope.name == name else _of_own_board(staffing).outlook.scope
    return staffing.outlook.address(scope.kind, scope.code, sector=staffing.outlook.sector) + "#tekorten"


def _of_own_board(staffing: Staffing) -> Staffing:
    page = staffing.outlook
    own = sorted(code for code, origin in staffing.origins.of_board.items() if origin == StaffOrigin.OWN)
    if not own:
        return staffing
    scope = Scope(ScopeKind.BOARD, own[0], board_name(own[0]) or own[0])
    return Staffing(replace(page, scope=scope, series=series_of(page.run, scope.kind, scope.code)))


def _case_table(found: Named) -> Table:
    """Return the shortage of one position in the base year as a sum that anybody can repeat."""
    rows = [
        Row(Cell(name), [Cell(signed(value, 2) if sign else number(value, 2))], is_total=not sign and position > 0)
        for position, (name, value, sign) in enumerate(case_lines(found.shortage))
    ]
    return Table(f"{found.name}, 1 oktober {found.shortage.base_year}, in fte", [Cell("Stap"), Cell("fte")], rows)


def case_lines(shortage: Shortage) -> list[tuple[str, float, bool]]:
    """Return the steps from need to shortage in the base year: words, fte, and whether it is added to what stands above."""
    year = shortage.base_year
    need, surplus, staff = (
        shortage.mean(m, year) for m in (Measure.REQUIRED_FTE, Measure.SURPLUS_FTE, Measure.STAFFED_FTE)
    )
    lacking = need + surplus - staff
    return [
        ("Nodig", need, False), ("Overschot elders: telt erbij, want die fte helpt hier niet", surplus, True), ("In dienst", -staff, True),
        ("Open, uitgevallen of opgevangen", lacking, False),
        ("Lessen door wie niet bevoegd is of een ander vak heeft", shortage.now.mean - lacking, True), (f"Tekort in {year}", shortage.now.mean, False),
    ]  # fmt: skip

"""Who may use which address of this app, and who sees figures that rest on a board's own staff file.

Need, staff and shortage of a board with an own file come from that file (ADR 0043), so all three are its own: of the board,
its schools and its locations they are for its planners and executives alone. A sum over boards that holds an own file is
for nobody outside an open installation, unless at least five boards with an own file agreed to it, all of them: then for
who leads the programme or administers that region (ADR 0044). Queries ask here, so that no page can forget to.
"""

from collections.abc import Collection

from django.conf import settings

from regio.accounts.access import CHANGERS, EVERYONE, PUBLIC, Access
from regio.accounts.consent import agreed_organisations
from regio.accounts.enums import OrganisationKind, Purpose, Role
from regio.accounts.viewer import viewer_now
from regio.regions.models import School, SchoolLocation

from .enums import Measure, ScopeKind, StaffOrigin
from .models import ForecastRun

READ_BY_ALL = Access(read=EVERYONE, change=CHANGERS)
ACCESS = {
    **dict.fromkeys(
        ("region", "part", "drivers", "part_drivers", "position", "sections", "analyst", "run", "figure", "figure_file",
         "scorecard", "register_file"), PUBLIC,
    ),
    **dict.fromkeys(("forecast", "differences", "recalculate"), READ_BY_ALL),
}  # fmt: skip

BOARD_ROLES = (Role.BOARD_PLANNER, Role.BOARD_EXECUTIVE)
REGION_ROLES = (Role.PROGRAMME_MANAGER, Role.REGION_ADMIN)
FEWEST_BOARDS = 5
OF_STAFF = frozenset({
    Measure.STAFFED_FTE, Measure.QUALIFIED_FTE, Measure.SHORTAGE_FTE, Measure.UNFILLED_FTE, Measure.HIDDEN_FTE,
    Measure.SURPLUS_FTE,
})  # fmt: skip
RESTS_ON_STAFF = OF_STAFF | {Measure.REQUIRED_FTE, Measure.REQUIRED_FTE_CHANGE}
OWN_FILE = "-bestuur-"  # in the dataset of a board's own file


def own_boards(run: ForecastRun, sector: str) -> set[str]:
    """Return the boards whose figures in this run rest on their own file."""
    origins = run.facts.get("bezetting", {}).get(sector, {}).get("besturen", {})
    return {code for code, origin in origins.items() if origin == StaffOrigin.OWN}


def sees_board(code: str) -> bool:
    """Tell whether the figures of this board's own file are for who reads now."""
    return viewer_now().has(*BOARD_ROLES, organisation=f"{OrganisationKind.BOARD}:{code}")


def sees_sums(run: ForecastRun, sector: str) -> bool:
    """Tell whether sums over boards in this run are for who reads now."""
    viewer, own = viewer_now(), own_boards(run, sector)
    if viewer.is_local or settings.OPEN or not own:
        return True
    is_of_region = viewer.has(*REGION_ROLES, organisation=f"{OrganisationKind.REGION}:{run.region_key}")
    return is_of_region and len(own) >= FEWEST_BOARDS and _agreed(own) == own


def _agreed(boards: set[str]) -> set[str]:
    """Return which of these boards agreed to a joint forecast, and did not take it back."""
    named = {f"{OrganisationKind.BOARD}:{code}": code for code in boards}
    return {named[one] for one in agreed_organisations(Purpose.JOINT_PLANNING, named)}


def private_codes(
    run: ForecastRun, *, kind: str, sector: str, codes: Collection[str], counted: Collection[str] = ()
) -> set[str]:
    """Return of which of these scopes figures that rest on staff are not for who reads now.

    Args:
        counted: schools and locations with staff in this run: these rest on an own file, of whatever board they are now.
    """
    own = own_boards(run, sector)
    if not own or viewer_now().is_local:
        return set()
    if kind == ScopeKind.REGION:
        return set() if sees_sums(run, sector) else set(codes)
    if kind == ScopeKind.BOARD:
        return {code for code in codes if code in own and not sees_board(code)}
    board_of = _boards_of(kind, codes)
    hers = {code for code in own if sees_board(code)}
    rest = {code for code in codes if code in counted or board_of.get(code) in own}
    return {code for code in rest if board_of.get(code) not in hers}


def _boards_of(kind: str, codes: Collection[str]) -> dict[str, str | None]:
    if kind == ScopeKind.SCHOOL:
        return dict(School.objects.filter(brin__in=codes).values_list("brin", "board_id"))
    return dict(SchoolLocation.objects.filter(code__in=codes).values_list("code", "board_id"))


def sees_file(dataset: str) -> bool:
    """Tell whether a loaded file is for who reads now: public files are for everybody, own files for their board."""
    _, is_own, board = dataset.partition(OWN_FILE)
    return not is_own or sees_board(board.lstrip("0"))

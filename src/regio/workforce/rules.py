"""Who may use which address of this app, and who sees figures that rest on a board's own staff file.

Need, staff and shortage of a board with an own file come from that file (ADR 0043), so all three are its own: of the board,
its schools and its locations they are for its planners and executives alone. A sum over boards that holds an own file is
for nobody outside an open installation (ADR 0044): what boards add up they see in the snapshots of a joint round, of which
the boards and the people of that region read the pages (ADR 0060). Queries ask here, so that no page can forget to.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings

from regio.accounts.access import EVERYONE, NOBODY, PUBLIC, Access, Who
from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.viewer import Viewer, viewer_now
from regio.regions.models import School, SchoolLocation
from regio.regions.queries import board_codes_in
from regio.regions.rules import LEADS_INSTALLATION, LEADS_REGION

from .enums import Measure, ScopeKind, StaffOrigin
from .models import ForecastRun

BOARD_ROLES = (Role.BOARD_PLANNER, Role.BOARD_EXECUTIVE)
REGION_ROLES = (Role.PROGRAMME_MANAGER, Role.REGION_ADMIN)


def leads_region(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    """Tell whether the viewer leads the programme of the region that an address names, or administers it."""
    organisation = f"{OrganisationKind.REGION}:{names['key']}" if "key" in names else None
    return viewer.has(*REGION_ROLES, organisation=organisation)


def speaks_for_board(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    """Tell whether the viewer plans or decides for the board that an address names."""
    organisation = f"{OrganisationKind.BOARD}:{names['board']}" if "board" in names else None
    return viewer.has(*BOARD_ROLES, organisation=organisation)


def reads_joint(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    """Tell whether the viewer reads the joint rounds of a region: its own people, and those of the boards in it."""
    if leads_region(viewer, names) or "key" not in names:
        return leads_region(viewer, names) or viewer.has(*BOARD_ROLES)
    mine = {one.organisation.partition(":")[2] for one in viewer.held if one.role in BOARD_ROLES}
    return bool(mine and mine & board_codes_in(names["key"]))


OF_REGION = Who("programmamanager en beheerder van die regio", leads_region)
OF_BOARD = Who("planner en bestuurder van dat bestuur", speaks_for_board)
OF_JOINT = Who(
    "programmamanager en beheerder van die regio, planners en bestuurders van besturen in die regio", reads_joint
)
READ_BY_ALL = Access(read=EVERYONE, change=LEADS_REGION)
ACCESS = {
    **dict.fromkeys(
        ("region", "part", "drivers", "part_drivers", "position", "sections", "analyst", "run", "figure", "figure_file",
         "scorecard", "register_file", "manual"), PUBLIC,
    ),
    **dict.fromkeys(("forecast", "differences"), READ_BY_ALL),
    "recalculate": Access(read=EVERYONE, change=LEADS_INSTALLATION),
    "joint": Access(read=OF_JOINT, change=OF_REGION),
    **dict.fromkeys(("joint_round", "joint_file"), Access(read=OF_JOINT, change=NOBODY)),
    "joint_board": Access(read=OF_BOARD, change=OF_BOARD),
    **dict.fromkeys(("joint_snapshot", "joint_close"), Access(read=NOBODY, change=OF_REGION)),
}  # fmt: skip

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
    """Tell whether exact sums over boards in this run are for who reads now: not where an own file is among them.

    What boards add up together is in the snapshots of a joint round, an exact one too, because its rules hold there: five
    boards, ten persons, no board that is nearly all of it, and no new figure before three boards differ.
    """
    return viewer_now().is_local or settings.OPEN or not own_boards(run, sector)


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

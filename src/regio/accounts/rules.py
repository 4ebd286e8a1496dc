"""Who may use which address of this app, who may give which role, and for whom a second step is needed."""

from collections.abc import Callable

from django.conf import settings

from .access import EVERYONE, NOBODY, PUBLIC, SIGNED_IN, Access, Who, holders_of
from .consent import may_agree
from .enums import GIVEN_ROLES, OrganisationKind, Role
from .viewer import Held, Viewer

OPEN_TO_ALL = Access(read=EVERYONE, change=EVERYONE)
OWN = Access(read=SIGNED_IN, change=SIGNED_IN)
GIVERS = holders_of(Role.REGION_ADMIN, Role.BOARD_EXECUTIVE)
SUPPORT = Who("technisch beheer", lambda viewer, names: viewer.support_id is not None or viewer.has(Role.SUPPORT))
DEMO = Who("iedereen, alleen in de demo", lambda viewer, names: True)  # elsewhere the page says that it is not there
AGREES = Who(
    "bestuurder van dat bestuur, of bij een regio wie er een rol heeft, voor zichzelf",
    lambda viewer, names: may_agree(viewer, names.get("purpose", ""), names.get("organisation", "")),
)
OFFICER = holders_of(Role.PRIVACY_OFFICER)
SEES_TERMS = holders_of(Role.PRIVACY_OFFICER, Role.REGION_ADMIN, Role.SUPPORT)


def can_leave(viewer: Viewer, board: str) -> bool:
    """Tell whether the viewer may take everything of this board and let it leave."""
    is_code = board.isascii() and board.isalnum()  # it becomes part of the name of a file
    return (
        is_code
        and viewer.support_id is None
        and (
            viewer.has(Role.BOARD_EXECUTIVE, organisation=f"{OrganisationKind.BOARD}:{board}")
            or viewer.has(Role.REGION_ADMIN, organisation=f"{OrganisationKind.INSTALLATION}:")
        )
    )


LEAVES = Who(
    "bestuurder van dat bestuur, of beheerder van de hele installatie",
    lambda viewer, names: can_leave(viewer, names.get("board", "")),
)

ACCESS = {
    **dict.fromkeys(("account_login", "account_request_login_code", "account_confirm_login_code", "mfa_authenticate", "account_logout"), OPEN_TO_ALL),
    **dict.fromkeys(("account_signup", "account_inactive"), PUBLIC),
    **dict.fromkeys(("entry_link", "entry_link_again", "mail_off", "team_address"), OPEN_TO_ALL),
    "messages": OWN,
    "openid_connect_login": OPEN_TO_ALL,
    **dict.fromkeys(
        ("openid_connect_callback", "socialaccount_login_cancelled", "socialaccount_login_error"), PUBLIC
    ),
    "demo": Access(read=DEMO, change=DEMO),
    "demo_stop": Access(read=NOBODY, change=DEMO),
    **dict.fromkeys(("account", "own_data_page", "own_data", "own_data_pdf"), Access(read=SIGNED_IN, change=NOBODY)),
    **dict.fromkeys(("correct", "new_address"), OWN),
    "requests": Access(read=OFFICER, change=NOBODY),
    "request": Access(read=OFFICER, change=OFFICER),
    "retention": Access(read=SEES_TERMS, change=NOBODY),
    **dict.fromkeys(("leaving", "leave"), Access(read=LEAVES, change=LEAVES)),
    "leaving_file": Access(read=NOBODY, change=LEAVES),
    "consents": Access(read=SIGNED_IN, change=NOBODY),
    "consent": Access(read=AGREES, change=AGREES),
    "sign_out_everywhere": Access(read=NOBODY, change=SIGNED_IN),
    **dict.fromkeys(
        ("mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_list_webauthn",
         "mfa_remove_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate",
         "mfa_reauthenticate_webauthn"), OWN,
    ),
    "people": Access(read=GIVERS, change=GIVERS),
    "end_role": Access(read=NOBODY, change=GIVERS),
    "watch": Access(read=SUPPORT, change=SUPPORT),
    "watch_stop": Access(read=NOBODY, change=SUPPORT),
}  # fmt: skip

NEVER_WATCHED = (Role.SUPPORT, Role.REGION_ADMIN, Role.PRIVACY_OFFICER)
REGION_ROLES = (Role.DESK_ADVISER, Role.PROGRAMME_MANAGER, Role.PRIVACY_OFFICER, Role.REGION_ADMIN)
BOARD_ROLES = (Role.BOARD_PLANNER, Role.BOARD_EXECUTIVE)

BoardsOf = Callable[[str], set[str]]
_boards_of: list[BoardsOf] = []


def register_boards_of(boards_of: BoardsOf) -> None:
    """Let the app that knows regions tell which boards (codes) are in a region (key)."""
    _boards_of[:] = [boards_of]


def needs_second_factor(held: tuple[Held, ...]) -> bool:
    """Tell whether somebody with these roles must prove who they are in two ways."""
    return not settings.DEMO and any(one.role in GIVEN_ROLES for one in held)


def can_give(viewer: Viewer, role: Role, organisation: str) -> bool:
    """Tell whether the viewer may give or end this role for this organisation ("bestuur:41234").

    The whole installation: its administrators, everything. A region: its administrators, the roles of the region and the
    first role of a board in it. A board: its executives. A role that nobody can work with yet is not given.
    """
    if role not in GIVEN_ROLES or viewer.support_id is not None:
        return False
    if viewer.has(Role.REGION_ADMIN, organisation=f"{OrganisationKind.INSTALLATION}:"):
        return True
    kind, _, code = organisation.partition(":")
    if kind == OrganisationKind.REGION:
        return role in REGION_ROLES and viewer.has(Role.REGION_ADMIN, organisation=organisation)
    if kind == OrganisationKind.BOARD and role in BOARD_ROLES:
        return viewer.has(Role.BOARD_EXECUTIVE, organisation=organisation) or (
            role == Role.BOARD_EXECUTIVE and code in _boards_within(viewer)
        )
    return False


def roles_to_give(viewer: Viewer) -> list[Role]:
    """Return the roles that the viewer may give to somebody, for one organisation or another."""
    if viewer.has(Role.REGION_ADMIN, organisation=f"{OrganisationKind.INSTALLATION}:"):
        return list(GIVEN_ROLES)
    of_region = (*REGION_ROLES, Role.BOARD_EXECUTIVE) if viewer.has(Role.REGION_ADMIN) else ()
    of_board = BOARD_ROLES if viewer.has(Role.BOARD_EXECUTIVE) else ()
    return [role for role in GIVEN_ROLES if role in (*of_region, *of_board)]


def kinds_to_give_for(viewer: Viewer) -> list[OrganisationKind]:
    """Return the kinds of organisation for which the viewer may give a role, the most common first."""
    whole = viewer.has(Role.REGION_ADMIN, organisation=f"{OrganisationKind.INSTALLATION}:")
    kinds = [OrganisationKind.BOARD]
    kinds += [OrganisationKind.REGION] if viewer.has(Role.REGION_ADMIN) else []
    return [*kinds, OrganisationKind.INSTALLATION] if whole else kinds


def _boards_within(viewer: Viewer) -> set[str]:
    """Return the boards of the regions that the viewer administers."""
    keys = {
        one.organisation.partition(":")[2]
        for one in viewer.held
        if one.role == Role.REGION_ADMIN and one.organisation.startswith(f"{OrganisationKind.REGION}:")
    }
    return {code for key in keys for code in boards_in(key)}


def boards_in(key: str) -> set[str]:
    """Return the boards (codes) in a region (key)."""
    return {code for boards_of in _boards_of for code in boards_of(key)}


def can_be_watched(held: tuple[Held, ...]) -> bool:
    """Tell whether support may work as somebody with these roles: never as support, an administrator or the FG."""
    return not any(one.role in NEVER_WATCHED for one in held)

"""Who may use which address of this app: everybody reads and asks advice, who leads or administers that region edits."""

from collections.abc import Mapping
from typing import Any

from regio.accounts.access import NOBODY, PUBLIC, Access, Who
from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.viewer import Viewer

EDITING_ROLES = (Role.PROGRAMME_MANAGER, Role.REGION_ADMIN)


def _is_of_region(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    return viewer.has(*EDITING_ROLES, organisation=f"{OrganisationKind.REGION}:{names.get('key', '')}")


EDITORS = Who("programmamanager of beheerder van die regio", _is_of_region)
EDITING = Access(read=EDITORS, change=EDITORS)
ACCESS = {
    **dict.fromkeys(
        ("desks", "desk", "desk_route", "desk_schools", "desk_colours", "advice", "advice_question", "advice_check",
         "advice_result", "advice_sheet"), PUBLIC,
    ),
    **dict.fromkeys(("desk_draft", "edit_row", "edit_page"), EDITING),
    "desk_manage": Access(read=EDITORS, change=NOBODY),
}  # fmt: skip

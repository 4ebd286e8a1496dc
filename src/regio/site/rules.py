"""Who may use which address of the pages that cross apps. Jobs are for who asked for them and for who runs the region."""

from collections.abc import Mapping
from typing import Any

from regio.accounts.access import CHANGERS, EVERYONE, NOBODY, PUBLIC, SIGNED_IN, Access, Who, holders_of
from regio.accounts.enums import Role
from regio.accounts.viewer import Viewer
from regio.shared.models import Job

READS_LOG = holders_of(Role.PRIVACY_OFFICER, Role.BOARD_PLANNER, Role.BOARD_EXECUTIVE)
WATCHERS = holders_of(Role.PROGRAMME_MANAGER, Role.REGION_ADMIN, Role.SUPPORT)


def _is_own_job(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    asked = Job.objects.filter(pk=names.get("job", 0), owner=viewer.actor)
    return viewer.person_id is not None and asked.exists()


SEES_JOB = Who(
    f"wie de taak vroeg, {WATCHERS.words}", lambda viewer, names: WATCHERS.may(viewer, names) or _is_own_job(viewer, names)
)  # fmt: skip
STOPS_JOB = Who(
    f"wie de taak vroeg, {CHANGERS.words}", lambda viewer, names: CHANGERS.may(viewer, names) or _is_own_job(viewer, names)
)  # fmt: skip
ACCESS = {
    **dict.fromkeys(
        ("start", "sources", "source", "design", "robots", "favicon", "health", "version", "security_txt"), PUBLIC
    ),
    "policy_report": Access(read=NOBODY, change=EVERYONE),  # browsers tell what they refused
    "download": Access(read=EVERYONE, change=CHANGERS),
    "today": Access(read=SIGNED_IN, change=NOBODY),
    "log": Access(read=READS_LOG, change=NOBODY),
    "jobs": Access(read=WATCHERS, change=NOBODY),
    "job": Access(read=SEES_JOB, change=NOBODY),
    "cancel_job": Access(read=SEES_JOB, change=STOPS_JOB),
}

"""Who may use which address of the pages that cross apps.

A job is for who asked for it, for who leads the region of its forecast, and for who looks after the installation.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from regio.accounts.access import EVERYONE, NOBODY, PUBLIC, SIGNED_IN, Access, Who, holders_of
from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.viewer import Viewer
from regio.regions.rules import LEADERS, LEADS_INSTALLATION, leads, leads_installation, led_by
from regio.shared.models import InboundMail, Job
from regio.workforce.queries import regions_of_runs

READS_LOG = holders_of(Role.PRIVACY_OFFICER, Role.BOARD_PLANNER, Role.BOARD_EXECUTIVE)
WATCHERS = Who(f"{LEADERS.words} of {Role.SUPPORT.label}", lambda viewer, names: viewer.has(Role.SUPPORT) or LEADERS.may(viewer, names))  # fmt: skip


def sees_every_job(viewer: Viewer) -> bool:
    """Tell whether the viewer looks after the whole installation."""
    return viewer.has(Role.SUPPORT) or leads_installation(viewer)


def jobs_of(viewer: Viewer, jobs: Iterable[Job]) -> Iterator[Job]:
    """Yield the jobs for which the viewer asked, and those of the forecasts of a region that the viewer leads."""
    looked = list(jobs)
    regions = regions_of_runs({run for job in looked if isinstance(run := job.arguments.get("run"), int)})
    led = {key: leads(viewer, key) for key in set(regions.values())}
    for job in looked:
        is_asked = viewer.is_signed_in and job.owner == viewer.actor
        if is_asked or led.get(regions.get(job.arguments.get("run", 0), ""), False):
            yield job


def _may_see(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    return sees_every_job(viewer) or _may_stop(viewer, names)


def _may_stop(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    if leads_installation(viewer) or "job" not in names:
        return leads_installation(viewer)
    return any(jobs_of(viewer, Job.objects.filter(pk=names["job"])))


ASKED = "wie de taak vroeg, wie de regio van de prognose leidt, wie de installatie leidt"
SEES_JOB = Who(f"{ASKED}, {Role.SUPPORT.label}", _may_see)
STOPS_JOB = Who(ASKED, _may_stop)


def mail_of(viewer: Viewer) -> QuerySet[InboundMail]:
    """Return the mail that came in for organisations that the viewer leads."""
    if leads_installation(viewer):
        return InboundMail.objects.all()
    return InboundMail.objects.filter(organisation__in=[f"{OrganisationKind.REGION}:{key}" for key in led_by(viewer)])


def _reads_mail(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    return "mail" in names and mail_of(viewer).filter(pk=names["mail"]).exists()


READS_MAIL = Who("wie de organisatie van de postbus leidt, of de hele installatie", _reads_mail)
ACCESS = {
    "post": Access(read=LEADERS, change=NOBODY),
    "letter": Access(read=READS_MAIL, change=READS_MAIL),
    **dict.fromkeys(
        ("start", "sources", "source", "design", "robots", "favicon", "health", "version", "security_txt"), PUBLIC
    ),
    "policy_report": Access(read=NOBODY, change=EVERYONE),  # browsers tell what they refused
    "download": Access(read=EVERYONE, change=LEADS_INSTALLATION),
    "today": Access(read=SIGNED_IN, change=NOBODY),
    "put_away": Access(read=SIGNED_IN, change=SIGNED_IN),
    "log": Access(read=READS_LOG, change=NOBODY),
    "jobs": Access(read=WATCHERS, change=NOBODY),
    "job": Access(read=SEES_JOB, change=NOBODY),
    **dict.fromkeys(("cancel_job", "retry_job"), Access(read=SEES_JOB, change=STOPS_JOB)),
}

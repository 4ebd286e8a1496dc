"""The trail is read every night: a changed or missing event makes this job fail, so that it shows as late."""

from regio.shared.errors import UserError
from regio.shared.jobs import Progress
from regio.shared.models import Job

from .queries import check_chain


class TrailBroken(UserError):
    """Somebody changed the trail, or a restore lost its end."""


def check_trail(job: Job, progress: Progress) -> str:
    """Read the whole trail. Return no page.

    Raises:
        TrailBroken: an event does not fit.
    """
    progress(0, 1)
    check = check_chain()
    if not check.is_whole:
        raise TrailBroken("Het logboek klopt niet. Draai 'regio audit' en vergelijk met een reservekopie.")
    Job.objects.filter(pk=job.pk).update(message=f"Het logboek is heel: {check.events} gebeurtenissen.")
    return ""

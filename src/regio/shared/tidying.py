"""What is thrown away every night: jobs that ended long ago and rows of workers that died. Apps register what is theirs."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.module_loading import import_string

from .inbound import old_mail
from .jobs import OPEN_STATES, Progress
from .limits import old_counts
from .models import Job, PolicyReport, Worker

KEPT_JOBS, KEPT_WORKERS = timedelta(days=90), timedelta(days=1)

_paths: list[str] = []


def register_tidying(path: str) -> None:
    """Make known what else is tidied: `path` is the dotted path of a function (now=…) -> rows thrown away."""
    if path not in _paths:
        _paths.append(path)


def tidy_up(job: Job, progress: Progress) -> str:
    """Throw away what is old; done twice it does nothing the second time. Return no page."""
    now = timezone.now()
    tidiers: list[Callable[..., int]] = [
        old_jobs,
        dead_workers,
        old_counts,
        old_reports,
        old_mail,
        *map(import_string, _paths),
    ]
    thrown = 0
    for number, tidier in enumerate(tidiers):
        progress(number, len(tidiers), "")
        thrown += tidier(now=now)
    Job.objects.filter(pk=job.pk).update(message=f"Weggegooid: {thrown} oude regels.")
    return ""


def old_jobs(*, now: datetime) -> int:
    """Throw away jobs that ended long ago, except the newest of each recurring work."""
    newest = Job.objects.filter(planned_at__isnull=False, state=Job.State.DONE).values("kind")
    kept = list(newest.annotate(newest=Max("pk")).values_list("newest", flat=True))
    old = Job.objects.filter(ended_at__lt=now - KEPT_JOBS).exclude(pk__in=kept).exclude(state__in=OPEN_STATES)
    return old.delete()[1].get("shared.Job", 0)


def dead_workers(*, now: datetime) -> int:
    """Throw away rows of workers that were killed."""
    return Worker.objects.filter(seen_at__lt=now - KEPT_WORKERS).delete()[0]


def old_reports(*, now: datetime) -> int:
    """Throw away what browsers reported long ago."""
    return PolicyReport.objects.filter(on__lt=(now - KEPT_JOBS).date()).delete()[0]

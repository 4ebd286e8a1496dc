"""What is thrown away every night because it is of no use: rows of workers that died, counts and reports that are old.

What says something of people ends by its term instead (`retention`). Apps register what is theirs.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.module_loading import import_string

from .jobs import Progress
from .limits import old_counts
from .models import Job, PolicyReport, Worker

KEPT_REPORTS, KEPT_WORKERS = timedelta(days=90), timedelta(days=1)

_paths: list[str] = []


def register_tidying(path: str) -> None:
    """Make known what else is tidied: `path` is the dotted path of a function (now=…) -> rows thrown away."""
    if path not in _paths:
        _paths.append(path)


def tidy_up(job: Job, progress: Progress) -> str:
    """Throw away what is old; done twice it does nothing the second time. Return no page."""
    now = timezone.now()
    tidiers: list[Callable[..., int]] = [
        dead_workers,
        old_counts,
        old_reports,
        *map(import_string, _paths),
    ]
    thrown = 0
    for number, tidier in enumerate(tidiers):
        progress(number, len(tidiers), "")
        thrown += tidier(now=now)
    Job.objects.filter(pk=job.pk).update(message=f"Weggegooid: {thrown} oude regels.")
    return ""


def dead_workers(*, now: datetime) -> int:
    """Throw away rows of workers that were killed."""
    return Worker.objects.filter(seen_at__lt=now - KEPT_WORKERS).delete()[0]


def old_reports(*, now: datetime) -> int:
    """Throw away what browsers reported long ago."""
    return PolicyReport.objects.filter(on__lt=(now - KEPT_REPORTS).date()).delete()[0]

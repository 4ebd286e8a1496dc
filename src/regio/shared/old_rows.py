"""Which jobs, mails and findings began before a moment: what the terms of `retention.yaml` end in this app."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet

from .erasing import erase_files
from .models import ImportFinding, InboundMail, Job

OWN_FILE = "-bestuur-"  # in the dataset of a board's own file


def jobs_done(before: datetime) -> QuerySet[Job]:
    """Return jobs that were finished or stopped, except the newest of each recurring work."""
    newest = Job.objects.filter(planned_at__isnull=False, state=Job.State.DONE).values("kind")
    kept = list(newest.annotate(newest=Max("pk")).values_list("newest", flat=True))
    ended = Job.objects.filter(state__in=(Job.State.DONE, Job.State.CANCELLED), ended_at__lt=before)
    return ended.exclude(pk__in=kept)


def jobs_failed(before: datetime) -> QuerySet[Job]:
    """Return jobs that failed."""
    return Job.objects.filter(state=Job.State.FAILED, ended_at__lt=before)


def mail_done(before: datetime) -> QuerySet[InboundMail]:
    """Return mail that became something."""
    return InboundMail.objects.filter(state=InboundMail.State.DONE, handled_at__lt=before)


def mail_dropped(before: datetime) -> QuerySet[InboundMail]:
    """Return mail that became nothing."""
    return InboundMail.objects.filter(state=InboundMail.State.DROPPED, handled_at__lt=before)


def mail_left(before: datetime) -> QuerySet[InboundMail]:
    """Return mail that nobody handled."""
    return InboundMail.objects.filter(state=InboundMail.State.NEW, received_at__lt=before)


def findings_of_replaced_files(before: datetime) -> QuerySet[ImportFinding]:
    """Return findings with a value of an own file that a newer one replaced, or that was taken out."""
    replaced = ImportFinding.objects.filter(batch__superseded_at__lte=before, batch__dataset__contains=OWN_FILE)
    return replaced.exclude(value="")


def empty_values(rows: QuerySet[ImportFinding], *, now: datetime) -> int:
    """Take the values out of findings; what was wrong and where stays."""
    return rows.update(value="")


def files_of_mail(before: datetime) -> list[Path]:
    """Return the mails that went out as files, by when they were written."""
    folder = Path(settings.HOME) / "mail"
    files = folder.rglob("*") if folder.is_dir() else []
    return sorted(path for path in files if path.is_file() and path.stat().st_mtime < before.timestamp())


def remove_files(files: list[Path], *, now: Any) -> int:
    """Remove these files; return how many there were."""
    return erase_files(files)

"""Whether the installation works: database, worker, disk, and what happens by itself. The page shows it, a monitor asks it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from regio.shared import schedule
from regio.shared.life import living_workers
from regio.shared.models import Job

from .policy import reported_today

GOOD, ATTENTION, BROKEN = "goed", "let op", "stuk"
GRAVEST_LAST = (GOOD, ATTENTION, BROKEN)
LITTLE_SPACE_BYTES, NO_SPACE_BYTES = 2_000_000_000, 200_000_000
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Part:
    """One part of the installation: how it is, and why, in Dutch."""

    status: str
    words: str


def look(*, now: datetime) -> dict[str, Part]:
    """Return how each part is. Without a database only it and the disk are looked at."""
    database = _database()
    parts = {"database": database, "schijf": _disk(Path(settings.HOME))}
    if database.status == GOOD:
        checks: dict[str, Callable[[datetime], Part]] = {
            "werkproces": _worker,
            "rij": _queue,
            "vanzelf": _schedule,
            "browsers": _reports,
        }
        parts |= {name: check(now) for name, check in checks.items()}
    return parts


def worst(parts: dict[str, Part]) -> str:
    """Return the status of the gravest part."""
    return max((part.status for part in parts.values()), key=GRAVEST_LAST.index)


def _database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return Part(BROKEN, f"antwoordt niet ({type(error).__name__})")
    return Part(GOOD, "antwoordt")


def _disk(folder: Path) -> Part:
    free = shutil.disk_usage(folder).free
    status = BROKEN if free < NO_SPACE_BYTES else ATTENTION if free < LITTLE_SPACE_BYTES else GOOD
    return Part(status, f"{free / 1e9:.1f} GB vrij".replace(".", ","))


def _worker(now: datetime) -> Part:
    number = living_workers(now=now)
    return Part(GOOD, f"{number} aan het werk") if number else Part(ATTENTION, "er is er geen: start regio run_jobs")


def _queue(now: datetime) -> Part:
    waiting = Job.objects.filter(state=Job.State.WAITING, created_at__lt=now - LONGEST_WAIT, not_before=None).count()
    return Part(ATTENTION, f"{waiting} taken wachten langer dan een uur") if waiting else Part(GOOD, "niets wacht lang")


def _schedule(now: datetime) -> Part:
    standing = schedule.overview(now=now, since=schedule.installed_at())
    late = [one.recurring.label for one in standing if one.late_since]
    return Part(ATTENTION, f"te laat: {', '.join(late)}") if late else Part(GOOD, "alles op tijd")


def _reports(now: datetime) -> Part:
    return Part(GOOD, f"vandaag {reported_today()} keer iets geweigerd")

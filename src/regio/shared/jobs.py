"""Long work in the worker: a queue of `Job` rows with progress, cancel, recovery and a cap per owner.

1. An action calls `enqueue`; the same work asked twice gives the job that is already there.
2. The worker (`regio run_jobs`) claims the oldest waiting job with one conditional update, so two workers never share one.
3. The function of the job reports progress; each report is also the moment to notice a wish to stop.
4. A heartbeat thread says that the worker lives. A job whose heart stopped goes back in the queue, three times at most.
5. A worker that is told to stop puts its job back; the next worker does it again, and since runs are pure the answer is equal.

Kinds register a dotted path (`register`), so a web process never imports the heavy code behind it.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from .errors import JobCancelled, TooManyJobs, WorkerStopping
from .models import Job

HEARTBEAT_SECONDS = 5
DEAD_AFTER_SECONDS = 30
MAX_ATTEMPTS = 3
MAX_OPEN_JOBS_PER_OWNER = 5
OPEN_STATES = (Job.State.WAITING, Job.State.RUNNING)

_paths: dict[str, str] = {}


def register(kind: str, path: str) -> None:
    """Make a kind of job known: `path` is the dotted path of a function (job, progress) -> result path on the site."""
    _paths[kind] = path


class Progress:
    """What the function of a job talks to: `progress(done, total, text)`; writes twice a second at most."""

    def __init__(self, job_id: int, *, stopping: Callable[[], bool] = lambda: False, interval_s: float = 0.5) -> None:
        self._job_id, self._stopping, self._interval_s = job_id, stopping, interval_s
        self._written_at = 0.0

    def __call__(self, done: float, total: float, text: str = "") -> None:
        """Record how far the work is [share of total].

        Raises:
            JobCancelled: somebody asked to stop this job.
            WorkerStopping: the worker is told to end; the job goes back in the queue.
        """
        if self._stopping():
            raise WorkerStopping
        if time.monotonic() - self._written_at < self._interval_s and done < total:
            return
        self._written_at = time.monotonic()
        share = min(max(done / total, 0.0), 1.0) if total else 0.0
        Job.objects.filter(pk=self._job_id).update(progress_share=share, progress_text=text[:200])
        if Job.objects.filter(pk=self._job_id, cancel_asked_at__isnull=False).exists():
            raise JobCancelled


def enqueue(*, kind: str, label: str, arguments: dict[str, Any], owner: str, now: datetime) -> Job:
    """Put work in the queue, or return the open job that does the same already.

    Raises:
        TooManyJobs: this owner has as many open jobs as one person may have.
    """
    with transaction.atomic():
        same = Job.objects.filter(kind=kind, arguments=arguments, state__in=OPEN_STATES, cancel_asked_at=None).first()
        if same:
            return same
        if Job.objects.filter(owner=owner, state__in=OPEN_STATES).count() >= MAX_OPEN_JOBS_PER_OWNER:
            raise TooManyJobs(MAX_OPEN_JOBS_PER_OWNER)
        return Job.objects.create(kind=kind, label=label, arguments=arguments, owner=owner, created_at=now)


def ask_to_cancel(job_id: int, *, now: datetime) -> None:
    """Ask a job to stop: a waiting job ends at once, a running one at its next report."""
    open_jobs = Job.objects.filter(pk=job_id, state__in=OPEN_STATES)
    open_jobs.filter(cancel_asked_at=None).update(cancel_asked_at=now)
    open_jobs.filter(state=Job.State.WAITING).update(
        state=Job.State.CANCELLED, ended_at=now, message="Gestopt voordat het werk begon."
    )


def claim_next(*, now: datetime) -> Job | None:
    """Take the oldest waiting job; None when there is none or another worker was first."""
    waiting = (
        Job.objects.filter(state=Job.State.WAITING).order_by("created_at", "pk").values_list("pk", flat=True).first()
    )
    if waiting is None:
        return None
    claimed = Job.objects.filter(pk=waiting, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=now, heartbeat_at=now, attempts=F("attempts") + 1
    )
    return Job.objects.get(pk=waiting) if claimed else None


def recover_dead(*, now: datetime) -> int:
    """Put jobs of dead workers back in the queue; give up after three attempts. Return how many were found."""
    dead = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - timedelta(seconds=DEAD_AFTER_SECONDS))
    given_up = dead.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED,
        ended_at=now,
        message="Dit werk stopte drie keer zonder bericht. Probeer het met minder jaren of een kleinere regio.",
    )
    again = dead.filter(attempts__lt=MAX_ATTEMPTS).update(state=Job.State.WAITING, progress_text="Opnieuw in de rij")
    return given_up + again


def run(job: Job, *, stopping: Callable[[], bool] = lambda: False) -> Job:
    """Do one claimed job and record how it ended. Never raises for a mistake in the job itself."""
    with _heartbeat(job.pk):
        try:
            path = import_string(_paths[job.kind])(job, Progress(job.pk, stopping=stopping))
        except JobCancelled:
            _end(job, Job.State.CANCELLED, "Gestopt op uw verzoek. Er is niets bewaard.")
        except WorkerStopping:
            Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, attempts=F("attempts") - 1)
        except Exception as error:  # the worker must outlive any job; the person sees what happened
            _end(job, Job.State.FAILED, str(error) or type(error).__name__)
            if not getattr(error, "is_for_users", False):
                raise
        else:
            _end(job, Job.State.DONE, result_path=path or "", progress_share=1.0)
    job.refresh_from_db()
    return job


def _end(job: Job, state: str, message: str | None = None, **fields: Any) -> None:
    if message is not None:  # a job that is done may have left its own
        fields["message"] = message[:500]
    Job.objects.filter(pk=job.pk).update(state=state, ended_at=timezone.now(), **fields)


class _heartbeat:
    """Writes the heartbeat of a job from a thread of its own, since the work may compute for minutes."""

    def __init__(self, job_id: int) -> None:
        self._job_id, self._done = job_id, threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._done.wait(HEARTBEAT_SECONDS):
                with suppress(OperationalError):  # a database busy with an import: one beat missed is not a dead heart
                    Job.objects.filter(pk=self._job_id).update(heartbeat_at=timezone.now())
        finally:
            connection.close()

"""Long work in the worker: a queue of `Job` rows with priority, progress, cancel, retry, recovery and a cap per owner.

1. An action calls `enqueue`; the same work asked twice gives the job that is already there.
2. The worker (`regio run_jobs`) claims the most urgent and then oldest waiting job with one conditional update, so two
   workers never share one.
3. The function of the job reports progress; each report is also the moment to notice a wish to stop.
4. A heartbeat thread says that the worker lives. A job whose heart stopped goes back in the queue, three times at most.
5. A worker that is told to stop puts its job back; the next worker does it again, and since runs are pure the answer is equal.
6. A kind may say that what went wrong may pass by itself: then the job waits, longer each time, and is tried again.
7. A worker that was thought dead and still lives finds its job taken over: it stops, and changes nothing of that job any more.

Kinds register a dotted path (`register`), so a web process never imports the heavy code behind it.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from .errors import JobCancelled, PassingTrouble, TooManyJobs, UserError, WorkerStopping
from .models import Job

HEARTBEAT_SECONDS = 5
DEAD_AFTER_SECONDS = 30
MAX_ATTEMPTS = 3
MAX_OPEN_JOBS_PER_OWNER = 5
PLANNER = "beheer"  # owner of what happens by itself
WAITED_FOR, BY_ITSELF = Job.Priority.WAITED_FOR, Job.Priority.BY_ITSELF
OPEN_STATES = (Job.State.WAITING, Job.State.RUNNING)
ENDED_BADLY = (Job.State.FAILED, Job.State.CANCELLED)
STOPPED = "Gestopt op uw verzoek. Van wat nog liep is niets bewaard."
UNFORESEEN = (
    "Dit werk liep vast op een fout die wij niet kennen ({}). Probeer het nog eens, of meld het aan de beheerder."
)

AGAIN = "Het lukte nog niet. Nieuwe poging om {:%H:%M} uur."


@dataclass(frozen=True)
class Kind:
    """What the queue knows of a kind of job.

    Attributes:
        path: dotted path of a function (job, progress) -> result path on the site.
        priority: the lowest number goes first.
        retries: how often it is tried again after trouble that may pass; 0 where that makes no sense.
        pause_s: wait before the first retry [s]; each next one is twice as long.
    """

    path: str
    priority: int = Job.Priority.ASKED
    retries: int = 0
    pause_s: int = 60


_kinds: dict[str, Kind] = {}
_warm_ups: list[str] = []
_endings: list[str] = []


def register(kind: str, path: str, *, priority: int = Job.Priority.ASKED, retries: int = 0, pause_s: int = 60) -> None:
    """Make a kind of job known; see `Kind`."""
    _kinds[kind] = Kind(path, priority, retries, pause_s)


def all_kinds() -> dict[str, Kind]:
    """Return every kind of job."""
    return dict(_kinds)


def register_warm_up(path: str) -> None:
    """Make known what a worker does once before its first job: `path` is the dotted path of a function of nothing."""
    _warm_ups.append(path)


def register_ending(path: str) -> None:
    """Make known what happens when a job ended for good: `path` is the dotted path of a function of the job."""
    if path not in _endings:
        _endings.append(path)


def warm_up() -> None:
    """Bring into memory what the first job would otherwise wait for."""
    for path in _warm_ups:
        import_string(path)()


class Progress:
    """What the function of a job talks to: `progress(done, total, text)`; writes twice a second at most, also at the end."""

    def __init__(self, job: Job, *, stopping: Callable[[], bool] = lambda: False, interval_s: float = 0.5) -> None:
        self._job, self._stopping, self._interval_s = job, stopping, interval_s
        self._written_at = 0.0

    def __call__(self, done: float, total: float, text: str = "") -> None:
        """Record how far the work is [share of total].

        Raises:
            JobCancelled: somebody asked to stop this job.
            WorkerStopping: the worker is told to end and the job goes back in the queue, or another worker has taken it over.
        """
        if self._stopping():
            raise WorkerStopping
        if time.monotonic() - self._written_at < self._interval_s:
            return
        self._written_at = time.monotonic()
        share = min(max(done / total, 0.0), 1.0) if total else 0.0
        if not _still_ours(self._job).update(progress_share=share, progress_text=text[:200]):
            raise WorkerStopping
        if _still_ours(self._job).filter(cancel_asked_at__isnull=False).exists():
            raise JobCancelled


def enqueue(*, kind: str, label: str, arguments: dict[str, Any], owner: str, now: datetime) -> Job:
    """Put work in the queue, or return the open job that does the same already.

    Raises:
        TooManyJobs: this owner has as many open jobs as one person may have.
    """
    with transaction.atomic():
        hold_queue()
        same = Job.objects.filter(kind=kind, arguments=arguments, state__in=OPEN_STATES, cancel_asked_at=None).first()
        if same:
            return same
        if open_jobs_of(owner) >= MAX_OPEN_JOBS_PER_OWNER:
            raise TooManyJobs(MAX_OPEN_JOBS_PER_OWNER)
        return Job.objects.create(
            kind=kind, label=label, arguments=arguments, owner=owner, created_at=now, priority=_kinds[kind].priority
        )


def enqueue_planned(*, kind: str, label: str, planned_at: datetime, now: datetime) -> Job:
    """Put work in the queue that is done at this planned moment; the same moment twice gives the same job."""
    chosen = {"label": label, "owner": PLANNER, "created_at": now, "priority": _kinds[kind].priority}
    return Job.objects.get_or_create(kind=kind, planned_at=planned_at, defaults=chosen)[0]


def hold_queue() -> None:
    """Let nobody else add to the queue until this transaction ends, so that one question asked twice becomes one job."""
    if connection.vendor == "postgresql":  # SQLite has one writer at a time already
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('regio.shared.jobs'))")


def ask_to_cancel(job_id: int, *, now: datetime) -> None:
    """Ask a job to stop: a waiting job ends at once, a running one at its next report."""
    open_jobs = Job.objects.filter(pk=job_id, state__in=OPEN_STATES)
    open_jobs.filter(cancel_asked_at=None).update(cancel_asked_at=now)
    open_jobs.filter(state=Job.State.WAITING).update(
        state=Job.State.CANCELLED, ended_at=now, message="Gestopt voordat het werk begon."
    )


def do_again(job_id: int) -> None:
    """Put a job back in the queue that failed or was stopped; one that is open or done stays as it is.

    Raises:
        TooManyJobs: its owner has as many open jobs as one person may have.
    """
    with transaction.atomic():
        hold_queue()
        ended = Job.objects.filter(pk=job_id, state__in=ENDED_BADLY)
        job = ended.first()
        if (
            job is None
            or Job.objects.filter(
                kind=job.kind, arguments=job.arguments, state__in=OPEN_STATES, planned_at=None
            ).exists()
        ):
            return
        if open_jobs_of(job.owner) >= MAX_OPEN_JOBS_PER_OWNER:
            raise TooManyJobs(MAX_OPEN_JOBS_PER_OWNER)
        ended.update(
            state=Job.State.WAITING, attempts=0, failures=0, progress_share=0, progress_text="", message="",
            started_at=None, ended_at=None, not_before=None, cancel_asked_at=None,
        )  # fmt: skip


def open_jobs_of(owner: str) -> int:
    """Return how many jobs of somebody wait or run."""
    return Job.objects.filter(owner=owner, state__in=OPEN_STATES).count()


def claim_next(*, now: datetime) -> Job | None:
    """Take the most urgent, then oldest waiting job; None when there is none or another worker was first."""
    ready = Job.objects.filter(Q(not_before=None) | Q(not_before__lte=now), state=Job.State.WAITING)
    first = ready.order_by("priority", "created_at", "pk").values_list("pk", flat=True).first()
    return None if first is None else claim(first, now=now)


def claim(job_id: int, *, now: datetime) -> Job | None:
    """Take one waiting job; None when another worker was first."""
    claimed = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=now, heartbeat_at=now, attempts=F("attempts") + 1, message=""
    )
    return Job.objects.get(pk=job_id) if claimed else None


def _still_ours(job: Job) -> QuerySet[Job]:
    """Return the row of a claimed job as long as no other worker has taken it over: each claim has its own number."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def recover_dead(*, now: datetime) -> int:
    """Put jobs of dead workers back in the queue; give up after three attempts. Return how many were found.

    A job that somebody asked to stop is not done again.
    """
    dead = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - timedelta(seconds=DEAD_AFTER_SECONDS))
    unwanted = dead.filter(cancel_asked_at__isnull=False).update(
        state=Job.State.CANCELLED, ended_at=now, message=STOPPED
    )
    given_up = dead.filter(attempts__gte=MAX_ATTEMPTS + F("failures")).update(
        state=Job.State.FAILED,
        ended_at=now,
        message="Dit werk stopte drie keer zonder bericht. Probeer het met minder jaren of een kleinere regio.",
    )
    again = dead.update(state=Job.State.WAITING, progress_text="Opnieuw in de rij")
    return unwanted + given_up + again


def run(job: Job, *, stopping: Callable[[], bool] = lambda: False) -> Job:
    """Do one claimed job and record how it ended; a mistake that nobody foresaw is recorded and raised again."""
    with _heartbeat(job):
        try:
            path = import_string(_kinds[job.kind].path)(job, Progress(job, stopping=stopping))
        except JobCancelled:
            _end(job, Job.State.CANCELLED, STOPPED)
        except WorkerStopping:
            _still_ours(job).update(state=Job.State.WAITING, attempts=F("attempts") - 1)
        except UserError as error:
            if not (isinstance(error, PassingTrouble) and _try_later(job, reason=str(error))):
                _end(job, Job.State.FAILED, str(error))
        except Exception as error:  # the person sees that it failed, the log why; its text may name people
            if not _try_later(job):
                _end(job, Job.State.FAILED, UNFORESEEN.format(type(error).__name__))
            raise
        else:
            _end(job, Job.State.DONE, result_path=path or "", progress_share=1.0)
    job.refresh_from_db()
    return job


def _try_later(job: Job, *, reason: str = "") -> bool:
    """Put a job back for a later moment, where its kind allows one more try and nobody asked it to stop."""
    kind = _kinds[job.kind]
    if job.failures >= kind.retries:
        return False
    later = timezone.now() + timedelta(seconds=kind.pause_s * 2**job.failures)
    wanted = _still_ours(job).filter(cancel_asked_at=None)
    words = AGAIN.format(timezone.localtime(later))
    return bool(
        wanted.update(
            state=Job.State.WAITING,
            failures=F("failures") + 1,
            not_before=later,
            progress_text=words,
            message=reason[:500],
        )
    )


def _end(job: Job, state: str, message: str | None = None, **fields: Any) -> None:
    if message is not None:  # a job that is done may have left its own
        fields["message"] = message[:500]
    with transaction.atomic():
        if not _still_ours(job).update(state=state, ended_at=timezone.now(), **fields):
            return  # another worker has it
        ended = Job.objects.get(pk=job.pk)
        for path in _endings:
            import_string(path)(ended)


class _heartbeat:
    """Writes the heartbeat of a job from a thread of its own, since the work may compute for minutes."""

    def __init__(self, job: Job) -> None:
        self._job, self._done = job, threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._done.wait(HEARTBEAT_SECONDS):
                try:
                    _still_ours(self._job).update(heartbeat_at=timezone.now())
                except (OperationalError, InterfaceError):  # busy or restarting: one beat missed is not a dead heart
                    connection.close()
        finally:
            connection.close()

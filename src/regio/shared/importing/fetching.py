"""The job behind the button *Haal de nieuwste bestanden op*: download, import, and say what came of it.

A file that fails does not stop the others; what differs much from the last load waits for a person on the command line.
"""

from collections import Counter
from datetime import datetime

from regio.shared import jobs
from regio.shared.errors import PassingTrouble
from regio.shared.models import Job

KIND = "ophalen"
HALF = 0.5  # of the work is downloading


def request_download(*, owner: str, now: datetime) -> Job:
    """Ask to fetch and load the publishers' present files; asked twice it is one job.

    Raises:
        TooManyJobs: this owner has too many open jobs.
    """
    return jobs.enqueue(kind=KIND, label="Nieuwe tellingen ophalen", arguments={}, owner=owner, now=now)


def fetch_and_import(job: Job, progress: jobs.Progress) -> str:
    """Fetch and load the files of the download table; keep a summary in the job. Return where the files are listed."""
    from .downloading import download_all, download_table  # polars behind it: the worker only
    from .pipeline import Options, import_paths

    table, done = download_table(), Counter[str]()

    def advance(part: str, start: float, total: int, text: str) -> None:
        done[part] += 1
        progress(start + HALF * min(done[part] / max(total, 1), 1.0), 1.0001, text)

    files, failures = download_all(progress=lambda text: advance("ophalen", 0.0, len(table), f"Ophalen: {text}"))
    if not files:
        raise NothingFetched([str(failure) for failure in failures])
    results = import_paths(
        files, options=Options(), progress=lambda text: advance("laden", HALF, len(files), f"Laden: {text}")
    )
    outcomes = Counter(result.outcome for result in results)
    Job.objects.filter(pk=job.pk).update(message=summary(outcomes, failures=len(failures))[:500])
    return "/bronnen/"


def summary(outcomes: Counter[str], *, failures: int) -> str:
    """Return what came of it in Dutch: `3 bestanden geladen, 20 ongewijzigd. 2 bestanden niet opgehaald.`"""
    words = {
        "geladen": "geladen", "ongewijzigd": "ongewijzigd", "geweigerd": "geweigerd",
        "wacht_op_akkoord": "met grote verschillen, bekijk ze met 'regio import public MAP --accept'",
        "niet_herkend": "niet herkend", "mislukt": "mislukt",
    }  # fmt: skip
    parts = [f"{outcomes[name]} {text}" for name, text in words.items() if outcomes[name]]
    missing = f" {failures} niet opgehaald." if failures else ""
    return f"Bestanden: {', '.join(parts) or 'geen'}.{missing}"


class NothingFetched(PassingTrouble):
    """Not one file could be fetched; the publisher or the connection may be back in a while."""

    def __init__(self, reasons: list[str]) -> None:
        first = f" {reasons[0]}" if reasons else ""
        super().__init__(f"Er is niets opgehaald. Is er internet?{first} Er is niets veranderd.")

"""A worker that is killed in the middle of any kind of job: the next one does it again, nothing is lost or doubled.

The product's own worker runs in a process of its own, on Regio Voorbeeld, and is killed with SIGKILL in the middle of
the work, in the middle of keeping its result, and after the result was kept but before the job said so. What is in the
tables in the end must be what a worker leaves that nobody disturbed.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from regio.shared import jobs
from tests.fixtures_public import regio_environment
from tests.helpers import CHECKOUT

FETCHED = ("alle-vestigingen-vo.csv", "01.-onderwijspersoneel-po-in-personen-2018-2025.xlsx", "besturen.csv")
# In the order of the queue: per kind of job the moments at which its worker is killed, before which call, which time.
KILLS = {
    "prognose": [("regio.workforce.actions._insert", 3), ("regio.workforce.actions.compare_with_others", 1)],
    "verschil": [("regio.workforce.actions.keep_differences", 1), ("regio.shared.jobs._end", 1)],
    "momentopname": [("regio.workforce.joint.rounds.series_of", 1), ("regio.shared.jobs._end", 1)],
    "terugblik": [("regio.workforce.models.BacktestCell.objects.bulk_create", 2), ("regio.shared.jobs._end", 1)],
    "ophalen": [("regio.shared.importing.downloading._refuse_pages", 2), ("regio.shared.importing.pipeline._finding_row", 1)],
    "opruimen": [("regio.shared.tidying.dead_workers", 1), ("regio.shared.jobs._end", 1)],
    "logboek": [("regio.audit.queries.chained_hash", 2), ("regio.shared.jobs._end", 1)],
    "dagmail": [("regio.accounts.digest._take", 2), ("regio.shared.jobs._end", 1)],
    "bewaartermijnen": [("regio.audit.retaining._end", 2), ("regio.shared.jobs._end", 1)],
    "loket_dag": [("regio.desk.cases.nightly.send", 2), ("regio.shared.jobs._end", 1)],
}  # fmt: skip
SETUP = "import django; django.setup()\n"
PREPARE = """
import json, sys
from datetime import timedelta
from pathlib import Path
from django.utils import timezone
from regio.accounts.consent import text_of
from regio.accounts.digest_lines import add_line
from regio.accounts.enums import Purpose
from regio.accounts.models import Person
from regio.desk.cases.models import Case
from regio.audit.actions import record
from regio.regions.models import Board, Municipality
from regio.shared import jobs
from regio.shared.importing.pipeline import Options, import_paths
from regio.shared.models import Job
from regio.site.actions import link_codes
from regio.site.example_cases import make_cases
from regio.workforce.actions import request_explanation, request_forecast, request_scorecard
from regio.workforce.joint.rounds import agree, key_of
from regio.workforce.models import JointContribution, JointRound
folder, fetched, now = Path(sys.argv[1]), sys.argv[2].split(","), timezone.now()
import_paths([path for path in (folder / "bestanden").iterdir() if path.name not in fetched[1:]], options=Options(accept=True))
link_codes(json.loads((folder / "waarheid.json").read_text())["codes"])
for number in range(3):
    record("accounts.consent_given", subject=f"persoon:{number}", heading="Toestemming", now=now)
for name in ("ada", "ben"):
    person = Person.objects.create_user(f"{name}@school.example")
    add_line(person, words="Er is een nieuwe prognose.", path="/", now=now)
make_cases("rpa:91", now=now)
for case in Case.objects.exclude(closed_at=None).order_by("pk")[:3]:
    Case.objects.filter(pk=case.pk).update(ask_again_on=now.date())
Job.objects.create(kind="oud", label="Oud", state="klaar", created_at=now, ended_at=now - timedelta(days=200))
first, second = (request_forecast(region_key=f"gemeente:{Municipality.objects.order_by('code').first().code}", owner="ada", now=now, years=years, draws=10) for years in (6, 7))
request_explanation(second, first, owner="ada", now=now)
held = JointRound.objects.create(region_key="rpa:91", sector="vo", reference_date="2025-10-01", sizes={}, opened_at=now)
for board in Board.objects.order_by("code")[:5]:
    held.sizes[board.code] = {"talen": [20.0, 25.0]}
    agree(Person.objects.create_user(f"{board.code}@school.example"), board=board.code, version=text_of(Purpose.JOINT_PLANNING).version, now=now)
    JointContribution.objects.create(round=held, board=board, run=first, figures={"talen": {"2025": [9000, 8000, 10000]}}, given_at=now)
held.save()
key_of("rpa:91", now=now)
jobs.enqueue(kind="momentopname", label="momentopname", arguments={"round": held.pk}, owner="ada", now=now)
request_scorecard(owner="ada", now=now)
for kind in ("ophalen", "opruimen", "logboek", "dagmail", "bewaartermijnen", "loket_dag"):
    jobs.enqueue(kind=kind, label=kind, arguments={}, owner=kind, now=now)
"""
# Kills itself at the moment it is told; without one it ends when the queue is empty.
WORK = """
import os, signal, sys
from datetime import timedelta
from importlib import import_module
from unittest import mock
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string
from regio.shared import jobs
from regio.shared.models import Job
def deadly(original, nth, seen=[]):
    def call(*arguments, **options):
        seen.append(1)
        if len(seen) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **options)
    return call
if len(sys.argv) > 2:
    path, nth, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    original_run = jobs.run
    def run(job, **options):
        if job.kind != kind:
            return original_run(job, **options)
        holder, name = path.rsplit(".", 1)
        try:
            held = import_module(holder)
        except ModuleNotFoundError:
            held = import_string(holder.split(".objects")[0]).objects.__class__
        with mock.patch.object(held, name, deadly(getattr(held, name), nth)):
            return original_run(job, **options)
    jobs.run = run
Job.objects.filter(state="loopt").update(heartbeat_at=timezone.now() - timedelta(minutes=5))  # its worker was killed
call_command("run_jobs", once=True)
"""
LEFT = """
import hashlib, json
from datetime import timedelta
from django.apps import apps
from django.db.models import DateTimeField
from regio.shared.models import Job
left = {}
for model in apps.get_models():
    if not model.__module__.startswith("regio.") or model is Job:
        continue
    fields = [f.name for f in model._meta.concrete_fields if not (f.primary_key or f.is_relation or isinstance(f, DateTimeField) or f.name in ("model_version", "hash"))]  # that is of the code, and of the moment of an event
    rows = sorted(repr(row) for row in model._default_manager.values_list(*fields))
    left[model.__name__] = [len(rows), hashlib.sha256("\\n".join(rows).encode()).hexdigest()[:12]]
jobs = [list(row) for row in Job.objects.order_by("pk").values_list("kind", "state", "attempts")]
from pathlib import Path
from django.conf import settings
left["post"] = sum(file.read_text().count("Subject:") for file in Path(settings.EMAIL_FILE_PATH).glob("*"))
print(json.dumps({"tables": left, "jobs": jobs}))
"""


class Installation:
    """An installation of its own, on the database that the tests run on."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home, self.environment = home, environment

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        settings = {"POLARS_MAX_THREADS": "1", "PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}", **self.environment}
        command = [sys.executable, "-c", SETUP + script, *arguments]
        return subprocess.run(
            command, env=regio_environment(self.home, **settings), capture_output=True, text=True, timeout=300
        )

    def must(self, script: str, *arguments: str) -> str:
        done = self.run(script, *arguments)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


@pytest.fixture
def publisher(example_files) -> Iterator[str]:
    """A publisher on this computer with three of the files."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(example_files / "bestanden")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def two_alike(tmp_path, publisher, example_files, transactional_db) -> Iterator[tuple[Installation, Installation]]:
    """Two installations with the same data and the same jobs in the queue."""
    table = tmp_path / "adressen.yaml"
    table.write_text(json.dumps([{"dataset": name, "url": f"{publisher}/{name}"} for name in FETCHED]))
    made, shared = [], {"REGIO_DOWNLOADS": str(table)}
    is_sqlite = connection.vendor == "sqlite"
    try:
        for name in ("rustig", "gestoord"):
            home = tmp_path / name
            first = made[0] if made else None
            there = {} if is_sqlite else {"REGIO_DATABASE_URL": _database(f"werk_{name}", first and "werk_rustig")}
            if first and is_sqlite:
                shutil.copytree(first.home, home)
            made.append(Installation(home, **shared, **there))
            if not first:
                made[0].must("from django.core.management import call_command; call_command('migrate', verbosity=0)")
                made[0].must(PREPARE, str(example_files), ",".join(FETCHED))
        yield made[0], made[1]
    finally:
        if not is_sqlite:
            with connection.cursor() as cursor:
                for name in ("rustig", "gestoord"):
                    cursor.execute(f"DROP DATABASE IF EXISTS werk_{name} WITH (FORCE)")


def _database(name: str, template: str | None) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    return urlunsplit(urlsplit(os.environ["REGIO_DATABASE_URL"])._replace(path=f"/{name}"))


def test_kill_9_in_the_middle_of_each_kind_of_job_loses_and_doubles_nothing(two_alike):
    undisturbed, disturbed = two_alike
    undisturbed.must(WORK)
    for kind, moments in KILLS.items():
        for moment, nth in moments:
            killed = disturbed.run(WORK, moment, str(nth), kind)
            assert killed.returncode == -signal.SIGKILL, (kind, moment, killed.stderr[-2000:])
    disturbed.must(WORK)
    expected, found = (json.loads(one.must(LEFT)) for one in two_alike)
    assert [state for _, state, _ in expected["jobs"]] == ["klaar"] * 11
    assert found["tables"] == expected["tables"]
    assert expected["tables"]["post"] == 11
    attempts = {kind: number for kind, _, number in reversed(found["jobs"])}
    assert (attempts, [row[:2] for row in found["jobs"]]) == (
        dict.fromkeys(KILLS, 3), [row[:2] for row in expected["jobs"]],
    )  # fmt: skip


def test_every_kind_of_job_is_killed_here():
    assert set(KILLS) == {kind for kind, one in jobs.all_kinds().items() if one.path.startswith("regio.")}

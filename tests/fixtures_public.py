"""The real public files in a database, loaded once per session: fixture `public_database`.

It gives a `PublicDatabase`: `path` is an SQLite file that tests read and never change; `frame(sql)` returns a polars
frame. Loading takes 20-60 s, in a process and a home of its own, so the test database is not touched. A test that uses
it carries the mark `realdata` and is skipped where the files are absent.
"""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.helpers import SOURCE, real_data


@dataclass(frozen=True)
class PublicDatabase:
    """A database with every public file beside the checkout."""

    home: Path
    cpu_seconds: float
    peak_memory_mb: float
    report: list[dict[str, Any]] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The SQLite file."""
        return self.home / "regio.sqlite3"

    def frame(self, sql: str) -> pl.DataFrame:
        """Return the rows of a query."""
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return pl.read_database(sql, connection)
        finally:
            connection.close()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product on this database."""
        return run_regio(*arguments, home=self.home)


def regio_environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment for a process of the product with a home of its own, on SQLite."""
    environment = {key: value for key, value in os.environ.items() if key != "REGIO_DATABASE_URL"}
    settings = {"REGIO_HOME": str(home), "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "regio.site.settings"}
    return {**environment, **settings, **more}


def run_regio(
    *arguments: str, home: Path, prefix: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the product in a home of its own, on SQLite, and return how it ended."""
    command = [*prefix, sys.executable, "-m", "regio", *arguments]
    surroundings = regio_environment(home, **environment)
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=600, check=False)


MEASURED_IMPORT = """
import resource, sys
from regio.__main__ import main
sys.argv = ["regio", "import", "public", sys.argv[1], "--format", "json"]
try:
    main()
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_maxrss, used.ru_utime + used.ru_stime, file=sys.stderr)
"""


@pytest.fixture(scope="session")
def public_database(tmp_path_factory: pytest.TempPathFactory) -> PublicDatabase:
    """Load every public file beside the checkout into a fresh SQLite database, once for all tests of the session."""
    data = real_data()
    home = tmp_path_factory.mktemp("public")
    made = run_regio("migrate", "--skip-checks", "-v0", home=home)
    assert made.returncode == 0, made.stderr
    command = [sys.executable, "-c", MEASURED_IMPORT, str(data)]
    done = subprocess.run(
        command, env=regio_environment(home), capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    kilobytes, seconds = done.stderr.strip().splitlines()[-1].split()
    return PublicDatabase(home, float(seconds), int(kilobytes) / 1024, json.loads(done.stdout))

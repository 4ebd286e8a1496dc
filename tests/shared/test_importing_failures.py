"""When the world breaks during an import: two at once, a kill, a full disk. Nothing may be half saved.

Each story runs the real command in a process and a home of its own, on SQLite.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fixtures_public import regio_environment, run_regio
from tests.samples import write_csv

CELLS = [f"LEER- OF VERBLIJFSJAAR {year} - {who}" for year in range(1, 7) for who in ("MAN", "VROUW")]
HEADER = ["BRIN NUMMER", "VESTIGINGSNUMMER", "INSTELLINGSNAAM VESTIGING", "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR"]
HEADER += ["AFDELING", "ELEMENTCODE", "OPLEIDINGSNAAM", *CELLS]


def big_file(path: Path, *, rows: int) -> Path:
    """Write many programmes for a hundred locations, so that saving takes a while."""
    lines = (
        ["90AA", f"{number % 100:02}", "Lyceum", "HAVO lj 4-5", "N.v.t.", f"X{number}", f"HAVO Prf {number}", *[1] * 12]
        for number in range(rows)
    )
    return write_csv(path, HEADER, lines)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    made = run_regio("migrate", "--skip-checks", "-v0", home=folder)
    assert made.returncode == 0, made.stderr
    return folder


def rows_in(home: Path) -> dict[str, int]:
    connection = sqlite3.connect(home / "regio.sqlite3")
    try:
        names = (
            "shared_importbatch",
            "shared_importfinding",
            "workforce_learnercount",
            "regions_schoollocation",
            "workforce_programme",
        )
        return {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in names}
    finally:
        connection.close()


EMPTY = {
    "shared_importbatch": 0,
    "shared_importfinding": 0,
    "workforce_learnercount": 0,
    "regions_schoollocation": 0,
    "workforce_programme": 0,
}


def start(*arguments: str, home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "regio", *arguments]
    return subprocess.Popen(
        command, env=regio_environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_two_imports_at_once_load_the_file_once(tmp_path: Path, home: Path) -> None:
    path = big_file(tmp_path / "leerlingen-2020.csv", rows=5_000)
    running = [start("import", "public", str(path), "--format", "json", home=home) for _ in range(2)]
    answers = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], answers
    outcomes = sorted(json.loads(out)[0]["outcome"] for out, _ in answers)
    assert outcomes == ["geladen", "ongewijzigd"]
    assert rows_in(home)["shared_importbatch"] == 1
    assert rows_in(home)["workforce_learnercount"] == 30_000


def test_a_locked_database_is_said_in_plain_words(tmp_path: Path, home: Path) -> None:
    path = big_file(tmp_path / "leerlingen-2020.csv", rows=200)
    keeper = sqlite3.connect(home / "regio.sqlite3", isolation_level=None)
    keeper.execute("begin immediate")
    try:
        done = run_regio("import", "public", str(path), home=home, REGIO_SQLITE_TIMEOUT_S="1")
    finally:
        keeper.rollback()
        keeper.close()
    assert done.returncode == 1
    assert "De database is bezig met een andere taak" in done.stdout
    assert rows_in(home) == EMPTY


def test_a_killed_import_leaves_nothing_and_can_be_repeated(tmp_path: Path, home: Path) -> None:
    path = big_file(tmp_path / "leerlingen-2020.csv", rows=15_000)
    process = start("import", "public", str(path), home=home)
    journal, began = home / "regio.sqlite3-wal", time.monotonic()
    while time.monotonic() - began < 60 and process.poll() is None:
        if journal.exists() and journal.stat().st_size > 500_000:
            break
        time.sleep(0.002)
    assert process.poll() is None, "the import was ready before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert rows_in(home) == EMPTY
    again = run_regio("import", "public", str(path), home=home)
    assert again.returncode == 0, again.stdout + again.stderr
    assert rows_in(home)["workforce_learnercount"] == 90_000


def test_ctrl_c_ends_in_a_sentence_and_leaves_nothing_of_the_file(tmp_path: Path, home: Path) -> None:
    path = big_file(tmp_path / "leerlingen-2020.csv", rows=15_000)
    process = start("import", "public", str(path), home=home)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("1/1")
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Gestopt." in told
    assert "Traceback" not in told
    assert rows_in(home) == EMPTY


def test_a_full_disk_is_said_in_plain_words_and_leaves_nothing(tmp_path: Path, home: Path) -> None:
    path = big_file(tmp_path / "leerlingen-2020.csv", rows=10_000)
    size_kb = (home / "regio.sqlite3").stat().st_size // 1024 + 1_500
    limited = ("sh", "-c", f'ulimit -f {size_kb * 2}; exec "$@"', "sh")  # no file may grow beyond (units of 512 bytes)
    done = run_regio("import", "public", str(path), home=home, prefix=limited)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "De schijf is vol. Er is niets van dit bestand geladen." in done.stdout
    assert rows_in(home) == EMPTY
    assert run_regio("import", "public", str(path), home=home).returncode == 0


def test_an_empty_home_gets_its_database_first(tmp_path: Path) -> None:
    path = big_file(tmp_path / "leerlingen-2020.csv", rows=3)
    done = run_regio("import", "public", str(path), home=tmp_path / "leeg")
    assert done.returncode == 0, done.stdout + done.stderr
    assert rows_in(tmp_path / "leeg")["workforce_learnercount"] == 18

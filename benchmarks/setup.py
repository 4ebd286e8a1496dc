"""`run.py bench setup`: what a planner feels. First page, disk, cold start, second start, Ctrl-C.

Clones the last commit into a temporary folder, with an empty package cache and a REGIO_HOME inside the clone, and
runs `run.py demo` there twice. Prints each figure beside its bar and ends with 1 where one is missed. Standard library only.
"""

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
FIRST_PAGE_S, SECOND_START_S, COLD_SERVER_S, CTRL_C_S, DISK_MB = 60.0, 3.0, 1.5, 4.0, 1000.0
PATIENCE_S = 900


@dataclass
class Start:
    """One start of the demo, measured from outside [s]."""

    first_page: float
    download: float
    ctrl_c: float
    exit_code: int
    orphans: list[str]


def main() -> int:
    """Measure in a fresh clone; return 1 where a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="regio-bench-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        surroundings = _surroundings(Path(folder), clone)
        first = _measure(clone, surroundings)
        disk = _megabytes(clone / ".venv") + _megabytes(clone / "var")
        second = _measure(clone, surroundings)
        server = statistics.median(_cold_server(clone, surroundings) for _ in range(3))
    print(f"\ndownload, apart from the bars: {first.download:.1f} s")
    return _judge(
        [
            ("first page from nothing, download apart", first.first_page - first.download, FIRST_PAGE_S, "s"),
            ("disk: .venv + REGIO_HOME", disk, DISK_MB, "MB"),
            ("second start to first page", second.first_page, SECOND_START_S, "s"),
            ("cold start of the server alone", server, COLD_SERVER_S, "s"),
            ("Ctrl-C to the end", max(first.ctrl_c, second.ctrl_c), CTRL_C_S, "s"),
            ("processes left behind", len(first.orphans + second.orphans), 0, ""),
            ("exit code", max(first.exit_code, second.exit_code), 0, ""),
        ]
    )


def _surroundings(folder: Path, clone: Path) -> dict[str, str]:
    """Return an environment with no cache of packages and no state from before."""
    caches = {"UV_CACHE_DIR": str(folder / "uv"), "PIP_CACHE_DIR": str(folder / "pip")}
    return {**os.environ, **caches, "REGIO_HOME": str(clone / "var")}


def _measure(clone: Path, surroundings: dict[str, str]) -> Start:
    port = _free_port()
    command = [sys.executable, "run.py", "demo", "--no-browser", "--port", str(port)]
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=clone, env=surroundings, stdout=output, stderr=subprocess.STDOUT)
        answered = _wait_for_page(port, process)
        first_page = time.monotonic() - started
        time.sleep(1)
        ctrl_c, code = _press_ctrl_c(process)
        output.seek(0)
        printed = output.read()
    print(printed)
    if not answered:
        raise SystemExit("the demo gave no page; see above")
    return Start(first_page, _download_seconds(printed), ctrl_c, code, _left_behind(clone))


def _press_ctrl_c(process: subprocess.Popen[bytes]) -> tuple[float, int]:
    pressed = time.monotonic()
    process.send_signal(signal.SIGINT)
    code = process.wait(60)
    return time.monotonic() - pressed, 0 if code == 130 else code


def _cold_server(clone: Path, surroundings: dict[str, str]) -> float:
    """Return how long the server alone takes to its first page, on a prepared home [s]."""
    port = _free_port()
    home = clone / "var" / "voorbeeld"
    settings = {**surroundings, "REGIO_HOME": str(home), "REGIO_DEMO": "1", "PYTHONPATH": str(clone / "src")}
    options = ["--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "2", "--blocking-threads", "4"]
    options += ["--workers-kill-timeout", "3", "--no-ws", "--log-level", "warning"]
    command = [str(clone / ".venv/bin/python"), "-m", "granian", *options, "regio.site.wsgi:application"]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=clone, env=settings, start_new_session=True)
    try:
        _wait_for_page(port, process)
        return time.monotonic() - started
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for_page(port: int, process: subprocess.Popen[bytes]) -> bool:
    limit = time.monotonic() + PATIENCE_S
    while time.monotonic() < limit and process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/")
            if connection.getresponse().status < 400:
                return True
        connection.close()
        time.sleep(0.02)
    return False


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def _download_seconds(printed: str) -> float:
    found = re.search(r"downloaden ([\d,]+) s", printed)
    return float(found[1].replace(",", ".")) if found else 0.0


def _megabytes(folder: Path) -> float:
    """Return what a folder takes on disk [MB of 1,000,000 bytes], each hard-linked file once."""
    seen: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        facts = path.lstat()
        seen[facts.st_dev, facts.st_ino] = facts.st_blocks * 512
    return sum(seen.values()) / 1e6


def _left_behind(clone: Path) -> list[str]:
    """Return the command lines of processes that still run from the clone's environment (Linux: read from /proc)."""
    listed = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            listed.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [line for line in listed if str(clone / ".venv") in line]


def _judge(figures: list[tuple[str, float, float, str]]) -> int:
    for name, value, bar, unit in figures:
        print(f"{'ok    ' if value <= bar else 'MISSED'} {name}: {value:.1f} {unit} (bar {bar:g} {unit})")
    return 1 if any(value > bar for _, value, bar, _ in figures) else 0


if __name__ == "__main__":
    sys.exit(main())

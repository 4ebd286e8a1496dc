"""The virtual environment: made once, filled from hash-locked lists, known good by a stamp.

`.venv` is made without pip, the host's pip brings uv in, uv brings the rest; where uv does not run, pip does.
The stamp holds what was installed, so a second start installs nothing. Two runs at once wait for each other.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .speaking import Stop, say, seconds, stop_because

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ROOT / "requirements"
REGIO_SCRIPT = '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/python" -m regio "$@"\n'


def home() -> Path:
    """Return the one folder that holds all state."""
    return Path(os.environ.get("REGIO_HOME", ROOT / "var")).resolve()


def ensure(group: str) -> None:
    """Make `.venv` hold everything of `requirements/<group>.lock`; return at once where it already does."""
    if _stamp_is_right(group):
        return
    with one_at_a_time(ROOT / "run.py"):
        if not _stamp_is_right(group):
            _set_up(group)


def site_packages() -> Path:
    """Return the folder in which packages are installed."""
    return next((VENV / "lib").glob("python3*/site-packages"))


def is_root() -> bool:
    """Say whether apt-get may be used."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> subprocess.CompletedProcess[str]:
    """Install Debian packages as root; refresh the package lists where they are too old or missing."""
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _quietly(["apt-get", "update", "-qq"], surroundings)
    return _quietly(command, surroundings)


def _quietly(command: list[str], surroundings: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )


@contextmanager
def one_at_a_time(place: Path) -> Iterator[None]:
    """Hold a lock on a file or folder that is there anyway: it needs no file of its own and ends with the process."""
    handle = os.open(place, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Een andere opdracht is hier nog mee bezig; even wachten …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _stamp(group: str) -> Path:
    return VENV / f"regio-{group}.stamp"


def _fingerprint(group: str) -> str:
    lock = (LOCKS / f"{group}.lock").read_bytes()
    return f"{hashlib.sha256(lock).hexdigest()} {ROOT}\n"


def _stamp_is_right(group: str) -> bool:
    stamp = _stamp(group)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == _fingerprint(group)


def _set_up(group: str) -> None:
    started = time.monotonic()
    say(f"Klaarzetten van {VENV.relative_to(ROOT)} ({'programma' if group == 'app' else 'programma en tests'}) …")
    if not _venv_is_usable():
        _make_venv()
    download = _bring_uv() + _install(LOCKS / f"{group}.lock")
    _link_product()
    for done in {group, "app"}:
        _stamp(done).write_text(_fingerprint(done))
    rest = time.monotonic() - started - download
    say(f"Klaargezet: downloaden {seconds(download)}, installeren {seconds(rest)}.")


def _venv_is_usable() -> bool:
    """Say whether `.venv` is whole and of a Python that we support (the system's may have been replaced since)."""
    facts = VENV / "pyvenv.cfg"
    return (
        PYTHON.exists()
        and facts.exists()
        and bool(re.search(r"^version\w* = 3\.1[123]\b", facts.read_text(), re.MULTILINE))
    )


def _make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    made = _quietly([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    if made.returncode and is_root():
        apt_install("python3-venv")
        made = _quietly([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
    if made.returncode:
        raise stop_because("Het maken van .venv (Debian-pakket python3-venv)", made.stdout)


def _pip() -> list[str]:
    """Return a pip command that installs into `.venv`: the host's, else the one inside Python, else Debian's."""
    host = [sys.executable, "-m", "pip"]
    bundled = [str(PYTHON), "-m", "pip"]
    if _quietly([*host, "--python", str(PYTHON), "--version"]).returncode == 0:
        return [*host, "--python", str(PYTHON)]
    if _quietly([str(PYTHON), "-m", "ensurepip"]).returncode == 0:
        return bundled
    if is_root():
        say("pip ontbreekt; het Debian-pakket python3-pip wordt geïnstalleerd …")
        installed = apt_install("python3-pip")
        if _quietly([*host, "--version"]).returncode == 0:
            return [*host, "--python", str(PYTHON)]
        raise stop_because("Het installeren van python3-pip", installed.stdout)
    raise Stop("Dit programma heeft pip nodig; laat het pakket python3-pip installeren en start de opdracht opnieuw.")


def _bring_uv() -> float:
    """Install uv where it is not there yet; return the seconds it took [s], nearly all of it download."""
    started = time.monotonic()
    if not (VENV / "bin" / "uv").exists():
        _pip_install(LOCKS / "installer.lock")
    return time.monotonic() - started


def _pip_install(lock: Path) -> None:
    done = _quietly([*_pip(), "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(lock)])
    if done.returncode:
        raise stop_because(f"Het installeren van {lock.name}", done.stdout)


def _install(lock: Path) -> float:
    """Install a locked list; return the part of it that was download [s]."""
    uv = VENV / "bin" / "uv"
    if _quietly([str(uv), "--version"]).returncode:
        return _install_with_pip(lock)
    command = [str(uv), "pip", "install", "--python", str(PYTHON), "--require-hashes", "--no-progress", "-r", str(lock)]
    surroundings = {"UV_SYSTEM_CERTS": "1", "UV_HTTP_TIMEOUT": "120", **os.environ}
    done = _quietly(command, surroundings)
    if done.returncode:
        raise stop_because(f"Het installeren van {lock.name}", done.stdout)
    return _prepared_seconds(done.stdout)


def _install_with_pip(lock: Path) -> float:
    started = time.monotonic()
    pip = _pip()
    with tempfile.TemporaryDirectory(dir=VENV) as wheels:
        options = ["--quiet", "--require-hashes", "--no-deps", "-r", str(lock)]
        done = _quietly([*pip, "download", "--dest", wheels, *options])
        download = time.monotonic() - started
        if done.returncode == 0:
            done = _quietly([*pip, "install", "--no-index", "--find-links", wheels, *options])
    if done.returncode:
        raise stop_because(f"Het installeren van {lock.name}", done.stdout)
    return download


def _prepared_seconds(output: str) -> float:
    """Return how long uv says it fetched and unpacked: `Prepared 29 packages in 4.21s`."""
    found = re.search(r"Prepared \d+ packages? in (?:(\d+)m )?([\d.]+)(ms|s)", output)
    if not found:
        return 0.0
    minutes, amount, unit = found.groups()
    return int(minutes or 0) * 60 + float(amount) / (1000 if unit == "ms" else 1)


def _link_product() -> None:
    """Let `.venv` find `src` (an editable install has no hash, so the lists refuse it) and offer `regio`."""
    (site_packages() / "regio.pth").write_text(f"{ROOT / 'src'}\n")
    script = VENV / "bin" / "regio"
    script.write_text(REGIO_SCRIPT)
    script.chmod(0o755)

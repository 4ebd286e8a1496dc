"""`run.py demo` and `run.py serve`: set up, prepare a home, serve it on this computer only, end all of it on Ctrl-C.

The demo prepares the invented region in a home of its own; `serve` brings the home with real files up to date.

Every child gets a session of its own, so that Ctrl-C in the terminal reaches this parent alone: it asks each child once
to end, and only what is still there after three seconds is killed with its whole group. Where this parent is killed
itself, Linux asks the children to end.
"""

import ctypes
import hashlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType

from . import environment
from .environment import PYTHON, ROOT
from .speaking import Stop, say, seconds, sentence_for, stop_because

HOST = "127.0.0.1"
WORKERS = 2
FIRST_PAGE_WITHIN_S = 60
END_WITHIN_S = 3.0
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Site:
    """What is served: the command of run.py, what it is called, its home, and what makes it ready."""

    command: str
    title: str
    home: Path
    preparation: tuple[tuple[str, ...], ...]
    is_invented: bool


def demo_site(home: Path) -> Site:
    """Return the invented region; tests give it a home of their own."""
    return Site("demo", "Regio Voorbeeld", home, (("prepare_demo",),), is_invented=True)


def own_site(home: Path) -> Site:
    """Return the site with what `run.py regio import` loaded."""
    return Site("serve", "Uw regio", home, (("migrate", "--verbosity", "0"), ("build_assets",)), is_invented=False)


@dataclass
class Child:
    """A process of the demo and the file that holds what it printed."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def run(site: Site, *, port: int, with_browser: bool) -> int:
    """Serve until Ctrl-C; return 0."""
    started = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # also where a script started us with SIGINT ignored
        signal.signal(number, _as_ctrl_c)
    _require_free(port, command=site.command)
    environment.ensure("app")
    try:
        prepare(site)
        with serving(site, port=port) as children:
            _announce(site, port, time.monotonic() - started, with_browser=with_browser)
            _watch(children)
    except KeyboardInterrupt:
        say("Gestopt.")
    return 0


@contextmanager
def serving(site: Site, *, port: int) -> Iterator[list[Child]]:
    """Serve a prepared home with its worker from the first page on; leave no process behind. Tests use it too."""
    settings = _settings(site)
    children: list[Child] = []
    try:
        children.append(_start("server", _server(port), settings))
        _wait_for_first_page(children, port)  # before the worker starts, which would compete for the processor
        children.append(_start("werk", _worker(), settings))
        yield children
    finally:
        _end(children)


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# ------------------------------------------------------------------------------------------------------ before it
def _require_free(port: int, *, command: str) -> None:
    """Stop with a sentence where the port is taken, before minutes of set-up."""
    if not 1 <= port <= 65535:
        raise Stop(
            f"Poort {port} bestaat niet; kies er een van 1024 tot en met 65535, bijvoorbeeld --port 8000.", code=2
        )
    if _is_free(port):
        return
    other = next((number for number in range(port + 1, min(port + 50, 65535)) if _is_free(number)), None)
    advice = f"Begin zo: python3 run.py {command} --port {other}" if other else "Kies met --port een andere poort."
    raise Stop(f"Poort {port} is bezet of niet toegestaan. {advice}", code=2)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _settings(site: Site) -> dict[str, str]:
    """Return the environment of the site's processes."""
    surroundings = {
        **os.environ,
        "REGIO_HOME": str(site.home),
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONUNBUFFERED": "1",
    }
    for not_ours in ("REGIO_STATIC", "DJANGO_SETTINGS_MODULE"):  # set by tests, or by another Django project
        surroundings.pop(not_ours, None)
    if site.is_invented:
        surroundings.pop("REGIO_DATABASE_URL", None)  # the invented region never meets a database with real files
        return {**surroundings, "REGIO_DEMO": "1"}
    return {"REGIO_OPEN": "1", "REGIO_SECRET_KEY": _secret_key(site.home), **surroundings}


def _secret_key(home: Path) -> str:
    """Return the key of this home; made once, readable by its owner only."""
    path = home / "secret.key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def prepare(site: Site) -> None:
    """Make database, data and static files ready; skip it where today's run of this very code did so."""
    site.home.mkdir(parents=True, exist_ok=True)
    stamp = site.home / "prepared.stamp"
    fingerprint = _fingerprint_of_code()
    with environment.one_at_a_time(site.home):
        if stamp.exists() and stamp.read_text() == fingerprint:
            return
        stamp.unlink(missing_ok=True)
        for command in site.preparation:
            _run_command(command, site)
        stamp.write_text(fingerprint)


def _fingerprint_of_code() -> str:
    """Return what identifies the product's files and the day (the dates of the invented region move with today)."""
    digest = hashlib.sha256(date.today().isoformat().encode())
    for folder, subfolders, names in os.walk(ROOT / "src"):
        subfolders[:] = sorted(name for name in subfolders if name != "__pycache__")
        for path in (Path(folder) / name for name in sorted(names)):
            seen = path.stat()
            digest.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _run_command(arguments: tuple[str, ...], site: Site) -> None:
    command, settings = [str(PYTHON), "-m", "regio", *arguments], _settings(site)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    printed: list[str] = []
    own = {"start_new_session": True, "preexec_fn": _end_with_parent(os.getpid())}
    with subprocess.Popen(command, env=settings, cwd=ROOT, **own, **pipes) as process:
        try:
            for line in process.stdout or ():
                printed.append(line.decode(errors="replace").rstrip())
                say(f"  {printed[-1]}")
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGKILL)  # everything it does is in transactions
            raise
    if process.returncode:
        known = sentence_for("\n".join(printed))
        raise Stop(known or f"Het klaarzetten van {site.title} is mislukt; de regels hierboven zeggen waardoor.")


# -------------------------------------------------------------------------------------------------------- children
def _server(port: int) -> list[str]:
    options = {"interface": "wsgi", "host": HOST, "port": port, "workers": WORKERS, "blocking-threads": 4}
    limits = {"workers-kill-timeout": 3, "log-level": "warning"}
    listed = [part for name, value in {**options, **limits}.items() for part in (f"--{name}", str(value))]
    return [str(PYTHON), "-m", "granian", *listed, "--no-ws", "regio.site.wsgi:application"]


def _worker() -> list[str]:
    return [str(PYTHON), "-m", "regio", "run_jobs"]


def _start(name: str, command: list[str], settings: dict[str, str]) -> Child:
    logs = Path(settings["REGIO_HOME"]) / "logs"
    logs.mkdir(exist_ok=True)
    log = logs / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=settings, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            preexec_fn=_end_with_parent(os.getpid()),
        )  # fmt: skip
    return Child(name, process, log)


def _end_with_parent(parent: int) -> Callable[[], None]:
    """Return what a child does before its program starts: ask Linux to end it when the parent is gone."""

    def ask() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it went before the question was asked
                os._exit(1)

    return ask


def _require_alive(children: list[Child]) -> None:
    for child in children:
        if child.process.poll() is not None:
            raise stop_because(f"Het onderdeel '{child.name}'", child.log.read_text(errors="replace"))


def _wait_for_first_page(children: list[Child], port: int) -> None:
    limit = time.monotonic() + FIRST_PAGE_WITHIN_S
    while time.monotonic() < limit:
        _require_alive(children)
        status = _status_of_start_page(port)
        if status is not None and status < 400:
            return
        if status is not None and status >= 500:
            raise stop_because(f"De startpagina (status {status})", children[0].log.read_text(errors="replace"))
        time.sleep(0.05)
    raise Stop(f"De startpagina kwam niet binnen {FIRST_PAGE_WITHIN_S} s. Kijk in {children[0].log}.")


def _status_of_start_page(port: int) -> int | None:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _announce(site: Site, port: int, took: float, *, with_browser: bool) -> None:
    address = f"http://{HOST}:{port}/"
    say(f"\n{site.title} staat klaar op {address} (in {seconds(took)}). Stop met Ctrl-C.")
    if with_browser:
        threading.Thread(target=_open_browser, args=(address,), daemon=True).start()


def _open_browser(address: str) -> None:
    if not _has_screen() or not webbrowser.open(address):
        say("Er is hier geen browser die vanzelf opent; open het adres zelf.")


def _has_screen() -> bool:
    """Say whether a window can open; without one a browser in text would take over this terminal."""
    return sys.platform == "darwin" or any(
        map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"))
    )


def _watch(children: list[Child]) -> None:
    while True:
        _require_alive(children)
        time.sleep(0.5)


def _end(children: list[Child]) -> None:
    """Ask each child once to end; kill the group of whatever is left after the limit, and of every child that went."""
    ours = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if ours else None  # a second Ctrl-C must not leave orphans
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    limit = time.monotonic() + END_WITHIN_S
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.0, limit - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
    if before is not None:
        signal.signal(signal.SIGINT, before)

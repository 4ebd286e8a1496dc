"""Serving a site: a taken port is said at once, and nothing is left running at the end."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.helpers import CHECKOUT
from tools import serving

# A child that refuses to end, with a child of its own.
STUBBORN = "import signal, os, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork(); print('ready', flush=True); time.sleep(60)"


def start(program: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True)


def group_is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_taken_port_is_said_before_anything_is_installed(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, str(CHECKOUT / "run.py"), "demo", "--no-browser", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "REGIO_HOME": str(tmp_path)})
    assert done.returncode == 2
    assert done.stderr.startswith(f"Poort {port} is bezet of niet toegestaan. Begin zo: python3 run.py demo --port ")
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_cannot_be_is_refused():
    with pytest.raises(serving.Stop, match="Poort 70000 bestaat niet"):
        serving._require_free(70000, command="demo")


def test_a_child_that_refuses_to_end_is_killed_with_its_children_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "END_WITHIN_S", 0.5)
    stubborn, obedient = start(STUBBORN), start("import time; print('ready', flush=True); time.sleep(60)")
    for process in (stubborn, obedient):
        process.stdout.readline()
    started = time.monotonic()
    serving._end([serving.Child("a", stubborn, tmp_path / "a"), serving.Child("b", obedient, tmp_path / "b")])
    assert time.monotonic() - started < 2
    assert obedient.returncode == -15
    assert stubborn.returncode == -9
    assert group_is_gone(obedient.pid)
    stubborn.stdout.read()  # returns when the grandchild has closed its end too
    for process in (stubborn, obedient):
        process.stdout.close()


ABANDONED = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from tools import serving
site = serving.demo_site(serving.Path(sys.argv[2]))
server = serving._start("server", serving._server(int(sys.argv[3])), serving._settings(site))
worker = serving._start("werk", [sys.executable, "-c", "import time; time.sleep(60)"], serving._settings(site))
while serving._status_of_start_page(int(sys.argv[3])) is None:
    time.sleep(0.05)
print(server.process.pid, worker.process.pid, flush=True)
time.sleep(60)
"""


def alive_in(group: int) -> list[str]:
    """Return what runs in a process group, what only waits to be buried left out."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of_group, *_ = path.read_text().rpartition(")")[2].split()
            found += [path.parent.name] if int(of_group) == group and state not in "ZX" else []
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_server_and_worker_end_when_what_started_them_is_killed(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", ABANDONED, str(CHECKOUT), str(tmp_path), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        groups = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(alive_in(groups[0])) >= 1 + serving.WORKERS
        parent.kill()
    limit = time.monotonic() + 10
    while any(map(alive_in, groups)) and time.monotonic() < limit:
        time.sleep(0.05)
    left = [alive_in(group) for group in groups]
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    assert left == [[], []]


def test_a_server_that_dies_ends_the_demo_with_what_it_said(tmp_path):
    log = tmp_path / "server.log"
    log.write_text("regel van de server\n")
    process = start("raise SystemExit(3)")
    process.communicate()
    with pytest.raises(serving.Stop, match="regel van de server"):
        serving._require_alive([serving.Child("server", process, log)])


def test_a_prepared_home_is_not_prepared_again_until_the_code_changes(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(serving, "_run_command", lambda command, site: calls.append(command))
    site = serving.demo_site(tmp_path / "home")
    serving.prepare(site)
    serving.prepare(site)
    assert len(calls) == 1
    monkeypatch.setattr(serving, "_fingerprint_of_code", lambda: "changed")
    serving.prepare(site)
    assert len(calls) == 2


def test_a_preparation_that_fails_is_tried_again(tmp_path, monkeypatch):
    def fail(command, site):
        raise serving.Stop("mislukt")

    site = serving.demo_site(tmp_path / "home")
    monkeypatch.setattr(serving, "_run_command", lambda command, site: None)
    serving.prepare(site)
    monkeypatch.setattr(serving, "_fingerprint_of_code", lambda: "changed")
    monkeypatch.setattr(serving, "_run_command", fail)
    with pytest.raises(serving.Stop):
        serving.prepare(site)
    assert not (tmp_path / "home" / "prepared.stamp").exists()


def test_two_demos_at_once_prepare_the_home_once(tmp_path, monkeypatch):
    calls = []

    def slow(command, site):
        calls.append(command)
        time.sleep(0.2)

    monkeypatch.setattr(serving, "_run_command", slow)
    site = serving.demo_site(tmp_path / "home")
    both = [threading.Thread(target=serving.prepare, args=(site,)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(calls) == 1


def test_the_invented_region_never_meets_a_database_with_real_files(tmp_path, monkeypatch):
    monkeypatch.setenv("REGIO_DATABASE_URL", "postgresql://real")
    assert "REGIO_DATABASE_URL" not in serving._settings(serving.demo_site(tmp_path))
    assert serving._settings(serving.own_site(tmp_path))["REGIO_DATABASE_URL"] == "postgresql://real"
    assert "REGIO_DEMO" not in serving._settings(serving.own_site(tmp_path))


def test_a_home_with_real_files_gets_a_key_of_its_own_that_only_its_owner_reads(tmp_path, monkeypatch):
    monkeypatch.delenv("REGIO_SECRET_KEY", raising=False)
    first = serving._settings(serving.own_site(tmp_path / "a"))["REGIO_SECRET_KEY"]
    assert len(first) >= 50
    assert serving._settings(serving.own_site(tmp_path / "a"))["REGIO_SECRET_KEY"] == first
    assert serving._settings(serving.own_site(tmp_path / "b"))["REGIO_SECRET_KEY"] != first
    assert (tmp_path / "a" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_without_a_screen_the_address_is_for_the_reader_to_open(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    serving._open_browser("http://127.0.0.1:1/")
    assert capsys.readouterr().out == "Er is hier geen browser die vanzelf opent; open het adres zelf.\n"

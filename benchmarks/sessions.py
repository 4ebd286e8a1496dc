"""Measures people at work: 500 who have signed in, ten seconds of thought between two pages, for 120 seconds.

On the invented region, with the settings of an installation on a network (nobody is let in without signing in, two
web processes, one worker), on SQLite and on a temporary PostgreSQL. Each session is a person with a role: planner or
executive of one of the boards, or somebody of the region. They begin on Vandaag and go where the pages lead. Nothing is
warmed: the first pages are made during the measurement. Bars: nothing fails, p95 under 800 ms. The generator runs on
the same machine, so the figures are on the safe side. Ends by itself, also when it is interrupted.
"""

import argparse
import http.client
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST, SITE, REGION = "127.0.0.1", "regio.example", "rpa:91"
BAR_P95_MS = 800
PROCESSES = 2
LINK = re.compile(r'href="(/[^"#]*)"')
NOT_READ = (
    "/static/",
    "/account",
    "/inloggen",
    "/uitloggen",
    "/mensen",
    "/meekijken",
    "/regios/eigen",
    "/logboek",
    "/taken",
    "/samen",
    ".svg",
    ".csv",
    "/ophalen",
)
READS_FIRST = ("/vandaag/", "/", f"/regio/{REGION}/")
FEWEST_PAGES, MOST_PAGES = 20, 60
OWN_BOARD_AMONG = 10  # so many times among the pages to choose from


@dataclass
class Seen:
    """What the sessions noticed: seconds per page, and answers that were no page."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[tuple[str, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, path: str, seconds: float, status: int) -> None:
        """Keep one answer."""
        with self.lock:
            self.took[path].append(seconds)
            if status != 200:
                self.wrong.append((path, status))


def main() -> int:
    """Run it on each database; return 1 where a bar is missed."""
    options = _options()
    results = [_measure(name, options) for name in options.database]
    print(json.dumps(results, indent=1, ensure_ascii=False))
    return int(not all(one["holds"] for one in results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--think", type=float, default=10, help="seconds between two pages")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--database", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--home", type=Path, default=ROOT / "var" / "bench-sessions", help="kept between runs")
    return parser.parse_args()


def _measure(database: str, options: argparse.Namespace) -> dict[str, object]:
    with ExitStack() as stack:
        home = options.home / database
        surroundings = _surroundings(home, stack.enter_context(_postgresql()) if database == "postgresql" else "")
        _say(f"{database}: Regio Voorbeeld wordt klaargezet …")
        _regio(("prepare_demo",), {**surroundings, "REGIO_DEMO": "1", "REGIO_HOSTS": HOST})
        people = _people(options.sessions, surroundings)
        with _serving(port := _free_port(), surroundings):
            pages = _common_pages(port, [cookie for cookie, _ in people])
        server = stack.enter_context(_serving(port := _free_port(), surroundings))  # a new one has kept no page
        _say(f"{database}: {options.sessions} mensen, {options.seconds:.0f} s …")
        load, spent = os.getloadavg()[0], _processor_seconds(server.pid)
        seen = _walk(port, people, pages, options)
        spent = _processor_seconds(server.pid) - spent
    return _report(database, seen, options, load_before=load, server_seconds=spent)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


@contextmanager
def _postgresql() -> Iterator[str]:
    from tools import postgres

    with postgres.running() as address:
        yield address


def _surroundings(home: Path, address: str) -> dict[str, str]:
    home.mkdir(parents=True, exist_ok=True)
    unwanted = ("REGIO_OPEN", "REGIO_DEMO", "REGIO_STATIC", "REGIO_DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {"NUMBA_CACHE_DIR": str(home / "numba")} | kept | {
        "REGIO_HOME": str(home), "REGIO_HOSTS": f"{SITE},{HOST}", "REGIO_PROXIES": "1", "REGIO_SECRET_KEY": "meting" * 10,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **({"REGIO_DATABASE_URL": address} if address else {}),
    }  # fmt: skip


def _regio(arguments: tuple[str, ...], surroundings: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "regio", *arguments], env=surroundings, cwd=ROOT, stdout=subprocess.DEVNULL, check=True
    )


# ------------------------------------------------------------------------------------------------------------ people
def _people(number: int, surroundings: dict[str, str]) -> list[tuple[str, str]]:
    """Make people with roles and open sessions, in a process of its own; return their cookies and organisations."""
    command = [sys.executable, str(Path(__file__)), "--make-people", str(number)]
    done = subprocess.run(command, env=surroundings, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"De mensen konden niet worden gemaakt: {done.stderr[-800:]}")
    return [(cookie, organisation) for cookie, organisation in json.loads(done.stdout)]


def _make_people(number: int) -> None:
    """Write the cookies of so many signed-in people, who took the second step, to standard output."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "regio.site.settings"
    import django

    django.setup()
    from django.db import transaction

    from regio.regions.queries import board_codes_in

    boards = sorted(board_codes_in(REGION))
    roles = [(role, f"bestuur:{code}") for code in boards for role in ("board_planner", "board_executive")]
    roles += [(role, f"regio:{REGION}") for role in ("programme_manager", "region_admin", "privacy_officer")]
    with transaction.atomic():
        print(json.dumps([_signed_in(index, *roles[index % len(roles)]) for index in range(number)]))


def _signed_in(index: int, role: str, organisation: str) -> tuple[str, str]:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from regio.accounts.models import Membership, Person

    email = f"meting{index}@voorbeeld.example"
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(email)
    kind, _, code = organisation.partition(":")
    Membership.objects.get_or_create(
        person=person, role=role, organisation_kind=kind, organisation_code=code, defaults={"starts_on": "2026-01-01"}
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; regio={REGION}", organisation


# ------------------------------------------------------------------------------------------------------------ server
@contextmanager
def _serving(port: int, surroundings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server and the worker as an installation does; leave no process behind."""
    server = ["-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", str(PROCESSES),
              "--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "3", "--log-level", "warning", "regio.site.wsgi:application"]  # fmt: skip
    log = (Path(surroundings["REGIO_HOME"]) / "meting.log").open("ab")
    options = {"env": surroundings, "cwd": ROOT, "stdout": log, "stderr": log, "start_new_session": True}
    children = [
        subprocess.Popen([sys.executable, *command], **options) for command in (server, ["-m", "regio", "run_jobs"])
    ]
    try:
        _wait(port)
        yield children[0]
    finally:
        for child in children:
            _end(child)
        log.close()


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(port: int, patience_s: float = 60) -> None:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            if _get(http.client.HTTPConnection(HOST, port, timeout=5), "/", "", 0)[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("De server gaf geen eerste pagina.")


def _processor_seconds(pid: int) -> float:
    """Return what the server and its processes spent so far [s]."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == pid:  # its group
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------------------------------------------------- sessions
def _get(connection: http.client.HTTPConnection, path: str, cookie: str, number: int) -> tuple[int, bytes]:
    connection.request("GET", path, headers={
        "Host": SITE, "Cookie": cookie, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip",
        "X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}",
    })  # fmt: skip
    answer = connection.getresponse()
    return answer.status, answer.read()


def _common_pages(port: int, cookies: list[str]) -> list[str]:
    """Return the pages that some of the people, in different roles, all come upon."""
    found = [_collect(port, cookie) for cookie in cookies[:: max(1, len(cookies) // 6)]]
    return [path for path in found[0] if all(path in pages for pages in found)]


def _collect(port: int, cookie: str) -> list[str]:
    """Return the pages that one person comes upon from the first screens."""
    import gzip

    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    queue, pages = list(READS_FIRST), []
    while queue and len(pages) < MOST_PAGES:
        path = queue.pop(0)
        status, body = _get(connection, path, cookie, 0)
        if status != 200:
            continue
        pages.append(path)
        text = (
            (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode(errors="replace").replace("&amp;", "&")
        )
        queue += [found for found in dict.fromkeys(LINK.findall(text)) if _is_new(found, pages, queue)]
    if len(pages) < FEWEST_PAGES:
        raise SystemExit(f"Er zijn maar {len(pages)} pagina's gevonden; er is iets mis met het klaarzetten.")
    return pages


def _is_new(found: str, pages: list[str], queue: list[str]) -> bool:
    return found not in pages and found not in queue and not any(part in found for part in NOT_READ)


def _walk(port: int, people: list[tuple[str, str]], pages: list[str], options: argparse.Namespace) -> Seen:
    seen, end = Seen(), time.monotonic() + options.seconds
    threading.stack_size(256 * 1024)
    threads = []
    for number, (cookie, organisation) in enumerate(people):
        kind, _, code = organisation.partition(":")
        own = [f"/regio/{REGION}/bestuur/{code}/"] * OWN_BOARD_AMONG if kind == "bestuur" else []
        asked = (port, number, cookie, [*pages, *own], seen, end, options.think)
        threads.append(threading.Thread(target=_session, args=asked))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def _session(port: int, number: int, cookie: str, pages: list[str], seen: Seen, end: float, think: float) -> None:
    choose = random.Random(number)
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    ahead = list(READS_FIRST)
    time.sleep(choose.uniform(0, think))
    while time.monotonic() < end:
        path = ahead.pop(0) if ahead else choose.choice(pages)
        began = time.perf_counter()
        try:
            status, _ = _get(connection, path, cookie, number)
        except (OSError, http.client.HTTPException):
            status, connection = 0, http.client.HTTPConnection(HOST, port, timeout=30)
        seen.note(path, time.perf_counter() - began, status)
        time.sleep(think)


def _report(
    database: str, seen: Seen, options: argparse.Namespace, *, load_before: float, server_seconds: float
) -> dict[str, object]:
    every = sorted(1000 * value for values in seen.took.values() for value in values)
    p95 = every[int(0.95 * len(every))]
    slowest = sorted(seen.took, key=lambda path: -statistics.median(seen.took[path]))[:5]
    return {
        "database": database, "sessions": options.sessions, "think_s": options.think, "seconds": options.seconds,
        "requests": len(every), "requests_per_s": round(len(every) / options.seconds, 1), "no_page": len(seen.wrong),
        "first_wrong": seen.wrong[:5], "p50_ms": round(statistics.median(every), 1), "p95_ms": round(p95, 1),
        "p99_ms": round(every[int(0.99 * len(every))], 1), "max_ms": round(every[-1], 1), "pages": len(seen.took),
        "slowest_pages_median_ms": {path: round(1000 * statistics.median(seen.took[path]), 1) for path in slowest},
        "server_cpu_ms_per_request": round(1000 * server_seconds / len(every), 1), "load_before": round(load_before, 2),
        "load_after": round(os.getloadavg()[0], 2), "processors": os.cpu_count(), "holds": not seen.wrong and p95 < BAR_P95_MS,
    }  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make-people"]:
        _make_people(int(sys.argv[2]))
    else:
        sys.exit(main())

"""Keeping it running: health, version, a log without anybody in it, settings that are written down and safe."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone

from regio.accounts.enums import Role
from regio.accounts.viewer import Held, Viewer
from regio.shared import jobs, schedule
from regio.shared.life import sign_of_life
from regio.shared.models import Job
from regio.shared.visitors import address_of
from regio.site import health, logs
from regio.site.operation import _commit_of, commit, health_page
from tests.helpers import CHECKOUT, SOURCE

ADDRESS, NAME, ASKED = "jantje.planter@school.example", "Jantje Planter", "q=hypotheek"


# ------------------------------------------------------------------------------------------------------------- health
@pytest.fixture
def healthy(transactional_db, monkeypatch, settings):
    settings.OPEN = False
    monkeypatch.setattr(health, "LITTLE_SPACE_BYTES", 1)
    monkeypatch.setattr(health, "NO_SPACE_BYTES", 0)
    with sign_of_life():
        yield


def ask(client, **headers):
    answer = client.get("/gezondheid", headers=headers)
    return answer.status_code, answer.json()


def test_a_stranger_hears_whether_it_works_and_nothing_else(healthy, client):
    assert ask(client) == (200, {"status": "goed"})
    assert ask(client, authorization="Bearer raad") == (200, {"status": "goed"})


@override_settings(HEALTH_TOKEN="geheim")
def test_a_monitor_reads_why(healthy, client):
    status, told = ask(client, authorization="Bearer geheim")
    assert status == 200
    assert set(told["onderdelen"]) == {"database", "schijf", "werkproces", "rij", "vanzelf", "browsers"}
    assert ask(client, authorization="Bearer geheimer") == (200, {"status": "goed"})


@pytest.mark.parametrize(("role", "reads"), [(Role.SUPPORT, True), (Role.BOARD_PLANNER, False)])
def test_support_reads_why_and_a_planner_does_not(healthy, rf, role, reads):
    request = rf.get("/gezondheid")
    request.viewer = Viewer(person_id=1, held=(Held(role, "installatie:"),))
    assert ("onderdelen" in json.loads(health_page(request).content)) is reads


def test_without_a_worker_somebody_must_look(transactional_db, client, monkeypatch):
    assert health.look(now=timezone.now())["werkproces"].status == "let op"
    assert ask(client)[1]["status"] in ("let op", "stuk")  # a nearly full disk of this computer is graver


def test_a_database_that_does_not_answer_is_a_503(healthy, client):
    def away(*_):
        raise OperationalError("jantje.planter@school.example")

    with connection.execute_wrapper(away):
        assert ask(client) == (503, {"status": "stuk"})


def test_a_full_disk_is_broken(healthy, monkeypatch):
    monkeypatch.setattr(health, "NO_SPACE_BYTES", 10**18)
    assert health.look(now=timezone.now())["schijf"].status == "stuk"


def test_late_work_and_a_long_queue_show(healthy, frozen_clock, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(schedule, "installed_at", lambda: now - timedelta(days=30))
    late = health.look(now=now)["vanzelf"]
    assert (late.status, "Het logboek narekenen" in late.words) == ("let op", True)
    job = jobs.enqueue(kind="logboek", label="x", arguments={}, owner="", now=now - timedelta(hours=2))
    assert health.look(now=now)["rij"].words == "1 taken wachten langer dan een uur"
    Job.objects.filter(pk=job.pk).update(not_before=now + timedelta(hours=1))
    assert health.look(now=now)["rij"].status == "goed"


# ------------------------------------------------------------------------------------------ version and security.txt
def test_the_version_is_that_of_the_package_and_of_the_checkout(client):
    told = client.get("/versie").json()
    declared = re.search(r'^version = "(.+)"', (CHECKOUT / "pyproject.toml").read_text(), re.MULTILINE)
    assert told == {"versie": declared[1], "commit": commit() or None}
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True)
    if head.returncode == 0:
        assert re.fullmatch("[0-9a-f]{40}", commit())


def test_a_commit_is_read_from_loose_packed_and_detached_heads(tmp_path):
    (tmp_path / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "packed-refs").write_text("# pack-refs\naaaa refs/heads/other\nbbbb refs/heads/main\n")
    assert _commit_of(tmp_path) == "bbbb"
    (tmp_path / "refs" / "heads").mkdir(parents=True)
    (tmp_path / "refs" / "heads" / "main").write_text("cccc\n")
    assert _commit_of(tmp_path) == "cccc"
    (tmp_path / "HEAD").write_text("dddd\n")
    assert _commit_of(tmp_path) == "dddd"
    assert _commit_of(tmp_path / "none") == ""


def test_who_finds_a_weakness_reads_where_to_tell(client, frozen_clock):
    assert client.get("/.well-known/security.txt").status_code == 404
    with override_settings(SECURITY_CONTACT="mailto:veilig@regio.example"):
        text = client.get("/.well-known/security.txt").content.decode()
    assert text.splitlines() == [
        "Contact: mailto:veilig@regio.example", "Expires: 2027-05-19T00:00:00Z", "Preferred-Languages: nl, en",
        "Canonical: http://testserver/.well-known/security.txt",
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------------------- log
@pytest.fixture
def log(monkeypatch):
    """The lines of the log, written as a server writes them."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    root, ours = logging.getLogger(), logging.getLogger("regio.request")
    root.addHandler(handler)
    before = ours.level
    ours.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    ours.setLevel(before)


def test_one_request_is_one_line_with_its_number(client, log, db):
    answer = client.get("/versie")
    (line,) = [line for line in log() if line["logger"] == "regio.request"]
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["method"], line["page"], line["status"]) == ("GET", "version", 200)
    assert set(line) == {"at", "level", "logger", "message", "request_id", "method", "page", "status", "took_ms"}


def test_no_address_name_or_question_gets_into_the_log(client, log, db):
    client.raise_request_exception = False
    client.get(f"/bronnen/?{ASKED}&naam={NAME}")
    client.get(f"/bestaat-niet/{ADDRESS}/?{ASKED}")
    client.get("/", headers={"host": ADDRESS})
    client.post("/bronnen/ophalen/", {"naam": NAME, "adres": ADDRESS})
    client.post("/inloggen/", {"login": ADDRESS})
    client.get(f"/binnen/{NAME}/")
    logging.getLogger("vreemd.pakket").error("kan %s niet bereiken", ADDRESS)
    logging.getLogger("vreemd.pakket").error(f"kan {ADDRESS} niet bereiken op https://elders.example/x?{ASKED}")
    try:
        raise ValueError(f"Key (email)=({ADDRESS}) of {NAME} already exists")
    except ValueError:
        logging.getLogger("regio.shared").exception("import failed")
    text = json.dumps(log(), ensure_ascii=False)
    assert len(log()) >= 9
    for planted in (ADDRESS, NAME, "Jantje", "hypotheek", "planter"):
        assert planted not in text
    trouble = log()[-1]
    assert trouble["exception"] == "ValueError"
    assert trouble["where"][-1].endswith("test_no_address_name_or_question_gets_into_the_log")


# ---------------------------------------------------------------------------------------------------------- settings
VARIABLE = re.compile(r"REGIO_[A-Z_]*[A-Z]")
QUOTED = re.compile(rf'"({VARIABLE.pattern})"')


def test_every_setting_is_written_down_and_nothing_else():
    code = [*SOURCE.rglob("*.py"), *(CHECKOUT / "tools").rglob("*.py"), CHECKOUT / "run.py"]
    used = {name for path in code for name in QUOTED.findall(path.read_text(encoding="utf-8"))}
    page = (CHECKOUT / "docs" / "nl" / "beheer.md").read_text(encoding="utf-8")
    rows = {
        name
        for line in page.splitlines()
        if line.startswith("| `REGIO_")
        for name in VARIABLE.findall(line.split("|")[1])
    }
    assert rows == used


def product(program: str, tmp_path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGIO_", "DJANGO_"))}
    surroundings = {
        "REGIO_HOME": str(tmp_path),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "regio.site.settings",
    }
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env={**kept, **surroundings, **settings}, capture_output=True, text=True)


CHECK = "import django; django.setup()\nfrom django.core.management import call_command as c\nc('check', deploy=True, fail_level='INFO')"
SAFE = {
    "REGIO_SECRET_KEY": "Kx9-Qw7_" * 8, "REGIO_HOSTS": "regio.example", "REGIO_PROXIES": "1", "REGIO_MAIL_HOST": "mail.example",
    "REGIO_MAIL_FROM": "regio@regio.example", "REGIO_SECURITY_CONTACT": "mailto:veilig@regio.example",
}  # fmt: skip


def test_the_settings_of_production_pass_the_check(tmp_path):
    done = product(CHECK, tmp_path, **SAFE)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_check_would_fail_with_the_key_of_the_demo(tmp_path):
    done = product(CHECK, tmp_path, **{**SAFE, "REGIO_SECRET_KEY": "kort"})
    assert done.returncode != 0
    assert "security.W009" in done.stderr


def test_the_check_names_what_an_administrator_forgot(tmp_path):
    done = product(CHECK, tmp_path, REGIO_SECRET_KEY=SAFE["REGIO_SECRET_KEY"])
    assert done.returncode != 0
    assert [f"regio.W00{number}" in done.stderr for number in range(1, 6)] == [True] * 5


def test_a_server_does_not_start_with_the_key_that_everybody_knows(tmp_path):
    start = "import regio.site.wsgi"
    for key in ({}, {"REGIO_SECRET_KEY": "kort"}):
        done = product(start, tmp_path, REGIO_HOSTS="regio.example", **key)
        assert "REGIO_SECRET_KEY ontbreekt" in done.stderr
    assert product(start, tmp_path, **SAFE).returncode == 0
    assert product(start, tmp_path, REGIO_OPEN="1").returncode == 0


ANSWER = """
import django; django.setup()
from django.test import Client
plain = Client().get("/versie", headers={"host": "regio.example"})
safe = Client().get("/versie", headers={"host": "regio.example", "x-forwarded-proto": "https"})
form = Client().get("/inloggen/", headers={"host": "regio.example", "x-forwarded-proto": "https"})
print(plain.status_code, plain["Location"], safe.status_code, dict(safe.headers))
print(sorted((name, bool(one["secure"]), bool(one["httponly"]), one["samesite"]) for name, one in form.cookies.items()))
"""


def test_answers_in_production_carry_safe_headers_and_cookies(tmp_path):
    made = product(
        "import django; django.setup()\nfrom django.core.management import call_command as c\nc('migrate', verbosity=0)",
        tmp_path,
        **SAFE,
    )
    assert made.returncode == 0, made.stderr
    done = product(ANSWER, tmp_path, REGIO_STATIC="plain", **SAFE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("301 https://regio.example/versie 200")
    for header in (
        "'Strict-Transport-Security': 'max-age=31536000; includeSubDomains'", "'X-Content-Type-Options': 'nosniff'",
        "'Referrer-Policy': 'same-origin'", "'Cross-Origin-Opener-Policy': 'same-origin'", "'X-Frame-Options': 'DENY'",
        "default-src 'none'",
    ):  # fmt: skip
        assert header in done.stdout
    cookies = done.stdout.strip().splitlines()[-1]
    assert "('csrftoken', True, True, 'Lax')" in cookies
    assert "False" not in cookies


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),  # nobody of ours wrote it
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),  # the first part was invented by the visitor
        (2, "198.51.100.7, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),  # did not come through both
        (1, "<script>", ""),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_computer_of_a_visitor_is_told_by_trusted_proxies_only(rf, proxies, forwarded, address):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded})
    with override_settings(TRUSTED_PROXIES=proxies):
        assert address_of(request) == address

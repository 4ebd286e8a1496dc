"""The demo: personas by one press, on this computer alone; and an open installation that refuses to be offered."""

import os
import socket
import subprocess
import sys
import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from regio.accounts.enums import GIVEN_ROLES
from regio.accounts.loopback import check_hosts, comes_from_here, is_loopback
from regio.accounts.models import Person
from regio.accounts.personas import PERSONAS
from tests.helpers import CHECKOUT

pytestmark = pytest.mark.django_db


def test_there_is_a_persona_for_each_role_that_is_given():
    assert {persona.role for persona in PERSONAS} == set(GIVEN_ROLES)
    assert all(persona.email.endswith(".example") for persona in PERSONAS)


def test_one_press_makes_a_visitor_somebody_else(client, settings):
    settings.DEMO = settings.OPEN = True
    assert "Kijk mee" in client.get("/ontwerp/").content.decode()
    for _ in range(2):
        assert client.post("/kijk-mee/", {"persona": "puck"})["Location"] == "/vandaag/"
    page = client.get("/ontwerp/").content.decode()
    assert "U kijkt mee als <b>Puck Verzonnen</b>, een verzonnen persoon" in page
    assert client.get("/account/").context["roles"][0].organisation == "bestuur:90001"  # without a second step
    client.post("/kijk-mee/", {"persona": "bram"})
    assert "Bram Bedacht" in client.get("/ontwerp/").content.decode()
    client.post("/kijk-mee/stop/")
    assert "U kijkt mee als" not in client.get("/ontwerp/").content.decode()
    assert Person.objects.count() == 2


def test_an_unknown_persona_changes_nothing(client, settings):
    settings.DEMO = settings.OPEN = True
    assert client.post("/kijk-mee/", {"persona": "koning"}).status_code == 200
    assert not Person.objects.exists()


def test_outside_the_demo_there_are_no_personas(client, settings):
    for is_open in (False, True):
        settings.OPEN = is_open
        assert client.get("/kijk-mee/").status_code == 404
        assert client.post("/kijk-mee/", {"persona": "puck"}).status_code == 404
        assert client.post("/kijk-mee/stop/").status_code == 404


@pytest.mark.parametrize(
    ("meta", "here"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, True),
        ({"REMOTE_ADDR": "127.8.9.1"}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "192.168.1.20"}, False),
        ({"REMOTE_ADDR": "::ffff:10.0.0.1"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.113.7"}, False),
    ],
)
def test_an_open_installation_answers_this_computer_alone(client, settings, meta, here):
    assert comes_from_here(meta) is here
    settings.OPEN = True
    assert client.get("/ontwerp/", **meta).status_code == (200 if here else 403)
    settings.OPEN = False
    assert client.get("/ontwerp/", **meta).status_code == 200


def test_an_open_installation_serves_no_other_name():
    check_hosts(["localhost", "127.0.0.1", "[::1]"])
    with pytest.raises(ImproperlyConfigured, match=r"regio\.example"):
        check_hosts(["localhost", "regio.example"])
    assert not is_loopback("*")
    assert not is_loopback(".localhost.example")


@pytest.mark.parametrize("setting", ["REGIO_DEMO", "REGIO_OPEN"])
def test_the_server_refuses_to_start_open_on_another_address(tmp_path, setting):
    printed, answered = started(tmp_path, "0.0.0.0", {setting: "1"})
    assert "De server luistert op: 0.0.0.0" in printed
    assert not answered


def test_the_server_starts_open_on_this_computer(tmp_path):
    printed, answered = started(tmp_path, "127.0.0.1", {"REGIO_OPEN": "1"})
    assert answered, printed


def started(home, host, settings):
    """Start the real server; return what it printed and whether it answered within ten seconds."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    surroundings = {**os.environ, "REGIO_HOME": str(home), "PYTHONPATH": str(CHECKOUT / "src"), **settings}
    surroundings.pop("DJANGO_SETTINGS_MODULE", None)
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1",
        "--workers-kill-timeout", "2", "--no-ws", "regio.site.wsgi:application",
    ]  # fmt: skip
    log = home / "server.log"
    with log.open("w") as output, subprocess.Popen(command, env=surroundings, stdout=output, stderr=output) as server:
        try:
            answered = answers(server, port)
        finally:
            server.terminate()
    return log.read_text(), answered


def answers(server, port):
    import http.client

    limit = time.monotonic() + 10
    while time.monotonic() < limit and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/robots.txt")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    return False

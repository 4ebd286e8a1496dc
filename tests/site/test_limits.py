"""Limits hold over several workers, in layers; what browsers report is counted and floods nothing."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, override_settings

from regio.accounts.models import Person
from regio.shared.limits import Limit, old_counts, within
from regio.shared.models import PolicyReport, RateCount
from regio.site import limiting, policy

NOW = datetime(2026, 11, 20, 9, 0, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_a_limit_lets_through_so_many_and_tells_how_long_to_wait():
    waits = [within("a", [Limit(3, 60)], now=NOW) for _ in range(5)]
    assert waits == [0, 0, 0, 30, 30]
    assert within("b", [Limit(3, 60)], now=NOW) == 0
    assert within("a", [Limit(3, 60)], now=NOW + timedelta(seconds=30)) == 0


def test_the_hour_holds_where_each_minute_is_within_its_limit():
    limits = [Limit(2, 60), Limit(3, 3600)]
    waits = [within("a", limits, now=NOW + timedelta(minutes=minute)) for minute in range(5)]
    assert [wait > 0 for wait in waits] == [False, False, False, True, True]


def test_the_table_names_nobody():
    within("person:7 192.0.2.1", [Limit(1, 60)], now=NOW)
    row = RateCount.objects.get()
    assert (len(row.name), "192" in row.name, "7 " in row.name) == (64, False, False)


def test_old_counts_are_thrown_away():
    for age in (0, 23, 25):
        within("a", [Limit(1, 60)], now=NOW - timedelta(hours=age))
    assert old_counts(now=NOW) == 1
    assert RateCount.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_workers_that_count_at_once_let_through_no_more():
    """Ten workers with a connection each, a hundred tries, twenty allowed."""
    passed, start = [], threading.Barrier(10)

    def worker():
        start.wait()
        passed.extend(within("a", [Limit(20, 60)], now=NOW) == 0 for _ in range(10))
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), sum(passed), RateCount.objects.get().number) == (100, 20, 100)


# ------------------------------------------------------------------------------------------------- requests
@pytest.fixture
def narrow(monkeypatch, frozen_clock):
    monkeypatch.setattr(limiting, "PER_COMPUTER", (Limit(5, 10), Limit(8, 600)))
    monkeypatch.setattr(limiting, "PER_PERSON", (Limit(2, 60),))
    return frozen_clock


def test_who_changes_too_often_waits_and_who_reads_does_not(narrow):
    request_waits = [limiting.wait_for(posted("192.0.2.1")) for _ in range(6)]
    assert [wait > 0 for wait in request_waits] == [False] * 5 + [True]
    narrow.move(seconds=10)
    assert [limiting.wait_for(posted("192.0.2.1")) > 0 for _ in range(4)] == [False] * 3 + [True]  # ten minutes
    assert limiting.wait_for(posted("192.0.2.2")) == 0
    assert limiting.wait_for(posted("192.0.2.1", method="GET")) == 0


def posted(address, *, user=None, method="POST", **headers):
    from django.test import RequestFactory

    request = RequestFactory().generic(method, "/", REMOTE_ADDR=address, headers=headers)
    request.resolver_match = None
    request.user = user or AnonymousUser()
    return request


def test_a_person_has_a_limit_of_their_own_on_whatever_computer(narrow):
    ada, ben = (Person.objects.create_user(f"{name}@school.example") for name in ("ada", "ben"))
    waits = [limiting.wait_for(posted(f"192.0.2.{number}", user=ada)) for number in range(3)]
    assert [wait > 0 for wait in waits] == [False, False, True]
    assert limiting.wait_for(posted("192.0.2.9", user=ben)) == 0


def test_keys_cannot_be_guessed(narrow):
    limit = limiting.GUESSES_OF_A_KEY[0].times
    waits = [limiting.wait_for(posted("192.0.2.1", method="GET", authorization="Bearer x")) for _ in range(limit + 1)]
    assert [wait > 0 for wait in waits] == [False] * limit + [True]


def test_an_invented_header_is_no_other_computer(narrow):
    waits = [limiting.wait_for(posted("10.0.0.1", **{"x-forwarded-for": f"192.0.2.{n}"})) for n in range(6)]
    assert waits[-1] > 0
    with override_settings(TRUSTED_PROXIES=1):
        assert limiting.wait_for(posted("10.0.0.1", **{"x-forwarded-for": "192.0.2.77"})) == 0


def test_the_answer_is_a_page_that_says_what_to_do(client, monkeypatch):
    monkeypatch.setattr(limiting, "PER_COMPUTER", (Limit(0, 60),))
    answer = client.post("/inloggen/", {"login": "ada@school.example"})
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "te vaak achter elkaar" in answer.content.decode()
    assert client.get("/inloggen/").status_code == 200


def test_a_hundred_and_fifty_schools_behind_one_address_can_work():
    """Four presses per school within ten minutes, twenty within an hour: more than an ordinary day asks."""
    minutes, hour = limiting.PER_COMPUTER[1:]
    assert (minutes.seconds, hour.seconds) == (600, 3600)
    assert (minutes.times // 150, hour.times // 150) == (4, 20)


# ---------------------------------------------------------------------------------------------- content policy
OLD = {
    "csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "https://kwaad.example/x.js?naam=Jantje"}
}
NEW = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src", "blockedURL": "inline"}}]


def report(client, told, kind="application/csp-report"):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return client.generic("POST", policy.PATH, body, content_type=kind).status_code


def test_both_forms_of_a_report_are_counted_per_day_without_what_was_asked():
    client = Client(enforce_csrf_checks=True)
    assert [report(client, OLD), report(client, OLD), report(client, NEW, "application/reports+json")] == [204] * 3
    rows = PolicyReport.objects.order_by("directive").values_list("directive", "blocked", "number")
    assert list(rows) == [("img-src", "inline", 1), ("script-src-elem", "https://kwaad.example", 2)]
    assert policy.reported_today() == 3


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"7", b'"x"', b"[" * 5000, b'{"csp-report": 7}', b'[{"type": "csp-violation"}]', b"\xff\xfe",
     b'{"csp-report": {"effective-directive": "<b>", "blocked-uri": "inline"}}',
     b'{"csp-report": {"effective-directive": "img-src", "blocked-uri": "http://[x"}}',
     b'{"csp-report": {"effective-directive": "img-src", "blocked-uri": "a b\\n<script>"}}'],
)  # fmt: skip
def test_whatever_is_sent_changes_nothing_and_breaks_nothing(client, body):
    assert report(client, body) == 204
    assert not PolicyReport.objects.exists()


def test_a_flood_of_reports_fills_no_table_and_no_log(client, monkeypatch, caplog):
    monkeypatch.setattr(policy, "MOST_KINDS_A_DAY", 5)
    answers = [
        report(client, {"csp-report": {"effective-directive": "img-src", "blocked-uri": f"https://h{number}.example/"}})
        for number in range(40)
    ]
    assert (answers.count(204), answers.count(429)) == (30, 10)
    assert PolicyReport.objects.count() == 5
    assert [record for record in caplog.records if record.levelname != "INFO" and "policy" in record.name] == []
    assert report(client, b"x" * (policy.LARGEST_BYTES + 1)) == 413


def test_every_page_names_where_to_report(client):
    answer = client.get("/ontwerp/")
    assert "report-uri /csp-melding" in answer["Content-Security-Policy"]
    assert "report-to meldingen" in answer["Content-Security-Policy"]
    assert answer["Reporting-Endpoints"] == 'meldingen="/csp-melding"'

"""The trail: written with the change or not at all, whole or seen to be broken, and silent about persons."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from regio.audit.acting import Acting, acting_as
from regio.audit.actions import record, record_view
from regio.audit.kinds import register_kinds
from regio.audit.models import ChainHead, Event
from regio.audit.queries import check_chain, events_about, events_by, views_of
from regio.shared import jobs

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
register_kinds("proef", {"gedaan": "Er is iets gedaan", "bekeken": "Er is iets bekeken"})


def write(number: int, **more):
    more = {"subject": "ding:1", "heading": f"Ding {number} is gedaan.", **more}
    return record("proef.gedaan", now=NOW + timedelta(minutes=number), **more)


@pytest.fixture
def five(db):
    return [write(number) for number in range(5)]


def test_an_untouched_trail_is_whole(five):
    assert check_chain().is_whole
    assert check_chain().events == 5


def test_no_trail_at_all_is_whole(db):
    assert check_chain().is_whole


@pytest.mark.parametrize("field", ["heading", "actor", "kind", "subject", "organisation", "reason", "at", "details"])
def test_a_changed_event_is_found(five, field):
    other = {"at": NOW - timedelta(days=1), "details": {"fte": 3}}.get(field, "iets anders")
    Event.objects.filter(pk=five[2].pk).update(**{field: other})
    assert check_chain().broken_at == five[2].pk


def test_a_removed_event_is_found(five):
    five[2].delete()
    assert check_chain().broken_at == five[3].pk


def test_a_cut_off_end_is_found(five):
    Event.objects.filter(pk__gte=five[3].pk).delete()
    assert (check_chain().is_whole, check_chain().missing) == (False, 2)


def test_an_end_that_was_written_anew_is_found(five):
    """Who replaces the last event must also know the end of the chain."""
    ChainHead.objects.update(hash="f" * 64)
    assert not check_chain().is_whole


def test_an_event_that_was_put_in_is_found(five):
    Event.objects.create(
        at=NOW, kind="proef.gedaan", actor="x", subject="ding:2", heading="Nooit gebeurd.", hash="0" * 64
    )
    assert not check_chain().is_whole


def test_the_event_goes_when_the_change_goes(db):
    def change_that_fails():
        with transaction.atomic():
            write(1)
            raise LookupError

    with pytest.raises(LookupError):
        change_that_fails()
    assert Event.objects.count() == 0
    write(2)
    assert check_chain().is_whole


def test_a_kind_nobody_registered_is_refused(db):
    with pytest.raises(KeyError):
        record("proef.getypt", subject="ding:1", heading="Een tikfout.", now=NOW)
    assert Event.objects.count() == 0


def test_who_works_is_on_every_event(db):
    with acting_as(Acting(actor="persoon:7", on_behalf_of="persoon:3", reason="vraag van de school", request_id="abc")):
        inside = write(1)
    outside = write(2)
    assert (inside.actor, inside.on_behalf_of, inside.reason, inside.request_id) == (
        "persoon:7", "persoon:3", "vraag van de school", "abc",
    )  # fmt: skip
    assert outside.actor == "opdracht"
    assert list(events_by("persoon:3")) == list(events_by("persoon:7")) == [inside]


def test_who_looked_is_told_apart_from_who_changed(db):
    changed = write(1)
    with acting_as(Acting(actor="persoon:7")):
        looked = record_view(
            "proef.bekeken", subject="ding:1", heading="Ding 1 is bekeken.", now=NOW + timedelta(hours=1)
        )
    assert list(events_about("ding:1")) == [looked, changed]
    assert list(views_of("ding:1")) == [looked]


def test_the_command_says_what_it_found(five, capsys):
    call_command("audit")
    assert capsys.readouterr().out == "Het logboek is heel: 5 gebeurtenissen.\n"
    Event.objects.filter(pk=five[1].pk).update(heading="anders")
    with pytest.raises(CommandError, match=f"bij gebeurtenis {five[1].pk}: 1 gebeurtenissen passen"):
        call_command("audit")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_chain():
    write(0)
    failures = []

    def work(start):
        try:
            for number in range(start, start + 10):
                write(number)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(100 * number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (check_chain().is_whole, check_chain().events) == (True, 21)


def test_the_nightly_check_fails_where_somebody_changed_the_trail(five):
    def check_tonight():
        job = jobs.enqueue(kind="logboek", label="Logboek", arguments={}, owner="", now=NOW)
        return jobs.run(jobs.claim(job.pk, now=timezone.now()))

    assert check_tonight().message == "Het logboek is heel: 5 gebeurtenissen."
    Event.objects.filter(pk=five[2].pk).update(actor="persoon:99")
    found = check_tonight()
    assert (found.state, found.message.split(".")[0]) == ("mislukt", "Het logboek klopt niet")

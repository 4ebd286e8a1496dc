"""The copy of the own data, and erasure: complete by construction, tried with a marker in every personal field."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection

from regio.accounts.erasure import NOTED, erase_again, erase_person, noted, what_erasing_does
from regio.accounts.models import Membership, Person
from regio.accounts.queries import subject_of
from regio.audit.models import Event
from regio.shared.models import Job
from regio.shared.person_rows import SECRET, copy_of, tables_of_people
from regio.shared.personal_data import personal_tables
from tests.factories import markers, people

pytestmark = pytest.mark.django_db
OF_BOARDS = {"StaffMember", "ImportFinding"}  # the product does not know whose these are
CONTENT = {"Event"}  # a number that points at nobody any more; what it says is tested in test_leaks


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


def dump():
    """Return every value of every table, as text."""
    said = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            said[table] = " ".join(str(value) for row in cursor.fetchall() for value in row).lower()
    said["django_session"] = str([session.get_decoded() for session in Session.objects.all()])
    return said


def test_every_personal_field_is_in_the_copy_or_named_secret():
    person, planted = markers.plant()
    _stranger, others = markers.plant(2)
    copy = json.dumps(copy_of(subject_of(person)), default=str)
    secret = {(model.__name__, name) for model, labels in personal_tables() for name in labels.secret}
    missing = {where for marker, where in planted.items() if marker not in copy}
    assert missing - secret == {where for where in planted.values() if where[0] in OF_BOARDS}
    assert set(missing & secret) == {("Person", "password"), ("Authenticator", "data"), ("UserSession", "session_key"), ("Session", "session_data")}  # fmt: skip
    assert [marker for marker, where in others.items() if marker in copy] == []
    assert SECRET in copy
    assert len(planted) > 15


def test_every_table_that_could_name_a_person_says_whose_its_rows_are():
    """A new table with a person in it, or with a personal field, comes into the copy and into erasure, or fails here."""
    for _model, labels in personal_tables():
        told = (labels.title, labels.whose, labels.erase in ("row", "blank", "keep"), labels.terms)
        assert all(told), f"{labels.table}: personal_data.yaml lacks title, whose, erase or terms"
        assert (labels.erase == "keep") == bool(labels.kept_because), labels.table
        assert (labels.erase == "blank") == bool(labels.blank), labels.table
    pointing = {
        model for model in apps.get_models() for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Person
    }  # fmt: skip
    assert pointing <= {model for model, _ in tables_of_people()}
    titles = [labels.title for _, labels in personal_tables()]
    assert len(titles) == len(set(titles))


def test_erasing_somebody_reaches_every_table_and_every_file(home, django_capture_on_commit_callbacks):
    person, planted = markers.plant()
    stranger, others = markers.plant(2)
    for folder, address in (("mail", person.email), ("post/new", person.email), ("mail", stranger.email)):
        path = home / folder / f"{address}.eml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"From: Iemand <{address}>\nTo: regio\n\nzq900merk {address}")
    fates, named = what_erasing_does(person)
    before = dump()
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person, reason="verzoek", now=markers.NOW)
    left = {where for marker, where in planted.items() for table in dump().values() if marker in table}
    assert left == {where for where in planted.values() if where[0] in OF_BOARDS | CONTENT}
    assert [marker for marker in others if not any(marker in table for table in dump().values())] == []
    assert not Person.objects.filter(pk=person.pk).exists()
    assert person.email not in "".join(dump().values())
    files = [path for path in home.rglob("*") if path.is_file()]
    assert [path for path in files if person.email in path.read_text() or person.email in path.name] == []
    assert any(stranger.email in path.name for path in files)
    assert before != dump()
    event = Event.objects.get(kind="accounts.person_erased")
    assert (event.subject, event.details["reason"]) == (f"persoon:{person.pk}", "verzoek")
    assert {fate.title: fate.what for fate in fates}["logboek"] == "blijft"
    assert {fate.title: fate.rows for fate in fates}["mails als bestand"] == 2
    assert named == []


def test_the_dry_run_says_what_stays_and_who_else_wrote_the_name_and_changes_nothing(home):
    person, _ = markers.plant()
    other = people.person(3)
    other.privacy_requests.create(kind="correctie", words=f"Vraag het aan {person.email}", asked_at=markers.NOW)
    before = dump()
    fates, named = what_erasing_does(person)
    assert dump() == before
    assert named == [("verzoeken", "words", 1)]
    assert next(fate for fate in fates if fate.what == "blijft").why
    assert next(fate for fate in fates if fate.title == "taken").what == "wordt leeg"


def test_who_is_back_after_a_restore_is_erased_again(home, django_capture_on_commit_callbacks):
    person, later = people.person(1), people.person(2)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person, reason="verzoek", now=markers.NOW)
        erase_person(later, reason="verzoek", now=markers.NOW)
    text = (home / NOTED).read_text()
    assert [one["person"] for one in noted()] == [person.pk, later.pk]
    assert "@" not in text
    for back, made in ((person, "2026-01-01"), (later, "2026-12-01")):  # the second number went to somebody new
        Person.objects.create(pk=back.pk, email=f"{back.pk}@voorbeeld.example", name="Terug")
        Person.objects.filter(pk=back.pk).update(created_at=f"{made}T00:00:00Z")
    assert erase_again(since=markers.NOW, now=markers.NOW) == 0  # the backup was made after it
    assert erase_again(since=markers.NOW - timedelta(days=1), now=markers.NOW) == 1
    assert list(Person.objects.values_list("pk", flat=True)) == [later.pk]


def test_an_erased_person_is_signed_out_at_once(client, home):
    person = people.person()
    Membership.objects.filter(person=person)
    people.sign_in(client, person)
    assert client.get("/account/").status_code == 200
    erase_person(person, reason="verzoek", now=markers.NOW)
    assert client.get("/account/").status_code == 302
    assert Job.objects.filter(owner=str(person)).count() == 0
    assert mail.outbox == []
    assert Path(django_settings.HOME) == home

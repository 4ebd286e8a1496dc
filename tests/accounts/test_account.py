"""The own account: roles, devices, who looked, a copy of everything, and signing out everywhere."""

import json

import pytest
from django.test import Client

from regio.accounts.enums import Role
from regio.audit.actions import record_view
from regio.audit.models import Event
from tests.factories import people
from tests.factories.forecasts import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    someone = people.person(role=Role.BOARD_PLANNER)
    people.with_app(someone)
    return someone


def page_of(client, someone):
    return people.sign_in(client, someone).get("/account/").content.decode()


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get("/account/")["Location"] == "/inloggen/?next=/account/"
    assert client.get("/account/gegevens/")["Location"] == "/inloggen/?next=/account/gegevens/"


def test_somebody_sees_roles_second_step_and_who_looked(client, planner):
    record_view("accounts.watched_page", subject=f"persoon:{planner.pk}", heading="Iemand bekeek uw rol", now=NOW)
    record_view("accounts.watched_page", subject="persoon:99999", heading="Iemand bekeek een ander", now=NOW)
    page = page_of(client, planner)
    assert "Planner van een bestuur voor schoolbestuur 90001, sinds 1 januari 2026" in page
    assert "App op uw telefoon" in page
    assert "Iemand bekeek uw rol" in page
    assert "Iemand bekeek een ander" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_as_many_queries_for_more_roles(client, planner, django_assert_num_queries, number):
    for i in range(number):
        people.member(planner, organisation=f"bestuur:9010{i}")
    people.sign_in(client, planner)
    with django_assert_num_queries(8):  # session, person, roles twice, own roles, second steps, sessions, looks
        client.get("/account/")


def test_the_copy_holds_what_is_of_the_person_and_nothing_secret(client, planner):
    stranger = people.person(2, role=Role.BOARD_PLANNER, organisation="bestuur:90002")
    people.sign_in(client, planner)
    answer = client.get("/account/gegevens/kopie.json")
    copy = json.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="mijn-gegevens.json"'
    assert copy["persoon"][0]["email"] == planner.email
    assert copy["rollen"][0]["organisation_code"] == "90001"
    assert copy["persoon"][0]["password"] == copy["tweede_stap"][0]["data"] == "geheim"
    assert stranger.email not in answer.content.decode()
    assert "90002" not in answer.content.decode()
    assert Event.objects.get(kind="accounts.own_data_taken").subject == f"persoon:{planner.pk}"


def test_signing_out_everywhere_ends_other_computers_at_once(client, planner):
    from allauth.usersessions.models import UserSession

    other = Client()
    for browser in (client, other):
        people.sign_in(browser, planner)
        UserSession.objects.create(
            user=planner, ip="127.0.0.1", user_agent="proef", session_key=browser.session.session_key
        )
    assert other.get("/account/").status_code == 200
    assert client.post("/account/overal-uitloggen/")["Location"] == "/inloggen/"
    assert other.get("/account/")["Location"] == "/inloggen/?next=/account/"
    assert client.get("/account/")["Location"] == "/inloggen/?next=/account/"
    assert Event.objects.get(kind="accounts.signed_out_everywhere").details == {"sessions": 2}


def test_nobody_gets_the_page_of_somebody_else_from_what_is_kept(client, planner, settings):
    from regio.shared.pages import forget_all

    settings.KEEP_PAGES = True
    forget_all()
    people.sign_in(client, planner)
    assert "Mijn account" in client.get("/bronnen/").content.decode()
    visitor = Client()
    for _ in range(2):
        assert "Mijn account" not in visitor.get("/bronnen/").content.decode()
    other = people.sign_in(Client(), people.person(2, role=Role.SCHOOL_CONTACT))
    assert "Inloggen</a>" not in other.get("/bronnen/").content.decode()
    kept = visitor.get("/bronnen/")["ETag"]
    assert client.get("/bronnen/", HTTP_IF_NONE_MATCH=kept).status_code == 200  # never 304 to another's page
    forget_all()


def test_an_address_that_was_only_opened_changes_nothing(client, planner):
    people.sign_in(client, planner)
    assert client.get("/account/overal-uitloggen/").status_code == 404
    assert client.get("/uitloggen/").status_code == 200
    assert client.get("/account/").status_code == 200

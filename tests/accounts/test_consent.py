"""Consent: asked without a ticked box, in words with a version, given and taken back at once."""

import hashlib

import pytest
from django.core import mail

from regio.accounts import consent
from regio.accounts.enums import Purpose, Role
from regio.accounts.models import Consent
from regio.audit.models import Event
from regio.regions.models import Board
from tests.factories import people, regions
from tests.factories.forecasts import NOW

pytestmark = pytest.mark.django_db
BOARD = "bestuur:90001"
PAGE = f"/account/toestemming/gezamenlijke_raming/{BOARD}/"
# Of each text that was ever shown. A change of words is a new version, never another text under the same number.
SHOWN = {
    ("gezamenlijke_raming", "1"): "cd576ec4ca33bcea",
    ("contact", "1"): "471b5ebb665aee9e",
    ("loketdossier", "1"): "231ce3dcb6cc5037",
}


@pytest.fixture
def executive():
    regions.location(1, of_board=Board.objects.create(code="90001", name="Stichting Noord"))
    return people.person(role=Role.BOARD_EXECUTIVE, organisation=BOARD)


def test_a_text_that_was_shown_is_never_changed():
    found = {
        (text.purpose.value, text.version): hashlib.sha256("\n".join((text.title, text.asks, *text.paragraphs)).encode()).hexdigest()[:16]
        for purpose in (*consent.OF_BOARDS, *consent.OF_PEOPLE)
        for text in consent.texts_of(purpose)
    }  # fmt: skip
    assert found == SHOWN, "add a new version to consent_texts.yaml instead"


def test_a_board_agrees_by_a_box_that_nobody_ticked_for_it(client, executive):
    people.sign_in(client, executive)
    page = client.get(PAGE).content.decode()
    assert "tekst 1" in page.lower()
    assert "checked" not in page
    answer = client.post(PAGE, {"doe": "geef", "version": "1"})
    assert answer.status_code == 422
    assert not consent.agreed_organisations(Purpose.JOINT_PLANNING, [BOARD])
    client.post(PAGE, {"doe": "geef", "version": "1", "agrees": "on"})
    client.post(PAGE, {"doe": "geef", "version": "1", "agrees": "on"})  # twice is once
    given = Consent.objects.get()
    assert (given.text_version, given.channel, given.withdrawn_at) == ("1", "scherm", None)
    assert consent.agreed_organisations(Purpose.JOINT_PLANNING, [BOARD, "bestuur:90002"]) == {BOARD}
    assert Event.objects.get(kind="accounts.consent_given").details == {"purpose": "gezamenlijke_raming", "text_version": "1", "channel": "scherm"}  # fmt: skip


def test_taking_back_counts_in_the_next_request_of_somebody_else_and_is_told(
    client, executive, django_capture_on_commit_callbacks
):
    manager = people.person(2, role=Role.PROGRAMME_MANAGER, organisation="regio:rpa:90")
    colleague = people.person(3, role=Role.BOARD_EXECUTIVE, organisation=BOARD)
    consent.give_consent(executive, purpose=Purpose.JOINT_PLANNING, organisation=BOARD, version="1", now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        people.sign_in(client, colleague).post(PAGE, {"doe": "trek_in"})  # another executive of the same board
    assert not consent.agreed_organisations(Purpose.JOINT_PLANNING, [BOARD])
    assert "Geef toestemming" in people.sign_in(client, executive).get(PAGE).content.decode()
    assert Event.objects.filter(kind="accounts.consent_withdrawn").count() == 1
    (told,) = mail.outbox
    assert told.to == [manager.email]
    assert "Bestuur 90001 heeft deze toestemming ingetrokken" in told.body
    assert executive.name not in told.body


def test_a_new_text_asks_again(client, executive, monkeypatch):
    given = consent.give_consent(executive, purpose=Purpose.JOINT_PLANNING, organisation=BOARD, version="1", now=NOW)
    assert consent.counts(given)
    old = consent.text_of(Purpose.JOINT_PLANNING)
    new = consent.ConsentText(old.purpose, "2", old.title, old.asks, ("Nieuwe woorden.",))
    monkeypatch.setattr(consent, "texts_of", lambda purpose: (old, new))
    assert not consent.agreed_organisations(Purpose.JOINT_PLANNING, [BOARD])
    page = people.sign_in(client, executive).get(PAGE).content.decode()
    assert "U gaf toestemming voor een eerdere tekst" in page
    assert client.post(PAGE, {"doe": "geef", "version": "1", "agrees": "on"}).status_code == 422
    client.post(PAGE, {"doe": "geef", "version": "2", "agrees": "on"})
    assert list(Consent.objects.order_by("pk").values_list("text_version", "withdrawn_at")) == [
        ("1", Consent.objects.get(text_version="1").withdrawn_at), ("2", None),
    ]  # fmt: skip
    assert consent.agreed_organisations(Purpose.JOINT_PLANNING, [BOARD]) == {BOARD}


def test_a_person_agrees_for_themself_and_for_own_regions_alone(client, executive):
    people.sign_in(client, executive)
    assert "Bericht krijgen van de onderwijsregio" in client.get("/account/toestemming/").content.decode()
    client.post("/account/toestemming/contact/regio:rpa:90/", {"doe": "geef", "version": "1", "agrees": "on"})
    assert consent.standing(Purpose.CONTACT, "regio:rpa:90", executive.pk)
    other = people.person(2, role=Role.BOARD_EXECUTIVE, organisation=BOARD)
    assert consent.standing(Purpose.CONTACT, "regio:rpa:90", other.pk) is None
    for foreign in (
        "contact/regio:rpa:91",
        "gezamenlijke_raming/bestuur:90002",
        "personeelsplanning/bestuur:90001",
        "niets/niets",
    ):
        assert client.get(f"/account/toestemming/{foreign}/").status_code == 404
        assert (
            client.post(f"/account/toestemming/{foreign}/", {"doe": "geef", "version": "1", "agrees": "on"}).status_code
            == 404
        )

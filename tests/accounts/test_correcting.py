"""Correcting the own data, asking what one cannot do oneself, and the privacy officer who answers."""

import re

import pytest
from django.core import mail

from regio.accounts.enums import Role
from regio.accounts.models import Person, PrivacyRequest
from regio.audit.models import Event
from tests.factories import people, regions

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    regions.location(1)
    return people.person(role=Role.BOARD_PLANNER, organisation="bestuur:90001")


@pytest.fixture
def officer():
    return people.person(9, role=Role.PRIVACY_OFFICER, organisation="regio:rpa:90")


def kinds():
    return [kind.removeprefix("accounts.") for kind in Event.objects.order_by("pk").values_list("kind", flat=True)]


def test_somebody_reads_everything_in_words_and_takes_it_on_paper(client, planner):
    people.sign_in(client, planner)
    page = client.get("/account/gegevens/").content.decode()
    for words in (
        "Adres om mee in te loggen",
        planner.email,
        "planner van een bestuur",
        "Bewaren: tot een jaar na de laatste rol",
        "geheim",
    ):
        assert words in page
    answer = client.get("/account/gegevens/kopie.pdf")
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    Person.objects.filter(pk=planner.pk).update(name="漢字 \x07 <#set page()>")
    assert client.get("/account/gegevens/kopie.pdf").status_code == 200
    assert kinds() == ["own_data_taken", "own_data_taken"]


def test_somebody_changes_the_own_name(client, planner):
    people.sign_in(client, planner)
    assert client.post("/account/wijzigen/", {"doe": "naam", "naam-name": "  Puck   de Wit "}).status_code == 302
    planner.refresh_from_db()
    assert planner.name == "Puck de Wit"
    assert client.post("/account/wijzigen/", {"doe": "naam", "naam-name": "x" * 121}).status_code == 422
    assert "Puck" not in str(list(Event.objects.values()))


def link_in(message):
    return re.search(r"/account/adres/\S+", message.body)[0]


def test_a_new_address_counts_once_it_is_proven_and_the_old_one_is_told(client, planner):
    people.sign_in(client, planner)
    old, new = planner.email, "nieuw@voorbeeld.example"
    client.post("/account/wijzigen/", {"doe": "adres", "adres-email": "NIEUW@voorbeeld.example"})
    (asked,) = mail.outbox
    assert asked.to == [new]
    link = link_in(asked)
    assert "nieuw" not in link
    assert client.get(link).status_code == 200
    assert Person.objects.get(pk=planner.pk).email == old  # mail scanners open links
    stranger = people.person(2, role=Role.SCHOOL_CONTACT)
    assert people.sign_in(client, stranger).post(link).status_code == 422  # somebody else's link
    people.sign_in(client, planner)
    assert client.post(link).status_code == 302
    assert Person.objects.get(pk=planner.pk).email == new
    assert client.post(link).status_code == 422  # once
    assert [message.to for message in mail.outbox[1:]] == [[old]]
    assert new not in mail.outbox[1].body
    assert new not in str(list(Event.objects.values()))


def test_nobody_learns_whether_an_address_is_known_nor_takes_it(client, planner, frozen_clock):
    taken = people.person(2)
    people.sign_in(client, planner)
    known, unknown = (client.post("/account/wijzigen/", {"doe": "adres", "adres-email": address}).content for address in (taken.email, "x@voorbeeld.example"))  # fmt: skip
    strip = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
    assert strip.sub(b"", known) == strip.sub(b"", unknown)
    assert client.post(link_in(mail.outbox[0])).status_code == 422
    assert client.post("/account/adres/onzin/").status_code == 422
    assert Person.objects.get(pk=planner.pk).email == planner.email


def test_what_one_cannot_change_goes_to_the_officer_and_is_answered_with_a_trail(
    client, planner, officer, django_capture_on_commit_callbacks
):
    people.sign_in(client, planner)
    client.post(
        "/account/wijzigen/", {"doe": "vraag", "vraag-kind": "correctie", "vraag-words": "Mijn rol klopt niet."}
    )
    asked = PrivacyRequest.objects.get()
    people.sign_in(client, officer)
    waits = [line for line in client.get("/vandaag/").context["lines"] if line.address == f"/verzoeken/{asked.pk}/"]
    assert len(waits) == 1
    assert planner.email not in waits[0].words
    assert "Mijn rol klopt niet." in client.get(f"/verzoeken/{asked.pk}/").content.decode()
    assert (
        client.post(f"/verzoeken/{asked.pk}/", {"doe": "antwoord", "state": "gedaan", "answer": ""}).status_code == 422
    )
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/verzoeken/{asked.pk}/", {"doe": "antwoord", "state": "gedaan", "answer": "Uw rol is beëindigd."})
    assert mail.outbox[-1].to == [planner.email]
    assert "beëindigd" not in mail.outbox[-1].body
    people.sign_in(client, planner)
    assert "Uw rol is beëindigd." in client.get("/account/gegevens/").content.decode()
    assert any("Uw verzoek is beantwoord" in line.words for line in client.get("/vandaag/").context["lines"])
    assert kinds() == ["request_made", "request_seen", "request_answered"]
    looked = Event.objects.get(kind="accounts.request_seen")
    assert (looked.actor, looked.subject, looked.is_view) == (str(officer), str(planner), True)
    assert f"door {officer}" in client.get("/account/gegevens/").content.decode()  # the person sees who looked
    assert "Mijn rol" not in str(list(Event.objects.values()))


def test_an_officer_answers_for_the_own_region_alone_and_never_for_oneself(client, planner, officer):
    foreign = people.person(3, role=Role.BOARD_PLANNER, organisation="bestuur:91999")
    asked = [
        PrivacyRequest.objects.create(person=who, kind="correctie", words="x", asked_at=people_now())
        for who in (foreign, officer)
    ]
    people.sign_in(client, officer)
    for one in asked:
        assert client.get(f"/verzoeken/{one.pk}/").status_code == 404
        assert (
            client.post(
                f"/verzoeken/{one.pk}/", {"doe": "antwoord", "state": "gedaan", "answer": "Gedaan."}
            ).status_code
            == 404
        )
    assert client.get("/verzoeken/").context["open"].count() == 0
    whole = people.person(10, role=Role.PRIVACY_OFFICER, organisation="installatie:")
    assert people.sign_in(client, whole).get("/verzoeken/").context["open"].count() == 2


def people_now():
    from django.utils import timezone

    return timezone.now()


def test_a_wish_to_be_erased_is_shown_first_and_done_by_typing_the_number(
    client, planner, officer, tmp_path, settings, django_capture_on_commit_callbacks
):
    settings.HOME = tmp_path
    people.sign_in(client, planner)
    wish = {"doe": "vraag", "vraag-kind": "verwijderen", "vraag-words": "Ik stop ermee."}
    client.post("/account/wijzigen/", wish)
    assert client.post("/account/wijzigen/", wish).status_code == 422  # one is enough
    asked = PrivacyRequest.objects.get()
    page = f"/verzoeken/{asked.pk}/"
    people.sign_in(client, officer)
    shown = client.get(page).content.decode()
    assert "Wat verwijderen doet" in shown
    assert "blijft: wij moeten kunnen laten zien" in shown
    assert client.post(page, {"doe": "verwijder", "number": officer.pk}).status_code == 422
    assert Person.objects.filter(pk=planner.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, {"doe": "verwijder", "number": planner.pk}).status_code == 302
    assert not Person.objects.filter(pk=planner.pk).exists()
    assert mail.outbox[-1].to == [planner.email]
    assert kinds()[-2:] == ["request_answered", "person_erased"]
    assert people.sign_in(client, officer).get(page).status_code == 404

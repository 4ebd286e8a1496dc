"""The page of the trail: who reads what of it, and that a look at own staff is in it."""

import time

import pytest

from regio.audit.actions import record, record_view
from regio.audit.models import Event
from tests.factories import closed, forecasts, people

pytestmark = pytest.mark.django_db


def tried(client, asked=""):
    """Return the headings of what a test wrote, without what the installation did while it was made."""
    return [heading for heading in headings(client, asked) if heading.startswith("Proef")]


@pytest.fixture
def installation(settings):
    settings.OPEN = False
    return closed.installation()


def headings(client, asked=""):
    return [event.heading for event in client.get(f"/logboek/{asked}").context["page"]]


def test_a_look_at_own_staff_is_written_down_and_found(client, installation):
    people.sign_in(client, installation.people["planner van het bestuur"])
    client.get("/regio/rpa:90/bestuur/90001/?sector=vo")
    client.get(f"/cijfer/{installation.run.pk}/vestiging/90AA00/tekort-vo.csv")
    seen = Event.objects.filter(is_view=True).order_by("pk")
    planner = str(installation.people["planner van het bestuur"])
    assert [(event.actor, event.subject, event.organisation) for event in seen] == [
        (planner, "bestuur:90001", "bestuur:90001"), (planner, "vestiging:90AA00", "bestuur:90001"),
    ]  # fmt: skip
    assert len(headings(client)) == 2
    people.sign_in(client, installation.people["bestuurder van een ander bestuur"])
    assert headings(client) == []


def test_a_look_without_the_figures_is_no_look(client, installation):
    people.sign_in(client, installation.people["programmamanager"])
    assert client.get("/regio/rpa:90/bestuur/90001/?sector=vo").status_code == 200
    assert client.get("/regio/rpa:90/").status_code == 200
    assert not Event.objects.filter(is_view=True).exists()


def test_the_officer_finds_by_subject_actor_and_day(client, installation):
    for number, organisation in enumerate(("bestuur:90001", "bestuur:91999", "regio:rpa:90")):
        record(
            "workforce.staff_loaded", subject=f"proef:{number}", heading=f"Proef {number}", now=forecasts.NOW, organisation=organisation
        )  # fmt: skip
    people.sign_in(client, installation.people["functionaris"])
    assert tried(client) == ["Proef 2", "Proef 0"]  # 91999 is of no region here
    assert tried(client, "?onderwerp=proef:0") == ["Proef 0"]
    assert tried(client, "?wie=opdracht&van=2026-11-01&tot=2026-11-01") == ["Proef 2", "Proef 0"]
    assert tried(client, "?van=2026-11-02") == []
    assert tried(client, "?van=niets&tot=9999-12-31") == ["Proef 2", "Proef 0"]


def test_who_saw_this_person_is_one_question_for_the_officer_and_one_page_for_the_person(client, installation):
    planner, officer = installation.people["planner van het bestuur"], installation.people["functionaris"]
    record(
        "accounts.membership_given", subject=str(planner), heading="Rol gegeven", now=forecasts.NOW, organisation="bestuur:90001"
    )  # fmt: skip
    record_view(
        "accounts.request_seen", subject=str(planner), heading="Verzoek 1 bekeken", now=forecasts.NOW
    )  # fmt: skip
    people.sign_in(client, officer)
    assert headings(client, f"?onderwerp={planner}") == ["Verzoek 1 bekeken", "Rol gegeven"]
    assert headings(client, f"?onderwerp={planner}&keek=ja") == ["Verzoek 1 bekeken"]
    page = people.sign_in(client, planner).get("/account/gegevens/").content.decode()
    looked = page[
        page.index("Wie naar uw gegevens keek") : page.index("</section>", page.index("Wie naar uw gegevens keek"))
    ]
    assert "Verzoek 1 bekeken" in looked
    assert "Rol gegeven" not in looked


def test_the_question_is_answered_at_once_in_a_trail_of_a_year(client, installation, django_assert_max_num_queries):
    """Ten thousand looks: the page asks a page of them by an index, so that the size of the trail does not count."""
    planner = installation.people["planner van het bestuur"]
    Event.objects.bulk_create(
        Event(at=forecasts.NOW, kind="accounts.request_seen", actor="x", subject=f"persoon:{planner.pk + number % 500}", heading="Bekeken", organisation="bestuur:90001", is_view=True, hash="x")
        for number in range(10_000)
    )  # fmt: skip
    people.sign_in(client, installation.people["functionaris"])
    began = time.monotonic()
    with django_assert_max_num_queries(8):
        assert len(headings(client, f"?onderwerp={planner}&keek=ja")) == 20
    assert time.monotonic() - began < 5

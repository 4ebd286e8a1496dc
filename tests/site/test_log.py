"""The page of the trail: who reads what of it, and that a look at own staff is in it."""

import pytest

from regio.audit.actions import record
from regio.audit.models import Event
from tests.factories import closed, forecasts, people

pytestmark = pytest.mark.django_db


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
    assert headings(client) == ["Proef 2", "Proef 0"]  # 91999 is of no region here
    assert headings(client, "?onderwerp=proef:0") == ["Proef 0"]
    assert headings(client, "?wie=opdracht&van=2026-11-01&tot=2026-11-01") == ["Proef 2", "Proef 0"]
    assert headings(client, "?van=2026-11-02") == []
    assert headings(client, "?van=niets&tot=9999-12-31") == ["Proef 2", "Proef 0"]

"""*Vandaag*: what waits for whom, at most twelve lines, each leading to its record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from regio.accounts.enums import GIVEN_ROLES, Role
from regio.accounts.models import EntryLink, Membership
from regio.shared.models import Job
from regio.site.first_steps import STEPS
from tests.factories import forecasts, people, waiting

pytestmark = pytest.mark.django_db
EXPECTED = {
    "planner van het bestuur": ["Uw rol planner van een bestuur loopt", "geen eigen personeelsbestand", "Eigen personeelsbestand: 1 melding", "vergelijk haar met de vorige"],
    "bestuurder van het bestuur": ["De rol planner van een bestuur van persoon", "geen eigen personeelsbestand", "Eigen personeelsbestand: 1 melding", "vergelijk haar met de vorige"],
    "programmamanager": ["Prognose voor Voorbeeld is mislukt", "Adressen vo: 1 melding", "vergelijk haar met de vorige"],
    "beheerder": ["Adressen vo: 1 melding", "vergelijk haar met de vorige"],
    "functionaris": ["vraag opnieuw", "vergelijk haar met de vorige"],
    "technisch beheer": ["1 taak is mislukt in de laatste week", "Adressen vo: 1 melding"],
}  # fmt: skip


@pytest.fixture
def installation(settings):
    settings.OPEN = False
    return waiting.installation(timezone.now())


@pytest.mark.parametrize("actor", EXPECTED)
def test_the_first_screen_of_every_role_says_what_waits(client, installation, actor):
    people.sign_in(client, installation.people[actor])
    lines = client.get("/vandaag/").context["lines"]
    assert [words for words in EXPECTED[actor] if not any(words in line.words for line in lines)] == []
    assert len(lines) == len(EXPECTED[actor])
    assert [line.address for line in lines if client.get(line.address).status_code != 200] == []


def test_more_than_twelve_lines_are_twelve_and_a_count(client, installation):
    manager, now = installation.people["programmamanager"], timezone.now()
    Membership.objects.bulk_create(
        Membership(person=manager, role="programme_manager", organisation_kind="regio", organisation_code=f"rpa:{n}", starts_on="2026-01-01", ends_on=now.date() + timedelta(days=n % 30))
        for n in range(20)
    )  # fmt: skip
    people.sign_in(client, manager)
    page = client.get("/vandaag/")
    assert (len(page.context["lines"]), page.context["more"]) == (12, 11)
    assert page.context["lines"][0].words == "Prognose voor Voorbeeld is mislukt"


@pytest.mark.parametrize("number", [1, 3])
def test_more_lines_cost_no_more_queries(client, installation, django_assert_num_queries, number):
    manager, now = installation.people["programmamanager"], timezone.now()
    Job.objects.bulk_create(
        Job(kind="prognose", label=f"Prognose {n}", owner=str(manager), state="klaar", created_at=now, ended_at=now, result_path="/terugblik/")
        for n in range(number)
    )  # fmt: skip
    people.sign_in(client, manager)
    with django_assert_num_queries(16):
        assert len(client.get("/vandaag/").context["lines"]) == 3 + number


def test_who_has_not_signed_in_goes_to_the_start(client, settings):
    settings.OPEN = True
    assert client.get("/vandaag/")["Location"] == "/"


def test_who_gives_roles_hears_of_who_did_not_come_in_and_of_who_stays_at_the_door(client, installation):
    now, boss = timezone.now(), installation.people["bestuurder van het bestuur"]
    late, soon, fresh, inside = (people.person(number, role=Role.BOARD_PLANNER) for number in range(60, 64))
    for someone, days in ((late, -1), (soon, 1), (fresh, 6)):
        link = {"token_hash": str(someone.pk), "target_path": "/", "made_at": now - timedelta(days=7)}
        EntryLink.objects.create(person=someone, expires_at=now + timedelta(days=days), **link)
    people.Person.objects.filter(pk=inside.pk).update(last_login=now)
    people.sign_in(client, boss)
    words = [line.words for line in client.get("/vandaag/").context["lines"] if line.address == "/mensen/"]
    assert [f"persoon {late.pk} verliep" in words[0], f"persoon {soon.pk} verloopt" in words[1]] == [True, True]
    assert words[-1] == "1 persoon heeft nog geen tweede stap en komt niet verder dan het inlogscherm"
    assert not any(f"persoon {fresh.pk}" in one for one in words)


def test_who_leads_a_region_hears_that_its_forecast_is_old_or_missing(client, installation):
    manager = installation.people["programmamanager"]
    people.sign_in(client, manager)
    forecasts.batch(33, loaded_at=timezone.now())
    said = " ".join(line.words for line in client.get("/vandaag/").context["lines"])
    assert "Na de prognose voor Voorbeeld zijn nieuwe bestanden geladen: reken opnieuw" in said


def test_a_role_without_a_first_screen_does_not_exist():
    assert set(STEPS) == set(GIVEN_ROLES)


@pytest.mark.parametrize("actor", [*EXPECTED, "adviseur"])
def test_every_role_reads_three_things_to_begin_with_and_can_put_them_away(client, installation, actor):
    people.sign_in(client, installation.people[actor])
    steps = client.get("/vandaag/").context["steps"]
    assert len(steps) == 3
    assert [step.address for step in steps if client.get(step.address).status_code != 200] == []
    assert client.post("/vandaag/begin/")["Location"] == "/vandaag/"
    assert client.get("/vandaag/").context["steps"] == []
    Membership.objects.create(person=installation.people[actor], role="support" if actor != "technisch beheer" else "privacy_officer", organisation_kind="installatie", starts_on="2026-01-01")  # fmt: skip
    assert len(client.get("/vandaag/").context["steps"]) == 3  # those of the new role
    client.post("/vandaag/begin/")
    assert client.get("/vandaag/").context["steps"] == []
    client.post("/vandaag/begin/", {"toon": ""})
    assert len(client.get("/vandaag/").context["steps"]) == 3


def test_who_has_no_role_reads_who_gives_one(client, installation):
    people.sign_in(client, people.person(70))
    page = client.get("/vandaag/")
    assert "U heeft nog geen rol" in page.content.decode()
    assert page.context["steps"] == []

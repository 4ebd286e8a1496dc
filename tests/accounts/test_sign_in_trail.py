"""Signing in stands in the trail, and so does that it failed: without what was typed, and not without end."""

import re

import pytest
from django.utils import timezone

from regio.accounts.actions import make_entry_link
from regio.accounts.enums import Role
from regio.audit.models import Event
from tests.factories import people

pytestmark = pytest.mark.django_db


def ask_code(client, someone, mailoutbox):
    client.post("/inloggen/", {"email": someone.email})
    return re.search(r"\d{4}-?\d{4}", mailoutbox[-1].body).group()


def trail():
    return list(Event.objects.order_by("pk").values_list("kind", "actor", "subject", "heading"))


def test_who_comes_in_stands_in_the_trail_with_the_way(client, mailoutbox):
    someone = people.person(1)
    client.post("/inloggen/code/", {"code": ask_code(client, someone, mailoutbox)})
    name = f"persoon:{someone.pk}"
    assert trail() == [("accounts.signed_in", name, name, "Ingelogd met een code per mail")]
    client.post("/uitloggen/")
    client.post(f"/inloggen/link/{make_entry_link(someone, target_path='/account/', now=timezone.now())}/")
    assert trail()[1:] == [("accounts.signed_in", name, name, "Ingelogd met een link uit een mail")]


def test_a_second_step_comes_before_somebody_is_in(client, mailoutbox):
    someone = people.person(1, role=Role.BOARD_PLANNER)
    secret = people.with_app(someone)
    Event.objects.all().delete()
    client.post("/inloggen/code/", {"code": ask_code(client, someone, mailoutbox)})
    assert trail() == []
    client.post("/inloggen/tweede-stap/", {"code": "000000"})
    client.post("/inloggen/tweede-stap/", {"code": people.code_of(secret)})
    name = f"persoon:{someone.pk}"
    assert trail() == [
        ("accounts.sign_in_failed", "bezoeker", name, "Inloggen mislukt: de tweede stap klopte niet"),
        ("accounts.signed_in", name, name, "Ingelogd met een code per mail"),
    ]


def test_failures_are_written_a_few_times_an_hour_and_name_nobody_who_is_not_known(client, mailoutbox, frozen_clock):
    for number in range(9):
        client.post(f"/inloggen/link/bestaat-niet-{number}/")
    assert trail() == [("accounts.sign_in_failed", "bezoeker", "inloggen:onbekend", "Inloggen mislukt: de link was oud of al gebruikt")] * 5  # fmt: skip
    client.post("/inloggen/", {"email": "gok@voorbeeld.example"})
    client.post("/inloggen/code/", {"code": "1234-5678"})
    assert "gok" not in str(Event.objects.values_list())
    client.cookies.clear()
    someone = people.person(1)
    ask_code(client, someone, mailoutbox)
    client.post("/inloggen/code/", {"code": "0000-0000"})
    assert trail()[-1][2:] == (f"persoon:{someone.pk}", "Inloggen mislukt: de code klopte niet")
    frozen_clock.move(hours=1)
    client.post("/inloggen/link/nog-een/")
    assert len(trail()) == 7

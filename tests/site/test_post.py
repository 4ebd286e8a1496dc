"""The list of mail that came in: who reads it, what each became, and that everything done with it stands in the trail."""

import pytest

from regio.accounts.enums import Role
from regio.audit.models import Event
from regio.shared import inbound
from regio.shared.errors import UserError
from regio.shared.models import InboundMail
from tests.factories import forecasts, people

pytestmark = pytest.mark.django_db
STATES = InboundMail.State


@pytest.fixture(autouse=True)
def outcomes(settings, monkeypatch):
    settings.OPEN = False
    monkeypatch.setattr(inbound, "_outcomes", {})

    def refuse(mail):
        raise UserError("Er staat geen naam van een school in.")

    inbound.register_outcome(inbound.Outcome("vraag", "Maak er een vraag van", lambda mail: f"vraag:{mail.pk}"))
    inbound.register_outcome(inbound.Outcome("melding", "Maak er een melding van", refuse))


def mail(number=1, organisation="regio:rpa:90", **changes):
    given = {"message_hash": str(number), "subject": f"Vraag {number}", "sender": "ouder@school.example", "body": "Hoe lang nog?", "received_at": forecasts.NOW}  # fmt: skip
    return InboundMail.objects.create(**given | {"organisation": organisation} | changes)


@pytest.fixture
def leader(client):
    return people.sign_in(client, people.person(1, role=Role.PROGRAMME_MANAGER, organisation="regio:rpa:90"))


def done_with(found):
    rows = Event.objects.filter(subject=f"post:{found.pk}").order_by("pk")
    return [row.kind.removeprefix("site.") for row in rows]


def test_the_list_says_what_is_not_understood_what_waits_and_what_it_became(leader):
    mail(1, problem="Er staat geen naam in.")
    mail(2)
    mail(3, state=STATES.DONE, became="vraag:12", handled_at=forecasts.NOW)
    foreign = mail(4, organisation="regio:rpa:91")
    page = leader.get("/post/")
    listed = {title: [row.subject for row in rows] for title, rows in page.context["groups"]}
    assert listed == {"Nog niet begrepen": ["Vraag 1"], "Wacht": ["Vraag 2"], "Verwerkt of weggelegd": ["Vraag 3"]}
    assert "Er staat geen naam in." in page.content.decode()
    assert leader.get(f"/post/{foreign.pk}/").status_code == 404
    assert leader.post(f"/post/{foreign.pk}/", {"doe": "leg_weg"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_one_query_more_than_who_asks(leader, django_assert_num_queries, number):
    for one in range(number):
        mail(one)
    with django_assert_num_queries(4):
        leader.get("/post/")


def test_a_mail_becomes_something_once(leader):
    found = mail()
    path = f"/post/{found.pk}/"
    assert "Hoe lang nog?" in leader.get(path).content.decode()
    assert leader.post(path, {"doe": "wordt", "wordt": "vraag"}).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.became) == (STATES.DONE, f"vraag:{found.pk}")
    assert leader.post(path, {"doe": "wordt", "wordt": "vraag"}).status_code == 409
    assert done_with(found)[:2] == ["mail_seen", "mail_became"]
    assert "ouder" not in str(list(Event.objects.values_list()))  # nothing of its content
    assert Event.objects.filter(subject=f"post:{found.pk}", organisation="regio:rpa:90").exists()


def test_what_it_could_not_become_is_told_and_can_be_tried_again(leader):
    found = mail()
    refused = leader.post(f"/post/{found.pk}/", {"doe": "wordt", "wordt": "melding"})
    assert (refused.status_code, "Er staat geen naam van een school in." in refused.content.decode()) == (409, True)
    found.refresh_from_db()
    assert (found.state, found.problem) == (STATES.NEW, "Er staat geen naam van een school in.")
    leader.post(f"/post/{found.pk}/", {"doe": "wordt", "wordt": "vraag"})
    found.refresh_from_db()
    assert (found.state, found.problem) == (STATES.DONE, "")
    assert done_with(found) == ["mail_failed", "mail_seen", "mail_became"]


def test_a_mail_is_taken_up_dropped_and_put_back(leader):
    found = mail()
    me = str(people.Person.objects.get())
    seen = []
    for does in ("geef", "leg_weg", "zet_terug"):
        leader.post(f"/post/{found.pk}/", {"doe": does})
        found.refresh_from_db()
        seen.append((found.state, found.assigned_to, found.handled_at is None))
    assert seen == [(STATES.NEW, me, True), (STATES.DROPPED, me, False), (STATES.NEW, me, True)]
    assert done_with(found) == ["mail_assigned", "mail_dropped", "mail_put_back"]


def test_a_press_that_is_no_button_does_nothing(leader):
    found = mail()
    for given in ({"doe": "wis"}, {}, {"doe": "wordt", "wordt": "iets"}):
        assert leader.post(f"/post/{found.pk}/", given).status_code == 404
    assert leader.get("/post/").status_code == 200

"""Support that looks along: a reason, thirty minutes, never with an administrator, and everything written down."""

import pytest

from regio.accounts.enums import Role
from regio.audit.models import Event
from regio.audit.queries import check_chain
from tests.factories import people

pytestmark = pytest.mark.django_db
REASON = "Helpt bij een vraag over de prognose"


@pytest.fixture
def watched():
    return people.person(2, role=Role.BOARD_PLANNER)


@pytest.fixture
def support(client, watched):
    helper = people.person(1, role=Role.SUPPORT, organisation="installatie:")
    people.sign_in(client, helper)
    return helper


def begin(client, number, reason=REASON):
    return client.post("/meekijken/", {"person": number, "reason": reason})


def kinds():
    return [event.kind.removeprefix("accounts.") for event in Event.objects.order_by("pk")]


def test_support_looks_along_with_a_bar_and_a_trail(client, support, watched):
    assert begin(client, watched.pk)["Location"] == "/"
    page = client.get("/ontwerp/").content.decode()
    assert f"U kijkt mee als <b>{watched.name}</b> (nummer {watched.pk})" in page
    assert "Stop met meekijken" in page
    client.get("/bronnen/")
    client.post("/meekijken/stop/")
    assert "U kijkt mee als" not in client.get("/ontwerp/").content.decode()
    assert kinds()[0] == "watching_begun"
    assert kinds()[-1] == "watching_ended"
    for event in Event.objects.all():
        assert (event.actor, event.on_behalf_of) == (f"persoon:{support.pk}", f"persoon:{watched.pk}")
        assert (event.reason, event.subject) == (REASON, f"persoon:{watched.pk}")
    assert check_chain().is_whole


def test_every_page_that_is_not_public_is_written_down_as_seen(client, support, watched):
    begin(client, watched.pk)
    client.get("/account/")
    seen = Event.objects.get(kind="accounts.watched_page")
    assert (seen.is_view, seen.heading) == (True, "Technisch beheer bekeek de pagina “account”")


def test_the_watched_person_reads_who_looked_and_why(client, support, watched):
    begin(client, watched.pk)
    client.get("/account/")
    client.post("/uitloggen/")
    page = people.sign_in(client, watched).get("/account/").content.decode()
    assert f"Reden: {REASON}" in page


def test_the_rights_are_those_of_the_watched_person(client, support, watched, rf):
    from regio.accounts.viewer import viewer_of

    begin(client, watched.pk)
    request = rf.get("/")
    request.user, request.session = support, client.session
    viewer = viewer_of(request)
    assert viewer.has(Role.BOARD_PLANNER, organisation="bestuur:90001")
    assert not viewer.has(Role.SUPPORT)
    assert viewer.actor == f"persoon:{support.pk}"


def test_it_ends_after_thirty_minutes(client, support, watched, frozen_clock):
    begin(client, watched.pk)
    frozen_clock.move(minutes=29)
    assert "U kijkt mee als" in client.get("/ontwerp/").content.decode()
    frozen_clock.move(minutes=2)
    assert "U kijkt mee als" not in client.get("/ontwerp/").content.decode()
    assert "watching_ended" in kinds()  # also where nobody pressed stop


@pytest.mark.parametrize("reason", ["", "kort", "x" * 301])
def test_without_a_reason_nobody_looks(client, support, watched, reason):
    assert begin(client, watched.pk, reason).status_code == 422
    assert kinds() == []


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.REGION_ADMIN, Role.PRIVACY_OFFICER])
def test_never_with_support_an_administrator_or_the_privacy_officer(client, support, role):
    other = people.person(5, role=role, organisation="installatie:")
    refused = begin(client, other.pk)
    unknown = begin(client, 987654)
    assert (refused.status_code, unknown.status_code) == (422, 422)
    text = "Met deze persoon kunt u niet meekijken"
    assert text in refused.content.decode()
    assert text in unknown.content.decode()
    assert kinds() == []


def test_never_with_oneself_and_never_twice_over(client, support, watched):
    assert begin(client, support.pk).status_code == 422
    begin(client, watched.pk)
    third = people.person(6, role=Role.BOARD_PLANNER)
    begin(client, third.pk)
    assert f"nummer {watched.pk}" in client.get("/ontwerp/").content.decode()


def test_support_cannot_take_the_data_or_change_the_account_of_the_watched(client, support, watched):
    begin(client, watched.pk)
    assert watched.email not in client.get("/account/gegevens/kopie.json").content.decode()
    assert client.get("/account/").context["person"] == support
    assert client.get("/mensen/").status_code == 404


def test_nobody_else_looks_along(client, watched):
    assert client.get("/meekijken/")["Location"] == "/inloggen/?next=/meekijken/"
    people.sign_in(client, people.person(8, role=Role.REGION_ADMIN, organisation="installatie:"))
    assert begin(client, watched.pk).status_code == 404


def test_signing_out_ends_it(client, support, watched):
    begin(client, watched.pk)
    client.post("/uitloggen/")
    assert kinds()[-1] == "watching_ended"


def test_who_is_no_longer_support_no_longer_looks(client, support, watched):
    begin(client, watched.pk)
    support.memberships.all().delete()
    assert "U kijkt mee als" not in client.get("/ontwerp/").content.decode()

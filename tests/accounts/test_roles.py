"""Giving and ending roles: who may, what is written down, and the mail that invites."""

import re
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from regio.accounts.actions import end_role, give_role
from regio.accounts.enums import Role
from regio.accounts.errors import AlreadyHeld, NotAnAddress, RoleNotGiven, UnknownOrganisation
from regio.accounts.models import Membership, Person
from regio.accounts.rules import can_give, kinds_to_give_for, register_boards_of, roles_to_give
from regio.accounts.viewer import LOCAL, VISITOR, Held, Viewer
from regio.audit.models import Event
from tests.factories import people
from tests.factories.forecasts import NOW

pytestmark = pytest.mark.django_db
ADMIN = Viewer(person_id=1, held=(Held(Role.REGION_ADMIN, "installatie:"),))
OF_REGION = Viewer(person_id=2, held=(Held(Role.REGION_ADMIN, "regio:rpa:90"),))
BOSS = Viewer(person_id=3, held=(Held(Role.BOARD_EXECUTIVE, "bestuur:90001"),))
PLANNER = Viewer(person_id=4, held=(Held(Role.BOARD_PLANNER, "bestuur:90001"),))
WATCHED_BOSS = Viewer(person_id=3, held=BOSS.held, support_id=9, reason="helpt bij een vraag")


@pytest.fixture(autouse=True)
def _two_boards_in_the_region():
    from regio.regions.queries import board_codes_in

    register_boards_of(lambda key: {"90001", "90002"} if key == "rpa:90" else set())
    yield
    register_boards_of(board_codes_in)


@pytest.mark.parametrize(
    ("viewer", "role", "organisation", "may"),
    [
        (ADMIN, Role.BOARD_PLANNER, "bestuur:99999", True),
        (ADMIN, Role.SUPPORT, "installatie:", True),
        (ADMIN, Role.CANDIDATE, "regio:rpa:90", False),  # no first screen yet
        (OF_REGION, Role.PROGRAMME_MANAGER, "regio:rpa:90", True),
        (OF_REGION, Role.PROGRAMME_MANAGER, "regio:rpa:91", False),
        (OF_REGION, Role.BOARD_EXECUTIVE, "bestuur:90002", True),
        (OF_REGION, Role.BOARD_EXECUTIVE, "bestuur:90003", False),
        (OF_REGION, Role.BOARD_PLANNER, "bestuur:90002", False),  # a board's own affair
        (OF_REGION, Role.SUPPORT, "installatie:", False),
        (BOSS, Role.BOARD_PLANNER, "bestuur:90001", True),
        (BOSS, Role.BOARD_PLANNER, "bestuur:90002", False),
        (BOSS, Role.REGION_ADMIN, "regio:rpa:90", False),
        (BOSS, Role.REGION_ADMIN, "bestuur:90001", False),
        (PLANNER, Role.BOARD_PLANNER, "bestuur:90001", False),
        (WATCHED_BOSS, Role.BOARD_PLANNER, "bestuur:90001", False),
        (VISITOR, Role.BOARD_PLANNER, "bestuur:90001", False),
        (LOCAL, Role.BOARD_PLANNER, "bestuur:90001", True),
    ],
)
def test_a_role_is_given_by_who_answers_for_the_organisation(viewer, role, organisation, may):
    assert can_give(viewer, role, organisation) is may


def test_the_region_knows_its_boards_from_the_register():
    from regio.regions.models import Board
    from regio.regions.queries import board_codes_in
    from tests.factories import regions

    assert board_codes_in("rpa:90") == set()
    place = regions.location(1)
    Board.objects.get_or_create(code="90007")
    type(place).objects.filter(pk=place.pk).update(board_id="90007", in_register=True)
    assert "90007" in board_codes_in("rpa:90")


def test_giving_a_role_makes_the_person_and_writes_no_name():
    given = give_role(email=" Nieuw@Voorbeeld.example", role=Role.BOARD_PLANNER, organisation="bestuur:90001", now=NOW)
    event = Event.objects.get(kind="accounts.membership_given")
    assert given.person.email == "nieuw@voorbeeld.example"
    assert (event.subject, event.organisation) == (f"persoon:{given.person_id}", "bestuur:90001")
    assert "nieuw" not in f"{event.heading}{event.details}"
    with pytest.raises(AlreadyHeld):
        give_role(email="nieuw@voorbeeld.example", role=Role.BOARD_PLANNER, organisation="bestuur:90001", now=NOW)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"email": "geen adres"}, NotAnAddress),
        ({"role": "candidate"}, RoleNotGiven),
        ({"role": "koning"}, RoleNotGiven),
        ({"organisation": "90001"}, UnknownOrganisation),
        ({"organisation": "kasteel:1"}, UnknownOrganisation),
        ({"organisation": "bestuur:"}, UnknownOrganisation),
        ({"organisation": "installatie:1"}, UnknownOrganisation),
    ],
)
def test_what_cannot_be_given_leaves_nothing_behind(changed, error):
    asked = {"email": "nieuw@voorbeeld.example", "role": "board_planner", "organisation": "bestuur:90001"} | changed
    with pytest.raises(error):
        give_role(**asked, now=NOW)
    assert not Person.objects.exists()
    assert not Event.objects.exists()


def test_a_role_that_ended_no_longer_counts(client):
    someone = people.person(role=Role.BOARD_PLANNER)
    people.sign_in(client, someone)
    assert client.get("/account/").context["roles"]
    end_role(Membership.objects.get(), now=NOW)
    assert client.get("/account/").context["roles"] == []
    end_role(Membership.objects.get(), now=NOW)
    assert Event.objects.filter(kind="accounts.membership_ended").count() == 1


def test_an_administrator_invites_somebody_who_comes_in_by_the_mail(
    client, mailoutbox, django_capture_on_commit_callbacks
):
    people.sign_in(client, people.person(1, role=Role.REGION_ADMIN, organisation="installatie:"))
    given = {"email": "nieuw@voorbeeld.example", "role": "board_planner", "organisation_kind": "bestuur"}
    assert client.post("/mensen/", given | {"organisation_code": ""}).status_code == 422
    assert client.post("/mensen/", given | {"organisation_code": "90001"})["Location"] == "/mensen/"
    assert "nieuw@voorbeeld.example" in client.get("/mensen/").content.decode()
    client.post("/uitloggen/")
    link = re.search(r"/inloggen/link/\S+/", mailoutbox[0].body)[0]
    assert client.post(link)["Location"] == settings.LOGIN_REDIRECT_URL
    assert client.get("/")["Location"] == "/account/tweede-stap/"


def test_a_bestuurder_sees_and_changes_the_own_board_alone(client):
    boss = people.person(1, role=Role.BOARD_EXECUTIVE)
    own = people.person(2, role=Role.BOARD_PLANNER)
    foreign = people.person(3, role=Role.BOARD_PLANNER, organisation="bestuur:90002")
    page = people.sign_in(client, boss).get("/mensen/").content.decode()
    assert own.name in page
    assert foreign.name not in page
    assert foreign.email not in page
    assert client.post(f"/mensen/{foreign.memberships.get().pk}/beeindig/").status_code == 404
    assert client.post(f"/mensen/{boss.memberships.get().pk}/beeindig/").status_code == 404  # not the own role
    assert client.post(f"/mensen/{own.memberships.get().pk}/beeindig/").status_code == 302
    refused = {
        "email": "x@voorbeeld.example",
        "role": "board_planner",
        "organisation_kind": "bestuur",
        "organisation_code": "90002",
    }
    assert "mag u voor deze organisatie niet geven" in client.post("/mensen/", refused).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_four_queries(client, django_assert_num_queries, number):
    boss = people.person(0, role=Role.BOARD_EXECUTIVE)
    for i in range(number):
        people.person(i + 1, role=Role.BOARD_PLANNER)
    people.sign_in(client, boss)
    with django_assert_num_queries(4):  # session, person, roles, list
        client.get("/mensen/")


@pytest.mark.parametrize(
    ("viewer", "roles", "kinds"),
    [
        (ADMIN, 7, ["bestuur", "regio", "installatie"]),
        (OF_REGION, 5, ["bestuur", "regio"]),
        (BOSS, 2, ["bestuur"]),
        (PLANNER, 0, ["bestuur"]),
    ],
)
def test_the_form_offers_what_may_be_given(viewer, roles, kinds):
    assert len(roles_to_give(viewer)) == roles
    assert [kind.value for kind in kinds_to_give_for(viewer)] == kinds


def test_a_planner_and_a_visitor_get_nothing(client):
    assert client.get("/mensen/")["Location"] == "/inloggen/?next=/mensen/"
    people.sign_in(client, people.person(role=Role.BOARD_PLANNER))
    assert client.get("/mensen/").status_code == 404
    assert client.post("/mensen/", {}).status_code == 404


def test_who_lost_everything_begins_anew(client):
    from allauth.mfa.models import Authenticator

    someone = people.person(role=Role.BOARD_PLANNER)
    people.with_app(someone)
    people.sign_in(client, someone)
    out = StringIO()
    call_command("person", "reset", "PERSOON1@voorbeeld.example", stdout=out)
    assert f"De tweede stap van persoon {someone.pk} is weg" in out.getvalue()
    assert not Authenticator.objects.exists()
    assert Event.objects.filter(kind="accounts.second_step_removed", actor="opdracht").count() == 1
    with pytest.raises(CommandError, match="kennen wij niet"):
        call_command("person", "reset", "niemand@voorbeeld.example")


def test_the_first_administrator_comes_from_the_command_line(client):
    out = StringIO()
    call_command(
        "person",
        "add",
        "eerste@voorbeeld.example",
        "--role",
        "region_admin",
        "--organisation",
        "installatie:",
        stdout=out,
    )
    link = re.search(r"/inloggen/link/\S+/", out.getvalue())[0]
    assert client.post(link)["Location"] == settings.LOGIN_REDIRECT_URL
    with pytest.raises(CommandError, match="heeft deze rol al"):
        call_command(
            "person", "add", "eerste@voorbeeld.example", "--role", "region_admin", "--organisation", "installatie:"
        )
    with pytest.raises(CommandError, match="is er nog niet"):
        call_command("person", "add", "x@voorbeeld.example", "--role", "koning", "--organisation", "installatie:")

"""Whatever somebody types or forges in signing in: a page in plain words, never a failure of the server."""

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regio.accounts.enums import Role
from tests.factories import people

pytestmark = pytest.mark.django_db
ANYTHING = st.text(max_size=300)
QUICK = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def free(settings):
    """Lift the limits, which would answer for the pages."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("limiting.Limits")]
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()


def fine(answer):
    assert answer.status_code < 500, answer.status_code


@QUICK
@given(address=ANYTHING, next_page=ANYTHING, code=ANYTHING)
def test_any_address_and_any_code(client, free, address, next_page, code):
    client.cookies.clear()
    fine(client.get("/inloggen/", {"next": next_page}))
    fine(client.post("/inloggen/", {"email": address, "next": next_page}))
    fine(client.post("/inloggen/", {"email": "persoon1@voorbeeld.example", "next": next_page}))
    fine(client.post("/inloggen/code/", {"code": code, "next": next_page, "action": code}))


@QUICK
@given(token=st.text(st.characters(exclude_characters="/"), min_size=1, max_size=200))
def test_any_link(client, free, token):
    from urllib.parse import quote

    for address in (f"/inloggen/link/{quote(token)}/", f"/inloggen/link/{quote(token)}/nieuw/"):
        fine(client.get(address))
        fine(client.post(address))


@QUICK
@given(
    code=ANYTHING,
    credential=st.one_of(ANYTHING, st.sampled_from(["{}", "[]", "null", '{"id": 1}', '{"response": {}}'])),
)
def test_any_second_step(client, free, code, credential):
    from allauth.mfa.models import Authenticator

    someone = people.Person.objects.filter(email="persoon1@voorbeeld.example").first()
    if someone is None:
        someone = people.person(1, role=Role.BOARD_PLANNER)
        people.with_app(someone)
    people.sign_in(client, someone)
    for address in ("/account/nog-een-keer/", "/account/tweede-stap/sleutel/", "/account/nog-een-keer/sleutel/"):
        fine(client.post(address, {"code": code}))
        fine(client.post(address, {"credential": credential, "name": code}))
    assert Authenticator.objects.count() == 1


@QUICK
@given(person=ANYTHING, reason=ANYTHING)
def test_any_reason_to_look_along(client, free, person, reason):
    someone = people.Person.objects.filter(email="persoon1@voorbeeld.example").first()
    people.sign_in(client, someone or people.person(1, role=Role.SUPPORT, organisation="installatie:"))
    fine(client.post("/meekijken/", {"person": person, "reason": reason}))


@QUICK
@given(email=ANYTHING, role=st.one_of(ANYTHING, st.sampled_from(list(Role))), kind=ANYTHING, code=ANYTHING)
def test_any_role_for_anybody(client, free, email, role, kind, code):
    someone = people.Person.objects.filter(email="persoon1@voorbeeld.example").first()
    people.sign_in(client, someone or people.person(1, role=Role.REGION_ADMIN, organisation="installatie:"))
    for chosen, address in ((kind, email), ("bestuur", f"{len(code)}@voorbeeld.example")):
        given_role = {"email": address, "role": role, "organisation_kind": chosen, "organisation_code": code}
        fine(client.post("/mensen/", given_role))

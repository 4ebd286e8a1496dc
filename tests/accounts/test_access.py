"""Who may use which address: visitors, holders of a role, foreign objects, and what nobody declared."""

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from regio.accounts.access import (
    EVERYONE,
    PUBLIC,
    SIGNED_IN,
    Access,
    Who,
    access_to,
    holders_of,
    register_access,
)  # fmt: skip
from regio.accounts.enums import Role
from regio.accounts.middleware import Guard, SignedIn
from regio.accounts.viewer import LOCAL, VISITOR, Held, Viewer
from regio.audit.acting import acting_now

OF_THE_BOARD = Who(
    "planner van dit bestuur",
    lambda viewer, names: viewer.has(Role.BOARD_PLANNER, organisation=f"bestuur:{names['code']}"),
)
register_access({
    "proef_open": PUBLIC,
    "proef_bestuur": Access(read=OF_THE_BOARD, change=OF_THE_BOARD),
    "proef_beheer": Access(read=SIGNED_IN, change=holders_of(Role.REGION_ADMIN)),
})  # fmt: skip
PLANNER = Viewer(person_id=1, held=(Held(Role.BOARD_PLANNER, "bestuur:90001"),))
ADMIN = Viewer(person_id=2, held=(Held(Role.REGION_ADMIN, "regio:set:noord"),))


def asked(name, viewer, *, method="GET", **names):
    """Return the status the guard gives, 200 when it lets the request through."""
    request = RequestFactory().generic(method, "/proef/?blad=2")
    request.viewer = viewer
    request.resolver_match = ResolverMatch(lambda: None, (), names, url_name=name)
    try:
        answer = Guard(lambda _: HttpResponse()).process_view(request, None, (), names)
    except Http404:
        return 404
    return answer.status_code if answer else 200


@pytest.mark.parametrize(
    ("viewer", "name", "method", "code", "status"),
    [
        (VISITOR, "proef_open", "GET", "", 200),
        (VISITOR, "proef_open", "POST", "", 404),
        (VISITOR, "proef_bestuur", "GET", "90001", 302),
        (VISITOR, "proef_bestuur", "GET", "99999", 302),  # the same for what does not exist
        (VISITOR, "proef_bestuur", "POST", "90001", 404),
        (PLANNER, "proef_bestuur", "GET", "90001", 200),
        (PLANNER, "proef_bestuur", "POST", "90001", 200),
        (PLANNER, "proef_bestuur", "GET", "90002", 404),
        (PLANNER, "proef_bestuur", "POST", "90002", 404),
        (ADMIN, "proef_bestuur", "GET", "90001", 404),
        (PLANNER, "proef_beheer", "GET", "", 200),
        (PLANNER, "proef_beheer", "POST", "", 404),
        (ADMIN, "proef_beheer", "POST", "", 200),
        (LOCAL, "proef_bestuur", "POST", "90001", 200),
        (LOCAL, "proef_vergeten", "GET", "", 404),
        (ADMIN, "proef_vergeten", "GET", "", 404),
    ],
)
def test_the_guard_lets_through_what_the_matrix_gives(viewer, name, method, code, status):
    assert asked(name, viewer, method=method, code=code) == status


def test_a_visitor_comes_back_to_where_the_link_led():
    request = RequestFactory().get("/proef/?blad=2")
    request.viewer = VISITOR
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name="proef_beheer")
    answer = Guard(lambda _: HttpResponse()).process_view(request, None, (), {})
    assert answer["Location"] == "/inloggen/?next=/proef/%3Fblad%3D2"


def test_what_a_request_does_is_on_the_name_of_who_asked():
    seen = []
    request = RequestFactory().get("/")
    request.viewer, request.session = PLANNER, {}
    SignedIn(lambda _: seen.append(acting_now()) or HttpResponse())(request)
    assert [(who.actor, bool(who.request_id)) for who in seen] == [("persoon:1", True)]
    assert acting_now().actor == "opdracht"


def test_every_address_of_this_app_is_in_the_matrix():
    from regio.accounts.urls import urlpatterns

    names = {pattern.name for pattern in urlpatterns} - {"account_request_login_code"}  # a second name of account_login
    assert sorted(name for name in names if access_to(name) is None) == []


def test_the_words_of_a_group_name_its_roles():
    assert holders_of(Role.SUPPORT, Role.REGION_ADMIN).words == "technisch beheer of beheerder van de regio"
    assert access_to("proef_open").read is EVERYONE

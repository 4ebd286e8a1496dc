"""Kept pages: made once until the data change, and not sent again to a browser that has them."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from regio.shared import pages


@pytest.fixture(autouse=True)
def keeping(settings, monkeypatch):
    settings.KEEP_PAGES = True
    monkeypatch.setattr(pages, "_keepers", [])  # what is kept for who has signed in: tests/site/test_kept_pages.py
    pages.forget_all()
    yield
    pages.forget_all()


@pytest.fixture
def made():
    """Return a view that counts how often it ran, and the stamp it depends on."""
    stamp = {"now": "1", "made": 0}

    @pages.kept_until(lambda: stamp["now"])
    def view(request):
        stamp["made"] += 1
        return HttpResponse(f"pagina {stamp['made']}")

    return view, stamp


def test_a_page_is_made_once_until_the_data_change(made):
    view, stamp = made
    request = RequestFactory().get("/regio/rpa:90/")
    assert [view(request).content, view(request).content] == [b"pagina 1", b"pagina 1"]
    stamp["now"] = "2"
    assert view(request).content == b"pagina 2"


def test_addresses_and_chosen_regions_are_kept_apart(made):
    view, stamp = made
    view(RequestFactory().get("/", {"sector": "po"}))
    view(RequestFactory().get("/", {"sector": "vo"}))
    with_cookie = RequestFactory().get("/", {"sector": "vo"})
    with_cookie.COOKIES["regio"] = "rpa:90"
    view(with_cookie)
    assert stamp["made"] == 3


def test_a_browser_that_has_the_page_gets_304(made):
    view, _ = made
    first = view(RequestFactory().get("/"))
    again = view(RequestFactory().get("/", HTTP_IF_NONE_MATCH=first["ETag"]))
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_with_a_form_is_never_kept(made):
    from django.middleware.csrf import get_token

    stamp = {"made": 0}

    @pages.kept_until(lambda: "1")
    def with_form(request):
        stamp["made"] += 1
        return HttpResponse(get_token(request))

    first, second = (with_form(RequestFactory().get("/")) for _ in range(2))
    assert stamp["made"] == 2
    assert not first.has_header("ETag")
    assert first.content != second.content


def test_who_has_a_session_gets_a_page_of_their_own_and_leaves_none_behind(made, settings):
    view, _ = made
    with_session = RequestFactory().get("/")
    with_session.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    own = [view(with_session) for _ in range(2)]
    assert [page.content for page in own] == [b"pagina 1", b"pagina 2"]
    assert not any(page.has_header("ETag") for page in own)
    visitor = view(RequestFactory().get("/"))
    assert visitor.content == b"pagina 3"
    assert view(with_session).content == b"pagina 4"
    assert view(RequestFactory().get("/")).content == b"pagina 3"


def test_who_signed_in_without_a_cookie_is_kept_nowhere_either(made):
    from regio.accounts.models import Person

    view, _ = made
    request = RequestFactory().get("/")
    request.user = Person(pk=3)
    assert [view(request).content, view(request).content] == [b"pagina 1", b"pagina 2"]


def test_jobs_belong_to_who_signed_in_or_to_a_computer():
    from regio.accounts.models import Person

    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.9")
    assert pages.owner_of(request) == "127.0.0.9"
    request.user = Person(pk=3)
    assert pages.owner_of(request) == "persoon:3"


def test_what_one_visitor_gets_does_not_change_the_kept_page(made):
    view, _ = made
    first = view(RequestFactory().get("/"))
    first.content = b"gezipt"
    first["Content-Encoding"] = "gzip"
    again = view(RequestFactory().get("/"))
    assert again.content == b"pagina 1"
    assert not again.has_header("Content-Encoding")


def test_the_oldest_page_makes_room(made, monkeypatch):
    monkeypatch.setattr(pages, "MOST_KEPT", 2)
    view, stamp = made
    for address in ("/a", "/b", "/c", "/c", "/a"):
        view(RequestFactory().get(address))
    assert stamp["made"] == 4

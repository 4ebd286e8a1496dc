"""Pages kept for people who have signed in: made once for everybody who may see the same, never for a person.

A page is made for `Unnamed`: somebody who answers which roles they hold and nothing else. Each question and its answer is
written down. Who gives the same answers would get the very same page, so they get the kept one; any other answer makes
another page. A view that asks who somebody is breaks off and is made anew for each. Looks at sensitive figures that a
page writes in the trail are written again for everybody to whom it is shown.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NoReturn

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from regio.audit.actions import Look, noting_looks, record_look
from regio.shared.pages import may_be_kept

from .enums import OrganisationKind, Role
from .models import Consent
from .viewer import Viewer, seen_by, viewer_of

MOST_KEPT = 400
PLACE_OF_TOKEN = secrets.token_hex(24)  # stands in a kept page where each gets the token of their own form
COPIED_HEADERS = ("Content-Disposition",)

Question = tuple[str, tuple[Any, ...]]  # name of the method of Viewer and what it was asked


class AsksWho(Exception):
    """A page wants to know who somebody is, so it is for that one alone."""


class Unnamed:
    """Somebody who has signed in, of whom a page can only learn what they may; keeps what was asked and answered."""

    is_local, is_signed_in, is_authenticated, is_active, is_anonymous = False, True, True, True, False

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self.answers: dict[Question, Any] = {}
        self.is_asked_who = False

    def has(self, *roles: Role, organisation: str | None = None) -> bool:
        """Answer as `Viewer.has`."""
        return bool(self._answer("has", roles, organisation))

    def organisations(self, kind: OrganisationKind) -> set[str]:
        """Answer as `Viewer.organisations`."""
        return set(self._answer("organisations", kind))

    def _answer(self, name: str, *asked: Any) -> Any:
        question = (name, asked)
        if question not in self.answers:
            self.answers[question] = answer_of(self._viewer, question)
        return self.answers[question]

    def _refuse(self, *asked: object) -> NoReturn:
        self.is_asked_who = True  # a template may swallow the exception
        raise AsksWho

    __getattr__ = __getitem__ = __setitem__ = __contains__ = __iter__ = __str__ = __int__ = __eq__ = __hash__ = _refuse  # type: ignore[assignment]


def answer_of(viewer: Viewer, question: Question) -> Any:
    """Return what this viewer answers to a question that a page once asked."""
    name, asked = question
    if name == "has":
        roles, organisation = asked
        return viewer.has(*roles, organisation=organisation)
    return frozenset(viewer.organisations(*asked))


@dataclass(frozen=True)
class Kept:
    """A page, for whoever gives these answers, and the looks that it writes."""

    name: str
    answers: dict[Question, Any]
    content: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)
    looks: tuple[Look, ...] = ()

    def is_for(self, viewer: Viewer) -> bool:
        """Tell whether this viewer would get this page if it were made now."""
        return all(answer_of(viewer, question) == answer for question, answer in self.answers.items())


_kept: OrderedDict[int, Kept] = OrderedDict()
_for_each: set[str] = set()  # names of pages that ask who somebody is
_lock = Lock()
_making = [Lock() for _ in range(64)]


def keep_by_rights(request: HttpRequest, name: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return a kept page that is for the rights of who asks, else make it and keep it.

    Args:
        name: differs for each page, its address and the data that it rests on.
        make: makes the page for the present `request.viewer`.
    """
    viewer = viewer_of(request)
    name = f"{name} {_consents()}"
    if not viewer.is_signed_in or viewer.support_id is not None or settings.DEMO or name in _for_each:
        return make()  # support and the personas of the demo have a bar of their own on each page
    kept = _find(name, viewer)
    if kept is None:
        with _making[hash(name) % len(_making)]:  # who comes meanwhile waits for this page instead of making it too
            kept = _find(name, viewer)
            if kept is None:
                return _made(request, name, viewer, make)
    for look in kept.looks:
        record_look(look, now=timezone.now())
    return _shown(request, kept)


def _made(request: HttpRequest, name: str, viewer: Viewer, make: Callable[[], HttpResponse]) -> HttpResponse:
    kept, page = _make(request, name, viewer, make)
    return _shown(request, kept) if kept else page or make()


def _consents() -> str:
    """Return a text that changes when anybody gives or withdraws consent: sums over boards rest on it."""
    marks = Consent.objects.aggregate(newest=Max("pk"), number=Count("pk", filter=Q(withdrawn_at=None)))
    return f"{marks['newest']}-{marks['number']}"


def _find(name: str, viewer: Viewer) -> Kept | None:
    with _lock:
        for key, kept in _kept.items():
            if kept.name == name and kept.is_for(viewer):
                _kept.move_to_end(key)
                return kept
    return None


def _make(
    request: HttpRequest, name: str, viewer: Viewer, make: Callable[[], HttpResponse]
) -> tuple[Kept | None, HttpResponse | None]:
    """Make a page for somebody unnamed; return it as kept, or as it came out where it is not to be kept.

    Neither: it asks who somebody is.
    """
    somebody = Unnamed(viewer)
    try:
        with _as(request, somebody), noting_looks() as looks:
            page = make()
    except AsksWho:
        page = None
    if page is None or somebody.is_asked_who:
        _remember_for_each(name)
        return None, None
    if not may_be_kept(request, page):
        return None, page
    headers = {header: page[header] for header in COPIED_HEADERS if page.has_header(header)}
    kept = Kept(name, dict(somebody.answers), page.content, page["Content-Type"], headers, tuple(looks))
    with _lock:
        _kept[id(kept)] = kept
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return kept, page


def _remember_for_each(name: str) -> None:
    with _lock:
        if len(_for_each) >= MOST_KEPT:
            _for_each.clear()
        _for_each.add(name)


@contextmanager
def _as(request: Any, somebody: Unnamed) -> Iterator[None]:
    """Let a page know nothing of who asks: neither person, session nor token of forms."""
    before = request.viewer, request.user, request.session
    request.viewer = request.user = request.session = somebody
    try:
        with seen_by(somebody):  # type: ignore[arg-type]
            yield
    finally:
        request.viewer, request.user, request.session = before


def _shown(request: HttpRequest, kept: Kept) -> HttpResponse:
    content, place = kept.content, PLACE_OF_TOKEN.encode()
    if place in content:
        content = content.replace(place, get_token(request).encode())
    return HttpResponse(content, content_type=kept.content_type, headers=kept.headers)


def forget_all() -> None:
    """Forget every kept page (tests)."""
    with _lock:
        _kept.clear()
        _for_each.clear()

"""Keeping finished pages: a page is kept per address until the data change, and a browser that has it need not get it again.

A view names a stamp: a cheap query whose answer changes whenever the page may have changed. What is kept here is for
visitors and holds no form. Who has a session may see more: the app that knows rights says what is kept for them
(`register_keeper`); without it each such page is made anew.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache, partial, wraps
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from .visitors import address_of

MOST_KEPT = 300

Make = Callable[[], HttpResponse]
Keeper = Callable[
    [HttpRequest, str, Make], HttpResponse
]  # of pages for who has a session; the text names page and data

_keepers: list[Keeper] = []
_kept: OrderedDict[str, HttpResponse] = OrderedDict()
_lock = Lock()


def register_keeper(keeper: Keeper) -> None:
    """Make known how pages are kept for who has a session."""
    _keepers[:] = [keeper]


def kept_until(stamp: Callable[[], str]) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Keep the page of a view until `stamp()` or the day changes; answer 304 to a browser that has it."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            make = partial(view, request, *args, **kwargs)
            if request.method not in ("GET", "HEAD") or not settings.KEEP_PAGES:
                return make()
            if _has_session(request):
                return _keepers[0](request, _name(request, stamp()), make) if _keepers else make()
            name = _name(request, stamp())
            page = _find(name) or _keep(request, name, make())
            if not page.has_header("ETag"):
                return page
            return get_conditional_response(request, etag=page["ETag"], response=page) or page

        answer.keeps_pages = True  # type: ignore[attr-defined]  # tests find these pages by it
        return answer

    return decorate


def _has_session(request: HttpRequest) -> bool:
    """Tell whether the page may say something about who asks; the cookie alone, so that a visitor costs no query."""
    user = getattr(request, "user", None)
    return settings.SESSION_COOKIE_NAME in request.COOKIES or bool(user and user.is_authenticated)


def _name(request: HttpRequest, stamp: str) -> str:
    # The region of the cookie shows in the bar of every page.
    parts = (
        stamp,
        _edition(),
        request.get_host(),
        request.get_full_path(),
        request.COOKIES.get("regio", ""),
        timezone.localdate(),
    )
    return hashlib.sha256("|".join(map(str, (settings.HOME, *parts))).encode()).hexdigest()


@lru_cache(maxsize=1)
def _edition() -> float:
    """Return when the static files were built: a page of an older edition names stylesheets that are gone."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return manifest.stat().st_mtime if manifest.exists() else 0.0


def _find(name: str) -> HttpResponse | None:
    with _lock:
        page = _kept.get(name)
        if page is None:
            return None
        _kept.move_to_end(name)
    return _copy(page)


def _keep(request: HttpRequest, name: str, page: HttpResponse) -> HttpResponse:
    if not may_be_kept(request, page):
        return page
    page["ETag"] = f'"{name[:32]}"'
    page["Cache-Control"] = "private, no-cache"
    with _lock:
        _kept[name] = _copy(page)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return page


def may_be_kept(request: HttpRequest, page: HttpResponse) -> bool:
    """Tell whether a page came out well, stands there complete and holds no form, which has a token for one visitor."""
    holds_a_form = request.META.get("CSRF_COOKIE_NEEDS_UPDATE")  # Django sets it when a token was asked for
    return page.status_code == 200 and not page.streaming and not holds_a_form and getattr(page, "is_rendered", True)


def _copy(page: HttpResponse) -> HttpResponse:
    # Middleware compresses and adds headers in place, so each answer is an object of its own.
    copy = HttpResponse(page.content, content_type=page["Content-Type"])
    copy["ETag"], copy["Cache-Control"] = page["ETag"], page["Cache-Control"]
    if page.has_header("Content-Disposition"):
        copy["Content-Disposition"] = page["Content-Disposition"]
    return copy


def forget_all() -> None:
    """Forget every kept page (tests that change data without a new stamp)."""
    with _lock:
        _kept.clear()


def owner_of(request: HttpRequest) -> str:
    """Return whose jobs these are: "persoon:ID" of who has signed in, else one cap per computer."""
    user = getattr(request, "user", None)
    return str(user) if user and user.is_authenticated else address_of(request)

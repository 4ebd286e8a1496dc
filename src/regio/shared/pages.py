"""Keeping finished pages: a page is kept per address until the data change, and a browser that has it need not get it again.

Only for pages that are the same for everybody and hold no form. A view names a stamp: a cheap query whose answer
changes whenever the page may have changed. Who has a session gets a page of their own, which nobody keeps.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from .visitors import address_of

MOST_KEPT = 300

_kept: OrderedDict[str, HttpResponse] = OrderedDict()
_lock = Lock()


def kept_until(stamp: Callable[[], str]) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Keep the page of a view until `stamp()` or the day changes; answer 304 to a browser that has it."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD") or not settings.KEEP_PAGES or _has_session(request):
                return view(request, *args, **kwargs)
            name = _name(request, stamp())
            page = _find(name) or _keep(request, name, view(request, *args, **kwargs))
            if not page.has_header("ETag"):
                return page
            return get_conditional_response(request, etag=page["ETag"], response=page) or page

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
    holds_a_form = request.META.get("CSRF_COOKIE_NEEDS_UPDATE")  # Django sets it when a token was asked for
    if page.status_code != 200 or page.streaming or holds_a_form:
        return page
    page["ETag"] = f'"{name[:32]}"'
    page["Cache-Control"] = "private, no-cache"
    with _lock:
        _kept[name] = _copy(page)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return page


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

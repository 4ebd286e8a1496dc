"""The guard at the door: who is asking, may this address be used, and as whom the trail writes it down."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from regio.audit.acting import Acting, acting_as

from .access import access_to
from .viewer import viewer_of

SAFE = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Lets a request through when the matrix says so.

    A visitor who needs an account is sent to sign in, whatever the address names, so that the answer tells nothing. Who
    has signed in and may not, gets the same 404 as for something that does not exist.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write everything this request does on the name of who asked."""
        request.request_id = uuid4().hex  # type: ignore[attr-defined]
        with acting_as(Acting(actor=viewer_of(request).actor, request_id=request.request_id)):  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse what the matrix does not give."""
        access, viewer = (
            access_to(request.resolver_match.view_name if request.resolver_match else None),
            viewer_of(request),
        )
        if access is None:
            raise Http404
        who = access.read if request.method in SAFE else access.change
        if who.may(viewer, kwargs):
            return None
        if viewer.person_id is None and request.method in SAFE:
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        raise Http404

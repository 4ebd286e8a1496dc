"""At the door: as whom the trail writes it down, whether the second step was taken, and whether this address may be used.

`SignedIn` is for every request, `Guard` holds it against the matrix. A visitor costs neither a query nor a session.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from regio.audit.acting import acting_as

from .access import EVERYONE, access_to
from .actions import record_watched_page
from .rules import needs_second_factor
from .second_factor import has_shown_it, where_the_second_step_is
from .viewer import seen_by, viewer_of
from .watching import stop_watching

SAFE = ("GET", "HEAD", "OPTIONS")
# Where somebody may go who still has to set up the second step.
BEFORE_THE_SECOND_STEP = {
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_view_recovery_codes",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout",
}  # fmt: skip


class SignedIn:
    """Signs what a request does, leads who has no second step to it, and lets no computer keep a page of a person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Write everything this request does on the name of who asked."""
        if not hasattr(request, "request_id"):  # the same number as in the log of the server
            request.request_id = uuid4().hex  # type: ignore[attr-defined]
        viewer = viewer_of(request)
        with acting_as(viewer.acting(request.request_id)), seen_by(viewer):  # type: ignore[attr-defined]
            if viewer.person_id is not None and viewer.support_id is None:
                stop_watching(request)  # its time is over, or the role of support is
            response = self.get_response(request)
        if viewer.person_id is not None:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead to the second step; write down what support looks at as somebody else."""
        viewer, name = viewer_of(request), request.resolver_match.view_name if request.resolver_match else ""
        if viewer.support_id is not None:
            access = access_to(name)
            if access is None or access.read is not EVERYONE:
                record_watched_page(viewer.person_id, page=name or "", now=timezone.now())
            return None
        must_show_it = needs_second_factor(viewer.held) and name not in BEFORE_THE_SECOND_STEP
        return redirect(where_the_second_step_is(request)) if must_show_it and not has_shown_it(request) else None


class Guard:
    """Lets a request through when the matrix says so.

    A visitor who needs an account is sent to sign in, whatever the address names, so that the answer tells nothing. Who
    has signed in and may not, gets the same 404 as for something that does not exist.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the matrix is held against the view."""
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
        if viewer.is_local or who.may(viewer, kwargs):  # an open installation: the view says what it does not do
            return None
        if viewer.person_id is None and request.method in SAFE:
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()}, safe='/')}")
        raise Http404

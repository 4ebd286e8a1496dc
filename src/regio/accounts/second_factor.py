"""The second step: whether this session showed it, and marking that it did.

allauth keeps in the session how somebody proved who they are; one record of the method "mfa" is the second step, shown
here or (`type` "provider") at the school's own account, where its claim said so.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from .actions import record_second_step
from .mail import send

METHOD, EMERGENCY = "mfa", "recovery_codes"


def has_shown_it(request: HttpRequest) -> bool:
    """Tell whether the second step was taken in this session."""
    from allauth.account.authentication import get_authentication_records

    return any(record.get("method") == METHOD for record in get_authentication_records(request, request.user))


def where_the_second_step_is(request: HttpRequest) -> str:
    """Return where somebody takes the second step who has one, or sets it up."""
    from allauth.account.adapter import get_adapter

    ways = get_adapter().get_reauthentication_methods(request.user)
    back = request.get_full_path() if request.method == "GET" else "/"
    return f"{ways[0]['url']}?{urlencode({'next': back})}" if ways else reverse("mfa_index")


def mark(request: HttpRequest, person: Any, kind: str) -> None:
    """Write in the session that the second step was taken."""
    from allauth.account.internal.flows.login import record_authentication

    record_authentication(request, person, METHOD, type=kind, reauthenticated=True)


def after_set_up(sender: object, **signal: Any) -> None:
    """Count a second step that was just set up as taken: its code or key was shown a moment ago."""
    mark(signal["request"], signal["user"], str(signal["authenticator"].type))
    _tell(signal, is_new=True)


def after_removal(sender: object, **signal: Any) -> None:
    """Forget the second step of this session when the last app or key is gone, so that a new one is set up at once."""
    from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as KEPT
    from allauth.mfa.utils import is_mfa_enabled

    _tell(signal, is_new=False)
    session = signal["request"].session
    if not is_mfa_enabled(signal["user"]):
        session[KEPT] = [record for record in session.get(KEPT, []) if record.get("method") != METHOD]


def _tell(signal: dict[str, Any], *, is_new: bool) -> None:
    """Write it in the trail and mail the person, who may know nothing of it; emergency codes come along with the first."""
    if str(signal["authenticator"].type) == EMERGENCY:
        return
    record_second_step(signal["user"], is_new=is_new, now=timezone.now())
    words = "ingesteld" if is_new else "weggehaald"
    send("second_step", to=signal["user"].email, subject="Uw tweede stap is veranderd", context={"words": words})

"""The end of looking along by support: at the button, after thirty minutes, or at signing out."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from .actions import end_watching
from .viewer import WATCHING


def stop_watching(request: HttpRequest) -> None:
    """End it where this session looks along, and write that down."""
    watching = request.session.pop(WATCHING, None)
    if watching:
        end_watching(watching["person"], reason=watching["reason"], now=timezone.now())


def at_sign_out(sender: object, **signal: Any) -> None:
    """End it when support signs out."""
    if hasattr(signal["request"], "session"):
        stop_watching(signal["request"])

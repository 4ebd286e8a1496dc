"""What every template may know about who is here: signed in or not, as whom, and the bars above the page.

A visitor costs no query: without a session cookie there is nothing to ask.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from .enums import Role
from .keeping import PLACE_OF_TOKEN, Unnamed
from .models import Person
from .viewer import viewer_of, watched_now

GIVERS = (Role.REGION_ADMIN, Role.BOARD_EXECUTIVE)


def who_is_here(request: HttpRequest) -> dict[str, object]:
    """Return the person, whether this is a persona of the demo, and as whom support works until when."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "person": None,
            "persona": None,
            "watched": None,
            "offers_personas": settings.DEMO,
            "must_sign_in": not settings.OPEN,
        }
    viewer = viewer_of(request)
    if isinstance(viewer, Unnamed):  # a page that is kept for everybody with these rights
        return {"person": viewer, "persona": None, "watched": None, "csrf_token": PLACE_OF_TOKEN}
    watched = watched_now(request) if viewer.support_id else None
    return {
        "person": user,
        "persona": user if settings.DEMO else None,
        "watched": watched and {
            "person": Person.objects.filter(pk=watched["person"]).first(),
            "until": timezone.localtime(datetime.fromtimestamp(watched["until"], tz=timezone.get_current_timezone())),
        },
        "offers_personas": settings.DEMO,
        "gives_roles": viewer.has(*GIVERS),
        "is_support": viewer.support_id is None and viewer.has(Role.SUPPORT),
    }  # fmt: skip

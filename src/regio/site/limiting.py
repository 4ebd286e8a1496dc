"""Holds every request that changes something, or that costs much, against the limits; what is over gets a page and 429.

Layers: seconds, minutes and hours per computer; minutes and hours per person who has signed in. Addresses and links have
limits of their own where somebody signs in. Ordinary pages are kept and cheap: they are not counted.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from regio.shared.limits import Limit, within
from regio.shared.visitors import address_of

SAFE = ("GET", "HEAD", "OPTIONS")
MINUTE, HOUR = 60, 3600
PER_COMPUTER = (Limit(100, 10), Limit(600, 10 * MINUTE), Limit(3000, HOUR))  # 150 schools may share one
PER_PERSON = (Limit(30, MINUTE), Limit(300, HOUR))
GUESSES_OF_A_KEY = (Limit(10, MINUTE), Limit(60, HOUR))  # per computer that shows a key
UNCOUNTED = {"policy_report"}  # counts for itself


class Limits:
    """Refuses what comes too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; counting needs to know which page it is."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Count, and refuse what is over a limit."""
        wait = wait_for(request)
        if not wait:
            return None
        page = render(request, "429.html", status=429)
        page["Retry-After"] = str(wait)
        return page


def wait_for(request: HttpRequest) -> int:
    """Return how long this request must wait [s], 0 for not at all."""
    now, computer = timezone.now(), address_of(request)
    match = request.resolver_match
    wait = 0
    if "Authorization" in request.headers:
        wait = within(f"key:{computer}", GUESSES_OF_A_KEY, now=now)
    if request.method in SAFE or (match and match.view_name in UNCOUNTED):
        return wait
    wait = wait or within(f"computer:{computer}", PER_COMPUTER, now=now)
    user = getattr(request, "user", None)
    if not wait and user is not None and user.is_authenticated:
        wait = within(f"person:{user.pk}", PER_PERSON, now=now)
    return wait

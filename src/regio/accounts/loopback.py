"""An open installation (the demo, or one planner without sign-in) answers this computer alone.

Three locks: the server does not start where it listens on another address, no other name is served, and a request that
came from elsewhere or through a proxy is refused.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

MOST_FILES = 256
INTERNET = (socket.AF_INET, socket.AF_INET6)
PROXY_HEADERS = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")
REFUSED = (
    "Deze installatie staat open voor deze computer alleen. Zet REGIO_DEMO en REGIO_OPEN uit om haar aan te bieden."
)


class OnlyHere:
    """Refuses every request from elsewhere while the installation is open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer this computer; say to others why not."""
        if settings.OPEN and not comes_from_here(request.META):
            return HttpResponseForbidden(REFUSED, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


def comes_from_here(meta: dict[str, str]) -> bool:
    """Tell whether a request began on this computer, without a proxy in between."""
    return is_loopback(str(meta.get("REMOTE_ADDR", ""))) and not any(meta.get(name) for name in PROXY_HEADERS)


def is_loopback(name: str) -> bool:
    """Tell whether a name or address means this computer. An empty one is a local socket file."""
    if name in ("", "localhost"):
        return True
    with suppress(ValueError):
        return ip_address(name.strip("[]")).is_loopback
    return False


def check_hosts(hosts: list[str]) -> None:
    """Refuse to start an open installation that serves another name.

    Raises:
        ImproperlyConfigured: with the names.
    """
    others = [host for host in hosts if not is_loopback(host) and host != "testserver"]
    if others:
        raise ImproperlyConfigured(f"{REFUSED} REGIO_HOSTS noemt: {', '.join(others)}")


def check_sockets() -> None:
    """Refuse to start an open installation in a process that listens on another address.

    Raises:
        SystemExit: with the addresses; nothing is served.
    """
    others = sorted({address for address in _listening_on() if not is_loopback(address)})
    if others:
        raise SystemExit(f"{REFUSED} De server luistert op: {', '.join(others)}")


def _listening_on() -> Iterator[str]:
    """Yield the addresses of the sockets of this process that wait, or will wait, for visitors."""
    for number in range(3, MOST_FILES):
        with suppress(OSError), socket.socket(fileno=os.dup(number)) as held:
            if (
                held.family in INTERNET
                and held.type == socket.SOCK_STREAM
                and held.getsockname()[1]
                and _is_alone(held)
            ):
                yield str(held.getsockname()[0])


def _is_alone(held: socket.socket) -> bool:
    """Tell whether nobody is at the other end: bound, and no connection to a database."""
    try:
        held.getpeername()
    except OSError:
        return True
    return False

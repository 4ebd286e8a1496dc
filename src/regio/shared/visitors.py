"""From which computer a request comes. Behind a proxy that is told by a header, which only a trusted proxy may write."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the address of the visitor's computer; "" where it is unknown.

    With REGIO_PROXIES=n each of n proxies of our own adds the address that it saw to the end of X-Forwarded-For; what
    stands before those a visitor may have invented. Without that setting the header is not looked at.
    """
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXIES:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(forwarded) >= settings.TRUSTED_PROXIES:
            told = forwarded[-settings.TRUSTED_PROXIES]
    try:
        return str(ip_address(told))
    except ValueError:
        return ""

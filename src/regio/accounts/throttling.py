"""Limits on attempts to sign in: wide per computer, since 150 schools share addresses, narrow per mail address or link.

What the product counts itself goes through `regio.shared.limits`, as every other limit does. allauth counts wrong second
steps in steps of its own and forgets them when a right one follows; it keeps these in the cache, a table with hashed
names, where it also remembers which code of an app was used.
"""

import hmac

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from regio.shared.limits import Limit, within
from regio.shared.visitors import address_of

MINUTE, HOUR = 60, 3600
SHARED = (Limit(300, MINUTE), Limit(2000, HOUR))
# Limits per computer and per key.
TRIES = {
    "request_login_code": (SHARED, (Limit(3, MINUTE), Limit(8, HOUR))),  # a code by mail; key is the address
    "entry_link": (SHARED, (Limit(10, MINUTE),)),  # opening a link; key is the link
    "entry_link_again": (SHARED, (Limit(2, MINUTE), Limit(6, HOUR))),  # asking for a new one; key is the link
    "mail_off": (SHARED, (Limit(10, MINUTE),)),  # leaving off mail by a link; key is the link
}


def hashed_key(key: str, key_prefix: str, version: int) -> str:
    """Return the name under which the cache keeps something (Django's KEY_FUNCTION)."""
    text = f"{key_prefix}:{version}:{key}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), "sha256").hexdigest()


def may_try(request: HttpRequest, action: str, key: str) -> bool:
    """Count one attempt that changes something and tell whether it is within the limits of `TRIES`."""
    if request.method in ("GET", "HEAD"):
        return True
    now, (of_computer, of_key) = timezone.now(), TRIES[action]
    computer = f"{action}:computer:{address_of(request)}"
    return not (within(computer, of_computer, now=now) or within(f"{action}:key:{key}", of_key, now=now))

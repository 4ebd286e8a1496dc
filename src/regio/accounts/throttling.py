"""Limits on attempts to sign in: wide per computer, since 150 schools share addresses, narrow per mail address or link.

What is counted lives in the database, so that all processes of a server count together. The names under which it is
counted are hashed with the key of the installation: the table says nothing about a person or a computer.
"""

import hmac

from django.conf import settings
from django.http import HttpRequest

RATES = {
    "request_login_code": "300/m/ip,2000/h/ip,3/m/key,8/h/key",  # a code by mail; key is the address
    "login_failed": "300/m/ip,5/5m/key",  # the second step; key is the person
    "login": "300/m/ip",
    "reauthenticate": "10/m/user",
    "entry_link": "300/m/ip,10/m/key",  # opening a link; key is the link
    "entry_link_again": "300/m/ip,2/m/key,6/h/key",  # asking for a new one; key is the link
}


def hashed_key(key: str, key_prefix: str, version: int) -> str:
    """Return the name under which the cache keeps something (Django's KEY_FUNCTION)."""
    text = f"{key_prefix}:{version}:{key}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), "sha256").hexdigest()


def may_try(request: HttpRequest, action: str, key: str) -> bool:
    """Count one attempt and tell whether it is within the limits of `RATES`."""
    from allauth.core import ratelimit  # brings the sign-in views with it

    return bool(ratelimit.consume(request, action=action, key=key))

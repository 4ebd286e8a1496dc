"""Settings that make an installation on a network safe; an open installation on one computer does without HTTPS."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

DEMO_KEY = "only-for-a-demo-on-loopback"
YEAR_S = 365 * 24 * 3600


def security_settings(*, is_open: bool, proxies: int) -> dict[str, Any]:
    """Return Django's settings for safe headers and HTTPS.

    Args:
        is_open: on this computer alone, over plain HTTP.
        proxies: how many proxies of our own stand before the server; only then a header tells whether it was HTTPS.
    """
    headers = {
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 1_000_000,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 500,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 10,
        "FILE_UPLOAD_PERMISSIONS": 0o600,
    }
    if is_open:
        return headers
    return headers | {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None,
        "SECURE_HSTS_SECONDS": YEAR_S,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        # Whether browsers learn a whole domain by heart is for the owner of the domain to decide.
        "SILENCED_SYSTEM_CHECKS": ["security.W021"],
    }


def check_secret_key(key: str) -> None:
    """Refuse to serve a network with the key of the demo, which everybody knows.

    Raises:
        ImproperlyConfigured: the key is that one, or too short to be secret.
    """
    if key == DEMO_KEY or len(key) < 50:
        raise ImproperlyConfigured(
            "REGIO_SECRET_KEY ontbreekt of is korter dan 50 tekens. Maak er een met: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )

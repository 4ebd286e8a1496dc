"""Settings for signing in: one-time codes by mail, a second step, the school's own account, sessions in the database."""

import os
from pathlib import Path
from typing import Any

SIGN_IN_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django.contrib.sessions",
]
PROVIDER_APP = "allauth.socialaccount.providers.openid_connect"
HALF_DAY_S = 12 * 3600
# What allauth counts in steps of its own; the rest is in `regio.accounts.throttling`, which asks the models.
RATES = {
    "login_failed": "300/m/ip,5/5m/key",  # the second step; key is the person
    "reauthenticate": "10/m/user",
    **dict.fromkeys(("request_login_code", "login"), ""),
}


def sign_in_settings(*, is_open: bool) -> dict[str, Any]:
    """Return Django's settings for signing in.

    Args:
        is_open: on this computer alone, over plain HTTP; elsewhere cookies travel over HTTPS only.
    """
    return {
        "AUTH_USER_MODEL": "accounts.Person",
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "LOGIN_URL": "/inloggen/",
        "LOGIN_REDIRECT_URL": "/vandaag/",
        "LOGOUT_REDIRECT_URL": "/",
        **_sessions(is_open=is_open),
        "ACCOUNT_ADAPTER": "regio.accounts.adapters.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_EMAIL_VERIFICATION": "none",  # the code or link in the mail is the proof
        "ACCOUNT_LOGIN_BY_CODE_ENABLED": True,
        "ACCOUNT_LOGIN_BY_CODE_TIMEOUT": 15 * 60,
        "ACCOUNT_LOGIN_BY_CODE_FORMAT": {"numeric": True, "dashed": True, "length": 8},
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 15 * 60,
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_RATE_LIMITS": RATES,
        "ALLAUTH_TRUSTED_PROXY_COUNT": int(os.environ.get("REGIO_PROXIES", 0)),
        "MFA_ADAPTER": "regio.accounts.adapters.SecondFactorAdapter",
        "MFA_FORMS": {
            "add_webauthn": "regio.accounts.key_forms.AddKey",
            "authenticate_webauthn": "regio.accounts.key_forms.UseKey",
            "reauthenticate_webauthn": "regio.accounts.key_forms.UseKeyAgain",
        },
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "MFA_TOTP_TOLERANCE": 1,
        "SOCIALACCOUNT_ADAPTER": "regio.accounts.providers.ProviderAdapter",
        "SOCIALACCOUNT_REQUESTS_TIMEOUT": 10,
        "SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX": "",
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "accounts_throttle",
                "KEY_FUNCTION": "regio.accounts.throttling.hashed_key",
                "OPTIONS": {"MAX_ENTRIES": 50_000},
            }
        },
    }


def _sessions(*, is_open: bool) -> dict[str, Any]:
    """Sessions are rows, so that they can be ended; the cookie is for the server alone."""
    return {
        "SESSION_ENGINE": "django.contrib.sessions.backends.db",
        "SESSION_COOKIE_AGE": HALF_DAY_S,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": not is_open,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": not is_open,
    }


def provider_settings(path: str | None) -> dict[str, Any]:
    """Return the providers of school accounts in this file (REGIO_PROVIDERS), see docs/nl/inloggen.md for its form.

    Raises:
        KeyError: a provider without name, address, client or claims.
    """
    apps = [_provider(one) for one in _read(path)] if path else []
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def _read(path: str) -> list[dict[str, Any]]:
    import yaml  # a server without such a file starts faster without

    providers: list[dict[str, Any]] = yaml.safe_load(Path(path).read_text(encoding="utf-8"))["providers"]
    return providers


def _provider(one: dict[str, Any]) -> dict[str, Any]:
    """Return one provider as allauth wants it; the secret comes from the environment, never from a file."""
    return {
        "provider_id": one["id"],
        "name": one["name"],
        "client_id": one["client_id"],
        "secret": os.environ.get(one["secret_variable"], ""),
        "settings": {
            "server_url": one["address"],
            "email_claim": one["claims"]["email"],
            "organisation_claim": one["claims"].get("organisation", ""),
            "organisations": one.get("organisations", {}),
            "vouches_for_email": one.get("vouches_for_email", False),
            "second_factor": one.get("second_factor", {}),
        },
    }


def mail_settings(home: Path) -> dict[str, Any]:
    """Return where mail goes: to the server REGIO_MAIL_HOST names, else to files in the home folder."""
    host = os.environ.get("REGIO_MAIL_HOST")
    sender = os.environ.get("REGIO_MAIL_FROM", "regio@localhost")
    if not host:
        folder = str(home / "mail")
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
            "DEFAULT_FROM_EMAIL": sender,
        }
    return {
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(os.environ.get("REGIO_MAIL_PORT", 587)),
        "EMAIL_HOST_USER": os.environ.get("REGIO_MAIL_USER", ""),
        "EMAIL_HOST_PASSWORD": os.environ.get("REGIO_MAIL_PASSWORD", ""),
        "EMAIL_USE_TLS": os.environ.get("REGIO_MAIL_TLS", "1") == "1",
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": sender,
    }

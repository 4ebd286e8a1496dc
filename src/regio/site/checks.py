"""What `regio check --deploy` says about this installation beside Django's own checks: without mail nobody comes in."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning

from regio.accounts.loopback import is_loopback

FILES = "filebased"


def check_installation(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Return what an administrator forgot; nothing on an open installation, which serves this computer alone."""
    if settings.OPEN:
        return []
    forgotten = {
        "W001": (FILES in settings.EMAIL_BACKEND, "REGIO_MAIL_HOST ontbreekt: codes en links worden bestanden, niemand kan inloggen."),
        "W002": (all(map(is_loopback, settings.ALLOWED_HOSTS)), "REGIO_HOSTS noemt alleen deze computer: van buiten antwoordt de site niet."),
        "W003": (settings.TRUSTED_PROXIES == 0, "REGIO_PROXIES is 0: achter een webserver leidt elke pagina eindeloos door naar https."),
        "W004": (not settings.SECURITY_CONTACT, "REGIO_SECURITY_CONTACT ontbreekt: wie een lek vindt, weet niet waar het te melden."),
        "W005": (settings.DEFAULT_FROM_EMAIL.endswith("@localhost"), "REGIO_MAIL_FROM ontbreekt: mail van @localhost komt zelden aan."),
    }  # fmt: skip
    return [Warning(words, id=f"regio.{code}") for code, (is_so, words) in forgotten.items() if is_so]

"""Where allauth asks the product: who may sign up (nobody), which mail goes out, how secrets are kept."""

import base64
import hashlib
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from regio.shared.mail import MailRefused, deliver

WRONG_CODE = "Deze code klopt niet. Kijk of u de nieuwste code heeft en typ hem nog eens."
TOO_OFTEN = "U heeft dit te vaak geprobeerd. Wacht vijf minuten en probeer het dan opnieuw."
TURN_OFF = "U heeft deze stap nodig voor uw rol. Zet eerst een andere tweede stap aan."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by code, with our sentences."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people come by invitation."""
        return False

    def get_login_stages(self) -> list[str]:
        """Return the steps of signing in, with our own second step."""
        theirs: list[str] = super().get_login_stages()
        return [
            "regio.accounts.stages.SecondStep" if stage == "allauth.mfa.stages.AuthenticateStage" else stage
            for stage in theirs
        ]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; where it cannot go out the person is told so."""
        try:
            deliver(self.render_mail(template_prefix, email, context))
        except MailRefused:
            raise ImmediateHttpResponse(render(allauth_context.request, "account/no_mail.html", status=503)) from None

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send no mail of allauth's own; the trail and the account page say what changed."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second step, with its secrets encrypted by a key that is not in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": TURN_OFF,
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret as it is used; one of another key of the installation becomes one that nobody can know."""
        from cryptography.fernet import InvalidToken

        try:
            return str(_box().decrypt(encrypted_text.encode()).decode())
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def get_totp_issuer(self) -> str:
        """Return the name in somebody's authenticator app."""
        return "Onderwijsregio"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the site for which a key counts."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Onderwijsregio"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Return the name of a new key."""
        from allauth.mfa.models import Authenticator

        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"Sleutel {number}"


def _box() -> Any:
    from cryptography.fernet import Fernet

    key = hashlib.sha256(b"regio.accounts.second_factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))

"""Forms for keys (passkeys) that answer forged input with a sentence; apart, since the library of keys is slow to load."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django.core.exceptions import ImproperlyConfigured

WRONG_KEY = "Deze sleutel werkte niet. Probeer het nog eens, of gebruik een code."


class Careful:
    """Turns whatever the parsers of the library raise on something that is no key into an error of the form."""

    def full_clean(self: Any) -> None:
        """Check the key."""
        try:
            super().full_clean()  # type: ignore[misc]
        except ImproperlyConfigured:
            raise
        except Exception:  # KeyError, TypeError, struct.error and more, depending on what is missing
            self.cleaned_data: dict[str, object] = {}
            self.add_error(None, WRONG_KEY)


class AddKey(Careful, AddWebAuthnForm):  # type: ignore[misc]
    """A new key."""


class UseKey(Careful, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key as second step."""


class UseKeyAgain(Careful, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key once more, before something that touches safety."""

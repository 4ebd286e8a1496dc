"""Registers the app and the kinds of events it writes."""

from django.apps import AppConfig

from regio.audit.kinds import register_kinds


class AccountsConfig(AppConfig):
    """The `accounts` app."""

    name = "regio.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Make the events of this app known."""
        register_kinds(
            "accounts",
            {
                "membership_given": "Er is een rol gegeven",
                "membership_ended": "Er is een rol beëindigd",
                "consent_given": "Er is toestemming gegeven",
                "consent_withdrawn": "Toestemming is ingetrokken",
            },
        )

"""Registers the app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The `site` app."""

    name = "regio.site"
    label = "site"

    def ready(self) -> None:
        """Say who may use the addresses of this app."""
        from regio.accounts.access import register_access

        from .rules import ACCESS

        register_access(ACCESS)

"""Registers the app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The `site` app."""

    name = "regio.site"
    label = "site"

    def ready(self) -> None:
        """Say who may use the addresses of operation: everybody, and each of them tells strangers little."""
        from regio.accounts.access import PUBLIC, register_access

        register_access(dict.fromkeys(("health", "version", "security_txt"), PUBLIC))

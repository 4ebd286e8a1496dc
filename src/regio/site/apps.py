"""Registers the app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The `site` app."""

    name = "regio.site"
    label = "site"

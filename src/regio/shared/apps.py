"""Registers the app."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """The `shared` app."""

    name = "regio.shared"
    label = "shared"

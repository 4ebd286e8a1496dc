"""Registers the app."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """The `workforce` app."""

    name = "regio.workforce"
    label = "workforce"

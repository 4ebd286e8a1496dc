"""Registers the app."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """The `regions` app."""

    name = "regio.regions"
    label = "regions"

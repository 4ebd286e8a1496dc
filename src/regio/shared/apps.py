"""Registers the app, and the long work it knows."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """The `shared` app."""

    name = "regio.shared"
    label = "shared"

    def ready(self) -> None:
        """Make fetching files known to the worker, by path."""
        from . import jobs

        jobs.register("ophalen", "regio.shared.importing.fetching.fetch_and_import")

"""Registers the app and its adapters."""

from django.apps import AppConfig

from regio.shared.importing.registry import register_sources


class RegionsConfig(AppConfig):
    """The `regions` app."""

    name = "regio.regions"
    label = "regions"

    def ready(self) -> None:
        """Name the package of readers; it is imported when an import begins."""
        register_sources("regio.regions.sources")

"""Registers the app, and the long work it knows."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """The `shared` app."""

    name = "regio.shared"
    label = "shared"

    def ready(self) -> None:
        """Make fetching files known to the worker, by path, and what happens by itself."""
        from datetime import time

        from . import jobs, schedule

        jobs.register("ophalen", "regio.shared.importing.fetching.fetch_and_import", retries=3, pause_s=300)
        jobs.register("opruimen", "regio.shared.tidying.tidy_up", priority=jobs.BY_ITSELF, retries=3)
        schedule.register(schedule.Recurring("opruimen", "Oude taken en tellers opruimen", time(4, 30)))

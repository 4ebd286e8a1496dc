"""Registers the app, and the long work it knows."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    """The `shared` app."""

    name = "regio.shared"
    label = "shared"

    def ready(self) -> None:
        """Make fetching files known to the worker, by path, and what happens by itself."""
        from datetime import time

        from . import jobs, retention, schedule

        jobs.register("ophalen", "regio.shared.importing.fetching.fetch_and_import", retries=3, pause_s=300)
        jobs.register("opruimen", "regio.shared.tidying.tidy_up", priority=jobs.BY_ITSELF, retries=3)
        schedule.register(schedule.Recurring("opruimen", "Oude taken en tellers opruimen", time(4, 30)))
        here = "regio.shared.old_rows"
        retention.register_rule("taak", f"{here}.jobs_done")
        retention.register_rule("taak_mislukt", f"{here}.jobs_failed")
        retention.register_rule("post_verwerkt", f"{here}.mail_done")
        retention.register_rule("post_weg", f"{here}.mail_dropped")
        retention.register_rule("post_nieuw", f"{here}.mail_left")
        retention.register_rule("inleescontrole", f"{here}.findings_of_replaced_files", f"{here}.empty_values")
        retention.register_rule("mailbestand", f"{here}.files_of_mail", f"{here}.remove_files")

"""Registers the app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The `audit` app."""

    name = "regio.audit"
    label = "audit"

    def ready(self) -> None:
        """Let the trail be read every night."""
        from datetime import time

        from regio.shared import jobs, schedule

        jobs.register("logboek", "regio.audit.nightly.check_trail", priority=jobs.BY_ITSELF)
        schedule.register(schedule.Recurring("logboek", "Het logboek narekenen", time(4)))

"""Registers the app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The `audit` app."""

    name = "regio.audit"
    label = "audit"

    def ready(self) -> None:
        """Let the trail be read every night, and what is at the end of its term go."""
        from datetime import time

        from regio.shared import jobs, retention, schedule

        from .kinds import register_kinds

        jobs.register("logboek", "regio.audit.nightly.check_trail", priority=jobs.BY_ITSELF)
        schedule.register(schedule.Recurring("logboek", "Het logboek narekenen", time(4)))
        jobs.register("bewaartermijnen", "regio.audit.retaining.retain", priority=jobs.BY_ITSELF)
        schedule.register(schedule.Recurring("bewaartermijnen", "Bewaartermijnen uitvoeren", time(4, 45)))
        retention.register_rule("logboek", "regio.audit.retaining.old_events", "regio.audit.retaining.drop_events")
        register_kinds("audit", {"term_ended": "Een bewaartermijn is uitgevoerd"})

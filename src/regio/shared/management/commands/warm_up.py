"""`regio warm_up`: compile what the worker needs, where this machine has not done so yet."""

from typing import Any

from django.core.management.base import BaseCommand

from regio.shared import jobs


class Command(BaseCommand):
    help = "Maakt de rekenkern klaar voor deze computer, zodat de eerste prognose niet hoeft te wachten."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what a worker does before its first job."""
        jobs.warm_up()

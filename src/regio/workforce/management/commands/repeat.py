"""`regio repeat RUN`: compute a kept forecast again and say whether every byte is the same.

The exit code is 0 where it is, 1 where it is not or cannot be told.

Example:
    regio repeat 12
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regio.shared.arguments import whole_number
from regio.shared.errors import UserError
from regio.workforce.actions import repeat_forecast
from regio.workforce.models import ForecastRun


class Command(BaseCommand):
    """Hold a kept forecast against the same computation done now."""

    help = "Rekent een bewaarde prognose opnieuw en zegt of de uitkomst op de byte af gelijk is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("run", type=whole_number(1, 2**31), help="nummer van de prognose, zoals op de pagina staat")

    def handle(self, *, run: int, **_: Any) -> None:
        """Compute and compare."""
        kept = ForecastRun.objects.filter(pk=run).first()
        if kept is None:
            raise CommandError(f"Er is geen prognose {run}.")
        try:
            is_same = repeat_forecast(kept, self._progress)
        except UserError as error:
            raise CommandError(str(error)) from error
        if not is_same:
            raise CommandError(
                f"Prognose {run} geeft nu een andere uitkomst, met hetzelfde model en dezelfde gegevens. Dat mag niet:"
                " meld het aan de beheerder."
            )
        self.stdout.write(f"Prognose {run} geeft op de byte af dezelfde uitkomst ({kept.result_sha256[:12]}).")

    def _progress(self, done: float, total: float, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done / total:4.0%} {text[:70]:<70}", ending="")

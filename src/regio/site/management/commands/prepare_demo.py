"""`regio prepare_demo`: everything the demo needs, in one go; a second call has nothing to do and takes under a second."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from regio.shared.arguments import day, whole_number
from regio.shared.bulk import refresh_statistics
from regio.shared.errors import UserError
from regio.site.migrating import bring_up_to_date
from regio.workforce.actions import DEFAULT_DRAWS

from .voorbeeld import DEFAULT_SEED, LARGEST_SEED


class Command(BaseCommand):
    help = "Maakt de demo klaar: database, Regio Voorbeeld, prognose en statische bestanden."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read seed, day and draws."""
        parser.add_argument(
            "--seed", type=whole_number(0, LARGEST_SEED), default=DEFAULT_SEED, help="startgetal van Regio Voorbeeld"
        )
        parser.add_argument("--as-of", type=day, default=None, help="dag JJJJ-MM-DD (standaard vandaag)")
        parser.add_argument(
            "--draws", type=whole_number(10, 10_000), default=None, help="aantal trekkingen van de eerste prognose"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is not done yet and say what."""
        from regio.site import actions
        from regio.site.example_cases import make_cases
        from regio.site.example_rounds import make_rounds
        from regio.workforce.model_runs.warming import warm_up_beside

        say = _with_seconds(self.stdout.write)
        settings.HOME.mkdir(parents=True, exist_ok=True)
        try:
            if not actions.is_prepared(settings.HOME):
                warm_up_beside()
            bring_up_to_date(say)
            as_of = options["as_of"] or timezone.localdate()
            actions.load_example_region(settings.HOME, seed=options["seed"], as_of=as_of, say=say)
            draws = options["draws"] or DEFAULT_DRAWS
            make_cases(actions.EXAMPLE_REGION_KEY, now=timezone.now())
            actions.compute_first_forecast(now=timezone.now(), say=say, draws=draws)
            make_rounds(actions.EXAMPLE_REGION_KEY, now=timezone.now())
        except UserError as error:
            raise CommandError(str(error)) from error
        refresh_statistics()
        actions.build_pages(settings.HOME, say=say)
        say("De demo staat klaar.")


def _with_seconds(write: Callable[[str], Any]) -> Callable[[str], None]:
    started = time.monotonic()

    def say(text: str) -> None:
        write(f"{time.monotonic() - started:5.1f} s  {text}")

    return say

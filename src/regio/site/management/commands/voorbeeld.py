"""`regio voorbeeld`: write the files of the invented region to a folder, for a day and a seed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from regio.shared.arguments import day, whole_number

LARGEST_SEED = 2**32 - 1
DEFAULT_SEED = 7  # gives the coast loses 14 %, the east grows


class Command(BaseCommand):
    help = "Schrijft de bestanden van Regio Voorbeeld (verzonnen) in de vorm van DUO en CBS."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read folder, seed and day."""
        parser.add_argument("--out", type=Path, required=True, help="map waarin de bestanden komen")
        parser.add_argument(
            "--seed", type=whole_number(0, LARGEST_SEED), default=DEFAULT_SEED,
            help="startgetal; hetzelfde getal geeft dezelfde regio",
        )  # fmt: skip
        parser.add_argument("--as-of", type=day, default=None, help="dag JJJJ-MM-DD (standaard vandaag)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and say what was written."""
        from regio.site.voorbeeld.files import write_region
        from regio.site.voorbeeld.region import build_region

        as_of = options["as_of"] or timezone.localdate()
        region = build_region(seed=options["seed"], as_of=as_of)
        try:
            files = write_region(region, options["out"])
        except OSError as error:
            raise CommandError(
                f"{options['out']} kan niet worden geschreven: {error.strerror}. Kies een andere map."
            ) from error
        megabytes = sum(file.stat().st_size for file in files) / 1e6
        self.stdout.write(
            f"{len(files)} bestanden, {megabytes:.1f} MB, nieuwste telling 1 oktober {region.timeline.newest}: {options['out']}"
        )

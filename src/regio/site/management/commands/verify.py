"""`regio verify FILE`: read a backup back and compare every table with its list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regio.site.backup import BackupRefused, summary, verify_backup


class Command(BaseCommand):
    help = "Leest een reservekopie terug en vergelijkt elke tabel met de lijst erin. Verandert niets."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the name of the file."""
        parser.add_argument("file", metavar="BESTAND", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and say what is in it."""
        try:
            listed = verify_backup(options["file"])
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"In orde: {options['file']}, {summary(listed)}.")

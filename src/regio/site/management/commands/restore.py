"""`regio restore FILE`: take a backup into use; what was there before stays beside it (SQLite)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from regio.site.backup import BackupRefused, restore_backup, summary


class Command(BaseCommand):
    help = "Zet een reservekopie terug nadat elke tabel is vergeleken. Stop eerst de server."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the name of the file."""
        parser.add_argument("file", metavar="BESTAND", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and say what is in it."""
        try:
            listed, kept = restore_backup(options["file"], now=timezone.now())
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Teruggezet: {options['file']}, {summary(listed)}.")
        if kept:
            self.stdout.write(f"De database van daarvoor staat nog in {kept}.")

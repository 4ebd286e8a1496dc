"""`regio backup [FILE]`: a copy of everything that is kept, in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from regio.site.backup import BackupRefused, make_backup, summary


class Command(BaseCommand):
    help = "Maakt een reservekopie van alle gegevens. De server mag blijven draaien."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the name of the file."""
        parser.add_argument("file", metavar="BESTAND", type=Path, nargs="?", help="standaard regio-DATUM-TIJD.tar")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the copy and say what is in it."""
        now = timezone.now()
        file = options["file"] or Path(f"regio-{timezone.localtime(now):%Y%m%d-%H%M%S}.tar")
        try:
            listed = make_backup(file, now=now)
        except BackupRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Gemaakt: {file}, {summary(listed)}. De geheime sleutel van de installatie zit er niet in.")

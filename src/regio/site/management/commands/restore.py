"""`regio restore FILE`: take a backup into use; what was there before stays beside it (SQLite).

Who was erased and which board left after the backup was made is back with it, and goes again at once.
"""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from regio.accounts.erasure import erase_again
from regio.accounts.leaving import leave_again
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
        self._erase_again(parse_datetime(listed["made_at"]))

    def _erase_again(self, since: datetime | None) -> None:
        """Let go again who and which boards went after this backup was made."""
        if since is None:
            return
        try:
            people, boards = erase_again(since=since, now=timezone.now()), leave_again(since=since, now=timezone.now())
        except DatabaseError:
            raise CommandError(
                "De kopie is teruggezet, maar is van een oudere versie. Draai 'regio migrate' en daarna dit nog eens, zodat opnieuw"
                " weggaat wie na de kopie is verwijderd."
            ) from None
        if people or boards:
            self.stdout.write(
                f"Opnieuw verwijderd, omdat dat na deze kopie was gebeurd: {people} personen, {boards} besturen."
            )

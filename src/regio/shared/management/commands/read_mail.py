"""`regio read_mail PATH…`: put the mail of a maildir or mbox in the list of what came in."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regio.shared.errors import UserError
from regio.shared.inbound import read_mailbox


class Command(BaseCommand):
    help = "Zet post uit een map (maildir) of bestand (mbox) in de lijst met binnengekomen mail."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask where the mail is."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PAD", help="maildir of mbox")
        parser.add_argument("--organisation", default="installatie:", help="van wie de postbus is, zoals regio:rpa:03")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read each and say how many were new; nothing of a mail is printed."""
        try:
            counts = [read_mailbox(path, options["organisation"][:80]) for path in options["paths"]]
        except UserError as error:
            raise CommandError(str(error)) from None
        new, seen = (sum(column) for column in zip(*counts, strict=True))
        self.stdout.write(f"Nieuw: {new}. Al eerder gelezen: {seen}.")

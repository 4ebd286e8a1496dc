"""`regio mail_all FILE --subject … --organisation …`: a dry run; with `--confirm CODE` it goes out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from regio.accounts.bulk_mail import dry_run, send_to_all
from regio.shared.errors import UserError


class Command(BaseCommand):
    help = "Stuurt een bericht aan iedereen die daar toestemming voor gaf; eerst een proef, dan met --confirm."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the text, the subject and from whom it comes."""
        parser.add_argument(
            "file", type=Path, metavar="BESTAND", help="tekst van het bericht, lege regel tussen alinea's"
        )
        parser.add_argument("--subject", required=True, metavar="ONDERWERP", help="onderwerp van de mail")
        parser.add_argument("--organisation", required=True, metavar="ORGANISATIE", help="van wie, zoals regio:rpa:03")
        parser.add_argument("--confirm", default="", metavar="CODE", help="verstuur; de code staat onder de proef")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show how many and a sample, or send what was shown."""
        try:
            words = options["file"].read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise CommandError("Het bestand is geen tekst in UTF-8. Sla het zo op en probeer het opnieuw.") from error
        mail = {"organisation": options["organisation"], "subject": options["subject"], "words": words}
        try:
            if options["confirm"]:
                sent = send_to_all(**mail, code=options["confirm"], now=timezone.now())
                self.stdout.write(f"Verstuurd: {sent} berichten.")
                return
            run = dry_run(**mail)
        except UserError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Proef: dit zou naar {len(run.people)} mensen gaan. Er is niets verstuurd.\n\n{run.sample}")
        self.stdout.write(f"Klopt dit, voeg dan toe: --confirm {run.code}")

"""`regio retention`: what is at the end of its term and what soon will be; `--confirm` ends it now instead of tonight."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from regio.audit.retaining import end_terms
from regio.shared.retention import outlook, terms


class Command(BaseCommand):
    help = "Laat zien wat aan het einde van zijn bewaartermijn is; met --confirm gaat het nu weg."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer to do it."""
        parser.add_argument("--confirm", action="store_true", help="voer het uit; zonder verandert er niets")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per term."""
        now = timezone.now()
        if not options["confirm"]:
            for row in outlook(now=now):
                self.stdout.write(f"{row.term.code}: nu {row.now}, binnen {row.within_days} dagen nog {row.soon} ({row.term.what}, {row.term.outcome})")  # fmt: skip
            self.stdout.write("Er is niets veranderd. Met --confirm gaat weg wat er nu aan toe is.")
            return
        gone, failed = end_terms(now=now)
        for code, number in gone.items():
            if number:
                self.stdout.write(f"{code}: {number} × {terms()[code].what}")
        self.stdout.write(f"Klaar: {sum(gone.values())} gegevens.")
        if failed:
            raise CommandError(f"Deze termijnen liepen vast: {', '.join(failed)}. Kijk in het log.")

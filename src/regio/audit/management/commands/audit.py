"""`regio audit`: check that nobody changed the trail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regio.audit.queries import check_chain


class Command(BaseCommand):
    help = "Controleert het logboek: is er een regel veranderd, tussengevoegd of weggehaald?"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the whole trail and say what was found."""
        check = check_chain()
        if not check.is_whole:
            where = f"bij gebeurtenis {check.broken_at}" if check.broken_at not in (None, -1) else "aan het einde"
            raise CommandError(
                f"Het logboek klopt niet {where}: {check.events} gebeurtenissen passen, {max(check.missing, 0)} ontbreken aan"
                " het einde. Vergelijk met een reservekopie (regio verify)."
            )
        self.stdout.write(f"Het logboek is heel: {check.events} gebeurtenissen.")

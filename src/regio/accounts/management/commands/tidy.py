"""`regio tidy`: remove what signing in leaves behind, once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from regio.accounts.actions import forget_old_sign_ins


class Command(BaseCommand):
    help = "Ruimt op wat van het inloggen te oud is: sessies, links en tellingen."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove it and say how much it was."""
        gone = forget_old_sign_ins(now=timezone.now())
        self.stdout.write("Opgeruimd: " + ", ".join(f"{number} {name}" for name, number in gone.items()) + ".")

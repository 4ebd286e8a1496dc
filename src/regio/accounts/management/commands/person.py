"""`regio person add`: the first people of an installation; later ones are invited on the page /mensen/."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from regio.accounts.actions import give_role, make_entry_link
from regio.accounts.enums import GIVEN_ROLES
from regio.shared.errors import UserError


class Command(BaseCommand):
    help = "Geeft iemand een rol, bijvoorbeeld de eerste beheerder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask who, which role and for which organisation."""
        parser.add_argument("wat", choices=["add"], help="add: geef iemand een rol")
        parser.add_argument("email", metavar="EMAIL", help="het e-mailadres van de persoon")
        parser.add_argument("--role", required=True, metavar="ROL", help=", ".join(GIVEN_ROLES))
        parser.add_argument(
            "--organisation", required=True, metavar="ORGANISATIE", help="bestuur:41234, regio:rpa:03 of installatie:"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Give the role and print a link that lets the person in once."""
        now = timezone.now()
        try:
            given = give_role(
                email=options["email"], role=options["role"], organisation=options["organisation"], now=now
            )
        except UserError as refused:
            raise CommandError(str(refused)) from None
        token = make_entry_link(given.person, target_path=reverse("start"), now=now)
        self.stdout.write(
            f"{given.get_role_display().capitalize()} voor {given.organisation}: persoon {given.person_id}."
        )
        self.stdout.write("Met deze link, achter het adres van uw installatie, komt de persoon één keer binnen:")
        self.stdout.write(reverse("entry_link", args=[token]))

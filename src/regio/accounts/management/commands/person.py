"""`regio person add`: the first people of an installation; later ones are invited on the page /mensen/. `reset`: who lost
app, keys and emergency codes sets up a new second step."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from regio.accounts.actions import forget_second_steps, give_role, make_entry_link
from regio.accounts.enums import GIVEN_ROLES
from regio.shared.errors import UserError


class Command(BaseCommand):
    help = "Geeft iemand een rol (add), of haalt een verloren tweede stap weg (reset)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask who, which role and for which organisation."""
        parser.add_argument("wat", choices=["add", "reset"], help="add: geef een rol; reset: haal de tweede stap weg")
        parser.add_argument("email", metavar="EMAIL", help="het e-mailadres van de persoon")
        parser.add_argument("--role", default="", metavar="ROL", help=", ".join(GIVEN_ROLES))
        parser.add_argument(
            "--organisation", default="", metavar="ORGANISATIE", help="bestuur:41234, regio:rpa:03 of installatie:"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in one sentence why not."""
        try:
            (self.add if options["wat"] == "add" else self.reset)(options)
        except UserError as refused:
            raise CommandError(str(refused)) from None

    def reset(self, options: dict[str, Any]) -> None:
        """Let somebody who lost app, keys and codes begin anew."""
        person = forget_second_steps(options["email"], now=timezone.now())
        self.stdout.write(f"De tweede stap van persoon {person.pk} is weg, en overal is die persoon uitgelogd.")

    def add(self, options: dict[str, Any]) -> None:
        """Give the role and print a link that lets the person in once."""
        now = timezone.now()
        given = give_role(email=options["email"], role=options["role"], organisation=options["organisation"], now=now)
        token = make_entry_link(given.person, target_path=str(settings.LOGIN_REDIRECT_URL), now=now)
        self.stdout.write(
            f"{given.get_role_display().capitalize()} voor {given.organisation}: persoon {given.person_id}."
        )
        self.stdout.write("Met deze link, achter het adres van uw installatie, komt de persoon één keer binnen:")
        self.stdout.write(reverse("entry_link", args=[token]))

"""`regio erase NUMMER`: what erasing a person would do; `--confirm` does it. `--copy FILE` writes the copy of the data first."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from regio.accounts.erasure import erase_person, what_erasing_does
from regio.accounts.models import Person
from regio.accounts.queries import subject_of
from regio.shared.person_rows import copy_of


class Command(BaseCommand):
    help = "Laat zien wat het verwijderen van een persoon doet; met --confirm gebeurt het."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask whom."""
        parser.add_argument("nummer", type=int, metavar="NUMMER", help="nummer van de persoon, zoals op Mijn account")
        parser.add_argument(
            "--copy", type=Path, metavar="BESTAND", help="schrijf eerst de kopie van de gegevens hierheen"
        )
        parser.add_argument("--confirm", action="store_true", help="verwijder; zonder verandert er niets")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what goes and what stays; names nobody."""
        person = Person.objects.filter(pk=options["nummer"]).first()
        if person is None:
            raise CommandError(f"Persoon {options['nummer']} is er niet. Het nummer staat op de pagina Mijn account.")
        if options["copy"]:
            self._copy(person, options["copy"])
        fates, named = what_erasing_does(person)
        for fate in fates:
            if fate.rows:
                self.stdout.write(f"{fate.title}: {fate.rows}, {fate.what}{f' ({fate.why})' if fate.why else ''}")
        for table, field, rows in named:
            self.stdout.write(
                f"Let op: anderen noemen deze persoon in {table}, {field} ({rows} keer). Kijk er zelf naar."
            )
        if not options["confirm"]:
            self.stdout.write("Er is niets veranderd. Met --confirm wordt de persoon verwijderd.")
            return
        erase_person(person, reason="verzoek", now=timezone.now())
        self.stdout.write(f"Persoon {options['nummer']} is verwijderd.")

    def _copy(self, person: Person, path: Path) -> None:
        text = json.dumps(copy_of(subject_of(person)), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        path.touch(mode=0o600)
        path.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"De kopie staat in {path.name}.")

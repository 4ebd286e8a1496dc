"""`regio link OLD NEW`: tell that a location merged, moved, was split or closed, so that the forecast follows it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regio.regions.actions import link_location
from regio.regions.enums import LinkKind
from regio.shared.arguments import day
from regio.shared.errors import UserError


class Command(BaseCommand):
    """Record one link between location codes."""

    help = "Legt vast dat een vestiging fuseert, verhuist, splitst of sluit. De prognose volgt dat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("old", help="code van de vestiging die verdwijnt, zoals 00AH00")
        parser.add_argument("new", nargs="?", help="code van de vestiging waar de leerlingen heen gaan")
        parser.add_argument("--kind", choices=LinkKind.values, default=LinkKind.MERGER)
        parser.add_argument("--since", type=day, required=True, metavar="JJJJ-MM-DD")
        parser.add_argument("--share", type=float, default=1.0, help="deel van de leerlingen dat overgaat (0 tot 1)")
        parser.add_argument("--source", default="eigen opgave", help="wie dit weet")

    def handle(self, **options: Any) -> None:
        """Record the link."""
        try:
            link = link_location(
                old_code=options["old"], new_code=options["new"], kind=LinkKind(options["kind"]),
                since=options["since"], share=options["share"], source=options["source"],
            )  # fmt: skip
        except UserError as error:
            raise CommandError(str(error)) from error
        goal = f" in {link.new.code}" if link.new else ""
        self.stdout.write(f"Vastgelegd: {link.old.code}{goal}, {link.get_kind_display()} per {link.since:%d-%m-%Y}.")

"""`regio link OLD NEW`: tell that a location merged, moved, was split or closed, so that the forecast follows it.

`regio link --undo OLD NEW` takes it back, also what a register only made likely.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regio.regions.actions import link_location, undo_link
from regio.regions.enums import LinkKind
from regio.regions.models import LocationLink
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
        parser.add_argument("--since", type=day, metavar="JJJJ-MM-DD", help="eerste dag van de nieuwe toestand")
        parser.add_argument("--undo", action="store_true", help="haal weg wat van OLD (naar NEW) is vastgelegd")
        parser.add_argument("--share", type=float, default=1.0, help="deel van de leerlingen dat overgaat (0 tot 1)")
        parser.add_argument("--source", default="eigen opgave", help="wie dit weet")

    def handle(self, **options: Any) -> None:
        """Record the link, or take it back."""
        if not options["undo"] and options["since"] is None:
            raise CommandError("Sinds wanneer? Voeg --since JJJJ-MM-DD toe.")
        try:
            link = _undone(options) if options["undo"] else _made(options)
        except UserError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{'Weggehaald' if options['undo'] else 'Vastgelegd'}: {_words(link)}.")


def _made(options: dict[str, Any]) -> LocationLink:
    return link_location(
        old_code=options["old"], new_code=options["new"], kind=LinkKind(options["kind"]),
        since=options["since"], share=options["share"], source=options["source"],
    )  # fmt: skip


def _undone(options: dict[str, Any]) -> LocationLink:
    return undo_link(old_code=options["old"], new_code=options["new"])


def _words(link: LocationLink) -> str:
    goal = f" in {link.new.code}" if link.new else ""
    since = f" per {link.since:%d-%m-%Y}" if link.since else ""
    return f"{link.old.code}{goal}, {link.get_kind_display()}{since}"

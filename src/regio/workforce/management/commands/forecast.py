"""`regio forecast pupils|exams|need|staff|shortage`: a forecast on the command line, as csv, xlsx or json.

Examples:
    regio forecast pupils --all --by location --years 4 --out leerlingen.csv
    regio forecast exams --all --years 2 --out examens.csv
    regio forecast need --region rpa:03 --format xlsx --out formatie.xlsx
    regio forecast shortage --board 41234 --years 6 --out tekort.csv
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regio.regions.enums import Sector
from regio.shared.arguments import whole_number
from regio.shared.errors import UserError
from regio.shared.export import FORMATS, rows_to_bytes, write_rows
from regio.workforce.actions import DEFAULT_DRAWS, DEFAULT_SEED

GRAINS = ("location", "school", "board", "region", "level")


class Command(BaseCommand):
    """Forecast learners, exam candidates, need, staff or shortage for any selection of locations."""

    help = (
        "Maakt een prognose van leerlingen (pupils), examenkandidaten (exams), formatie volgens de regel (need), bezetting (staff)"
        " of tekort (shortage)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("what", choices=("pupils", "exams", "need", "staff", "shortage"))
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--region", help="sleutel van een regio, zoals rpa:03, rmc:07 of set:kust")
        where.add_argument("--board", help="nummer van een bestuur")
        where.add_argument("--location", help="code van een vestiging, zoals 00AH00")
        where.add_argument("--all", action="store_true", help="heel Nederland")
        parser.add_argument("--sector", choices=Sector.values, default=Sector.VO)
        parser.add_argument(
            "--by", choices=GRAINS, help="per wat de cijfers worden opgeteld; zonder --by per vestiging, bezetting en tekort per bestuur"
        )  # fmt: skip
        parser.add_argument(
            "--years", type=whole_number(1, 15), default=5, help="jaren vooruit vanaf de laatste telling (1 tot 15)"
        )
        parser.add_argument(
            "--draws", type=whole_number(10, 10_000), default=DEFAULT_DRAWS, help="aantal trekkingen (10 tot 10000)"
        )
        parser.add_argument(
            "--seed", type=whole_number(0, 2**63 - 1), default=DEFAULT_SEED,
            help="startgetal; hetzelfde getal geeft dezelfde cijfers",
        )  # fmt: skip
        parser.add_argument(
            "--published-percent", type=whole_number(0, 100),
            help="hoe zwaar een geladen prognose van een ander meetelt (0 tot 100); anders naar wat eerdere edities waard bleken",
        )  # fmt: skip
        parser.add_argument("--format", choices=FORMATS, default="csv", dest="file_format")
        parser.add_argument("--out", type=Path, help="bestand; zonder --out komt csv of json op het scherm")

    def handle(self, **options: Any) -> None:
        """Compute and write."""
        from regio.workforce.model_runs.tables import forecast_table

        if options["by"] == "level" and options["what"] != "pupils":
            raise CommandError("--by level kan alleen bij pupils. Kies location, school, board of region.")
        if options["what"] == "exams" and options["sector"] != Sector.VO:
            raise CommandError("Examenkandidaten zijn er alleen in het vo. Laat --sector weg.")
        if options["file_format"] == "xlsx" and options["out"] is None:
            raise CommandError("Een xlsx-bestand heeft een naam nodig: voeg --out NAAM.xlsx toe.")
        try:
            table = forecast_table(
                what=options["what"], selection=_selection(options), sector=options["sector"], by=options["by"] or _usual_grain(options),
                years=options["years"], draws=options["draws"], seed=options["seed"], progress=self._progress,
                published_weight=None if options["published_percent"] is None else options["published_percent"] / 100,
            )  # fmt: skip
        except UserError as error:
            raise CommandError(str(error)) from error
        self._write(table.rows, table.columns, options)
        for note in table.notes:
            self.stderr.write(note)

    def _progress(self, share: float, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{share:4.0%} {text[:70]:<70}", ending="")

    def _write(self, rows: list[dict[str, Any]], columns: tuple[str, ...], options: dict[str, Any]) -> None:
        file_format, out = options["file_format"], options["out"]
        if out is None:
            self.stdout.write(rows_to_bytes(rows, columns=columns, file_format=file_format).decode(), ending="")
            return
        try:
            write_rows(rows, columns=columns, file_format=file_format, out=out)
        except OSError as error:
            raise CommandError(f"{out} kan niet worden geschreven: {error.strerror}. Kies een andere plek.") from error
        self.stderr.write(f"{len(rows)} regels geschreven naar {out}.")


def _selection(options: dict[str, Any]) -> tuple[str, str]:
    for kind in ("region", "board", "location"):
        if options[kind]:
            return kind, options[kind]
    return "all", ""


def _usual_grain(options: dict[str, Any]) -> str:
    return "board" if options["what"] in ("staff", "shortage") and not options["location"] else "location"

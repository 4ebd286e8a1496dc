"""`regio backtest exams|pupils`: how good such forecasts were, against carrying the last count forward and a mean.

Prints one line per horizon, grain, type and size class: WAPE, bias, 80 % coverage, CRPS skill. `--save` keeps the
scorecard for the page /terugblik/.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from regio.shared.errors import UserError
from regio.shared.export import FORMATS, write_rows

COLUMNS = (
    "subject", "grain", "horizon_years", "origin", "target", "group", "cells", "wape_share", "bias_share",
    "coverage_share", "crps_skill_share", "persistence_wape_share", "mean3_wape_share", "choice_commit",
    "persistence_margin_share", "mean3_margin_share", "publisher", "published_wape_share", "published_margin_share",
)  # fmt: skip
SHOWN = (
    "wape_share", "persistence_wape_share", "mean3_wape_share", "published_wape_share", "bias_share", "coverage_share",
    "crps_skill_share",
)  # fmt: skip


class Command(BaseCommand):
    """Score the forecasts on what is loaded."""

    help = "Laat zien hoe goed eerdere prognoses waren (exams of pupils)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("what", choices=("exams", "pupils"))
        parser.add_argument("--every-round", action="store_true", help="examens: alle jaren, tot drie jaar vooruit")
        parser.add_argument("--save", action="store_true", help="bewaar de terugblik voor de pagina /terugblik/")
        parser.add_argument("--format", choices=FORMATS, dest="file_format", help="standaard csv in een bestand")
        parser.add_argument("--out", type=Path, help="bestand; zonder --out komt een tabel op het scherm")

    def handle(self, **options: Any) -> None:
        """Score and print."""
        from regio.workforce.actions import keep_scorecard
        from regio.workforce.model_runs.scorecard import scorecard

        if options["file_format"] and options["out"] is None:
            raise CommandError("--format hoort bij een bestand: voeg --out NAAM toe.")
        try:
            lines = scorecard(options["what"], every_round=options["every_round"], progress=self._progress)
        except UserError as error:
            raise CommandError(str(error)) from error
        if not lines:
            raise CommandError("Er zijn te weinig tellingen geladen om terug te blikken. Kijk op /bronnen/.")
        if options["save"]:
            keep_scorecard(lines, now=timezone.now())
        rows = [line.row() for line in lines]
        if options["out"]:
            self._write(rows, options["file_format"] or "csv", options["out"])
        else:
            self._print(rows)

    def _write(self, rows: list[dict[str, Any]], file_format: str, out: Path) -> None:
        try:
            write_rows(rows, columns=COLUMNS, file_format=file_format, out=out)
        except OSError as error:
            raise CommandError(f"{out} kan niet worden geschreven: {error.strerror}. Kies een andere plek.") from error
        self.stderr.write(f"{len(rows)} regels geschreven naar {out}.")

    def _progress(self, share: float, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{share:4.0%} {text:<70}", ending="")

    def _print(self, rows: list[dict[str, Any]]) -> None:
        commits = sorted({row["choice_commit"] for row in rows})
        self.stdout.write(f"De keuze van het model is vastgelegd in commit {', '.join(commits) or 'onbekend'}.")
        self.stdout.write("")
        publishers = "/".join(sorted({row["publisher"] for row in rows if row["publisher"]}))
        heads = ("fout", "laatste", "3 jaar", publishers[:8] or "ander", "scheef", "band80", "winst")
        self.stdout.write(f"{'wat':<62}{'groep':<10}{'aantal':>7}" + "".join(f"{head:>9}" for head in heads))
        for row in rows:
            name = f"{row['grain']}, {row['origin']} → {row['target']}"
            shares = "".join(f"{'–' if row[key] is None else f'{row[key]:.1%}':>9}" for key in SHOWN)
            self.stdout.write(f"{name[:61]:<62}{row['group'][:9]:<10}{row['cells']:>7}{shares}")

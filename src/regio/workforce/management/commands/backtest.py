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
)  # fmt: skip
SHOWN = ("wape_share", "persistence_wape_share", "mean3_wape_share", "bias_share", "coverage_share", "crps_skill_share")


class Command(BaseCommand):
    """Score the forecasts on what is loaded."""

    help = "Laat zien hoe goed eerdere prognoses waren (exams of pupils)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Define the options."""
        parser.add_argument("what", choices=("exams", "pupils"))
        parser.add_argument("--every-round", action="store_true", help="examens: alle jaren, tot drie jaar vooruit")
        parser.add_argument("--save", action="store_true", help="bewaar de terugblik voor de pagina /terugblik/")
        parser.add_argument("--format", choices=FORMATS, default="csv", dest="file_format")
        parser.add_argument("--out", type=Path)

    def handle(self, **options: Any) -> None:
        """Score and print."""
        from regio.workforce.actions import keep_scorecard
        from regio.workforce.model_runs.scorecard import scorecard

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
            write_rows(rows, columns=COLUMNS, file_format=options["file_format"], out=options["out"])
            self.stderr.write(f"{len(rows)} regels geschreven naar {options['out']}.")
        else:
            self._print(rows)

    def _progress(self, share: float, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{share:4.0%} {text:<70}", ending="")

    def _print(self, rows: list[dict[str, Any]]) -> None:
        commits = sorted({row["choice_commit"] for row in rows})
        self.stdout.write(f"De keuze van het model is vastgelegd in commit {', '.join(commits) or 'onbekend'}.")
        self.stdout.write("")
        heads = ("fout", "laatste", "3 jaar", "scheef", "band80", "winst")
        self.stdout.write(f"{'wat':<62}{'groep':<10}{'aantal':>7}" + "".join(f"{head:>9}" for head in heads))
        for row in rows:
            name = f"{row['grain']}, {row['origin']} → {row['target']}"
            shares = "".join(f"{'–' if row[key] is None else f'{row[key]:.1%}':>9}" for key in SHOWN)
            self.stdout.write(f"{name[:61]:<62}{row['group'][:9]:<10}{row['cells']:>7}{shares}")

"""`regio import public PATH…`: read files of DUO and CBS; `regio import staff --board CODE FILE…`: a board's own files.

Progress goes to stderr, the report to stdout (text or JSON). Ends with code 1 when a file was refused or failed,
2 when a file waits for --accept.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from regio.shared.arguments import day
from regio.shared.errors import UserError
from regio.shared.importing.registry import names_of_own_files, own_files

if TYPE_CHECKING:
    from regio.shared.importing.pipeline import FileResult

WORDS = {
    "geladen": "geladen", "proef": "gelezen, niets bewaard (proef)", "ongewijzigd": "ongewijzigd",
    "geweigerd": "GEWEIGERD", "wacht_op_akkoord": "WACHT OP AKKOORD", "niet_herkend": "niet herkend", "mislukt": "MISLUKT",
}  # fmt: skip
SHOWN_FINDINGS = 5


class Command(BaseCommand):
    """Import public files."""

    requires_system_checks: list[str] = []  # pages do not matter here
    help = "Leest bestanden in: openbare van DUO en CBS, of eigen personeelsbestanden van een bestuur. Herkent elk bestand aan de kopregel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what is read, the paths and the options."""
        parser.parse_args = parser.parse_intermixed_args  # type: ignore[method-assign] # options may stand before the files
        parser.add_argument(
            "what", choices=["public", *names_of_own_files()],
            help="wat u inleest: public = openbare bestanden; staff = personeel, lessen en gemeten tekort van een bestuur",
        )  # fmt: skip
        parser.add_argument("paths", nargs="*", type=Path, metavar="PAD", help="bestanden of mappen")
        parser.add_argument("--dry-run", action="store_true", help="alleen proberen, niets bewaren")
        parser.add_argument("--accept", action="store_true", help="ook laden bij grote verschillen met de vorige keer")
        parser.add_argument("--date", type=day, metavar="JJJJ-MM-DD", help="peildatum als het bestand die niet noemt")
        parser.add_argument(
            "--download", action="store_true", help="eerst de nieuwste bestanden bij de uitgever ophalen"
        )
        parser.add_argument(
            "--board", metavar="NUMMER", help="bij staff: nummer van het bestuur van wie de bestanden zijn"
        )
        parser.add_argument(
            "--remove", action="store_true", help="bij staff: haal alle eigen bestanden van het bestuur eruit"
        )
        parser.add_argument(
            "--number", metavar="PERSONEELSNUMMER", help="bij --remove: alleen wie in uw administratie dit nummer heeft"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import and print the report."""
        if options["what"] != "public" and not options["board"]:
            raise CommandError("Noem het bestuur met --board NUMMER: eigen bestanden horen bij één bestuur.")
        if options["remove"]:
            self._remove(options)
            return
        paths = [*options["paths"], *(self._download() if options["download"] else [])]
        if not paths:
            raise CommandError("Noem minstens één bestand of map, of gebruik --download.")
        for path in paths:
            if not path.exists():
                raise CommandError(f"{path} bestaat niet. Controleer de naam.")
        try:
            results = self._import(paths, options)
        except KeyboardInterrupt:
            self.stderr.write(
                "Gestopt. Bestanden die al geladen waren blijven staan; van het laatste is niets bewaard."
            )
            raise SystemExit(130) from None
        self.stdout.write(_as_json(results) if options["format"] == "json" else _as_text(results))
        outcomes = {result.outcome for result in results}
        if outcomes & {"geweigerd", "mislukt"}:
            raise SystemExit(1)
        if "wacht_op_akkoord" in outcomes:
            raise SystemExit(2)

    def _import(self, paths: list[Path], options: dict[str, Any]) -> list[FileResult]:
        from regio.shared.bulk import refresh_statistics
        from regio.shared.importing.pipeline import Options, import_paths

        chosen = Options(dry_run=options["dry_run"], accept=options["accept"], on=options["date"])
        if options["what"] == "public":
            results = import_paths(paths, options=chosen, progress=self.stderr.write)
            refresh_statistics()
            return results
        try:
            files = own_files(options["what"])
            return list(files.import_files(options["board"], paths, options=chosen, progress=self.stderr.write))
        except UserError as error:
            raise CommandError(str(error)) from error

    def _remove(self, options: dict[str, Any]) -> None:
        if options["what"] == "public":
            raise CommandError("Alleen eigen bestanden van een bestuur gaan er met --remove uit.")
        files, board, number = own_files(options["what"]), options["board"], options["number"]
        try:
            rows = files.forget_member(board, number) if number else files.remove_files(board)
        except UserError as error:
            raise CommandError(str(error)) from error
        if number:
            self.stdout.write(f"Deze persoon is uit de bestanden van bestuur {board} gehaald: {rows} regels.")
            return
        self.stdout.write(f"Alle eigen bestanden van bestuur {options['board']} zijn eruit: {rows} regels.")

    def _download(self) -> list[Path]:
        from regio.shared.importing.downloading import DownloadFailed, download_all

        try:
            files, failures = download_all(progress=lambda text: self.stderr.write(text))
        except DownloadFailed as error:
            raise CommandError(str(error)) from error
        for failure in failures:
            self.stderr.write(str(failure))
        if not files:
            raise CommandError("Er is niets opgehaald. " + " ".join(str(failure) for failure in failures))
        return files


def _as_text(results: list[FileResult]) -> str:
    lines = []
    for result in results:
        counts = f", {result.rows_read:n} regels gelezen" if result.rows_read else ""
        refused = f", {result.rows_refused:n} overgeslagen" if result.rows_refused else ""
        label = f" ({result.label})" if result.label else ""
        lines.append(f"{WORDS[result.outcome]}: {result.path.name}{label}{counts}{refused}")
        if result.message:
            lines.append(f"    {result.message}")
        lines += [f"    {_finding_line(finding)}" for finding in result.findings[:SHOWN_FINDINGS]]
        if len(result.findings) > SHOWN_FINDINGS:
            lines.append(f"    … en nog {len(result.findings) - SHOWN_FINDINGS} meldingen")
    if results and all(result.outcome == "ongewijzigd" for result in results):
        lines.append("Alles was al geladen. Er is niets veranderd.")
    return "\n".join(lines)


def _finding_line(finding: Any) -> str:
    place = f"regel {finding.line}" if finding.line else ""
    column = f"kolom {finding.column}" if finding.column else ""
    value = f"waarde “{finding.value}”" if finding.value else ""
    where = ", ".join(part for part in (place, column, value) if part)
    return f"{finding.code} {where + ': ' if where else ''}{finding.message}"


def _as_json(results: list[FileResult]) -> str:
    return json.dumps([_result_dict(result) for result in results], ensure_ascii=False, indent=2)


def _result_dict(result: FileResult) -> dict[str, Any]:
    findings = [
        {"code": f.code, "severity": f.severity, "line": f.line, "column": f.column, "value": f.value, "message": f.message}
        for f in result.findings
    ]  # fmt: skip
    return {
        "file": str(result.path), "outcome": result.outcome, "dataset": result.dataset, "label": result.label,
        "message": result.message, "rows_read": result.rows_read, "rows_refused": result.rows_refused,
        "totals": result.totals, "findings": findings,
    }  # fmt: skip

"""`regio board WAT BESTUUR`: everything of a board as one file, its exit, and reading such a file in again.

`export` writes the file, `leave` shows what would go and does it with --confirm, `undo` and `finish` end the days of grace,
`read` reads a file in.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from regio.accounts import leaving
from regio.shared.board_rows import numbers_of
from regio.shared.errors import UserError

LARGEST_BYTES = 500_000_000


class Command(BaseCommand):
    help = "Geeft een bestuur al zijn gegevens mee, laat het vertrekken, of leest zo'n bestand weer in."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask what, and for which board."""
        parser.add_argument("wat", choices=["export", "leave", "undo", "finish", "read"], help="export: schrijf het bestand; leave: vertrek; undo: draai terug; finish: maak voorgoed; read: lees een bestand in")  # fmt: skip
        parser.add_argument("wie", metavar="BESTUUR", help="nummer van het bestuur; bij read het bestand")
        parser.add_argument("--out", type=Path, metavar="BESTAND", help="waar export het bestand schrijft")
        parser.add_argument("--at-once", action="store_true", help="leave zonder de zeven dagen bedenktijd")
        parser.add_argument("--confirm", action="store_true", help="doe het; zonder laat leave zien wat er weggaat")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say in one sentence why not."""
        try:
            getattr(self, options["wat"])(options["wie"].strip(), options)
        except (UserError, OSError) as refused:
            raise CommandError(str(refused)) from None

    def export(self, board: str, options: dict[str, Any]) -> None:
        """Write everything of a board to a file that only its owner reads."""
        out: Path = options["out"] or Path(f"bestuur-{board}.zip")
        if out.exists():
            raise CommandError(f"{out.name} bestaat al. Kies met --out een andere naam.")
        content = leaving.take_file(board, now=timezone.now())
        out.touch(mode=0o600)
        out.write_bytes(content)
        self.stdout.write(f"Alles van bestuur {board} staat in {out.name} ({len(content)} bytes).")

    def leave(self, board: str, options: dict[str, Any]) -> None:
        """Show what goes, and take it out."""
        for labels, number in numbers_of(board):
            if number:
                what = {"row": "gaat weg", "last": "gaat weg als de bedenktijd voorbij is"}.get(labels.at_exit, f"blijft, omdat {labels.board_because}")  # fmt: skip
                self.stdout.write(f"{labels.words}: {number}, {what}")
        if not options["confirm"]:
            self.stdout.write("Er is niets veranderd. Met --confirm vertrekt het bestuur.")
            return
        now = timezone.now()
        begun = leaving.begin_exit(board, now=now, grace=timedelta() if options["at_once"] else leaving.GRACE)
        self.stdout.write(f"{begun.rows} rijen zijn weg en liggen verzegeld tot {begun.ends_at:%d-%m-%Y}.")
        if options["at_once"]:
            self.finish(board, options)

    def undo(self, board: str, options: dict[str, Any]) -> None:
        """Put everything back."""
        back = leaving.undo_exit(board, now=timezone.now())
        self.stdout.write(f"Teruggedraaid: {sum(back.rows.values())} rijen zijn terug. Toestemmingen vraagt het bestuur opnieuw.")  # fmt: skip

    def finish(self, board: str, options: dict[str, Any]) -> None:
        """Remove the sealed file and the roles."""
        people = leaving.end_exit(board, now=timezone.now())
        self.stdout.write(f"Bestuur {board} is vertrokken. {people} accounts zonder andere rol zijn verwijderd.")

    def read(self, file: str, options: dict[str, Any]) -> None:
        """Read a file in that `export` wrote, here or elsewhere."""
        path = Path(file)
        if path.stat().st_size > LARGEST_BYTES:
            raise CommandError(
                f"{path.name} is groter dan {LARGEST_BYTES // 1_000_000} MB. Zo'n bestand schrijft export niet."
            )
        back = leaving.read_file(path.read_bytes(), now=timezone.now())
        self.stdout.write(f"Bestuur {back.board}: {sum(back.rows.values())} rijen ingelezen.")
        for table, number in back.left.items():
            self.stdout.write(
                f"Let op: {number} rijen van {table} horen bij iets dat hier niet is, en zijn overgeslagen."
            )

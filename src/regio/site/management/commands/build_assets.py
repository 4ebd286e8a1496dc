"""Builds what pages need and the repository does not hold: the fonts, cut to the letters of Dutch, and all static files.

Fonts come from the `font-source-sans-pro` wheel (OFL); the result lies in REGIO_HOME/assets and REGIO_HOME/static.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

WEIGHTS = {300: "Light", 400: "Regular", 700: "Bold"}  # each weight costs a visitor some 12 kB
# Latin-1 and what else Dutch names need, dashes, quotes, euro, minus, arrows and the marks of the heat table.
LETTERS = "U+0020-007E,U+00A0-00FF,U+0131-0133,U+0152-0153,U+0160-0161,U+017D-017E,U+2011-2014,U+2018-201E,U+2022,U+2026,U+202F,U+20AC,U+2190-2193,U+2212,U+2248,U+2264-2265,U+25B2,U+25BC"
FEATURES = ["kern", "liga", "locl", "mark", "ccmp", "tnum", "lnum", "case"]


class Command(BaseCommand):
    """Build fonts and static files."""

    help = "Maakt de lettertypen en de statische bestanden klaar."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer to stop after the fonts."""
        parser.add_argument("--fonts-only", action="store_true", help="alleen de lettertypen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write what is missing; a second call has nothing to do for the fonts."""
        folder = settings.ASSETS / "site" / "fonts"
        folder.mkdir(parents=True, exist_ok=True)
        for weight, name in WEIGHTS.items():
            target = folder / f"source-sans-{weight}.woff2"
            if not target.exists():
                cut_font(name, target)
        if not options["fonts_only"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        self.stdout.write("Lettertypen en statische bestanden staan klaar.")


def cut_font(name: str, target: Path) -> None:
    """Write one weight of Source Sans with only the letters and features that the pages use, as woff2."""
    import font_source_sans_pro
    from fontTools import subset

    source = Path(font_source_sans_pro.__file__).parent / "files" / f"SourceSansPro-{name}.ttf"
    fresh = target.with_suffix(".tmp")
    subset.main(
        [
            str(source),
            f"--output-file={fresh}",
            "--flavor=woff2",
            f"--unicodes={LETTERS}",
            f"--layout-features={','.join(FEATURES)}",
        ]
    )
    fresh.replace(target)

"""What makes the home of the demo: the files of Regio Voorbeeld, loaded as any user would, and its first forecast.

Everything is skipped that was done before for the same seed, the same newest count and the same generator. When one of
those changed the tables are emptied first, so two inventions never mix; a home with real files is never emptied.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from regio.regions.enums import LinkKind
from regio.regions.models import LocationLink, School, SchoolLocation
from regio.shared import jobs
from regio.shared.errors import UserError
from regio.shared.models import Job
from regio.workforce.actions import DEFAULT_DRAWS, request_forecast, request_scorecard

from .voorbeeld.timeline import Timeline

EXAMPLE_REGION_KEY = "rpa:91"
EXAMPLE_BRINS = "90"
STAMP, PAGES_STAMP = "voorbeeld.json", "pages.stamp"
Say = Callable[[str], None]


class RealFilesHere(UserError):
    """The home of the demo holds real schools; the invented region must not mix with them."""

    def __init__(self) -> None:
        super().__init__(
            "In deze map staan echte scholen. Regio Voorbeeld is verzonnen en heeft een eigen map nodig: kies een andere REGIO_HOME."
        )


class ImportFailed(UserError):
    """A file of the invented region was not loaded."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("Niet alle bestanden van Regio Voorbeeld zijn geladen. " + " ".join(messages))


def load_example_region(home: Path, *, seed: int, as_of: date, say: Say) -> bool:
    """Write and load the invented region of a day; return False when it was there already.

    Raises:
        RealFilesHere: the database holds schools that are not invented.
        ImportFailed: a file was not loaded.
    """
    wanted = {"seed": seed, "newest": Timeline.as_of(as_of).newest, "generator": _generator_fingerprint()}
    stamp, text = home / STAMP, json.dumps(wanted)
    if stamp.exists() and stamp.read_text() == text and School.objects.exists():
        return False
    if School.objects.exclude(brin__startswith=EXAMPLE_BRINS).exists():
        raise RealFilesHere
    stamp.unlink(missing_ok=True)
    if School.objects.exists():
        say("Regio Voorbeeld is veranderd of een jaar ouder; de oude tellingen gaan weg …")
        call_command("flush", interactive=False, verbosity=0)
    _write_and_import(home / "voorbeeld", seed=seed, as_of=as_of, say=say)
    stamp.write_text(text)
    return True


def _generator_fingerprint() -> str:
    """Return a hash of the code that invents the region."""
    folder = Path(__file__).parent / "voorbeeld"
    return sha256(b"".join(path.read_bytes() for path in sorted(folder.rglob("*.py")))).hexdigest()


def _write_and_import(folder: Path, *, seed: int, as_of: date, say: Say) -> None:
    from regio.shared.importing.pipeline import LOADED, UNCHANGED, Options, import_paths

    from .voorbeeld.files import OWN_FILES, TRUTH_FILE, write_region  # numpy, only needed here
    from .voorbeeld.region import build_region

    say("Regio Voorbeeld (verzonnen) wordt gemaakt …")
    for old in folder.rglob("*.*"):
        old.unlink()
    files = write_region(build_region(seed=seed, as_of=as_of), folder)
    say(f"{len(files)} bestanden worden ingelezen …")
    results = import_paths(files, options=Options(accept=True))
    failed = [
        f"{result.path.name}: {result.message}" for result in results if result.outcome not in (LOADED, UNCHANGED)
    ]
    if failed:
        raise ImportFailed(failed)
    link_codes(json.loads((folder / TRUTH_FILE).read_text())["codes"])
    _import_own_files(folder / OWN_FILES)


def _import_own_files(folder: Path) -> None:
    """Load what boards of the invented region bring themselves: staff, lessons, measured shortages."""
    from regio.shared.importing.pipeline import LOADED, UNCHANGED, Options
    from regio.workforce.staff_import import import_files

    results = [
        result
        for board in sorted(folder.iterdir())
        for result in import_files(board.name, [board], options=Options(accept=True))
    ]
    failed = [
        f"{result.path.name}: {result.message}" for result in results if result.outcome not in (LOADED, UNCHANGED)
    ]
    if failed:
        raise ImportFailed(failed)


def link_codes(changes: list[dict[str, str]]) -> None:
    """Record old and new location codes, as a user does who knows the story of a school."""
    from regio.regions.sources.locations import settle_boards  # polars, only needed here

    with transaction.atomic():
        for change in changes:
            LocationLink.objects.update_or_create(
                old=SchoolLocation.objects.get(code=change["oud"]),
                new=SchoolLocation.objects.get(code=change["nieuw"]),
                defaults={
                    "kind": LinkKind(change["soort"]),
                    "since": date.fromisoformat(change["sinds"]),
                    "source": "Regio Voorbeeld (verzonnen)",
                },
            )
        settle_boards()


def compute_first_forecast(*, now: datetime, say: Say, draws: int = DEFAULT_DRAWS) -> None:
    """Compute the forecast of the whole region, unless it is there already; say so when it fails."""
    run = request_forecast(region_key=EXAMPLE_REGION_KEY, owner="demo", now=now, draws=draws)
    if run.finished_at or run.job is None:
        return
    claimed = jobs.claim(run.job.pk, now=now)
    if claimed is None:
        return  # the worker of an earlier start has it, or takes it over when that one died
    say("De prognose voor Regio Voorbeeld wordt berekend …")
    request_scorecard(owner="demo", now=now)  # the worker does it once the first page is there
    job = jobs.run(claimed)
    if job.state != Job.State.DONE:
        say(f"De prognose lukte niet: {job.message}")


def is_prepared(home: Path) -> bool:
    """Tell whether an earlier start came to its end here."""
    return (home / PAGES_STAMP).exists()


def build_pages(home: Path, *, say: Say) -> None:
    """Collect the static files, unless those that are there were made from the present sources."""
    stamp, wanted = home / PAGES_STAMP, _fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text() == wanted and Path(settings.STATIC_ROOT).exists():
        return
    say("De pagina's worden klaargezet …")
    call_command("build_assets", verbosity=0, stdout=StringIO())
    stamp.write_text(wanted)


def _fingerprint_of_static_files() -> str:
    folders = [Path(config.path) / "static" for config in apps.get_app_configs()]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    seen = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return sha256(json.dumps(seen).encode()).hexdigest()

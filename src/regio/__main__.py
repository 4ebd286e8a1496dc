"""Entry of the command line: `regio COMMAND`, the product's management commands.

A command that works with figures first brings the database up to date, so the first one on a new machine just works.
What a person can mend (no database, no folder, a stop) is one sentence; `--traceback` shows where it came from.
"""

import os
import sys

import django
from django.db import DatabaseError, OperationalError

from regio.shared.dutch_options import speak_dutch

WITH_FIGURES = ("import", "status", "forecast", "backtest", "link", "run_jobs")
STOPPED = 130  # what a shell expects after Ctrl-C


def main() -> None:
    """Run one management command of the product."""
    try:
        _run()
    except KeyboardInterrupt:
        print("Gestopt.", file=sys.stderr)  # noqa: T201 - the command line is the screen here
        raise SystemExit(STOPPED) from None
    except (DatabaseError, OSError) as error:
        reason = _reason(error)
        if reason is None or "--traceback" in sys.argv:
            raise
        raise SystemExit(reason) from None


def _run() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regio.site.settings")
    speak_dutch()
    django.setup()
    if sys.argv[1:2] and sys.argv[1] in WITH_FIGURES and "--help" not in sys.argv:
        from regio.site.migrating import bring_up_to_date

        bring_up_to_date(lambda text: print(text, file=sys.stderr))  # noqa: T201
    from regio.site.command_line import run

    run(["regio", *sys.argv[1:]])


def _reason(error: DatabaseError | OSError) -> str | None:
    """Return the sentence for what a person can mend, None for a mistake of the product."""
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, OSError):
        return f"{error.filename or 'Een bestand'} is niet te lezen of te schrijven ({error.strerror}). Kijk of REGIO_HOME klopt en of er ruimte is."
    if isinstance(error, OperationalError) or type(error) is DatabaseError:  # its children tell of wrong questions
        return f"De database is niet te gebruiken ({said}). Kijk of hij draait en of REGIO_HOME of REGIO_DATABASE_URL klopt."
    return None


if __name__ == "__main__":
    main()

"""Entry of the command line: `regio COMMAND`, the product's management commands.

A command that works with figures first brings the database up to date, so the first one on a new machine just works.
"""

import os
import sys

import django
from django.core.management import execute_from_command_line

WITH_FIGURES = ("import", "status", "forecast", "backtest", "link", "run_jobs")


def main() -> None:
    """Run one management command of the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regio.site.settings")
    if sys.argv[1:2] and sys.argv[1] in WITH_FIGURES and "--help" not in sys.argv:
        django.setup()
        from regio.site.migrating import bring_up_to_date

        bring_up_to_date(lambda text: print(text, file=sys.stderr))  # noqa: T201 - the command line is the screen here
    execute_from_command_line(["regio", *sys.argv[1:]])


if __name__ == "__main__":
    main()

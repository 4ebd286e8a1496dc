"""Entry of the command line: `regio COMMAND`, the product's management commands."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one management command of the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regio.site.settings")
    execute_from_command_line(["regio", *sys.argv[1:]])


if __name__ == "__main__":
    main()

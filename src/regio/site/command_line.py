"""The command line as a whole: which commands there are, and what is said where there is none of that name.

Django's own commands stay available (`regio migrate`), without a place in the list.
"""

import sys
from difflib import get_close_matches

from django.apps import apps
from django.core.management import ManagementUtility, get_commands, load_command_class
from django.core.management.base import BaseCommand

HIDDEN_OPTIONS = {
    "--version", "--verbosity", "--settings", "--pythonpath", "--no-color", "--force-color", "--skip-checks", "--traceback",
}  # fmt: skip


class CommandLine(ManagementUtility):
    """Django's command line with our commands and our language."""

    def main_help_text(self, commands_only: bool = False) -> str:
        """Return our commands with what they do, or all names alone (for completion in a shell)."""
        if commands_only:
            return "\n".join(sorted(get_commands()))
        lines = [f"  {name:<16} {_what_it_does(app, name)}" for name, app in sorted(_own_commands().items())]
        return "\n".join(["De opdrachten van Regio:", "", *lines, "", "Meer over een opdracht: regio OPDRACHT --help"])

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """Return a command; leave with one sentence where there is none of that name."""
        if subcommand not in get_commands():
            near = get_close_matches(subcommand, _own_commands(), n=1)
            advice = f"Bedoelt u regio {near[0]}?" if near else "Met regio help ziet u wat er wel is."
            sys.exit(f"De opdracht {subcommand} bestaat niet. {advice}")
        return super().fetch_command(subcommand)


def run(arguments: list[str]) -> None:
    """Run one command, with only our own options in its help."""
    BaseCommand.suppressed_base_arguments = HIDDEN_OPTIONS
    CommandLine(arguments).execute()


def _own_commands() -> dict[str, str]:
    ours = {config.name for config in apps.get_app_configs() if config.name.startswith("regio.")}
    return {name: app for name, app in get_commands().items() if app in ours}


def _what_it_does(app: str, name: str) -> str:
    return load_command_class(app, name).help

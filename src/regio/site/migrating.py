"""Brings the database of an installation up to date; asks the database first, since a full run takes longer."""

from collections.abc import Callable

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def bring_up_to_date(say: Callable[[str], object]) -> None:
    """Make or change the tables where that is needed, and say so."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("De database wordt gemaakt of bijgewerkt …")
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)

"""Registers the app; after each migration the national edition of the advice is that of this version of the product."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeskConfig(AppConfig):
    """The `desk` app."""

    name = "regio.desk"
    label = "desk"

    def ready(self) -> None:
        """Tell who may use which address, which events there are, and publish the starting set after migrating."""
        from regio.accounts.access import register_access
        from regio.audit.kinds import register_kinds

        from .rules import ACCESS

        register_access(ACCESS)
        register_kinds("desk", {
            "draft_started": "Er is een ontwerp begonnen voor het loket", "draft_changed": "Een ontwerp voor het loket is gewijzigd",
            "draft_thrown_away": "Een ontwerp voor het loket is weggegooid", "edition_published": "Er is een uitgave van het loket gepubliceerd",
            "national_followed": "Het loket volgt weer wat landelijk geldt",
        })  # fmt: skip
        post_migrate.connect(_publish_national, sender=self)


def _publish_national(using: str, **_: Any) -> None:
    from django.db import connections
    from django.utils import timezone

    from .actions import publish_national
    from .models import Edition

    has_table = using == "default" and Edition._meta.db_table in connections[using].introspection.table_names()
    if has_table:  # not after migrating back
        publish_national(now=timezone.now())

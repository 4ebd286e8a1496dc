"""Registers the app and its adapters."""

from django.apps import AppConfig

from regio.shared.importing.registry import register_sources


class RegionsConfig(AppConfig):
    """The `regions` app."""

    name = "regio.regions"
    label = "regions"

    def ready(self) -> None:
        """Name the package of readers, imported when an import begins; tell which boards are in a region."""
        from regio.accounts.access import register_access
        from regio.accounts.consent import register_regions_of
        from regio.accounts.rules import register_boards_of
        from regio.audit.kinds import register_kinds

        from .queries import board_codes_in, region_keys_of
        from .rules import ACCESS

        register_access(ACCESS)
        register_kinds("regions", {
            "region_made": "Er is een eigen regio gemaakt", "region_changed": "Een eigen regio is gewijzigd",
            "region_removed": "Een eigen regio is verwijderd", "location_linked": "Vastgelegd wat er van een vestiging werd",
            "link_undone": "Teruggenomen wat er van een vestiging werd",
        })  # fmt: skip
        register_sources("regio.regions.sources")
        register_boards_of(board_codes_in)
        register_regions_of(region_keys_of)

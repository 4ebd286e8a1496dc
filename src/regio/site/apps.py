"""Registers the app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The `site` app."""

    name = "regio.site"
    label = "site"

    def ready(self) -> None:
        """Say who may use the addresses of this app, and what the page *Vandaag* shows of it and of people."""
        from django.core import checks

        from regio.accounts.access import register_access
        from regio.accounts.newcomers import lines as of_newcomers
        from regio.accounts.today import lines as of_people
        from regio.audit.kinds import register_kinds
        from regio.shared.today import register_lines
        from regio.workforce.joint.today import lines as of_rounds
        from regio.workforce.today import lines as of_forecasts

        from .checks import check_installation
        from .post_kinds import KINDS
        from .rules import ACCESS
        from .today import lines

        register_access(ACCESS)
        register_kinds("site", KINDS)
        checks.register(check_installation, deploy=True)
        for provider in (lines, of_people, of_newcomers, of_forecasts, of_rounds):
            register_lines(provider)

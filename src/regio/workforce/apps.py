"""Registers the app, and the long work it knows."""

from django.apps import AppConfig

from regio.shared.importing.registry import register_own_files, register_sources


class WorkforceConfig(AppConfig):
    """The `workforce` app."""

    name = "regio.workforce"
    label = "workforce"

    def ready(self) -> None:
        """Make the forecast known to the worker, by path: a web process loads no numeric code."""
        from regio.accounts.access import register_access
        from regio.accounts.consent import register_withdrawal
        from regio.audit.kinds import register_kinds
        from regio.shared import board_rows, jobs, retention

        from .rules import ACCESS

        register_access(ACCESS)
        register_withdrawal("regio.workforce.joint.rounds.wipe_of")
        register_kinds("workforce", {
            "forecast_asked": "Er is een prognose gevraagd", "explanation_asked": "Er is gevraagd waarom een prognose anders is",
            "scorecard_asked": "Er is gevraagd de terugblik na te rekenen", "staff_loaded": "Een eigen bestand van een bestuur is geladen",
            "staff_member_removed": "Eén persoon is uit een eigen personeelsbestand gehaald",
            "staff_removed": "De eigen bestanden van een bestuur zijn weggehaald", "own_staff_seen": "Iemand bekeek personeelscijfers van een bestuur",
            "joint_opened": "Er is een gezamenlijke ronde geopend", "joint_closed": "Een gezamenlijke ronde is gesloten",
            "joint_given": "Een bestuur leverde in voor een gezamenlijke ronde", "joint_taken_back": "Een bestuur nam terug wat het inleverde",
            "joint_snapshot_asked": "Er is een momentopname van een ronde gevraagd", "joint_snapshot_made": "Er is een momentopname van een ronde gemaakt",
        })  # fmt: skip
        register_sources("regio.workforce.sources")
        register_own_files("staff", "regio.workforce.staff_import")
        waited_for = jobs.WAITED_FOR
        jobs.register("prognose", "regio.workforce.drawings.forecast_and_draw", priority=waited_for)
        jobs.register_warm_up("regio.workforce.model_runs.warming.warm_up")
        jobs.register("terugblik", "regio.workforce.actions.score_forecasts")
        jobs.register("momentopname", "regio.workforce.joint.rounds.make_snapshot", priority=waited_for)
        jobs.register("verschil", "regio.workforce.actions.explain_difference", priority=waited_for)
        retention.register_rule("personeel_ouder", "regio.workforce.staff_import.staff_of_older_dates")
        retention.register_rule("personeel", "regio.workforce.staff_import.staff_of_long_ago")
        board_rows.register_finder("runs", "regio.workforce.staff_import.parts_of_runs")
        board_rows.register_afterwards("regio.workforce.staff_import.forget_drawings")

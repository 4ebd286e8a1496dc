"""Registers the app and the kinds of events it writes."""

from django.apps import AppConfig

from regio.audit.kinds import register_kinds


class AccountsConfig(AppConfig):
    """The `accounts` app."""

    name = "regio.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Make the events and addresses of this app known, and count a second step that was just set up as taken."""
        from datetime import time

        from allauth.account.signals import user_logged_in
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from django.contrib.auth.signals import user_logged_out

        from regio.shared import jobs, schedule
        from regio.shared.pages import register_keeper
        from regio.shared.tidying import register_tidying

        from .access import register_access
        from .keeping import keep_by_rights
        from .mail_kinds import register_own_kinds
        from .rules import ACCESS
        from .second_factor import after_removal, after_set_up
        from .sign_ins import KINDS, after_sign_in
        from .watching import at_sign_out

        register_access(ACCESS)
        register_keeper(keep_by_rights)
        register_own_kinds()
        jobs.register_ending("regio.accounts.telling.tell_of_ended_job")
        register_tidying("regio.accounts.actions.forget_old_counts")
        _register_terms()
        jobs.register("dagmail", "regio.accounts.digest.send_digests", priority=jobs.BY_ITSELF, retries=3)
        schedule.register(schedule.Recurring("dagmail", "Berichten van de dag versturen", time(7)))
        authenticator_added.connect(after_set_up, dispatch_uid="regio.accounts.set_up")
        authenticator_removed.connect(after_removal, dispatch_uid="regio.accounts.removal")
        user_logged_in.connect(after_sign_in, dispatch_uid="regio.accounts.sign_in")
        register_kinds("accounts", KINDS | {"team_address_set": "Het mailadres van een team is gewijzigd"})
        user_logged_out.connect(at_sign_out, dispatch_uid="regio.accounts.sign_out")
        register_kinds(
            "accounts",
            {
                "membership_given": "Er is een rol gegeven",
                "membership_ended": "Er is een rol beëindigd",
                "watching_begun": "Technisch beheer begon mee te kijken",
                "watching_ended": "Technisch beheer stopte met meekijken",
                "watched_page": "Technisch beheer bekeek een pagina",
                "signed_out_everywhere": "Iemand logde overal uit",
                "second_step_added": "Iemand stelde een tweede stap in",
                "second_step_removed": "Iemand haalde een tweede stap weg",
                "own_data_taken": "Iemand haalde de eigen gegevens op",
                "bulk_mail_sent": "Er is een bericht aan velen verstuurd",
                "consent_given": "Er is toestemming gegeven",
                "consent_withdrawn": "Toestemming is ingetrokken",
                "end_of_account_told": "Gemeld dat een account verdwijnt",
                "person_erased": "Een account is verwijderd",
                "own_name_changed": "Iemand wijzigde de eigen naam",
                "own_address_changed": "Iemand wijzigde het eigen mailadres",
                "request_made": "Iemand deed een verzoek over de eigen gegevens",
                "request_answered": "Een verzoek over eigen gegevens is beantwoord",
                "request_seen": "Een verzoek over eigen gegevens is bekeken",
                "exit_begun": "Een bestuur vertrekt: zijn gegevens zijn weg en verzegeld",
                "exit_undone": "Een vertrek is teruggedraaid",
                "exit_ended": "Een bestuur is vertrokken: ook het verzegelde bestand is weg",
                "exit_taken": "De gegevens van een bestuur zijn opgehaald",
                "exit_read_in": "Gegevens van een bestuur zijn weer ingelezen",
            },
        )


def _register_terms() -> None:
    """Say what ends what is kept of people in this app."""
    from regio.shared.retention import register_rule, register_warning

    here = "regio.accounts.old_rows"
    register_rule("account", f"{here}.accounts_without_role", f"{here}.end_accounts")
    register_rule("toestemming", f"{here}.consents_taken_back")
    register_rule("sessie", f"{here}.ended_sessions", f"{here}.end_sessions")
    register_rule("inloglink", f"{here}.old_links")
    register_rule("bericht", f"{here}.sent_digests", f"{here}.remove_digests")
    register_rule("bericht_aan_velen", f"{here}.old_receipts")
    register_rule("verzoek", f"{here}.answered_requests")
    register_rule("vertrek_verslag", f"{here}.ended_exits")
    register_rule("vertrek", "regio.accounts.leaving.past_grace", "regio.accounts.leaving.end_exits")
    register_warning(f"{here}.tell_of_the_end")

"""Registers cases: the events they write, what happens by itself, and what follows when somebody leaves the desk."""

from typing import Any

from django.apps import AppConfig

OLD = "regio.desk.cases.old_rows"


class CasesConfig(AppConfig):
    """The cases of the desk."""

    name = "regio.desk.cases"
    label = "cases"

    def ready(self) -> None:
        """Make rights, events, jobs, mail and lines of Vandaag known."""
        from datetime import time

        from django.db.models.signals import post_delete, post_save

        from regio.accounts.access import register_access
        from regio.accounts.models import Consent, Membership
        from regio.audit.kinds import register_kinds
        from regio.shared import inbound, jobs, retention, schedule
        from regio.shared.today import register_lines

        from . import today
        from .models import Candidate
        from .rules import ACCESS

        register_access(ACCESS)
        register_kinds("cases", KINDS)
        register_lines(today.lines)
        jobs.register("loket_dag", "regio.desk.cases.nightly.daily", priority=jobs.BY_ITSELF, retries=3)
        schedule.register(schedule.Recurring("loket_dag", "Zaken van het loket nalopen", time(6, 30)))
        inbound.register_outcome(inbound.Outcome("contactmoment", "Voeg toe aan de zaak", become_contact))
        for term, rows in (("zaak_gelukt", "done"), ("zaak_stil", "silent"), ("zaak_gestopt", "stopped")):
            retention.register_rule(term, f"{OLD}.{rows}", f"{OLD}.end_cases")
        post_save.connect(after_membership, sender=Membership, dispatch_uid="regio.desk.cases.left")
        post_save.connect(after_consent, sender=Consent, dispatch_uid="regio.desk.cases.withdrawn")
        post_delete.connect(after_membership, sender=Membership, dispatch_uid="regio.desk.cases.gone")
        post_delete.connect(after_candidate, sender=Candidate, dispatch_uid="regio.desk.cases.erased")


def become_contact(mail: Any) -> str:
    """Make a mail a contact moment; the code behind it is loaded at the first mail."""
    from .actions.mail import become_contact as make

    return make(mail)


def after_membership(instance: Any, **_: Any) -> None:
    """Give the cases of who leaves the desk to the others, in the same transaction."""
    from django.utils import timezone

    from regio.accounts.enums import Role

    if instance.role == Role.DESK_ADVISER and instance.organisation_code:
        from .actions.handing_over import hand_over_of_leaver

        hand_over_of_leaver(instance.person_id, region_key=instance.organisation_code, now=timezone.now())


def after_consent(instance: Any, **_: Any) -> None:
    """Close the cases of who takes the consent to a file back, in the same transaction."""
    from regio.accounts.enums import Purpose

    if instance.purpose == Purpose.DESK_FILE and instance.withdrawn_at is not None:
        from .actions.closing import withdraw
        from .models import Candidate

        for candidate in Candidate.objects.filter(person_id=instance.person_id):
            withdraw(candidate, now=instance.withdrawn_at)


def after_candidate(instance: Any, **_: Any) -> None:
    """Let the account of a double go with the person whom it turned out to be; one with other work stays."""
    from regio.accounts.enums import Role
    from regio.accounts.models import Person

    if instance.merged_into_id:
        Person.objects.filter(pk=instance.person_id).exclude(memberships__in=_other_work(Role.CANDIDATE)).delete()


def _other_work(role: str) -> Any:
    from regio.accounts.models import Membership

    return Membership.objects.exclude(role=role)


KINDS = {
    "case_opened": "Er is een zaak geopend",
    "case_closed": "Een zaak is gesloten",
    "case_reopened": "Een zaak is weer geopend",
    "case_seen": "Iemand bekeek een zaak",
    "candidate_seen": "Iemand bekeek een kandidaat",
    "mail_seen": "Iemand bekeek mail die op een zaak wacht",
    "cases_exported": "Iemand haalde een lijst van zaken op",
    "phase_entered": "Een zaak kwam in een andere fase",
    "handed_over": "Een zaak is overgedragen",
    "step_set": "De volgende stap van een zaak is gezet",
    "contact_logged": "Er is een contactmoment vastgelegd",
    "note_written": "Er is een notitie geschreven",
    "steps_changed": "De vaste stappen zijn gewijzigd",
    "absence_covered": "Zaken van een afwezige adviseur zijn overgenomen",
    "absence_ended": "Een adviseur is weer terug",
    "merged": "Twee kandidaten zijn samengevoegd",
    "merge_undone": "Een samenvoeging is ongedaan gemaakt",
    "asked_again": "Gevraagd hoe het nu gaat",
    "delay_told": "Gemeld dat het eerste contact later komt",
    "guarantee_checked": "Nagelopen of elke open zaak een eigenaar, stap en datum heeft",
}

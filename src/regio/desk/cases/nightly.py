"""What happens by itself every day: guarding the guarantee, telling of a delay, bringing back, asking again, sorting mail.

Each part may be done twice without harm. `daily` is the job.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from regio.audit.actions import record
from regio.audit.queries import events_about
from regio.shared.jobs import Progress
from regio.shared.mail import MailRefused, send
from regio.shared.models import InboundMail, Job

from .actions.changing import note_event
from .actions.closing import note_asked_again
from .actions.handing_over import end_absence, hand_over_of_leaver
from .actions.mail import address_of, sort
from .guarantee import breaches, missed_promises
from .models import Absence, Case, Desk


def daily(job: Job, progress: Progress) -> str:
    """Do everything that is due; say in the job what was found. Return no page."""
    now = timezone.now()
    moved = move_from_leavers(now=now)
    told, asked = tell_delays(now=now), ask_again(now=now)
    progress(1, 2, "")
    sorted_mails = sort_mail(now=now)
    broken = report_breaches(now=now)
    back = end_absences(now=now)
    words = f"Open zaken zonder eigenaar, stap of datum: {broken} (doel 0). Overgedragen {moved}, terug {back}, vertraging gemeld {told}, opnieuw gevraagd {asked}, post {sorted_mails}."
    Job.objects.filter(pk=job.pk).update(message=words)
    return ""


# ---------------------------------------------------------------------------------------------------------- the guarantee
def report_breaches(*, now: datetime) -> int:
    """Write in the trail how many cases break the guarantee, once a day unless it changes; return it."""
    number = breaches(now).count()
    last = events_about("loket:").filter(kind="cases.guarantee_checked").first()
    if last and last.details == {"breaches": number} and timezone.localdate(last.at) == timezone.localdate(now):
        return number
    with transaction.atomic():
        record("cases.guarantee_checked", subject="loket:", heading=f"Open zaken zonder eigenaar, stap of datum: {number}", now=now, details={"breaches": number})  # fmt: skip
    return number


def move_from_leavers(*, now: datetime) -> int:
    """Give the cases of who is not of the desk any more to the others; return how many moved."""
    pairs = breaches(now).exclude(owner=None).values_list("owner_id", "region_key").distinct()
    return sum(hand_over_of_leaver(person, region_key=key, now=now) for person, key in list(pairs))


def end_absences(*, now: datetime) -> int:
    """Move back what belongs to who is here again; return how many cases."""
    over = Absence.objects.filter(ends_on__lt=timezone.localdate(now), moved_back_at=None)
    return sum(end_absence(absence.pk, now=now, by=None) for absence in list(over))


# ------------------------------------------------------------------------------------------------------------- the promise
def tell_delays(*, now: datetime) -> int:
    """Tell candidates whose promise was missed, before they ask; return how many were told."""
    waiting = missed_promises(now).filter(told_of_delay_at=None).select_related("candidate__person", "owner")
    return sum(_tell_delay(case, now=now) for case in waiting)


def _tell_delay(case: Case, *, now: datetime) -> bool:
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, told_of_delay_at=None).update(told_of_delay_at=now):
            return False
        note_event("delay_told", case, "Gemeld dat het eerste contact later komt", now=now)
        is_sent = _mail(case, subject="Wij zijn later dan beloofd", template="cases/mail/delay.txt")
        transaction.set_rollback(not is_sent)  # who was not reached is told the next day
    return is_sent


# --------------------------------------------------------------------------------------------------------------- ask again
def ask_again(*, now: datetime) -> int:
    """Ask people whose case was closed for silence or another choice how they are, after 3, 6 and 12 months."""
    due = Case.objects.filter(closed_at__isnull=False, ask_again_on__lte=timezone.localdate(now))
    return sum(_ask(case, now=now) for case in due.select_related("candidate__person", "owner"))


def _ask(case: Case, *, now: datetime) -> bool:
    with transaction.atomic():
        if not _mail(case, subject="Hoe gaat het nu met u?", template="cases/mail/ask_again.txt"):
            return False
        note_asked_again(case, now=now)
    return True


def _mail(case: Case, *, subject: str, template: str) -> bool:
    """Send a candidate a mail about the own case; False where it does not go out, which the next day tries again."""
    desk = Desk.objects.filter(region_key=case.region_key).first()
    person, owner = case.candidate.person, case.owner
    context = {"name": person.name, "owner": owner.name if owner else "", "answer_to": address_of(case, desk)}
    try:
        send(to=person.email, subject=subject, template=template, context=context)
    except MailRefused:
        return False
    return True


# -------------------------------------------------------------------------------------------------------------------- mail
def sort_mail(*, now: datetime) -> int:
    """Let mails that name a case and come from somebody of it become a contact moment; others wait for a person."""
    waiting = InboundMail.objects.filter(state=InboundMail.State.NEW).order_by("received_at", "pk")
    return sum(sort(mail, now=now) for mail in waiting)

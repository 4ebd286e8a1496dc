"""Mail that comes in becomes a contact moment of the case that its address names.

A case has an address of its own, loket+CODE@regio.example, and is also found by [zaak CODE] in the subject. Only who belongs
to the case is believed: the candidate, or an adviser who sends a copy. Anything else stays in the list, where a person
chooses; nothing is thrown away.
"""

import re
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from regio.accounts.models import Person
from regio.desk.cases.enums import Channel, Phase
from regio.desk.cases.errors import NoCaseNamed, OpenAlready
from regio.desk.cases.models import Candidate, Case, Desk
from regio.desk.cases.rules import team_of
from regio.desk.cases.working_days import calendar_for
from regio.shared.inbound import make_of, take
from regio.shared.models import InboundMail

from .changing import Step, desk_of
from .closing import reopen_case
from .opening import ALPHABET
from .working import Talk, log_contact

CONTACT = "contactmoment"
CODE = f"[{ALPHABET}]{{10}}"
IN_ADDRESS, IN_SUBJECT = re.compile(rf"\+({CODE})@", re.IGNORECASE), re.compile(rf"\[zaak ({CODE})\]", re.IGNORECASE)
STOP = re.compile(r"\W*stop\b", re.IGNORECASE)  # as the mail that asks again says
ANSWER_DAYS = 2  # aanname: a mail is read within two working days


def address_of(case: Case, desk: Desk | None) -> str:
    """Return where mail about a case goes to; "" where the desk has no address."""
    name, at, host = (desk.mail_address if desk else "").partition("@")
    return f"{name}+{case.mail_code}@{host}" if at else ""


def code_in(mail: InboundMail) -> str:
    """Return the code of a case that a mail names, "" for none."""
    found = IN_ADDRESS.search(mail.recipients) or IN_SUBJECT.search(mail.subject)
    return found[1].lower() if found else ""


def case_of(mail: InboundMail) -> Case | None:
    """Return the case that a mail names."""
    code = code_in(mail)
    return Case.objects.select_related("candidate__person").filter(mail_code=code).first() if code else None


def sort(mail: InboundMail, *, now: datetime) -> bool:
    """Let a mail become a contact moment where it names a case and comes from somebody of it; tell whether it did."""
    case = case_of(mail)
    if case is None or not _is_of(case, mail.sender, now=now):
        return False
    make_of(mail.pk, CONTACT, now=now)
    return True


def _is_of(case: Case, sender: str, *, now: datetime) -> bool:
    """Tell whether this address is the candidate's, one that was merged into it, or an adviser's who may hold the case."""
    person = Person.objects.filter(email=sender.strip().lower()).first()
    if person is None:
        return False
    return _is_candidate(case, person.pk) or team_of(case.region_key, today=timezone.localdate(now)).may_hold(person.pk, case)  # fmt: skip


def _is_candidate(case: Case, person_id: int) -> bool:
    own = case.candidate.person_id == person_id
    return own or Candidate.objects.filter(merged_into_id=case.candidate_id, person_id=person_id).exists()


def become_contact(mail: InboundMail) -> str:
    """Make a mail a contact moment of the case that it names; the registered outcome of the reader.

    Raises:
        NoCaseNamed: it names no case.
    """
    case = case_of(mail)
    if case is None:
        raise NoCaseNamed
    return add_to_case(mail, case, now=timezone.now())


def add_to_case(mail: InboundMail, case: Case, *, now: datetime) -> str:
    """Make a mail a contact moment of a case. A candidate's mail asks for an answer, and opens a closed case again."""
    sender = Person.objects.filter(email=mail.sender.strip().lower()).first()
    is_from_candidate = sender is None or _is_candidate(case, sender.pk)
    talk = Talk(
        channel=Channel.MAIL, subject=mail.subject or "Mail zonder onderwerp", text=mail.body, is_reached=is_from_candidate,
        is_incoming=is_from_candidate, at=mail.received_at,
    )  # fmt: skip
    with transaction.atomic():
        log_contact(
            case.pk,
            talk,
            step=None,
            version=None,
            now=now,
            by=None if is_from_candidate or sender is None else sender.pk,
        )
        case.refresh_from_db()
        if is_from_candidate and not case.is_open and STOP.match(mail.body):
            Case.objects.filter(pk=case.pk).update(ask_again_on=None)
        elif is_from_candidate:
            _ask_for_answer(case, now=now)
    return f"zaak:{case.pk}"


def _ask_for_answer(case: Case, *, now: datetime) -> None:
    """Bring the day of an open case forward so that the answer is read; open a closed one again."""
    due = calendar_for(desk_of(case.region_key)).after(timezone.localdate(now), ANSWER_DAYS)
    if case.is_open:
        Case.objects.filter(pk=case.pk, next_on__gt=due).update(next_on=due, version=case.version + 1, changed_at=now)
        return
    try:
        reopen_case(case.pk, now=now, by=None, step=Step("Lees het antwoord en bel", due), phase=Phase.ORIENTING)
    except OpenAlready:
        return  # the candidate has another case of this type, and its owner sees this contact there


def assign(mail_id: int, case: Case, *, now: datetime) -> None:
    """Make a mail that waits a contact moment of the case that a person chose.

    Raises:
        HandledAlready: somebody was first.
    """
    with transaction.atomic():
        mail = take(mail_id)
        mail.state, mail.handled_at, mail.became = InboundMail.State.DONE, now, add_to_case(mail, case, now=now)
        mail.save(update_fields=["state", "became", "handled_at"])

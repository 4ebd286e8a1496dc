"""Coming in: somebody becomes a candidate once, and gets a case with an owner, a first step and a promise."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from regio.accounts.consent import give_consent, text_of
from regio.accounts.enums import OrganisationKind, Purpose, Role
from regio.accounts.errors import NotAnAddress
from regio.accounts.models import Membership, Person
from regio.desk.cases.actions.usual_steps import first_step
from regio.desk.cases.enums import CaseType, Phase, Source
from regio.desk.cases.errors import EmployerMissing, OpenAlready
from regio.desk.cases.models import Candidate, Case, PhaseChange
from regio.desk.cases.working_days import calendar_for

from .changing import Step, desk_of, find_holder, give_to, note_event, put_step, team_at

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters and figures that look alike


@dataclass(frozen=True)
class Newcomer:
    """Who comes to a desk."""

    name: str
    email: str
    phone: str = ""


def name_key(name: str) -> str:
    """Return a name as doubles are found by: without accents, capitals, spaces and signs."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.casefold() if letter.isalnum())[:120]


def phone_key(phone: str) -> str:
    """Return the last nine digits of a number, "" where there are fewer."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return digits[-9:] if len(digits) >= 9 else ""


def register_candidate(newcomer: Newcomer, *, region_key: str, now: datetime) -> Candidate:
    """Return the candidate with this address, made where there is none; who was merged is who was kept.

    Raises:
        NotAnAddress: no mail address.
    """
    address = newcomer.email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise NotAnAddress from None
    with transaction.atomic():
        person = Person.objects.filter(email=address).first() or Person.objects.create_user(address, name=newcomer.name.strip()[:120])  # fmt: skip
        found = Candidate.objects.filter(person=person).select_related("merged_into").first()
        if found is not None:
            return found.merged_into or found
        _hold_role(person, region_key, now=now)
        return Candidate.objects.create(
            person=person, region_key=region_key, phone=newcomer.phone.strip()[:30], created_at=now,
            name_key=name_key(person.name), phone_key=phone_key(newcomer.phone),
        )  # fmt: skip


def _hold_role(person: Person, region_key: str, *, now: datetime) -> None:
    """Give the role of candidate, by which the account stays."""
    Membership.objects.get_or_create(
        person=person, role=Role.CANDIDATE, organisation_kind=OrganisationKind.REGION, organisation_code=region_key,
        ends_on=None, defaults={"starts_on": timezone.localdate(now)},
    )  # fmt: skip


def open_case(
    candidate: Candidate, *, case_type: str, source: str, now: datetime, by: int | None,
    employer_board: str = "", owner: int | None = None, step: Step | None = None, agreed: str = "",
) -> Case:  # fmt: skip
    """Open a case for a candidate; without an owner named the keeper of the desk has it until somebody takes it.

    Args:
        agreed: how the candidate agreed to a file ("telefoon", "papier"); "" where that was done before, or still has to be.

    Raises:
        OpenAlready: there is an open case of this type.
        EmployerMissing: mobility without the present board.
        NobodyForCase: no adviser may hold it.
    """
    if case_type == CaseType.MOBILITY and not employer_board:
        raise EmployerMissing
    with transaction.atomic():
        Candidate.objects.select_for_update().get(pk=candidate.pk)  # two clicks are one case
        held = Case.objects.filter(candidate=candidate, type=case_type, closed_at=None).first()
        if held is not None:
            raise OpenAlready(held.pk)
        case = _new(candidate, CaseType(case_type), Source(source), employer_board, now=now, by=by)
        holder = find_holder(case, team_at(case.region_key, now=now), preferred=owner)
        give_to(case, holder, now=now, is_chosen=owner is not None and holder == owner)
        put_step(case, step or first_step(case, today=timezone.localdate(now)))
        case.save(force_insert=True)
        if agreed:
            _agree(candidate, agreed, now=now)
        PhaseChange.objects.create(case=case, phase=case.phase, at=now, by_id=by)
        note_event("case_opened", case, "Zaak geopend", now=now, details={"type": case.type, "source": case.source})
    return case


def _agree(candidate: Candidate, channel: str, *, now: datetime) -> None:
    """Keep that the candidate agreed to a file of the desk, to the text in force."""
    organisation = f"{OrganisationKind.REGION}:{candidate.region_key}"
    give_consent(candidate.person, purpose=Purpose.DESK_FILE, organisation=organisation, version=text_of(Purpose.DESK_FILE).version, now=now, channel=channel)  # fmt: skip


def _new(candidate: Candidate, case_type: CaseType, source: Source, employer_board: str, *, now: datetime, by: int | None) -> Case:  # fmt: skip
    desk = desk_of(candidate.region_key)
    promised = calendar_for(desk).after(timezone.localdate(now), desk.promise_days)
    return Case(
        region_key=candidate.region_key, candidate=candidate, type=case_type, source=source, employer_board=employer_board,
        phase=Phase.NEW, opened_at=now, promised_on=promised, mail_code=mail_code(), changed_at=now, changed_by_id=by,
    )  # fmt: skip


def mail_code() -> str:
    """Return the part of a mail address that names a case: 10 letters and figures, 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


@dataclass(frozen=True)
class ImportedRow:
    """What became of one row of a file: its number, the case, or why not."""

    line: int
    case_id: int | None
    problem: str = ""


def import_rows(rows: list[dict[str, str]], *, region_key: str, now: datetime, by: int | None) -> list[ImportedRow]:
    """Open a case per row; a bad row is told and blocks no other.

    Args:
        rows: `naam`, `mail`, `telefoon`, `soort` and `werkgever` of each person.
    """
    from regio.shared.errors import UserError

    told = []
    for line, row in enumerate(rows, 2):
        try:
            with transaction.atomic():
                told.append(ImportedRow(line, _import(row, region_key=region_key, now=now, by=by).pk))
        except (UserError, ValueError) as problem:
            told.append(ImportedRow(line, None, str(problem)))
    return told


def _import(row: dict[str, str], *, region_key: str, now: datetime, by: int | None) -> Case:
    newcomer = Newcomer(row.get("naam", ""), row.get("mail", ""), row.get("telefoon", ""))
    if row.get("soort", "instroom") not in CaseType.values:
        raise ValueError(f"{row['soort']} is geen soort zaak. Kies uit: {', '.join(CaseType.values)}.")
    candidate = register_candidate(newcomer, region_key=region_key, now=now)
    return open_case(candidate, case_type=row.get("soort", "instroom"), source=Source.IMPORT, now=now, by=by, employer_board=row.get("werkgever", ""))  # fmt: skip

"""A desk with advisers, and cases in every state; names and addresses are invented."""

from datetime import UTC, date, datetime, timedelta

from regio.accounts.enums import Role
from regio.desk.cases.actions import handing_over, merging
from regio.desk.cases.actions.opening import Newcomer, open_case, register_candidate
from regio.desk.cases.models import Contact, Desk

from . import people, regions

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday
TODAY = date(2026, 11, 20)
REGION, ELSEWHERE = "rpa:90", "rpa:91"
EMPLOYER = "90001"
NAME, HIDDEN_NAME = "Tureluur Geplant", "Kwikstaart Geplant"  # of an open case, and of a teacher of board 90001


def adviser(number, *, region=REGION, boards=()):
    """Return an adviser of a desk, who may also have a role at boards."""
    someone = people.person(number, role=Role.DESK_ADVISER, organisation=f"regio:{region}")
    for board in boards:
        people.member(someone, role=Role.HR, organisation=f"bestuur:{board}")
    return someone


def desk(*, advisers=2, region=REGION, first=1, **changes):
    """Return a desk and its advisers; the first keeps what nobody took."""
    team = [adviser(number, region=region) for number in range(first, first + advisers)]
    made = Desk.objects.create(region_key=region, keeper=team[0] if team else None, mail_address="loket@voorbeeld.example", **changes)  # fmt: skip
    return made, team


def candidate(number=1, *, name="", region=REGION, now=NOW, phone=""):
    """Return a candidate."""
    newcomer = Newcomer(name or f"Kandidaat {number}", f"kandidaat{number}@voorbeeld.example", phone)
    return register_candidate(newcomer, region_key=region, now=now)


def case(number=1, *, type="instroom", owner=None, now=NOW, employer="", region=REGION, name="", **changes):
    """Return an open case of a candidate, with the given fields set afterwards."""
    someone = candidate(number, region=region, now=now, name=name)
    made = open_case(someone, case_type=type, source="telefoon", now=now, by=None, owner=owner and owner.pk, employer_board=employer)  # fmt: skip
    if changes:
        type_ = type_of(made)
        type_.objects.filter(pk=made.pk).update(**changes)
        made.refresh_from_db()
    return made


def type_of(made):
    """Return the table of a row."""
    return made.__class__


def sitting_teacher(number=1, *, owner=None, now=NOW):
    """Return the case of a teacher of board 90001 who looks around."""
    regions.board(EMPLOYER)
    return case(number, type="mobiliteit", employer=EMPLOYER, owner=owner, now=now)


def tried(made, *, days_ago, channel="telefoon", reached=False, now=NOW):
    """Keep an attempt of some days ago."""
    return Contact.objects.create(case=made, at=now - timedelta(days=days_ago), channel=channel, is_reached=reached, subject="Poging")  # fmt: skip


def planted(adviser, of_employer):
    """Plant a desk for the test of rights: a case, one that is hidden from board 90001, doubles, a merge and an absence."""
    people.member(of_employer, role=Role.HR, organisation=f"bestuur:{EMPLOYER}")
    Desk.objects.create(region_key=REGION, keeper=adviser)
    open_one = case(501, owner=adviser, name=NAME)
    someone = candidate(502, name=HIDDEN_NAME)
    hidden = open_case(someone, case_type="mobiliteit", source="telefoon", now=NOW, by=None, owner=adviser.pk, employer_board=EMPLOYER)  # fmt: skip
    double, gone = candidate(503, name="Dubbel Een"), candidate(504, name="Dubbel Twee")
    made = merging.merge(double.pk, gone.pk, now=NOW, by=None)
    absence = handing_over.cover_absence(of_employer.pk, region_key=REGION, first=date(2026, 11, 20), last=date(2026, 11, 27), cover=adviser.pk, now=NOW, by=None)  # fmt: skip
    return {"case": open_one.pk, "hidden": hidden.pk, "one": open_one.candidate_id, "other": double.pk, "secret": someone.pk, "merge": made.pk, "absence": absence.pk}  # fmt: skip

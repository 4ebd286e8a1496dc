"""Every term is carried out: what is past its end goes, what is a day younger stays, and each term has an executor."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import models
from django.utils import timezone

from regio.accounts.models import (
    BoardExit,
    BulkMailReceipt,
    Consent,
    Digest,
    DigestLine,
    EntryLink,
    Membership,
    Person,
    PrivacyRequest,
)
from regio.audit.actions import record
from regio.audit.models import ChainHead, Event
from regio.audit.queries import check_chain
from regio.audit.retaining import end_terms
from regio.desk.cases.models import Candidate, Case
from regio.shared import retention
from regio.shared.models import ImportFinding, InboundMail, Job
from regio.shared.personal_data import personal_tables
from regio.workforce.models import StaffMember
from tests.factories import forecasts, people, regions
from tests.helpers import CHECKOUT

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = retention.terms()


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


def somebody():
    number = Person.objects.count() + 1
    return people.person(number)


def account(began):
    person = people.person(Person.objects.count() + 1, role="board_planner")
    Membership.objects.filter(person=person).update(ends_on=began.date(), starts_on=date(2020, 1, 1))
    Person.objects.filter(pk=person.pk).update(created_at=began - DAY)
    record("accounts.end_of_account_told", subject=str(person), heading="Gemeld", now=NOW - 31 * DAY)
    return Person.objects.filter(pk=person.pk)


def session(began):
    from django.contrib.sessions.models import Session

    Session.objects.create(session_key=f"s{began.timestamp():.0f}", session_data="x", expire_date=began)
    return Session.objects.all()


def digest(began):
    one = Digest.objects.create(person=somebody(), on=began.date(), sent_at=began)
    DigestLine.objects.create(person=one.person, words="x", path="/", added_at=began, digest=one)
    return DigestLine.objects.all()


def staff(began):
    board = regions.board()
    StaffMember.objects.create(
        board=board, location=regions.location(of_board=board), person="x", function_group="leraar", birth_year=1980,
        milli_fte=800, reference_date=began.date(), batch=forecasts.batch(StaffMember.objects.count() + 1),
    )  # fmt: skip
    return StaffMember.objects.all()


def older_staff(began):
    if began <= NOW:  # a third date is older than the two newest
        for day in (date(2024, 10, 1), date(2025, 10, 1), date(2026, 10, 1)):
            staff(datetime.combine(day, datetime.min.time(), UTC))
    return StaffMember.objects.filter(reference_date=date(2024, 10, 1))


def finding(began):
    batch = forecasts.batch(1, dataset="eigen-personeel-bestuur-90001", superseded_at=began if began <= NOW else None)
    ImportFinding.objects.create(batch=batch, code="R-1", severity="fout", value="cel", message="x")
    return ImportFinding.objects.exclude(value="")


def file(began):
    from django.conf import settings

    folder = settings.HOME / "mail"
    folder.mkdir(exist_ok=True)
    path = folder / f"{began:%s}.log"
    path.write_text("x")
    os.utime(path, (began.timestamp(), began.timestamp()))
    return list(folder.iterdir())


def event(began):
    if began < NOW - timedelta(days=TERMS["logboek"].days):  # younger ones come after it: see the test of the chain
        record("accounts.membership_given", subject="persoon:1", heading="Oud", now=began)
    return Event.objects.filter(heading="Oud")


def job(state):
    return lambda began: _made(Job, kind="prognose", label="x", state=state, created_at=began, ended_at=began)


def post(state):
    handled = None if state == "nieuw" else 1
    return lambda began: _made(InboundMail, message_hash=f"{began:%s}", received_at=began, state=state, handled_at=handled and began)  # fmt: skip


def _made(model, **values):
    model.objects.create(**values)
    return model.objects.all()


def closed_case(reason):
    def make(began):
        person = somebody()
        someone = Candidate.objects.create(person=person, region_key="rpa:90", created_at=began)
        return _made(
            Case, region_key="rpa:90", candidate=someone, type="instroom", source="telefoon", phase="uitgestroomd", opened_at=began,
            promised_on=began.date(), closed_at=began, exit_reason=reason, mail_code=f"{person.pk}", changed_at=began,
        )  # fmt: skip

    return make


MAKE = {
    "account": account, "sessie": session, "bericht": digest, "personeel": staff, "personeel_ouder": older_staff,
    "inleescontrole": finding, "mailbestand": file, "logboek": event, "taak": job("klaar"), "taak_mislukt": job("mislukt"),
    "post_verwerkt": post("verwerkt"), "post_weg": post("weg"), "post_nieuw": post("nieuw"),
    "toestemming": lambda began: _made(Consent, person=somebody(), purpose="contact", organisation="regio:rpa:90", text_version="1", channel="scherm", given_at=began, withdrawn_at=began),
    "zaak_gelukt": closed_case("baan"), "zaak_stil": closed_case("geen_reactie"), "zaak_gestopt": closed_case("op_verzoek"),
    "inloglink": lambda began: _made(EntryLink, person=somebody(), token_hash=f"{began:%s}", target_path="/", made_at=began - DAY, expires_at=began),
    "bericht_aan_velen": lambda began: _made(BulkMailReceipt, person=somebody(), code="x", sent_at=began),
    "verzoek": lambda began: _made(PrivacyRequest, person=somebody(), kind="correctie", words="x", asked_at=began, state="gedaan", answer="x", answered_at=began),
    "vertrek_verslag": lambda began: _made(BoardExit, board="1", asked_by="x", asked_at=began, ends_at=began, ended_at=began, state="weg", sealed="x", sha256="x", rows=0),
}  # fmt: skip
ELSEWHERE = {"vertrek"}  # tests/site/test_leaving.py


def test_every_term_has_an_executor_and_every_table_a_term():
    assert sorted(retention.rules()) == sorted(TERMS)
    named = {term for _, labels in personal_tables() for term in labels.terms}
    assert named <= set(TERMS)
    assert set(TERMS) - named <= {"mailbestand"}  # files, not a table
    assert {*MAKE, *ELSEWHERE} == set(TERMS)


@pytest.mark.parametrize("code", MAKE)
def test_what_is_past_its_term_goes_and_what_is_younger_stays(code):
    term = TERMS[code]
    edge = NOW - timedelta(days=term.days)
    MAKE[code](edge + 2 * DAY)
    assert retention.number_of(retention.at_their_end(term, now=NOW)) == 0
    rows = MAKE[code](edge - 2 * DAY)
    before = _count(rows)
    outlook = next(one for one in retention.outlook(now=NOW) if one.term == term)
    assert (outlook.now, _count(rows)) == (1, before)  # the dry run changes nothing
    gone, failed = end_terms(now=NOW)
    assert failed == []
    assert gone[code] >= 1
    assert retention.number_of(retention.at_their_end(term, now=NOW)) == 0
    assert Event.objects.filter(kind="audit.term_ended", subject=f"termijn:{code}").count() == 1
    assert end_terms(now=NOW)[0][code] == 0  # done twice it does nothing the second time


def _count(rows):
    return rows.count() if isinstance(rows, models.QuerySet) else len(rows)


def test_who_loses_the_account_is_told_thirty_days_before_and_goes_with_all_that_hangs_on_it():
    person = people.person(role="board_planner")
    Membership.objects.update(ends_on=(NOW - 340 * DAY).date(), starts_on=date(2020, 1, 1))
    Person.objects.update(created_at=NOW - 900 * DAY)
    person.mail_preference = None
    digest_line = DigestLine.objects.create(person=person, words="x", path="/", added_at=NOW)
    for _ in range(2):
        end_terms(now=NOW)
    (told,) = mail.outbox
    assert told.to == [person.email]
    assert "Over 30 dagen verwijderen wij" in told.body
    end_terms(now=NOW + 29 * DAY)
    assert Person.objects.filter(pk=person.pk).exists()
    end_terms(now=NOW + 31 * DAY)
    assert not Person.objects.filter(pk=person.pk).exists()
    assert not DigestLine.objects.filter(pk=digest_line.pk).exists()
    assert len(mail.outbox) == 1
    assert Event.objects.get(kind="accounts.person_erased").subject == f"persoon:{person.pk}"


def test_the_officer_hears_thirty_days_before_what_goes_by_itself(client, settings):
    settings.OPEN = False
    officer = people.person(9, role="privacy_officer", organisation="installatie:")
    now = timezone.now()
    for code in ("post_nieuw", "personeel"):
        MAKE[code](now - timedelta(days=TERMS[code].days - 20))
    lines = people.sign_in(client, officer).get("/vandaag/").context["lines"]
    said = [line.words.partition(": ")[2] for line in lines if line.address == "/bewaartermijnen/"]
    assert said == [
        "1 × binnengekomen mail (nooit behandeld)",
        "1 × eigen personeelsregel van een bestuur (geen nieuwer bestand gekomen)",
    ]


def test_nobody_goes_who_was_never_told_or_who_got_a_role_again():
    untold, back = people.person(1, role="board_planner"), people.person(2, role="board_planner")
    Membership.objects.update(ends_on=(NOW - 400 * DAY).date(), starts_on=date(2020, 1, 1))
    Person.objects.update(created_at=NOW - 900 * DAY)
    record("accounts.end_of_account_told", subject=str(back), heading="Gemeld", now=NOW - 40 * DAY)
    people.member(back, organisation="bestuur:90002")
    end_terms(now=NOW)
    assert set(Person.objects.values_list("pk", flat=True)) == {untold.pk, back.pk}


def test_the_trail_stays_a_chain_when_its_beginning_goes():
    for years in (9, 8, 1, 0):
        record("accounts.membership_given", subject="x:1", heading="Oud", now=NOW - years * 365 * DAY)
    end_terms(now=NOW)
    assert Event.objects.filter(heading="Oud").count() == 2
    assert check_chain().is_whole
    assert ChainHead.objects.get().dropped == 2
    Event.objects.order_by("pk").first().delete()
    assert not check_chain().is_whole


def test_one_term_that_fails_keeps_no_other_from_its_end(monkeypatch):
    MAKE["taak"](NOW - 200 * DAY)
    retention.register_rule("sessie", "regio.shared.old_rows.does_not_exist")
    try:
        gone, failed = end_terms(now=NOW)
    finally:
        retention.register_rule(
            "sessie", "regio.accounts.old_rows.ended_sessions", "regio.accounts.old_rows.end_sessions"
        )
    assert (gone["taak"], failed) == (1, ["sessie"])


def test_the_newest_of_what_happens_by_itself_stays():
    for planned in (NOW - 200 * DAY, NOW - 199 * DAY):
        Job.objects.create(
            kind="elke_dag", label="x", created_at=planned, ended_at=planned, planned_at=planned, state="klaar"
        )
    end_terms(now=NOW)
    assert list(Job.objects.values_list("planned_at", flat=True)) == [NOW - 199 * DAY]


def test_the_list_of_terms_is_up_to_date():
    text = (CHECKOUT / "docs/nl/bewaartermijnen.md").read_text(encoding="utf-8")
    assert text == retention.render_terms(), "write regio.shared.retention.render_terms() to docs/nl/bewaartermijnen.md"

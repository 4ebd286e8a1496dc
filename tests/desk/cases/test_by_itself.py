"""L12, L14, L26, L36: what happens by itself, mail that comes in, leaving and erasing."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core import mail
from django.urls import reverse

from regio.accounts.actions import end_role
from regio.accounts.enums import Role
from regio.accounts.models import Consent, Membership, Person
from regio.accounts.viewer import Viewer, roles_of, seen_by
from regio.desk.cases import nightly, queries, today
from regio.desk.cases.actions import closing, merging, working
from regio.desk.cases.actions.changing import Step
from regio.desk.cases.errors import NotAReason, TooSoonForSilence
from regio.desk.cases.models import Candidate, Case
from regio.shared.inbound import read_mailbox
from regio.shared.models import InboundMail
from tests.factories import cases, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return cases.desk()[1]


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def viewer_of(someone):
    return Viewer(person_id=someone.pk, held=roles_of(someone.pk, cases.TODAY))


# ---------------------------------------------------------------------------------------------------------------- promise
def test_a_missed_promise_is_told_once_before_the_candidate_asks(desk, frozen_clock):
    made = cases.case(owner=desk[0])
    assert f"{made.promised_on}" == "2026-11-25"
    for days, told in ((5, 0), (1, 1), (0, 0), (9, 0)):
        frozen_clock.move(days=days)
        assert nightly.tell_delays(now=frozen_clock.now) == told, days
    (letter,) = mail.outbox
    assert letter.to == ["kandidaat1@voorbeeld.example"]
    assert "Wij beloofden u snel contact" in letter.body
    assert f"loket+{made.mail_code}@voorbeeld.example" in letter.body


def test_a_delay_that_the_mail_server_refused_is_told_the_next_day(desk, frozen_clock, settings):
    cases.case(owner=desk[0])
    frozen_clock.move(days=6)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert nightly.tell_delays(now=frozen_clock.now) == 0
    settings.EMAIL_BACKEND = working
    assert nightly.tell_delays(now=frozen_clock.now) == 1


def test_a_missed_promise_and_a_late_step_stand_in_vandaag(desk, frozen_clock):
    cases.case(owner=desk[0])
    frozen_clock.move(days=7)
    with seen_by(viewer_of(desk[0])):
        told = [line.words for line in today.lines(frozen_clock.now)]
    assert told == ["1 kandidaat wacht langer dan beloofd", "1 eigen stap is te laat"]
    with seen_by(viewer_of(people.person(50, role=Role.BOARD_PLANNER))):
        assert list(today.lines(frozen_clock.now)) == []


def test_reaction_time_is_measured_per_week(desk, frozen_clock):
    for number, days in enumerate((0, 1, 4)):
        made = cases.case(number, owner=desk[0])
        talk = working.Talk(channel="telefoon", subject="Gesprek", is_reached=True, at=cases.NOW + timedelta(days=days))
        working.log_contact(made.pk, talk, step=None, version=None, now=cases.NOW + timedelta(days=days), by=desk[0].pk)
    cases.case(9, owner=desk[0])
    frozen_clock.move(days=10)
    (week,) = queries.response_weeks(viewer_of(desk[0]), now=frozen_clock.now)
    assert (week.opened, week.median, week.p90, week.waiting, week.kept_share) == (4, 1.0, 6.0, 1, 0.75)


# ---------------------------------------------------------------------------------------------------------------- closing
def test_a_case_is_closed_for_silence_only_after_enough_attempts(desk):
    made = cases.case(owner=desk[0])
    with pytest.raises(TooSoonForSilence, match="0 pogingen"):
        closing.close_case(made.pk, "geen_reactie", version=made.version, now=cases.NOW, by=None)
    with pytest.raises(NotAReason):
        closing.close_case(made.pk, "samengevoegd", version=made.version, now=cases.NOW, by=None)
    for days, channel in ((22, "telefoon"), (15, "mail"), (8, "telefoon")):
        cases.tried(made, days_ago=days, channel=channel)
    closed = closing.close_case(made.pk, "geen_reactie", version=made.version, now=cases.NOW, by=None)
    assert (closed.phase, closed.exit_reason, f"{closed.ask_again_on}") == (
        "uitgestroomd",
        "geen_reactie",
        "2027-02-20",
    )


def test_l26_after_silence_people_are_asked_at_3_6_and_12_months(desk, frozen_clock):
    made = cases.case(owner=desk[0])
    closed = closing.close_case(made.pk, "tijd", version=made.version, now=cases.NOW, by=None)
    asked = []
    for _ in range(420):
        frozen_clock.move(days=1)
        if nightly.ask_again(now=frozen_clock.now):
            asked.append(f"{frozen_clock.now:%Y-%m-%d}")
    assert asked == ["2027-02-20", "2027-05-20", "2027-11-20"]
    closed.refresh_from_db()
    assert (closed.asked_again, closed.ask_again_on) == (3, None)


def test_who_comes_back_goes_on_in_the_same_case_and_the_history_stays(desk):
    made = cases.case(owner=desk[0])
    closing.close_case(made.pk, "tijd", version=made.version, now=cases.NOW, by=None)
    again = closing.reopen_case(made.pk, now=cases.NOW, by=None)
    assert (again.is_open, again.exit_reason, again.owner_id) == (True, "", desk[0].pk)
    assert list(again.phases.order_by("pk").values_list("phase", flat=True)) == ["nieuw", "uitgestroomd", "orienteren"]


# ------------------------------------------------------------------------------------------------------------------ mail
def letter(
    folder, number, *, to, sender="kandidaat1@voorbeeld.example", subject="Vraag", words="Ik wil graag verder praten."
):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = sender, to, subject, f"<{number}@voorbeeld.example>"
    made.set_content(words)
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "new" / f"{number}").write_bytes(made.as_bytes())


def test_l36_a_mail_to_the_address_of_a_case_becomes_its_contact_and_others_wait(desk, tmp_path, frozen_clock):
    made = cases.case(owner=desk[0], next_on="2027-03-01")
    cases.case(2, owner=desk[0])
    address = f"loket+{made.mail_code}@voorbeeld.example"
    letter(tmp_path, 1, to=address)
    letter(tmp_path, 2, to="loket@voorbeeld.example", subject=f"Antw: [zaak {made.mail_code}] uw vraag")
    letter(tmp_path, 3, to=f"iemand@school.example, {address}", sender=desk[0].email, subject="Kopie van mijn mail")
    letter(tmp_path, 4, to=address, sender="vreemde@elders.example")
    letter(tmp_path, 5, to="loket@voorbeeld.example", sender="kandidaat2@voorbeeld.example")
    read_mailbox(tmp_path)
    assert nightly.sort_mail(now=frozen_clock.now) == 3
    assert nightly.sort_mail(now=frozen_clock.now) == 0
    told = list(made.contacts.order_by("pk").values_list("channel", "is_incoming", "is_reached", "by"))
    assert sorted(told, key=str) == sorted(
        [("mail", True, True, None)] * 2 + [("mail", False, False, desk[0].pk)], key=str
    )
    made.refresh_from_db()
    assert f"{made.next_on}" == "2026-11-24"
    assert InboundMail.objects.filter(state="nieuw").count() == 2


def test_l36_somebody_gives_a_waiting_mail_its_case_or_none(client, desk, tmp_path):
    made = cases.case(owner=desk[0])
    letter(tmp_path, 1, to="loket@voorbeeld.example")
    letter(tmp_path, 2, to="loket@voorbeeld.example", sender="reclame@elders.example")
    read_mailbox(tmp_path)
    first, second = InboundMail.objects.order_by("pk")
    people.sign_in(client, desk[0])
    page = client.get(reverse("desk_mail")).content.decode()
    assert f'value="{made.pk}"' in page  # the only open case of who wrote it is proposed
    assert client.post(reverse("desk_mail"), {"mail": first.pk, "case": 0}).status_code == 422
    client.post(reverse("desk_mail"), {"mail": first.pk, "case": made.pk})
    client.post(reverse("desk_mail"), {"mail": second.pk, "drop": "ja"})
    first.refresh_from_db()
    assert (first.state, first.became, made.contacts.count()) == ("verwerkt", f"zaak:{made.pk}", 1)
    assert not InboundMail.objects.filter(state="nieuw").exists()


def test_l36_an_answer_opens_a_closed_case_again(desk, tmp_path, frozen_clock):
    made = cases.case(owner=desk[0])
    closing.close_case(made.pk, "tijd", version=made.version, now=cases.NOW, by=None)
    letter(tmp_path, 1, to=f"loket+{made.mail_code}@voorbeeld.example")
    read_mailbox(tmp_path)
    nightly.sort_mail(now=frozen_clock.now)
    made.refresh_from_db()
    assert (made.is_open, made.next_step) == (True, "Lees het antwoord en bel")


def test_l38_mail_about_a_hidden_case_is_not_shown_to_the_employer(desk, tmp_path):
    made = cases.sitting_teacher(7, owner=desk[0])
    own = cases.adviser(8, boards=(cases.EMPLOYER,))
    letter(tmp_path, 1, to="loket@voorbeeld.example", sender="kandidaat7@voorbeeld.example")
    letter(tmp_path, 2, to=f"loket+{made.mail_code}@voorbeeld.example", sender="prive@elders.example")
    read_mailbox(tmp_path)
    assert len(queries.waiting_mail(viewer_of(desk[0]))) == 2
    assert queries.waiting_mail(viewer_of(own)) == []


# --------------------------------------------------------------------------------------------------------- leaving, erasing
def test_who_leaves_the_desk_leaves_no_case_behind(desk):
    made = cases.case(owner=desk[1])
    end_role(Membership.objects.get(person=desk[1], role=Role.DESK_ADVISER), now=cases.NOW)
    made.refresh_from_db()
    assert (made.owner_id, made.seen_at) == (desk[0].pk, None)


def test_an_adviser_who_is_erased_hands_over_first_and_closed_cases_lose_the_name(desk):
    made, closed = cases.case(1, owner=desk[1]), cases.case(2, owner=desk[1])
    closing.close_case(closed.pk, "baan", version=closed.version, now=cases.NOW, by=desk[1].pk)
    Membership.objects.filter(person=desk[1]).delete()
    Person.objects.get(pk=desk[1].pk).delete()
    assert list(Case.objects.order_by("pk").values_list("owner_id", flat=True)) == [desk[0].pk, None]
    assert made.is_open


def test_a_merge_keeps_contacts_consents_and_an_event_and_the_old_address_leads_to_who_stays(desk):
    from regio.audit.models import Event

    one, other = cases.case(1, owner=desk[0]), cases.case(2, owner=desk[1], type="professionalisering")
    for who, purpose in ((one, "contact"), (other, "contact"), (other, "gezamenlijke_raming")):
        Consent.objects.create(person=who.candidate.person, purpose=purpose, organisation="regio:rpa:90", text_version="1", channel="papier", given_at=cases.NOW)  # fmt: skip
    before = Consent.objects.count()
    made = merging.merge(one.candidate_id, other.candidate_id, now=cases.NOW, by=desk[0].pk)
    assert Consent.objects.count() == before
    assert Consent.objects.filter(person=one.candidate.person, withdrawn_at=None).count() == 2
    assert Case.objects.filter(candidate=one.candidate, closed_at=None).count() == 2
    assert cases.candidate(2) == one.candidate
    assert Event.objects.get(kind="cases.merged").details == {"gone": other.candidate_id, "moved": {"joined": 0, "cases": 1, "consents": 1, "followers": 0}}  # fmt: skip
    merging.undo_merge(made.pk, now=cases.NOW, by=None)
    assert Consent.objects.filter(person=other.candidate.person).count() == 2
    assert cases.candidate(2) == other.candidate


def test_erasing_who_was_kept_erases_the_double_too(desk):
    one, other = cases.case(1, owner=desk[0]), cases.case(2, owner=desk[1])
    merging.merge(one.candidate_id, other.candidate_id, now=cases.NOW, by=None)
    one.candidate.person.delete()
    assert (Candidate.objects.count(), Case.objects.count()) == (0, 0)
    assert not Person.objects.filter(email="kandidaat2@voorbeeld.example").exists()


def test_a_step_that_is_set_with_a_contact_needs_no_second_form(desk):
    made = cases.case(owner=desk[0])
    talk = working.Talk(channel="mail", subject="Folder gestuurd", is_reached=False)
    working.log_contact(
        made.pk, talk, step=Step("Bel na", cases.TODAY), version=made.version, now=cases.NOW, by=desk[0].pk
    )
    made.refresh_from_db()
    assert (made.next_step, made.next_on, made.first_contact_at) == ("Bel na", cases.TODAY, cases.NOW)


def test_what_stays_of_a_case_after_its_term_is_a_count_and_the_role_ends(desk, frozen_clock):
    from regio.desk.cases import old_rows
    from regio.desk.cases.models import Outcome

    for number in (1, 2):
        made = cases.case(number, owner=desk[0])
        closing.close_case(made.pk, "baan", version=made.version, now=cases.NOW, by=None)
    frozen_clock.move(days=366)
    assert old_rows.end_cases(old_rows.done(cases.NOW + timedelta(days=1)), now=frozen_clock.now) == 2
    assert list(Outcome.objects.values_list("exit_reason", "number")) == [("baan", 2)]
    assert not Case.objects.exists()
    assert not Membership.objects.filter(role=Role.CANDIDATE, ends_on=None).exists()


def test_a_late_case_of_who_is_away_alarms_the_team_until_somebody_takes_over(desk, frozen_clock):
    from regio.desk.cases.actions.handing_over import cover_absence
    from regio.desk.cases.models import Absence

    cases.case(owner=desk[1], first_contact_at=cases.NOW, next_on=cases.TODAY - timedelta(days=3))
    days = {"starts_on": cases.TODAY - timedelta(days=9), "ends_on": cases.TODAY + timedelta(days=9)}
    Absence.objects.create(person=desk[1], region_key=cases.REGION, moved_at=cases.NOW, **days)
    with seen_by(viewer_of(desk[0])):
        assert [line.words for line in today.lines(cases.NOW)] == ["1 zaak van wie afwezig is, is te laat"]
    cover_absence(desk[1].pk, region_key=cases.REGION, first=days["starts_on"], last=days["ends_on"], cover=desk[0].pk, now=cases.NOW, by=None)  # fmt: skip
    assert Absence.objects.count() == 1
    with seen_by(viewer_of(desk[0])):
        told = [line.words for line in today.lines(cases.NOW)]
    assert told == ["1 eigen stap is te laat"]


def test_l26_who_answers_stop_or_takes_consent_back_is_asked_nothing_again(desk, tmp_path, frozen_clock):
    made, other = cases.case(1, owner=desk[0]), cases.case(2, owner=desk[0])
    for case in (made, other):
        closing.close_case(case.pk, "tijd", version=case.version, now=cases.NOW, by=None)
    letter(tmp_path, 1, to=f"loket+{made.mail_code}@voorbeeld.example", words="Stop\n\n> Hoe gaat het nu met u?")
    read_mailbox(tmp_path)
    assert nightly.sort_mail(now=frozen_clock.now) == 1
    closing.withdraw(other.candidate, now=cases.NOW + timedelta(days=1))
    told = [(case.is_open, case.ask_again_on, case.exit_reason) for case in Case.objects.order_by("pk")]
    assert told == [(False, None, "tijd"), (False, None, "toestemming")]

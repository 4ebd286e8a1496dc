"""What somebody hears of: per kind at once, in the one digest of the day or not; left off by a link; and addresses of teams."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from regio.accounts.enums import How, Role
from regio.accounts.leaving_off import EVERY_DIGEST, choose, off_address
from regio.accounts.mail_kinds import ASKED, OF_REGION, SIGN_IN, WAITS, mail_kinds
from regio.accounts.models import Digest, MailChoice, MailPreference, Membership, TeamAddress
from regio.accounts.telling import how_for
from regio.audit.models import Event
from regio.shared import jobs
from regio.shared.models import Job
from tests.factories import people

pytestmark = pytest.mark.django_db
PATH = "/account/berichten/"


@pytest.fixture
def planner():
    return people.person(1, role=Role.BOARD_PLANNER)


def morning():
    """Do what the worker does at seven."""
    job = jobs.enqueue(kind="dagmail", label="Berichten", arguments={"dag": str(timezone.now())}, owner="", now=timezone.now())  # fmt: skip
    return jobs.run(jobs.claim(job.pk, now=timezone.now())).message


def ended_job(owner, state=Job.State.FAILED):
    job = jobs.enqueue(kind="ophalen", label="Nieuwe tellingen ophalen", arguments={}, owner=owner, now=timezone.now())
    jobs._end(jobs.claim(job.pk, now=timezone.now()), state, "Het lukte niet.")


# ---------------------------------------------------------------------------------------------------------- choosing
def test_each_kind_has_its_own_choice_and_what_cannot_be_switched_off_says_so(client, planner):
    people.sign_in(client, planner)
    page = client.get(PATH).content.decode()
    assert "Dit kunt u niet uitzetten." in page
    assert f"soort_{SIGN_IN}" not in page
    given = {"often": "week", "weekday": 2} | {f"soort_{kind.code}": kind.ways[-1] for kind in mail_kinds()}
    assert client.post(PATH, given)["Location"] == PATH
    assert {kind.code for kind in mail_kinds() if how_for(planner, kind.code) == How.NEVER} == {kind.code for kind in mail_kinds()} - {SIGN_IN}  # fmt: skip
    assert MailPreference.objects.values_list("often", "weekday").get(person=planner) == ("week", 2)
    choose(planner, SIGN_IN, How.NEVER)
    assert how_for(planner, SIGN_IN) == How.AT_ONCE
    assert client.post(PATH, {"often": "vaak"}).status_code == 422


@pytest.mark.parametrize(("how", "at_once", "in_digest"), [(How.AT_ONCE, 1, 0), (How.DIGEST, 0, 1), (How.NEVER, 0, 0)])
def test_news_comes_the_way_that_was_chosen(planner, django_capture_on_commit_callbacks, how, at_once, in_digest):
    choose(planner, ASKED, how)
    choose(planner, WAITS, How.NEVER)
    with django_capture_on_commit_callbacks(execute=True):
        ended_job(str(planner))
    assert len(mail.outbox) == at_once
    morning()
    assert len(mail.outbox) - at_once == in_digest
    assert all("Nieuwe tellingen ophalen is mislukt" in message.body for message in mail.outbox)


def test_a_digest_holds_the_lines_of_vandaag_and_goes_once_a_day(planner, frozen_clock):
    ends_on = timezone.localdate() + timedelta(days=9)
    Membership.objects.filter(person=planner).update(ends_on=ends_on)
    messages = [morning(), morning()]
    assert [len(mail.outbox), messages[0][:22], messages[1][:22]] == [
        1,
        "Verstuurd: 1 berichten",
        "Verstuurd: 0 berichten",
    ]
    assert "Uw rol planner van een bestuur loopt" in mail.outbox[0].body
    for hours in range(1, 24, 6):  # whatever comes in during the day
        frozen_clock.move(hours=hours - frozen_clock.now.hour + 9)
        ended_job(str(planner))
        morning()
    assert len(mail.outbox) == Digest.objects.values("on").distinct().count()
    frozen_clock.move(days=1)
    morning()
    assert "Uw rol planner" not in mail.outbox[-1].body  # told already, and not again within two weeks


# -------------------------------------------------------------------------------------------------------- leaving off
def test_a_digest_is_left_off_by_a_link_without_signing_in(client, planner):
    ended_job(str(planner))
    morning()
    (sent,) = mail.outbox
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(address).path
    assert "het bericht van de dag" in client.get(path).content.decode()
    assert not MailPreference.objects.exists()  # a mail scanner that opens links leaves nothing off
    strict = Client(enforce_csrf_checks=True)  # a mail program has no token of ours
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailPreference.objects.get().often == "nooit"
    assert "_auth_user_id" not in client.session


def test_a_link_leaves_off_its_own_kind_of_its_own_person_and_nothing_else(client, planner):
    other = people.person(2, role=Role.BOARD_PLANNER)
    path = urlsplit(off_address(planner, OF_REGION)).path
    client.post(path)
    client.post(path)
    assert list(MailChoice.objects.values_list("person", "kind", "how")) == [(planner.pk, OF_REGION, "nooit")]
    assert how_for(other, OF_REGION) == How.AT_ONCE
    assert client.get("/account/").status_code == 302  # it lets nobody in


def test_a_forged_or_old_link_does_nothing(client, planner, frozen_clock):
    path = urlsplit(off_address(planner, EVERY_DIGEST)).path
    assert client.post(path[:-3] + "xx/").status_code == 410
    people.Person.objects.filter(pk=planner.pk).update(is_active=True)
    from django.core import signing

    foreign = signing.dumps([planner.pk, EVERY_DIGEST], salt="iets anders")
    assert client.post(f"/berichten/uit/{foreign}/").status_code == 410
    assert not MailPreference.objects.exists()


# ------------------------------------------------------------------------------------------------------ a team address
def set_team_address(client, email="hr@bestuur.example"):
    client.post(PATH, {"organisation": "bestuur:90001", "email": email})


def test_a_team_address_needs_no_person_and_gets_a_link_once_a_day_after_it_said_yes(client, frozen_clock):
    boss = people.person(3, role=Role.BOARD_EXECUTIVE)
    colleague = people.person(4, role=Role.BOARD_PLANNER)
    Membership.objects.filter(person=colleague).update(ends_on=timezone.localdate() + timedelta(days=9))
    people.sign_in(client, boss)
    set_team_address(client)
    asked = mail.outbox.pop()
    people.Person.objects.filter(pk=boss.pk).update(is_active=False)
    assert asked.to == ["hr@bestuur.example"]
    assert "links" not in morning()  # nobody said yes
    path = re.search(r"/berichten/team/\S+", asked.body).group()
    visitor = Client()
    assert "Mag hier bericht komen?" in visitor.get(path).content.decode()
    visitor.post(path, {"antwoord": "ja"})
    mail.outbox.clear()
    assert ["1 links" in morning(), "1 links" in morning()] == [True, False]
    to_team = [message for message in mail.outbox if message.to == ["hr@bestuur.example"]]
    assert len(to_team) == 1
    assert "planner" not in to_team[0].body  # a link and nothing else
    frozen_clock.move(days=1)
    assert "links" not in morning()  # nothing new
    visitor.post(path, {"antwoord": "nee"})
    assert not TeamAddress.objects.exists()
    assert visitor.get(path).status_code == 410
    assert list(Event.objects.filter(kind="accounts.team_address_set").values_list("heading", flat=True)) == ["Teamadres ingesteld", "Teamadres bevestigd", "Teamadres afgemeld"]  # fmt: skip


def test_only_who_answers_for_an_organisation_sets_its_address(client, planner):
    people.sign_in(client, planner)
    set_team_address(client)
    people.sign_in(client, people.person(5, role=Role.BOARD_EXECUTIVE, organisation="bestuur:90002"))
    set_team_address(client)
    assert not TeamAddress.objects.exists()

"""Messages to people: one digest a day at most, nothing lost, and many are mailed only after a look."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from regio.accounts import bulk_mail, digest
from regio.accounts.bulk_mail import NobodyAgreed, NotTheSame, dry_run, send_to_all
from regio.accounts.digest_lines import add_line
from regio.accounts.models import BulkMailReceipt, Consent, Digest, DigestLine, MailPreference, Person
from regio.accounts.old_rows import remove_digests, sent_digests
from regio.audit.models import Event
from regio.shared import jobs
from regio.shared.models import Job

pytestmark = pytest.mark.django_db
REGION = "regio:rpa:90"


@pytest.fixture
def people():
    return [Person.objects.create_user(f"{name}@school.example", name.title()) for name in ("ada", "ben", "cor")]


def tell(person, words="Er is een nieuwe prognose."):
    add_line(person, words=words, path="/regio/rpa:90/", now=timezone.now())


def send_today():
    job = jobs.enqueue(kind="dagmail", label="Berichten", arguments={}, owner="", now=timezone.now())
    return jobs.run(jobs.claim(job.pk, now=timezone.now()))


def test_a_digest_holds_every_line_once_and_goes_once_a_day(people, frozen_clock):
    ada = people[0]
    for words in ("Er is een nieuwe prognose.", "Er is een nieuwe prognose.", "Er is een telling bij."):
        tell(ada, words)
    assert send_today().message == "Verstuurd: 1 berichten."
    (sent,) = mail.outbox
    assert sent.to == [ada.email]
    assert sent.body.count("- ") == 2
    assert "/regio/rpa:90/" in sent.body
    tell(ada, "Nog iets.")
    frozen_clock.move(hours=5)
    assert send_today().message == "Verstuurd: 0 berichten."
    frozen_clock.move(days=1)
    send_today()
    assert [message.body.count("- ") for message in mail.outbox] == [2, 1]


def test_two_digests_on_one_day_cannot_be(people):
    Digest.objects.create(person=people[0], on="2026-11-20")
    with pytest.raises(IntegrityError), transaction.atomic():
        Digest.objects.create(person=people[0], on="2026-11-20")


def test_who_wants_less_hears_less(people, frozen_clock):
    ada, ben, cor = people
    MailPreference.objects.create(person=ada, often="nooit")
    MailPreference.objects.create(person=ben, often="week", weekday=0)  # it is a Friday
    for person in people:
        tell(person)
    send_today()
    assert [message.to for message in mail.outbox] == [[cor.email]]
    frozen_clock.move(days=3)
    send_today()
    assert [message.to for message in mail.outbox] == [[cor.email], [ben.email]]


def test_who_has_left_hears_nothing(people):
    tell(people[0])
    Person.objects.filter(pk=people[0].pk).update(is_active=False)
    send_today()
    assert mail.outbox == []


class AwayOnce(EmailBackend):
    """A mail server that hangs up at the first mail."""

    calls = 0

    def send_messages(self, messages):
        AwayOnce.calls += 1
        if AwayOnce.calls == 1:
            raise SMTPServerDisconnected("ada@school.example")
        return super().send_messages(messages)


def test_what_could_not_go_out_waits_for_the_next_day(people, frozen_clock, settings):
    settings.EMAIL_BACKEND = f"{__name__}.AwayOnce"
    AwayOnce.calls = 0
    tell(people[0])
    assert send_today().state == Job.State.DONE
    send_today()
    assert mail.outbox == []
    frozen_clock.move(days=1)
    send_today()
    assert len(mail.outbox) == 1
    frozen_clock.move(days=1)
    send_today()
    assert len(mail.outbox) == 1


def test_a_worker_that_dies_between_taking_and_sending_loses_no_line_and_sends_no_second_mail(people, frozen_clock):
    tell(people[0])
    assert len(digest._take(people[0], timezone.localdate())) == 1  # and then it died
    send_today()
    assert mail.outbox == []
    frozen_clock.move(days=1)
    send_today()
    assert len(mail.outbox) == 1


def test_nothing_of_anybody_is_in_the_job_or_the_log(people, caplog, settings):
    settings.EMAIL_BACKEND = f"{__name__}.AwayOnce"
    AwayOnce.calls = 0
    tell(people[0])
    job = send_today()
    assert "ada" not in f"{job.label} {job.message} {job.arguments} {caplog.text}".lower().replace("data", "")


def test_digests_of_over_thirty_days_ago_go_and_waiting_lines_stay(people, frozen_clock):
    tell(people[0])
    send_today()
    tell(people[0], "Nieuw.")
    sent = frozen_clock.now
    assert sent_digests(sent - timedelta(seconds=1)).count() == 0
    assert remove_digests(sent_digests(sent + timedelta(seconds=1)), now=sent) == 2
    assert [line.words for line in DigestLine.objects.all()] == ["Nieuw."]


@pytest.mark.parametrize("path", ["https://kwaad.example/", "//kwaad.example/", "x"])
def test_a_line_leads_to_this_site_only(people, path):
    with pytest.raises(IntegrityError), transaction.atomic():
        DigestLine.objects.create(person=people[0], words="x", path=path, added_at=timezone.now())


def test_with_the_person_everything_of_messages_goes(people):
    tell(people[0])
    send_today()
    MailPreference.objects.create(person=people[0])
    people[0].delete()
    assert [model.objects.count() for model in (DigestLine, Digest, MailPreference)] == [0, 0, 0]


# -------------------------------------------------------------------------------------------------- mail to many
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TEXT = {"organisation": REGION, "subject": "Bijeenkomst", "words": "Op 3 december is er een bijeenkomst."}


@pytest.fixture
def agreeing(people):
    """Ada and Ben agreed; Cor withdrew."""
    for person in people:
        withdrawn = NOW if person == people[2] else None
        Consent.objects.create(
            person=person, purpose="contact", organisation=REGION, text_version="1", channel="scherm", given_at=NOW,
            withdrawn_at=withdrawn,
        )  # fmt: skip
    return people[:2]


def send_all(code, **changes):
    return send_to_all(**{**TEXT, **changes}, code=code, now=NOW, wait=lambda seconds: None)


def test_a_dry_run_sends_nothing_and_shows_how_many_and_how_it_reads(agreeing):
    run = dry_run(**TEXT)
    assert (run.people, mail.outbox) == (agreeing, [])
    assert "Op 3 december" in run.sample
    assert "toestemming" in run.sample


def test_only_what_was_looked_at_goes_out(agreeing):
    code = dry_run(**TEXT).code
    for other in ({"words": "Iets anders."}, {"subject": "Anders"}, {"organisation": "regio:rpa:91"}):
        with pytest.raises((NotTheSame, NobodyAgreed)):
            send_all(code, **other)
    Consent.objects.filter(person=agreeing[1]).update(withdrawn_at=NOW)
    with pytest.raises(NotTheSame):
        send_all(code)
    assert mail.outbox == []


def test_it_goes_to_each_once_also_after_a_break(agreeing):
    code = dry_run(**TEXT).code
    BulkMailReceipt.objects.create(code=code, person=agreeing[0], sent_at=NOW)  # and then the command was killed
    assert send_all(code) == 1
    assert send_all(code) == 0
    assert [message.to for message in mail.outbox] == [[agreeing[1].email]]


def test_mails_to_many_go_out_slowly_and_are_in_the_trail_without_names(agreeing):
    waits = []
    send_to_all(**TEXT, code=dry_run(**TEXT).code, now=NOW, wait=waits.append)
    assert waits == [1 / bulk_mail.A_SECOND] * 2
    event = Event.objects.get(kind="accounts.bulk_mail_sent")
    assert event.heading.endswith("ging naar 2 van 2 mensen.")
    assert "@" not in event.heading


def test_the_command_asks_for_the_code_of_its_own_dry_run(agreeing, tmp_path, capsys):
    file = tmp_path / "bericht.txt"
    file.write_text(TEXT["words"])
    asked = ("mail_all", str(file), "--subject", "Bijeenkomst", "--organisation", REGION)
    call_command(*asked)
    printed = capsys.readouterr().out
    assert "naar 2 mensen" in printed
    assert "@" not in printed
    with pytest.raises(CommandError, match="veranderd"):
        call_command(*asked, "--confirm", "00000000")
    call_command(*asked, "--confirm", printed.split()[-1])
    assert len(mail.outbox) == 2


def test_nobody_who_did_not_agree_is_mailed(people, tmp_path):
    with pytest.raises(NobodyAgreed):
        dry_run(**TEXT)

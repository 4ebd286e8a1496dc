"""Mail: text and HTML say the same, a school gets a link alone, and what comes in is kept once and becomes one thing."""

import mailbox
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from regio.shared import inbound
from regio.shared.inbound import (
    HandledAlready,
    Outcome,
    drop,
    make_of,
    outcomes,
    read_mailbox,
    register_outcome,
)
from regio.shared.mail import MailRefused, address_of_page, as_html, compose, send, send_link
from regio.shared.models import InboundMail

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NAME, ADDRESS = "Jantje Planter", "jantje.planter@school.example"


def test_the_text_and_the_html_come_from_one_template():
    message = compose(
        to=ADDRESS, subject="Er is\niets", template="mail/link.txt", context={"link": "https://regio.example/x?a=1&b=2"}
    )
    html = message.alternatives[0].content
    assert message.subject == "Er is iets"
    assert "https://regio.example/x?a=1&b=2" in message.body
    assert '<a href="https://regio.example/x?a=1&amp;b=2">https://regio.example/x?a=1&amp;b=2</a>' in html
    assert '<html lang="nl">' in html
    assert message.body.count("\n\n") == html.count("<p>") - 1


def test_what_somebody_typed_is_no_html():
    html = as_html('<b>Let op</b> & "zo"\n\n- een\n- <i>twee</i>', title="<t>")
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<ul><li>een</li><li>&lt;i&gt;twee&lt;/i&gt;</li></ul>" in html
    assert "<title>&lt;t&gt;</title>" in html


def test_a_school_gets_a_link_and_nothing_else():
    send_link(to=ADDRESS, link="https://regio.example/inloggen/link/abc/")
    (sent,) = mail.outbox
    assert sent.subject == "Er staat iets voor uw school klaar"
    assert "https://regio.example/inloggen/link/abc/" in sent.body
    with pytest.raises(TypeError):
        send_link(to=ADDRESS, link="x", name=NAME)


def test_a_mail_server_that_is_away_tells_the_caller_and_names_nobody_in_the_log(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 2
    with pytest.raises(MailRefused):
        send(to=ADDRESS, subject=NAME, template="mail/link.txt", context={"link": "x"})
    assert caplog.text.count("could not be sent") == 1
    assert "planter" not in caplog.text.lower()


def test_the_demo_keeps_mail_in_files(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    send_link(to=ADDRESS, link=address_of_page("/x/"))
    (file,) = tmp_path.iterdir()
    assert "text/plain" in file.read_text()
    assert "text/html" in file.read_text()


# ---------------------------------------------------------------------------------------------------- what comes in
def written(number=1, *, text="Ik wil leraar worden.", html="", **headers):
    message = EmailMessage()
    message["From"], message["Subject"] = f"{NAME} <{ADDRESS}>", f"Vraag {number}"
    message["Message-ID"], message["Date"] = f"<{number}@school.example>", "Thu, 19 Nov 2026 12:00:00 +0100"
    if text:
        message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html") if text else message.set_content(html, subtype="html")
    for name, value in headers.items():
        message[name] = value
    return message


@pytest.fixture(params=["maildir", "mbox"])
def box(request, tmp_path):
    path = tmp_path / "post"
    made = mailbox.Maildir(path) if request.param == "maildir" else mailbox.mbox(path)
    yield made, path
    made.close()


def deliver(box, *messages):
    for message in messages:
        box[0].add(message)
    box[0].flush()


@pytest.mark.django_db
def test_every_mail_is_kept_once_however_often_it_is_read(box):
    deliver(box, written(1), written(2))
    assert read_mailbox(box[1]) == (2, 0)
    deliver(box, written(3))
    assert read_mailbox(box[1]) == (1, 2)
    first = InboundMail.objects.get(subject="Vraag 1")
    assert (first.sender, first.body, first.state) == (ADDRESS, "Ik wil leraar worden.", "nieuw")
    assert first.received_at == datetime(2026, 11, 19, 11, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_of_html_only_the_words_are_kept_and_of_attachments_only_the_number(box):
    message = written(
        text="", html="<html><head><style>p{}</style></head><p>Dag &amp; groet</p><script>kwaad()</script></html>"
    )
    message.add_attachment(b"geheim", maintype="application", subtype="pdf", filename=f"{NAME}.pdf")
    deliver(box, message)
    read_mailbox(box[1])
    kept = InboundMail.objects.get()
    assert (kept.body, kept.attachments) == ("Dag & groet", 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "raw",
    [b"", b"\n", b"\xff\xfe\x00", b"Subject: =?utf-8?b?kapot\n\n\x00", b"Date: gisteren\n\nx", b"From: <>\nDate: Mon, 99 Foo 9999\n\n",
     b"Content-Type: text/plain; charset=bestaat-niet\n\nx", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n--x--",
     b"Content-Transfer-Encoding: base64\n\n%%%", b"Date: Thu, 19 Nov 2099 12:00:00 +0100\n\nx", b"Subject: " + b"a" * 5000 + b"\n\n"],
)  # fmt: skip
def test_a_broken_mail_stops_nothing(tmp_path, raw):
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1").write_bytes(raw)
    (tmp_path / "tmp" / "2").write_bytes(b"Subject: half\n\n")
    assert read_mailbox(tmp_path) == (1, 0)
    assert InboundMail.objects.get().received_at <= timezone.now()


@pytest.mark.django_db
def test_the_command_counts_and_tells_nothing_of_anybody(box, capsys, tmp_path):
    deliver(box, written(1))
    call_command("read_mail", str(box[1]))
    assert capsys.readouterr().out.strip() == "Nieuw: 1. Al eerder gelezen: 0."
    (tmp_path / "brief.txt").write_text("geen post")
    with pytest.raises(CommandError, match="geen map met post"):
        call_command("read_mail", str(tmp_path / "brief.txt"))


@pytest.fixture
def question(db, monkeypatch):
    monkeypatch.setattr(inbound, "_outcomes", {})
    register_outcome(Outcome("vraag", "Maak er een vraag van", lambda received: f"vraag:{received.pk}"))
    return InboundMail.objects.create(message_hash="a", received_at=NOW, sender=ADDRESS, subject=NAME)


def test_a_mail_becomes_what_a_part_registered_and_only_once(question):
    assert [one.words for one in outcomes()] == ["Maak er een vraag van"]
    made = make_of(question.pk, "vraag", now=NOW)
    assert (made.state, made.became) == ("verwerkt", f"vraag:{question.pk}")
    with pytest.raises(HandledAlready):
        make_of(question.pk, "vraag", now=NOW)
    with pytest.raises(HandledAlready):
        drop(question.pk, now=NOW)
    assert NAME not in str(made)


def test_what_cannot_be_made_leaves_the_mail_in_the_list(question):
    def fail(received):
        InboundMail.objects.create(message_hash="b", received_at=NOW)
        raise ValueError

    register_outcome(Outcome("kapot", "Kapot", fail))
    with pytest.raises(ValueError):  # noqa: PT011
        make_of(question.pk, "kapot", now=NOW)
    assert [(one.message_hash, one.state) for one in InboundMail.objects.all()] == [("a", "nieuw")]


def test_handled_mail_always_says_when(question):
    with pytest.raises(IntegrityError), transaction.atomic():
        InboundMail.objects.update(state="verwerkt")

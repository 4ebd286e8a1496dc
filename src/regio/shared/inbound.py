"""Mail that comes in: read from a maildir or mbox into a list, where each mail waits for what it becomes.

The mail server delivers into a folder or file on this computer; nothing here opens a mailbox over the network. Every
mail is kept once, however often it is read. A part of the product registers what a mail can become (`register_outcome`);
without one it stays in the list until somebody drops it. Attachments are counted and not kept.
"""

import hashlib
import mailbox
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from .errors import UserError
from .models import InboundMail

LONGEST_BODY = 20_000
LARGEST_BYTES = 25_000_000
RECIPIENTS = ("Delivered-To", "X-Original-To", "To", "Cc", "Bcc")  # a copy in secret is known by where it was delivered
HIDDEN = ("script", "style", "head", "title")


class NoMailbox(UserError):
    """There is no maildir or mbox at this place."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is geen map met post (maildir) en geen bestand met post (mbox). Controleer de naam.")


class HandledAlready(UserError):
    """Somebody was first."""

    def __init__(self) -> None:
        super().__init__("Deze mail is al verwerkt. Ververs de lijst.")


@dataclass(frozen=True)
class Outcome:
    """What a mail can become.

    Attributes:
        code: of the outcome, such as "vraag".
        words: on the button, in Dutch.
        make: makes it, in the transaction of the caller, and returns what the list says of it ("vraag:12").
    """

    code: str
    words: str
    make: Callable[[InboundMail], str]


_outcomes: dict[str, Outcome] = {}


def register_outcome(outcome: Outcome) -> None:
    """Make known what a mail can become."""
    _outcomes[outcome.code] = outcome


def outcomes() -> list[Outcome]:
    """Return everything that a mail can become, in the order of the words."""
    return sorted(_outcomes.values(), key=lambda one: one.words)


def read_mailbox(path: Path, organisation: str = "installatie:") -> tuple[int, int]:
    """Keep what is new in a maildir or mbox; return (new, seen before). The mailbox itself is not changed.

    Args:
        path: the maildir or mbox.
        organisation: whose mailbox it is ("regio:rpa:03").

    Raises:
        NoMailbox: there is none.
    """
    new = seen = 0
    for raw in _raw_messages(path):
        _, is_new = InboundMail.objects.get_or_create(
            message_hash=_hash_of(raw), defaults=_fields(raw) | {"organisation": organisation}
        )
        new, seen = new + is_new, seen + (not is_new)
    return new, seen


def make_of(mail_id: int, code: str, *, now: datetime) -> InboundMail:
    """Let a mail become something, all of it or nothing; why it could not is kept with the mail, which stays in the list.

    Raises:
        KeyError: no part registered this outcome.
        HandledAlready: somebody was first.
        UserError: it cannot become this.
    """
    outcome = _outcomes[code]
    try:
        with transaction.atomic():
            mail = take(mail_id)
            mail.state, mail.became, mail.handled_at = InboundMail.State.DONE, outcome.make(mail)[:100], now
            mail.problem = ""
            mail.save(update_fields=["state", "became", "handled_at", "problem"])
    except HandledAlready:
        raise
    except UserError as refused:
        InboundMail.objects.filter(pk=mail_id).update(problem=str(refused)[:300])
        raise
    return mail


def drop(mail_id: int, *, now: datetime) -> None:
    """Say that a mail becomes nothing.

    Raises:
        HandledAlready: somebody was first.
    """
    with transaction.atomic():
        mail = take(mail_id)
        mail.state, mail.handled_at = InboundMail.State.DROPPED, now
        mail.save(update_fields=["state", "handled_at"])


def put_back(mail_id: int) -> None:
    """Take back that a mail became nothing.

    Raises:
        HandledAlready: it was not dropped.
    """
    dropped = InboundMail.objects.filter(pk=mail_id, state=InboundMail.State.DROPPED)
    if not dropped.update(state=InboundMail.State.NEW, handled_at=None):
        raise HandledAlready


def assign(mail_id: int, who: str) -> None:
    """Say who looks at a mail ("persoon:12"); "" for nobody.

    Raises:
        HandledAlready: it waits no more.
    """
    with transaction.atomic():
        mail = take(mail_id)
        mail.assigned_to = who
        mail.save(update_fields=["assigned_to"])


def take(mail_id: int) -> InboundMail:
    """Return a mail that waits, held until the transaction ends.

    Raises:
        HandledAlready: somebody was first.
    """
    mail = InboundMail.objects.select_for_update().get(pk=mail_id)
    if mail.state != InboundMail.State.NEW:
        raise HandledAlready
    return mail


# ------------------------------------------------------------------------------------------------------- reading
def _raw_messages(path: Path) -> Iterator[bytes]:
    if path.is_dir() and (path / "new").is_dir() and (path / "cur").is_dir():
        for folder in ("new", "cur"):  # "tmp" is still being delivered
            for file in sorted((path / folder).iterdir()):
                if file.is_file() and file.stat().st_size <= LARGEST_BYTES:
                    yield file.read_bytes()
    elif path.is_file() and _begins_as_mbox(path):
        box = mailbox.mbox(path, create=False)
        try:
            for key in box.iterkeys():
                yield box.get_bytes(key)
        finally:
            box.close()
    else:
        raise NoMailbox(path)


def _begins_as_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) in (b"From ", b"")


def _hash_of(raw: bytes) -> str:
    told = BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=True).get("Message-ID")
    return hashlib.sha256(str(told).strip().encode(errors="replace") if told else raw).hexdigest()


def _fields(raw: bytes) -> dict[str, object]:
    message = BytesParser(policy=policy.default).parsebytes(raw)
    return {
        "received_at": _moment(message),
        "sender": _clean(parseaddr(_header(message, "From"))[1])[:254],
        "recipients": _clean(" ".join(_header(message, name) for name in RECIPIENTS))[:500],
        "subject": _clean(_header(message, "Subject"))[:300],
        "body": _text_of(message)[:LONGEST_BODY],
        "attachments": min(sum(part.get_content_disposition() == "attachment" for part in message.walk()), 1000),
    }


def _header(message: Message, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError):  # headers that the standard library cannot read
        return ""


def _moment(message: Message) -> datetime:
    """Return when it was sent; now where it does not say, or says something to come."""
    now = timezone.now()
    try:
        told = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return now
    aware = told if told.tzinfo else timezone.make_aware(told)
    return min(aware, now)


def _text_of(message: EmailMessage | Message) -> str:
    """Return the text part, or the text of the HTML part."""
    for kind in ("text/plain", "text/html"):
        for part in message.walk():
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                text = _decoded(part)
                return _clean(_without_tags(text) if kind == "text/html" else text, keep_lines=True)
    return ""


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:  # a character set that does not exist
        return content.decode("utf-8", "replace")


def _clean(text: str, *, keep_lines: bool = False) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\x00", "").splitlines())
    return ("\n" if keep_lines else " ").join(lines).strip().encode("utf-8", "replace").decode()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, or leave out what nobody sees."""
        self._hidden += tag in HIDDEN
        self.words.append("\n" if tag in ("p", "br", "div", "li", "tr") else "")

    def handle_endtag(self, tag: str) -> None:
        """End what nobody sees."""
        self._hidden -= tag in HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if not self._hidden:
            self.words.append(data)


def _without_tags(text: str) -> str:
    parser = _Words()
    parser.feed(text)
    return "".join(parser.words)

"""Mail in plain Dutch: one template gives the text and the HTML, so that both always say the same.

A template is text with empty lines between paragraphs; a line that begins with "- " is an item of a list, an address
alone on a line becomes a link. To a school goes a link and nothing else (`send_link`): whoever reads a shared mailbox
learns nothing about anybody. Without a mail server every mail is a file in REGIO_HOME/mail. Nothing of a mail gets into
the log.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

LOG = logging.getLogger(__name__)
ADDRESS = re.compile(r"https?://\S+")
LINK_SUBJECT = "Er staat iets voor uw school klaar"


class MailRefused(Exception):
    """The mail server did not take a message; it may later."""


def address_of_page(path: str) -> str:
    """Return the whole address of a page, for a mail that no request asked for."""
    return settings.SITE_ADDRESS + path


def compose(
    *, to: str, subject: str, template: str, context: dict[str, Any], headers: dict[str, str] | None = None
) -> EmailMultiAlternatives:
    """Return a message with a text and an HTML part from one template; the subject stays on one line."""
    text = render_to_string(template, context).strip() + "\n"
    message = EmailMultiAlternatives(" ".join(subject.split()), text, to=[to], headers=headers)
    message.attach_alternative(as_html(text, title=subject), "text/html")
    return message


def send(
    *, to: str, subject: str, template: str, context: dict[str, Any], headers: dict[str, str] | None = None
) -> None:
    """Hand a mail over.

    Raises:
        MailRefused: the mail server does not take it.
    """
    deliver(compose(to=to, subject=subject, template=template, context=context, headers=headers))


def deliver(message: EmailMessage) -> None:
    """Hand over a mail that was composed elsewhere; every mail of the product passes here.

    Raises:
        MailRefused: the mail server does not take it.
    """
    try:
        message.send()
    except (SMTPException, OSError) as error:
        LOG.error("a mail could not be sent: %s", type(error).__name__)  # never the address
        raise MailRefused from None


def send_link(*, to: str, link: str) -> None:
    """Send a school a link and nothing else; there is no place for a name or a reason.

    Raises:
        MailRefused: the mail server does not take it.
    """
    send(to=to, subject=LINK_SUBJECT, template="mail/link.txt", context={"link": link})


def as_html(text: str, *, title: str) -> str:
    """Return the text as a small HTML page in Dutch; everything in it is escaped."""
    body = mark_safe("".join(_blocks(text)))  # noqa: S308 - each block is escaped  # nosec B308 B703
    page = '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{}</title></head><body>{}</body></html>'
    return format_html(page, title, body)


def _blocks(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.splitlines()
        if all(line.startswith("- ") for line in lines):
            yield f"<ul>{''.join(f'<li>{_linked(line[2:])}</li>' for line in lines)}</ul>"
        else:
            yield f"<p>{'<br>'.join(map(_linked, lines))}</p>"


def _linked(line: str) -> SafeString:
    """Escape a line and make its addresses links."""
    parts: Iterable[str] = re.split(f"({ADDRESS.pattern})", line)
    made = (format_html('<a href="{0}">{0}</a>', part) if ADDRESS.fullmatch(part) else escape(part) for part in parts)
    return mark_safe("".join(made))  # noqa: S308 - each part is escaped  # nosec B308 B703

"""Mails of this app: plain Dutch, text and HTML, a link and nothing about anybody."""

import logging
from smtplib import SMTPException
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def send(name: str, *, to: str, subject: str, context: dict[str, Any]) -> bool:
    """Send `accounts/mail/<name>.txt` and `.html`; return False, and say so in the log, where it cannot go out."""
    texts = [render_to_string(f"accounts/mail/{name}.{kind}", context) for kind in ("txt", "html")]
    message = EmailMultiAlternatives(subject, texts[0].strip() + "\n", to=[to])
    message.attach_alternative(texts[1], "text/html")
    return deliver(message)


def deliver(message: EmailMultiAlternatives) -> bool:
    """Hand a message over; return False where the mail server does not take it."""
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.error("a mail could not be sent: %s", type(error).__name__)  # never the address
        return False
    return True

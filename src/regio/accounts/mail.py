"""Mails of signing in that must not stop what they tell of; the server that refused one stands in the log."""

from contextlib import suppress
from typing import Any

from regio.shared import mail


def send(name: str, *, to: str, subject: str, context: dict[str, Any]) -> None:
    """Send `accounts/mail/<name>.txt`, where the mail server takes it."""
    with suppress(mail.MailRefused):
        mail.send(to=to, subject=subject, template=f"accounts/mail/{name}.txt", context=context)

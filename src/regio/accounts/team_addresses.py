"""A mail address of an organisation that needs no person: it is told that something is there, by a link and nothing else.

Whoever may give roles for the organisation sets it. Before anything goes there, somebody who reads that mail says yes.
"""

import secrets
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from regio.audit.actions import record
from regio.shared.mail import MailRefused, address_of_page, send, send_link
from regio.shared.today import lines_now

from .actions import hashed
from .enums import OrganisationKind, Role
from .models import TeamAddress
from .viewer import Held, Viewer, seen_by

FIRST_ROLES: dict[str, Role] = {
    OrganisationKind.BOARD: Role.BOARD_EXECUTIVE,
    OrganisationKind.REGION: Role.PROGRAMME_MANAGER,
}


def set_address(organisation: str, email: str, *, now: datetime) -> None:
    """Keep the team address of an organisation, or take it away; a new one is asked whether it wants this.

    Args:
        organisation: "bestuur:41234".
        email: "" for none.
        now: when.
    """
    held = TeamAddress.objects.filter(organisation=organisation).first()
    if (held.email if held else "") == email:
        return
    token, words = secrets.token_urlsafe(32), "ingesteld" if email else "weggehaald"
    with transaction.atomic():
        TeamAddress.objects.filter(organisation=organisation).delete()
        if email:
            TeamAddress.objects.create(organisation=organisation, email=email, token_hash=hashed(token), added_at=now)
        record("accounts.team_address_set", subject=organisation, heading=f"Teamadres {words}", now=now, organisation=organisation)  # fmt: skip
    if email:
        _ask(email, token)


def _ask(email: str, token: str) -> None:
    context = {"address": address_of_page(reverse("team_address", args=[token]))}
    try:
        send(to=email, subject="Mag hier bericht komen?", template="accounts/mail/team_address.txt", context=context)
    except MailRefused:
        return  # whoever set it sees that it is not confirmed, and sets it again


def of_token(token: str) -> TeamAddress | None:
    """Return the team address of a link."""
    return TeamAddress.objects.filter(token_hash=hashed(token)).first()


def answer(found: TeamAddress, *, is_yes: bool, now: datetime) -> None:
    """Keep what somebody who reads the address says: yes, or no, which takes it away at any time."""
    words = "bevestigd" if is_yes else "afgemeld"
    with transaction.atomic():
        if is_yes:
            TeamAddress.objects.filter(pk=found.pk, confirmed_at=None).update(confirmed_at=now)
        else:
            found.delete()
        record("accounts.team_address_set", subject=found.organisation, heading=f"Teamadres {words}", now=now, organisation=found.organisation)  # fmt: skip


def send_links(*, now: datetime) -> int:
    """Send each confirmed address a link where something new waits for the organisation, once a day; return how many."""
    today, sent = timezone.localdate(now), 0
    for row in TeamAddress.objects.exclude(confirmed_at=None).exclude(sent_on=today).order_by("pk"):
        marks = _marks_of(row.organisation, now=now)
        is_new = bool(set(marks) - set(row.told))
        taken = TeamAddress.objects.filter(pk=row.pk).exclude(sent_on=today)
        if is_new and taken.update(sent_on=today, told=marks):
            sent += _send(row)
    return sent


def _marks_of(organisation: str, *, now: datetime) -> list[str]:
    """Return a mark for each line of *Vandaag* of an organisation; the address keeps these instead of the words."""
    role = FIRST_ROLES.get(organisation.partition(":")[0])
    if role is None:
        return []
    with seen_by(Viewer(held=(Held(role, organisation),))):
        return sorted({hashed(f"{line.words} {line.address}")[:16] for line in lines_now(now)})


def _send(row: TeamAddress) -> int:
    try:
        send_link(to=row.email, link=address_of_page(reverse("today")))
    except MailRefused:
        TeamAddress.objects.filter(pk=row.pk).update(sent_on=row.sent_on, told=row.told)
        return 0
    return 1


def standing(organisation: str) -> TeamAddress | None:
    """Return the team address of an organisation."""
    return TeamAddress.objects.filter(organisation=organisation).first()

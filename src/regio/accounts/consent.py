"""Consent: what is asked, in which words, and giving and taking it back; each per purpose, organisation and version of the text.

An agreement counts from the request that gives it to the request that takes it back: whoever needs to know asks
`agreed_organisations`. Agreement to an older text counts no more, so that a new text asks again. A board agrees through
one of its executives, and each of them may take it back; a person agrees for themself alone.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

import yaml
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from regio.audit.actions import record
from regio.shared.errors import UserError

from .enums import OrganisationKind, Purpose, Role
from .models import Consent, Membership, Person
from .viewer import Viewer

SCREEN = "scherm"
OF_BOARDS = (Purpose.JOINT_PLANNING,)
OF_PEOPLE = (Purpose.CONTACT, Purpose.DESK_FILE)
OF_CANDIDATES = (Purpose.DESK_FILE,)  # of people, for who is helped by the desk alone
RECEIVERS = (Role.PROGRAMME_MANAGER, Role.REGION_ADMIN)


class TextChanged(UserError):
    """Somebody agreed to a text that is not in force any more."""

    def __init__(self) -> None:
        super().__init__("De tekst is intussen veranderd. Lees de nieuwe tekst en kies opnieuw.")


@dataclass(frozen=True)
class ConsentText:
    """What somebody is asked to agree to.

    Attributes:
        purpose: for what data would be used.
        version: of the words.
        title: above them.
        asks: the sentence beside the box.
        paragraphs: what is done with which data, who sees it, and how to stop.
    """

    purpose: Purpose
    version: str
    title: str
    asks: str
    paragraphs: tuple[str, ...]


@cache
def texts_of(purpose: Purpose) -> tuple[ConsentText, ...]:
    """Return every version of the text for a purpose, newest last.

    Raises:
        KeyError: nobody is asked for this purpose; it rests on another ground.
    """
    read = yaml.safe_load(resources.files(__package__).joinpath("consent_texts.yaml").read_text(encoding="utf-8"))
    return tuple(
        ConsentText(purpose, one["version"], one["title"], one["asks"], tuple(one["paragraphs"]))
        for one in read[purpose.value]
    )


def text_of(purpose: Purpose) -> ConsentText:
    """Return the text in force."""
    return texts_of(purpose)[-1]


def words_of(organisation: str) -> str:
    """Return an organisation as people say it: "schoolbestuur 41234"."""
    kind, _, code = organisation.partition(":")
    return f"{OrganisationKind(kind).label} {code}" if kind in OrganisationKind.values else organisation


# ---------------------------------------------------------------------------------------------------------------- reading
def in_force(purpose: Purpose) -> QuerySet[Consent]:
    """Return who agreed to the text in force and did not take it back."""
    return Consent.objects.filter(purpose=purpose, text_version=text_of(purpose).version, withdrawn_at=None)


def agreed_organisations(purpose: Purpose, organisations: Collection[str]) -> set[str]:
    """Return which of these organisations ("bestuur:41234") agree now. One query."""
    return set(in_force(purpose).filter(organisation__in=organisations).values_list("organisation", flat=True))


def standing(purpose: Purpose, organisation: str, person_id: int | None) -> Consent | None:
    """Return the newest agreement of this organisation, or of this person where a person agrees for themself."""
    found = Consent.objects.filter(purpose=purpose, organisation=organisation)
    if purpose not in OF_BOARDS:
        found = found.filter(person=person_id)
    return found.order_by("given_at", "pk").last()


def counts(consent: Consent | None) -> bool:
    """Tell whether an agreement counts now."""
    return (
        consent is not None
        and consent.withdrawn_at is None
        and consent.text_version == text_of(Purpose(consent.purpose)).version
    )


def may_agree(viewer: Viewer, purpose: str, organisation: str) -> bool:
    """Tell whether this viewer may give and take back this: an executive for the board, anybody of a region for themself."""
    if viewer.support_id is not None or viewer.person_id is None:
        return False
    if purpose in OF_BOARDS:
        is_board = organisation.startswith(f"{OrganisationKind.BOARD}:")
        return is_board and viewer.has(Role.BOARD_EXECUTIVE, organisation=organisation)
    if purpose in OF_CANDIDATES:
        return viewer.has(Role.CANDIDATE, organisation=organisation)
    return purpose in OF_PEOPLE and organisation in regions_of(viewer)


def asked_of(viewer: Viewer) -> list[tuple[Purpose, str]]:
    """Return what this viewer may agree to: purposes with organisations."""
    boards = [f"{OrganisationKind.BOARD}:{code}" for code in sorted(viewer.organisations(OrganisationKind.BOARD))]
    pairs = [(purpose, board) for purpose in OF_BOARDS for board in boards]
    pairs += [(purpose, region) for purpose in OF_PEOPLE for region in sorted(regions_of(viewer))]
    return [(purpose, organisation) for purpose, organisation in pairs if may_agree(viewer, purpose, organisation)]


RegionsOf = Callable[[str], set[str]]
_regions_of: list[RegionsOf] = []


def register_regions_of(regions_of_board: RegionsOf) -> None:
    """Let the app that knows boards tell in which regions (keys) a board (code) is."""
    _regions_of[:] = [regions_of_board]


def regions_of(viewer: Viewer) -> set[str]:
    """Return the regions ("regio:rpa:03") of the viewer's roles: their own, and those of their boards."""
    keys = viewer.organisations(OrganisationKind.REGION)
    for board in viewer.organisations(OrganisationKind.BOARD):
        keys |= regions_of_board(board)
    return {f"{OrganisationKind.REGION}:{key}" for key in keys}


def regions_of_board(code: str) -> set[str]:
    """Return the keys of the regions that a board is in."""
    return {key for ask in _regions_of for key in ask(code)}


# --------------------------------------------------------------------------------------------------------------- changing
_wipes: list[str] = []


def register_withdrawal(path: str) -> None:
    """Let an app wipe what rested on an agreement: `path` is the dotted path of (purpose, organisation, now), same transaction."""
    if path not in _wipes:
        _wipes.append(path)


def give_consent(
    person: Person, *, purpose: Purpose, organisation: str, version: str, now: datetime, channel: str = SCREEN
) -> Consent:
    """Agree to the text that was read; an older agreement to another text ends. Given twice is given once.

    Args:
        version: of the text that was shown.
        channel: "scherm", "telefoon" or "papier".

    Raises:
        TextChanged: another text is in force.
    """
    if version != text_of(purpose).version:
        raise TextChanged
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two clicks are one agreement
        held = Consent.objects.filter(person=person, purpose=purpose, organisation=organisation, withdrawn_at=None)
        same = held.filter(text_version=version).first()
        if same:
            return same
        held.update(withdrawn_at=now)
        given = Consent.objects.create(
            person=person, purpose=purpose, organisation=organisation, text_version=version, channel=channel, given_at=now
        )  # fmt: skip
        _record("consent_given", given, f"Toestemming gegeven: {purpose.label}, tekst {version}", now=now)
    return given


def withdraw_consent(person: Person | None, *, purpose: Purpose, organisation: str, now: datetime) -> int:
    """Take an agreement back at once, and tell who received the data; return how many agreements ended.

    For a board any of its executives does so for the board (or nobody, when it leaves); whether this person may is the
    caller's to ask (`may_agree`).
    """
    with transaction.atomic():
        mine = Q() if purpose in OF_BOARDS else Q(person=person)
        held = Consent.objects.select_for_update().filter(
            mine, purpose=purpose, organisation=organisation, withdrawn_at=None
        )
        ended = list(held)
        for one in ended:
            one.withdrawn_at = max(now, one.given_at)
            one.save(update_fields=["withdrawn_at"])
            _record("consent_withdrawn", one, f"Toestemming ingetrokken: {purpose.label}", now=now)
        if ended:
            for wipe in _wipes:
                import_string(wipe)(purpose=purpose, organisation=organisation, now=now)
            transaction.on_commit(lambda: _tell_receivers(purpose, organisation))
    return len(ended)


def _record(kind: str, consent: Consent, heading: str, *, now: datetime) -> None:
    record(
        f"accounts.{kind}", subject=f"persoon:{consent.person_id}", heading=heading, now=now,
        organisation=consent.organisation,
        details={"purpose": consent.purpose, "text_version": consent.text_version, "channel": consent.channel},
    )  # fmt: skip


def receivers_of(organisation: str) -> list[Person]:
    """Return who works with what this organisation agreed to: the programme managers and administrators of its regions."""
    kind, _, code = organisation.partition(":")
    keys = {code} if kind == OrganisationKind.REGION else regions_of_board(code)
    held = Membership.objects.filter(
        role__in=RECEIVERS, ends_on=None, organisation_kind=OrganisationKind.REGION, organisation_code__in=keys
    )
    return list(Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("pk"))


def _tell_receivers(purpose: Purpose, organisation: str) -> None:
    """Mail them that somebody stopped: the board where a board did, never the name of a person."""
    from regio.shared.mail import MailRefused, address_of_page, send

    who = f"Bestuur {organisation.partition(':')[2]}" if purpose in OF_BOARDS else "Iemand"
    context = {"who": who, "title": text_of(purpose).title, "address": address_of_page("/vandaag/")}
    for person in receivers_of(organisation):
        try:
            send(to=person.email, subject="Een toestemming is ingetrokken", template="accounts/mail/withdrawn.txt", context=context)  # fmt: skip
        except MailRefused:
            continue  # the trail has it, and the data are not used any more in any case

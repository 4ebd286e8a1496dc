"""Invented people of the demo: one for each role that can be given, so that a visitor sees the product as they do."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from .actions import give_role
from .enums import Role
from .errors import AlreadyHeld
from .models import Person


@dataclass(frozen=True)
class Persona:
    """Somebody who does not exist.

    Attributes:
        code: what the form sends.
        does: what they want to know, in one Dutch sentence.
    """

    code: str
    name: str
    role: Role
    organisation: str
    does: str

    @property
    def email(self) -> str:
        """An address that can never receive mail."""
        return f"{self.code}@voorbeeld.example"


PERSONAS = (
    Persona("noor", "Noor Bedenksel", Role.DESK_ADVISER, "regio:rpa:91", "Helpt mensen op weg naar het onderwijs en laat niemand los."),
    Persona("puck", "Puck Verzonnen", Role.BOARD_PLANNER, "bestuur:90001", "Houdt bij hoeveel leraren haar bestuur nodig heeft."),
    Persona("bram", "Bram Bedacht", Role.BOARD_EXECUTIVE, "bestuur:90001", "Wil in één zin weten waar zijn bestuur tekortkomt."),
    Persona("mila", "Mila Denkbeeld", Role.PROGRAMME_MANAGER, "regio:rpa:91", "Leidt het programma van de onderwijsregio."),
    Persona("joris", "Joris Fictie", Role.REGION_ADMIN, "regio:rpa:91", "Geeft mensen toegang en houdt de bestanden bij."),
    Persona("fenna", "Fenna Zogenaamd", Role.PRIVACY_OFFICER, "regio:rpa:91", "Kijkt of er goed met gegevens wordt omgegaan."),
    Persona("sem", "Sem Schijnbaar", Role.SUPPORT, "installatie:", "Helpt mensen die vastlopen."),
)  # fmt: skip


def persona_by_code(code: str) -> Persona | None:
    """Return a persona, None for a code that is none."""
    return next((persona for persona in PERSONAS if persona.code == code), None)


def person_of(persona: Persona, *, now: datetime) -> Person:
    """Return the person behind a persona; made at the first look."""
    found = Person.objects.filter(email=persona.email).first()
    if found is not None and found.memberships.filter(ends_on=None).exists():
        return found
    with transaction.atomic():
        try:
            return give_role(
                email=persona.email, role=persona.role, organisation=persona.organisation, now=now, name=persona.name
            ).person
        except AlreadyHeld:  # another request was first
            return Person.objects.get(email=persona.email)

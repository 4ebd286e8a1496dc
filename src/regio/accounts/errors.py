"""What can go wrong with people and roles, in Dutch for the person who sees it."""

from collections.abc import Iterable

from regio.shared.errors import UserError


class RoleNotGiven(UserError):
    """A role without a first screen of its own does not exist yet."""

    def __init__(self, role: str, known: Iterable[str]) -> None:
        super().__init__(f"De rol {role} is er nog niet. Kies uit: {', '.join(known)}.")


class UnknownOrganisation(UserError):
    """An organisation is a kind and a code."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text} is geen organisatie. Schrijf bijvoorbeeld bestuur:41234, regio:rpa:03 of installatie: (met dubbele punt)."
        )


class AlreadyHeld(UserError):
    """Somebody has this role already."""

    def __init__(self) -> None:
        super().__init__("Deze persoon heeft deze rol al.")


class NotAnAddress(UserError):
    """What was given is no mail address."""

    def __init__(self) -> None:
        super().__init__("Dit is geen e-mailadres. Schrijf het zo: naam@school.nl.")


class UnknownPerson(UserError):
    """Nobody has this address."""

    def __init__(self) -> None:
        super().__init__("Dit adres kennen wij niet. Kijk of het goed is getypt.")

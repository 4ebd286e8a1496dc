"""What can go wrong with a case, in Dutch for the adviser who sees it."""

from typing import Any

from regio.shared.errors import UserError


class StepMissing(UserError):
    """An open case has a next step with a date."""

    def __init__(self) -> None:
        super().__init__("Vul een volgende stap en een datum in. Een open zaak heeft die altijd.")


class NobodyForCase(UserError):
    """No adviser of the desk may hold this case."""

    def __init__(self) -> None:
        super().__init__(
            "Er is geen adviseur die deze zaak mag doen. Geef eerst iemand de rol adviseur die niet bij de werkgever van de kandidaat werkt."
        )


class MayNotHold(UserError):
    """This person may not hold this case."""

    def __init__(self) -> None:
        super().__init__("Deze adviseur kan deze zaak niet doen. Kies een andere adviseur van het loket.")


class OwnsOpenCases(UserError):
    """Somebody still holds open cases."""

    def __init__(self) -> None:
        super().__init__(
            "Deze persoon heeft nog open zaken en geen collega mag die doen. Geef eerst iemand anders de rol adviseur van het loket."
        )


class OpenAlready(UserError):
    """The person has an open case of this type."""

    def __init__(self, case_id: int) -> None:
        super().__init__("Deze persoon heeft al een open zaak van deze soort. Ga daarin verder.")
        self.case_id = case_id


class EmployerMissing(UserError):
    """Of a sitting teacher the employer is known, so that it can be kept from them."""

    def __init__(self) -> None:
        super().__init__(
            "Vul het bestuur in waar deze persoon nu werkt. Alleen dan blijft de zaak voor dat bestuur verborgen."
        )


class NotAReason(UserError):
    """A case is closed with a reason from the list."""

    def __init__(self) -> None:
        super().__init__("Kies waarom de zaak stopt.")


class TooSoonForSilence(UserError):
    """A case is closed for silence only after enough attempts."""

    def __init__(self, done: str) -> None:
        super().__init__(
            f"Sluiten omdat iemand niet reageert kan na 3 pogingen, op 2 manieren, in ten minste 21 dagen. Nu: {done}."
        )


class ClosedCase(UserError):
    """The case is closed."""

    def __init__(self) -> None:
        super().__init__("Deze zaak is gesloten. Open haar eerst weer.")


class NotClosed(UserError):
    """The case is open."""

    def __init__(self) -> None:
        super().__init__("Deze zaak is al open.")


class NoCaseNamed(UserError):
    """A mail names no case."""

    def __init__(self) -> None:
        super().__init__("In deze mail staat geen zaak. Kies zelf een zaak bij Zaken, Post.")


class MayNotMerge(UserError):
    """These two cannot become one."""

    def __init__(self) -> None:
        super().__init__(
            "Deze twee kunnen niet worden samengevoegd. Kijk of zij bij dezelfde regio horen en nog apart staan."
        )


class MayNotUndo(UserError):
    """A merge cannot be taken apart any more."""

    def __init__(self) -> None:
        super().__init__(
            "Deze samenvoeging kan niet meer ongedaan worden gemaakt. Maak eerst de laatste samenvoeging ongedaan."
        )


class AwayAlready(UserError):
    """Somebody is away in this period already."""

    def __init__(self) -> None:
        super().__init__("Voor deze adviseur staat al een afwezigheid in deze dagen.")


class Overtaken(Exception):
    """Somebody else changed the case meanwhile; carries what it is now, for the page that shows the difference."""

    def __init__(self, case: Any) -> None:
        super().__init__("De zaak is intussen veranderd.")
        self.case = case

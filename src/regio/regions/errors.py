"""Errors of the regions app, written for the person who reads them."""

from regio.shared.errors import UserError


class UnknownRegion(UserError):
    """The region key names no region that is loaded here."""

    def __init__(self, key: str) -> None:
        super().__init__(f"De regio '{key}' bestaat hier niet. Kies een regio op /regios/.")
        self.key = key


class UnknownLocation(UserError):
    """The code names no location that is loaded here."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Vestiging '{code}' is hier niet geladen. Zoek de code op /regios/ of in het register van DUO."
        )


class WrongLink(UserError):
    """What was told about a location cannot be true."""

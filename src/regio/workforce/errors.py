"""Errors of the workforce app, written for the person who reads them."""

from regio.shared.errors import UserError


class NothingLoaded(UserError):
    """There is nothing to forecast from."""

    def __init__(self) -> None:
        super().__init__(
            "Er zijn nog geen telbestanden geladen. Laad ze met 'regio import public MAP' of met '--download'."
        )


class DataChanged(UserError):
    """Other files came in while a forecast was computed."""

    def __init__(self) -> None:
        super().__init__("Tijdens het rekenen zijn er andere bestanden geladen. Vraag de prognose opnieuw aan.")


class NoFigures(UserError):
    """The asked selection has no counts."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Voor {what} zijn geen tellingen geladen. Kijk op /bronnen/ wat er wel is.")

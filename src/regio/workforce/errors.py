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


class NoStaff(UserError):
    """No staff is loaded of the asked selection, or none that may be shown at this grain."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Voor {what} zijn er geen cijfers over bezetting en tekort op dit niveau. Is het personeel niet geladen, laad"
            " het dan met 'regio import staff --board NUMMER BESTAND'. Is het nagemaakt uit openbare tabellen, kies dan --by board of --by region."
        )


class CannotRepeat(UserError):
    """A kept run cannot be computed again: what it was made with is gone."""

    @classmethod
    def unfinished(cls, run: int) -> "CannotRepeat":
        """The run never ended."""
        return cls(f"Prognose {run} is niet afgerond. Er is dus niets om mee te vergelijken.")

    @classmethod
    def other_model(cls, run: int, *, then: str, now: str) -> "CannotRepeat":
        """The model is another one."""
        return cls(
            f"Prognose {run} is berekend met model {then}. Hier staat model {now}. Herhaal haar met de versie van toen."
        )

    @classmethod
    def other_data(cls, run: int, changed: list[str]) -> "CannotRepeat":
        """Files, links, rules or the region changed; `changed` names what, where it was kept."""
        what = ", ".join(changed) or "niet meer na te gaan wat"
        return cls(f"De gegevens onder prognose {run} zijn veranderd ({what}). Zij is daarom niet te herhalen.")


class JointRefused(UserError):
    """Something in a joint round cannot be done now, with what can."""

    @classmethod
    def closed(cls) -> "JointRefused":
        """The round is over."""
        return cls("Deze ronde is gesloten. Er kan niets meer bij of af.")

    @classmethod
    def again(cls) -> "JointRefused":
        """There is a round of this count already."""
        return cls(
            "Voor deze sector en deze telling is er al een ronde geweest. Een tweede zou over dezelfde cijfers meer vertellen dan de eerste."
        )

    @classmethod
    def no_forecast(cls) -> "JointRefused":
        """There is no forecast with staff of this sector."""
        return cls("Er is nog geen prognose met bezetting voor deze sector. Maak eerst een prognose.")

    @classmethod
    def no_figures(cls) -> "JointRefused":
        """The newest forecast has no figures of this board, or starts from another count."""
        return cls(
            "In de nieuwste prognose staat van uw bestuur geen tekort voor deze telling. Laad uw personeelsbestand en vraag een nieuwe prognose."
        )

    @classmethod
    def not_agreed(cls) -> "JointRefused":
        """No executive of the board agreed."""
        return cls("Een bestuurder van uw bestuur moet eerst toestemming geven. Daarna kunt u inleveren.")

    @classmethod
    def exact_not_agreed(cls) -> "JointRefused":
        """An exact round asks an agreement of its own."""
        return cls(
            "Deze ronde toont exacte totalen. Een bestuurder moet daar apart mee instemmen, met het vakje erbij."
        )

    @classmethod
    def too_few(cls, given: int, least: int) -> "JointRefused":
        """Fewer boards than a snapshot needs."""
        return cls(f"Er deden {given} besturen mee. Een momentopname kan vanaf {least} besturen.")

    @classmethod
    def too_little_changed(cls, changed: int, least: int) -> "JointRefused":
        """A snapshot so soon would tell what one board changed."""
        return cls(
            f"Sinds de vorige momentopname veranderden {changed} besturen. Een nieuwe komt er pas als het er {least} zijn: anders is af te lezen wie wat veranderde."
        )

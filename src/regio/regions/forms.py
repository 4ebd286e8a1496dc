"""Input for composing an own region, with Dutch texts; nothing is saved here."""

from typing import Any

from django import forms

from .enums import Sector
from .models import Region
from .queries import OWN_SET_LABEL, name_is_taken

SECTORS = [("", "alle sectoren"), *Sector.choices]
LONGEST_ID = 18  # digits; more does not fit in a key of the database


class SearchForm(forms.Form):
    """What a person looks for; what cannot be a search is left out rather than refused."""

    words = forms.CharField(max_length=80, required=False)
    in_sector = forms.ChoiceField(required=False, choices=SECTORS)

    def search(self) -> dict[str, str]:
        """Return `words` and `sector`, empty where nothing sensible was given."""
        self.is_valid()
        return {"words": self.cleaned_data.get("words", ""), "sector": self.cleaned_data.get("in_sector", "")}


def ids_of(values: list[str]) -> list[int]:
    """Return the location ids among what a browser sent."""
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) <= LONGEST_ID]


class KeepRegionForm(forms.Form):
    """What must be right before an own region is kept."""

    name = forms.CharField(
        label="Naam van uw regio",
        max_length=120,
        error_messages={
            "required": "Geef uw regio een naam.",
            "max_length": "Maak de naam korter: hoogstens 120 tekens.",
        },
    )

    def __init__(self, *args: Any, number: int, replaces: Region | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number, self.replaces = number, replaces

    def clean_name(self) -> str:
        """Refuse a name that another region has."""
        name = " ".join(self.cleaned_data["name"].split())
        taken = name_is_taken(name, besides=self.replaces)
        if taken == OWN_SET_LABEL:
            raise forms.ValidationError("Er is al een eigen regio met deze naam. Kies een andere naam.")
        if taken:
            raise forms.ValidationError(
                f"Er is al een {taken} met deze naam. Kies een andere naam, bijvoorbeeld “Onderwijsregio {name}”."
            )
        return name

    def clean(self) -> None:
        """Refuse a region without locations."""
        if not self.number:
            raise forms.ValidationError("Kies minstens één vestiging.")

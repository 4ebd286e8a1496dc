"""Input for an own region and for what became of a location, with Dutch texts; nothing is saved here."""

from typing import Any

from django import forms

from .enums import LinkKind, Sector
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


class LinkForm(forms.Form):
    """What became of a location; whether that can be true is for the action to say."""

    kind = forms.ChoiceField(label="Wat gebeurde er?", choices=LinkKind.choices)
    new_code = forms.CharField(
        label="Code van de nieuwe vestiging",
        required=False,
        max_length=12,
        help_text="Zoals 00AH00. Leeg bij een sluiting.",
    )
    since = forms.DateField(
        label="Vanaf welke dag?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Vul de eerste dag van de nieuwe toestand in.",
            "invalid": "Schrijf de dag als 2026-08-01.",
        },
    )
    percent = forms.IntegerField(
        label="Welk deel van de leerlingen gaat over, in procenten?", min_value=1, max_value=100, initial=100,
        help_text="100, behalve bij een splitsing.",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Vul een heel getal in van 1 tot en met 100."),
    )  # fmt: skip

    def link(self) -> dict[str, Any]:
        """Return what `link_location` asks, the source excepted."""
        given = self.cleaned_data
        return {
            "new_code": given["new_code"].strip() or None, "kind": LinkKind(given["kind"]), "since": given["since"],
            "share": given["percent"] / 100,
        }  # fmt: skip

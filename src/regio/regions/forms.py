"""Input for choosing locations for an own region, with Dutch texts; nothing is saved here."""

from typing import Any

from django import forms

from .enums import Sector
from .models import Region, SchoolLocation

MOST_LOCATIONS = 2000
SECTORS = [("", "alle sectoren"), *Sector.choices]


class OwnRegionForm(forms.Form):
    """Name and locations of an own region; `words` and `in_sector` only search."""

    name = forms.CharField(label="Naam van uw regio", max_length=120, required=False)
    words = forms.CharField(label="Zoek op naam, plaats, bestuur, gemeente of code", max_length=80, required=False)
    in_sector = forms.ChoiceField(label="Sector", required=False, choices=SECTORS)
    location = forms.ModelMultipleChoiceField(queryset=SchoolLocation.objects.all(), required=False)

    def chosen(self) -> list[SchoolLocation]:
        """Return the ticked locations with board and municipality, by place."""
        ticked: list[str] = self.data.getlist("location")  # type: ignore[attr-defined]  # a QueryDict in views
        ids = [value for value in ticked if value.isdigit()][:MOST_LOCATIONS]
        found = SchoolLocation.objects.filter(pk__in=ids).select_related("board", "municipality")
        return list(found.order_by("place", "name", "code"))


class KeepRegionForm(forms.Form):
    """What must be right before an own region is kept."""

    name = forms.CharField(
        label="Naam van uw regio", max_length=120, error_messages={"required": "Geef uw regio een naam."}
    )

    def __init__(self, *args: Any, ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"] = forms.TypedMultipleChoiceField(
            coerce=int,
            choices=[(pk, pk) for pk in ids],
            error_messages={"required": "Kies minstens één vestiging."},
        )

    def clean_name(self) -> str:
        """Refuse a name that another own region has."""
        name = " ".join(self.cleaned_data["name"].split())
        if Region.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError("Er is al een eigen regio met deze naam. Kies een andere naam.")
        return name

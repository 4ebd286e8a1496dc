"""Money and the sources it was read in: each form gives back the row to keep."""

from collections.abc import Mapping
from typing import Any

from django import forms

from .fields import day_field, mark_field, number_field, pair, text_field


class MoneyForm(forms.Form):
    """A grant, scholarship or cost, national or of the region itself."""

    name_nl, name_en = text_field("Naam"), text_field("Naam in het Engels")
    who_nl, who_en = text_field("Wie vraagt aan, wie krijgt of betaalt?"), text_field("Hetzelfde in het Engels")
    low = number_field("Bedrag: van, in euro", largest=1_000_000, help_text="Leeg als het bedrag niet bekend is.")
    high = number_field("Bedrag: tot en met, in euro", largest=1_000_000)
    per_nl, per_en = text_field("Per wat, of welke voorwaarde"), text_field("Hetzelfde in het Engels")
    starts = day_field("Geldt vanaf")
    ends = day_field("Geldt tot en met")
    source = forms.ChoiceField(label="Bron")
    mark = mark_field("Hoe zeker is het?")

    def __init__(self, data: Any = None, *, row: Mapping[str, Any], tree: Mapping[str, Any]) -> None:
        super().__init__(data, initial=_money_fields(row))
        self.row = row
        self.fields["source"].choices = [(one["code"], one["titel"]) for one in tree["bronnen"]]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Refuse spans that end before they begin."""
        for low, high in (("low", "high"), ("starts", "ends")):
            first, last = self.cleaned_data.get(low), self.cleaned_data.get(high)
            if first is not None and last is not None and first > last:
                self.add_error(high, "Dit ligt voor het begin.")

    def changed(self) -> dict[str, Any]:
        """Return the row with what was filled in."""
        given = self.cleaned_data
        days = {"vanaf": given["starts"], "tot_en_met": given["ends"]}
        return dict(self.row) | {
            "naam": pair(given, "name"), "wie": pair(given, "who"), "per": pair(given, "per"), "van": given["low"],
            "tot": given["high"], "bron": given["source"], "merk": given["mark"],
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }  # fmt: skip


def _money_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    pairs = {f"{name}_{one}": row[part][one] for name, part in {"name": "naam", "who": "wie", "per": "per"}.items() for one in ("nl", "en")}  # fmt: skip
    return pairs | {
        "low": row["van"], "high": row["tot"], "starts": row["vanaf"], "ends": row["tot_en_met"], "source": row["bron"], "mark": row["merk"],
    }  # fmt: skip


class SourceForm(forms.Form):
    """Where something was read, of which year, when it was looked at, and how sure it is."""

    title = text_field("Titel en uitgever")
    year = text_field("Van welk jaar?", longest=20, help_text="Zoals 2024, of: niet bekend.")
    read_on = day_field("Wanneer hebt u het nagekeken?", required=True)
    mark = mark_field("Hoe zeker is het?")

    def __init__(self, data: Any = None, *, row: Mapping[str, Any], tree: Mapping[str, Any]) -> None:
        self.row = row
        initial = {"title": row["titel"], "year": row["jaar"], "read_on": row["opgenomen"], "mark": row["merk"]}
        super().__init__(data, initial=initial)

    def changed(self) -> dict[str, Any]:
        """Return the row with what was filled in."""
        given = self.cleaned_data
        return dict(self.row) | {
            "titel": given["title"], "jaar": given["year"], "opgenomen": given["read_on"].isoformat(), "merk": given["mark"],
        }  # fmt: skip

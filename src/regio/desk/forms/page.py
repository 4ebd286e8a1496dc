"""Name, colour, contact and texts of a desk; an empty text shows the general one."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from .fields import number_field, text_field

LEAST_CONTRAST = 4.5  # WCAG 2.2 AA, text on white and white on a button
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class PageForm(forms.Form):
    """Name, colour, contact and texts of a desk; an empty text shows the general one."""

    name = text_field("Naam van het loket", required=False, longest=80, help_text="Leeg: Onderwijsloket van uw regio.")
    colour = text_field(
        "Kleur van links en knoppen",
        required=False,
        longest=7,
        help_text="Zoals #00566b. Wij kijken of er genoeg contrast is.",
    )
    person = text_field(
        "Met wie spreekt men?",
        required=False,
        longest=80,
        help_text="Een team of functie, zoals: de adviseurs van het loket. Geen naam van een persoon.",
    )
    phone = text_field("Telefoon van het loket", required=False, longest=20)
    mail = forms.EmailField(
        label="E-mail",
        required=False,
        error_messages={"invalid": "Vul een e-mailadres in, zoals loket@voorbeeld.example."},
    )
    hours = text_field("Wanneer bereikbaar", required=False, longest=80)
    days = number_field("Binnen hoeveel werkdagen hoort men van u?", largest=60)
    intro_nl, intro_en = (
        text_field("Inleiding", required=False, rows=3),
        text_field("Inleiding in het Engels", required=False, rows=3),
    )
    wel_nl = text_field("Wat u doet", required=False, rows=5, longest=2000, help_text="Eén zin per regel.")
    wel_en = text_field("Wat u doet, in het Engels", required=False, rows=5, longest=2000)
    niet_nl = text_field("Wat u niet doet", required=False, rows=5, longest=2000, help_text="Eén zin per regel.")
    niet_en = text_field("Wat u niet doet, in het Engels", required=False, rows=5, longest=2000)
    gesprek_nl = text_field(
        "Hoe een gesprek gaat", required=False, rows=5, longest=2000, help_text="Eén zin of alinea per regel."
    )
    gesprek_en = text_field("Hoe een gesprek gaat, in het Engels", required=False, rows=5, longest=2000)

    TEXTS = ("intro", "wel", "niet", "gesprek")
    CONTACT = {"person": "persoon", "phone": "telefoon", "mail": "mail", "hours": "tijden", "days": "werkdagen"}

    def __init__(self, data: Any = None, *, page: Mapping[str, Any]) -> None:
        texts = page.get("teksten", {})
        initial = {f"{name}_{one}": texts.get(one, {}).get(name, "") for name in self.TEXTS for one in ("nl", "en")}
        initial |= {name: page.get("contact", {}).get(code) for name, code in self.CONTACT.items()}
        super().__init__(data, initial=initial | {"name": page.get("naam", ""), "colour": page.get("kleur", "")})

    def clean_colour(self) -> str:
        """Refuse what is no colour, and a colour that people cannot read on white."""
        colour = str(self.cleaned_data["colour"]).lower()
        if colour and not COLOUR.fullmatch(colour):
            raise forms.ValidationError("Schrijf de kleur als # met zes tekens, zoals #00566b.")
        if colour and contrast_with_white(colour) < LEAST_CONTRAST:
            words = f"{contrast_with_white(colour):.1f}".replace(".", ",")
            raise forms.ValidationError(
                f"Deze kleur is te licht: het contrast met wit is {words}, en 4,5 is nodig. Kies een donkerder kleur."
            )
        return colour

    def changed(self) -> dict[str, Any]:
        """Return the page with what was filled in."""
        given = self.cleaned_data
        return {
            "naam": given["name"], "kleur": given["colour"],
            "contact": {code: given[name] for name, code in self.CONTACT.items()},
            "teksten": {one: {name: given[f"{name}_{one}"] for name in self.TEXTS} for one in ("nl", "en")},
        }  # fmt: skip


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of a colour (#rrggbb) with white, after WCAG 2.2."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)

"""What a region fills in about its routes, money and page, with Dutch texts; each form gives back the row to keep."""

import copy
import re
from collections.abc import Mapping
from typing import Any

from django import forms

from .advice.expressions import parse
from .enums import Mark
from .errors import BadRules

LEAST_CONTRAST = 4.5  # WCAG 2.2 AA, text on white and white on a button
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
REQUIRED = {"required": "Vul dit in."}
WRONG_NUMBER = dict.fromkeys(("invalid", "min_value", "max_value"), "Vul een heel getal in, of laat het leeg.")


def _text(
    label: str, *, help_text: str = "", required: bool = True, rows: int = 0, longest: int = 400
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, help_text=help_text, required=required, widget=widget, max_length=longest, error_messages=REQUIRED
    )


def _number(label: str, *, largest: int, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=largest, error_messages=WRONG_NUMBER
    )


def _mark(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=Mark.choices)


class RouteForm(forms.Form):
    """A route: texts in both languages, time, cost, for whom, what it asks, and its steps."""

    name_nl, name_en = _text("Naam"), _text("Naam in het Engels")
    short_nl, short_en = _text("In één of twee zinnen", rows=2), _text("Hetzelfde in het Engels", rows=2)
    first_nl, first_en = _text("Eerste stap", rows=2), _text("Eerste stap in het Engels", rows=2)
    class_from = _number("Voor de klas: van, in maanden", largest=120, help_text="Leeg als geen bron het zegt.")
    class_to = _number("Voor de klas: tot en met, in maanden", largest=120)
    done_from = _number("Bevoegd: van, in maanden", largest=120)
    done_to = _number("Bevoegd: tot en met, in maanden", largest=120)
    time_mark = _mark("Hoe zeker is de tijd?")
    cost_nl, cost_en = _text("Kosten voor de kandidaat", rows=2), _text("Kosten in het Engels", rows=2)
    cost_from = _number("Kosten: van, in euro", largest=1_000_000)
    cost_to = _number("Kosten: tot en met, in euro", largest=1_000_000)
    cost_mark = _mark("Hoe zeker zijn de kosten?")
    meant_for = _text(
        "Voor wie",
        rows=3,
        longest=2000,
        help_text="Bijvoorbeeld: sector is po en rol is leraar en niet bevoegdheid is po/student",
    )
    conditions = forms.MultipleChoiceField(
        label="Wat de route vraagt", required=False, widget=forms.CheckboxSelectMultiple
    )
    steps = _text(
        "Stappen", rows=6, longest=4000, help_text="Eén stap per regel: stap | stap in het Engels | maanden (of leeg)"
    )
    mark = _mark("Hoe zeker zijn de voorwaarden?")
    is_off = forms.BooleanField(label="Bied deze route niet aan", required=False)

    def __init__(self, data: Any = None, *, row: Mapping[str, Any], shared: list[Mapping[str, Any]]) -> None:
        super().__init__(data, initial=_route_fields(row))
        self.row = row
        self.fields["conditions"].choices = [(one["code"], one["naam"]["nl"]) for one in shared]  # type: ignore[attr-defined]

    def clean_meant_for(self) -> str:
        """Refuse a condition that cannot be read, with the place."""
        text = str(self.cleaned_data["meant_for"])
        try:
            parse(text)
        except BadRules as error:
            raise forms.ValidationError(f"Deze voorwaarde begrijpen we niet: {error}.") from error
        return text

    def clean_steps(self) -> list[dict[str, Any]]:
        """Read one step per line; who does it and what is needed stay as they were on that line."""
        lines = [line.split("|") for line in self.cleaned_data["steps"].splitlines() if line.strip()]
        if any(len(line) not in (2, 3) or not line[0].strip() or not line[1].strip() for line in lines):
            raise forms.ValidationError("Zet op elke regel: stap | stap in het Engels | maanden (of leeg).")
        return [_step(line, self.row["stappen"], i) for i, line in enumerate(lines)]

    def clean(self) -> None:
        """Refuse spans that end before they begin."""
        for low, high in (("class_from", "class_to"), ("done_from", "done_to"), ("cost_from", "cost_to")):
            first, last = self.cleaned_data.get(low), self.cleaned_data.get(high)
            if first is not None and last is not None and first > last:
                self.add_error(high, "Dit is minder dan bij “van”.")

    def changed(self) -> dict[str, Any]:
        """Return the row with what was filled in."""
        given, row = self.cleaned_data, copy.deepcopy(dict(self.row))
        row |= {
            "naam": _pair(given, "name"), "kort": _pair(given, "short"), "eerste": _pair(given, "first"),
            "klas": {"van": given["class_from"], "tot": given["class_to"]}, "klaar": {"van": given["done_from"], "tot": given["done_to"]},
            "kosten": {"van": given["cost_from"], "tot": given["cost_to"], **_pair(given, "cost"), "merk": given["cost_mark"]},
            "tijd_merk": given["time_mark"], "merk": given["mark"], "voor": given["meant_for"], "stappen": given["steps"],
            "eisen": _chosen(row["eisen"], given["conditions"]),
        }  # fmt: skip
        row.pop("uit", None)
        return row | ({"uit": True} if given["is_off"] else {})


def _chosen(before: list[Any], chosen: list[str]) -> list[Any]:
    """Return the conditions in the order they had, those written out in the route included, and new ones behind them."""
    kept = [one for one in before if not isinstance(one, str) or one in chosen]
    return [*kept, *(one for one in chosen if one not in kept)]


def _pair(given: Mapping[str, Any], name: str) -> dict[str, str]:
    return {"nl": given[f"{name}_nl"], "en": given[f"{name}_en"]}


def _step(line: list[str], before: list[Mapping[str, Any]], at: int) -> dict[str, Any]:
    time = line[2].strip() if len(line) == 3 else ""
    if time and not (time.isascii() and time.isdigit() and int(time) <= 120):
        raise forms.ValidationError(f"“{time}” is geen aantal maanden.")
    kept = before[at] if at < len(before) else {"wie": {"nl": "u", "en": "you"}, "bewijs": {"nl": "geen", "en": "none"}}
    words = {"nl": line[0].strip(), "en": line[1].strip(), "maanden": int(time) if time else None}
    return words | {"wie": kept["wie"], "bewijs": kept["bewijs"]}


def _route_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = {"name": "naam", "short": "kort", "first": "eerste", "cost": "kosten"}
    pairs = {f"{name}_{one}": row[part][one] for name, part in texts.items() for one in ("nl", "en")}
    steps = (f"{one['nl']} | {one['en']} | {one['maanden'] or ''}".strip() for one in row["stappen"])
    return pairs | {
        "class_from": row["klas"]["van"], "class_to": row["klas"]["tot"], "done_from": row["klaar"]["van"], "done_to": row["klaar"]["tot"],
        "cost_from": row["kosten"]["van"], "cost_to": row["kosten"]["tot"], "cost_mark": row["kosten"]["merk"],
        "time_mark": row["tijd_merk"], "mark": row["merk"], "meant_for": row["voor"], "steps": "\n".join(steps),
        "conditions": [one for one in row["eisen"] if isinstance(one, str)], "is_off": bool(row.get("uit")),
    }  # fmt: skip


class MoneyForm(forms.Form):
    """A grant, scholarship or cost, national or of the region itself."""

    name_nl, name_en = _text("Naam"), _text("Naam in het Engels")
    who_nl, who_en = _text("Wie vraagt aan, wie krijgt of betaalt?"), _text("Hetzelfde in het Engels")
    low = _number("Bedrag: van, in euro", largest=1_000_000, help_text="Leeg als het bedrag niet bekend is.")
    high = _number("Bedrag: tot en met, in euro", largest=1_000_000)
    per_nl, per_en = _text("Per wat, of welke voorwaarde"), _text("Hetzelfde in het Engels")
    starts = forms.DateField(
        label="Geldt vanaf", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends = forms.DateField(
        label="Geldt tot en met", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.ChoiceField(label="Bron")
    mark = _mark("Hoe zeker is het?")

    def __init__(self, data: Any = None, *, row: Mapping[str, Any], sources: list[Mapping[str, Any]]) -> None:
        super().__init__(data, initial=_money_fields(row))
        self.row = row
        self.fields["source"].choices = [(one["code"], one["titel"]) for one in sources]  # type: ignore[attr-defined]

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
            "naam": _pair(given, "name"), "wie": _pair(given, "who"), "per": _pair(given, "per"), "van": given["low"],
            "tot": given["high"], "bron": given["source"], "merk": given["mark"],
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }  # fmt: skip


def _money_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    pairs = {f"{name}_{one}": row[part][one] for name, part in {"name": "naam", "who": "wie", "per": "per"}.items() for one in ("nl", "en")}  # fmt: skip
    return pairs | {
        "low": row["van"], "high": row["tot"], "starts": row["vanaf"], "ends": row["tot_en_met"], "source": row["bron"], "mark": row["merk"],
    }  # fmt: skip


class PageForm(forms.Form):
    """Name, colour, contact and texts of a desk; an empty text shows the general one."""

    name = _text("Naam van het loket", required=False, longest=80, help_text="Leeg: Onderwijsloket van uw regio.")
    colour = _text(
        "Kleur van links en knoppen",
        required=False,
        longest=7,
        help_text="Zoals #00566b. Wij kijken of er genoeg contrast is.",
    )
    person = _text(
        "Met wie spreekt men?",
        required=False,
        longest=80,
        help_text="Een team of functie, zoals: de adviseurs van het loket. Geen naam van een persoon.",
    )
    phone = _text("Telefoon van het loket", required=False, longest=20)
    mail = forms.EmailField(
        label="E-mail",
        required=False,
        error_messages={"invalid": "Vul een e-mailadres in, zoals loket@voorbeeld.example."},
    )
    hours = _text("Wanneer bereikbaar", required=False, longest=80)
    days = _number("Binnen hoeveel werkdagen hoort men van u?", largest=60)
    intro_nl, intro_en = (
        _text("Inleiding", required=False, rows=3),
        _text("Inleiding in het Engels", required=False, rows=3),
    )
    wel_nl = _text("Wat u doet", required=False, rows=5, longest=2000, help_text="Eén zin per regel.")
    wel_en = _text("Wat u doet, in het Engels", required=False, rows=5, longest=2000)
    niet_nl = _text("Wat u niet doet", required=False, rows=5, longest=2000, help_text="Eén zin per regel.")
    niet_en = _text("Wat u niet doet, in het Engels", required=False, rows=5, longest=2000)
    gesprek_nl = _text(
        "Hoe een gesprek gaat", required=False, rows=5, longest=2000, help_text="Eén zin of alinea per regel."
    )
    gesprek_en = _text("Hoe een gesprek gaat, in het Engels", required=False, rows=5, longest=2000)

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

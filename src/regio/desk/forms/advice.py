"""A route, a question and a shared condition of the advice: each form gives back the row to keep."""

import copy
from collections.abc import Mapping
from typing import Any

from django import forms

from .fields import mark_field, number_field, pair, readable, text_field


class RouteForm(forms.Form):
    """A route: texts in both languages, time, cost, for whom, what it asks, and its steps."""

    name_nl, name_en = text_field("Naam"), text_field("Naam in het Engels")
    short_nl, short_en = text_field("In één of twee zinnen", rows=2), text_field("Hetzelfde in het Engels", rows=2)
    first_nl, first_en = text_field("Eerste stap", rows=2), text_field("Eerste stap in het Engels", rows=2)
    class_from = number_field("Voor de klas: van, in maanden", largest=120, help_text="Leeg als geen bron het zegt.")
    class_to = number_field("Voor de klas: tot en met, in maanden", largest=120)
    done_from = number_field("Bevoegd: van, in maanden", largest=120)
    done_to = number_field("Bevoegd: tot en met, in maanden", largest=120)
    time_mark = mark_field("Hoe zeker is de tijd?")
    cost_nl, cost_en = text_field("Kosten voor de kandidaat", rows=2), text_field("Kosten in het Engels", rows=2)
    cost_from = number_field("Kosten: van, in euro", largest=1_000_000)
    cost_to = number_field("Kosten: tot en met, in euro", largest=1_000_000)
    cost_mark = mark_field("Hoe zeker zijn de kosten?")
    meant_for = text_field(
        "Voor wie",
        rows=3,
        longest=2000,
        help_text="Bijvoorbeeld: sector is po en rol is leraar en niet bevoegdheid is po/student",
    )
    conditions = forms.MultipleChoiceField(
        label="Wat de route vraagt", required=False, widget=forms.CheckboxSelectMultiple
    )
    steps = text_field(
        "Stappen", rows=6, longest=4000, help_text="Eén stap per regel: stap | stap in het Engels | maanden (of leeg)"
    )
    mark = mark_field("Hoe zeker zijn de voorwaarden?")
    is_off = forms.BooleanField(label="Bied deze route niet aan", required=False)

    def __init__(self, data: Any = None, *, row: Mapping[str, Any], tree: Mapping[str, Any]) -> None:
        super().__init__(data, initial=_route_fields(row))
        self.row = row
        self.fields["conditions"].choices = [(one["code"], one["naam"]["nl"]) for one in tree["eisen"]]  # type: ignore[attr-defined]

    def clean_meant_for(self) -> str:
        """Refuse a condition that cannot be read, with the place."""
        return readable(self.cleaned_data["meant_for"])

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
            "naam": pair(given, "name"), "kort": pair(given, "short"), "eerste": pair(given, "first"),
            "klas": {"van": given["class_from"], "tot": given["class_to"]}, "klaar": {"van": given["done_from"], "tot": given["done_to"]},
            "kosten": {"van": given["cost_from"], "tot": given["cost_to"], **pair(given, "cost"), "merk": given["cost_mark"]},
            "tijd_merk": given["time_mark"], "merk": given["mark"], "voor": given["meant_for"], "stappen": given["steps"],
            "eisen": _chosen(row["eisen"], given["conditions"]),
        }  # fmt: skip
        row.pop("uit", None)
        return row | ({"uit": True} if given["is_off"] else {})


def _chosen(before: list[Any], chosen: list[str]) -> list[Any]:
    """Return the conditions in the order they had, those written out in the route included, and new ones behind them."""
    kept = [one for one in before if not isinstance(one, str) or one in chosen]
    return [*kept, *(one for one in chosen if one not in kept)]


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


class QuestionForm(forms.Form):
    """A question: its words, what somebody does who does not know, when it is asked, and the words of its answers."""

    text_nl, text_en = text_field("Vraag"), text_field("Vraag in het Engels")
    help_nl, help_en = (
        text_field("Uitleg", required=False, rows=2),
        text_field("Uitleg in het Engels", required=False, rows=2),
    )
    out_nl, out_en = text_field("Wat doet wie het niet weet?", rows=2), text_field("Hetzelfde in het Engels", rows=2)
    short_nl, short_en = text_field("Kort, na “Nog niet bekend:”"), text_field("Hetzelfde in het Engels")
    asked_if = text_field(
        "Alleen vragen als", rows=2, longest=2000, help_text="“altijd”, of een voorwaarde over eerdere vragen."
    )
    answers = text_field(
        "Antwoorden",
        rows=8,
        longest=4000,
        help_text="Eén per regel: code | antwoord | antwoord in het Engels. De codes staan vast: de routes gebruiken ze.",
    )

    def __init__(self, data: Any = None, *, row: Mapping[str, Any], tree: Mapping[str, Any]) -> None:
        self.row = row
        pairs = {"text": "vraag", "out": "zoek", "short": "kort", "help": "hulp"}
        initial = {
            f"{name}_{one}": (row.get(part) or {}).get(one, "") for name, part in pairs.items() for one in ("nl", "en")
        }
        lines = (f"{one['code']} | {one['nl']} | {one['en']}" for one in row["antwoorden"])
        super().__init__(data, initial=initial | {"asked_if": row.get("als", "altijd"), "answers": "\n".join(lines)})

    def clean_asked_if(self) -> str:
        """Refuse a condition that cannot be read."""
        return readable(self.cleaned_data["asked_if"])

    def clean_answers(self) -> list[dict[str, Any]]:
        """Read one answer per line; the codes stay as they are."""
        lines = [
            [part.strip() for part in line.split("|")]
            for line in self.cleaned_data["answers"].splitlines()
            if line.strip()
        ]
        if any(len(line) != 3 or not all(line) for line in lines):
            raise forms.ValidationError("Zet op elke regel: code | antwoord | antwoord in het Engels.")
        before = {one["code"]: one for one in self.row["antwoorden"]}
        if [line[0] for line in lines] != list(before):
            raise forms.ValidationError(f"Laat de codes staan, in deze volgorde: {', '.join(before)}.")
        return [before[code] | {"nl": dutch, "en": english} for code, dutch, english in lines]

    def changed(self) -> dict[str, Any]:
        """Return the row with what was filled in."""
        given, row = self.cleaned_data, dict(self.row)
        row |= {
            "vraag": pair(given, "text"),
            "zoek": pair(given, "out"),
            "kort": pair(given, "short"),
            "antwoorden": given["answers"],
        }
        for name, value, empty in (
            ("hulp", pair(given, "help"), {"nl": "", "en": ""}),
            ("als", given["asked_if"], "altijd"),
        ):
            row.pop(name, None)
            row |= {} if value == empty else {name: value}
        return row


class ConditionForm(forms.Form):
    """A condition that routes share: its name, when somebody satisfies it, and what to do when not."""

    name_nl, name_en = text_field("Wat de route vraagt"), text_field("Hetzelfde in het Engels")
    when = text_field(
        "Iemand voldoet als", rows=2, longest=2000, help_text="Bijvoorbeeld: land is nederland of nederlands is ja"
    )
    kind = forms.ChoiceField(label="Als iemand niet voldoet", choices=[
        ("vast", "valt de route af"), ("eigen", "kan iemand er zelf iets aan doen"), ("samen", "regelt iemand het samen met het loket"),
    ])  # fmt: skip
    missing_nl, missing_en = text_field("Wat er dan mist", rows=2), text_field("Hetzelfde in het Engels", rows=2)
    action_nl, action_en = text_field("Wat iemand dan doet", rows=2), text_field("Hetzelfde in het Engels", rows=2)

    def __init__(self, data: Any = None, *, row: Mapping[str, Any], tree: Mapping[str, Any]) -> None:
        self.row = row
        pairs = {"name": "naam", "missing": "mist", "action": "doe"}
        initial = {f"{name}_{one}": row[part][one] for name, part in pairs.items() for one in ("nl", "en")}
        super().__init__(data, initial=initial | {"when": row["als"], "kind": row["soort"]})

    def clean_when(self) -> str:
        """Refuse a condition that cannot be read."""
        return readable(self.cleaned_data["when"])

    def changed(self) -> dict[str, Any]:
        """Return the row with what was filled in."""
        given = self.cleaned_data
        texts = {"naam": pair(given, "name"), "mist": pair(given, "missing"), "doe": pair(given, "action")}
        return dict(self.row) | texts | {"als": given["when"], "soort": given["kind"]}

"""Fields and small readers that the forms of the desk share."""

from collections.abc import Mapping
from typing import Any

from django import forms

from ..advice.expressions import parse
from ..enums import Mark
from ..errors import BadRules

REQUIRED = {"required": "Vul dit in."}
WRONG_NUMBER = dict.fromkeys(("invalid", "min_value", "max_value"), "Vul een heel getal in, of laat het leeg.")


def text_field(
    label: str, *, help_text: str = "", required: bool = True, rows: int = 0, longest: int = 400
) -> forms.CharField:
    """Return a field for a text; with rows a larger one."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, help_text=help_text, required=required, widget=widget, max_length=longest, error_messages=REQUIRED
    )


def number_field(label: str, *, largest: int, help_text: str = "") -> forms.IntegerField:
    """Return a field for a whole number from 0, or nothing."""
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=0, max_value=largest, error_messages=WRONG_NUMBER
    )


def mark_field(label: str) -> forms.ChoiceField:
    """Return a choice of how sure something is."""
    return forms.ChoiceField(label=label, choices=Mark.choices)


def day_field(label: str, *, required: bool = False) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    messages = REQUIRED | {"invalid": "Schrijf de dag als 2026-08-01."}
    return forms.DateField(label=label, required=required, widget=widget, error_messages=messages)


def pair(given: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return a text in both languages from its two fields."""
    return {"nl": given[f"{name}_nl"], "en": given[f"{name}_en"]}


def readable(text: str) -> str:
    """Return a condition as it was written; refuse one that cannot be read, with the place."""
    try:
        parse(text)
    except BadRules as error:
        raise forms.ValidationError(f"Deze voorwaarde begrijpen we niet: {error}.") from error
    return text

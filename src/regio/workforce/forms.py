"""Input of the forecast pages, with Dutch texts; nothing is saved here."""

from django import forms

from regio.regions.enums import Sector

from .actions import DEFAULT_YEARS, MOST_YEARS
from .enums import JointMode


class ForecastForm(forms.Form):
    """How far ahead and how precise; the defaults are right for almost everybody."""

    years = forms.IntegerField(
        label="Aantal jaren vooruit", min_value=1, max_value=MOST_YEARS, initial=DEFAULT_YEARS,
        help_text="Vijf jaar vanaf nu is gebruikelijk; verder vooruit wordt de band breder. De jaren tellen vanaf de nieuwste telling.",
        error_messages={"required": "Vul in hoeveel jaren u vooruit wilt kijken.", "min_value": "Kies minstens 1 jaar.", "max_value": "Kies hoogstens 15 jaar.", "invalid": "Vul een heel getal in, van 1 tot en met 15."},
    )  # fmt: skip


class OpenRoundForm(forms.Form):
    """For which sector a joint round is, and how it protects what boards give in."""

    sector = forms.ChoiceField(
        label="Sector", choices=Sector.choices, initial=Sector.VO,
        error_messages={"required": "Kies een sector.", "invalid_choice": "Kies een sector uit de lijst."},
    )  # fmt: skip
    mode = forms.ChoiceField(
        label="Hoe de cijfers beschermd zijn", choices=JointMode.choices, initial=JointMode.NOISE,
        help_text="Bij exacte totalen kennen alle andere besturen samen het cijfer van het laatste. Dat kan alleen als elk bestuur dat meedoet er schriftelijk mee instemt.",
        error_messages={"required": "Kies een manier.", "invalid_choice": "Kies een manier uit de lijst."},
    )  # fmt: skip

"""Input of the forecast pages, with Dutch texts; nothing is saved here."""

from django import forms

from .actions import DEFAULT_YEARS, MOST_YEARS


class ForecastForm(forms.Form):
    """How far ahead and how precise; the defaults are right for almost everybody."""

    years = forms.IntegerField(
        label="Aantal jaren vooruit", min_value=1, max_value=MOST_YEARS, initial=DEFAULT_YEARS,
        help_text="Vijf jaar vanaf nu is gebruikelijk; verder vooruit wordt de band breder. De jaren tellen vanaf de nieuwste telling.",
        error_messages={"required": "Vul in hoeveel jaren u vooruit wilt kijken.", "min_value": "Kies minstens 1 jaar.", "max_value": "Kies hoogstens 15 jaar.", "invalid": "Vul een heel getal in, van 1 tot en met 15."},
    )  # fmt: skip

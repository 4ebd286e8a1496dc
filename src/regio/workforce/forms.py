"""Input of the forecast pages, with Dutch texts; nothing is saved here."""

from django import forms


class ForecastForm(forms.Form):
    """How far ahead and how precise; the defaults are right for almost everybody."""

    years = forms.IntegerField(
        label="Aantal jaren vooruit", min_value=1, max_value=15, initial=6,
        error_messages={"required": "Vul in hoeveel jaren u vooruit wilt kijken.", "min_value": "Kies minstens 1 jaar.", "max_value": "Kies hoogstens 15 jaar.", "invalid": "Vul een heel getal in, van 1 tot en met 15."},
    )  # fmt: skip

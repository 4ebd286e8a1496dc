"""Input for what somebody wants to hear of, and for the mail address of an organisation; nothing is saved here."""

from typing import Any

from django import forms

from .enums import How, HowOften, OrganisationKind
from .forms import LONGEST_ADDRESS, NO_ADDRESS
from .mail_kinds import MailKind

WEEKDAYS = [(number, day) for number, day in enumerate(("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"))]  # fmt: skip
CHOOSE = "Kies een van de mogelijkheden."


class ChoicesForm(forms.Form):
    """How often the digest comes, and per kind of news how somebody hears of it."""

    often = forms.ChoiceField(label="Bericht van de dag", choices=HowOften.choices, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE})  # fmt: skip
    weekday = forms.TypedChoiceField(
        label="Op welke dag, als u kiest voor één keer per week", choices=WEEKDAYS, coerce=int,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: list[MailKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in kinds:
            self.fields[f"soort_{kind.code}"] = forms.ChoiceField(
                label=kind.words[:1].upper() + kind.words[1:], choices=[(way.value, way.label) for way in kind.ways],
                error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
            )  # fmt: skip

    def chosen(self) -> dict[str, How]:
        """Return how somebody wants to hear, per kind."""
        found = self.cleaned_data.items()
        return {name.removeprefix("soort_"): How(value) for name, value in found if name.startswith("soort_")}


class TeamAddressForm(forms.Form):
    """The mail address of one organisation; empty for none."""

    organisation = forms.ChoiceField(label="Organisatie", error_messages={"required": CHOOSE, "invalid_choice": CHOOSE})
    email = forms.EmailField(
        label="E-mailadres van het team", max_length=LONGEST_ADDRESS, required=False,
        help_text="Bijvoorbeeld personeelszaken@bestuur.nl. Laat leeg om het weg te halen.", error_messages={"invalid": NO_ADDRESS},
    )  # fmt: skip

    def __init__(self, *args: Any, organisations: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["organisation"]
        assert isinstance(offered, forms.ChoiceField)
        offered.choices = [(one, _words(one)) for one in organisations]


def _words(organisation: str) -> str:
    kind, _, code = organisation.partition(":")
    return f"{OrganisationKind(kind).label} {code}"

"""Input for signing in and for people and roles, with Dutch texts; nothing is saved here."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.core import context as allauth_context
from django import forms
from django.core.validators import MaxLengthValidator

from .consent import ConsentText
from .enums import Role
from .models import Membership, Person, PrivacyRequest
from .queries import roles_in_force
from .rules import can_be_watched, can_give, kinds_to_give_for, roles_to_give
from .throttling import may_try
from .viewer import Held, Viewer

LONGEST_NUMBER, LONGEST_ADDRESS = 12, 254
NO_ADDRESS = "Vul uw e-mailadres in, bijvoorbeeld naam@school.nl."


class SignInForm(RequestLoginCodeForm):  # type: ignore[misc]
    """The mail address to which a code goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Uw e-mailadres"
        self.fields["email"].validators.append(MaxLengthValidator(LONGEST_ADDRESS, NO_ADDRESS))
        self.fields["email"].error_messages |= {"required": NO_ADDRESS, "invalid": NO_ADDRESS}

    def clean_email(self) -> str:
        """Refuse who asks too often, whether the address is known or not."""
        if not may_try(allauth_context.request, "request_login_code", self.cleaned_data["email"].lower()):
            raise get_adapter().validation_error("too_many_login_attempts")
        return str(super().clean_email())


class GiveRoleForm(forms.Form):
    """Who gets which role for which organisation; only what this viewer may give."""

    email = forms.EmailField(
        label="E-mailadres", max_length=LONGEST_ADDRESS, error_messages={"required": NO_ADDRESS, "invalid": NO_ADDRESS}
    )
    role = forms.ChoiceField(
        label="Rol",
        error_messages={"required": "Kies een rol.", "invalid_choice": "Kies een rol uit de lijst."},
    )
    organisation_kind = forms.ChoiceField(
        label="Soort organisatie",
        error_messages={"required": "Kies een soort.", "invalid_choice": "Kies een soort uit de lijst."},
    )
    organisation_code = forms.CharField(
        label="Nummer of sleutel van de organisatie", max_length=60, required=False,
        help_text="Bijvoorbeeld 41234 voor een bestuur of rpa:03 voor een regio. Leeg voor de hele installatie.",
        error_messages={"max_length": "Maak dit korter: hoogstens 60 tekens."},
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        for field, offered in (("role", roles_to_give(viewer)), ("organisation_kind", kinds_to_give_for(viewer))):
            chosen = self.fields[field]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = [(one.value, one.label.capitalize()) for one in offered]

    @property
    def organisation(self) -> str:
        """The chosen organisation as one text."""
        given = self.cleaned_data
        return f"{given['organisation_kind']}:{given.get('organisation_code', '').strip()}"

    def clean(self) -> None:
        """Refuse what the viewer may not give."""
        given = self.cleaned_data
        is_whole = "role" in given and "organisation_kind" in given
        if is_whole and not can_give(self.viewer, Role(given["role"]), self.organisation):
            self.add_error("role", "Deze rol mag u voor deze organisatie niet geven. Kies een andere.")


class ConsentForm(forms.Form):
    """Agreeing to a text: a box that nobody ticks for you, and which version of the words was shown."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=20)
    agrees = forms.BooleanField(
        error_messages={"required": "Zet een vinkje als u akkoord gaat. Wilt u dat niet, ga dan terug."}
    )

    def __init__(self, *args: Any, text: ConsentText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = text.version
        self.fields["agrees"].label = text.asks


class WatchForm(forms.Form):
    """With whom support looks along, and why."""

    person = forms.IntegerField(
        label="Nummer van de persoon", min_value=1, max_value=10**LONGEST_NUMBER,
        help_text="De persoon ziet dit nummer op de pagina “Mijn account”.",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Vul het nummer in, bijvoorbeeld 12."),
    )  # fmt: skip
    reason = forms.CharField(
        label="Waarom kijkt u mee?", min_length=10, max_length=300,
        help_text="De persoon kan dit lezen. Schrijf geen namen op.",
        error_messages={
            "required": "Schrijf op waarom u meekijkt.",
            "min_length": "Schrijf iets meer: ten minste 10 tekens.",
            "max_length": "Maak dit korter: hoogstens 300 tekens.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, support_id: int | None, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.support_id, self.today = support_id, today

    def clean_person(self) -> int:
        """Refuse who may never be watched, in the same words as who does not exist."""
        number: int = self.cleaned_data["person"]
        person = Person.objects.filter(pk=number, is_active=True).first()
        held = roles_in_force(person, self.today) if person else []
        if not person or number == self.support_id or not can_be_watched(tuple(map(_held, held))):
            raise forms.ValidationError(
                "Met deze persoon kunt u niet meekijken. Kijk of het nummer klopt. Met een beheerder, technisch beheer of de functionaris gegevensbescherming kijkt u nooit mee."
            )
        return number


def _held(membership: Membership) -> Held:
    return Held(Role(membership.role), membership.organisation)


class NameForm(forms.Form):
    """The name that others see."""

    name = forms.CharField(
        label="Uw naam, zoals anderen die zien", max_length=120, required=False,
        help_text="Leeg mag ook: dan zien anderen uw mailadres.",
        error_messages={"max_length": "Maak dit korter: hoogstens 120 tekens."},
    )  # fmt: skip


class NewAddressForm(forms.Form):
    """Another address to sign in with."""

    email = forms.EmailField(
        label="Uw nieuwe mailadres", max_length=LONGEST_ADDRESS,
        help_text="Wij sturen een link naar dit adres. Het telt pas als u die opent.",
        error_messages={"required": NO_ADDRESS, "invalid": NO_ADDRESS, "max_length": NO_ADDRESS},
    )  # fmt: skip


class RequestForm(forms.Form):
    """What somebody asks of the privacy officer."""

    kind = forms.ChoiceField(
        label="Wat vraagt u?", choices=PrivacyRequest.Kind.choices,
        error_messages={"required": "Kies wat u vraagt.", "invalid_choice": "Kies uit de lijst."},
    )  # fmt: skip
    words = forms.CharField(
        label="Schrijf op wat er mis is of waarom", widget=forms.Textarea(attrs={"rows": 5}), min_length=5, max_length=2000,
        help_text="Schrijf niets over uw gezondheid of over anderen.",
        error_messages={
            "required": "Schrijf op wat u vraagt.", "min_length": "Schrijf iets meer.",
            "max_length": "Maak dit korter: hoogstens 2000 tekens.",
        },
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The answer of the privacy officer."""

    state = forms.ChoiceField(
        label="Wat is er gedaan?", choices=[("gedaan", "Gedaan"), ("geweigerd", "Niet gedaan")],
        error_messages={"required": "Kies gedaan of niet gedaan.", "invalid_choice": "Kies uit de lijst."},
    )  # fmt: skip
    answer = forms.CharField(
        label="Antwoord", widget=forms.Textarea(attrs={"rows": 5}), min_length=5, max_length=2000,
        help_text="De persoon leest dit. Schrijf bij een weigering waarom, en dat iemand kan klagen bij de Autoriteit Persoonsgegevens.",
        error_messages={
            "required": "Schrijf een antwoord.", "min_length": "Schrijf iets meer.",
            "max_length": "Maak dit korter: hoogstens 2000 tekens.",
        },
    )  # fmt: skip


class EraseForm(forms.Form):
    """Confirming an erasure by typing whom it is about."""

    number = forms.IntegerField(
        label="Typ het nummer van de persoon", min_value=1, max_value=10**LONGEST_NUMBER,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Typ het nummer van deze persoon."),
    )  # fmt: skip

    def __init__(self, *args: Any, person_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person_id = person_id

    def clean_number(self) -> int:
        """Refuse another number."""
        number: int = self.cleaned_data["number"]
        if number != self.person_id:
            raise forms.ValidationError("Dit is niet het nummer van deze persoon. Kijk boven aan de pagina.")
        return number


class LeaveForm(forms.Form):
    """Confirming that a board leaves by typing its number."""

    how = forms.ChoiceField(
        label="Hoe wilt u vertrekken?",
        choices=[
            ("bedenktijd", "Met zeven dagen bedenktijd: alles is meteen weg, u kunt nog terug"),
            ("meteen", "Meteen voorgoed: u kunt niet meer terug"),
        ],
        error_messages={"required": "Kies hoe u wilt vertrekken.", "invalid_choice": "Kies uit de lijst."},
    )  # fmt: skip
    number = forms.CharField(
        label="Typ het nummer van uw bestuur", max_length=60,
        error_messages={"required": "Typ het nummer van uw bestuur.", "max_length": "Dit is te lang voor een nummer."},
    )  # fmt: skip

    def __init__(self, *args: Any, board: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.board = board

    def clean_number(self) -> str:
        """Refuse another number."""
        number: str = self.cleaned_data["number"].strip()
        if number.lstrip("0") != self.board.lstrip("0"):
            raise forms.ValidationError("Dit is niet het nummer van dit bestuur. Kijk boven aan de pagina.")
        return number

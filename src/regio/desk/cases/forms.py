"""Input of the desk, with Dutch texts; nothing is saved here.

`base` holds what a form was filled from, signed: so a page can show what another changed meanwhile.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core import signing

from . import reasons
from .enums import OPEN_PHASES, CaseType, Channel, Phase, Source, Visibility
from .models import Case
from .rules import Team

SALT = "regio.desk.cases.base"
LONGEST_TEXT = 5000
NO_STEP = "Vul in wat de volgende stap is. Een open zaak heeft er altijd een."
NO_DAY = "Vul een dag in, bijvoorbeeld 2027-01-15."


def base_of(case: Case) -> str:
    """Return what two people may both edit, as a signed text for a hidden field."""
    return signing.dumps([case.version, case.phase, case.owner_id, case.next_step, f"{case.next_on or ''}"], salt=SALT)


def read_base(text: str) -> list[Any] | None:
    """Return [version, phase, owner, step, day] of a hidden field, None where it was tampered with."""
    try:
        return list(signing.loads(text, salt=SALT))
    except signing.BadSignature:
        return None


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """Return a field for a day, that the browser shows as a calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget, error_messages={"required": NO_DAY, "invalid": NO_DAY})  # fmt: skip


class BaseForm(forms.Form):
    """A form that knows what it was filled from."""

    base = forms.CharField(widget=forms.HiddenInput, max_length=1000, required=False)

    @property
    def version(self) -> int:
        """The version of the case that the form was filled from; 0, which never was, where that cannot be told."""
        told = read_base(self.cleaned_data.get("base", ""))
        return int(told[0]) if told else 0


class StateForm(BaseForm):
    """Where somebody is, who helps, and what comes next."""

    phase = forms.ChoiceField(label="Fase", choices=[(one.value, one.label) for one in OPEN_PHASES])
    next_step = forms.CharField(label="Volgende stap", max_length=200, error_messages={"required": NO_STEP, "max_length": "Maak dit korter: hoogstens 200 tekens."})  # fmt: skip
    next_on = day_field("Op")
    owner = forms.TypedChoiceField(label="Adviseur", coerce=int, error_messages={"required": "Kies een adviseur.", "invalid_choice": "Kies een adviseur van het loket."})  # fmt: skip

    def __init__(self, *args: Any, team: Team, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [(one.person_id, f"{one.name}{' (afwezig)' if one.is_away else ''}") for one in team.advisers.values() if one.may_hold(case)]  # fmt: skip
        if case.owner_id and case.owner_id not in dict(able):
            able.append((case.owner_id, "werkt niet meer bij het loket"))
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = able


class ContactForm(BaseForm):
    """A moment of contact; the buttons say how and whether somebody was reached."""

    subject = forms.CharField(label="Waarover?", max_length=200, widget=forms.TextInput(attrs={"autofocus": True}), error_messages={"required": "Vul in waar het over ging.", "max_length": "Maak dit korter: hoogstens 200 tekens."})  # fmt: skip
    text = forms.CharField(label="Wat is er gezegd?", required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}), help_text="Schrijf niets op over gezondheid of geloof.")  # fmt: skip
    is_confidential = forms.BooleanField(label="Vertrouwelijk: alleen voor de adviseur van deze zaak", required=False)
    next_step = forms.CharField(label="Volgende stap", required=False, max_length=200)
    next_on = day_field("Op", required=False)


# What the buttons of the contact form mean: code → (words, channel, reached).
WAYS = {
    "gesproken": ("Gebeld en gesproken", Channel.PHONE, True),
    "niet-bereikt": ("Gebeld, niet bereikt", Channel.PHONE, False),
    "gemaild": ("Gemaild", Channel.MAIL, False),
    "gesprek": ("Gesprek gehad", Channel.TALK, True),
    "video": ("Videogesprek gehad", Channel.VIDEO, True),
    "bericht": ("Sms of app gestuurd", Channel.MESSAGE, False),
    "antwoord": ("Antwoord gekregen", Channel.MAIL, True),
}


class NoteForm(forms.Form):
    """A note, the most private unless somebody chooses otherwise."""

    text = forms.CharField(label="Notitie", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}), help_text="Schrijf niets op over gezondheid of geloof.", error_messages={"required": "Schrijf eerst iets op."})  # fmt: skip
    visibility = forms.ChoiceField(label="Wie mag dit lezen?", choices=Visibility.choices, initial=Visibility.TEAM)


class CloseForm(BaseForm):
    """Why a case stops."""

    reason = forms.ChoiceField(label="Waarom stopt deze zaak?", error_messages={"required": "Kies waarom de zaak stopt.", "invalid_choice": "Kies een reden uit de lijst."})  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Kies een reden"), *reasons.choices()]


class NewCaseForm(forms.Form):
    """Somebody who comes to the desk by telephone or mail."""

    name = forms.CharField(label="Naam", max_length=120, error_messages={"required": "Vul een naam in."})
    email = forms.EmailField(label="E-mailadres", max_length=254, error_messages=dict.fromkeys(("required", "invalid"), "Vul een mailadres in, bijvoorbeeld naam@voorbeeld.nl."))  # fmt: skip
    phone = forms.CharField(label="Telefoon (mag leeg)", required=False, max_length=30)
    type = forms.ChoiceField(label="Waarvoor komt iemand?", choices=CaseType.choices)
    employer = forms.CharField(
        label="Nummer van het bestuur waar iemand nu werkt", required=False, max_length=10,
        help_text="Nodig bij mobiliteit. Mensen van dat bestuur zien deze zaak nooit.",
    )  # fmt: skip
    source = forms.ChoiceField(label="Hoe kwam iemand binnen?", choices=[(one.value, one.label) for one in Source if one != Source.IMPORT], initial=Source.PHONE)  # fmt: skip
    region = forms.ChoiceField(label="Loket")
    agrees = forms.BooleanField(
        label="Deze persoon vindt het goed dat het loket een dossier bijhoudt. Ik heb verteld wat erin staat en wie het ziet.",
        error_messages={"required": "Vraag eerst of het loket een dossier mag bijhouden, en zet dan een vinkje."},
    )  # fmt: skip

    def __init__(self, *args: Any, regions: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, known = self.fields["region"], list(regions)
        assert isinstance(field, forms.ChoiceField)
        field.choices = known
        if len(known) == 1:
            field.initial, field.widget = known[0][0], forms.HiddenInput()

    def clean_employer(self) -> str:
        """Refuse a board that does not exist, so that nothing stays visible by a typing mistake."""
        from regio.regions.models import Board

        code: str = self.cleaned_data["employer"].strip()
        if code and not Board.objects.filter(code=code).exists():
            raise forms.ValidationError("Dit bestuur kennen wij niet. Vul het nummer in, bijvoorbeeld 41234.")
        return code


class AbsenceForm(forms.Form):
    """Who is away, when, and who takes over."""

    person = forms.TypedChoiceField(label="Wie is er niet?", coerce=int)
    cover = forms.TypedChoiceField(label="Wie neemt het over?", coerce=int)
    first = day_field("Eerste dag")
    last = day_field("Laatste dag")
    region = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("person", "cover"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(one.person_id, one.name) for one in team.advisers.values()]

    def clean(self) -> None:
        """Refuse days in the wrong order and covering for oneself."""
        given = self.cleaned_data
        if given.get("person") and given.get("person") == given.get("cover"):
            self.add_error("cover", "Kies een andere adviseur om het over te nemen.")
        first, last = given.get("first"), given.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", "De laatste dag ligt voor de eerste. Kies een latere dag.")


class StepsForm(forms.Form):
    """The usual steps of one type and phase: one per line, with the number of working days behind a semicolon."""

    lines = forms.CharField(
        label="Stappen, één per regel", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Schrijf achter elke stap een puntkomma en na hoeveel werkdagen. Bijvoorbeeld: Bel voor een eerste gesprek; 2",
        error_messages={"required": "Schrijf ten minste één stap op."},
    )  # fmt: skip

    def clean_lines(self) -> list[tuple[str, int]]:
        """Return (words, working days) per line."""
        steps = []
        for line in filter(None, map(str.strip, self.cleaned_data["lines"].splitlines())):
            words, _, days = line.rpartition(";")
            if not words.strip() or not days.strip().isdigit() or int(days) > 400 or len(words.strip()) > 200:
                raise forms.ValidationError(
                    f"Deze regel klopt niet: {line[:80]}. Schrijf hem zo: Bel voor een gesprek; 2"
                )
            steps.append((words.strip(), int(days)))
        return steps


class MailForm(forms.Form):
    """To which case a mail belongs, or that it belongs to none."""

    mail = forms.IntegerField(widget=forms.HiddenInput)
    case = forms.IntegerField(label="Nummer van de zaak", required=False, min_value=1, max_value=10**9)


def words_of_phase(code: str) -> str:
    """Return a phase in Dutch."""
    return Phase(code).label if code in Phase.values else code

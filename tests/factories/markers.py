"""Plants a marker in every personal field that can hold text, in every table of the register, for one person.

Rows are made by looking at the table, so a new table or field is planted without anybody thinking of it; `FIXED` holds what a
constraint asks for.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.contrib.sessions.backends.db import SessionStore
from django.db import models

from regio.accounts.models import Person
from regio.shared.models import ImportBatch
from regio.shared.personal_data import personal_tables

from . import forecasts, people, regions

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
OWN_FILE = "eigen-personeel-bestuur-90001"
FIXED = {
    "Membership": {"organisation_kind": "bestuur", "ends_on": None, "starts_on": date(2026, 1, 1)},
    "Consent": {"withdrawn_at": None},
    "EntryLink": {"made_at": NOW, "expires_at": NOW + timedelta(days=7)},
    "PrivacyRequest": {"state": "gedaan", "kind": "correctie", "answered_at": NOW},
    "BoardExit": {"state": "weg", "ended_at": NOW},
    "InboundMail": {"state": "verwerkt", "handled_at": NOW},
    "Job": {"state": "klaar", "ended_at": NOW, "cancel_asked_at": None},
    "Authenticator": {"type": "totp"},
    "Digest": {"sent_at": NOW},
    "DigestLine": {"digest": None},
    "StaffMember": {"birth_year": 1985, "position": None, "second_position": None},
}
SECOND = ("gone",)  # names another row than the field beside it
STARTS = {"path": "/{}", "target_path": "/{}"}


def plant(number=1):
    """Return (person, {marker: (table, field)}): rows of this person, or of the board, in every table of the register."""
    person, made = people.person(number), {}
    numbers, planted = count(number * 1000), {}
    for model, labels in personal_tables():
        named = {*labels.personal, *labels.special}
        if model is Person:
            continue
        if labels.whose.kind == "session":
            _session(person, model, numbers, planted)
            continue
        row = model(**_values(model, labels, named, person, numbers, planted, made))
        row.save()
        made[model] = row
    _account(person, numbers, planted)
    return person, planted


def _marker(numbers, planted, where):
    marker = f"zq{next(numbers):05d}merk"
    planted[marker] = where
    return marker


def _values(model, labels, named, person, numbers, planted, rows):
    fixed, made = FIXED.get(model.__name__, {}), {}
    for field in model._meta.concrete_fields:
        if field.primary_key and not isinstance(field, models.CharField):
            continue
        if field.name in fixed:
            made[field.name] = fixed[field.name]
        elif labels.whose.kind == "actor" and field.name in labels.whose.fields:
            made[field.name] = f"persoon:{person.pk}"
        elif labels.whose.kind == "address" and field.name in labels.whose.fields:
            made[field.name] = person.email.upper()
        else:
            made[field.name] = _value(field, model, field.name in named, person, numbers, planted, rows)
    return made


def _value(field, model, is_personal, person, numbers, planted, rows):
    if field.is_relation:
        return _related(field, person, rows)
    if isinstance(field, models.EmailField) and is_personal:
        return f"{_marker(numbers, planted, (model.__name__, field.name))}@voorbeeld.example"
    if isinstance(field, models.JSONField):
        return {"x": _marker(numbers, planted, (model.__name__, field.name))} if is_personal else {}
    if isinstance(field, models.CharField | models.TextField):
        return _text(field, model, is_personal, numbers, planted)
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DateTimeField):
        return NOW
    if isinstance(field, models.DateField):
        return NOW.date()
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.77"
    return 1


def _text(field, model, is_personal, numbers, planted):
    if field.choices:
        return field.choices[0][0]
    room = field.max_length or 1000
    if is_personal and room >= 12:
        return STARTS.get(field.name, "{}").format(_marker(numbers, planted, (model.__name__, field.name)))
    return "" if field.blank and not field.unique else f"x{next(numbers)}"[:room]


def _related(field, person, rows):
    known = {
        "Person": lambda: person, "Board": regions.board, "SchoolLocation": regions.location,
        "ImportBatch": lambda: ImportBatch.objects.filter(dataset=OWN_FILE).first() or forecasts.batch(90, dataset=OWN_FILE),
    }  # fmt: skip
    if field.related_model.__name__ in known:
        return known[field.related_model.__name__]()
    if field.null:
        return None
    if field.related_model in rows:  # of this person, made just now
        row = rows[field.related_model]
        return _another(row) if field.name in SECOND else row
    raise LookupError(f"tests.factories.markers knows no {field.related_model.__name__}")


def _another(row):
    """Return a second row of the same table, of somebody else."""
    copy = type(row).objects.get(pk=row.pk)
    copy.pk, copy.person = None, people.person(900 + Person.objects.count())
    for field in copy._meta.concrete_fields:
        if isinstance(field, models.CharField) and field.blank:
            setattr(copy, field.name, "")
    copy.save(force_insert=True)
    return copy


def _session(person, model, numbers, planted):
    store = SessionStore()
    store["_auth_user_id"] = str(person.pk)
    store["merk"] = _marker(numbers, planted, (model.__name__, "session_data"))
    store.save()


def _account(person, numbers, planted):
    person.name = _marker(numbers, planted, ("Person", "name"))
    person.password = "!" + _marker(numbers, planted, ("Person", "password"))  # nobody signs in with one
    person.last_login = NOW
    person.save()

"""The desk of Regio Voorbeeld: five advisers, 600 open cases and some closed ones, all invented, and the stories to be shown.

The many are written at once and have no events; the stories go through the same actions as a user's, so that *Veranderd* and the
trail have something to tell. Dates move with the day.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils import timezone

from regio.accounts.consent import text_of
from regio.accounts.enums import OrganisationKind, Purpose, Role
from regio.accounts.models import Consent, Membership, Person
from regio.accounts.personas import person_of, persona_by_code
from regio.desk.cases.actions import working
from regio.desk.cases.actions.changing import Step
from regio.desk.cases.actions.opening import Newcomer, name_key, open_case, phone_key, register_candidate
from regio.desk.cases.actions.usual_steps import usual_steps
from regio.desk.cases.enums import OPEN_PHASES, CaseType, Channel, HolidayArea, Phase, Source
from regio.desk.cases.models import Absence, Candidate, Case, Contact, Desk, PhaseChange
from regio.desk.cases.working_days import Calendar, calendar_for

OPEN, CLOSED, SEED = 600, 180, 7
FIRST = ("Aafke", "Bowie", "Carlijn", "Daan", "Esra", "Femke", "Gijs", "Hanan", "Ilse", "Jelle", "Karim", "Lotte", "Marit", "Niek",
         "Olaf", "Pien", "Quirine", "Rachid", "Sanne", "Tijn", "Umar", "Veerle", "Wout", "Yara", "Zeb")  # fmt: skip
LAST = ("van Verzinsel", "de Bedachte", "Schijn", "Fabel", "Luchtkasteel", "Droomveld", "Sprook", "van Gissing", "Waan", "Zogezegd",
        "Nergens", "Wolkstra", "Doenalsof", "ter Veronderstelling", "Hersenschim", "Voorwendsel", "Fictema", "Kwasi", "Inbeelding",
        "Zinspeling", "Mirage", "Doorgedacht", "Stelling", "Vermoed", "Zonderland", "Nietecht", "Gedroomd", "Ooit", "Misschien", "Wellicht",
        "van Elders", "Toeval")  # fmt: skip
COLLEAGUES = ("Lieve Bedenksel", "Ruben Afwezig", "Saar Verzint", "Teun Denkbeeld")
AWAY = "Ruben Afwezig"
SHARES = {
    Phase.NEW: 12,
    Phase.ORIENTING: 32,
    Phase.MATCHING: 18,
    Phase.PREPARING: 16,
    Phase.IN_TRAINING: 14,
    Phase.WORKING: 8,
}
REASONS = ("baan", "opleiding", "ander_werk", "tijd", "geen_reactie", "diploma", "andere_regio")


@dataclass(frozen=True)
class Story:
    """One person to be shown."""

    name: str
    days_ago: int
    phase: str
    step: str
    due_in: int
    subject: str
    type: str = CaseType.INFLOW
    employer: str = ""
    adviser: int = 0


def stories(now: datetime) -> list[Story]:
    """Return the planted stories; years follow from the day."""
    today = timezone.localdate(now)
    year = today.year + (today.month >= 8)
    return [
        Story("Mirthe Augustus", 60, Phase.PREPARING, "Bel de school en de opleiding over het gat tussen 1 augustus en 12 november", 1,
              f"Begint op 1 augustus {year} voor de klas, de opleiding pas op 12 november {year}"),
        Story("Hedwig Bedrijf", 45, Phase.MATCHING, "Vraag de werkgever om een dag per week vrij te geven", 3,
              "Hybride docent techniek: blijft vier dagen bij het bedrijf werken", adviser=1),
        Story("Amal Getallen", 80, Phase.ORIENTING, "Vraag of de uitslag van het staatsexamen NT2 er is", 5,
              "Wiskundedocent uit het buitenland, wacht op NT2; diploma is al gewaardeerd"),
        Story("Joke Klas", 30, Phase.PREPARING, "Kijk of de pabo de toelating heeft bevestigd", 4,
              "Onderwijsassistent die de pabo in deeltijd wil doen", adviser=3),
        Story("Stef Student", 20, Phase.IN_TRAINING, "Praat met school en opleiding over minder lesuren", 0,
              "Student geeft al 16 lessen per week en haalt de studie bijna niet", adviser=0),
        Story("Karel Omkijker", 25, Phase.MATCHING, "Vraag toestemming om met één school te praten", 2,
              "Zoekt in stilte een andere school", type=CaseType.MOBILITY, employer="90001"),
        Story("Nele Verder", 15, Phase.ORIENTING, "Bespreek welke scholing past", 6,
              "Wil een tweede bevoegdheid halen", type=CaseType.PROFESSIONALISATION, employer="90002", adviser=4),
    ]  # fmt: skip


def make_cases(region_key: str, *, now: datetime, seed: int = SEED) -> int:
    """Make the desk and its cases, unless they are there; return how many cases were made."""
    if Desk.objects.filter(region_key=region_key).exists():
        return 0
    with transaction.atomic():
        team = _team(region_key, now=now)
        desk = Desk.objects.create(region_key=region_key, holiday_area=HolidayArea.NORTH, keeper_id=team[0], mail_address="loket@voorbeeld.example")  # fmt: skip
        planted = _plant(region_key, team, calendar_for(desk), now=now)
        made = _many(region_key, team, calendar_for(desk), random.Random(seed), open_ones=OPEN - planted, now=now)  # noqa: S311 - invented people  # nosec B311
        today = timezone.localdate(now)
        Absence.objects.create(person_id=team[2], region_key=region_key, starts_on=today - timedelta(days=12), ends_on=today + timedelta(days=16), moved_at=now)  # fmt: skip
    return planted + made


def _team(region_key: str, *, now: datetime) -> list[int]:
    persona = persona_by_code("noor")
    assert persona is not None
    people = [person_of(persona, now=now)]
    people += [
        Person.objects.create_user(f"adviseur{number}@voorbeeld.example", name=name)
        for number, name in enumerate(COLLEAGUES)
    ]
    began = timezone.localdate(now) - timedelta(days=400)  # before the first case
    Membership.objects.filter(person=people[0], role=Role.DESK_ADVISER).update(starts_on=began)
    Membership.objects.bulk_create(_role(one, Role.DESK_ADVISER, region_key, now) for one in people[1:])
    return [one.pk for one in people]


def _role(person: Person, role: Role, region_key: str, now: datetime) -> Membership:
    began = timezone.localdate(now) - timedelta(days=400)
    return Membership(
        person=person,
        role=role,
        organisation_kind=OrganisationKind.REGION,
        organisation_code=region_key,
        starts_on=began,
    )


# ------------------------------------------------------------------------------------------------------------- the stories
def _plant(region_key: str, team: list[int], calendar: Calendar, *, now: datetime) -> int:
    """Let the stories happen, and the three that are about the desk itself; return how many cases are open by it."""
    for number, story in enumerate(stories(now)):
        case = _open(region_key, number, story.name, type=story.type, employer=story.employer, owner=team[story.adviser], now=now - timedelta(days=story.days_ago))  # fmt: skip
        talk = working.Talk(channel=Channel.PHONE, subject=story.subject, is_reached=True)
        at = now - timedelta(days=story.days_ago - 2)
        working.log_contact(case.pk, talk, step=Step(story.step, calendar.after(timezone.localdate(now), story.due_in)), version=None, now=at, by=team[story.adviser])  # fmt: skip
        case.refresh_from_db()
        state = working.State(story.phase, case.owner_id, case.next_step, case.next_on)
        working.update_case(case.pk, state, version=case.version, now=at, by=team[story.adviser])
    return len(stories(now)) + _about_the_desk(region_key, team, now=now)


def _about_the_desk(region_key: str, team: list[int], *, now: datetime) -> int:
    """Make the silent case of who is away, somebody who waits too long, and one person who is there twice."""
    silent = _open(region_key, 20, "Wim Stilte", owner=team[2], now=now - timedelta(days=40))
    for days, channel in ((38, Channel.MAIL), (24, Channel.PHONE)):
        talk = working.Talk(channel=channel, subject="Gevraagd om contact", is_reached=False)
        due = timezone.localdate(now) - timedelta(days=10)
        working.log_contact(silent.pk, talk, step=Step("Bel nog een keer en mail daarna", due), version=None, now=now - timedelta(days=days), by=team[2])  # fmt: skip
    _open(region_key, 21, "Greet Wachtlang", owner=None, now=now - timedelta(days=12))
    _open(region_key, 22, "Jan Dubbelman", owner=team[0], now=now - timedelta(days=3))
    _open(region_key, 23, "Jan Dubbelman", owner=team[1], now=now - timedelta(days=2))
    return 4


def _open(region_key: str, number: int, name: str, *, owner: int | None, now: datetime, type: str = CaseType.INFLOW, employer: str = "") -> Case:  # fmt: skip
    newcomer = Newcomer(name, f"kandidaat-v{number}@voorbeeld.example", f"06 0000 {number:04d}")
    candidate = register_candidate(newcomer, region_key=region_key, now=now)
    return open_case(
        candidate,
        case_type=type,
        source=Source.INTAKE,
        now=now,
        by=owner,
        owner=owner,
        employer_board=employer,
        agreed="scherm",
    )


# ---------------------------------------------------------------------------------------------------------------- the many
def _many(
    region_key: str, team: list[int], calendar: Calendar, chance: random.Random, *, open_ones: int, now: datetime
) -> int:
    """Write the other cases at once."""
    candidates = _candidates(region_key, open_ones + CLOSED, chance, now=now)
    steps = {
        phase: usual_steps(region_key, case_type=CaseType.INFLOW, phase=phase, today=timezone.localdate(now))
        for phase in OPEN_PHASES
    }
    cases = [
        _open_case(one, team, calendar, chance, steps, now=now) if number < open_ones else _closed_case(one, team, calendar, chance, now=now)
        for number, one in enumerate(candidates)
    ]  # fmt: skip
    Case.objects.bulk_create(cases, batch_size=400)
    Contact.objects.bulk_create((row for case in cases for row in _contacts(case, chance)), batch_size=900)
    PhaseChange.objects.bulk_create((PhaseChange(case=case, phase=case.phase, at=case.changed_at, by_id=case.owner_id) for case in cases), batch_size=900)  # fmt: skip
    return len(cases)


def _candidates(region_key: str, number: int, chance: random.Random, *, now: datetime) -> list[Candidate]:
    names = chance.sample([f"{first} {last}" for first in FIRST for last in LAST], number)
    people = Person.objects.bulk_create(
        [Person(email=f"kandidaat{place}@voorbeeld.example", name=name, password=UNUSABLE_PASSWORD_PREFIX) for place, name in enumerate(names)],
        batch_size=400,
    )  # fmt: skip
    version, organisation = text_of(Purpose.DESK_FILE).version, f"{OrganisationKind.REGION}:{region_key}"
    Consent.objects.bulk_create(
        [Consent(person=one, purpose=Purpose.DESK_FILE, organisation=organisation, text_version=version, channel="scherm", given_at=now) for one in people],
        batch_size=400,
    )  # fmt: skip
    Membership.objects.bulk_create([_role(one, Role.CANDIDATE, region_key, now) for one in people], batch_size=150)
    return Candidate.objects.bulk_create(
        [Candidate(person=one, region_key=region_key, phone=(phone := f"06 1{place:07d}"), name_key=name_key(one.name), phone_key=phone_key(phone), created_at=now) for place, one in enumerate(people)],
        batch_size=400,
    )  # fmt: skip


def _case(
    candidate: Candidate, team: list[int], calendar: Calendar, chance: random.Random, *, opened: datetime
) -> Case:
    """Return a case that heard from the desk after some days; the median is two, one in ten waits long."""
    answered = opened + timedelta(days=chance.choice((0, 1, 1, 2, 2, 2, 3, 3, 5, 8)))
    return Case(
        region_key=candidate.region_key, candidate=candidate, type=CaseType.INFLOW, source=chance.choice(list(Source)[:4]),
        owner_id=chance.choice(team), opened_at=opened, assigned_at=opened, seen_at=answered, first_contact_at=answered, last_contact_at=answered,
        promised_on=calendar.after(timezone.localdate(opened), 3), mail_code=f"v{candidate.pk:09d}", changed_at=answered,
    )  # fmt: skip


def _open_case(candidate: Candidate, team: list[int], calendar: Calendar, chance: random.Random, steps: Mapping[Any, list], *, now: datetime) -> Case:  # fmt: skip
    case = _case(
        candidate,
        team,
        calendar,
        chance,
        opened=now - timedelta(days=chance.randint(9, 300), hours=chance.randint(0, 8)),
    )
    case.phase = chance.choices(list(SHARES), weights=list(SHARES.values()))[0]
    case.next_step = chance.choice(steps[Phase(case.phase)]).words
    due = timezone.localdate(now) + timedelta(days=chance.choice((-3, -1, 0, 1, 2, 4, 7, 9, 14, 20, 28)))
    case.next_on = calendar.after(due, 0)
    case.changed_at = now - timedelta(days=chance.randint(1, 40))
    case.last_contact_at = max(case.opened_at, case.changed_at)
    return case


def _closed_case(
    candidate: Candidate, team: list[int], calendar: Calendar, chance: random.Random, *, now: datetime
) -> Case:
    case = _case(candidate, team, calendar, chance, opened=now - timedelta(days=chance.randint(200, 360)))
    case.exit_reason = chance.choice(REASONS)
    case.phase = {"baan": Phase.WORKING, "opleiding": Phase.IN_TRAINING}.get(case.exit_reason, Phase.LEFT)
    case.closed_at = case.changed_at = case.opened_at + timedelta(days=chance.randint(30, 190))
    return case


def _contacts(case: Case, chance: random.Random) -> Iterator[Contact]:
    """Yield the first contact, and for most another since."""
    assert case.first_contact_at
    yield _contact(case, case.first_contact_at, "Eerste gesprek over werken in het onderwijs")
    if chance.random() < 0.7:
        yield _contact(
            case,
            case.changed_at,
            chance.choice(
                ("Gebeld hoe het gaat", "Vragen over de opleiding", "Afspraak voor meelopen", "Vragen over inkomen")
            ),
        )


def _contact(case: Case, at: datetime, subject: str) -> Contact:
    return Contact(case=case, at=at, channel=Channel.PHONE, is_reached=True, subject=subject, by_id=case.owner_id)

"""What pages read of cases: the team's list with its filters, the own list by urgency, one case with its history, figures.

Everything starts from `visible_cases`, so a case that is hidden from somebody is in no list and in no count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from regio.accounts.consent import in_force
from regio.accounts.enums import OrganisationKind, Purpose
from regio.accounts.models import Consent
from regio.accounts.viewer import Viewer
from regio.audit.models import Event
from regio.shared.models import InboundMail

from .enums import OPEN_PHASES, WRITTEN, CaseType, Phase
from .guarantee import is_breach, is_left_lying, is_missed, is_open
from .models import Absence, Candidate, Case, Contact, Desk, Merge, Note, PhaseChange
from .reasons import words_of
from .rules import desk_regions, hidden_cases, sees_contact, visible_candidates, visible_cases
from .working_days import calendar_for

PER_PAGE = 50
STALE_DAYS = 45  # nothing heard and nothing done: aanname, 20-11-2026
LISTS = {
    "": "alle open zaken", "mijn": "mijn zaken", "te-laat": "stap is te laat", "niet-toegedeeld": "nog van niemand", "ongezien": "nog niet gezien",
    "stil": f"{STALE_DAYS} dagen geen contact", "belofte": "belofte gemist", "afwezig": "te laat, adviseur afwezig", "lek": "zonder eigenaar, stap of datum", "gesloten": "gesloten",
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What somebody chose above the team's list; they stay in the address."""

    words: str = ""
    which: str = ""
    phase: str = ""
    type: str = ""
    owner: int | None = None
    page: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Filters":
        """Read an address; what is not known is left out."""

        def number(name: str) -> int | None:
            text = asked.get(name, "")
            return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

        which, phase, kind = asked.get("lijst", ""), asked.get("fase", ""), asked.get("soort", "")
        return cls(
            words=" ".join(asked.get("zoek", "").split())[:80], which=which if which in LISTS else "",
            phase=phase if phase in Phase.values else "", type=kind if kind in CaseType.values else "",
            owner=number("van"), page=max(number("pagina") or 1, 1),
        )  # fmt: skip

    def address(self, **changes: object) -> str:
        """Return these filters as the end of an address, with changes."""
        told = {"zoek": self.words, "lijst": self.which, "fase": self.phase, "soort": self.type, "van": self.owner, "pagina": self.page if self.page > 1 else ""}  # fmt: skip
        kept = {name: value for name, value in (told | changes).items() if value not in ("", None)}
        return f"?{urlencode(kept)}" if kept else "?"


def filtered(viewer: Viewer, filters: Filters, *, now: datetime) -> QuerySet[Case]:
    """Return the visible cases that fit the filters, the first due first."""
    found = visible_cases(viewer).filter(conditions(viewer, now=now)[filters.which])
    if filters.phase:
        found = found.filter(phase=filters.phase)
    if filters.type:
        found = found.filter(type=filters.type)
    if filters.owner:
        found = found.filter(owner_id=filters.owner)
    for word in filters.words.split():
        found = found.filter(Q(candidate__person__name__icontains=word) | Q(candidate__person__email__icontains=word) | Q(mail_code=word.lower()))  # fmt: skip
    order = ("-closed_at", "pk") if filters.which == "gesloten" else ("next_on", "pk")
    return found.select_related("candidate__person", "owner").order_by(*order)


def conditions(viewer: Viewer, *, now: datetime) -> dict[str, Q]:
    """Return what each of `LISTS` holds. One query."""
    today, silent = timezone.localdate(now), now - timedelta(days=STALE_DAYS)
    return {
        "": is_open(), "mijn": is_open() & Q(owner_id=viewer.person_id), "te-laat": is_open() & Q(next_on__lt=today),
        "niet-toegedeeld": is_open() & Q(assigned_at=None), "ongezien": is_open() & Q(seen_at=None),
        "stil": is_open() & Q(changed_at__lt=silent) & (Q(last_contact_at=None) | Q(last_contact_at__lt=silent)),
        "belofte": is_missed(now), "afwezig": is_left_lying(now), "lek": is_breach(now), "gesloten": ~is_open(),
    }  # fmt: skip


def numbers_of_lists(viewer: Viewer, *, now: datetime) -> dict[str, int]:
    """Return how many visible cases each list holds, in the order of `LISTS`. Two queries."""
    wanted = conditions(viewer, now=now)
    told = visible_cases(viewer).aggregate(
        **{f"n{place}": Count("pk", filter=wanted[which]) for place, which in enumerate(LISTS)}
    )
    return {which: told[f"n{place}"] for place, which in enumerate(LISTS)}


def numbers_of_phases(viewer: Viewer) -> list[tuple[Phase, int]]:
    """Return how many visible open cases are in each phase; one query."""
    rows = visible_cases(viewer).filter(closed_at=None).values_list("phase").annotate(number=Count("pk")).order_by()
    found = dict(rows)
    return [(phase, found.get(phase, 0)) for phase in OPEN_PHASES]


# ------------------------------------------------------------------------------------------------------------- te doen
HEADINGS = ("Belofte gemist", "Te laat", "Vandaag", "Nog niet gezien", "Deze week", "Later")


def todo(viewer: Viewer, *, now: datetime) -> list[tuple[str, list[Case]]]:
    """Return the own open cases under headings, the most urgent first; on an open installation everybody's. One query."""
    today = timezone.localdate(now)
    own = visible_cases(viewer).filter(closed_at=None).select_related("candidate__person", "owner")
    if viewer.person_id is not None:
        own = own.filter(owner_id=viewer.person_id)
    groups: dict[str, list[Case]] = {heading: [] for heading in HEADINGS}
    for case in own.order_by("next_on", "pk"):
        groups[_heading(case, today)].append(case)
    return [(heading, cases) for heading, cases in groups.items() if cases]


def _heading(case: Case, today: date) -> str:
    if case.first_contact_at is None and case.promised_on < today:
        return "Belofte gemist"
    if case.next_on is None or case.next_on < today:
        return "Te laat"
    if case.next_on == today:
        return "Vandaag"
    if case.seen_at is None:
        return "Nog niet gezien"
    return "Deze week" if case.next_on <= today + timedelta(days=7 - today.isoweekday()) else "Later"


def changes(viewer: Viewer, *, most: int = 100) -> list[tuple[Event, Case]]:
    """Return the newest events of visible cases, with the case; events of hidden ones are not read. Two queries."""
    keys = desk_regions(viewer)
    events = Event.objects.filter(kind__startswith="cases.", subject__startswith="zaak:", is_view=False)
    events = events if keys is None else events.filter(region__in=keys)
    newest = list(events.order_by("-at", "-pk")[: 3 * most])
    seen = {f"zaak:{case.pk}": case for case in visible_cases(viewer).filter(pk__in={_number(event) for event in newest}).select_related("candidate__person")}  # fmt: skip
    return [(event, seen[event.subject]) for event in newest if event.subject in seen][:most]


def _number(event: Event) -> int:
    return int(event.subject.partition(":")[2])


# ------------------------------------------------------------------------------------------------------------- one case
@dataclass(frozen=True)
class Told:
    """One line of the history of a case.

    Attributes:
        at: when.
        kind: "contact", "notitie" or "fase".
        title: what, in Dutch.
        text: what was said; "" where the reader may not see it.
        label: who may read it.
        by: who wrote it, "" where nobody or somebody who left.
    """

    at: datetime
    kind: str
    title: str
    text: str = ""
    label: str = ""
    by: str = ""


def history(case: Case, viewer: Viewer) -> list[Told]:
    """Return everything that was said and done, the newest first. Three queries."""
    lines = [_contact_line(one, case, viewer) for one in case.contacts.select_related("by")]
    lines += [Told(one.at, "notitie", "Notitie", one.text, one.get_visibility_display(), _name(one)) for one in case.notes.select_related("by")]  # fmt: skip
    lines += [
        Told(one.at, "fase", f"Fase: {one.get_phase_display()}", by=_name(one))
        for one in case.phases.select_related("by")
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _contact_line(contact: Contact, case: Case, viewer: Viewer) -> Told:
    not_reached = "gestuurd" if contact.channel in WRITTEN else "niet bereikt"
    ways = "van de kandidaat" if contact.is_incoming else ("bereikt" if contact.is_reached else not_reached)
    title = f"{contact.get_channel_display().capitalize()}, {ways}"
    if not sees_contact(viewer, contact, case):
        return Told(
            contact.at, "contact", title, "", "vertrouwelijk, alleen voor de eigenaar van de zaak", _name(contact)
        )
    label = "vertrouwelijk, alleen voor de eigenaar van de zaak" if contact.is_confidential else "alleen het team"
    return Told(contact.at, "contact", f"{title}: {contact.subject}", contact.text, label, _name(contact))


def _name(row: Contact | Note | PhaseChange) -> str:
    return row.by.name or row.by.email if row.by else ""


def other_cases(case: Case, viewer: Viewer) -> list[Case]:
    """Return the other visible cases of the same candidate, open ones first."""
    found = visible_cases(viewer).filter(candidate_id=case.candidate_id).exclude(pk=case.pk)
    return list(found.order_by(F("closed_at").desc(nulls_first=True), "pk"))


def file_consent(case: Case) -> Consent | None:
    """Return the consent to a file of the desk that counts now, None where it is not there."""
    return in_force(Purpose.DESK_FILE).filter(person=case.candidate.person_id, organisation=f"{OrganisationKind.REGION}:{case.region_key}").first()  # fmt: skip


def exit_words(case: Case) -> str:
    """Return why a case stopped."""
    return words_of(case.exit_reason) if case.exit_reason else ""


# ---------------------------------------------------------------------------------------------------------------- doubles
def doubles(viewer: Viewer, *, most: int = 50) -> list[list[Candidate]]:
    """Return visible candidates who look like one person: the same name or telephone number. Three queries at most."""
    seen = visible_candidates(viewer).filter(merged_into=None)
    groups: dict[frozenset[int], list[Candidate]] = {}
    for field_name in ("name_key", "phone_key"):
        keys = seen.exclude(**{field_name: ""}).values(field_name).annotate(number=Count("pk")).filter(number__gt=1)
        chosen = list(keys.order_by(field_name).values_list("region_key", field_name)[:most])
        rows = seen.filter(**{f"{field_name}__in": [key for _, key in chosen]}).select_related("person").order_by("pk")
        by_key: dict[tuple[str, str], list[Candidate]] = {}
        for row in rows:
            by_key.setdefault((row.region_key, getattr(row, field_name)), []).append(row)
        for alike in by_key.values():
            if len(alike) > 1:
                groups.setdefault(frozenset(one.pk for one in alike), alike)
    return list(groups.values())[:most]


def recent_merges(viewer: Viewer) -> list[Merge]:
    """Return the newest merges of visible candidates that were not undone."""
    seen = visible_candidates(viewer).values("pk")
    found = Merge.objects.filter(undone_at=None, kept__in=seen, gone__in=seen).select_related(
        "kept__person", "gone__person"
    )
    return list(found.order_by("-at", "-pk")[:20])


def absences(viewer: Viewer) -> list[Absence]:
    """Return who is away or will be, the first first."""
    keys = desk_regions(viewer)
    found = Absence.objects.filter(moved_back_at=None).select_related("person", "cover").order_by("starts_on", "pk")
    return list(found if keys is None else found.filter(region_key__in=keys))


def waiting_mail(viewer: Viewer) -> list[InboundMail]:
    """Return mail that waits for a case, to the desks of the viewer; what has to do with a hidden case is left out.

    Mail that names no desk at all is for every adviser, so that nothing is lost.
    """
    keys = desk_regions(viewer)
    waiting = list(InboundMail.objects.filter(state=InboundMail.State.NEW).order_by("received_at", "pk")[:200])
    if keys is None or not waiting:
        return waiting
    names = {
        desk.region_key: desk.mail_address.partition("@")[0].lower() for desk in Desk.objects.exclude(mail_address="")
    }
    hidden = hidden_cases(viewer, keys)
    secret = set(hidden.values_list("candidate__person__email", flat=True)) | set(
        hidden.values_list("mail_code", flat=True)
    )
    return [mail for mail in waiting if _is_for(mail, keys, names) and not _tells_of(mail, secret)]


def _is_for(mail: InboundMail, keys: list[str], names: dict[str, str]) -> bool:
    kind, _, key = mail.organisation.partition(":")
    if kind == OrganisationKind.REGION:
        return key in keys
    told = mail.recipients.lower()
    named = {key for key, name in names.items() if f"{name}@" in told or f"{name}+" in told}
    return not named or bool(named & set(keys))


def _tells_of(mail: InboundMail, secret: set[str]) -> bool:
    told = f"{mail.sender} {mail.recipients} {mail.subject} {mail.body}".lower()
    return any(word in told for word in secret)


# ---------------------------------------------------------------------------------------------------------- reaction time
@dataclass(frozen=True)
class Week:
    """How soon people who came in one week heard something.

    Attributes:
        monday: of that week.
        opened: how many cases.
        median, p90: working days until the first contact; who waits still counts with the days so far.
        waiting: how many had no contact yet.
        kept_share: of who had contact or whose promise is over, how many within the promise [0-1]; None for nobody.
    """

    monday: date
    opened: int
    median: float
    p90: float
    waiting: int
    kept_share: float | None


def response_weeks(viewer: Viewer, *, weeks: int = 12, now: datetime) -> list[Week]:
    """Return the newest weeks first; hidden cases are in none. Two queries."""
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    desks = {desk.region_key: calendar_for(desk) for desk in Desk.objects.all()}
    rows: dict[date, list[tuple[int, bool, bool | None]]] = {}
    for case in visible_cases(viewer).filter(
        opened_at__gte=timezone.make_aware(datetime.combine(monday, datetime.min.time()))
    ):
        opened = timezone.localdate(case.opened_at)
        answered = timezone.localdate(case.first_contact_at) if case.first_contact_at else None
        days = desks[case.region_key].between(opened, answered or today)
        kept = (answered <= case.promised_on) if answered else (False if today > case.promised_on else None)
        rows.setdefault(opened - timedelta(days=opened.weekday()), []).append((days, answered is None, kept))
    return [_week(start, told) for start, told in sorted(rows.items(), reverse=True)]


def _week(monday: date, told: list[tuple[int, bool, bool | None]]) -> Week:
    days = sorted(one for one, _, _ in told)
    judged = [kept for _, _, kept in told if kept is not None]
    return Week(
        monday, len(told), quantile(days, 0.5), quantile(days, 0.9), sum(waits for _, waits, _ in told),
        sum(judged) / len(judged) if judged else None,
    )  # fmt: skip


def quantile(ordered: Iterable[int], share: float) -> float:
    """Return a quantile by the nearest rank, the median of an even number halfway."""
    values = list(ordered)
    if share == 0.5 and len(values) % 2 == 0:
        return (values[len(values) // 2 - 1] + values[len(values) // 2]) / 2
    rank = -(-share * len(values) // 1)
    return float(values[max(int(rank), 1) - 1])


COLUMNS = (
    "zaak", "naam", "mail", "soort", "fase", "eigenaar", "volgende_stap", "op", "geopend", "gesloten", "reden",
)  # fmt: skip


def as_row(case: Case) -> dict[str, Any]:
    """Return a case as a row of the export: no contact, no notes."""
    person = case.candidate.person
    return {
        "zaak": case.pk, "naam": person.name, "mail": person.email, "soort": case.type, "fase": case.phase,
        "eigenaar": case.owner.name if case.owner else "", "volgende_stap": case.next_step,
        "op": f"{case.next_on or ''}", "geopend": f"{timezone.localdate(case.opened_at)}",
        "gesloten": f"{timezone.localdate(case.closed_at)}" if case.closed_at else "", "reden": case.exit_reason,
    }  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field of two edits: what it was, what another made of it, and what this reader wants."""

    label: str
    before: str
    now: str
    wanted: str

    @property
    def clashes(self) -> bool:
        """Whether both changed it to something else."""
        return self.now != self.before and self.wanted not in (self.before, self.now)

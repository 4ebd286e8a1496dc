"""Who may see and hold which case.

A desk adviser sees the cases of the own region, except those of sitting staff of a board for which the adviser has any role,
and except the own case. Every page, list, search, export and count starts from `visible_cases`, so that none can forget it.
Who has no role at the desk sees no case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from regio.accounts.access import NOBODY, Access, Who
from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.models import Membership
from regio.accounts.viewer import Viewer
from regio.regions.models import School, SchoolLocation

from .enums import Channel
from .models import Absence, Candidate, Case, Contact, Desk, Merge

ATTEMPTS, CHANNELS, SILENT_DAYS = 3, 2, 21  # architecture of the product: aanname, 20-11-2026
ASKED_AFTER_MONTHS = (3, 6, 12)


# ------------------------------------------------------------------------------------------------------------ who sees
def desk_regions(viewer: Viewer) -> list[str] | None:
    """Return the keys of the regions whose desk the viewer works for; None for all (an open installation)."""
    if viewer.is_local:
        return None
    begin = f"{OrganisationKind.REGION}:"
    held = {one.organisation for one in viewer.held if one.role == Role.DESK_ADVISER}
    return sorted(name.removeprefix(begin) for name in held if name.startswith(begin))


def boards_of(organisations: Iterable[str]) -> set[str]:
    """Return the boards of these organisations ("bestuur:41234", "school:02QR"): whoever has a role there works for it."""
    by_kind: dict[str, set[str]] = {}
    for name in organisations:
        kind, _, code = name.partition(":")
        by_kind.setdefault(kind, set()).add(code)
    boards = by_kind.get(OrganisationKind.BOARD, set())
    if schools := by_kind.get(OrganisationKind.SCHOOL):
        boards |= set(School.objects.filter(brin__in=schools).values_list("board_id", flat=True))
    if places := by_kind.get(OrganisationKind.LOCATION):
        boards |= set(SchoolLocation.objects.filter(code__in=places).values_list("board_id", flat=True))
    return {str(board) for board in boards if board}


def visible_cases(viewer: Viewer) -> QuerySet[Case]:
    """Return every case that the viewer may know of."""
    keys = desk_regions(viewer)
    if keys is None:
        return Case.objects.all()
    return Case.objects.filter(region_key__in=keys).exclude(pk__in=hidden_cases(viewer, keys).values("pk"))


def visible_candidates(viewer: Viewer) -> QuerySet[Candidate]:
    """Return every candidate of whom the viewer may know: with no case that is hidden from the viewer."""
    keys = desk_regions(viewer)
    if keys is None:
        return Candidate.objects.all()
    hidden = hidden_cases(viewer, keys).values("candidate")
    return Candidate.objects.filter(region_key__in=keys).exclude(pk__in=hidden)


def hidden_cases(viewer: Viewer, keys: list[str]) -> QuerySet[Case]:
    """Return the cases of these desks that the viewer may not know of: those of own employers' staff, and the own case."""
    boards = boards_of(one.organisation for one in viewer.held)
    hidden = Q(employer_board__in=boards - {""}) | Q(candidate__person_id=viewer.person_id or 0)
    return Case.objects.filter(hidden, region_key__in=keys)


def sees_contact(viewer: Viewer, contact: Contact, case: Case) -> bool:
    """Tell whether the viewer may read what was said: confidential is for the owner and who wrote it."""
    if not contact.is_confidential or viewer.is_local:
        return True
    return viewer.person_id is not None and viewer.person_id in (case.owner_id, contact.by_id)


# ----------------------------------------------------------------------------------------------------------- who holds
@dataclass(frozen=True)
class Adviser:
    """Somebody of the desk: who, under which name, for which boards they have a role, and whether they are away today."""

    person_id: int
    name: str
    boards: frozenset[str]
    is_away: bool

    def may_hold(self, case: Case) -> bool:
        """Tell whether this adviser may do a case."""
        hidden = bool(case.employer_board) and case.employer_board in self.boards
        return not hidden and case.candidate.person_id != self.person_id


@dataclass(frozen=True)
class Team:
    """Everybody of the desk of a region today."""

    advisers: Mapping[int, Adviser]
    keeper_id: int | None

    def holder_for(self, case: Case, *, preferred: int | None = None) -> int | None:
        """Return who gets a case: the preferred one, the keeper of the desk, else the first who is there; away last."""
        able = [one for one in self.advisers.values() if one.may_hold(case)]
        order = sorted(
            able,
            key=lambda one: (one.person_id != preferred, one.is_away, one.person_id != self.keeper_id, one.person_id),
        )
        return order[0].person_id if order else None

    def may_hold(self, person_id: int | None, case: Case) -> bool:
        """Tell whether this person is of the desk and may do a case."""
        return person_id in self.advisers and self.advisers[person_id].may_hold(case)  # type: ignore[index]


def in_force(today: date) -> Q:
    """Return the condition that a membership counts on this day."""
    return Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))


def team_of(region_key: str, *, today: date) -> Team:
    """Return who works at the desk of a region. Four queries, two more where somebody has a role at a school."""
    of_desk = Membership.objects.filter(in_force(today), role=Role.DESK_ADVISER, organisation_kind=OrganisationKind.REGION, organisation_code=region_key, person__is_active=True)  # fmt: skip
    names = {row.person_id: row.person.name or row.person.email for row in of_desk.select_related("person").order_by("person__name", "pk")}  # fmt: skip
    held: dict[int, set[str]] = {}
    for row in Membership.objects.filter(in_force(today), person_id__in=names).exclude(
        organisation_kind=OrganisationKind.REGION
    ):
        held.setdefault(row.person_id, set()).add(row.organisation)
    away = set(Absence.objects.filter(person_id__in=names, starts_on__lte=today, ends_on__gte=today).values_list("person_id", flat=True))  # fmt: skip
    keeper = Desk.objects.filter(region_key=region_key).values_list("keeper_id", flat=True).first()
    advisers = {number: Adviser(number, name, frozenset(boards_of(held.get(number, ()))), number in away) for number, name in names.items()}  # fmt: skip
    return Team(advisers, keeper)


# -------------------------------------------------------------------------------------------------------- what may happen
@dataclass(frozen=True)
class Silence:
    """What was tried since somebody last answered.

    Attributes:
        attempts: how many times.
        channels: in how many ways.
        days: since the first of them [days].
    """

    attempts: int
    channels: int
    days: int

    @property
    def is_enough(self) -> bool:
        """Whether a case may be closed because somebody does not answer."""
        return self.attempts >= ATTEMPTS and self.channels >= CHANNELS and self.days >= SILENT_DAYS

    @property
    def words(self) -> str:
        """What was done, in Dutch."""
        ways = "manier" if self.channels == 1 else "manieren"
        tried = "poging" if self.attempts == 1 else "pogingen"
        return f"{self.attempts} {tried} op {self.channels} {ways} in {self.days} dagen"


def silence_of(contacts: Iterable[tuple[datetime, str, bool]], *, now: datetime) -> Silence:
    """Return what was tried since the last answer.

    Args:
        contacts: (when, channel, whether somebody was reached), in any order.
        now: the moment.
    """
    rows = sorted(contacts)
    answered = max((at for at, _, is_reached in rows if is_reached), default=None)
    tried = [
        (at, channel) for at, channel, is_reached in rows if not is_reached and (answered is None or at > answered)
    ]
    days = (now - tried[0][0]).days if tried else 0
    return Silence(len(tried), len({Channel(channel) for _, channel in tried}), days)


# ---------------------------------------------------------------------------------------------------------- the addresses
def _works_at_a_desk(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    return viewer.is_local or bool(desk_regions(viewer))


def _sees_case(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    return _works_at_a_desk(viewer, names) and (
        "case" not in names or visible_cases(viewer).filter(pk=names["case"]).exists()
    )


def _sees_both(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    wanted = {names[name] for name in ("one", "other") if name in names}
    return _works_at_a_desk(viewer, names) and visible_candidates(viewer).filter(pk__in=wanted).count() == len(wanted)


def _sees_merge(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    seen = visible_candidates(viewer).values("pk")
    found = Merge.objects.filter(pk=names.get("merge", 0), kept__in=seen, gone__in=seen)
    return _works_at_a_desk(viewer, names) and ("merge" not in names or found.exists())


def _sees_absence(viewer: Viewer, names: Mapping[str, Any]) -> bool:
    keys = desk_regions(viewer)
    found = Absence.objects.filter(pk=names.get("absence", 0))
    found = found if keys is None else found.filter(region_key__in=keys)
    return _works_at_a_desk(viewer, names) and ("absence" not in names or found.exists())


NOT_THE_EMPLOYER = "adviseur van het loket van die regio, nooit wie bij de werkgever van de kandidaat een rol heeft"
AT_DESK = Who("adviseur van een loket", _works_at_a_desk)
SEES_CASE = Who(NOT_THE_EMPLOYER, _sees_case)
SEES_BOTH = Who(f"{NOT_THE_EMPLOYER} (beide kandidaten)", _sees_both)
SEES_MERGE = Who(f"{NOT_THE_EMPLOYER} (beide kandidaten)", _sees_merge)
SEES_ABSENCE = Who("adviseur van het loket van die regio", _sees_absence)
READS, CHANGES_CASE = Access(read=AT_DESK, change=NOBODY), Access(read=SEES_CASE, change=SEES_CASE)
ACCESS = {
    **dict.fromkeys(("desk_todo", "desk_changes", "cases", "cases_file", "response_times"), READS),
    **dict.fromkeys(("new_case", "absences", "step_templates", "desk_mail"), Access(read=AT_DESK, change=AT_DESK)),
    "doubles": READS,
    **dict.fromkeys(("case", "case_contact", "case_close"), CHANGES_CASE),
    **dict.fromkeys(("case_note", "case_take", "case_reopen"), Access(read=NOBODY, change=SEES_CASE)),
    "merge": Access(read=SEES_BOTH, change=SEES_BOTH),
    "undo_merge": Access(read=NOBODY, change=SEES_MERGE),
    "end_absence": Access(read=NOBODY, change=SEES_ABSENCE),
}

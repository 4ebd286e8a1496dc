"""Staff and measured shortages of boards' own files, as rows of the simulation."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Max

from regio.workforce.enums import FunctionGroup
from regio.workforce.models import MeasuredShortage, StaffMember
from regio_engine.staff.base_level import Measurement
from regio_engine.staff.context_people import OwnPerson
from regio_engine.staff.context_places import Place
from regio_engine.staff.contract import NONE, OLDEST, OPEN_TERM, YOUNGEST, Qualified

QUALIFIED = {"bevoegd": Qualified.YES, "benoembaar": Qualified.APPOINTABLE, "onbevoegd": Qualified.NO}
LONGEST_TERM = 4  # years
UNKNOWN_TENURE = 5  # no starter, where the file does not tell


class OwnRow(NamedTuple):
    """One employment of an own file, by codes."""

    place: str
    position: str
    person: str
    age: int
    milli_fte: int
    tenure: int
    qualified: int
    term: int
    second_position: str | None
    scale: str

    def engine(self, index_of: Mapping[str, int], positions: Sequence[str], scales: Sequence[str]) -> OwnPerson:
        """Return it with the numbers of the context; a scale that is not known is the lowest."""
        return OwnPerson(
            key=f"{self.person}|{self.place}|{self.position}",
            place=index_of[self.place],
            position=positions.index(self.position),
            age=self.age,
            milli_fte=self.milli_fte,
            tenure=self.tenure,
            qualified=self.qualified,
            term=self.term,
            second_position=positions.index(self.second_position) if self.second_position in positions else NONE,
            scale=scales.index(self.scale) if self.scale in scales else 0,
            person=self.person,
        )


def own_staff(sector: str, places: Sequence[Place], base_year: int, facts: dict[str, Any]) -> list[OwnRow]:
    """Return the teachers of the newest own file of each board at these places, counted as of the base year."""
    rows = StaffMember.objects.filter(location__code__in=[p.code for p in places], function_group=FunctionGroup.TEACHER)
    newest = dict(rows.values_list("board_id").annotate(day=Max("reference_date")))
    found, untold = [], 0
    fields = rows.order_by("location__code", "position_id", "person", "pk").values_list(
        "board_id", "reference_date", "location__code", "position_id", "person", "birth_year", "milli_fte",
        "in_service_since", "qualification", "term_ends_on", "second_position_id", "scale",
    )  # fmt: skip
    for board, day, place, position, person, born, milli, since, told, term_ends, second, scale in fields:
        if newest[board] != day:
            continue
        if position is None:
            untold += 1
            continue
        qualified = QUALIFIED.get(told, Qualified.YES)
        found.append(OwnRow(
            place, position, person, min(max(base_year - born, YOUNGEST), OLDEST), milli,
            UNKNOWN_TENURE if since is None else max(base_year - since, 0), qualified,
            _term(term_ends, base_year) if qualified == Qualified.APPOINTABLE else 0, second, scale,
        ))  # fmt: skip
    facts["eigen_peildata"] = {board: day.isoformat() for board, day in sorted(newest.items())}
    facts["eigen_zonder_vak"] = untold
    return found


def _term(ends: Any, base_year: int) -> int:
    """Return whole years left of the legal term; where the file tells of no end it does not run."""
    return OPEN_TERM if ends is None else min(max(ends.year - base_year, 0), LONGEST_TERM)


def own_measurements(places: Sequence[Place], positions: Sequence[str]) -> tuple[Measurement, ...]:
    """Return the newest measured shortage per board, location and position; a location's comes before its board's."""
    boards = {place.board for place in places}
    rows = MeasuredShortage.objects.filter(board__in=boards, position__in=positions).order_by(
        "board_id", "position_id", "-location__code", "-reference_date", "-pk"
    )
    found: dict[tuple[str, str, str], Measurement] = {}
    for row in rows.select_related("location"):
        code = row.location.code if row.location else ""
        members = tuple(
            number for number, place in enumerate(places)
            if place.board == row.board_id and code in ("", place.code)
        )  # fmt: skip
        if members:
            found.setdefault((row.board_id, row.position_id, code), Measurement(
                f"{row.board_id}|{code}|{row.position_id}", members, positions.index(row.position_id), row.low_fte,
                row.shortage_fte, row.high_fte,
            ))  # fmt: skip
    return tuple(sorted(found.values(), key=lambda one: (len(one.places), one.key)))

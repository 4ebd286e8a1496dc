"""Where it is shortest: the subjects or functions of a scope, or its boards, schools or locations where there are too few.

Of two functions "the most" says nothing; then the parts of a region or board say where it is, for their size. How sure
the order is follows from whether bands overlap.
"""

from dataclasses import dataclass

from regio.shared.figures import Table
from regio.shared.formatting import HARD_SPACE, place_name, share

from ..enums import Measure, ScopeKind
from ..outlook import Outlook
from ..overviews import PART_WORDS, PartsFound
from ..sentences import FEWEST_TO_CHOOSE_FROM, SMALLEST_BASE_FTE
from ..shortage_sentences import SMALLEST_NAMED_FTE, Shortage
from ..tables.shortage import Named, head_of, shortest_table
from .staffing import Staffing

NAMED, SHOWN = 3, 8
PARTS_WORDS = {ScopeKind.BOARD: "besturen", ScopeKind.SCHOOL: "scholen", ScopeKind.LOCATION: "vestigingen"}


@dataclass(frozen=True)
class Shortest:
    """What is shortest, in order, and what it is: subjects by their fte, parts by their share of the need."""

    rows: list[Named]
    head: str
    words: str  # what several of them are called
    is_of_parts: bool = False

    @property
    def named(self) -> list[Named]:
        """The few that a sentence names; none where there is nothing to choose from."""
        enough = [row for row in self.rows if row.shortage.then.mean >= SMALLEST_NAMED_FTE]
        return enough[:NAMED] if len(self.rows) >= FEWEST_TO_CHOOSE_FROM else []

    @property
    def in_proportion(self) -> list[Named]:
        """The three that lack most for their size, where these are others than the sentence names."""
        if self.is_of_parts or not self.named:
            return []
        found = _by_share(self.rows)[:NAMED]
        return [] if {row.name for row in found} <= {row.name for row in self.named} else found

    @property
    def sure_words(self) -> str:
        """How sure it is that these come first."""
        if not self.named or len(self.rows) <= len(self.named):
            return ""
        last, others = self.named[-1], self.rows[len(self.named) :]
        if all(_low(last, self.is_of_parts) >= _high(row, self.is_of_parts) for row in others):
            return f"Dat deze {self.words} bovenaan staan, is zeker: hun band ligt boven die van de andere."
        return f"Welke {self.words} bovenaan staan, is niet zeker: de banden overlappen elkaar."

    @property
    def table(self) -> Table | None:
        """The first few as a table."""
        return shortest_table(self.rows, count=SHOWN, head=self.head, by_share=self.is_of_parts)


def shortest_of(staffing: Staffing, found: PartsFound | None) -> Shortest:
    """Return the subjects or functions of a scope, or its parts where it has fewer than three of these."""
    sector, positions = staffing.outlook.sector, staffing.positions
    words = "vakken" if head_of(sector) != "Functie" else "functies"
    parts = _parts(staffing.outlook, found) if found and len(positions) < FEWEST_TO_CHOOSE_FROM else []
    if len(parts) < FEWEST_TO_CHOOSE_FROM or found is None:
        return Shortest(positions, head_of(sector), words)
    return Shortest(_by_share(parts), PART_WORDS[found.kind], PARTS_WORDS[found.kind], is_of_parts=True)


def needs_parts(staffing: Staffing) -> bool:
    """Return whether there are too few subjects or functions to say where it is shortest."""
    return staffing.is_loaded and len(staffing.positions) < FEWEST_TO_CHOOSE_FROM


def _parts(outlook: Outlook, found: PartsFound) -> list[Named]:
    rows = []
    for part in found.parts:
        levels: dict[str, dict] = {Measure.SHORTAGE_FTE: {}, Measure.REQUIRED_FTE: {}}
        for (measure, year), point in found.totals.get(part.code, {}).items():
            levels.setdefault(measure, {})[year] = point
        if all(year in levels[Measure.SHORTAGE_FTE] for year in found.years):
            address = outlook.address(found.kind, part.code, sector=outlook.sector)
            shortage = Shortage(*found.years, levels)
            rows.append(Named(part.name, shortage, address, place_name(part.place), said_of(part.name, shortage)))
    return rows


def said_of(name: str, shortage: Shortage) -> str:
    """Return a part as a sentence names it, with what it lacks of its need."""
    return f"{name} ({share(shortage.need_share, 0).replace(' ', HARD_SPACE)})"


def _by_share(rows: list[Named]) -> list[Named]:
    """Return the rows that are large enough to speak of, shortest for their size first."""
    large = [
        row for row in rows if row.shortage.mean(Measure.REQUIRED_FTE, row.shortage.target_year) >= SMALLEST_BASE_FTE
    ]
    return sorted(large, key=lambda row: -(row.shortage.need_share or 0.0))


def _low(row: Named, by_share: bool) -> float:
    return row.shortage.then.low / _size(row, by_share)


def _high(row: Named, by_share: bool) -> float:
    return row.shortage.then.high / _size(row, by_share)


def _size(row: Named, by_share: bool) -> float:
    return row.shortage.mean(Measure.REQUIRED_FTE, row.shortage.target_year) or 1.0 if by_share else 1.0

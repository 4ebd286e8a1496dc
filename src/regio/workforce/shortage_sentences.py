"""The shortage in words that a bestuurder can repeat: how much, how sure, since when, where, and what drives it.

Shortage is what stays open and what is hidden (taught by who is not qualified, by who is of another subject, cancelled
or absorbed). Pure functions on plain values; the exact numbers are in the tables beside the words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regio.shared.charts import Point
from regio.shared.formatting import HARD_SPACE, fte, number, share

from .enums import Measure, StaffFlow
from .sentences import spoken

SMALL_FTE = 10.0  # below this people say one decimal
SMALLEST_NAMED_FTE = 0.5  # a smaller shortage of a subject is not named
LEAST_CHANGE_FTE = 0.05
BOUND_STEPS = ((1000, 500), (100, 50), (20, 10), (0, 1))  # from how much fte in which steps
Flows = Mapping[str, Mapping[int, float]]  # flow -> year -> fte

NEED_FLOWS = (StaffFlow.NEED_LEARNERS, StaffFlow.NEED_RULE)
OUTFLOWS = (StaffFlow.RETIRE, StaffFlow.LEAVE_SECTOR, StaffFlow.DIE_OR_DISABLED, StaffFlow.LEAVE_REGION)
CHANGES = (StaffFlow.MOVES, StaffFlow.HOURS, StaffFlow.SWITCH)
INFLOWS = (
    StaffFlow.FROM_GRADUATE, StaffFlow.FROM_ZIJ_INSTROOM, StaffFlow.FROM_RESERVE, StaffFlow.FROM_HYBRID,
    StaffFlow.FROM_ELSEWHERE, StaffFlow.FROM_UNQUALIFIED,
)  # fmt: skip
STAFF_FLOWS = (*OUTFLOWS, *CHANGES, *INFLOWS)
REST_SURPLUS, REST_COVERED, RESIDUAL = "overschot", "zonder bevoegdheid", "rest"


@dataclass(frozen=True)
class Shortage:
    """The shortage of one scope and item in one sector, per measure and year [fte]."""

    base_year: int
    target_year: int
    levels: Mapping[str, Mapping[int, Point]]
    quantiles: Sequence[float] = field(default=())  # of the shortage in the target year, 0 to 100 %
    is_whole: bool = True  # staff is loaded of every board whose need is in it

    def at(self, measure: str, year: int) -> Point | None:
        """Return one measure in one year; None where the run does not know it."""
        return self.levels.get(measure, {}).get(year)

    def mean(self, measure: str, year: int) -> float:
        """Return the mean of one measure in one year, 0 where the run does not know it."""
        point = self.at(measure, year)
        return point.mean if point else 0.0

    @property
    def years(self) -> list[int]:
        """The years of the shortage, from the base year on."""
        return sorted(year for year in self.levels[Measure.SHORTAGE_FTE] if year >= self.base_year)

    @property
    def now(self) -> Point:
        """The shortage in the base year, as measured or assumed, with its own error."""
        return self.levels[Measure.SHORTAGE_FTE][self.base_year]

    @property
    def then(self) -> Point:
        """The shortage in the target year."""
        return self.levels[Measure.SHORTAGE_FTE][self.target_year]

    @property
    def open_then(self) -> float:
        """What stays open in the target year."""
        return self.mean(Measure.UNFILLED_FTE, self.target_year)

    @property
    def hidden_then(self) -> float:
        """What is hidden in the target year."""
        return self.mean(Measure.HIDDEN_FTE, self.target_year)

    @property
    def surplus_then(self) -> float:
        """What is over elsewhere in the target year."""
        return self.mean(Measure.SURPLUS_FTE, self.target_year)

    @property
    def need_share(self) -> float | None:
        """The shortage as a share of the need in the target year; None where the need is not known."""
        need = self.mean(Measure.REQUIRED_FTE, self.target_year)
        return self.then.mean / need if need > 0 else None

    @property
    def words(self) -> str:
        """The band of the shortage in the target year: `180 tot 330 fte`."""
        return band_words(self.then)

    @property
    def default_bound(self) -> int:
        """The number that the chance is asked above when nobody says: a round one just below what is expected."""
        step = next(step for least, step in BOUND_STEPS if self.then.mean >= least)
        return int(self.then.mean // step * step)

    def chance_above(self, bound_fte: float) -> float | None:
        """Return the chance that the shortage of the target year is above this [0-1]; None where the spread was not kept."""
        return chance_above(self.quantiles, bound_fte)


def chance_above(quantiles: Sequence[float], bound: float) -> float | None:
    """Return the chance of more than `bound`, read from evenly spaced quantiles with straight lines between them."""
    if not quantiles:
        return None
    if bound < quantiles[0]:
        return 1.0
    steps = len(quantiles) - 1
    for step in range(steps, 0, -1):
        low, high = quantiles[step - 1], quantiles[step]
        if low <= bound < high:
            return 1 - (step - 1 + (bound - low) / (high - low)) / steps
    return 0.0


def band_words(point: Point) -> str:
    """Return a band as people say it, small ones with one decimal: `180 tot 330 fte`, `0,4 tot 1,6 fte`."""
    low, high = (_said(value, point.high) for value in (point.low, point.high))
    return f"{low if low == high else f'{low} tot {high}'}{HARD_SPACE}fte"


def _said(value: float, like: float) -> str:
    return number(value, 1) if like < SMALL_FTE else number(spoken(value))


def chance_words(chance: float) -> str:
    """Return a chance in whole percents; never certain: `minder dan 1 %`, `meer dan 99 %`."""
    if chance < 0.01:
        return f"minder dan 1{HARD_SPACE}%"
    return f"meer dan 99{HARD_SPACE}%" if chance > 0.99 else share(chance, 0)


# -------------------------------------------------------------------------------------------------- what drives it
@dataclass(frozen=True)
class Cause:
    """What one cause adds to the shortage between two years [fte]; positive makes it larger."""

    flow: str
    name: str
    short: str
    fte: float


SHORT_NAMES: dict[str, str] = {
    StaffFlow.NEED_LEARNERS: "leerlingen", StaffFlow.NEED_RULE: "ratio, lessentabel", StaffFlow.RETIRE: "pensioen",
    StaffFlow.LEAVE_SECTOR: "ander werk", StaffFlow.DIE_OR_DISABLED: "ziek, overleden", StaffFlow.LEAVE_REGION: "regio uit",
    StaffFlow.MOVES: "wisselaars", StaffFlow.HOURS: "uren", StaffFlow.SWITCH: "ander vak", StaffFlow.FROM_GRADUATE: "afgestudeerd",
    StaffFlow.FROM_ZIJ_INSTROOM: "zij-instroom", StaffFlow.FROM_RESERVE: "stille reserve", StaffFlow.FROM_HYBRID: "hybride",
    StaffFlow.FROM_ELSEWHERE: "regio in", StaffFlow.FROM_UNQUALIFIED: "onbevoegd", REST_SURPLUS: "overschot elders",
    REST_COVERED: "zonder bevoegdheid", RESIDUAL: "rest",
}  # fmt: skip
# In a sentence after *door*; a cause that is not here reads well by its name.
NAMES_AFTER_BY: dict[str, str] = {
    StaffFlow.NEED_RULE: "een andere ratio of lessentabel", StaffFlow.RETIRE: "pensioen",
    StaffFlow.LEAVE_SECTOR: "vertrek naar ander werk", StaffFlow.DIE_OR_DISABLED: "overlijden of arbeidsongeschiktheid",
    StaffFlow.LEAVE_REGION: "vertrek naar een andere regio", StaffFlow.MOVES: "wisselen van school in de regio",
    StaffFlow.SWITCH: "wisselen van vak", StaffFlow.FROM_GRADUATE: "net afgestudeerden",
    StaffFlow.FROM_RESERVE: "instroom uit de stille reserve", StaffFlow.FROM_HYBRID: "hybride docenten",
    StaffFlow.FROM_ELSEWHERE: "instroom uit een andere regio", StaffFlow.FROM_UNQUALIFIED: "wie nog niet bevoegd is aangesteld",
}  # fmt: skip
REST_NAMES = {
    REST_SURPLUS: "ander overschot elders",
    REST_COVERED: "lessen door wie niet bevoegd is of een ander vak heeft",
    RESIDUAL: "rest: wat geen oorzaak verklaart",
}


def causes_of(shortage: Shortage, flows: Flows) -> list[Cause]:
    """Return what makes the shortage of the base year that of the target year; the causes add up to the difference.

    Shortage = need + surplus − staff + lessons by who is not qualified or of another subject. So a cause is a change of
    the need, a flow of the staff with its sign turned, the change of the surplus, or the change of such lessons. What the
    causes leave of the difference stands apart as a rest, also where it is nought; where the need is not known such lessons
    cannot be told from it.
    """
    years = range(shortage.base_year + 1, shortage.target_year + 1)
    found = [_cause(flow, _sum(flows.get(flow, {}), years)) for flow in NEED_FLOWS]
    found += [_cause(flow, -_sum(flows.get(flow, {}), years)) for flow in STAFF_FLOWS]
    surplus = shortage.surplus_then - shortage.mean(Measure.SURPLUS_FTE, shortage.base_year)
    left = shortage.then.mean - shortage.now.mean - surplus - sum(cause.fte for cause in found)
    now, then = covered_fte(shortage, shortage.base_year), covered_fte(shortage, shortage.target_year)
    covered = left if now is None or then is None else then - now
    return [*found, _cause(REST_SURPLUS, surplus), _cause(REST_COVERED, covered), _cause(RESIDUAL, left - covered)]


def covered_fte(shortage: Shortage, year: int) -> float | None:
    """Return the lessons by who is not qualified or of another subject: shortage + staff − need − surplus; None without need."""
    if shortage.at(Measure.REQUIRED_FTE, year) is None:
        return None
    taught = shortage.mean(Measure.SHORTAGE_FTE, year) + shortage.mean(Measure.STAFFED_FTE, year)
    return taught - shortage.mean(Measure.REQUIRED_FTE, year) - shortage.mean(Measure.SURPLUS_FTE, year)


GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("anders nodig: leerlingen en regels", "anders nodig", NEED_FLOWS), ("met pensioen", "pensioen", (StaffFlow.RETIRE,)),
    ("ander vertrek", "ander vertrek", OUTFLOWS[1:]), ("net afgestudeerd", "afgestudeerd", (StaffFlow.FROM_GRADUATE,)),
    ("zij-instroom en hybride", "zij-instroom, hybride", (StaffFlow.FROM_ZIJ_INSTROOM, StaffFlow.FROM_HYBRID)),
    ("terug, van elders, nog niet bevoegd", "andere instroom", (StaffFlow.FROM_RESERVE, StaffFlow.FROM_ELSEWHERE, StaffFlow.FROM_UNQUALIFIED)),
    ("uren, ander vak, wisselaars", "uren, ander vak", CHANGES), ("overschot, lessen zonder bevoegdheid, rest", "overschot, overig", (REST_SURPLUS, REST_COVERED, RESIDUAL)),
)  # fmt: skip


def grouped(causes: Sequence[Cause]) -> list[Cause]:
    """Return the causes in a few groups, for a page that says it in one glance; they add up to the same."""
    values = {cause.flow: cause.fte for cause in causes}
    return [Cause(short, name, short, sum(values.get(flow, 0.0) for flow in flows)) for name, short, flows in GROUPS]


def visible(causes: Sequence[Cause]) -> list[Cause]:
    """Return the causes that can be seen, the others of both signs taken together at the end where they count."""
    seen = [cause for cause in causes if abs(cause.fte) >= LEAST_CHANGE_FTE]
    rest = sum(cause.fte for cause in causes) - sum(cause.fte for cause in seen)
    return seen if abs(rest) < LEAST_CHANGE_FTE else [*seen, Cause("rest", "overige oorzaken", "overig", rest)]


def _sum(by_year: Mapping[int, float], years: range) -> float:
    return sum(by_year.get(year, 0.0) for year in years)


def _cause(flow: str, value: float) -> Cause:
    name = StaffFlow(flow).label if flow in StaffFlow else REST_NAMES[flow]
    return Cause(flow, name, SHORT_NAMES[flow], value)


def drivers_sentence(shortage: Shortage, causes: Sequence[Cause]) -> str:
    """Say what makes the shortage larger and what makes it smaller: the two largest of each, and their sum."""
    more = sorted((cause for cause in causes if cause.fte >= LEAST_CHANGE_FTE), key=lambda cause: -cause.fte)
    less = sorted((cause for cause in causes if cause.fte <= -LEAST_CHANGE_FTE), key=lambda cause: cause.fte)
    period = f"Tussen {shortage.base_year} en {shortage.target_year}"
    if not more and not less:
        return f"{period} verandert er niets."
    parts = [f"{period} {_direction(shortage)}."]
    if more:
        parts.append(f"Groter wordt het vooral door {_named(more[:2])}.")
    if less:
        parts.append(f"Kleiner wordt het vooral door {_named(less[:2])}.")
    return " ".join(parts)


def _direction(shortage: Shortage) -> str:
    now, then = (fte(point.mean) for point in (shortage.now, shortage.then))
    if now == then:
        return f"blijft het verwachte tekort {now}{HARD_SPACE}fte"
    verb = "groeit" if shortage.then.mean > shortage.now.mean else "daalt"
    return f"{verb} het verwachte tekort van {now} naar {then}{HARD_SPACE}fte"


def _named(causes: Sequence[Cause]) -> str:
    first, *others = [
        f"{NAMES_AFTER_BY.get(cause.flow, cause.name)} ({fte(abs(cause.fte))}{HARD_SPACE}fte)" for cause in causes
    ]
    return " en ".join([first, *others])

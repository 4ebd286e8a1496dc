"""Where the width of a band comes from, and what a board could load to narrow it most.

The spread of the shortage is split in what a run keeps of it: parameters and chance. Of the parameters the spread of the
base year is how well the shortage of now is known. Without staff the same is done for the need: its level rests on an
assumption, its course on pupils and ratio. Shares of variances; bands do not add.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regio.shared.charts import Point
from regio.shared.figures import Cell, Row, Table
from regio.shared.formatting import share

from ..enums import Measure
from ..queries import ALL
from ..shortage.staffing import Staffing
from ..shortage_sentences import Shortage
from ..tables.ground import by_year

SD_OF_BAND = 2.5631  # p90 − p10 of a normal spread, in standard deviations
NOTHING = "Niets: wie er precies gaat en komt, blijft toeval."
OWN_MEASUREMENT = "Een eigen meting van het tekort: open vacatures, en lessen door wie niet bevoegd is."
OWN_STAFF = "Het eigen personeelsbestand, liefst van meer jaren: dan gelden de eigen kansen op vertrek."
OWN_NEED = "De eigen formatie of lessentabel van het bestuur."
NEW_COUNT = "De nieuwste telling van leerlingen, zodra die er is."


@dataclass(frozen=True)
class Source:
    """One source of uncertainty, its share of the variance, and what would make it smaller."""

    name: str
    share: float
    remedy: str


def sources_of(staffing: Staffing) -> list[Source]:
    """Return the sources of the band that a page shows, the largest first; none where the run does not know."""
    shortage = staffing.shortage
    facts = staffing.outlook.run.facts.get("bezetting", {}).get(staffing.outlook.sector, {})
    found = of_shortage(shortage, facts) if shortage else of_need(staffing)
    return sorted(found, key=lambda source: -source.share)


def best_of(sources: list[Source]) -> Source | None:
    """Return the largest source that something can be done about."""
    return next((source for source in sources if source.remedy != NOTHING), None)


def of_shortage(shortage: Shortage, facts: Mapping[str, Any]) -> list[Source]:
    """Return base level, rates and chance as shares of the variance of the shortage in the target year."""
    split = facts.get("spreiding", {}).get(str(shortage.target_year))
    if not split:
        return []
    total = split["parameter_sd"] ** 2 + split["process_sd"] ** 2
    if total <= 0:
        return []
    level = min(variance(shortage.now) / total, split["parameter_share"])
    return [
        Source("De beginstand: hoeveel er nu te kort is", level, OWN_MEASUREMENT),
        Source("De kansen: hoeveel er gemiddeld gaan en komen", split["parameter_share"] - level, OWN_STAFF),
        Source("Toeval: wie er precies gaat en komt", 1 - split["parameter_share"], NOTHING),
    ]


def of_need(staffing: Staffing) -> list[Source]:
    """Return level and course as shares of the variance of the need in the target year."""
    outlook = staffing.outlook
    if outlook.change is None:
        return []
    levels, courses = (
        by_year(outlook.series.get((measure, outlook.sector, ALL), ()))
        for measure in (Measure.REQUIRED_FTE, Measure.REQUIRED_FTE_CHANGE)
    )
    level, course = levels.get(outlook.change.target_year), courses.get(outlook.change.target_year)
    if level is None or course is None or not variance(level):
        return []
    part = min(variance(course) / variance(level), 1.0)
    return [
        Source("Het niveau: hoeveel leerlingen op één fte (aanname)", 1 - part, OWN_NEED),
        Source("Het verloop: leerlingen en de verhouding door de jaren", part, NEW_COUNT),
    ]


def variance(point: Point) -> float:
    """Return the variance of a normal spread with this band."""
    return ((point.high - point.low) / SD_OF_BAND) ** 2


def sources_table(found: list[Source], what: str) -> Table | None:
    """Return the sources as a table, the largest first."""
    if not found:
        return None
    rows = [Row(Cell(source.name), [Cell(share(source.share, 0)), Cell(source.remedy, "words")]) for source in found]
    return Table(f"Waar de band van {what} vandaan komt", [Cell("Bron"), Cell("Deel van de variantie"), Cell("Wat hem smaller maakt", "words")], rows)  # fmt: skip

"""What analysts ask for: where the uncertainty comes from, how exact the draws are, every position and year, every parameter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import MISSING, between, fte, number, share

from ..enums import Measure, StaffOrigin
from ..shortage_sentences import Shortage
from ..tables.ground import COMPUTED, EXPECTED, band_fields, has_band
from .parameters import parameters_figure
from .staffing import Staffing

SHOWN = (
    (Measure.SHORTAGE_FTE, "tekort"), (Measure.REQUIRED_FTE, "nodig"), (Measure.STAFFED_FTE, "in dienst"), (Measure.SURPLUS_FTE, "overschot"),
)  # fmt: skip


@dataclass(frozen=True)
class AnalystPage:
    """The tables of the page."""

    own: Table | None
    variance: Table | None
    errors: Table | None
    positions: list[Figure]
    parameters: Figure
    context_sha256: str


def build(staffing: Staffing) -> AnalystPage:
    """Return what a run says about itself, and its shortage, need and staff per position and year."""
    facts = staffing.outlook.run.facts.get("bezetting", {}).get(staffing.outlook.sector, {})
    target = str(staffing.shortage.target_year) if staffing.shortage else ""
    figures = [figure for measure, words in SHOWN if (figure := positions_figure(staffing, measure, words))]
    return AnalystPage(
        own=_own(staffing, facts), variance=_variance(facts.get("spreiding", {}).get(target, {}), target), errors=_errors(facts.get("rekenfout", {}).get(target, {})), positions=figures, parameters=parameters_figure(staffing),
        context_sha256=facts.get("context_sha256", ""),
    )  # fmt: skip


def positions_figure(staffing: Staffing, measure: Measure, words: str) -> Figure | None:
    """Return one measure of every position in every year, means with the band of the target year."""
    rows = [(row.said or row.name, row.shortage) for row in staffing.positions]
    total = staffing.shortage
    if total is None or not rows:
        return None
    years = total.years
    body = [_row(name, shortage, measure, years) for name, shortage in sorted(rows, key=lambda row: row[0].lower())]
    body.append(_row("alles samen", total, measure, years, is_total=True))
    slug = f"{SLUGS[measure]}-{staffing.outlook.sector}"
    return Figure(
        slug=slug, title="", label=f"{words} per positie en jaar", unit="fte op 1 oktober", source=staffing.ground.source, note=staffing.note,
        reference_date=staffing.ground.base_date, address=staffing.ground.address(slug), is_table_open=False, band="Band: 80\u00a0% zekerheid.",
        table=Table(f"{words.capitalize()} in fte", [Cell("Positie"), *(Cell(str(y)) for y in years), Cell(f"80\u00a0%\u2011band {years[-1]}")], body),
        records=_records(staffing, measure, rows),
    )  # fmt: skip


SLUGS = {
    Measure.SHORTAGE_FTE: "tekortposities", Measure.REQUIRED_FTE: "nodigposities", Measure.STAFFED_FTE: "dienstposities",
    Measure.SURPLUS_FTE: "overschotposities",
}  # fmt: skip
BY_SLUG = {slug: (measure, words) for measure, words in SHOWN for slug in [SLUGS[measure]]}


def _row(name: str, shortage: Shortage, measure: str, years: Sequence[int], *, is_total: bool = False) -> Row:
    points = [shortage.at(measure, year) for year in years]
    last = points[-1]
    band = MISSING if last and isnan(last.low) else ""
    if last and has_band(last):
        band = between(fte(last.low, last.mean), fte(last.high, last.mean))
    return Row(Cell(name[:1].upper() + name[1:]), [*(Cell(fte(p.mean) if p else "–") for p in points), Cell(band, "band")], is_total)  # fmt: skip


def _records(staffing: Staffing, measure: str, rows: Sequence[tuple[str, Shortage]]) -> list[dict[str, object]]:
    return [
        {
            "voor": staffing.outlook.scope.name, "positie": name, "wat": Measure(measure).label, "jaar": year,
            "soort": COMPUTED if year == shortage.base_year else EXPECTED, "gemiddelde": point.mean,
        } | band_fields(point)
        for name, shortage in rows for year in shortage.years if (point := shortage.at(measure, year))
    ]  # fmt: skip


def _own(staffing: Staffing, facts: Mapping[str, Any]) -> Table | None:
    """Return which part of staff and of the chance to leave the boards' own files tell, 0 to 100 %."""
    if "own_share" not in facts:
        return None
    of_board = staffing.origins.of_board
    loaded = [code for code, origin in of_board.items() if origin != StaffOrigin.NONE]
    leaving = facts.get("eigen_deel_vertrek", {})
    part = sum(leaving.get(code, 0.0) for code in loaded) / max(len(loaded), 1)
    rows = [
        Row(Cell("Wie er in dienst is"), [Cell(share(facts["own_share"], 0)), Cell("openbare tabellen", "words")]),
        Row(Cell("Kans op vertrek"), [Cell(share(part, 0)), Cell("landelijke cijfers, met hun bandbreedte", "words")]),
    ]
    return Table(
        "Welk deel uit eigen bestanden komt", [Cell("Wat"), Cell("Eigen"), Cell("De rest komt uit", "words")], rows
    )


def _variance(split: Mapping[str, Any], year: str) -> Table | None:
    """Return which part of the spread of the shortage comes from parameters and which from chance."""
    if not split:
        return None
    part, error = split["parameter_share"], split["parameter_share_error"]
    rows = [
        Row(Cell("Parameters: wij kennen de kansen niet precies"), [Cell(fte(split["parameter_sd"])), Cell(share(part)), Cell(share(error))]),
        Row(Cell("Toeval: wie er precies gaat en komt"), [Cell(fte(split["process_sd"])), Cell(share(1 - part)), Cell(share(error))]),
    ]  # fmt: skip
    columns = [Cell("Waar de spreiding vandaan komt"), Cell("Standaardafwijking, fte"), Cell("Deel van de variantie"), Cell("Fout daarvan")]  # fmt: skip
    return Table(f"Spreiding van het tekort in {year}", columns, rows)


def _errors(errors: Mapping[str, Any]) -> Table | None:
    """Return how much another set of draws could move mean and quantiles."""
    if not errors:
        return None
    names = {"mean": "Gemiddelde", "p10": "Ondergrens (p10)", "p50": "Midden (p50)", "p90": "Bovengrens (p90)"}
    rows = [Row(Cell(words), [Cell(number(errors[name], 2))]) for name, words in names.items() if name in errors]
    return Table(
        "Fout door het eindige aantal berekeningen", [Cell("Van het tekort"), Cell("Standaardfout, fte")], rows
    )

"""What drives the shortage: the causes between two years as a waterfall, and inflow and outflow per year."""

from collections.abc import Mapping, Sequence

from django.utils.text import capfirst

from regio.shared.charts import Part, Stacked, Step, Waterfall
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import fte, number, signed, signed_fte

from ..enums import StaffFlow
from ..shortage_sentences import CHANGES, INFLOWS, LEAST_CHANGE_FTE, OUTFLOWS, RESIDUAL, Cause, Flows, Shortage, visible
from .ground import Ground

MEANS = "Verwachte gemiddelden; banden tel je niet op."
REST = "Rest: geen oorzaak, en afronding"
# The columns of the drawing: flows that are told together, so that every part can be seen.
GROUPS: tuple[tuple[str, str, str, tuple[StaffFlow, ...]], ...] = (
    ("van de opleiding", "opleiding", "surplus-3", (StaffFlow.FROM_GRADUATE,)),
    ("zij-instroom en hybride", "zij-instroom", "surplus-2", (StaffFlow.FROM_ZIJ_INSTROOM, StaffFlow.FROM_HYBRID)),
    ("terug, van elders, onbevoegd", "overig in", "surplus-1", (StaffFlow.FROM_RESERVE, StaffFlow.FROM_ELSEWHERE, StaffFlow.FROM_UNQUALIFIED)),
    ("met pensioen", "pensioen", "shortage-4", (StaffFlow.RETIRE,)),
    ("naar ander werk", "ander werk", "shortage-3", (StaffFlow.LEAVE_SECTOR,)),
    ("regio uit, ziek, overleden", "overig uit", "shortage-2", (StaffFlow.LEAVE_REGION, StaffFlow.DIE_OR_DISABLED)),
)  # fmt: skip


def drivers_figure(
    ground: Ground, shortage: Shortage, causes: Sequence[Cause], *, slug: str, note: str = ""
) -> Figure | None:
    """Return how the shortage of the base year becomes that of the target year; the table sums."""
    if not any(abs(cause.fte) >= 0.005 for cause in causes):
        return None
    now, then = f"Tekort in {shortage.base_year}", f"Tekort in {shortage.target_year}"
    shown = visible(causes)
    steps = [Step(capfirst(cause.name), cause.fte, short=capfirst(cause.short)) for cause in shown]
    chart = Waterfall(
        key=slug.replace(":", "-").replace("~", "-"), title=f"Wat het tekort drijft, {ground.scope.name}",
        steps=(Step(now, shortage.now.mean, is_total=True), *steps, Step(then, shortage.then.mean, is_total=True)),
        description=f"Van {fte(shortage.now.mean)} fte in {shortage.base_year} naar {fte(shortage.then.mean)} fte in {shortage.target_year}: "
        + ", ".join(f"{cause.name} {signed_fte(cause.fte)}" for cause in shown) + ".",
    )  # fmt: skip
    return Figure(
        slug=slug, title="", label="wat het tekort drijft", unit="fte, verwacht gemiddelde", source=ground.source, chart=chart,
        reference_date=ground.base_date, address=ground.address(slug), is_table_open=False, note=f"{MEANS} {note}".strip(),
        table=Table("Wat het tekort groter (+) of kleiner (−) maakt", [Cell("Oorzaak"), Cell("fte")], _drivers_rows(now, then, shortage, causes)),
        records=_records(ground, shortage, causes),
    )  # fmt: skip


def _drivers_rows(now: str, then: str, shortage: Shortage, causes: Sequence[Cause]) -> list[Row]:
    """Return the sum as anybody can repeat it: what is written adds up, the rest and what rounding leaves on a line of their own."""
    named = [cause for cause in causes if cause.flow != RESIDUAL and abs(cause.fte) >= LEAST_CHANGE_FTE]
    start, end = (round(point.mean, 1) for point in (shortage.now, shortage.then))
    rest = end - start - sum(round(cause.fte, 1) for cause in named)
    rows = [Row(Cell(now), [Cell(number(start, 1))], is_total=True)]
    rows += [Row(Cell(capfirst(cause.name)), [Cell(signed(cause.fte, 1))]) for cause in named]
    rows.append(Row(Cell(REST), [Cell(signed(rest, 1))]))
    return [*rows, Row(Cell(then), [Cell(number(end, 1))], is_total=True)]


def _records(ground: Ground, shortage: Shortage, causes: Sequence[Cause]) -> list[dict[str, object]]:
    ends = {"voor": ground.scope.name, "van": shortage.base_year, "tot": shortage.target_year}
    rows = [("tekort aan het begin", shortage.now.mean), *((cause.name, cause.fte) for cause in causes)]
    return [
        ends | {"oorzaak": name, "fte": value} for name, value in [*rows, ("tekort aan het eind", shortage.then.mean)]
    ]


def flows_figure(ground: Ground, flows: Flows, *, slug: str, note: str = "") -> Figure | None:
    """Return what comes in and goes out per year and cause, and what that leaves."""
    years = sorted({year for by_year in flows.values() for year in by_year})
    if not years:
        return None
    parts = tuple(
        Part(name, colour, tuple(sum(flows.get(flow, {}).get(year, 0.0) for flow in of_group) for year in years), short)
        for name, short, colour, of_group in GROUPS
    )
    largest = max(abs(value) for part in parts for value in part.values)
    chart = Stacked(
        key=slug.replace(":", "-").replace("~", "-"), title=f"Instroom en uitstroom per jaar, {ground.scope.name}", parts=parts,
        columns=tuple(map(str, years)), description=_story(flows, years), decimals=0 if largest >= 5 else 1,
    )  # fmt: skip
    return Figure(
        slug=slug, title="", label="instroom en uitstroom", unit="fte per jaar, van 1 oktober tot 1 oktober", source=ground.source,
        reference_date=ground.base_date, address=ground.address(slug), chart=chart, is_table_open=False,
        table=_flows_table(flows, years), note=f"{MEANS} {note}".strip(),
        records=[
            {"voor": ground.scope.name, "oorzaak": StaffFlow(flow).label, "jaar": year, "fte": flows[flow][year]}
            for flow in (*INFLOWS, *OUTFLOWS, *CHANGES) if flow in flows for year in years if year in flows[flow]
        ],
    )  # fmt: skip


def _flows_table(flows: Flows, years: Sequence[int]) -> Table:
    rows = [_flow_row(StaffFlow(flow).label, flows.get(flow, {}), years) for flow in (*INFLOWS, *OUTFLOWS, *CHANGES)]
    net = {year: sum(flows.get(flow, {}).get(year, 0.0) for flow in (*INFLOWS, *OUTFLOWS, *CHANGES)) for year in years}
    rows.append(_flow_row("Verandering van de bezetting", net, years, is_total=True))
    return Table("Instroom (+) en uitstroom (−) in fte", [Cell("Oorzaak"), *(Cell(str(year)) for year in years)], rows)


def _flow_row(name: str, by_year: Mapping[int, float], years: Sequence[int], *, is_total: bool = False) -> Row:
    return Row(Cell(capfirst(name)), [Cell(signed(by_year.get(year, 0.0), 1)) for year in years], is_total)


def _story(flows: Flows, years: Sequence[int]) -> str:
    came, went = (sum(flows.get(flow, {}).get(years[-1], 0.0) for flow in of) for of in (INFLOWS, OUTFLOWS))
    return f"In {years[-1]} komt er {fte(came)} fte bij en gaat er {fte(-went)} fte weg."

"""The evidence page beside the scorecard: noise floor, where bands come from, England, mechanisms, the register of forecasts.

Every figure is computed, or comes from a result file that names the command which makes it again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from regio.regions.enums import LinkKind
from regio.regions.models import LocationLink
from regio.regions.queries import locations_in
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import number, share, short_date

from ..models import BacktestCell, ForecastRun
from ..queries import is_partly_private
from ..tables.spare import SPARE, spared
from .noise import YEARLY_OUTFLOW, floors

RESULTS = Path(__file__).with_name("results.yaml")
REGISTER_SHOWN = 12
FATES: dict[str, str] = {
    LinkKind.MERGER: "gefuseerd", LinkKind.MOVE: "verhuisd of andere code", LinkKind.CLOSURE: "gesloten", LinkKind.SPLIT: "gesplitst",
}  # fmt: skip


# ----------------------------------------------------------------------------------------------------- own locations
def of_region(cells: Sequence[BacktestCell], region_key: str) -> list[BacktestCell]:
    """Return the kept cells of the locations of a region."""
    here = set(locations_in(region_key).values_list("pk", flat=True)) if region_key else set()
    return [cell for cell in cells if cell.location_id in here]


def reasons_of(cells: Iterable[BacktestCell]) -> dict[int, str]:
    """Return what is known of a location that explains a miss: it merged, moved, split or closed."""
    places = {cell.location_id for cell in cells if cell.location_id}
    links = LocationLink.objects.filter(Q(old__in=places) | Q(new__in=places)).order_by("since", "pk")
    found: dict[int, str] = {}
    for link in links:
        day = f" {short_date(link.since)}" if link.since else ""
        for place, words in ((link.old_id, FATES[link.kind]), (link.new_id, f"ontstaan: {FATES[link.kind]}")):
            if place in places:
                found[place] = f"{words}{day}"
    return found


# ------------------------------------------------------------------------------------------------------- noise floor
def noise_table() -> Table:
    """Return how far off a perfect forecast of next year's leavers would be, by size."""
    rows = [
        Row(Cell(number(one.teachers), note=one.what), [Cell(number(one.leavers, 1)), Cell(number(one.sd, 1)), Cell(share(one.wape, 0))])
        for one in floors()
    ]  # fmt: skip
    columns = [
        Cell("Leraren"),
        Cell("Verwacht vertrek"),
        Cell("Standaardafwijking", SPARE),
        Cell("Fout van een volmaakt model"),
    ]
    return Table(f"Toeval bij {share(YEARLY_OUTFLOW, 0)} vertrek per jaar", columns, spared(columns, rows))


# ----------------------------------------------------------------------------------------------- measured elsewhere
@dataclass(frozen=True)
class Measured:
    """A result that was measured with a command, and the table of it."""

    table: Table
    command: str
    measured_on: Any
    source: str


@lru_cache(maxsize=1)
def england() -> Measured:
    """Return how the rates of the staff engine did on counted teachers in England."""
    found = yaml.safe_load(RESULTS.read_text(encoding="utf-8"))["england"]
    columns = [Cell("Voorspelling"), *(Cell(f"voor {year}") for year in found["years"])]
    rows = [Row(Cell(row["name"]), [Cell(share(error / 100, 2)) for error in row["errors"]]) for row in found["rows"]]
    caption = found["what"][:1].upper() + found["what"][1:]
    return Measured(Table(caption, columns, rows), found["command"], found["measured_on"], found["source"])


# ------------------------------------------------------------------------------------------------------ the register
def register_figure(runs: Sequence[ForecastRun], *, names: Mapping[str, str] | None = None) -> Figure | None:
    """Return the register of what was said before it was counted: every finished run with its hash, newest first."""
    if not runs:
        return None
    newest = sorted(runs, key=lambda run: -run.pk)
    columns = [Cell("Prognose"), Cell("Voor", "words"), Cell("Gemaakt", "words"), Cell("Telling", f"words {SPARE}"), Cell("Tot en met", SPARE), Cell("Controlegetal", f"words {SPARE}")]  # fmt: skip
    rows = spared(columns, [_register_row(run, names or {}) for run in newest[:REGISTER_SHOWN]])
    return Figure(
        slug="register", title="", label="het register van prognoses", unit="prognose", source=_source(), reference_date=None,
        table=Table("Prognoses, vastgelegd voordat er is geteld; de nieuwste bovenaan", columns, rows),
        records=[_register_record(run) for run in newest],
    )  # fmt: skip


def _source() -> str:
    return "dit programma, Regio Voorbeeld (verzonnen)" if settings.DEMO else "dit programma"


def _register_row(run: ForecastRun, names: Mapping[str, str]) -> Row:
    last = run.base_date.year + run.years if run.base_date else 0
    return Row(
        Cell(f"Prognose {run.pk}", href=reverse("run", args=[run.pk])),
        [Cell(names.get(run.region_key, run.region_key), "words"), Cell(short_date(run.created_at.date()), "words"), Cell(short_date(run.base_date), "words"),
         Cell(str(last or "–")), Cell("niet voor iedereen" if is_partly_private(run) else f"{run.result_sha256[:12]}…", "words nowrap")],
    )  # fmt: skip


def _register_record(run: ForecastRun) -> dict[str, object]:
    is_private = is_partly_private(run)
    return {
        "prognose": run.pk, "regio": run.region_key, "gemaakt": run.created_at.isoformat(timespec="seconds"),
        "telling": run.base_date.isoformat() if run.base_date else "", "jaren": run.years, "berekeningen": run.draws, "startgetal": "" if is_private else run.seed,
        "model": run.model_version, "bestanden": run.data_vintage, "uitkomst": "" if is_private else run.result_sha256,
    }  # fmt: skip

"""The figures of a snapshot in tables, a drawing and records; and what a board gives in, beside what all give in together.

Everything of other boards comes from the snapshot as it was kept. A total is the sum of what is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any

from django.urls import reverse

from regio.shared.charts import Part, Stacked
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import between, fte, long_date, number

from ..models import JointRound, JointSnapshot
from ..tables.ground import shown_years

NORMAL_P90 = 1.2816
MILLI_PER_FTE = 1000
WHOLE = "overig"
NAMES = {"mens_en_maatschappij": "mens en maatschappij", "kunst_en_sport": "kunst en sport", "exact": "exacte vakken"}
ALL_FUNCTIONS = "alle functies samen"
WHAT = "tekort min overschot"
Band = tuple[float, float, float]  # expected, low, high [fte]


@dataclass(frozen=True)
class SnapshotPart:
    """One group of a snapshot, its band widened by the deviation."""

    name: str
    why: str
    deviation_fte: float
    years: Mapping[int, Band]

    @property
    def is_shown(self) -> bool:
        """Whether the group may be shown."""
        return bool(self.years)


def group_name(group: str, *, of_many: bool = True) -> str:
    """Return what people call a group; the one group of a sector without subjects is all functions."""
    return NAMES.get(group, group) if of_many else ALL_FUNCTIONS


def parts_of(snapshot: JointSnapshot) -> list[SnapshotPart]:
    """Return the groups of a snapshot as they may be shown."""
    many = len(snapshot.parts) > 1
    return [
        SnapshotPart(
            name=", ".join(group_name(group, of_many=many) for group in part["groups"]), why=part["why"],
            deviation_fte=part["deviation_fte"],
            years={int(year): widened(three, part["deviation_fte"]) for year, three in part["years"].items()},
        )
        for part in snapshot.parts
    ]  # fmt: skip


def widened(three: list[int], deviation_fte: float) -> Band:
    """Return expected, low and high with the deviation of the protection in the band [fte]."""
    middle, low, high = three
    own = NORMAL_P90 * deviation_fte
    return float(middle), middle - hypot(middle - low, own), middle + hypot(high - middle, own)


def total_of(snapshot: JointSnapshot) -> SnapshotPart | None:
    """Return the sum of the groups that are shown; None where none is."""
    shown = [part for part in snapshot.parts if part["shown"]]
    if not shown:
        return None
    deviation = hypot(*(part["deviation_fte"] for part in shown))
    sums = {
        int(year): [sum(part["years"][year][place] for part in shown) for place in range(3)]
        for year in shown[0]["years"]
    }
    years = {year: widened(three, deviation) for year, three in sums.items()}
    return SnapshotPart(
        "Samen" if len(shown) == len(snapshot.parts) else "Samen, van wat hier staat", "", deviation, years
    )


def joint_figure(held: JointRound, snapshot: JointSnapshot) -> Figure:
    """Return the joint shortage per group and year with its band, drawn as one column a year."""
    parts, total = parts_of(snapshot), total_of(snapshot)
    rows = [_row(part) for part in parts] + ([_row(total, is_total=True)] if total and len(parts) > 1 else [])
    years = _years(total)
    head = [Cell("Groep" if len(parts) > 1 else "Wie"), *(Cell(str(year)) for year in years)]
    return Figure(
        slug="samen-tekort", title="", label="tekort samen", unit=f"fte op 1 oktober, {WHAT}", band="Band: 80\u00a0% zekerheid.",
        source=f"{len(snapshot.boards)} besturen, momentopname van {long_date(snapshot.made_at.date())}",
        reference_date=held.reference_date, table=Table("Tekort samen per groep en jaar in fte", head, rows),
        chart=_chart(total) if total else None, records=_records(held, snapshot, parts, total), note=protection_words(snapshot, total),
    )  # fmt: skip


def protection_words(snapshot: JointSnapshot, total: SnapshotPart | None) -> str:
    """Say how the figures are protected and what that costs."""
    if snapshot.is_exact:
        return "Dit zijn exacte totalen: alle besturen die meedoen stemden daarmee in. Alle andere besturen samen kennen dus het cijfer van het laatste."
    words = "De cijfers zijn hele fte en bevatten van elk bestuur een geheime afwijking. De banden zijn daardoor breder"
    return f"{words}; in het totaal is de afwijking meestal kleiner dan {number(NORMAL_P90 * total.deviation_fte)} fte." if total else f"{words}."  # fmt: skip


def _years(part: SnapshotPart | None) -> list[int]:
    return shown_years(sorted(part.years)) if part else []


def _row(part: SnapshotPart, *, is_total: bool = False) -> Row:
    head = Cell(part.name[:1].upper() + part.name[1:])
    if not part.is_shown:
        return Row(head, [Cell(f"niet te tonen: {part.why}", "words")])
    cells = [_banded(part.years[year]) for year in _years(part)]
    return Row(head, cells, is_total)


def _banded(band: Band) -> Cell:
    middle, low, high = band
    return Cell(number(middle), note=between(number(low), number(high)))


def _chart(total: SnapshotPart) -> Stacked:
    years = sorted(total.years)
    first, last = total.years[years[0]], total.years[years[-1]]
    return Stacked(
        key="samen-tekort", title="Tekort van de besturen samen", columns=tuple(map(str, years)),
        parts=(Part("samen", "shortage-3", tuple(total.years[year][0] for year in years)),),
        band=tuple(total.years[year][1:] for year in years),
        description=f"Het tekort samen gaat van {number(first[0])} fte in {years[0]} naar {number(last[0])} fte in {years[-1]}.",
    )  # fmt: skip


def _records(
    held: JointRound, snapshot: JointSnapshot, parts: list[SnapshotPart], total: SnapshotPart | None
) -> list[dict[str, object]]:
    every = [*parts, *([total] if total and len(parts) > 1 else [])]
    return [
        {
            "voor": f"{len(snapshot.boards)} besturen in {held.region_key}", "groep": part.name, "wat": WHAT, "jaar": year,
            "gemiddelde": band[0], "laag": round(band[1]), "hoog": round(band[2]), "niet te tonen omdat": "",
        }
        for part in every for year, band in sorted(part.years.items())
    ] + [
        {"voor": f"{len(snapshot.boards)} besturen in {held.region_key}", "groep": part.name, "wat": WHAT, "jaar": "", "gemiddelde": "", "laag": "", "hoog": "", "niet te tonen omdat": part.why}
        for part in parts if not part.is_shown
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------------- of one board
def given_table(figures: Mapping[str, Any], *, caption: str, joint: JointSnapshot | None = None) -> Table | None:
    """Return what a board gives in, exactly; with what all give in together beside it in the last year where that is shown."""
    if not figures:
        return None
    many, years = len(figures) > 1, sorted({int(year) for of in figures.values() for year in of})
    chosen = shown_years(years)
    together = {group: part for part in joint.parts for group in part["groups"] if part["shown"]} if joint else {}
    columns = [Cell("Groep"), *(Cell(str(year)) for year in chosen)]
    columns += [Cell(f"Alle besturen samen {years[-1]}")] if together else []
    rows = []
    for group, of in figures.items():
        cells = [_exact(of[str(year)]) for year in chosen]
        if together:
            part = together.get(group)
            cells.append(_banded(widened(part["years"][str(years[-1])], part["deviation_fte"])) if part and str(years[-1]) in part["years"] else Cell("niet te tonen", "words"))  # fmt: skip
        name = group_name(group, of_many=many)
        rows.append(Row(Cell(name[:1].upper() + name[1:]), cells))
    return Table(caption, columns, rows)


def _exact(milli: list[int]) -> Cell:
    middle, low, high = (value / MILLI_PER_FTE for value in milli)
    return Cell(fte(middle), note=between(fte(low), fte(high)))


def address_of(held: JointRound) -> str:
    """Return the address of a round."""
    return reverse("joint_round", args=[held.region_key, held.pk])

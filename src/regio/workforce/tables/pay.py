"""What the staff costs its employers: per year, and per fte, at the price level of the assumption it rests on.

Only staff that is loaded has a cost. The number of fte is that of the forecast; what an fte costs is an assumption with a
date and a band, and the band of the cost is that of the assumption alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import HARD_SPACE, between, number

from .ground import BAND, COMPUTED, EXPECTED, Ground

MILLION = 1_000_000
NOTE = (
    "Wat een fte kost, is een aanname. Het is het gemiddelde van al het personeel in de sector, niet van leraren alleen; "
    "latere loonstijgingen tellen niet mee, en dat een hogere schaal meer kost is ook een aanname."
)


@dataclass(frozen=True)
class PerFte:
    """What one fte costs in a year [euro], with its band, price level and source."""

    value: float
    low: float
    high: float
    price_level: str
    source: str


@dataclass(frozen=True)
class Pay:
    """What the staff of a scope costs per year [euro], and how much staff that is [fte]."""

    per_fte: PerFte
    costs_eur: Mapping[int, float]
    staff_fte: Mapping[int, float]

    @property
    def years(self) -> list[int]:
        """The years of which cost and staff are known."""
        return [year for year in sorted(self.costs_eur) if self.staff_fte.get(year)]

    def band(self, year: int) -> tuple[float, float]:
        """Return both ends of the cost of a year, by the band of what an fte costs [euro]."""
        cost, one = self.costs_eur[year], self.per_fte
        return cost * one.low / one.value, cost * one.high / one.value

    @property
    def words(self) -> str:
        """The first year in words: `152 miljoen euro in 2025, 83.700 euro per fte (prijspeil 2018)`."""
        if not self.years:
            return ""
        year = self.years[0]
        per_fte = euro(self.costs_eur[year] / self.staff_fte[year])
        return f"{millions(self.costs_eur[year])} miljoen euro in {year}, {per_fte} per fte (prijspeil {self.per_fte.price_level})"


def euro(value: float) -> str:
    """Return an amount as people write it, in hundreds: `€ 83.700`."""
    return f"€{HARD_SPACE}{number(round(value, -2))}"


def millions(value: float, like: float | None = None) -> str:
    """Return an amount in millions, without decimals from 100 million up; `like` is another amount whose decimals to take."""
    return number(value / MILLION, 0 if (like or value) >= 100 * MILLION else 1)


def pay_figure(ground: Ground, pay: Pay, *, slug: str, note: str = "") -> Figure | None:
    """Return the cost per year and per fte; None where nothing is known."""
    if not pay.years:
        return None
    one = pay.per_fte
    columns = [Cell("1 oktober"), Cell("In dienst, fte"), Cell("Loonkosten per jaar, miljoen euro"), Cell("80\u00a0%\u2011band"), Cell("Per fte, euro")]  # fmt: skip
    return Figure(
        slug=slug, title="", label="loonkosten", unit=f"euro per jaar, prijspeil {one.price_level}", band=BAND, note=f"{NOTE} {note}".strip(),
        source=f"{ground.source}; kosten per fte: {one.source}", reference_date=ground.base_date, address=ground.address(slug),
        table=Table("Wat de leraren in dienst een werkgever kosten", columns, [_row(pay, year) for year in pay.years]),
        records=_records(ground, pay),
    )  # fmt: skip


def _row(pay: Pay, year: int) -> Row:
    cost, staff = pay.costs_eur[year], pay.staff_fte[year]
    band = between(*(millions(end, cost) for end in pay.band(year)))
    return Row(Cell(str(year)), [Cell(number(staff, 1)), Cell(millions(cost)), Cell(band, "band"), Cell(number(round(cost / staff, -2)))])  # fmt: skip


def _records(ground: Ground, pay: Pay) -> list[dict[str, object]]:
    return [
        {
            "voor": ground.scope.name, "jaar": year, "soort": COMPUTED if year == ground.base_year else EXPECTED,
            "fte in dienst": pay.staff_fte[year], "loonkosten": pay.costs_eur[year], "p10": pay.band(year)[0], "p90": pay.band(year)[1],
            "per fte": pay.costs_eur[year] / pay.staff_fte[year], "prijspeil": pay.per_fte.price_level,
        }
        for year in pay.years
    ]  # fmt: skip


def pay_of(facts: Mapping[str, object], costs_eur: Mapping[int, float], staff_fte: Mapping[int, float]) -> Pay:
    """Return the cost of a scope with what a run says about it."""
    value, low, high = (float(str(facts[name])) for name in ("eur_per_fte", "low", "high"))
    return Pay(PerFte(value, low, high, str(facts["prijspeil"]), str(facts["bron"])), costs_eur, staff_fte)

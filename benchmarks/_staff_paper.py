"""What `bench staff` prints and writes down: lines, `bench.json`, and the Dutch table of the README."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- begin: meting bezetting -->", "<!-- einde: meting bezetting -->"
NAMES = {
    "region, full model, bands included": "regio: 3.000 personen, 15 jaar, 1.000 trekkingen, met bandbreedten per cel (1.000 cellen)",
    "preview of 200 draws, full model": "vooruitblik met 200 trekkingen",
    "full model against numpy, per core": "volledige model: sneller dan dezelfde berekening in numpy, per kern",
    "national, 100 regions of 3,000, full model, bands included": "heel het land: 300.000 personen in 100 regio's",
    "national, memory at most": "heel het land: geheugen",
    "kernel without coupling, 300,000 × 15 × 1,000 person-years": "zonder koppeling: 4,5 miljard persoonsjaren",
    "kernel against numpy, same job, per core": "zonder koppeling: sneller dan numpy, per kern",
    "worker, cold start to first answer": "werkproces: van start tot eerste antwoord",
    "twice as many persons": "tijd bij twee keer zoveel personen",
    "twice as many years": "tijd bij twee keer zoveel jaren",
    "twice as many draws": "tijd bij twee keer zoveel trekkingen",
    "variance of a difference, other lots / same lots, year 5": "verschil van twee scenario's: spreiding met andere lotingen / met dezelfde, jaar 5",
    "variance of a difference, other lots / same lots, year 15": "hetzelfde in jaar 15",
}


@dataclass(frozen=True)
class Row:
    """One measured figure beside its bars; `most` says whether the bar is a largest value."""

    name: str
    value: float
    unit: str
    must: float
    aim: float
    most: bool = True
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the figure meets what it must."""
        return self.value <= self.must if self.most else self.value >= self.must


def line(row: Row) -> str:
    """Return one figure as a line to print."""
    return f"{'met' if row.is_met else 'MISSED':7s} {row.name:62s} {row.value:8.2f} {row.unit:3s} must {row.must:g}, aim {row.aim:g}  {row.note}"


def write(found: dict[str, Any], *, folder: Path, readme: Path | None) -> None:
    """Write everything that was found to a file, and the table into the README where asked."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(found, indent=1))
    if readme:
        before, rest = readme.read_text().split(BEGIN)
        readme.write_text(f"{before}{BEGIN}\n{_table(found)}\n{END}{rest.split(END)[1]}")


def _table(found: dict[str, Any]) -> str:
    """Return the figures as a Dutch Markdown table."""
    lines = ["| wat | gemeten | moet | streven | drukte |", "|---|---|---|---|---|"]
    for row in found["rows"]:
        sign = "≤" if row["most"] else "≥"
        value, must, aim, load = (f"{row[name]:.3g}".replace(".", ",") for name in ("value", "must", "aim", "load"))
        lines.append(f"| {NAMES[row['name']]} | {value} {row['unit']} | {sign} {must} | {sign} {aim} | {load} |")
    same = all(found["hashes"].values())
    lines.append(
        f"\nGemeten op {found['machine']['cores']} gedeelde kernen; alle onderdelen van het model aan, zoals in `regio forecast`."
        " Drukte: hoeveel taken tegelijk om een kern vroegen (gemiddeld over een minuut, deze meting zelf meegeteld)."
        f" {len(found['hashes'])} manieren van rekenen gaven {'dezelfde' if same else 'NIET dezelfde'} bytes."
    )
    return "\n".join(lines)

"""What a run found, as plain dictionaries: the fields of the tables that keep it, without the run."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from regio.shared.bulk import as_json

Row = dict[str, Any]


@dataclass
class ForecastResult:
    """What a run found.

    Attributes:
        rows: of `ForecastValue`.
        flows: of `ForecastFlow`.
        ages: of `StaffAgeGroup`.
        spreads: of `ForecastSpread`; `quantiles` is a list.
        base_date: date of the newest count.
        facts: what a page says beside the figures.
    """

    rows: list[Row] = field(default_factory=list)
    flows: list[Row] = field(default_factory=list)
    ages: list[Row] = field(default_factory=list)
    spreads: list[Row] = field(default_factory=list)
    base_date: date | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def sha256(self) -> str:
        """Return a hash over every row, in order: equal only when every byte of every figure is."""
        digest = hashlib.sha256()
        for rows in (self.rows, self.flows, self.ages, self.spreads):
            digest.update(json.dumps(rows).encode() + b"\0")
        return digest.hexdigest()


def value_row(
    kind: str, code: str, measure: str, sector: str, item: str, year: int, mean: float, p10: float, p50: float, p90: float
) -> Row:  # fmt: skip
    """Return a row of `ForecastValue`."""
    numbers = {"mean": mean, "p10": p10, "p50": p50, "p90": p90}
    return scope_row(kind, code, sector) | {"measure": str(measure), "item": str(item), "count_year": year} | numbers


def scope_row(kind: str, code: str, sector: str) -> Row:
    """Return what every row begins with: of whom it is."""
    return {"scope_kind": str(kind), "scope_code": code, "sector": str(sector)}


def with_json(rows: list[Row], name: str) -> list[Row]:
    """Return the rows with one field as the text that a JSON column takes."""
    return [row | {name: as_json(row[name])} for row in rows]

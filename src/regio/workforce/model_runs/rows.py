"""Rows of a run as plain dictionaries: the fields of the tables that keep them, without the run."""

from typing import Any

Row = dict[str, Any]


def value_row(
    kind: str, code: str, measure: str, sector: str, item: str, year: int, mean: float, p10: float, p50: float, p90: float
) -> Row:  # fmt: skip
    """Return a row of `ForecastValue`."""
    numbers = {"mean": mean, "p10": p10, "p50": p50, "p90": p90}
    return scope_row(kind, code, sector) | {"measure": str(measure), "item": str(item), "count_year": year} | numbers


def scope_row(kind: str, code: str, sector: str) -> Row:
    """Return what every row begins with: of whom it is."""
    return {"scope_kind": str(kind), "scope_code": code, "sector": str(sector)}

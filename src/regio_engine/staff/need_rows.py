"""From drawn need to rows: mean and quantiles per position and year, groups of positions, changes since a year.

Quantiles do not add; means do. So every group and total is summed per draw first.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regio_engine.bands import mean_and_band
from regio_engine.units import MILLI_PER_FTE, Floats

ALL_POSITIONS = "alle"

Totals = NDArray[np.int64]  # (years, draws) in thousandths of fte


class NeedRow(NamedTuple):
    """The need of one position of one scope in one year [fte]; position "alle" is the sector's total."""

    scope: str
    sector: str
    position: str
    year: int
    mean: float
    p10: float
    p50: float
    p90: float


class NeedChangeRow(NamedTuple):
    """The change of the need since the base year [fte], and as a share of the need of the base year."""

    scope: str
    sector: str
    position: str
    year: int
    mean: float
    p10: float
    p50: float
    p90: float
    mean_share: float
    p10_share: float
    p50_share: float
    p90_share: float


def with_sums(totals: Mapping[str, Totals], groups: Mapping[str, str] | None = None) -> dict[str, Totals]:
    """Return the total, the groups and the positions, each summed per draw.

    Args:
        totals: need per position code.
        groups: position code → name of its group; positions without a group stay out of the groups.
    """
    sums: dict[str, Totals] = {ALL_POSITIONS: sum_of(list(totals.values()))}
    for name in dict.fromkeys((groups or {}).values()):
        members = [drawn for position, drawn in totals.items() if (groups or {}).get(position) == name]
        if members:
            sums[name] = sum_of(members)
    return {**sums, **totals}


def sum_of(parts: Sequence[Totals]) -> Totals:
    """Return the sum of parts per year and draw."""
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def need_rows(scope: str, sector: str, *, totals: Mapping[str, Totals], years: Sequence[int]) -> list[NeedRow]:
    """Return one row per position and year [fte]."""
    numbers = mean_and_band(np.stack(list(totals.values()))) / MILLI_PER_FTE
    return [
        NeedRow(scope, sector, position, year, *_rounded(numbers[:, p, y]))
        for p, position in enumerate(totals)
        for y, year in enumerate(years)
    ]


def change_rows(
    scope: str, sector: str, *, totals: Mapping[str, Totals], years: Sequence[int], base_year: int
) -> list[NeedChangeRow]:
    """Return one row per position and year with the change since the base year; a need of 0 then gives a share of 0."""
    drawn, base = np.stack(list(totals.values())), list(years).index(base_year)
    change = drawn - drawn[:, base : base + 1]
    shares = np.divide(
        change, drawn[:, base : base + 1], out=np.zeros(change.shape), where=drawn[:, base : base + 1] > 0
    )
    in_fte, in_share = mean_and_band(change) / MILLI_PER_FTE, mean_and_band(shares)
    return [
        NeedChangeRow(scope, sector, position, year, *_rounded(in_fte[:, p, y]), *_rounded(in_share[:, p, y]))
        for p, position in enumerate(totals)
        for y, year in enumerate(years)
    ]


def _rounded(numbers: Floats) -> tuple[float, float, float, float]:
    mean, p10, p50, p90 = (round(float(number), 4) for number in numbers)
    return mean, p10, p50, p90

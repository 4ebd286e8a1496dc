"""Need after the base year: the base (staff and unfilled) carried on with the need forecast, per cell and draw."""

import numpy as np
from numpy.typing import NDArray

from regio_engine.units import MilliFte

SMALLEST_RATIO_MILLI = 100  # a forecast need under a tenth of an fte is no base for a ratio
LARGEST_RATIO = 3  # nor does a need triple; then the change is added


def following_need(forecast_milli: MilliFte, *, base_milli: NDArray[np.integer]) -> MilliFte:
    """Return need per cell, year and draw [thousandths of fte]: the base year first, then base × forecast ratio.

    Where the forecast of the base year is too small for a ratio, or would more than triple, its change is added; need is
    never below 0.

    Args:
        forecast_milli: need by the forecast, base year first, shape (cells, years + 1, draws).
        base_milli: staff and unfilled, shape (cells, draws).
    """
    need = np.zeros(forecast_milli.shape, np.int32)
    asked = forecast_milli.any(axis=(1, 2)) | base_milli.any(axis=1)
    for cell in np.flatnonzero(asked):  # most positions are not taught at most places
        need[cell] = _of_cell(forecast_milli[cell].astype(np.int64), base_milli[cell].astype(np.int64))
    return need


def _of_cell(forecast: NDArray[np.int64], base: NDArray[np.int64]) -> NDArray[np.int64]:
    first = forecast[0]
    has_ratio = (first >= SMALLEST_RATIO_MILLI) & (forecast <= LARGEST_RATIO * first)
    divisor = np.maximum(first, 1)
    by_ratio = (2 * base * forecast + divisor) // (2 * divisor)  # rounded, in whole numbers
    by_change = np.maximum(base + forecast - first, 0)
    found = np.where(has_ratio, by_ratio, by_change)
    found[0] = base
    return np.asarray(found)

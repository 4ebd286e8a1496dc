"""What simulated staff costs an employer: fte per salary scale × cost per fte of the sector × factor of the scale.

No salary table ships with the product: cost per fte and factors are dated assumptions of `staff_pay.yaml`, and every
later year has the price level of their date.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.units import MILLI_PER_FTE


def cost_eur(
    scale_milli: NDArray[np.int64], *, draws: int, sector: str, parameters: StaffParameters
) -> NDArray[np.float64]:
    """Return the mean cost per place and year [euro], shape (places, years + 1).

    Args:
        scale_milli: fte per scale [thousandths], summed over draws, shape (places, years + 1, scales up to the
            highest that anybody has).
        draws: how many draws.
        sector: whose scales and cost.
        parameters: all figures.
    """
    factors = parameters.table(sector, "scale_cost_factor").rows
    scales = parameters.table(sector, "scale_shares").rows  # in the order of the scales in the staff
    per_scale = np.array([factors[scale] for scale in scales]) * parameters.figure(sector, "cost_per_fte").value
    return np.asarray(scale_milli @ per_scale[: scale_milli.shape[-1]] / (draws * MILLI_PER_FTE))


def pay_facts(*, sector: str, parameters: StaffParameters) -> dict[str, Any]:
    """Return what a page says beside a cost: price level, source, and whether the source is weak."""
    figure = parameters.figure(sector, "cost_per_fte")
    return {
        "prijspeil": figure.date,
        "bron": figure.source,
        "eur_per_fte": figure.value,
        "low": figure.low,
        "high": figure.high,
    }

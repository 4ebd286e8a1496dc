"""Small plans to draw from: a few locations with one or more years of study of havo, all alike unless said."""

import numpy as np

from regio_engine.pupils.draws import Chance
from regio_engine.pupils.levels import TYPES
from regio_engine.pupils.plan import NEVER, NO_SOURCE, Cells, FlowPlan

STEADY = np.ones((1, 4096))  # a location's share never moves


def small_plan(
    *, locations=4, classes=3, pupils=60.0, years=4, phi=1.0, cv=0.0, rate=1.0, markets=("A",), codes=None
) -> FlowPlan:
    """Return a plan with `classes` years of havo per location; year 1 has an intake, the others follow at `rate`."""
    size = locations * classes
    stage = np.tile(np.arange(classes), locations)
    source = np.where(stage > 0, np.arange(size) - 1, NO_SOURCE)
    return FlowPlan(
        codes=tuple(codes or (f"90A{n:01X}{n % 10}{n % 7}" for n in range(locations))),
        markets=tuple(markets[n % len(markets)] for n in range(locations)),
        cells=Cells(np.repeat(np.arange(locations), classes), ("havo",) * size, stage + 1),
        base=np.full(size, pupils), sources=source[:, None], rates=np.where(source >= 0, rate, 0.0)[:, None],
        intake=np.where(stage[:, None] == 0, pupils, 0.0) * np.ones(years), factor=np.ones((locations, years)),
        known=np.full((size, years), np.nan), phi=np.full(size, phi), cv=np.full(size, cv), rate_cv=np.zeros(size),
        slot=stage, gone_from=np.full(locations, NEVER),
    )  # fmt: skip


def chance(*, seed=1, draws=400, years=4, market_sd=0.0, steps=STEADY, first_year=2026) -> Chance:
    """Return chances in which only the classes themselves stray, unless said."""
    return Chance(
        seed=seed, first_year=first_year, size_floors=tuple(0.0 for _ in steps), location_steps=steps,
        market_sd=market_sd, national=np.ones((len(TYPES), years, draws)),
    )  # fmt: skip

"""Speed of drawn pupils: 1,890 cells and 900 locations x 15 classes, 15 years, 1,000 draws, quantiles and sums included.

    PYTHONPATH=src python benchmarks/pupils.py

Prints wall time, processor time and peak memory per case beside the bar. On a busy machine read the processor time.
"""

import json
import resource
import time
from dataclasses import dataclass

import numpy as np

from regio_engine.bands import spread_of
from regio_engine.pupils.draws import Chance, draw_blocks
from regio_engine.pupils.levels import TYPES
from regio_engine.pupils.plan import NEVER, NO_SOURCE, Cells, FlowPlan
from regio_engine.pupils.summaries import sum_draws
from regio_engine.pupils.tables import step_table

YEARS, DRAWS, MARKETS = 15, 1000, 39
LEVEL_OF_CLASS = ("havo",) * 6 + ("vwo",) * 6 + ("vmbo_k",) * 3


@dataclass(frozen=True)
class Case:
    """One bar: how many locations and classes, how many threads, and the seconds that must and should do."""

    name: str
    locations: int
    classes: int
    threads: int
    must_s: float
    aim_s: float


CASES = (
    Case("1.890 cells", 630, 3, 1, 5.0, 2.0),
    Case("900 locations x 15 classes", 900, 15, 2, 20.0, 5.0),
)


def plan_of(case: Case) -> FlowPlan:
    """Return a plan with classes that follow each other and an intake in year 1."""
    size = case.locations * case.classes
    stage = np.tile(np.arange(case.classes), case.locations)
    source = np.where(stage > 0, np.arange(size) - 1, NO_SOURCE)
    return FlowPlan(
        codes=tuple(f"90{n:04d}" for n in range(case.locations)),
        markets=tuple(f"m{n % MARKETS:02d}" for n in range(case.locations)),
        cells=Cells(np.repeat(np.arange(case.locations), case.classes), LEVEL_OF_CLASS[: case.classes] * case.locations, stage % 6 + 1),
        base=np.full(size, 60.0), sources=source[:, None], rates=np.where(source >= 0, 1.0, 0.0)[:, None],
        intake=np.where(stage[:, None] == 0, 60.0, 0.0) * np.ones(YEARS), factor=np.ones((case.locations, YEARS)),
        known=np.full((size, YEARS), np.nan), phi=np.full(size, 1.0), cv=np.full(size, 0.05), rate_cv=np.full(size, 0.02),
        slot=stage, gone_from=np.full(case.locations, NEVER),
    )  # fmt: skip


def measure(case: Case) -> dict[str, float | str]:
    """Draw, sum per level and take quantiles block by block; return what it took."""
    steps = step_table(shares=(0, 0.1, 0.5, 0.9, 1), log_steps=(-0.8, -0.1, 0, 0.1, 0.6), vanish_share=0.012)
    chance = Chance(
        seed=1, first_year=2026, size_floors=(0.0,), location_steps=steps[None], market_sd=0.012,
        national=np.ones((len(TYPES), YEARS, DRAWS)),
    )  # fmt: skip
    plan = plan_of(case)
    wall, cpu = time.perf_counter(), time.process_time()
    for block in draw_blocks(plan, chance, threads=case.threads):
        spread_of(block.draws)
        _, summed = sum_draws(block.draws, [plan.cells.level[cell] for cell in block.cells])
        spread_of(summed)
    return {
        "case": case.name, "wall_s": round(time.perf_counter() - wall, 2), "cpu_s": round(time.process_time() - cpu, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "must_s": case.must_s,
        "aim_s": case.aim_s, "threads": case.threads,
    }  # fmt: skip


if __name__ == "__main__":
    for case in CASES:
        print(json.dumps(measure(case), ensure_ascii=False))

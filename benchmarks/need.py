"""`run.py bench need`: the need of a region and of the whole country from drawn pupils, against its bars.

Pupils are invented (a market of locations with five levels each), so only the need is measured: planning, drawing,
summing and quantiles for the region and for every location.
"""

import resource
import sys
import time
from importlib import resources

import numpy as np

from regio_engine.keyed_random import stable_id, uniform, words
from regio_engine.parameters import load_demand_rules, load_lesson_table, load_positions
from regio_engine.staff.location_split import LocationSplit
from regio_engine.staff.need_forecast import forecast_need
from regio_engine.units import LearnerDraws, learner_draws

LEVELS = {"vmbo_b": 4, "vmbo_k": 4, "vmbo_gt": 4, "havo": 5, "vwo": 6}
YEARS, DRAWS = range(2026, 2032), 1000
REGION_S, COUNTRY_S, COUNTRY_GB = 1.0, 60.0, 1.5


def main() -> int:
    """Measure both; return 1 where a bar is missed."""
    region, country = measure(40), measure(1450)
    used_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"region, 40 locations:     {region:6.2f} s (bar {REGION_S} s)")
    print(
        f"country, 1,450 locations: {country:6.2f} s (bar {COUNTRY_S} s), {used_gb:.2f} GB at most (bar {COUNTRY_GB} GB)"
    )
    return int(region > REGION_S or country > COUNTRY_S or used_gb > COUNTRY_GB)


def measure(locations: int) -> float:
    """Return how long planning and two summaries take [s]."""
    learners, split = invented(locations), vocational_split()
    table, rules = load_lesson_table(shipped("lesson_table.yaml")), load_demand_rules(shipped("demand_rules.yaml"))
    codes = sorted(set(learners.location_codes.tolist()))
    began = time.perf_counter()
    splits = dict.fromkeys(codes, split)
    forecast = forecast_need(learners, table=table, rule_for=lambda _, sector: rules[sector], splits=splits, seed=1)
    forecast.summary(dict.fromkeys(codes, "alle"))
    forecast.summary({code: code for code in codes})
    return time.perf_counter() - began


def invented(locations: int) -> LearnerDraws:
    """Return classes of 20 to 60 pupils, other ones in every year and draw."""
    cells = [
        (f"{i:06d}", level, stage)
        for i in range(locations)
        for level, last in LEVELS.items()
        for stage in range(1, last + 1)
    ]
    counts = np.empty((len(cells), len(YEARS), DRAWS), np.int32)
    for row, cell in enumerate(cells):
        ids = np.array([[stable_id(str(cell))]])
        years, draws = np.array(YEARS)[:, None], np.arange(DRAWS)[None]
        word = words(seed=1, purpose="bench", stable_ids=ids, years=years, draws=draws)[0]
        counts[row] = 20 + 40 * uniform(word)
    return learner_draws(cells=cells, years=YEARS, counts=counts)


def vocational_split() -> LocationSplit:
    """Return a location that offers every profile."""
    profiles = load_positions(shipped("positions.yaml")).profiles
    shares = {profile: 1 / len(profiles) for profile in profiles}
    return LocationSplit(profiles=dict.fromkeys(("vmbo_b", "vmbo_k", "vmbo_gt"), shares))


def shipped(name: str) -> str:
    """Return the text of a parameter file."""
    return resources.files("regio_engine.parameters").joinpath(name).read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

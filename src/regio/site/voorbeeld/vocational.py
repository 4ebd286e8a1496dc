"""Students of mbo per college and level: part of them stays, the exam candidates of vo of last summer bring new ones."""

from dataclasses import dataclass

import numpy as np

from .chance import Chance, Counts, Numbers, noisy_counts
from .schools import Location
from .secondary import START as VO_START
from .secondary import Secondary
from .timeline import NEWEST
from .truth import LEVELS, Truth

MBO_LEVELS = ("mbo_1", "mbo_2", "mbo_3", "mbo_4")
START = VO_START + 2
# (level of mbo, level of vo) of those who come straight from an exam class
_SOURCE = {"mbo_1": ("pro",), "mbo_2": ("vmbo_b",), "mbo_3": ("vmbo_k",), "mbo_4": ("vmbo_gt", "havo")}


@dataclass(frozen=True)
class Vocational:
    """Students [moment, college, level] from moment START."""

    students: Counts
    locations: tuple[Location, ...]

    def at(self, moment: int) -> Counts:
        """Return students [college, level] of a moment."""
        return self.students[moment - START]


def simulate_vocational(truth: Truth, chance: Chance, *, secondary: Secondary, mbo: tuple[Location, ...]) -> Vocational:
    """Simulate mbo; the inflow per candidate is scaled so that the newest count has the total of the truth."""
    supply = _supply(truth, secondary)
    for _ in range(2):  # the first run shows how far chance leads away from the total
        counts = _run(truth, chance, supply=supply, mbo=mbo)
        supply = supply * truth.mbo_students / counts[NEWEST - START].sum()
    return Vocational(_run(truth, chance, supply=supply, mbo=mbo), mbo)


def _run(truth: Truth, chance: Chance, *, supply: Numbers, mbo: tuple[Location, ...]) -> Counts:
    """Return students [moment, college, level] for a supply of new students [moment, level]."""
    share = np.array([location.pull for location in mbo]) / sum(location.pull for location in mbo)
    stay = np.array([truth.mbo_stay[level] for level in MBO_LEVELS])
    counts = np.zeros((len(supply), len(mbo), len(MBO_LEVELS)), np.int64)
    counts[0] = np.rint(np.outer(share, supply[0] / (1 - stay)))
    for step in range(1, len(supply)):
        expected = counts[step - 1] * stay + np.outer(share, supply[step])
        generator = chance.of("mbo", START + step)
        counts[step] = noisy_counts(generator, expected, dispersion=truth.mbo_dispersion, spread=truth.mbo_spread)
    return counts


def _supply(truth: Truth, secondary: Secondary) -> Numbers:
    """Return new students per moment and level, up to a factor: leavers of the school year before."""
    last = secondary.pupils.sum(axis=1)
    exams = secondary.exams.sum(axis=1)
    rows = []
    for moment in range(START, VO_START + len(exams)):
        before = moment - VO_START - 1
        rows.append([_leavers(level, exams[before], last[before]) for level in MBO_LEVELS])
    supply = np.array(rows, float)
    return 1000 * supply / supply.mean(axis=0) * np.array([truth.mbo_inflow[level] for level in MBO_LEVELS])


def _leavers(level: str, exams: Counts, pupils: Counts) -> float:
    """Return candidates (pro has none: pupils of years 4-6) who may start at this level of mbo."""
    if level == "mbo_1":
        return float(pupils[LEVELS.index("pro"), 3:].sum())
    return float(sum(exams[LEVELS.index(source)] * (0.3 if source == "havo" else 1) for source in _SOURCE[level]))

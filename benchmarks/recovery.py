"""Do the estimated rates of staff recover known ones? 200 invented countries, each with rates drawn from what is expected.

    python run.py bench recovery [--replicates 200]

Every replicate draws rates of five exit causes, of entry and of net switching, lets every person have one exit at most,
estimates the rates from the counts alone, and looks where the true rate lies among draws of the estimate. Intervals
of 90 % must hold 85-95 % of the true rates, and ranks must be spread evenly (chi-square). Fails where either does not.
Method: Talts and others, "Validating Bayesian inference algorithms with simulation-based calibration" (2018).
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.keyed_random import stable_id, uniform, words
from regio_engine.staff.rates import SPREADS, Counted, Expected, pooled_shares
from regio_engine.staff.rates_beta import beta_quantile
from regio_engine.staff.rates_changes import SIZES, pooled_changes

Floats = NDArray[np.float64]
Ranks = NDArray[np.int64]

BANDS, BOARDS, SUBJECTS, YEARS = 3, 6, 19, 3
PEOPLE = (0, 5, 20, 60, 150, 400)  # per board and age band; where nobody was counted the wider level speaks
CAUSES = ("retire", "leave sector", "die or disabled", "leave region", "move inside")
# expected rate and its spread per cause and age band: invented, of the size that staff of schools have
MEANS = ((0.002, 0.004, 0.15), (0.08, 0.04, 0.03), (0.002, 0.004, 0.012), (0.03, 0.015, 0.008), (0.03, 0.02, 0.01))
SPREAD_OVER_MEAN = 0.35
ENTRY_MEAN = 0.08
DRAWS, BINS = 99, 10
LIMIT = 21.67  # chi-square with 9 degrees of freedom is above it once in a hundred
COVERED = (0.85, 0.95)


@dataclass(frozen=True)
class Chance:
    """Uniforms of one replicate, each a pure function of what it is for."""

    seed: int
    replicate: int

    def uniforms(self, purpose: str, *shape: int) -> Floats:
        """Return independent uniforms of this shape for this purpose."""
        ids = np.arange(int(np.prod(shape)))
        return uniform(words(seed=self.seed, purpose=purpose, stable_ids=ids, years=self.replicate, draws=0)[0]).reshape(shape)  # fmt: skip


@dataclass(frozen=True)
class Cells:
    """What is looked at: people per cell, the wider level of each, what was expected of it, and which rate it is."""

    kind: str
    people: NDArray[np.int64]
    group: NDArray[np.int64]
    told: Expected


# -------------------------------------------------------------------------------------------------------- one replicate
def exits(chance: Chance) -> dict[str, Ranks]:
    """Let people of every board and age band leave for one cause at most; return the ranks per cause, (cells,)."""
    group, people = np.repeat(np.arange(BANDS), BOARDS), np.tile(PEOPLE, BANDS)
    causes = [
        Cells(cause, people, group, Expected(np.array(means), SPREAD_OVER_MEAN * np.array(means)))
        for cause, means in zip(CAUSES, MEANS, strict=True)
    ]
    truth = np.stack([true_rates(cells, chance) for cells in causes])
    cell = np.repeat(np.arange(len(people)), people)
    fate = (chance.uniforms("fate", len(cell)) >= np.cumsum(truth, axis=0)[:, cell]).sum(axis=0)
    events = [np.bincount(cell[fate == cause], minlength=len(people)) for cause in range(len(CAUSES))]
    return {
        cells.kind: ranks_of(events[index], truth[index], cells=cells, chance=chance)
        for index, cells in enumerate(causes)
    }


def entry(chance: Chance) -> dict[str, Ranks]:
    """Let people enter subjects of very different sizes; return the ranks of the entry rates, (subjects,)."""
    told = Expected(np.array([ENTRY_MEAN]), np.array([SPREAD_OVER_MEAN * ENTRY_MEAN]), between=0.4)
    cells = Cells("entry", 10 + 15 * np.arange(SUBJECTS), np.zeros(SUBJECTS, np.int64), told)
    truth = true_rates(cells, chance)
    subject = np.repeat(np.arange(SUBJECTS), cells.people)
    comes = chance.uniforms("comes", len(subject)) < truth[subject]
    return {"entry": ranks_of(np.bincount(subject[comes], minlength=SUBJECTS), truth, cells=cells, chance=chance)}


def switching(chance: Chance) -> dict[str, Ranks]:
    """Let subjects gain and lose stayers with a lasting and a straying part; return the ranks of the lasting part."""
    lasting_sd, stray_sd = SIZES[(chance.uniforms("sizes", 2) * len(SIZES)).astype(np.int64)]
    truth = lasting_sd * _normal(chance, "lasting", SUBJECTS)
    pooled = pooled_changes(truth + stray_sd * _normal(chance, "stray", YEARS, SUBJECTS))
    two = chance.uniforms("switch a", DRAWS, SUBJECTS), chance.uniforms("switch b", DRAWS, SUBJECTS)
    return {"net switching": (pooled.draws(size=chance.uniforms("switch", DRAWS), cell=two) < truth).sum(axis=0)}


PARTS: tuple[Callable[[Chance], dict[str, Ranks]], ...] = (exits, entry, switching)


def true_rates(cells: Cells, chance: Chance) -> Floats:
    """Draw what is to be found back: how far cells lie apart, the rate of each group, the rate of each cell."""
    told = cells.told
    shares = np.cumsum(np.exp(told.spread_weights))
    at = np.searchsorted(shares, chance.uniforms(f"{cells.kind} spread", 1)[0])
    ahead, behind = told.persons * told.mean, told.persons * (1 - told.mean)
    of_group = beta_quantile(ahead, behind, chance.uniforms(f"{cells.kind} group", len(told.mean)))[cells.group]
    persons = 1 / (of_group * (1 - of_group) * SPREADS[min(int(at), len(SPREADS) - 1)] ** 2) - 1
    uniforms = chance.uniforms(f"{cells.kind} cell", len(cells.group))
    return beta_quantile(persons * of_group, persons * (1 - of_group), uniforms)


def ranks_of(events: NDArray[np.int64], truth: Floats, *, cells: Cells, chance: Chance) -> Ranks:
    """Estimate the rates from the counts, and return how many of the draws lie below the true rate of each cell."""
    counted = Counted(cells.people.astype(np.float64), events.astype(np.float64), cells.group)
    drawn = pooled_shares(counted, cells.told).draws(
        spread=chance.uniforms(f"{cells.kind} drawn spread", DRAWS),
        group=chance.uniforms(f"{cells.kind} drawn group", DRAWS, len(cells.told.mean)),
        cell=chance.uniforms(f"{cells.kind} drawn cell", DRAWS, len(cells.group)),
    )
    return np.asarray((drawn < truth).sum(axis=0))


def _normal(chance: Chance, purpose: str, *shape: int) -> Floats:
    first, second = chance.uniforms(f"{purpose} 1", *shape), chance.uniforms(f"{purpose} 2", *shape)
    return np.asarray(np.sqrt(-2 * np.log(first)) * np.cos(2 * np.pi * second))


# --------------------------------------------------------------------------------------------------------------- verdict
def recover(replicates: int, *, seed: int = 1) -> dict[str, Ranks]:
    """Return the ranks per kind of rate, shape (replicates, values)."""
    found = [
        {kind: ranks for part in PARTS for kind, ranks in part(Chance(seed, replicate)).items()}
        for replicate in range(replicates)
    ]
    return {kind: np.stack([one[kind] for one in found]) for kind in found[0]}


def covered(ranks: Ranks) -> float:
    """Return the share of true values inside the middle 90 % of the draws."""
    return float(np.mean((ranks >= 0.05 * (DRAWS + 1)) & (ranks < 0.95 * (DRAWS + 1))))


def chi_square(ranks: Ranks) -> float:
    """Return how unevenly ranks are spread over ten bins; one value per replicate, since those of one replicate go together.

    Which value of a replicate is looked at follows from its number alone.
    """
    replicates, values = ranks.shape
    picked = np.array([stable_id(f"value {replicate}") % values for replicate in range(replicates)])
    seen = np.bincount(ranks[np.arange(replicates), picked] * BINS // (DRAWS + 1), minlength=BINS)
    return float(((seen - replicates / BINS) ** 2 / (replicates / BINS)).sum())


def main() -> int:
    """Run all replicates, print a line per kind of rate, return 1 where one fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started, failed = time.perf_counter(), False
    print(f"{'rate':18s} {'values':>7s} {'in 90 % interval':>17s} {'chi-square (below ' + str(LIMIT) + ')':>27s}")
    for kind, ranks in recover(asked.replicates, seed=asked.seed).items():
        inside, unevenness = covered(ranks), chi_square(ranks)
        good = COVERED[0] <= inside <= COVERED[1] and unevenness < LIMIT
        failed |= not good
        print(f"{kind:18s} {ranks.size:7d} {inside:17.1%} {unevenness:27.1f}{'' if good else '  FAILS'}")
    print(f"{asked.replicates} replicates in {time.perf_counter() - started:.0f} s")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

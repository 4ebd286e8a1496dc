"""What chance alone does to a count of leavers: how far off even a forecast that knows the right rate would be.

With n teachers who each leave with the same chance the number of leavers is binomial; nobody can do better than its mean.
"""

from dataclasses import dataclass
from math import exp, floor, lgamma, log, sqrt

YEARLY_OUTFLOW = 0.07
SIZES = ((20, "kleine sectie"), (60, "vak bij een bestuur"), (200, "middelgroot bestuur"), (600, "groot bestuur"), (1500, "onderwijsregio"), (4000, "grote onderwijsregio"))  # fmt: skip


@dataclass(frozen=True)
class Floor:
    """Expected leavers of a group in a year, and how far off a perfect forecast still is."""

    teachers: int
    what: str
    leavers: float
    sd: float
    wape: float


def floor_of(teachers: int, what: str = "", chance: float = YEARLY_OUTFLOW) -> Floor:
    """Return the noise floor of a group of teachers who each leave with this chance in a year [0-1]."""
    mean = teachers * chance
    sd = sqrt(mean * (1 - chance))
    return Floor(teachers, what, mean, sd, mean_distance(teachers, chance) / mean)


def mean_distance(number: int, chance: float) -> float:
    """Return the mean distance of a binomial count to its mean (De Moivre: 2·v·C(n,v)·p^v·(1−p)^(n−v+1), v = ⌊np⌋ + 1)."""
    v = floor(number * chance) + 1
    ways = lgamma(number + 1) - lgamma(v + 1) - lgamma(number - v + 1)
    return 2 * v * exp(ways + v * log(chance) + (number - v + 1) * log(1 - chance))


def floors() -> list[Floor]:
    """Return the noise floor of the usual sizes, small to large."""
    return [floor_of(teachers, what) for teachers, what in SIZES]

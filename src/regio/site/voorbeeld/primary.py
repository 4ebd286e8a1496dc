"""Learners of po by age and of so by age, year after year.

Children reach age 4 in a municipality, choose a school by its share, and grow a year older each year. Who leaves
after group 8 is what the count of a year later lacks: that number feeds the vo.
"""

from dataclasses import dataclass

import numpy as np

from .chance import Chance, Counts, Numbers, noisy_counts
from .geography import Municipality
from .schools import Location
from .timeline import FUTURE_YEARS, NEWEST
from .truth import PO_AGES, Truth

START = -20
END = NEWEST + FUTURE_YEARS
SO_AGES = tuple(range(4, 20))


@dataclass(frozen=True)
class Primary:
    """Pupils [moment, location, age] from moment START; ages as PO_AGES and SO_AGES."""

    po: Counts
    so: Counts
    locations: tuple[Location, ...]

    def at(self, moment: int) -> Counts:
        """Return po pupils [location, age] of a moment."""
        return self.po[moment - START]

    def group_8(self, moment: int) -> Counts:
        """Return the pupils per location who leave for vo between this count and the next [persons]."""
        now, later = self.at(moment), self.at(moment + 1)
        return np.maximum(now[:, 6:].sum(axis=1) - later[:, 7:].sum(axis=1), 0)


def simulate_primary(
    truth: Truth, chance: Chance, *, po: tuple[Location, ...], so: tuple[Location, ...], land: tuple[Municipality, ...]
) -> Primary:
    """Simulate po and so from well before the first count to five years after the newest."""
    rates = np.array([truth.po_rate_to_age[age] for age in PO_AGES[1:]])
    shares = _market_shares(truth, chance, po=po, land=land)
    entrants = _entrants(truth, land=land)
    counts = np.zeros((END - START + 1, len(po), len(PO_AGES)), np.int64)
    moves = np.exp(chance.of("po-school").standard_normal(counts.shape[:2]) * truth.po_location_spread)
    counts[0] = np.rint(np.outer(shares[0] @ entrants[0], np.cumprod([1.0, *rates])))
    for step in range(1, len(counts)):
        generator = chance.of("po", START + step)
        expected = (
            np.column_stack([shares[step] @ entrants[step], counts[step - 1, :, :-1] * rates]) * moves[step][:, None]
        )
        counts[step] = noisy_counts(generator, expected, dispersion=truth.po_dispersion, spread=truth.po_spread)
    return Primary(po=counts, so=_special(truth, chance, so), locations=po)


def _entrants(truth: Truth, *, land: tuple[Municipality, ...]) -> Numbers:
    """Return expected children who reach age 4 [moment, municipality], such that the newest count has the total."""
    survival = np.cumprod([1.0, *(truth.po_rate_to_age[age] for age in PO_AGES[1:])])
    trend = np.array([1 + m.part.trend_per_year for m in land])
    share = np.array([m.share for m in land])
    moments = np.arange(START, END + 1)[:, None]
    relative = share * trend ** (moments - NEWEST)
    newest = sum(survival[i] * (share * trend ** (-i)).sum() for i in range(len(PO_AGES)))
    return relative * truth.po_pupils / newest


def _market_shares(
    truth: Truth, chance: Chance, *, po: tuple[Location, ...], land: tuple[Municipality, ...]
) -> Numbers:
    """Return the part of a municipality's children per location [moment, location, municipality]; a slow random walk."""
    steps = chance.of("po-markt").standard_normal((END - START + 1, len(po))) * truth.po_market_walk
    walk = np.cumsum(steps, axis=0)
    strength = np.array([location.pull for location in po]) * np.exp(walk - walk[NEWEST - START])
    inside = np.array([[location.municipality.code == m.code for m in land] for location in po])
    weights = strength[:, :, None] * inside
    return weights / weights.sum(axis=1, keepdims=True)


def _special(truth: Truth, chance: Chance, so: tuple[Location, ...]) -> Counts:
    """Return so pupils [moment, location, age]: a profile that rises to age 11 and thins out after 16."""
    profile = np.interp(SO_AGES, [4, 7, 11, 15, 19], [0.3, 0.8, 1.2, 1.1, 0.25])
    pull = np.array([location.pull for location in so])
    expected = truth.so_pupils * np.outer(pull / pull.sum(), profile / profile.sum())
    return np.stack([
        noisy_counts(chance.of("so", moment), expected, dispersion=0.6, spread=0.0) for moment in range(START, END + 1)
    ])  # fmt: skip

"""From figures to chances to leave: starters, later years, retirement around the AOW age, other causes.

First year: the marginal chance (20 % in vo) is what is known; with a drawn part w of qualified starters and their own
chance, the chance of unqualified starters follows, up to a cap. The known curve after 1, 2 and 3 years is net of who
returns, so the chances of years 2 and 3 are solved with the return chance switched on.
"""

from dataclasses import dataclass

import numpy as np

from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.context_draws import SURE, by_age, drawn, on_profile, spread_over_ages, strata, thresholds
from regio_engine.staff.contract import AGES, OLDEST, PARAMETER_DRAWS, TENURE_CLASSES, YOUNGEST, Exit, Thresholds
from regio_engine.staff.need import between
from regio_engine.units import Floats

OLDEST_OF_PROFILE = 66
OLD, AGES_OF_OLD = 60, 10
QUALIFICATIONS = 2  # index 0: not (yet) qualified, 1: qualified


@dataclass(frozen=True)
class StarterChances:
    """Chances to leave the sector in the first three years [per year], each of shape (draws,)."""

    qualified: Floats
    unqualified: Floats
    second: Floats
    third: Floats
    returns: Floats

    def net_out(self, *, qualified_share: Floats) -> Floats:
        """Return which part of a cohort is outside the sector after 1, 2 and 3 years, shape (3, draws)."""
        first = qualified_share * self.qualified + (1 - qualified_share) * self.unqualified
        out, curve = first, [first]
        for chance in (self.second, self.third):
            out = out * (1 - self.returns) + (1 - out) * chance
            curve.append(out)
        return np.stack(curve)


def starter_chances(parameters: StaffParameters, sector: str, *, seed: int) -> StarterChances:
    """Return the chances of the first three years, so that the net curve is the drawn one."""
    after = [drawn(parameters.figure(sector, f"starter_out_after_{year}"), seed=seed) for year in (1, 2, 3)]
    returns = drawn(parameters.figure(sector, "starters_return"), seed=seed)
    share = drawn(parameters.figure(sector, "qualified_share_of_starters"), seed=seed, at_most=0.95)
    usual = drawn(parameters.figure(sector, "qualified_starter_leaves"), seed=seed)
    cap = parameters.figure(sector, "unqualified_starter_leaves_at_most").value
    qualified, unqualified = first_year(after[0], qualified_share=share, qualified_leaves=usual, at_most=cap)
    return StarterChances(
        qualified=qualified,
        unqualified=unqualified,
        second=_following(after[0], after[1], returns),
        third=_following(after[1], after[2], returns),
        returns=returns,
    )


def first_year(
    marginal: Floats, *, qualified_share: Floats, qualified_leaves: Floats, at_most: float
) -> tuple[Floats, Floats]:
    """Return the chances of qualified and unqualified starters; together they always give the marginal chance.

    Args:
        marginal: chance of all starters [per year], shape (draws,).
        qualified_share: part of the starters that is qualified, shape (draws,).
        qualified_leaves: chance of a qualified starter as its own source tells, shape (draws,).
        at_most: cap on the chance of an unqualified starter; above it the qualified take the rest.
    """
    usual = np.minimum(qualified_leaves, marginal)
    rest = 1 - qualified_share
    unqualified = np.minimum((marginal - qualified_share * usual) / rest, at_most)
    qualified = (marginal - rest * unqualified) / qualified_share
    return np.asarray(qualified), np.asarray(unqualified)


def _following(before: Floats, after: Floats, returns: Floats) -> Floats:
    """Return the chance to leave in the year between two points of the net curve, while some return."""
    return np.asarray(np.clip((after - before * (1 - returns)) / (1 - before), 0.0, 1.0))


def exit_chances(parameters: StaffParameters, sector: str, *, years: tuple[int, int], seed: int) -> Floats:
    """Return the chance of each exit [per year], shape (draws, ages, tenure classes, qualified 2, exits).

    Args:
        parameters: all figures.
        sector: whose figures.
        years: first and last calendar year, over which the AOW age is averaged.
        seed: seed of the run.
    """
    chances = np.zeros((PARAMETER_DRAWS, AGES, TENURE_CLASSES, QUALIFICATIONS, len(Exit)))
    retire = _retirement(parameters, sector, years=years, seed=seed)
    factor = _age_factor(parameters, sector, seed=seed)
    dying = drawn(parameters.figure(sector, "die_or_disabled"), seed=seed)
    starters = starter_chances(parameters, sector, seed=seed)
    later = np.maximum(drawn(parameters.figure(sector, "later_years_leave"), seed=seed) - dying, 0.0)
    first = (starters.unqualified, starters.qualified)
    for qualified in range(QUALIFICATIONS):
        for tenure, chance in enumerate((first[qualified], starters.second, starters.third)):
            chances[:, :, tenure, qualified, Exit.LEAVE_SECTOR] = np.maximum(chance - dying, 0.0)[:, None]
        chances[:, :, -1, qualified, Exit.LEAVE_SECTOR] = later[:, None] * factor
    chances[..., Exit.DIE_OR_DISABLED] = dying[:, None, None, None]
    for cause, name in ((Exit.LEAVE_REGION, "leave_region"), (Exit.MOVE_INSIDE, "move_inside")):
        often = drawn(parameters.figure(sector, name), seed=seed)[:, None] * factor
        chances[..., cause] = often[:, :, None, None]
    chances *= (1 - retire)[:, :, None, None, None]
    chances[..., Exit.RETIRE] = retire[:, :, None, None]
    return chances


def exit_thresholds(chances: Floats) -> Thresholds:
    """Return cumulative thresholds over exits; at OLDEST everybody retires."""
    found = thresholds(np.cumsum(chances, axis=-1))
    found[:, OLDEST - YOUNGEST] = SURE
    return found


def _age_factor(parameters: StaffParameters, sector: str, *, seed: int) -> Floats:
    """Return how much likelier leaving is at an age than on average, shape (draws, ages)."""
    table = parameters.table(sector, "leave_factor_by_age")
    profile = spread_over_ages(parameters.table(sector, "age_profile"), until=OLDEST_OF_PROFILE)
    tilt = drawn(table.figure(next(iter(table.rows))), seed=seed, at_most=5.0) / next(iter(table.rows.values()))
    factors = 1 + (by_age(table) - 1)[None, :] * tilt[:, None]  # one draw: how strongly age counts
    return np.stack([on_profile(row, profile) for row in factors])


def _retirement(parameters: StaffParameters, sector: str, *, years: tuple[int, int], seed: int) -> Floats:
    """Return the chance to retire by age, shape (draws, ages): a table by distance, drawn around the AOW age."""
    table = parameters.table(sector, "retirement_hazard_by_distance")
    law = parameters.retirement
    middle = law.mean(*years)
    around = _retirement_age(middle, band=law.band_years, seed=seed)
    level = drawn(table.figure("0"), seed=seed, at_most=2.0) / table.rows["0"]
    steps = table.steps()
    distance = np.arange(YOUNGEST, OLDEST + 1)[None, :] - around[:, None]
    known = [since for since, _ in steps], [value for _, value in steps]
    chance = np.interp(distance, *known, left=0.0, right=known[1][-1])
    return np.asarray(np.clip(chance * level[:, None], 0.0, 0.95))


def _retirement_age(middle: float, *, band: float, seed: int) -> Floats:
    """Return the age around which people retire, shape (draws,); the band holds 8 of 10 draws [years]."""
    uniforms = strata("aow", seed=seed)
    return np.asarray(between(low=middle - band, middle=middle, high=middle + band, uniforms=uniforms))


def ages_from_60(chances: Floats) -> Floats:
    """Return the part of each age of those who are 60 and older, as the chances to leave let them be; shape (ages from 60,).

    Args:
        chances: see `exit_chances`; those of who is qualified and longer in service count.
    """
    leaves = chances[:, OLD - YOUNGEST :, -1, 1, : Exit.MOVE_INSIDE].sum(axis=-1).mean(axis=0)
    left = np.concatenate([[1.0], np.cumprod(1 - leaves)[:-1]])[:AGES_OF_OLD]
    return np.asarray(left / left.sum())

"""The base year of a region: what nobody fills, who counts as not qualified, and who is over.

The shortage is drawn per group: the places of a board and position that measured it, else all other places of a position.
Shortage = C1 (in the staff) + what nobody fills, in every draw. Made-up people are not qualified only as far as the drawn
shortage allows: the measurement says how many lessons are short, and who is beyond it counts as benoembaar. Own staff
files are counted people: a drawn shortage is never less than the own unqualified people among it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from regio_engine import keyed_random
from regio_engine.staff.base_level import Measurement, vacancies
from regio_engine.staff.contract import OPEN_TERM, PARAMETER_DRAWS, Int16s, Int32s, Qualified, Staff
from regio_engine.units import Floats

VACANCY_MILLI = 500  # what nobody fills comes as vacancies of about this size [thousandths of fte]
OVER_MILLI = 200  # who is over, is so by about a step of hours [thousandths of fte]
MOST_OVER = 0.08  # of the staff where somebody may be over


@dataclass(frozen=True)
class Stock:
    """What is staffed in the base year, cells as (places, positions).

    Attributes:
        milli: fte of each cell [thousandths], shape (populations, places, positions).
        unqualified_milli: part of it of who is not qualified (C1), shape (populations, places, positions).
    """

    milli: NDArray[np.int64]
    unqualified_milli: NDArray[np.int64]

    def of_draws(self, draws: int) -> NDArray[np.int64]:
        """Return the fte per cell in every draw, each with its population, shape (places × positions, draws)."""
        population = np.arange(draws) % len(self.milli)
        return self.milli.reshape(len(self.milli), -1)[population].T


def stock_of(staff: Staff, *, places: int, positions: int) -> Stock:
    """Return the fte per population and cell, and the part of who is not qualified."""
    populations = len(staff.offsets) - 1
    milli = np.zeros((populations, places, positions), np.int64)
    unqualified = np.zeros_like(milli)
    population = np.repeat(np.arange(populations), np.diff(staff.offsets))
    where = (population, staff.places.astype(np.intp), staff.positions.astype(np.intp))
    np.add.at(milli, where, staff.milli_fte)
    np.add.at(unqualified, where, np.where(staff.qualified == Qualified.NO, staff.milli_fte, 0))
    return Stock(milli, unqualified)


@dataclass(frozen=True)
class Group:
    """Cells of one position whose shortage is drawn together.

    Attributes:
        key: what tells its chance apart.
        position: index of the position.
        places: indices of the places.
        share: drawn shortage as a part of the employment, shape (PARAMETER_DRAWS,); None where fte were measured.
        milli: drawn shortage [thousandths of fte], shape (PARAMETER_DRAWS,); None where the share is drawn.
    """

    key: str
    position: int
    places: NDArray[np.intp]
    share: Floats | None = None
    milli: Floats | None = None

    def shortage_milli(self, staffed: Floats, unqualified: Floats, *, parameter: NDArray[np.intp]) -> NDArray[np.int64]:
        """Return the drawn shortage of each draw [thousandths of fte], never below the counted unqualified people.

        Share q of the employment (staffed S and unfilled U): q = (C1 + U) / (S + U).
        """
        if self.share is None:
            drawn = self.milli[parameter] if self.milli is not None else np.zeros(len(parameter))
        else:
            drawn = self.share[parameter] * (staffed - unqualified) / (1 - self.share[parameter])
        return np.maximum(np.rint(drawn), unqualified).astype(np.int64)

    def most_unqualified(self, staffed: float, *, parameter: NDArray[np.intp]) -> float:
        """Return how much C1 the drawn shortage allows in all of these parameter draws [thousandths of fte]."""
        if self.share is None:
            return float(self.milli[parameter].min()) if self.milli is not None else 0.0
        return float(self.share[parameter].min()) * staffed


def groups_of(
    is_staffed: NDArray[np.bool_], *, shares: Floats, measurements: Sequence[Measurement], seed: int
) -> tuple[Group, ...]:
    """Return every group of cells; a cell belongs to the first measurement that speaks of it, else to its position.

    Args:
        is_staffed: which cells have anybody, shape (places, positions).
        shares: drawn shortage as a share of the employment, shape (PARAMETER_DRAWS, positions).
        measurements: own measurements, the narrowest first.
        seed: seed of the run.
    """
    free, found = np.ones(is_staffed.shape, np.bool_), []
    for one in measurements:
        members = np.array([place for place in one.places if free[place, one.position]], np.intp)
        free[members, one.position] = False
        if members.size:
            found.append(Group(one.key, one.position, members, milli=one.drawn_milli(seed=seed)))
    for position in range(is_staffed.shape[1]):
        members = np.flatnonzero(free[:, position] & is_staffed[:, position])
        if members.size:
            found.append(Group("", position, members, share=shares[:, position]))
    return tuple(found)


# ------------------------------------------------------------------------------------------------- who is not qualified
def within_level(staff: Staff, groups: Sequence[Group], *, own: int, stock: Stock, seed: int) -> Staff:
    """Return the staff in which made-up people are not qualified only as far as the drawn shortage allows.

    Args:
        staff: the own staff at the end of each population.
        groups: see `groups_of`.
        own: how many of each population are own staff.
        stock: of this staff.
        seed: seed of the run.
    """
    qualified, terms = staff.qualified.copy(), staff.terms.copy()
    populations = len(staff.offsets) - 1
    group_of = np.full(stock.milli.shape[1:], -1)
    for number, group in enumerate(groups):
        group_of[group.places, group.position] = number
    for population, parameter in enumerate(_met(populations)):
        first, last = int(staff.offsets[population]), int(staff.offsets[population + 1])
        rows = first + np.flatnonzero(staff.qualified[first:last] == Qualified.NO)
        of_rows = group_of[staff.places[rows], staff.positions[rows]]
        order = keyed_random.words(
            seed=seed, purpose="unqualified", stable_ids=staff.ids[rows], years=[0], draws=[population]
        )[0]
        for number in np.unique(of_rows[rows < last - own]):
            group = groups[number]
            staffed = float(stock.milli[population, group.places, group.position].sum())
            left = group.most_unqualified(staffed, parameter=parameter)
            left -= staff.milli_fte[rows[(of_rows == number) & (rows >= last - own)]].sum()
            mine = np.flatnonzero((of_rows == number) & (rows < last - own))
            for row in rows[mine[np.argsort(order[mine], kind="stable")]]:
                if staff.milli_fte[row] <= left:
                    left -= staff.milli_fte[row]
                else:
                    qualified[row], terms[row] = Qualified.APPOINTABLE, OPEN_TERM
    return replace(staff, qualified=qualified, terms=terms)


def _met(populations: int) -> Iterator[NDArray[np.intp]]:
    """Yield the parameter draws that each population meets, over all draws there can be."""
    draws = np.arange(populations * PARAMETER_DRAWS)
    for population in range(populations):
        yield np.unique(draws[draws % populations == population] % PARAMETER_DRAWS)


# ------------------------------------------------------------------------------------------------------------ unfilled
def unfilled_milli(
    stock: Stock, groups: Sequence[Group], *, position_ids: NDArray[np.uint32], draws: int, seed: int
) -> Int32s:
    """Return what nobody fills in the base year [thousandths of fte], shape (places, positions, draws).

    The total of a group is whole and comes as vacancies of about VACANCY_MILLI, which lie over the places by their staff:
    nobody looks for a hundredth of a job at every place.

    Args:
        stock: staff of the base year.
        groups: see `groups_of`.
        position_ids: stable id of each position.
        draws: how many draws.
        seed: seed of the run.
    """
    populations, places, positions = stock.milli.shape
    found = np.zeros((places, positions, draws), np.int32)
    parameter, population = np.arange(draws) % PARAMETER_DRAWS, np.arange(draws) % populations
    for group in groups:
        weights = stock.milli[:, group.places, group.position][population].T  # (rows, draws)
        unqualified = stock.unqualified_milli[:, group.places, group.position].sum(axis=1)[population]
        short = group.shortage_milli(weights.sum(axis=0), unqualified, parameter=parameter)
        words = keyed_random.words(
            seed=seed, purpose=f"unfilled:{group.key}", stable_ids=position_ids[[group.position]], years=[0], draws=np.arange(draws)
        )  # fmt: skip
        found[group.places, group.position] = vacancies(
            short - unqualified, weights=weights, uniforms=keyed_random.uniform(words[0]), size_milli=VACANCY_MILLI
        )
    return found


# ------------------------------------------------------------------------------------------------------------ who is over
def over_milli(
    stock: Stock, groups: Sequence[Group], *, unfilled: Int32s, share: Floats, sharing: Int16s, draws: int, seed: int
) -> Int32s:
    """Return what is over in the base year [thousandths of fte], shape (places, positions, draws).

    People are never spread over places and subjects just as the need is. Somebody is over only where the position lacks
    nobody at places that share colleagues and everybody is qualified, so the shortage stays the drawn one; and not where
    a board measured its shortage itself.

    Args:
        stock: staff of the base year.
        groups: see `groups_of`.
        unfilled: see `unfilled_milli`.
        share: what is over as a part of the staff, shape (PARAMETER_DRAWS,).
        sharing: number of the places that share colleagues, shape (places,).
        draws: how many draws.
        seed: seed of the run.
    """
    parameter, population = np.arange(draws) % PARAMETER_DRAWS, np.arange(draws) % len(stock.milli)
    is_free = np.zeros(stock.milli.shape[1:], np.bool_)
    for group in groups:
        is_free[group.places, group.position] = group.milli is None
    found = np.zeros(unfilled.shape, np.int32)
    place, position = np.nonzero(is_free)
    if not place.size:  # every board here measured its shortage itself
        return found
    staffed = stock.milli[:, place, position].T  # (cells, populations)
    may = (staffed >= 2 * OVER_MILLI) & (stock.unqualified_milli[:, place, position].T == 0)
    lacking = _lacking(unfilled, sharing)[sharing[place], position]  # (cells, draws)
    weights = np.where(may[:, population] & ~lacking, staffed[:, population], 0)
    wanted = np.minimum(share[parameter] * staffed.sum(axis=0)[population], MOST_OVER * weights.sum(axis=0))
    words = keyed_random.words(seed=seed, purpose="over", stable_ids=[0], years=[0], draws=np.arange(draws))
    whole = np.rint(wanted / OVER_MILLI).astype(np.int64) * OVER_MILLI
    found[place, position] = vacancies(
        whole, weights=weights, uniforms=keyed_random.uniform(words[0]), size_milli=OVER_MILLI
    )
    return found


def _lacking(unfilled: Int32s, sharing: Int16s) -> NDArray[np.bool_]:
    """Return whether places that share colleagues lack anybody, shape (circles, positions, draws)."""
    return np.stack([unfilled[sharing == number].any(axis=0) for number in range(int(sharing.max(initial=0)) + 1)])

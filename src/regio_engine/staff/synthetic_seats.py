"""The jobs of made-up staff: how many persons a school has, their ids, and the cell of each in every population.

What the persons are like (age, qualification, contract) is in `synthetic`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine import keyed_random
from regio_engine.staff.contract import Thresholds
from regio_engine.staff.synthetic_fit import whole_parts
from regio_engine.units import MILLI_PER_FTE, Floats

LARGEST_BASE_ID = (1 << 31) - 1  # ids above belong to candidates
SMALLEST_PERSON_MILLI = 50


@dataclass(frozen=True)
class PublicSchool:
    """One school of the workbook: persons that teach (None where not told) and their age classes (shares, None: usual)."""

    code: str
    persons: int | None
    age_shares: tuple[float, ...] | None = None


@dataclass(frozen=True)
class PublicCell:
    """What is staffed at one place in one position, and which part of it by whom."""

    school: int
    place: int
    position: int
    milli_fte: int
    unqualified: float
    appointable: float


@dataclass(frozen=True)
class Seats:
    """The persons, and the cell that each has in each population.

    `ids` and `school` have one value per person; the others are of shape (populations, persons).
    """

    ids: Thresholds
    school: NDArray[np.int64]
    place: NDArray[np.int64]
    position: NDArray[np.int64]
    unqualified: Floats
    appointable: Floats


class Chance:
    """Random words per person and population, by purpose."""

    def __init__(self, ids: Thresholds, *, seed: int, populations: int) -> None:
        self.ids, self.seed, self.populations = ids, seed, populations

    def words(self, purpose: str) -> tuple[Thresholds, ...]:
        """Return four words per person, each of shape (populations, persons)."""
        return keyed_random.words(
            seed=self.seed, purpose=f"synthetic:{purpose}", stable_ids=self.ids[None, :], years=[0],
            draws=np.arange(self.populations)[:, None],
        )  # fmt: skip

    def per_group(self, purpose: str, group_ids: Sequence[int]) -> Floats:
        """Return a uniform per group and population, shape (populations, groups)."""
        words = keyed_random.words(
            seed=self.seed, purpose=f"synthetic:{purpose}", stable_ids=np.array(group_ids, np.uint32)[None, :], years=[0],
            draws=np.arange(self.populations)[:, None],
        )  # fmt: skip
        return keyed_random.uniform(words[0])


def persons_per_school(
    schools: Sequence[PublicSchool], cells: Sequence[PublicCell], *, mean_milli: float
) -> NDArray[np.int64]:
    """Return how many persons teach at each school: as counted, else by the usual contract; enough for one fte each."""
    milli = fte_per_school(cells, len(schools))
    told = [round(fte / mean_milli) if school.persons is None else school.persons
            for school, fte in zip(schools, milli.tolist(), strict=True)]  # fmt: skip
    most = milli // SMALLEST_PERSON_MILLI
    return np.clip(np.array(told, np.int64), -(-milli // MILLI_PER_FTE), np.maximum(most, 1)) * (milli > 0)


def fte_per_school(cells: Sequence[PublicCell], schools: int) -> NDArray[np.int64]:
    """Return the fte of each school [thousandths]."""
    found = np.zeros(schools, np.int64)
    for cell in cells:
        found[cell.school] += cell.milli_fte
    return found


def seats_of(
    schools: Sequence[PublicSchool], cells: Sequence[PublicCell], persons: NDArray[np.int64], chance: Chance
) -> Seats:
    """Return the cell of everybody in each population: a school's persons are swept over its cells, by position and place."""
    school = np.repeat(np.arange(len(persons)), persons)
    uniforms = chance.per_group("cells_of_school", school_ids(schools))
    cell = np.zeros((chance.populations, len(school)), np.int64)
    first = 0
    for number, (own, count) in enumerate(zip(_cells_of_schools(cells, len(schools)), persons.tolist(), strict=True)):
        if count:
            milli = np.array([cells[i].milli_fte for i in own], np.float64)
            expected = np.broadcast_to(milli * (count / milli.sum()), (chance.populations, len(own)))
            ends = np.cumsum(whole_parts(expected, uniforms[:, number]), axis=1)
            within = (np.arange(count)[None, :, None] >= ends[:, None, :]).sum(axis=2)
            cell[:, first : first + count] = np.array(own)[within]
        first += count

    def of(name: str) -> NDArray[np.generic]:
        return np.array([getattr(one, name) for one in cells])[cell]

    return Seats(
        ids=chance.ids, school=school, place=of("place").astype(np.int64), position=of("position").astype(np.int64),
        unqualified=of("unqualified").astype(np.float64), appointable=of("appointable").astype(np.float64),
    )  # fmt: skip


def _cells_of_schools(cells: Sequence[PublicCell], schools: int) -> list[list[int]]:
    """Return the numbers of the cells of each school, by position and place."""
    found: list[list[int]] = [[] for _ in range(schools)]
    for index in sorted(range(len(cells)), key=lambda i: (cells[i].position, cells[i].place)):
        found[cells[index].school].append(index)
    return found


def school_ids(schools: Sequence[PublicSchool]) -> list[int]:
    """Return the stable id of each school: what it draws does not depend on which other schools there are."""
    return [keyed_random.stable_id(school.code) for school in schools]


def person_ids(schools: list[str]) -> Thresholds:
    """Return a stable number per person from (school, function, index); the next free name where two would be equal."""
    found: dict[int, None] = {}
    index: dict[str, int] = {}
    for school in schools:
        number = index[school] = index.get(school, -1) + 1
        name = f"{school}|leraar|{number}"
        while (identity := keyed_random.stable_id(name) & LARGEST_BASE_ID) in found:
            name += "|"
        found[identity] = None
    return np.array(list(found), np.uint32)

"""Made-up persons behind public counts: several populations that each have the public margins.

1. Schools have persons and fte from a workbook; cells (place × position) have their part of it by a lesson sheet. A person
   is one job in one cell, so per population the persons of a school are swept over its cells: a school has its persons
   and fte exactly, a run of its cells (a subject) its persons within one.
2. A table school × position × age class × qualification is fitted to all known margins.
3. Per population: who is qualified is swept per position, ages per school, both within one of their margin; the rest
   (years in service, contract, scale, second position) is drawn per person.
4. The id of a person is a function of (school, function, index), the same in every population and scenario.

Made-up persons are `synthetisch`; what may be shown of them is decided where rows are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine import keyed_random
from regio_engine.staff.contract import NONE, OPEN_TERM, PARAMETER_DRAWS, Qualified, Staff, Thresholds
from regio_engine.staff.synthetic_fit import fit, swept, tilted_to, whole_parts
from regio_engine.staff.synthetic_seats import (
    Chance,
    PublicCell,
    PublicSchool,
    Seats,
    fte_per_school,
    person_ids,
    persons_per_school,
    school_ids,
    seats_of,
)
from regio_engine.units import MILLI_PER_FTE, Floats

POPULATIONS = PARAMETER_DRAWS  # one for each, so that who is not qualified can follow the drawn shortage
OLDEST_AGES = 60
MOST_STARTERS = 0.9  # of any age and qualification


@dataclass(frozen=True)
class Profile:
    """What persons of a sector are like, from tables.

    Attributes:
        age_from: first age of each class; the last class ends at 67.
        age_shares: usual part of each class.
        not_qualified_by_age: how much likelier not qualified in each class than on average.
        first_year_by_age: how much likelier a first year in each class than on average.
        first_years: part of the persons in the first, second and third year.
        qualified_starters: part of the starters that is qualified.
        ages_from_60: part of each age from 60 on.
        hours_milli, hours_shares: contracts by class.
        mean_milli: mean contract.
        scale_shares: cumulative thresholds over scales.
        in_training: part of who is benoembaar with a legal term that runs; the term of the others is open.
        term_years: years of a legal term.
        second_share: part of the qualified with a second position.
        second_position_of: cumulative thresholds, see `StaffRates`.
    """

    age_from: tuple[int, ...]
    age_shares: Floats
    not_qualified_by_age: Floats
    first_year_by_age: Floats
    first_years: tuple[float, ...]
    qualified_starters: float
    ages_from_60: Floats
    hours_milli: tuple[int, ...]
    hours_shares: Floats
    mean_milli: float
    scale_shares: Thresholds
    in_training: float
    term_years: int
    second_share: float
    second_position_of: Thresholds


def impute(
    schools: Sequence[PublicSchool],
    cells: Sequence[PublicCell],
    *,
    profile: Profile,
    seed: int,
    populations: int = POPULATIONS,
) -> Staff:
    """Return made-up staff in so many populations.

    Args:
        schools: persons and ages per school.
        cells: fte and qualification per place and position, above 0 fte.
        profile: what persons are like.
        seed: seed of the run.
        populations: how many different populations.
    """
    if not cells:
        return _nobody(populations)
    persons = persons_per_school(schools, cells, mean_milli=profile.mean_milli)
    ids = person_ids(
        [school.code for school, number in zip(schools, persons.tolist(), strict=True) for _ in range(number)]
    )
    chance = Chance(ids, seed=seed, populations=populations)
    seats = seats_of(schools, cells, persons, chance)
    ages_of = _fitted_ages(schools, cells, persons, profile)
    qualified = _qualified(seats, chance)
    classes = _age_classes(schools, seats, ages_of, qualified, chance)
    ages = _ages(classes, profile, chance)
    return _staff(seats, cells, profile, chance, qualified=qualified, classes=classes, ages=ages)


def _nobody(populations: int) -> Staff:
    small, flags = np.zeros(0, np.int16), np.zeros(0, np.int8)
    return Staff(
        offsets=np.zeros(populations + 1, np.int32), ids=np.zeros(0, np.uint32), places=small, positions=small, ages=small,
        milli_fte=np.zeros(0, np.int32), tenures=small, qualified=flags, terms=small, second_positions=small, scales=flags,
    )  # fmt: skip


# -------------------------------------------------------------------------------------------------------- fitted table
def _fitted_ages(
    schools: Sequence[PublicSchool], cells: Sequence[PublicCell], persons: NDArray[np.int64], profile: Profile
) -> Floats:
    """Return the part of each age class by school, position and qualification, fitted to all margins.

    Margins: persons per school and position, ages per school, qualification per position. Shape (schools, positions,
    3 qualifications, classes), each row summing to 1 where anybody is.
    """
    per_position, by_qualification = _expected(cells, persons)
    usual = profile.age_shares / profile.age_shares.sum()
    ages = np.stack([np.array(school.age_shares) if school.age_shares else usual for school in schools])
    ages = ages / ages.sum(axis=1, keepdims=True) * per_position.sum(axis=1, keepdims=True)
    not_qualified = profile.not_qualified_by_age
    start = np.stack([not_qualified, not_qualified, np.ones_like(not_qualified)])  # NO, APPOINTABLE, YES
    table = per_position[:, :, None, None] * start[None, None]
    fitted = fit(table, [((0, 3), ages), ((1, 2), by_qualification), ((0, 1), per_position)])
    total = fitted.sum(axis=3, keepdims=True)
    return np.asarray(np.divide(fitted, total, out=np.zeros_like(fitted), where=total > 0))


def _expected(cells: Sequence[PublicCell], persons: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return expected persons (schools, positions), and (positions, 3) by qualification."""
    milli = fte_per_school(cells, len(persons))
    positions = 1 + max((cell.position for cell in cells), default=0)
    per_position, by_qualification = np.zeros((len(persons), positions)), np.zeros((positions, 3))
    for cell in cells:
        expected = cell.milli_fte * persons[cell.school] / milli[cell.school]
        per_position[cell.school, cell.position] += expected
        shares = {Qualified.NO: cell.unqualified, Qualified.APPOINTABLE: cell.appointable}
        for kind in Qualified:
            by_qualification[cell.position, kind] += expected * shares.get(
                kind, 1 - cell.unqualified - cell.appointable
            )
    return per_position, by_qualification


# --------------------------------------------------------------------------------------------------- per population
def _qualified(seats: Seats, chance: Chance) -> NDArray[np.int8]:
    """Return who is qualified, shape (populations, persons): per position the number is its margin, up or down to whole.

    One sweep over all persons, position after position and in chance order within one, holds every position.
    """
    order = np.lexsort((chance.words("qualified")[0], seats.position), axis=1)
    uniforms = chance.per_group("qualified_sweep", [0, 1])
    no, appointable = (np.take_along_axis(part, order, axis=1) for part in (seats.unqualified, seats.appointable))
    taken_no = swept(no, uniforms[:, 0])
    left = np.where(taken_no, 0.0, np.minimum(appointable / np.maximum(1 - no, 1e-9), 1.0))
    taken_appointable = swept(left, uniforms[:, 1]) & ~taken_no
    kinds = np.where(taken_no, Qualified.NO, np.where(taken_appointable, Qualified.APPOINTABLE, Qualified.YES))
    found = np.empty(order.shape, np.int8)
    np.put_along_axis(found, order, kinds.astype(np.int8), axis=1)
    return found


def _age_classes(
    schools: Sequence[PublicSchool], seats: Seats, ages_of: Floats, qualified: NDArray[np.int8], chance: Chance
) -> NDArray[np.int64]:
    """Return the age class of everyone, shape (populations, persons): each school has its own numbers per class exactly."""
    found = np.zeros(qualified.shape, np.int64)
    order_words, pick_words, *_ = chance.words("ages")
    picks = keyed_random.uniform(pick_words)
    populations = np.arange(chance.populations)
    uniforms = chance.per_group("ages_of_school", school_ids(schools))
    for school in np.unique(seats.school):
        rows = np.flatnonzero(seats.school == school)
        expected = ages_of[school, seats.position[:, rows], qualified[:, rows]]  # (populations, persons, classes)
        left = whole_parts(expected.sum(axis=1), uniforms[:, school]).astype(float)
        order = np.argsort(order_words[:, rows], axis=1, kind="stable")
        for turn in range(len(rows)):
            who = order[:, turn]
            weights = expected[populations, who] * left
            weights = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, left)
            running = np.cumsum(weights, axis=1)
            chosen = (running <= picks[populations, rows[who]][:, None] * running[:, -1:]).sum(axis=1)
            found[populations, rows[who]] = chosen
            left[populations, chosen] -= 1
    return found


def _ages(classes: NDArray[np.int64], profile: Profile, chance: Chance) -> NDArray[np.int64]:
    """Return whole ages, evenly within a class, by the table of ages from 60 on."""
    begin = np.array(profile.age_from)
    width = np.diff(np.append(begin, OLDEST_AGES + len(profile.ages_from_60)))
    word = keyed_random.uniform(chance.words("age_in_class")[0])
    even = begin[classes] + np.floor(word * width[classes]).astype(np.int64)
    running = np.cumsum(profile.ages_from_60 / profile.ages_from_60.sum())
    old = OLDEST_AGES + np.minimum((word[..., None] >= running).sum(axis=-1), len(running) - 1)
    return np.asarray(np.where(begin[classes] >= OLDEST_AGES, old, even))


def _staff(
    seats: Seats, cells: Sequence[PublicCell], profile: Profile, chance: Chance, *,
    qualified: NDArray[np.int8], classes: NDArray[np.int64], ages: NDArray[np.int64],
) -> Staff:  # fmt: skip
    persons = len(seats.ids)
    scale_words, term_words, second_words, which_words = chance.words("scale_and_second")
    terms = _terms(qualified, term_words, profile)
    return Staff(
        offsets=np.arange(chance.populations + 1, dtype=np.int32) * np.int32(persons),
        ids=np.tile(seats.ids, chance.populations),
        places=seats.place.reshape(-1).astype(np.int16),
        positions=seats.position.reshape(-1).astype(np.int16),
        ages=ages.reshape(-1).astype(np.int16),
        milli_fte=_contracts(seats, cells, profile, chance).reshape(-1),
        tenures=_tenures(qualified, classes, ages, profile, chance).reshape(-1).astype(np.int16),
        qualified=qualified.reshape(-1),
        terms=terms.reshape(-1).astype(np.int16),
        second_positions=_second(seats, profile, qualified, second_words, which_words).reshape(-1).astype(np.int16),
        scales=picked(scale_words, profile.scale_shares).reshape(-1).astype(np.int8),
    )


def _terms(qualified: NDArray[np.int8], words: Thresholds, profile: Profile) -> NDArray[np.int64]:
    """Return years left of the legal term of who is benoembaar: evenly spread in training, open for the others."""
    years = 1 + (words % np.uint32(profile.term_years)).astype(np.int64)
    trains = (
        keyed_random.uniform(words // np.uint32(profile.term_years) * np.uint32(profile.term_years))
        < profile.in_training
    )
    return np.where(qualified == Qualified.APPOINTABLE, np.where(trains, years, OPEN_TERM), 0)


def picked(words: Thresholds, shares: Thresholds) -> NDArray[np.int64]:
    """Return which class of cumulative thresholds each word falls in."""
    return np.minimum(np.searchsorted(shares, words, side="right"), len(shares) - 1)


def _second(
    seats: Seats, profile: Profile, qualified: NDArray[np.int8], has_words: Thresholds, which_words: Thresholds
) -> NDArray[np.int64]:
    rows = profile.second_position_of[seats.position]  # (populations, persons, positions)
    which = np.minimum((which_words[..., None] >= rows).sum(axis=-1), rows.shape[-1] - 1)
    has = (keyed_random.uniform(has_words) < profile.second_share) & (qualified == Qualified.YES) & (rows[..., -1] > 0)
    return np.asarray(np.where(has, which, NONE))


def _tenures(
    qualified: NDArray[np.int8], classes: NDArray[np.int64], ages: NDArray[np.int64], profile: Profile, chance: Chance
) -> NDArray[np.int64]:
    """Return whole years in service: first years by age and qualification, longer ones evenly since the age of 24."""
    first, second, third = profile.first_years
    young, is_qualified = profile.first_year_by_age[classes], qualified == Qualified.YES
    parts = ((is_qualified, profile.qualified_starters), (~is_qualified, 1 - profile.qualified_starters))
    weight = np.zeros(young.shape)
    for members, part in parts:  # of all starters this part is in this group, whatever ages the group has
        weight += np.where(members, young * part / max(float(young[members].sum()), 1e-9) * young.size, 0.0)
    chance_first = np.minimum(first * weight, MOST_STARTERS)
    words = [keyed_random.uniform(word) for word in chance.words("tenure")[:2]]
    longest = np.maximum(ages - 24, 1)
    longer = np.minimum(3 + np.floor(words[1] * longest), np.maximum(ages - 18, 0)).astype(np.int64)
    limits = np.stack([chance_first, chance_first + second * young, chance_first + (second + third) * young])
    tenure = (words[0][None] >= limits).sum(axis=0)
    return np.asarray(np.where(tenure >= 3, longer, tenure))


def _contracts(seats: Seats, cells: Sequence[PublicCell], profile: Profile, chance: Chance) -> NDArray[np.int32]:
    """Return contracts of the usual sizes [thousandths of fte], shape (populations, persons), that sum to the fte of each school.

    The usual parts of the sizes are tilted to the mean contract of the school; what then is left over goes to few people.
    """
    words = chance.words("contract")[0]
    schools, firsts = np.unique(seats.school, return_index=True)
    uniforms = chance.per_group("contract_sizes", seats.ids[firsts].tolist())
    found = np.zeros(words.shape, np.int32)
    totals = fte_per_school(cells, int(schools.max(initial=-1)) + 1)
    sizes = np.array(profile.hours_milli, np.int64)
    for number, school in enumerate(schools):
        rows = np.flatnonzero(seats.school == school)
        shares = tilted_to(profile.hours_shares, sizes / MILLI_PER_FTE, mean=totals[school] / len(rows) / MILLI_PER_FTE)
        expected = np.broadcast_to(shares * len(rows), (chance.populations, len(sizes)))
        ends = np.cumsum(whole_parts(expected, uniforms[:, number]), axis=1)
        rank = np.argsort(np.argsort(words[:, rows], axis=1, kind="stable"), axis=1)
        classes = np.minimum((rank[:, :, None] >= ends[:, None, :]).sum(axis=2), len(sizes) - 1)
        found[:, rows] = _to_total(sizes[classes], int(totals[school]))
    return found


def _to_total(parts: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Change the contracts of the first few so that all sum to a total, nobody over one fte, nobody without."""
    left = total - parts.sum(axis=1)
    for person in range(parts.shape[1]):
        given = np.clip(left, 1 - parts[:, person], MILLI_PER_FTE - parts[:, person])
        parts[:, person] += given
        left -= given
        if not left.any():
            break
    return parts

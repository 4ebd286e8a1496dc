"""People with several jobs in an own staff file: the simulation has an employment for each, heads are counted once.

A sum over places counts such a person as often as jobs lie in it. In later years the jobs have left or not, each on its
own; how many are left follows from the chances to leave at the age reached. Who moves inside the region counts as still
there, so a sum that is smaller than the region is a little too low.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from regio_engine.staff.context_people import OwnPerson
from regio_engine.staff.contract import AGES, OLDEST, TENURE_CLASSES, YOUNGEST, Exit, StaffRates
from regio_engine.units import Floats

WHOLE = float(1 << 32)


@dataclass(frozen=True)
class SeveralJobs:
    """One person of an own file with more than one job: age in the base year, and the place of each job."""

    age: int
    places: tuple[int, ...]


def several_jobs(own: Iterable[OwnPerson]) -> tuple[SeveralJobs, ...]:
    """Return the people with more than one job."""
    jobs: dict[str, list[OwnPerson]] = defaultdict(list)
    for job in own:
        jobs[job.person].append(job)
    return tuple(
        SeveralJobs(min(max(mine[0].age, YOUNGEST), OLDEST), tuple(job.place for job in mine))
        for person, mine in jobs.items()
        if person and len(mine) > 1
    )


def counted_again(people: Iterable[SeveralJobs], rates: StaffRates, *, places: Sequence[int], years: int) -> Floats:
    """Return how many heads a sum over places counts more than once [persons], shape (years + 1, AGES).

    Args:
        people: see `several_jobs`.
        rates: chances to leave.
        places: numbers of the places that are summed.
        years: years after the base year.
    """
    found, inside = np.zeros((years + 1, AGES)), set(places)
    for one in people:
        jobs = [place for place in one.places if place in inside]
        if len(jobs) < 2:
            continue
        there, stays = 1.0, _stays(rates, jobs[0])
        for year in range(years + 1):
            age = min(one.age + year, OLDEST) - YOUNGEST
            nowhere = 1.0
            for _ in jobs:
                nowhere *= 1 - there
            found[year, age] += len(jobs) * there - (1 - nowhere)
            there *= stays[age]
    return found


def _stays(rates: StaffRates, place: int) -> Floats:
    """Return the chance to be there a year later, by age; of who is qualified and longer in service."""
    leaves = (
        rates.exits[:, rates.leave_class[place], :, TENURE_CLASSES - 1, 1, Exit.LEAVE_REGION].astype(np.float64) / WHOLE
    )
    return np.asarray(1 - leaves.mean(axis=0))

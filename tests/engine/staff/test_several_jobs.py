"""A person with two jobs in an own file is one head, in the base year and as long as one of both is there."""

import numpy as np
import pytest

from regio_engine.staff.context_people import OwnPerson
from regio_engine.staff.contract import NONE, YOUNGEST, Qualified
from regio_engine.staff.several_jobs import SeveralJobs, counted_again, several_jobs
from regio_engine.staff.simulation import simulate
from tests.engine.staff.staff_worlds import quiet

PAIRS, LEAVES, YEARS, DRAWS = 200, 0.2, 3, 40


def job(person, place, position=0, age=40):
    return OwnPerson(
        f"{person}|{place}|{position}", place, position, age, 500, 10, Qualified.YES, 0, NONE, 0, person=person
    )


def test_jobs_of_one_person_belong_together():
    assert several_jobs([job("a", 0), job("b", 0), job("a", 1), job("", 0), job("", 1)]) == (SeveralJobs(40, (0, 1)),)


def test_two_jobs_are_two_heads_at_two_places_and_one_together():
    context = quiet(persons=4, places=2, years=2)
    people = several_jobs([job("a", 0), job("a", 1), job("b", 1), job("b", 1, 1)])
    both, first, second = (
        counted_again(people, context.rates, places=places, years=2) for places in ([0, 1], [0], [1])
    )
    assert both[:, 40 - YOUNGEST : 43 - YOUNGEST] == pytest.approx(2 * np.eye(3))  # nobody leaves, all get older
    assert first.sum() == 0
    assert second.sum() == pytest.approx(3)


def test_the_heads_that_are_left_are_those_of_whom_a_job_is_left():
    """Each job ends with a chance of 0.2 a year: of 200 people 200 (1 - (1 - 0.8^t)²) are there."""
    context = quiet(persons=2 * PAIRS, places=2, exits=(0, LEAVES, 0, 0, 0), years=YEARS, draws=DRAWS)
    jobs = simulate(context, seed=3, draws=DRAWS, years=YEARS).age_heads.sum(axis=(0, 2)) / DRAWS
    people = [SeveralJobs(40, (0, 1))] * PAIRS
    again = counted_again(people, context.rates, places=[0, 1], years=YEARS).sum(axis=1)
    there = 0.8 ** np.arange(YEARS + 1)
    assert jobs - again == pytest.approx(PAIRS * (1 - (1 - there) ** 2), rel=0.02)

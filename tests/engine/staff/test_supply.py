"""Supply: the nation's numbers reach a region by its size, students by subject, one person from one source."""

import numpy as np
import pytest

from regio_engine.staff.contract import AGES, OPEN_TERM, PARAMETER_DRAWS, YOUNGEST, Qualified, Source
from regio_engine.staff.supply import Enrolments, Figures, Region, build_supply, expected_persons, graduates
from tests.engine.staff.staff_parameters import parameters

POSITIONS = (
    "vo:duits:tweedegraads",
    "vo:duits:eerstegraads",
    "vo:lichamelijke_opvoeding:tweedegraads",
    "vo:lichamelijke_opvoeding:eerstegraads",
)
NEED = np.array([40_000.0, 10_000.0, 30_000.0, 20_000.0])
CONTRACTS = np.array([0.1, 0.1, 0.2, 0.3, 0.3])
NOBODY_RETURNS = np.zeros(PARAMETER_DRAWS)


def region(need=NEED, persons=1_000):
    return Region("vo", POSITIONS, need, persons, np.array([1.0, 3.0]), CONTRACTS)


def figures(sector="vo"):
    return Figures(parameters(), sector, 5)


def expected(enrolments=None, **changes):
    return expected_persons(
        region(**changes), figures=figures(), enrolments=enrolments or Enrolments(), returns_per_year=NOBODY_RETURNS
    )  # fmt: skip


def test_twice_the_region_has_twice_the_candidates():
    one, two = expected(), expected(need=2 * NEED, persons=2_000)
    assert two == pytest.approx(2 * one)


def test_graduates_follow_students_of_their_subject():
    students = Enrolments(second_grade={"duits": 500, "wiskunde": 9_000})
    found = graduates(region(), figures=figures(), enrolments=students)
    by_hand = 500 * 0.145 * 0.65 * 0.70
    assert found[:, 0].mean() == pytest.approx(by_hand, rel=0.06)
    assert (found[:, 2] == 0).all()  # no students, no graduates of the second grade
    assert graduates(region(), figures=figures(), enrolments=Enrolments({"duits": 1_000}))[:, 0] == pytest.approx(
        2 * found[:, 0]
    )


def test_masters_are_mostly_sitting_teachers_and_beginners_are_not():
    one = Enrolments(second_grade={"duits": 1}, first_grade={"duits": 100})
    two = Enrolments(
        second_grade={"duits": 1},
        first_grade={"lichamelijke_opvoeding": 100},
        starting_in_vo=frozenset({"lichamelijke_opvoeding"}),
    )
    university = graduates(region(), figures=figures(), enrolments=Enrolments({"duits": 1}, {"frans": 0}))
    masters = (graduates(region(), figures=figures(), enrolments=one) - university).sum(axis=1)
    beginners = (graduates(region(), figures=figures(), enrolments=two) - university).sum(axis=1)
    assert masters.mean() == pytest.approx(100 * 0.17 * 0.15 * 0.7, rel=0.06)
    assert beginners.mean() == pytest.approx(100 * 0.17 * 0.65 * 0.7, rel=0.06)


def test_without_a_file_the_published_diplomas_are_spread_by_need():
    found = graduates(region(), figures=figures(), enrolments=Enrolments()).mean(axis=0)
    assert found[0] / found[2] == pytest.approx(4 / 3)
    assert found[[0, 2]].sum() == pytest.approx(3150 * 0.65 * 0.70, rel=0.05)


def test_as_many_come_from_elsewhere_as_go():
    found = expected()[:, Source.FROM_ELSEWHERE].sum(axis=1)
    assert found == pytest.approx(1_000 * figures()("leave_region"))


def test_who_returns_as_a_starter_is_in_the_reserve():
    without = expected()
    returns = np.full(PARAMETER_DRAWS, 10.0)
    more = expected_persons(region(), figures=figures(), enrolments=Enrolments(), returns_per_year=returns)
    assert (more - without)[:, Source.RESERVE].sum(axis=1) == pytest.approx(10.0)
    assert (more - without)[:, Source.GRADUATE].sum() == 0


@pytest.mark.parametrize(
    ("sector", "position"), [("po", "po:groepsleraar"), ("so", "so:leraar"), ("mbo", "mbo:docent")]
)
def test_other_sectors_have_graduates_too(sector, position):
    one = Region(sector, (position,), np.array([100_000.0]), 130, np.array([1.0]), CONTRACTS)
    assert graduates(one, figures=figures(sector), enrolments=Enrolments()).min() > 0


def test_candidates_have_ages_hours_terms_and_a_home():
    supply = build_supply(
        region(), figures=figures(), enrolments=Enrolments(), returns_per_year=NOBODY_RETURNS, years=4
    )
    assert supply.expected_milli.shape == (PARAMETER_DRAWS, len(Source), 4, 4)
    assert supply.ages.shape == (len(Source), AGES)
    assert supply.ages[Source.GRADUATE, 20 - YOUNGEST] == 0
    assert supply.homes[0] == pytest.approx(2**30, abs=2)
    assert supply.qualified[Source.ZIJ_INSTROOM] == Qualified.APPOINTABLE
    assert supply.terms[Source.ZIJ_INSTROOM] == 2
    assert supply.qualified[Source.UNQUALIFIED] == Qualified.APPOINTABLE
    assert supply.terms[Source.UNQUALIFIED] == OPEN_TERM  # qualified for something else
    assert supply.tenure[Source.FROM_ELSEWHERE] > 0


def test_a_part_of_the_candidates_takes_a_whole_opening_and_the_others_work_as_the_region_does():
    one = Region("po", ("po:groepsleraar",), np.array([100_000.0]), 130, np.array([1.0]), CONTRACTS)
    supply = build_supply(one, figures=figures("po"), enrolments=Enrolments(), returns_per_year=NOBODY_RETURNS, years=1)
    whole = parameters().figure("po", "takes_whole_opening").value
    shares = np.diff(supply.hours[Source.GRADUATE].astype(float), prepend=0) / 2**32
    assert shares == pytest.approx((1 - whole) * CONTRACTS + whole * np.array([0, 0, 0, 0, 1]), abs=1e-6)

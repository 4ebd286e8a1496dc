"""Made-up staff: margins, whole numbers, the same ids, other people in every population."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.context_leaving import ages_from_60, exit_chances
from regio_engine.staff.context_people import profile_of
from regio_engine.staff.context_positions import second_positions
from regio_engine.staff.contract import OPEN_TERM, YOUNGEST, Qualified
from regio_engine.staff.synthetic import POPULATIONS, impute
from regio_engine.staff.synthetic_ages import class_middles, shares_from_counts, shares_with_mean
from regio_engine.staff.synthetic_fit import fit, swept, tilted_to, whole_parts
from regio_engine.staff.synthetic_seats import PublicCell, PublicSchool, persons_per_school
from tests.engine.staff.staff_parameters import parameters

POSITIONS = ("vo:wiskunde:tweedegraads", "vo:wiskunde:eerstegraads", "vo:duits:tweedegraads")
UNIFORM = st.floats(0, 1, exclude_max=True)


def profile():
    chances = exit_chances(parameters(), "vo", years=(2025, 2030), seed=1)
    return profile_of(
        parameters(), "vo", second_position_of=second_positions(POSITIONS, np.ones(3), parameters()),
        ages_from_60=ages_from_60(chances),
    )  # fmt: skip


def two_schools():
    schools = [PublicSchool("90AA", 60), PublicSchool("90AB", 30, (0.2, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05))]
    cells = [
        PublicCell(0, 0, 0, 20_000, 0.10, 0.10), PublicCell(0, 0, 1, 16_000, 0.0, 0.05), PublicCell(0, 1, 2, 12_000, 0.25, 0.25),
        PublicCell(1, 2, 0, 15_000, 0.10, 0.10), PublicCell(1, 2, 2, 9_000, 0.25, 0.25),
    ]  # fmt: skip
    return schools, cells


def population(staff, k):
    return slice(staff.offsets[k], staff.offsets[k + 1])


# ---------------------------------------------------------------------------------------------------------- fitting
@settings(max_examples=60, deadline=None)
@given(arrays(float, (4, 5), elements=st.floats(0.1, 10)), arrays(float, (4, 5), elements=st.floats(0.1, 10)))
def test_a_fitted_table_has_the_margins_and_keeps_the_odds_of_where_it_began(start, truth):
    rows, columns = truth.sum(axis=1), truth.sum(axis=0)
    found = fit(start, [((0,), rows), ((1,), columns)])
    assert found.sum(axis=1) == pytest.approx(rows, rel=1e-4)
    assert found.sum(axis=0) == pytest.approx(columns, rel=1e-4)
    odds = found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0])
    assert odds == pytest.approx(start[0, 0] * start[1, 1] / (start[0, 1] * start[1, 0]), rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(arrays(float, (3, 4, 5), elements=st.floats(0.1, 5)))
def test_a_table_of_three_dimensions_has_its_three_two_way_margins(truth):
    margins = [((0, 1), truth.sum(axis=2)), ((1, 2), truth.sum(axis=0)), ((0, 2), truth.sum(axis=1))]
    found = fit(np.ones_like(truth), margins)
    for (axes, target), other in zip(margins, (2, 0, 1), strict=True):
        assert found.sum(axis=other) == pytest.approx(target, rel=1e-4), axes


def test_what_was_impossible_stays_impossible():
    start = np.array([[1.0, 0.0], [1.0, 1.0]])
    found = fit(start, [((0,), np.array([3.0, 7.0])), ((1,), np.array([6.0, 4.0]))])
    assert found == pytest.approx(np.array([[3.0, 0.0], [3.0, 4.0]]), rel=1e-5)


def test_margins_with_other_sums_are_refused():
    with pytest.raises(ImplausibleInput, match="one sum"):
        fit(np.ones((2, 2)), [((0,), np.array([1.0, 1.0])), ((1,), np.array([1.0, 2.0]))])


@given(st.lists(st.floats(0, 30), min_size=1, max_size=40), UNIFORM)
def test_whole_parts_keep_the_total_and_stay_within_one(expected, uniform):
    parts = np.array(expected)
    found = whole_parts(parts[None], np.array([uniform]))[0]
    assert found.sum() == np.rint(parts.sum())
    assert (np.abs(found - parts) < 2).all()  # one, and what the rounded total shifts
    assert found.min() >= 0


def test_whole_parts_are_right_on_average():
    parts = np.array([0.3, 1.6, 0.1, 2.0])
    uniforms = (np.arange(1000) + 0.5) / 1000
    assert whole_parts(np.tile(parts, (1000, 1)), uniforms).mean(axis=0) == pytest.approx(parts, abs=0.002)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), UNIFORM)
def test_a_sweep_takes_as_many_as_the_chances_sum_to(chances, uniform):
    taken = swept(np.array([chances]), np.array([uniform])).sum()
    assert abs(taken - sum(chances)) < 1.001


# -------------------------------------------------------------------------------------------------------- populations
def test_every_population_has_the_persons_and_fte_of_each_school():
    schools, cells = two_schools()
    staff = impute(schools, cells, profile=profile(), seed=1)
    assert len(staff.offsets) == POPULATIONS + 1
    for k in range(POPULATIONS):
        own = population(staff, k)
        first = np.isin(staff.places[own], [0, 1])
        assert (first.sum(), (~first).sum()) == (60, 30)
        assert staff.milli_fte[own][first].sum() == 48_000
        assert staff.milli_fte[own][~first].sum() == 24_000
    assert 0 < staff.milli_fte.min() <= staff.milli_fte.max() <= 1000


def test_a_subject_has_its_persons_within_one_and_its_fte_on_average():
    schools, cells = two_schools()
    staff = impute(schools, cells, profile=profile(), seed=1, populations=200)
    per_population = np.array(
        [[(staff.positions[population(staff, k)] == p).sum() for p in range(3)] for k in range(200)]
    )
    expected = np.array([20 / 48 * 60 + 15 / 24 * 30, 16 / 48 * 60, 12 / 48 * 60 + 9 / 24 * 30])
    assert (np.abs(per_population - expected) <= 2).all()  # two schools, each within one
    fte = np.array([staff.milli_fte[staff.positions == p].sum() / 200 for p in range(3)])
    assert fte == pytest.approx([35_000, 16_000, 21_000], rel=0.02)


def test_who_is_qualified_follows_the_lesson_sheet():
    schools, cells = two_schools()
    staff = impute(schools, cells, profile=profile(), seed=1, populations=200)
    duits = staff.positions == 2
    shares = [(staff.qualified[duits] == kind).mean() for kind in Qualified]
    assert shares == pytest.approx([0.25, 0.25, 0.5], abs=0.03)
    for k in range(POPULATIONS):
        first_grade = staff.positions[population(staff, k)] == 1
        assert (staff.qualified[population(staff, k)][first_grade] == Qualified.NO).sum() == 0
    terms = staff.terms[staff.qualified == Qualified.APPOINTABLE]
    assert set(terms) == {1, 2, OPEN_TERM}  # the few in training within two years, the others without end
    assert (terms != OPEN_TERM).mean() == pytest.approx(0.05, abs=0.02)
    assert (staff.terms[staff.qualified != Qualified.APPOINTABLE] == 0).all()


def test_a_school_with_counted_ages_has_them_within_one_in_every_population():
    schools, cells = two_schools()
    staff = impute(schools, cells, profile=profile(), seed=1)
    for k in range(POPULATIONS):
        own = population(staff, k)
        ages = staff.ages[own][staff.places[own] == 2]
        classes = np.histogram(ages, bins=[20, 25, 30, 35, 40, 45, 50, 55, 60, 90])[0]
        assert (np.abs(classes - np.array(schools[1].age_shares) * 30) <= 1).all()


def test_people_have_one_id_in_every_population_and_another_age():
    schools, cells = two_schools()
    staff = impute(schools, cells, profile=profile(), seed=1)
    first, other = population(staff, 0), population(staff, 1)
    assert (staff.ids[first] == staff.ids[other]).all()
    assert len(np.unique(staff.ids[first])) == 90
    assert staff.ids.max() < 2**31
    assert (staff.ages[first] != staff.ages[other]).any()


def test_another_school_in_the_region_changes_no_id_and_no_subject():
    schools, cells = two_schools()
    alone = impute(schools[:1], cells[:3], profile=profile(), seed=1, populations=1)
    both = impute(schools, cells, profile=profile(), seed=1, populations=1)
    assert set(alone.ids) <= set(both.ids)
    assert (alone.positions == both.positions[:60]).all()


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    schools, cells = two_schools()
    one, same, other = (impute(schools, cells, profile=profile(), seed=seed) for seed in (1, 1, 2))
    assert (one.ages == same.ages).all()
    assert (one.milli_fte == same.milli_fte).all()
    assert (one.ages != other.ages).any()


def test_starters_are_as_many_and_as_qualified_as_expected():
    schools = [PublicSchool("90AA", 1000)]
    cells = [PublicCell(0, 0, 0, 800_000, 0.04, 0.08)]
    staff = impute(schools, cells, profile=profile(), seed=3)
    starters = staff.tenures == 0
    assert starters.mean() == pytest.approx(0.03, abs=0.01)
    assert (staff.qualified[starters] == Qualified.YES).mean() == pytest.approx(0.70, abs=0.07)
    assert (staff.tenures <= staff.ages - 18).all()


def test_a_school_of_which_the_persons_are_hidden_gets_the_usual_contract():
    cells = [PublicCell(0, 0, 0, 8_000, 0.0, 0.0)]
    assert persons_per_school([PublicSchool("90AA", None)], cells, mean_milli=800).tolist() == [10]
    assert persons_per_school([PublicSchool("90AA", 3)], cells, mean_milli=800).tolist() == [8]  # nobody over one fte
    assert persons_per_school([PublicSchool("90AA", 12)], cells, mean_milli=800).tolist() == [12]


def test_nobody_is_made_up_without_public_counts():
    staff = impute([], [], profile=profile(), seed=1)
    assert len(staff.ids) == 0
    assert len(staff.offsets) == POPULATIONS + 1


def test_contracts_have_the_usual_sizes_and_the_mean_of_the_school():
    """48 fte on 60 persons and 24 on 30; but for a few who take what is left over."""
    schools, cells = two_schools()
    staff = impute(schools, cells, profile=profile(), seed=1)
    assert (staff.milli_fte % 200 == 0).mean() > 0.95
    usual = parameters().table("vo", "hours_classes").rows.values()
    assert np.bincount(staff.milli_fte // 200, minlength=6)[1:] / len(staff.ids) == pytest.approx(list(usual), abs=0.03)


@given(st.floats(0.3, 0.95))
def test_tilted_shares_have_the_mean(mean):
    values = np.array([0.2, 0.4, 0.6, 0.8, 1.0])
    found = tilted_to(np.array([0.04, 0.10, 0.17, 0.27, 0.42]), values, mean=mean)
    assert found.sum() == pytest.approx(1)
    assert (found * values).sum() == pytest.approx(mean, abs=1e-6)


# --------------------------------------------------------------------------------------------------------------- ages
def test_ages_above_60_are_those_that_the_chances_to_leave_leave_behind():
    chances = exit_chances(parameters(), "vo", years=(2025, 2030), seed=1)
    shares, leaves = ages_from_60(chances), chances[:, 60 - YOUNGEST :, -1, 1, :4].sum(axis=-1).mean(axis=0)
    assert shares.sum() == pytest.approx(1)
    assert shares[1:] / shares[:-1] == pytest.approx(1 - leaves[: len(shares) - 1])


AGE_FROM = (20, 25, 30, 35, 40, 45, 50, 55, 60)
USUAL = np.array([2.8, 10.8, 11.9, 11.1, 10.1, 11.1, 13.2, 15.8, 13.1])


@given(st.floats(38, 52))
def test_a_tilted_profile_has_the_told_mean(mean):
    shares = shares_with_mean(mean, age_from=AGE_FROM, usual=USUAL)
    assert shares.sum() == pytest.approx(1)
    assert shares.min() > 0
    assert (shares * class_middles(AGE_FROM)).sum() == pytest.approx(mean, abs=0.1)


def test_a_mean_that_no_profile_has_is_followed_as_far_as_it_goes():
    shares = shares_with_mean(59.0, age_from=AGE_FROM, usual=USUAL)
    assert shares.min() > 0
    assert 53 < (shares * class_middles(AGE_FROM)).sum() < 59


def test_counts_per_class_are_divided_by_the_usual_profile():
    shares = shares_from_counts({(20, 30): 30.0, (30, 68): 70.0}, age_from=AGE_FROM, usual=USUAL)
    assert shares[:2].sum() == pytest.approx(0.3)
    assert shares[0] / shares[1] == pytest.approx(2.8 / 10.8)
    assert shares_from_counts({}, age_from=AGE_FROM, usual=USUAL) == pytest.approx(USUAL / USUAL.sum())

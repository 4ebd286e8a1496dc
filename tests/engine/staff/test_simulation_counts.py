"""Every head and every thousandth of fte is accounted for, in every draw, cell and year."""

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.contract import Flow, Output
from regio_engine.staff.reference import Course, live
from regio_engine.staff.reference_pool import fill_pool
from regio_engine.staff.simulation import _nothing_yet, simulate
from regio_engine.staff.tables import FIRST_CANDIDATE_ID, tables_of
from tests.engine.staff.staff_worlds import changed, quiet, world

YEARS, DRAWS = 15, 1000


@pytest.fixture(scope="module")
def context():
    return world(years=YEARS, draws=DRAWS, persons=150)


@pytest.fixture(scope="module")
def drawn(context):
    return simulate(context, seed=3, draws=DRAWS, years=YEARS)


def test_heads_at_the_end_are_heads_at_the_start_without_who_left_and_with_who_was_hired(drawn):
    start, *left, hired, end = np.moveaxis(drawn.heads, 2, 0)
    assert (start - sum(left) + hired == end).all()
    assert (start[1:] == end[:-1]).all()
    assert min(one.sum() for one in [*left, hired]) > 0


def test_need_and_surplus_are_stock_and_what_is_cancelled_or_open(context, drawn):
    need, stock, qualified, shortage, is_open, surplus = np.moveaxis(drawn.outputs.astype(np.int64), 1, 0)
    unfilled = need + surplus - stock  # C3 + D
    assert (need == context.need_milli).all()
    assert (unfilled >= is_open).all()
    assert (is_open >= 0).all()
    cancelled_share = context.rates.cancelled[np.arange(DRAWS) % 50]
    assert (is_open == unfilled - (unfilled * cancelled_share >> 16)).all()
    assert (shortage >= unfilled).all()  # C1 and C2 come on top
    assert ((qualified >= 0) & (qualified <= stock)).all()
    assert surplus.max() > 0


def test_a_change_of_stock_is_the_sum_of_its_flows(drawn):
    stock = drawn.outputs[:, Output.STOCK].astype(np.int64).sum(axis=-1)
    assert (np.diff(stock, axis=1) == drawn.flows.sum(axis=2)).all()


def test_moves_inside_the_region_add_up_to_nothing(drawn):
    assert not drawn.flows[:, :, [Flow.MOVES, Flow.SWITCH]].sum(axis=0).any()
    assert drawn.flows[:, :, Flow.MOVES].any()
    assert drawn.flows[:, :, Flow.SWITCH].any()


def test_ages_and_scales_count_the_same_people_as_heads_and_stock(drawn):
    ends = drawn.heads[:, :, -1].sum(axis=1)
    assert (drawn.age_heads[:, 1:].sum(axis=(0, 2)) == ends).all()
    stock = drawn.outputs[:, Output.STOCK].astype(np.int64).sum(axis=(0, 2))
    assert (drawn.scale_milli.sum(axis=(0, 2)) == stock).all()


def test_the_shortage_of_the_base_year_is_what_was_measured(context, drawn):
    """Nobody qualified or appointable fills it: what is unfilled, and what unqualified people fill."""
    staff, unfilled = context.staff, context.need_milli[:, 0] - drawn.outputs[:, Output.STOCK, 0]
    cells = staff.places.astype(np.int64) * len(context.position_ids) + staff.positions
    for draw in (0, 1, DRAWS - 1):
        here = slice(staff.offsets[draw % 2], staff.offsets[draw % 2 + 1])
        without = np.bincount(cells[here], staff.milli_fte[here] * (staff.qualified[here] == 0), len(unfilled))
        assert (drawn.outputs[:, Output.SHORTAGE, 0, draw] == unfilled[:, draw] + without).all()
    assert (unfilled >= 0).all()


def test_nobody_is_in_two_places_and_nobody_returns_with_an_id_that_left():
    context = world(years=YEARS, draws=20, persons=150)
    tables = tables_of(context, years=YEARS, last_draw=19)
    course = Course(tables, seed=3, first_draw=0, draws=20, found=_nothing_yet(tables, 20), at=0)
    gone, before = [set() for _ in range(20)], _ids_per_draw(course)
    for _ in range(YEARS):
        course.year += 1
        fill_pool(course, *live(course))
        now = _ids_per_draw(course)
        for draw in range(20):
            gone[draw] |= set(before[draw]) - set(now[draw])
            assert len(set(now[draw])) == len(now[draw])
            assert not gone[draw] & set(now[draw])
        before = now
    assert any(identity >= FIRST_CANDIDATE_ID for identity in before[0])


def _ids_per_draw(course):
    return [course.people.ids[course.people.draw == draw].tolist() for draw in range(20)]


def test_forty_regions_of_3000_fte_add_up_exactly_and_two_thirds_stays_two_thirds():
    """4,500 contracts of 0.667 fte in each of forty regions, kept for fifteen years."""
    total = 0
    for number in range(40):
        context = quiet(persons=4500, milli_fte=667, years=YEARS, draws=2, first_id=1 + number * 4500)
        stock = simulate(context, seed=number, draws=2, years=YEARS).outputs[:, Output.STOCK]
        assert {int(stock[:, year, draw].sum()) for year in range(YEARS + 1) for draw in range(2)} == {4500 * 667}
        total += int(stock[:, YEARS, 1].astype(object).sum())
    assert total == 40 * 4500 * 667


def test_more_than_32_bits_can_hold_is_refused():
    context = world(years=15)
    large = changed(context, need_milli=np.full_like(context.need_milli, 2**30 - 1))
    assert simulate(large, seed=1, draws=2, years=2).outputs[:, Output.NEED].max() == 2**30 - 1
    crowd = {"expected_milli": np.full_like(context.supply.expected_milli, 400_000)}
    with pytest.raises(ImplausibleInput, match="cells must stay below"):
        simulate(changed(large, supply=crowd), seed=1, draws=2, years=2)


@pytest.mark.parametrize(("name", "value"), [("milli_fte", 3_000), ("ages", 90), ("qualified", 3), ("positions", 99)])
def test_a_person_who_cannot_be_is_refused(name, value):
    context = world()
    wrong = np.full_like(getattr(context.staff, name), value)
    with pytest.raises(ImplausibleInput, match=f"{name} must lie"):
        simulate(changed(context, staff={name: wrong}), seed=1, draws=2, years=2)


def test_a_need_below_nothing_is_refused():
    context = world()
    with pytest.raises(ImplausibleInput, match="need_milli must lie"):
        simulate(changed(context, need_milli=context.need_milli - 10**6), seed=1, draws=2, years=2)


def test_an_id_that_could_be_a_candidate_or_comes_twice_is_refused():
    context = world()
    ids = context.staff.ids.copy()
    ids[0] = FIRST_CANDIDATE_ID + 5
    with pytest.raises(ImplausibleInput, match="ids must lie"):
        simulate(changed(context, staff={"ids": ids}), seed=1, draws=2, years=2)
    ids[0] = ids[1]
    with pytest.raises(ImplausibleInput, match="one twice"):
        simulate(changed(context, staff={"ids": ids}), seed=1, draws=2, years=2)

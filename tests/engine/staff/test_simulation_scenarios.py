"""Two scenarios share their lots: what a lever does not touch stays the same bit for bit, and more supply never hurts."""

import itertools

import numpy as np
import pytest

from regio_engine.staff.contract import ALL_MECHANISMS, NONE, Mechanism, Output, Source
from regio_engine.staff.simulation import simulate
from regio_engine.staff.tables import poisson_tables
from tests.engine.staff.staff_worlds import changed, quiet, world

YEARS, DRAWS = 8, 100


def drawn(context, **options):
    return simulate(context, seed=21, draws=DRAWS, years=YEARS, **options)


def unlinked(**options):
    """Return a region of which nobody can pass from one position to another."""
    context = world(years=YEARS, draws=DRAWS, **options)
    size = len(context.position_ids)
    return changed(
        context, covers=np.eye(size, dtype=np.bool_),
        staff={"second_positions": np.full_like(context.staff.second_positions, NONE)},
        rates={"covered": np.zeros_like(context.rates.covered), "second_qualifications": context.rates.second_qualifications * np.uint32(0)},
    )  # fmt: skip


def test_a_scenario_without_change_differs_nowhere():
    first, second = drawn(world(years=YEARS, draws=DRAWS)), drawn(world(years=YEARS, draws=DRAWS))
    assert not (first.outputs.astype(np.int64) - second.outputs).any()


@pytest.mark.parametrize("lever", ["supply", "need", "staff leaves"])
def test_a_lever_on_one_subject_leaves_another_as_it_was(lever):
    context = unlinked()
    before, after = drawn(context), drawn(pulled(context, lever, position=0))
    assert (positions_of(before, context) != positions_of(after, context))[:, 0].any()
    assert (positions_of(before, context) == positions_of(after, context))[:, 1:].all()


def pulled(context, lever, *, position):
    """Return the context with a lever pulled on one position."""
    if lever == "supply":
        expected = context.supply.expected_milli.copy()
        expected[:, :, position] *= 2
        return changed(context, supply={"expected_milli": expected})
    if lever == "need":
        need = context.need_milli.copy()
        need[position :: len(context.position_ids), 1:] += 500
        return changed(context, need_milli=need)
    ages = context.staff.ages.copy()
    ages[context.staff.positions == position] = 70
    return changed(context, staff={"ages": ages})


def positions_of(found, context):
    """Return the outputs with places and positions apart."""
    return found.outputs.reshape(len(context.place_ids), len(context.position_ids), *found.outputs.shape[1:])


def test_a_cover_links_two_subjects():
    context = world(years=YEARS, draws=DRAWS)
    before, after = drawn(context), drawn(pulled(context, "supply", position=0))
    assert (positions_of(before, context) != positions_of(after, context))[:, 1].any()


def test_without_inflow_heads_never_rise():
    context = changed(world(years=YEARS, draws=DRAWS), mechanisms=ALL_MECHANISMS & ~(1 << Mechanism.SUPPLY))
    heads = drawn(context).heads
    assert (heads[:, :, -1] <= heads[:, :, 0]).all()
    assert not heads[:, :, -2].any()


def test_more_supply_never_raises_the_shortage_of_a_market_when_people_and_openings_are_alike():
    """Every candidate works full-time and every opening is a whole number of full-time jobs: then in every single draw."""
    context = quiet(persons=60, places=5, positions=2, exits=(0.3, 0, 0, 0, 0), years=1, draws=DRAWS, unfilled_milli=0)
    shortages = [shortage_of_markets(full_time(context, candidates=number)) for number in (0, 1, 3, 8, 20)]
    for less, more in itertools.pairwise(shortages):
        assert (more <= less).all()
    assert shortages[-1].sum() < shortages[0].sum() / 2


def full_time(context, *, candidates):
    """Return a context with so many full-time graduates expected per position and year."""
    expected = np.zeros_like(context.supply.expected_milli)
    expected[:, Source.GRADUATE] = 1000 * candidates
    hours = np.zeros_like(context.supply.hours)
    return changed(context, supply={"expected_milli": expected, "hours": hours})


def shortage_of_markets(context):
    found = simulate(context, seed=2, draws=DRAWS, years=1)
    return positions_of(found, context)[:, :, Output.SHORTAGE].sum(axis=0)


def test_more_supply_lowers_the_mean_shortage_of_its_market_over_the_years():
    context = unlinked(growth=0.01)
    before, after = (
        positions_of(drawn(one), context)[:, 0, Output.SHORTAGE].sum(axis=0, dtype=np.int64).mean(axis=1)
        for one in (context, pulled(context, "supply", position=0))
    )
    assert (after[1:] < before[1:]).all()


def test_candidates_of_a_scenario_with_less_supply_are_the_first_of_one_with_more():
    starts, counts = poisson_tables(np.array([0.5, 2.0, 2.1, 30.0]))
    words = np.linspace(0, 2**32 - 1, 4001).astype(np.uint32)
    drawn_numbers = [
        np.searchsorted(counts[first:last], words, side="right") for first, last in itertools.pairwise(starts)
    ]
    for fewer, more in itertools.pairwise(drawn_numbers):
        assert (fewer <= more).all()


@pytest.mark.parametrize("mean", [0.001, 0.4, 3.0, 47.0, 400.0])
def test_the_number_of_candidates_has_a_poisson_mean_and_variance(mean):
    _, counts = poisson_tables(np.array([mean]))
    chance_of_more = 1 - counts / 2.0**32  # chance of more than k, k = 0, 1, …
    first = chance_of_more.sum()
    second = ((2 * np.arange(len(counts)) + 1) * chance_of_more).sum()
    assert first == pytest.approx(mean, rel=1e-5)
    assert second - first**2 == pytest.approx(mean, rel=1e-4)


def test_nobody_is_expected_means_nobody_comes():
    starts, counts = poisson_tables(np.array([0.0, 1.0]))
    assert starts[1] == 0
    assert len(counts) > 8

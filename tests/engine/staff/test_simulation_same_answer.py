"""The same seed gives the same bytes: from the numpy reference and the kernel, on any threads, in any chunks."""

from regio_engine.staff.simulation import joined, result_hash, simulate, simulate_plainly
from tests.engine.staff.staff_worlds import world

YEARS, DRAWS = 6, 100


def test_the_reference_and_the_kernel_find_the_same():
    context = world()
    plain = simulate_plainly(context, seed=11, draws=40, years=YEARS)
    quick = simulate(context, seed=11, draws=40, years=YEARS)
    assert result_hash(quick) == result_hash(plain)


def test_threads_change_nothing():
    context = world(draws=200)
    one, two = (simulate(context, seed=11, draws=200, years=YEARS, threads=number) for number in (1, 2))
    assert result_hash(one) == result_hash(two)


def test_draws_in_parts_are_the_draws_of_one_run():
    context = world(draws=DRAWS)
    parts = [
        simulate(context, seed=11, draws=draws, years=YEARS, first_draw=first) for first, draws in ((0, 7), (7, 93))
    ]
    assert result_hash(joined(parts)) == result_hash(simulate(context, seed=11, draws=DRAWS, years=YEARS))

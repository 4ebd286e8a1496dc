"""The same seed gives the same bytes: from the numpy reference and the kernel, however the work is shared out."""

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from multiprocessing import get_context

import numpy as np
import pytest

from regio_engine.staff.contract import ALL_MECHANISMS, Mechanism, Output
from regio_engine.staff.simulation import context_hash, joined, result_hash, simulate, simulate_plainly
from tests.engine.staff.staff_worlds import changed, world
from tests.helpers import CHECKOUT

YEARS, DRAWS, SEED = 6, 1000, 2**40 + 11
# What this hash is, is arbitrary; that it stays the same says that no machine, version or hand changed a result.
KNOWN = "837427effd0912920c49874df4de9125"


def the_world():
    return world(draws=DRAWS, years=YEARS)


def part(first_and_draws):
    first, draws = first_and_draws
    return simulate(the_world(), seed=SEED, draws=draws, years=YEARS, first_draw=first, threads=1)


@pytest.fixture(scope="module")
def whole():
    return simulate(the_world(), seed=SEED, draws=DRAWS, years=YEARS)


def test_the_answer_is_the_one_that_was_written_down(whole):
    assert result_hash(whole) == KNOWN


def test_the_numpy_reference_finds_the_same(whole):
    assert result_hash(simulate_plainly(the_world(), seed=SEED, draws=DRAWS, years=YEARS)) == result_hash(whole)


@pytest.mark.parametrize("mechanism", [*Mechanism, None])
def test_the_reference_and_the_kernel_agree_with_any_mechanism_off(mechanism):
    bits = ALL_MECHANISMS & ~(1 << mechanism) if mechanism is not None else 0
    context = changed(world(draws=30), mechanisms=bits)
    plain, quick = (run(context, seed=5, draws=30, years=YEARS) for run in (simulate_plainly, simulate))
    assert result_hash(plain) == result_hash(quick)
    if mechanism is not None:
        assert result_hash(quick) != result_hash(simulate(world(draws=30), seed=5, draws=30, years=YEARS))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_nothing(whole, threads):
    drawn = simulate(the_world(), seed=SEED, draws=DRAWS, years=YEARS, threads=threads)
    assert result_hash(drawn) == result_hash(whole)


@pytest.mark.parametrize("cut", [7, 993])
def test_draws_in_two_parts_are_the_draws_of_one_run(whole, cut):
    assert result_hash(joined([part((0, cut)), part((cut, DRAWS - cut))])) == result_hash(whole)


def test_two_processes_find_what_one_does(whole):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(part, [(0, 500), (500, 500)]))
    assert result_hash(joined(parts)) == result_hash(whole)


def test_memory_of_another_run_changes_nothing(whole):
    room = simulate(the_world(), seed=1, draws=DRAWS, years=YEARS)
    again = simulate(the_world(), seed=SEED, draws=DRAWS, years=YEARS, room=room)
    assert again.outputs is room.outputs
    assert result_hash(again) == result_hash(whole)


def test_a_longer_run_begins_with_a_shorter_one(whole):
    short = simulate(the_world(), seed=SEED, draws=64, years=YEARS)
    assert (short.outputs == whole.outputs[..., :64]).all()
    assert (short.heads == whole.heads[:, :64]).all()


def test_fewer_years_are_the_first_years(whole):
    assert (simulate(the_world(), seed=SEED, draws=DRAWS, years=2).outputs == whole.outputs[:, :, :3]).all()


def test_a_processor_without_wide_instructions_finds_the_same(whole):
    """Compiled for the plainest x86-64 and with numpy's AVX2 and AVX-512 switched off."""
    code = "from tests.engine.staff.test_simulation_same_answer import *; print(result_hash(part((0, DRAWS))))"
    plain = {
        "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NPY_DISABLE_CPU_FEATURES": _wide_features(),
        "PYTHONPATH": f"{CHECKOUT / 'src'}{os.pathsep}{CHECKOUT}",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | plain, cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.stdout.split() == [result_hash(whole)], done.stderr


def _wide_features():
    """Return the wide instructions that numpy can be told to leave alone on this machine."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


def test_in_which_order_people_stand_changes_nothing():
    context = world(draws=50)
    shuffled = simulate(with_staff_in_order(context, seed=9), seed=1, draws=50, years=YEARS)
    assert result_hash(shuffled) == result_hash(simulate(context, seed=1, draws=50, years=YEARS))


def with_staff_in_order(context, *, seed):
    """Return the same people in another order, population by population."""
    from regio_engine.keyed_random import words

    staff = context.staff
    word = words(seed=seed, purpose="order", stable_ids=np.arange(len(staff.ids)), years=0, draws=0)[0]
    population = np.repeat(np.arange(len(staff.offsets) - 1), np.diff(staff.offsets))
    order = np.lexsort((word, population))
    moved = {one.name: getattr(staff, one.name)[order] for one in fields(staff) if one.name != "offsets"}
    return changed(context, staff=moved)


def test_other_ids_give_other_draws_from_the_same_distribution():
    context = world(draws=400)
    other = changed(context, staff={"ids": (context.staff.ids ^ np.uint32(0x2A5A5A5A)).astype(np.uint32)})
    first, second = (
        simulate(one, seed=1, draws=400, years=YEARS).outputs[:, :, YEARS].sum(axis=0, dtype=np.int64)
        for one in (context, other)
    )
    assert (first != second).any()
    for output in (Output.STOCK, Output.QUALIFIED, Output.SHORTAGE, Output.OPEN, Output.SURPLUS):
        # Need, and with it shortage, is the same draw in both: the difference per draw has the noise of two sets of lots.
        difference = (first - second)[output]
        assert abs(difference.mean()) < 4 * difference.std(ddof=1) / len(difference) ** 0.5


def test_two_seeds_share_nothing_but_the_base_year():
    one, two = (simulate(world(), seed=seed, draws=40, years=YEARS).outputs for seed in (1, 1 + 2**32))
    assert (one[:, :, 0] == two[:, :, 0]).all()
    assert (one != two).any()


def test_the_hash_of_a_context_tells_every_change():
    context = world()
    rates = replace(context.rates, switches=context.rates.switches + np.uint32(1))
    others = [
        replace(context, rates=rates),
        replace(context, base_year=2030),
        replace(context, smallest_opening_milli=1),
    ]
    assert len({context_hash(one) for one in [context, *others, world()]}) == 4

"""Worlds at the edge of what can be: the kernel finds what the numpy reference finds, and writes nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from regio_engine.staff.contract import AGES, PARAMETER_DRAWS, TENURE_CLASSES, Exit, Qualified
from regio_engine.staff.simulation import result_hash, simulate, simulate_plainly
from tests.engine.staff.staff_worlds import CERTAIN, changed, quiet, world

YEARS, DRAWS = 4, 21


def nobody():
    context = world(draws=DRAWS, years=YEARS)
    fields = (
        "ids",
        "places",
        "positions",
        "ages",
        "milli_fte",
        "tenures",
        "qualified",
        "terms",
        "second_positions",
        "scales",
    )
    empty = {name: getattr(context.staff, name)[:0] for name in fields}
    return changed(context, staff=empty | {"offsets": np.zeros(3, np.int32)})


def everybody_leaves():
    exits = np.full((PARAMETER_DRAWS, 1, AGES, TENURE_CLASSES, 2, len(Exit)), CERTAIN, np.uint32)
    return changed(world(draws=DRAWS, years=YEARS), rates={"exits": exits})


def everybody_moves():
    context = world(draws=DRAWS, years=YEARS, unfilled_milli=2000)
    exits = context.rates.exits.copy()
    exits[..., Exit.MOVE_INSIDE] = CERTAIN
    return changed(context, rates={"exits": exits})


def boards_mixed():
    return replace(
        world(places=9, positions=6, persons=400, draws=DRAWS, years=YEARS),
        board_of_place=np.array([2, 0, 1, 2, 2, 0, 3, 1, 4], np.int16),
    )


def nobody_qualified():
    context = world(draws=DRAWS, years=YEARS)
    none = np.full_like(context.staff.qualified, Qualified.NO)
    return changed(context, staff={"qualified": none, "terms": np.zeros_like(context.staff.terms)})


ODD = {
    "nobody": nobody,
    "one cell": lambda: world(places=1, positions=1, persons=7, draws=DRAWS, years=YEARS),
    "one place": lambda: world(places=1, positions=17, persons=90, draws=DRAWS, years=YEARS),
    "one position, more places than a row": lambda: world(places=19, positions=1, persons=90, draws=DRAWS, years=YEARS),
    "one person": lambda: quiet(persons=1, draws=DRAWS, years=YEARS),
    "everybody leaves": everybody_leaves,
    "everybody moves": everybody_moves,
    "more come than there are openings": lambda: world(per_position=60, unfilled_milli=50, draws=DRAWS, years=YEARS),
    "as many come as may": lambda: world(places=2, positions=2, persons=20, per_position=700, unfilled_milli=100_000, draws=DRAWS, years=YEARS),
    "boards of several sizes in any order": boards_mixed,
    "nobody is qualified": nobody_qualified,
    "no opening is too small": lambda: replace(world(draws=DRAWS, years=YEARS), smallest_opening_milli=0),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_the_kernel_finds_what_the_reference_finds(name):
    plain, quick = (run(ODD[name](), seed=3, draws=DRAWS, years=YEARS) for run in (simulate_plainly, simulate))
    assert result_hash(plain) == result_hash(quick)


def test_who_is_told_how_far_it_is_can_end_it():
    def stop(share):
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        simulate(world(draws=DRAWS), seed=1, draws=DRAWS, years=YEARS, progress=stop)
    told = []
    simulate(world(draws=DRAWS), seed=1, draws=DRAWS, years=YEARS, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1

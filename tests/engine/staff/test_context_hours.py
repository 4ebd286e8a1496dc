"""Hours of the staff of the base year stay what they are, whatever sizes its contracts have."""

from dataclasses import replace

import numpy as np
import pytest

from regio_engine.keyed_random import words
from regio_engine.staff.context_hours import classes_of, contract_shares, hours_thresholds
from regio_engine.staff.contract import HOURS_CLASSES, YOUNGEST
from tests.engine.staff.staff_parameters import parameters
from tests.engine.staff.staff_worlds import quiet


def staff_with(contracts):
    """Return 4,000 people of 25 to 64 whose contracts take turns; both in an order that looks like nothing."""
    first, second, *_ = words(seed=1, purpose="hours", stable_ids=np.arange(4_000), years=0, draws=0)
    sizes = np.array(contracts, np.int32)[first % np.uint32(len(contracts))]
    return replace(quiet(persons=4_000).staff, milli_fte=sizes, ages=(25 + second % np.uint32(40)).astype(np.int16))


@pytest.mark.parametrize("contracts", [[200, 400, 600, 800, 1000], [50, 180, 350, 563, 667, 800, 1000, 1000]])
def test_what_some_take_more_is_what_others_give_up(contracts):
    staff = staff_with(contracts)
    thresholds = hours_thresholds(parameters(), "vo", staff, seed=1).astype(float) / 2**32
    chances = np.diff(thresholds, axis=-1, prepend=0).mean(axis=0)[staff.ages - YOUNGEST, classes_of(staff.milli_fte)]
    sizes = np.tile(200.0 * np.arange(1, HOURS_CLASSES + 1), (len(staff.ids), 1))
    sizes[np.arange(len(staff.ids)), classes_of(staff.milli_fte)] = staff.milli_fte  # who stays keeps the contract
    change = (chances * (sizes - staff.milli_fte[:, None])).sum() / staff.milli_fte.sum()
    assert abs(change) < 0.0005  # of the fte, a year


def test_contracts_of_a_region_are_counted_by_class():
    shares = contract_shares(staff_with([150, 200, 600, 1000]))
    assert shares == pytest.approx([0.5, 0, 0.25, 0, 0.25], abs=0.03)
    assert shares.min() > 0

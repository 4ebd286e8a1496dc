"""What drives the gap between need and staff: each year's change taken apart by cause, in whole thousandths.

Gap = need − stock. Its change is the change of the need (by learners, by rule) minus every flow of the staff. The sum is
exact because each part is a whole number summed over all draws, and the part of the rule is what the learners leave.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.contract import StaffContext, StaffDraws

Totals = NDArray[np.int64]

NEED_LEARNERS, NEED_RULE = 0, 1
NEED_PARTS = 2  # before the flows of the staff


def contributions(*, need: Totals, need_with_rule_held: Totals, flows: Totals) -> Totals:
    """Return per year what learners, rule and each flow add, summed over draws [thousandths of fte].

    The change of the gap is `parts[:, :2].sum() − parts[:, 2:].sum()`, exactly.

    Args:
        need: need per year, base year first, summed over draws, shape (years + 1,).
        need_with_rule_held: the same with the ratio and tables of the base year in every year.
        flows: see `Flow`, shape (years, flows).
    """
    if need[0] != need_with_rule_held[0]:
        raise ImplausibleInput(f"the need of the base year must not depend on the rule's course, got {need[0]}")
    by_learners = np.diff(need_with_rule_held)
    by_rule = np.diff(need) - by_learners
    return np.concatenate([np.stack([by_learners, by_rule], axis=1), flows], axis=1)


def scope_contributions(
    context: StaffContext, drawn: StaffDraws, *, need_with_rule_held: Totals, places: Sequence[int], positions: Sequence[int]
) -> Totals:  # fmt: skip
    """Return the contributions of the cells of a scope and item, shape (years, 2 + flows).

    Args:
        context: names the cells and holds the need.
        drawn: what the simulation found.
        need_with_rule_held: per cell and year, summed over draws, shape (cells, years + 1).
        places, positions: numbers of the places of the scope and the positions of the item.
    """
    cells = [place * len(context.position_codes) + position for place in places for position in positions]
    need = context.need_milli[cells].sum(axis=(0, 2), dtype=np.int64)
    return contributions(
        need=need, need_with_rule_held=need_with_rule_held[cells].sum(axis=0), flows=drawn.flows[cells].sum(axis=0)
    )

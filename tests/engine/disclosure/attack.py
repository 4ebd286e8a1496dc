"""What boards that work together can find out about another: bounds by a linear programme over all that they know.

They know their own rows, every figure that was shown, the public sizes, the code and the rule; not the key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

HALF_A_FTE = 0.5  # figures are whole fte


@dataclass(frozen=True)
class Observation:
    """One figure that was shown: the sum of these levels and deviations, each a name in the attacker's books."""

    fte: int
    levels: tuple[str, ...]
    deviations: tuple[str, ...]


def interval(
    observations: Sequence[Observation],
    *,
    known: Mapping[str, float],
    reach: Mapping[str, float],
    target: str,
    lowest: float | None = 0.0,
) -> tuple[float, float]:
    """Return between which fte the target level must lie.

    Args:
        observations: what was shown.
        known: levels of the attackers themselves [fte].
        reach: how far each deviation may go, which the rule tells [fte].
        target: name of the foreign level.
        lowest: what no level is below; None for figures of either sign [fte].
    """
    names = sorted({name for seen in observations for name in (*seen.levels, *seen.deviations)} - set(known))
    column = {name: place for place, name in enumerate(names)}
    rows, limits = [], []
    for seen in observations:
        row = np.zeros(len(names))
        for name in (*seen.levels, *seen.deviations):
            if name not in known:
                row[column[name]] += 1
        rest = seen.fte - sum(known.get(name, 0.0) for name in seen.levels)
        rows += [row, -row]
        limits += [rest + HALF_A_FTE, -rest + HALF_A_FTE]
    box = [(-reach[name], reach[name]) if name in reach else (lowest, None) for name in names]
    goal = np.zeros(len(names))
    goal[column[target]] = 1
    ends = [linprog(sign * goal, A_ub=np.array(rows), b_ub=limits, bounds=box, method="highs") for sign in (1, -1)]
    assert all(end.status == 0 for end in ends), "what was shown contradicts the rule"
    return float(ends[0].fun), float(-ends[1].fun)

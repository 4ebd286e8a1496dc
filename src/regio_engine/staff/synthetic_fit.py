"""Iterative proportional fitting of a table to its margins, and whole numbers that keep sums: tools of the synthetic staff."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.units import Floats

Margin = tuple[tuple[int, ...], Floats]  # axes that stay, and what the table must sum to over the others
MOST_ROUNDS = 200
CLOSE_ENOUGH = 1e-7
MICRO = 1_000_000
MOST_TILT = 50.0  # factor from one class to the next
TILT_ROUNDS = 40


def fit(seed_table: Floats, margins: Sequence[Margin], *, rounds: int = MOST_ROUNDS) -> Floats:
    """Return the table nearest to `seed_table` (in relative entropy) that has the margins.

    Args:
        seed_table: not negative; where it is 0 the result is 0.
        margins: (axes, totals); all totals must have the same sum.
        rounds: after how many rounds fitting stops; margins that contradict each other never close.

    Raises:
        ImplausibleInput: sums of the margins differ.
    """
    sums = [float(target.sum()) for _, target in margins]
    if max(sums) - min(sums) > 1e-6 * max(max(sums), 1.0):
        raise ImplausibleInput(f"margins must have one sum, got {sums}")
    table = seed_table.copy()
    for _ in range(rounds):
        if max(_scale(table, axes, target) for axes, target in margins) < CLOSE_ENOUGH:
            break
    return table


def _scale(table: Floats, axes: tuple[int, ...], target: Floats) -> float:
    """Scale the table in place to one margin and return how far it was off, as a share of the whole."""
    others = tuple(axis for axis in range(table.ndim) if axis not in axes)
    now = table.sum(axis=others, keepdims=True)
    wanted = target.reshape(now.shape)
    off = float(np.abs(now - wanted).max()) / max(float(target.sum()), 1.0)
    table *= np.divide(wanted, now, out=np.zeros_like(now), where=now > 0)
    return off


def whole_parts(expected: Floats, uniforms: Floats) -> NDArray[np.int64]:
    """Round parts to whole numbers that sum to the (rounded) total; each is its floor or one more, on average right.

    A sweep over the running sum: who holds a whole point of it gets one more. `expected` (…, parts), `uniforms` (…,).
    """
    exact = np.cumsum(expected, axis=-1)
    total = np.rint(exact[..., -1:])
    running = np.rint(
        np.divide(exact, exact[..., -1:], out=np.zeros_like(exact), where=exact[..., -1:] > 0) * total * MICRO
    )
    points = np.floor((running + np.floor(uniforms * MICRO)[..., None]) / MICRO)
    return np.asarray(np.diff(points, axis=-1, prepend=0.0).astype(np.int64))


def swept(chances: Floats, uniforms: Floats) -> NDArray[np.bool_]:
    """Return who is taken when the total is held: a sweep over the running sum of chances along the last axis.

    Everyone is taken with the own chance (0-1), and the number taken is the sum of chances, up or down to a whole one.
    """
    steps = np.rint(chances * MICRO)
    running = np.cumsum(steps, axis=-1) + np.floor(uniforms * MICRO)[..., None]
    return np.asarray(np.floor(running / MICRO) > np.floor((running - steps) / MICRO))


def tilted_to(shares: Floats, values: Floats, *, mean: float) -> Floats:
    """Return shares with a mean, each times a power of one factor: the nearest to `shares` in relative entropy.

    Args:
        shares: usual part of each class, shape (classes,).
        values: value of each class, evenly apart and rising, shape (classes,).
        mean: the mean to have; beyond the first or last value as near as the factor goes.
    """
    low, high = 1 / MOST_TILT, MOST_TILT
    for _ in range(TILT_ROUNDS):
        factor = (low + high) / 2
        tilted = shares * factor ** np.arange(len(shares))
        tilted = tilted / tilted.sum()
        low, high = (factor, high) if (tilted * values).sum() < mean else (low, factor)
    return np.asarray(tilted)

"""The need (formatie) of one location and sector, from drawn learners to fte per position.

Two forms. With an own lesson table: learners → groups (class size, rounded up) → lessons → fte. Without: fixed base plus
learners / ratio gives the total, and the shipped lesson table gives the split over positions; the ratio and the table
are drawn from their bands. Results are whole thousandths of fte, so that parts add up exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regio_engine import keyed_random
from regio_engine.errors import ImplausibleInput
from regio_engine.parameters.demand_rules import NeedRule
from regio_engine.units import MILLI_PER_FTE, Floats, Ints, MilliFte

MICRO = 1_000_000  # loads are whole millionths of a lesson per learner: sums of them are exact in any order
PERMILLE = 1000
# Between two straight pieces with the middle at one half, 8 of 10 draws lie between low and high.
BAND_STRETCH = 1.25


@dataclass(frozen=True)
class GroupLine:
    """One position of one kind of class: weekly lessons per group of the share that takes the subject.

    `cells` are the cells whose learners sit in these groups together.
    """

    cells: tuple[int, ...]
    position: int
    class_size: float
    share: float
    lessons: float


def between(*, low: float, middle: float, high: float, uniforms: Floats) -> Floats:
    """Return draws with p10 = low, p50 = middle and p90 = high, evenly spread on both sides of the middle."""
    below = middle - BAND_STRETCH * (middle - low)
    above = middle + BAND_STRETCH * (high - middle)
    return np.where(
        uniforms < 0.5, below + (middle - below) * 2 * uniforms, middle + (above - middle) * (2 * uniforms - 1)
    )


def drawn_milli_fte_per_learner(rule: NeedRule, *, seed: int, years: Sequence[int], draws: int) -> Floats:
    """Return what one learner asks [thousandths of fte], shape (years, draws).

    The level is one number per draw; from the first year on it moves a small step each calendar year.
    """
    low, middle, high = rule.learners_per_fte_low, rule.learners_per_fte, rule.learners_per_fte_high
    uniforms = keyed_random.uniform(spread_words(rule.key, seed=seed, draws=draws))
    level = MILLI_PER_FTE * between(low=1 / high, middle=1 / middle, high=1 / low, uniforms=uniforms)
    return level * _walk(rule, seed=seed, years=years, draws=draws)


def _walk(rule: NeedRule, *, seed: int, years: Sequence[int], draws: int) -> Floats:
    """Return the drawn course of the ratio against the first year, shape (years, draws)."""
    factor, course = np.ones(draws), {years[0]: np.ones(draws)}
    for year in range(years[0] + 1, years[-1] + 1):
        uniforms = keyed_random.uniform(_word("yearly_step", rule.key, seed=seed, year=year, draws=draws))
        step = rule.yearly_step_share
        factor = factor * between(low=1 - step, middle=1.0, high=1 + step, uniforms=uniforms)
        course[year] = factor
    return np.stack([course[year] for year in years])


def spread_words(key: str, *, seed: int, draws: int) -> keyed_random.Words:
    """Return a word per draw that fills the range evenly: the draw number with its bits mirrored, shifted by key and seed.

    One number decides the level of all need, so plain chance would leave a visible error in the mean of 1,000 draws.
    """
    mirrored: keyed_random.Words = np.arange(draws, dtype=np.uint32)
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF), (16, 0x0000FFFF)):
        places, kept = np.uint32(shift), np.uint32(mask)
        mirrored = ((mirrored >> places) & kept) | ((mirrored & kept) << places)
    return mirrored + _word("learners_per_fte", key, seed=seed, draws=1)


def drawn_table_factors(specialism: str, *, band_share: float, seed: int, draws: int) -> Floats:
    """Return by which the shipped lessons of a specialism are multiplied in each draw, in whole thousandths."""
    if not 0 <= band_share * BAND_STRETCH < 1:
        raise ImplausibleInput(f"band_share must lie between 0 and 0.8, got {band_share}")
    uniforms = keyed_random.uniform(_word("lesson_table", specialism, seed=seed, draws=draws))
    return np.rint(PERMILLE * between(low=1 - band_share, middle=1.0, high=1 + band_share, uniforms=uniforms))


def _word(purpose: str, key: str, *, seed: int, draws: int, year: int = 0) -> keyed_random.Words:
    ids = np.array([keyed_random.stable_id(key)])
    return keyed_random.words(seed=seed, purpose=purpose, stable_ids=ids, years=[year], draws=np.arange(draws))[0]


def ratio_need(
    learners: Ints, *, loads: Floats, weights: Floats, base_fte: float, milli_fte_per_learner: Floats, factors: Floats
) -> MilliFte:
    """Return the need by base and ratio, split by lessons [thousandths of fte], shape (positions, years, draws).

    Args:
        learners: learners per cell of the location [persons], shape (cells, years, draws).
        loads: weekly lessons of one learner per cell and position, in whole millionths, shape (cells, positions).
        weights: as how many learners one learner of the cell counts, in whole thousandths, shape (cells,).
        base_fte: what the location needs whatever its size, while it has any learners [fte].
        milli_fte_per_learner: drawn [thousandths of fte], shape (years, draws).
        factors: drawn, in whole thousandths, shape (positions, draws).
    """
    cells, years, draws = learners.shape
    persons = learners.reshape(cells, -1).astype(np.float64)
    counted = (weights @ persons).reshape(years, draws) / PERMILLE
    total = np.where(counted > 0, MILLI_PER_FTE * base_fte + counted * milli_fte_per_learner, 0.0)
    load = (loads.T @ persons).reshape(-1, years, draws)
    load *= factors[:, None, :]
    all_lessons = load.sum(axis=0)
    load *= np.divide(total, all_lessons, out=np.zeros_like(total), where=all_lessons > 0)
    return np.rint(load, out=load).astype(np.int32)


def lesson_need(learners: Ints, *, lines: Sequence[GroupLine], positions: int, lessons_per_fte: float) -> MilliFte:
    """Return the need by groups and lessons [thousandths of fte], shape (positions, years, draws).

    A group is begun as soon as one learner does not fit in the others: groups = learners × share / class size, upwards.
    """
    if lessons_per_fte <= 0:
        raise ImplausibleInput(f"lessons_per_fte must be above 0, got {lessons_per_fte}")
    lessons = np.zeros((positions, *learners.shape[1:]))
    groups: dict[tuple[tuple[int, ...], float, float], Floats] = {}
    for line in lines:
        key = (line.cells, line.class_size, line.share)
        if key not in groups:
            groups[key] = groups_of(
                learners[list(line.cells)].sum(axis=0), class_size=line.class_size, share=line.share
            )
        lessons[line.position] += groups[key] * line.lessons
    return np.rint(lessons * (MILLI_PER_FTE / lessons_per_fte)).astype(np.int32)


def groups_of(learners: Ints, *, class_size: float, share: float = 1.0) -> Floats:
    """Return how many groups these learners make, the last one not full; in whole millionths, so 27/27 is one group."""
    size, takers = round(class_size * MICRO), learners.astype(np.int64) * round(share * MICRO)
    return (-(-takers // size)).astype(np.float64)

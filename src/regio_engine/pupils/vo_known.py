"""What is known about secondary education when a forecast starts, and the committed choices."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.levels import EXAM_LEVELS, LAST_STAGE, level_index
from regio_engine.pupils.links import Link
from regio_engine.pupils.plan import FlowPlan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class VoCounts:
    """What is known about secondary education. T counts, L locations, K levels of `LEVELS`, S six years of study.

    Attributes:
        codes, schools, markets: per location.
        years: calendar years of the counts, rising.
        counts: pupils, (T, L, K, S), mixed classes split [persons].
        cohorts: birth cohort in each year of study in the newest year, (S,) [persons].
        intake_index: expected intake against the newest year, (L, Y).
        told_changes: location and count year in which, as people or registers told, pupils came or went with a code.
        past_intake_index: the same of the counts, (T, L), nan where not known; None where nothing tells.
        exam_classes: candidates of (exam type, location, year ahead), nan where unknown, (3, L, Y) [persons].
        exam_base: candidates of the school year of the newest count, (3, L), nan where unknown [persons].
        links: where pupils of a code go on, as people or registers told it.
        alive_until: years ahead until which registers know the code to be there, (L,); None without later registers.
        successors: codes without pupils that exams speak of since, by index, with the codes they may follow.
    """

    codes: tuple[str, ...]
    schools: tuple[str, ...]
    markets: tuple[str, ...]
    years: tuple[int, ...]
    counts: Ints
    cohorts: Floats
    intake_index: Floats
    exam_classes: Floats
    exam_base: Floats
    links: tuple[Link, ...] = ()
    successors: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    alive_until: Ints | None = None
    past_intake_index: Floats | None = None
    told_changes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class VoSettings:
    """The committed choices for secondary education; units and sources in `pupil_model.yaml`."""

    own_share_lower: float
    own_share_upper: float
    own_share_pro: float
    prior_pupils: float
    total_steps: tuple[float, float, float]
    half_life_years: float
    shock_years: tuple[int, ...]
    shock_weight: float
    exam_follow_share: float
    vanished_below: float
    phi: float
    phi_known: float
    cv: float
    intake_cv: float
    intake_discount: float


def known_at(known: VoCounts, origin: int) -> VoCounts:
    """Return what was known at a count: no later count, exam or link; the cohorts of the next intake were counted then."""
    size, index = len(known.codes), known.past_intake_index
    past = None if index is None else index[: origin + 1] / index[origin]
    step = np.ones(size) if index is None else np.nan_to_num(index[origin + 1] / index[origin], nan=1.0)
    unknown = np.full((len(known.exam_base), size), np.nan)
    return replace(
        known, years=known.years[: origin + 1], counts=known.counts[: origin + 1], past_intake_index=past,
        intake_index=step[:, None], exam_base=unknown, exam_classes=unknown[:, :, None], links=(), successors={},
        alive_until=None,
    )  # fmt: skip


def candidates_per_pupil(known: VoCounts, kind: int) -> float:
    """Return candidates per pupil of the exam class in the newest count; 1 where that school year is not known."""
    levels = list(EXAM_LEVELS.values())[kind]
    classes = sum(known.counts[-1][:, level_index(name), LAST_STAGE[name] - 1] for name in levels)
    there = ~np.isnan(known.exam_base[kind])
    total = float(np.asarray(classes)[there].sum())
    return float(known.exam_base[kind][there].sum()) / total if total > 0 else 1.0


def stage_cells(plan: FlowPlan, levels: tuple[str, ...], stage: int) -> Ints:
    """Return the cells of these levels in one year of study."""
    return np.flatnonzero(np.isin(plan.cells.level, levels) & (plan.cells.stage == stage))


def exam_cells(plan: FlowPlan, levels: tuple[str, ...]) -> Ints:
    """Return the cells of these levels in their last year; the levels of one exam type end in the same year."""
    return stage_cells(plan, levels, LAST_STAGE[levels[0]])

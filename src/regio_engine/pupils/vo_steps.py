"""The steps of one count made to fit what all locations together show: per year of study and in the exam classes since.

With one count the rates are read across years of study, so they carry the past in them. Two things correct them: all
levels together keep a known ratio in the steps into years 2-4, and the exam classes of later years were counted.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.levels import EXAM_LEVELS, FLOW_LEVELS, LAST_STAGE
from regio_engine.pupils.plan import NO_SOURCE, FlowPlan, expected_course
from regio_engine.pupils.vo_known import VoCounts, VoSettings, candidates_per_pupil, exam_cells, stage_cells

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def with_national_steps(plan: FlowPlan, known: VoCounts, settings: VoSettings) -> FlowPlan:
    """Return the plan whose rates follow the steps of the nation."""
    plan = replace(plan, rates=_lower_steps(plan, settings))
    return with_steady_rates(_with_national_exams(with_steady_rates(plan), known, settings))


def with_steady_rates(plan: FlowPlan) -> FlowPlan:
    """Return the plan in which each step of a level keeps, over all locations, the rate it has in the base year.

    Own ratios of locations come from the very classes they are applied to; a year later the chance in them is elsewhere
    and the sum would creep up.
    """
    below = np.maximum(plan.sources[:, 0], 0)
    has_source = plan.sources[:, 0] != NO_SOURCE
    slots = np.where(has_source, plan.slot, -1)
    groups, group = np.unique(slots, return_inverse=True)
    wanted = _rates_by(group, len(groups), plan.rates[:, 0], plan.base[below] * has_source)
    nation, last = np.ones((len(plan.cells), plan.years)), plan.base
    for year in range(plan.years):
        got = _rates_by(group, len(groups), plan.rates[:, 0], last[below] * has_source)
        factor = np.divide(wanted, got, out=np.ones_like(wanted), where=got > 0)
        nation[:, year] = np.where(has_source, factor[group], 1.0)
        last = expected_course(replace(plan, nation=nation))[:, year]
    return replace(plan, nation=nation)


def _rates_by(group: Ints, count: int, rate: Floats, exposure: Floats) -> Floats:
    """Return the mean rate per group, weighed by exposure; 0 where nothing is exposed."""
    total = np.bincount(group, exposure, minlength=count)
    return np.divide(np.bincount(group, rate * exposure, minlength=count), total, out=np.zeros(count), where=total > 0)


def _with_national_exams(plan: FlowPlan, known: VoCounts, settings: VoSettings) -> FlowPlan:
    """Bring the steps into the upper years to what all locations together showed in the exam classes since the count.

    The first exam year tells the last step of each level; what vmbo gives up stays in year 4 as havo and vwo, for the
    step as a whole has its own ratio. The second tells the steps before: vmbo into year 3, havo into 4, vwo into 5.
    """
    for year, stage in ((0, 4), (1, 3)):
        told = _told_by_type(plan, known, year)
        if told is None:
            break
        plan = _scaled_steps(plan, told, back=year)
        plan = with_steady_rates(replace(plan, rates=_with_total_steps(plan, settings, stage=stage)))
    return plan


def _lower_steps(plan: FlowPlan, settings: VoSettings) -> Floats:
    """Return rates with which all levels together keep the ratio of the steps into years 2, 3 and 4."""
    rates = plan.rates.copy()
    flows = plan.rates[:, 0] * np.where(plan.sources[:, 0] >= 0, plan.base[plan.sources[:, 0]], 0.0)
    for stage, ratio in zip((2, 3, 4), settings.total_steps, strict=True):
        cells, below = stage_cells(plan, FLOW_LEVELS, stage), stage_cells(plan, FLOW_LEVELS, stage - 1)
        wanted = ratio * plan.base[below].sum() - plan.intake[cells, 0].sum()
        rates[cells] *= max(float(wanted), 0.0) / max(float(flows[cells].sum()), 1.0)
    return rates


def _told_by_type(plan: FlowPlan, known: VoCounts, year: int) -> dict[str, float] | None:
    """Return per exam type what was counted in its exam classes over what the plan expects; None without exams."""
    if year >= plan.years or np.isnan(known.exam_classes[:, :, year]).all():
        return None
    course, ratios = expected_course(plan)[:, year], {}
    for kind, (name, levels) in enumerate(EXAM_LEVELS.items()):
        there = ~np.isnan(known.exam_classes[kind, :, year])
        cells = exam_cells(plan, levels)
        told = course[cells[there[plan.cells.location[cells]]]].sum()
        counted = np.nansum(known.exam_classes[kind, there, year]) / candidates_per_pupil(known, kind)
        ratios[name] = float(counted / told) if told > 0 else 1.0
    return ratios


def _scaled_steps(plan: FlowPlan, told: dict[str, float], *, back: int) -> FlowPlan:
    """Scale the step into the exam class (back 0) or into the class before it (back 1) by type."""
    rates = plan.rates.copy()
    for name, levels in EXAM_LEVELS.items():
        rates[stage_cells(plan, levels, LAST_STAGE[levels[0]] - back)] *= told[name]
    return replace(plan, rates=rates)


def _with_total_steps(plan: FlowPlan, settings: VoSettings, *, stage: int) -> Floats:
    """Return rates of havo and vwo such that the step into this year of study has its own ratio over all levels."""
    rates = plan.rates.copy()
    target, movable = stage_cells(plan, FLOW_LEVELS, stage), stage_cells(plan, ("havo", "vwo"), stage)
    below = plan.base[stage_cells(plan, FLOW_LEVELS, stage - 1)].sum()
    flows = plan.rates[:, 0] * np.where(plan.sources[:, 0] >= 0, plan.base[plan.sources[:, 0]], 0.0)
    fixed = flows[target].sum() - flows[movable].sum() + plan.intake[target, 0].sum()
    wanted = settings.total_steps[stage - 2] * below - fixed
    rates[movable] *= max(wanted, 0.0) / max(float(flows[movable].sum()), 1.0)
    return rates

"""The plan of secondary education: location x level x year of study.

Years of study follow each other within a level at one rate per target; year 1 comes from the catchment. Exam candidates
counted after the newest pupil count tell the exam classes of the first years and what became of a location. Newcomers,
international classes and pupils at vavo are held level.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.levels import FLOW_LEVELS, HELD_LEVELS, LAST_STAGE, LEVELS, STAGES, level_index
from regio_engine.pupils.links import merged_links, with_links
from regio_engine.pupils.own_spread import Past
from regio_engine.pupils.plan import NEVER, NO_SOURCE, Cells, FlowPlan
from regio_engine.pupils.progression import (
    TRANSFER_PUPILS,
    Rates,
    discounted,
    rates_across,
    shrunk_rates,
    step_weights,
    transfers,
    yearly_phi,
)
from regio_engine.pupils.vo_exams import exam_sums, gone_by_exams, links_to_successors, with_exam_classes
from regio_engine.pupils.vo_known import VoCounts, VoSettings, known_at
from regio_engine.pupils.vo_steps import with_national_steps

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_BELOW = 5.0  # pupils in the class below under which a class is fed from elsewhere
PRO_SLACK = 1.0
INTAKE_YEARS = 6  # older years 1 say nothing of the market of today
REORGANISED = 4.0 / 3.0
REORGANISED_PRIOR = 10.0  # pupils; small locations stray by chance


def vo_plan(known: VoCounts, settings: VoSettings) -> FlowPlan:
    """Return the plan for the years of the intake index, from the newest count on."""
    rates = _rates(known, settings)
    plan = _bare_plan(known, rates, settings)
    if len(known.years) == 1:
        plan = with_national_steps(plan, known, settings)
    told = exam_sums(plan, known)
    gone = gone_by_exams(*told, settings)
    links = merged_links(known.links, tuple(links_to_successors(known, told, gone)), gone)
    plan = with_links(replace(plan, gone_from=gone), links)
    plan = with_exam_classes(plan, known, settings)
    return replace(plan, known_phi=settings.phi_known, alive_until=_alive_until(plan, known))


def vo_past(known: VoCounts, settings: VoSettings) -> Past:
    """Return the counts of whole locations with the plan that would have been made at each of them."""
    return Past(
        codes=known.codes, markets=known.markets, years=known.years,
        pupils=known.counts.sum(axis=(2, 3)).astype(np.float64),
        plan_at=lambda origin: vo_plan(known_at(known, origin), settings), told_changes=known.told_changes,
    )  # fmt: skip


def _alive_until(plan: FlowPlan, known: VoCounts) -> Ints:
    """Return until which year ahead a code is known to be there: from registers, and where exam classes were counted."""
    seen = np.zeros((len(plan.codes), plan.years), np.bool_)
    counted = (np.nan_to_num(plan.known) > 0).astype(np.int64)
    np.maximum.at(seen, plan.cells.location, counted.astype(np.bool_))
    last = np.where(seen.any(axis=1), plan.years - seen[:, ::-1].argmax(axis=1), 0)
    told = np.zeros(len(plan.codes), np.int64) if known.alive_until is None else known.alive_until
    return np.maximum(last, told).astype(np.int64)


def _rates(known: VoCounts, settings: VoSettings) -> Rates:
    steps = [i for i in range(1, len(known.years)) if known.years[i] == known.years[i - 1] + 1]
    if not steps:
        return rates_across(
            known.counts[-1].astype(np.float64), known.cohorts, own_share=_own_shares(settings),
            prior_pupils=settings.prior_pupils, slack=_slack(),
        )  # fmt: skip
    weights = step_weights(
        [known.years[i] for i in steps], half_life=settings.half_life_years, shock_years=settings.shock_years,
        shock_weight=settings.shock_weight,
    )  # fmt: skip
    after = np.stack([known.counts[i][:, :, 1:] for i in steps]).astype(np.float64)
    before = np.stack([known.counts[i - 1][:, :, :-1] for i in steps]).astype(np.float64)
    after = np.where(before > 0, after, 0.0)  # a class that began from nothing has no rate
    ordinary = _ordinary(after, before)
    phi = _phi_by_stage(after, before, ordinary, settings)
    after, before = discounted(after * ordinary, weights), discounted(before * ordinary, weights)
    size = len(known.codes)
    found = shrunk_rates(
        after.reshape(size, -1), before.reshape(size, -1), phi=phi,
        parents=[_numbers(known.schools), _numbers(known.markets)],
    )  # fmt: skip
    return Rates(found.rate.reshape(before.shape), found.cv.reshape(before.shape))


def _phi_by_stage(after: Floats, before: Floats, ordinary: Floats, settings: VoSettings) -> Floats:
    """Return the yearly variance per expected pupil of each class age, for (level, step) in one row, (K * (S - 1),)."""
    steps, stages = len(after), after.shape[3]
    flat = [np.moveaxis(values, 2, 1).reshape(steps, -1, stages) for values in (after, before)]
    usable = np.broadcast_to(ordinary, after.shape)
    by_stage = yearly_phi(*flat, usual=settings.phi, usable=np.moveaxis(usable, 2, 1).reshape(steps, -1, stages))
    return np.tile(by_stage, after.shape[2])


def _ordinary(after: Floats, before: Floats) -> Floats:
    """Return 1 per (step, location) in which classes went on as usual, 0 where a merger, move or closure shows.

    A location as a whole then strays by more than a third from what the classes of all locations did; that is no rate.
    """
    nation = after.sum(axis=(0, 1)) / np.maximum(before.sum(axis=(0, 1)), 1.0)
    told = (before * nation).sum(axis=(2, 3))
    ratio = (after.sum(axis=(2, 3)) + REORGANISED_PRIOR) / (told + REORGANISED_PRIOR)
    usual = (ratio > 1.0 / REORGANISED) & (ratio < REORGANISED)
    return np.asarray(usual[:, :, None, None], np.float64)


def _own_shares(settings: VoSettings) -> Floats:
    shares = np.full((len(LEVELS), STAGES - 1), settings.own_share_lower)
    for level in FLOW_LEVELS:
        exam_step = LAST_STAGE[level] - 2
        shares[level_index(level), exam_step - (level == "vwo") :] = settings.own_share_upper
    shares[level_index("pro")] = settings.own_share_pro  # pro takes in pupils in every year of study
    return shares


def _numbers(names: tuple[str, ...]) -> Ints:
    return np.unique(np.asarray(names), return_inverse=True)[1].astype(np.int64)


def _bare_plan(known: VoCounts, rates: Rates, settings: VoSettings) -> FlowPlan:
    """Cells that hold pupils now or later, with their sources; nothing of exams or codes yet."""
    base = known.counts[-1].astype(np.float64)
    size, years = known.intake_index.shape
    present = _reachable(base)
    location, level, stage = np.nonzero(present)
    number = np.full(base.shape, NO_SOURCE, np.int64)
    number[location, level, stage] = np.arange(len(location))
    held = np.isin(level, [level_index(name) for name in HELD_LEVELS])
    below = np.where(stage > 0, number[location, level, stage - 1], NO_SOURCE)
    sources = np.where(held, np.arange(len(location)), below)
    rate = np.where(held, 1.0, rates.rate[location, level, np.maximum(stage - 1, 0)])
    rate_cv = np.where(held, 0.1, rates.cv[location, level, np.maximum(stage - 1, 0)])
    entry = (stage == 0) & ~held
    first = np.where(entry, _intake_level(known, settings)[location, level], _inflow(known)[location, level, stage])
    return FlowPlan(
        codes=known.codes, markets=known.markets,
        cells=Cells(location=location, level=tuple(LEVELS[k] for k in level), stage=stage + 1),
        base=base[location, level, stage], sources=sources[:, None],
        rates=np.where(sources == NO_SOURCE, 0.0, rate)[:, None],
        intake=first[:, None] * np.where(entry[:, None], known.intake_index[location], 1.0), factor=np.ones((size, years)),
        known=np.full((len(location), years), np.nan), phi=np.full(len(location), settings.phi),
        cv=np.where(entry, settings.intake_cv, settings.cv),
        rate_cv=np.where(entry, 0.0, np.minimum(rate_cv, 0.3)), slot=level * STAGES + stage,
        gone_from=np.full(size, NEVER),
    )  # fmt: skip


def _reachable(base: Floats) -> NDArray[np.bool_]:
    """A class exists where it holds pupils now, or where the class below it does and others teach this year too."""
    taught = base.sum(axis=0) > 0
    present = base > 0
    for level in FLOW_LEVELS:
        k = level_index(level)
        for stage in range(1, LAST_STAGE[level]):
            offered = base[:, k, stage:].sum(axis=1) > 0
            present[:, k, stage] |= present[:, k, stage - 1] & offered & taught[k, stage]
        present[:, k, LAST_STAGE[level] :] = False
    return present


def _slack() -> Floats:
    """Return how many pupils of a class may come or go by chance: few in pro, which takes in pupils in every year."""
    slack = np.full((len(LEVELS), 1), TRANSFER_PUPILS)
    slack[level_index("pro")] = PRO_SLACK
    return slack


def _inflow(known: VoCounts) -> Floats:
    """Return the pupils of upper years who come from the lower years of another location, (L, K, S) [persons].

    With one count they are what the class below cannot explain; with more counts a rate explains them, unless there is no
    class below at all.
    """
    base = known.counts[-1].astype(np.float64)
    inflow = transfers(base, slack=_slack()).inflow
    held = [level_index(name) for name in HELD_LEVELS]
    inflow[:, held] = 0.0
    if len(known.years) > 1:
        inflow[:, :, 1:] *= base[:, :, :-1] < MIN_BELOW
    return inflow


def _intake_level(known: VoCounts, settings: VoSettings) -> Floats:
    """Return year 1 as its market makes it in the base year: all counts, older ones discounted, (L, K) [persons].

    Each count is freed from the size of the cohorts that came in then; one whose cohorts are not known is left out.
    """
    recent = [t for t in range(len(known.years)) if known.years[t] > known.years[-1] - INTAKE_YEARS]
    weights = np.array([settings.intake_discount ** (known.years[-1] - known.years[t]) for t in recent])
    first = known.counts[recent][:, :, :, 0].astype(np.float64)
    index = np.ones(first.shape[:2]) if known.past_intake_index is None else known.past_intake_index[recent]
    told = ~np.isnan(index).any(axis=1)
    level: Floats = np.einsum("t,tlk->lk", weights[told], first[told]) / (weights[told] @ index[told])[:, None]
    return level

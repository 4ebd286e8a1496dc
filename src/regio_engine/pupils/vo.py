"""The plan of secondary education: location x level x year of study.

Years of study follow each other within a level at one rate per target; year 1 comes from the catchment. Exam candidates
counted after the newest pupil count tell the exam classes of the first years and what became of a location. Newcomers,
international classes and pupils at vavo are held level. Where the code of a location is gone, its factor is 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.levels import EXAM_LEVELS, FLOW_LEVELS, HELD_LEVELS, LAST_STAGE, LEVELS, STAGES, level_index
from regio_engine.pupils.plan import NEVER, NO_SOURCE, Cells, FlowPlan, Moves, expected_course
from regio_engine.pupils.progression import Rates, discounted, rates_across, shrunk_rates, step_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_CLASS = 20.0  # pupils in exam classes below which nothing is said about the code
DOUBLED = 2.0


@dataclass(frozen=True)
class Link:
    """From year index `year` on a share of the pupils of location `old` is counted at `new`; None: the code closes."""

    old: int
    new: int | None
    share: float
    year: int


@dataclass(frozen=True)
class VoCounts:
    """What is known about secondary education. T counts, L locations, K levels of `LEVELS`, S six years of study.

    Attributes:
        codes, schools, markets: per location.
        years: calendar years of the counts, rising.
        counts: pupils, (T, L, K, S), mixed classes split [persons].
        cohorts: birth cohort in each year of study in the newest year, (S,) [persons].
        intake_index: intake against the newest year, (L, Y).
        exam_classes: candidates of (exam type, location, year ahead), nan where unknown, (3, L, Y) [persons].
        exam_base: candidates of the school year of the newest count, (3, L), nan where unknown [persons].
        links: where pupils of a code go on, as people or registers told it.
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


@dataclass(frozen=True)
class VoSettings:
    """The committed choices for secondary education; units and sources in `pupil_model.yaml`."""

    own_share_lower: float
    own_share_upper: float
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


def vo_plan(known: VoCounts, settings: VoSettings) -> FlowPlan:
    """Return the plan for the years of the intake index, from the newest count on."""
    rates = _rates(known, settings)
    plan = _bare_plan(known, rates, settings)
    if len(known.years) == 1:
        plan = replace(plan, rates=_lower_steps(plan, settings))
        plan = _with_national_exams(plan, known, settings)
    told = _exam_sums(plan, known)
    gone = _gone_by_exams(*told, settings)
    links = (*known.links, *_links_to_successors(known, told, gone))
    plan = with_links(replace(plan, gone_from=gone), links)
    return _with_exam_classes(plan, known, settings)


def _rates(known: VoCounts, settings: VoSettings) -> Rates:
    steps = [i for i in range(1, len(known.years)) if known.years[i] == known.years[i - 1] + 1]
    if not steps:
        return rates_across(
            known.counts[-1].astype(np.float64), known.cohorts, own_share=_own_shares(settings),
            prior_pupils=settings.prior_pupils,
        )  # fmt: skip
    weights = step_weights(
        [known.years[i] for i in steps], half_life=settings.half_life_years, shock_years=settings.shock_years,
        shock_weight=settings.shock_weight,
    )  # fmt: skip
    after = discounted(np.stack([known.counts[i][:, :, 1:] for i in steps]).astype(np.float64), weights)
    before = discounted(np.stack([known.counts[i - 1][:, :, :-1] for i in steps]).astype(np.float64), weights)
    size = len(known.codes)
    found = shrunk_rates(
        after.reshape(size, -1), before.reshape(size, -1), phi=settings.phi,
        parents=[_numbers(known.schools), _numbers(known.markets)],
    )  # fmt: skip
    return Rates(found.rate.reshape(before.shape), found.cv.reshape(before.shape))


def _own_shares(settings: VoSettings) -> Floats:
    shares = np.full((len(LEVELS), STAGES - 1), settings.own_share_lower)
    for level in FLOW_LEVELS:
        exam_step = LAST_STAGE[level] - 2
        shares[level_index(level), exam_step - (level == "vwo") :] = settings.own_share_upper
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
    first = np.where(entry, _intake_level(known, settings)[location, level], 0.0)
    return FlowPlan(
        codes=known.codes, markets=known.markets,
        cells=Cells(location=location, level=tuple(LEVELS[k] for k in level), stage=stage + 1),
        base=base[location, level, stage], sources=sources[:, None],
        rates=np.where(sources == NO_SOURCE, 0.0, rate)[:, None],
        intake=first[:, None] * known.intake_index[location], factor=np.ones((size, years)),
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


def _intake_level(known: VoCounts, settings: VoSettings) -> Floats:
    """Return year 1 of the base year: the newest counts, older ones discounted, (L, K) [persons]."""
    recent = [t for t in range(len(known.years)) if known.years[t] > known.years[-1] - 3]
    weights = np.array([0.5 ** (2.0 * (known.years[-1] - known.years[t])) for t in recent])
    first = np.stack([known.counts[t][:, :, 0] for t in recent]).astype(np.float64)
    level: Floats = (first * (weights / weights.sum())[:, None, None]).sum(axis=0)
    return level


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
        plan = replace(plan, rates=_with_total_steps(plan, settings, stage=stage))
    return plan


def _lower_steps(plan: FlowPlan, settings: VoSettings) -> Floats:
    """Return rates with which all levels together keep the ratio of the steps into years 2, 3 and 4."""
    rates = plan.rates.copy()
    flows = plan.rates[:, 0] * np.where(plan.sources[:, 0] >= 0, plan.base[plan.sources[:, 0]], 0.0)
    for stage, ratio in zip((2, 3, 4), settings.total_steps, strict=True):
        cells, below = _stage_cells(plan, FLOW_LEVELS, stage), _stage_cells(plan, FLOW_LEVELS, stage - 1)
        rates[cells] *= ratio * plan.base[below].sum() / max(float(flows[cells].sum()), 1.0)
    return rates


def _told_by_type(plan: FlowPlan, known: VoCounts, year: int) -> dict[str, float] | None:
    """Return per exam type what was counted in its exam classes over what the plan expects; None without exams."""
    if year >= plan.years or np.isnan(known.exam_classes[:, :, year]).all():
        return None
    course, ratios = expected_course(plan)[:, year], {}
    for kind, (name, levels) in enumerate(EXAM_LEVELS.items()):
        there = ~np.isnan(known.exam_classes[kind, :, year])
        cells = _exam_cells(plan, levels)
        told = course[cells[there[plan.cells.location[cells]]]].sum()
        counted = np.nansum(known.exam_classes[kind, there, year]) / _national_ratio(known, kind)
        ratios[name] = float(counted / told) if told > 0 else 1.0
    return ratios


def _scaled_steps(plan: FlowPlan, told: dict[str, float], *, back: int) -> FlowPlan:
    """Scale the step into the exam class (back 0) or into the class before it (back 1) by type."""
    rates = plan.rates.copy()
    for name, levels in EXAM_LEVELS.items():
        rates[_stage_cells(plan, levels, LAST_STAGE[levels[0]] - back)] *= told[name]
    return replace(plan, rates=rates)


def _with_total_steps(plan: FlowPlan, settings: VoSettings, *, stage: int) -> Floats:
    """Return rates of havo and vwo such that the step into this year of study has its own ratio over all levels."""
    rates = plan.rates.copy()
    target, movable = _stage_cells(plan, FLOW_LEVELS, stage), _stage_cells(plan, ("havo", "vwo"), stage)
    below = plan.base[_stage_cells(plan, FLOW_LEVELS, stage - 1)].sum()
    flows = plan.rates[:, 0] * np.where(plan.sources[:, 0] >= 0, plan.base[plan.sources[:, 0]], 0.0)
    fixed = flows[target].sum() - flows[movable].sum()
    wanted = settings.total_steps[stage - 2] * below - fixed
    rates[movable] *= max(wanted, 0.0) / max(float(flows[movable].sum()), 1.0)
    return rates


def _exam_sums(plan: FlowPlan, known: VoCounts) -> tuple[Floats, Floats]:
    """Return pupils in exam classes as the plan expects and as candidates tell, (L, Y); nan where nothing is told."""
    told, seen, course = np.zeros(plan.factor.shape), np.full(plan.factor.shape, np.nan), expected_course(plan)
    for kind, levels in enumerate(EXAM_LEVELS.values()):
        sums = _sums_at(plan, _exam_cells(plan, levels), course)
        classes = known.exam_classes[kind] / _national_ratio(known, kind)
        has = ~np.isnan(classes) & ((sums > 0) | (classes > 0))
        told += np.where(has, sums, 0.0)
        seen = np.where(has, np.nan_to_num(seen) + np.nan_to_num(classes), seen)
    return told, seen


def _sums_at(plan: FlowPlan, cells: Ints, course: Floats) -> Floats:
    sums = np.zeros(plan.factor.shape)
    np.add.at(sums, plan.cells.location[cells], course[cells])
    return sums


def _gone_by_exams(told: Floats, seen: Floats, settings: VoSettings) -> Ints:
    """Return the first year in which a location that should have exam classes has none any more, (L,)."""
    gone = (told >= MIN_CLASS) & (np.nan_to_num(seen, nan=np.inf) < settings.vanished_below * told)
    return np.where(gone.any(axis=1), gone.argmax(axis=1), NEVER).astype(np.int64)


def _links_to_successors(known: VoCounts, told: tuple[Floats, Floats], gone: Ints) -> list[Link]:
    """Link codes that are gone to the new codes of their school or address, by the candidates counted there."""
    links = []
    claims: dict[int, list[tuple[int, float]]] = {}
    for new, olds in known.successors.items():
        mine = [old for old in olds if gone[old] != NEVER]
        weight = float(np.nan_to_num(told[1][new]).max())
        for old in mine:
            part = told[0][old].max() / max(sum(told[0][other].max() for other in mine), 1.0)
            claims.setdefault(old, []).append((new, weight * part))
    for old, found in claims.items():
        whole = max(sum(weight for _, weight in found), told[0][old, gone[old]])
        links += [Link(old, new, weight / whole, int(gone[old])) for new, weight in found if weight > 0]
    return links


def with_links(plan: FlowPlan, links: tuple[Link, ...]) -> FlowPlan:
    """Return the plan in which pupils of linked codes go on under the new code; what is not linked closes."""
    gone = plan.gone_from.copy()
    for link in links:
        if link.new is None or _share_from(links, link.old) > 0.99:
            gone[link.old] = min(gone[link.old], max(link.year, 0))
    plan = _with_cells_for(replace(plan, gone_from=gone), links)
    place = {cell: number for number, cell in enumerate(_labels(plan))}
    rows = [
        (max(link.year, 0), number, place[(link.new, level, stage)], link.share)
        for link in links if link.new is not None
        for (location, level, stage), number in place.items() if location == link.old
    ]  # fmt: skip
    if not rows:
        return plan
    year, source, target, share = (np.array(column) for column in zip(*rows, strict=True))
    intake = plan.intake.copy()
    for when, old, new, part in rows:
        intake[new, when + 1 :] += part * plan.intake[old, when + 1 :]
    return replace(plan, intake=intake, moves=Moves(year, source, target, share.astype(np.float64)))


def _share_from(links: tuple[Link, ...], old: int) -> float:
    return sum(link.share for link in links if link.old == old and link.new is not None)


def _labels(plan: FlowPlan) -> list[tuple[int, str, int]]:
    return list(zip(plan.cells.location.tolist(), plan.cells.level, plan.cells.stage.tolist(), strict=True))


def _with_cells_for(plan: FlowPlan, links: tuple[Link, ...]) -> FlowPlan:
    """Add empty cells at the new codes for every cell of the old ones, with the same rates, and sort by location."""
    labels = _labels(plan)
    there, by_location = set(labels), {}
    for number, label in enumerate(labels):
        by_location.setdefault(label[0], []).append(number)
    extra: list[tuple[tuple[int, str, int], int]] = []
    for link in links:
        for number in by_location.get(link.old, []) if link.new is not None else []:
            label = (link.new, labels[number][1], labels[number][2])
            if label not in there:
                there.add(label)
                extra.append((label, number))
    if not extra:
        return plan
    like = np.array([*range(len(labels)), *(number for _, number in extra)])
    every = [*labels, *(label for label, _ in extra)]
    order = np.array(sorted(range(len(every)), key=lambda n: (every[n][0], n)))
    sorted_labels = [every[n] for n in order]
    place = {label: number for number, label in enumerate(sorted_labels)}
    like, fresh = like[order], order >= len(labels)
    held = np.isin([label[1] for label in sorted_labels], HELD_LEVELS)
    below = [
        place.get((loc, level, stage - (not hold)))
        for (loc, level, stage), hold in zip(sorted_labels, held, strict=True)
    ]
    sources = np.array([NO_SOURCE if found is None else found for found in below])[:, None]
    return replace(
        plan, cells=Cells(np.array([label[0] for label in sorted_labels]), tuple(label[1] for label in sorted_labels),
                          np.array([label[2] for label in sorted_labels])),
        base=np.where(fresh, 0.0, plan.base[like]), sources=sources,
        rates=np.where(sources == NO_SOURCE, 0.0, plan.rates[like]), intake=np.where(fresh[:, None], 0.0, plan.intake[like]),
        known=np.where(fresh[:, None], np.nan, plan.known[like]), phi=plan.phi[like], cv=plan.cv[like],
        rate_cv=plan.rate_cv[like], slot=plan.slot[like],
    )  # fmt: skip


def _with_exam_classes(plan: FlowPlan, known: VoCounts, settings: VoSettings) -> FlowPlan:
    """Set the exam classes known from candidates, and let the rest of a location follow them in part."""
    course, known_cells = expected_course(plan), plan.known.copy()
    for kind, levels in enumerate(EXAM_LEVELS.values()):
        cells = _exam_cells(plan, levels)
        classes = known.exam_classes[kind] / _national_ratio(known, kind)
        sums = _sums_at(plan, cells, course)
        where = plan.cells.location[cells]
        known_cells[cells] = np.where(
            (sums > 0)[where], course[cells] * (classes / np.maximum(sums, 1e-9))[where], np.nan
        )
    return replace(plan, known=known_cells, factor=_followed(*_exam_sums(plan, known), settings))


def _followed(told: Floats, seen: Floats, settings: VoSettings) -> Floats:
    """Return the factor of a location: part of what its exam classes strayed, all of it where they doubled."""
    counted = ~np.isnan(seen) & (told > 0)
    nation = np.where(counted, seen, 0.0).sum(axis=0) / np.maximum(np.where(counted, told, 0.0).sum(axis=0), 1.0)
    expected = told * np.where(nation > 0, nation, 1.0)
    ratio = (np.nan_to_num(seen) + settings.prior_pupils) / (expected + settings.prior_pupils)
    doubled = (expected >= MIN_CLASS) & (ratio > DOUBLED)
    step = np.clip(ratio, 0.3, 4.0) ** np.where(doubled, 1.0, settings.exam_follow_share)
    factor, current = np.ones_like(told), np.ones(len(told))
    for year in range(told.shape[1]):
        current = np.where(counted[:, year], step[:, year], current)
        factor[:, year] = current
    return factor


def _stage_cells(plan: FlowPlan, levels: tuple[str, ...], stage: int) -> Ints:
    return np.flatnonzero(np.isin(plan.cells.level, levels) & (plan.cells.stage == stage))


def _exam_cells(plan: FlowPlan, levels: tuple[str, ...]) -> Ints:
    return _stage_cells(plan, levels, LAST_STAGE[levels[0]])


def _national_ratio(known: VoCounts, kind: int) -> float:
    """Return candidates per pupil of the exam class in the newest count; 1 where that school year is not known."""
    levels = list(EXAM_LEVELS.values())[kind]
    classes = sum(known.counts[-1][:, level_index(name), LAST_STAGE[name] - 1] for name in levels)
    there = ~np.isnan(known.exam_base[kind])
    total = float(np.asarray(classes)[there].sum())
    return float(known.exam_base[kind][there].sum()) / total if total > 0 else 1.0

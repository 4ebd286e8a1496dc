"""The need of many locations: planned once, computed per location, summed per draw to whatever scope is asked.

Region is the block: the locations of a scope are computed one after another and added up, quantiles are taken when the
scope is complete, then the draws are dropped. So the whole country costs no more memory than its largest scope.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from regio_engine.findings import Finding
from regio_engine.parameters.demand_rules import NeedRule
from regio_engine.parameters.lesson_table import LessonTable
from regio_engine.staff.location_split import LocationSplit
from regio_engine.staff.need import drawn_milli_fte_per_learner, drawn_table_factors, lesson_need, ratio_need
from regio_engine.staff.need_plan import LocationPlan, RuleFor, plan_locations
from regio_engine.staff.need_rows import NeedChangeRow, NeedRow, Totals, change_rows, need_rows, with_sums
from regio_engine.units import Floats, LearnerDraws, MilliFte

ScopeMap = Mapping[str, str]
Advance = Callable[[float, str], object]  # share done, what is going on
Needs = Mapping[str, MilliFte]  # position code → drawn need, shape (years, draws)
Adjust = Callable[[str, str, Needs], Needs]  # location code, sector, need by the rule


@dataclass(frozen=True)
class NeedForecast:
    """The need of all locations of some learner draws.

    Attributes:
        learners: the drawn learners.
        plans: one per location and sector with learners.
        band_share: how far the shipped table may be off, see `drawn_table_factors`.
        seed: seed of the run.
        findings: what could not be used.
        adjust: brings the need of a location to the level of its loaded staff, see `one_need`; None leaves it to the rule.
    """

    learners: LearnerDraws
    plans: tuple[LocationPlan, ...]
    band_share: float
    seed: int
    findings: tuple[Finding, ...] = ()
    adjust: Adjust | None = None
    _drawn: dict[tuple[str, str], Floats] = field(default_factory=dict, repr=False, compare=False)

    def of_location(self, plan: LocationPlan) -> MilliFte:
        """Return the drawn need of one location and sector by its rule [thousandths of fte], (positions, years, draws)."""
        learners = self.learners.counts[plan.cells]
        if not plan.positions:
            return np.zeros((0, *learners.shape[1:]), np.int32)
        if plan.rule.own_table is not None:
            lessons_per_fte, positions = plan.rule.own_table.lessons_per_fte, len(plan.positions)
            return lesson_need(learners, lines=plan.group_lines, positions=positions, lessons_per_fte=lessons_per_fte)
        return ratio_need(
            learners,
            loads=plan.loads,
            weights=plan.weights,
            base_fte=plan.rule.base_fte,
            milli_fte_per_learner=self._ratio(plan.rule),
            factors=np.stack([self._factor(specialism) for specialism in plan.specialisms]),
        )

    def by_rule(self, plan: LocationPlan) -> Needs:
        """Return the same per position code."""
        return dict(zip(plan.positions, self.of_location(plan), strict=True))

    def with_rule_held(self) -> "NeedForecast":
        """Return the same need with the ratio of the first year in every year: what the learners alone change."""
        plans = tuple(replace(plan, rule=replace(plan.rule, yearly_step_share=0.0)) for plan in self.plans)
        return replace(self, plans=plans, _drawn={})

    def summary(
        self, scope_of_location: ScopeMap, *, groups: Mapping[str, str] | None = None, progress: Advance | None = None
    ) -> list[NeedRow]:
        """Return mean and band per scope, sector, position and year, the sector's total as position "alle".

        Args:
            scope_of_location: to which scope (board, region, itself) each location belongs; others are left out.
            groups: position code → name of a group (such as a subject over both grades) that gets rows of its own.
            progress: called with (share done, text).
        """
        rows: list[NeedRow] = []
        for scope, sector, totals in self.totals(scope_of_location, progress=progress):
            rows += need_rows(scope, sector, totals=with_sums(totals, groups), years=self.learners.years)
        return rows

    def changes(
        self,
        scope_of_location: ScopeMap,
        *,
        base_year: int,
        groups: Mapping[str, str] | None = None,
        progress: Advance | None = None,
    ) -> list[NeedChangeRow]:
        """Return the change since the base year, taken per draw: what is unsure of the level cancels out."""
        rows: list[NeedChangeRow] = []
        years = self.learners.years
        for scope, sector, totals in self.totals(scope_of_location, progress=progress):
            rows += change_rows(scope, sector, totals=with_sums(totals, groups), years=years, base_year=base_year)
        return rows

    def totals(
        self, scope_of_location: ScopeMap, *, progress: Advance | None = None
    ) -> Iterator[tuple[str, str, dict[str, Totals]]]:
        """Yield (scope, sector, need per position), one complete scope after another; needs are (years, draws)."""
        members: dict[tuple[str, str], list[LocationPlan]] = {}
        for plan in self.plans:
            if plan.location_code in scope_of_location:
                members.setdefault((scope_of_location[plan.location_code], plan.sector), []).append(plan)
        for done, (scope, sector) in enumerate(sorted(members), start=1):
            summed = self._summed(members[scope, sector])
            if summed:  # a place without learners may have no need of its own
                yield scope, sector, summed
            if progress:
                progress(done / len(members), f"formatie {sector}: {done} van {len(members)}")

    @property
    def sectors(self) -> tuple[str, ...]:
        """Sectors that have figures; a sector that is not here has none, which is not the same as 0."""
        return tuple(sorted({plan.sector for plan in self.plans}))

    def assumption_share(self, sector: str | None = None) -> float:
        """Return which part of the learners (first year) falls under a rule that is an assumption [0-1]."""
        plans = self._plans_of(sector)
        persons = [float(self._mean_learners(plan).sum()) for plan in plans]
        assumed = [number for number, plan in zip(persons, plans, strict=True) if plan.rule.is_assumption]
        return sum(assumed) / sum(persons) if sum(persons) else 0.0

    def own_split_share(self, sector: str | None = None) -> float:
        """Return which part of the lessons (first year) is split by own exam counts or own vmbo profiles [0-1]."""
        plans = self._plans_of(sector)
        lessons = sum(float(self._mean_learners(plan) @ plan.loads.sum(axis=1)) for plan in plans)
        own = sum(float(self._mean_learners(plan) @ plan.own_loads) for plan in plans)
        return own / lessons if lessons else 0.0

    def _plans_of(self, sector: str | None) -> list[LocationPlan]:
        return [plan for plan in self.plans if sector in (None, plan.sector)]

    def _mean_learners(self, plan: LocationPlan) -> Floats:
        mean: Floats = self.learners.counts[plan.cells, 0].mean(axis=-1)
        return mean

    def _summed(self, plans: list[LocationPlan]) -> dict[str, Totals]:
        totals: dict[str, Totals] = {}
        for plan in plans:
            needs = self.by_rule(plan)
            if self.adjust:
                needs = self.adjust(plan.location_code, plan.sector, needs)
            for position, drawn in needs.items():
                if position in totals:
                    totals[position] += drawn
                else:
                    totals[position] = drawn.astype(np.int64)
        return dict(sorted(totals.items()))

    def _ratio(self, rule: NeedRule) -> Floats:
        key = ("ratio", rule.key)
        if key not in self._drawn:
            self._drawn[key] = drawn_milli_fte_per_learner(
                rule, seed=self.seed, years=self.learners.years, draws=self.learners.draws
            )
        return self._drawn[key]

    def _factor(self, specialism: str) -> Floats:
        key = ("factor", specialism)
        if key not in self._drawn:
            self._drawn[key] = drawn_table_factors(
                specialism, band_share=self.band_share, seed=self.seed, draws=self.learners.draws
            )
        return self._drawn[key]


def summarise_blocks(
    blocks: Iterable[NeedForecast], scope_of_location: ScopeMap, *, groups: Mapping[str, str] | None = None
) -> Iterator[NeedRow]:
    """Yield the rows of many forecasts that share years and draws, such as one per area of the country.

    A scope that reaches over several blocks is summed per draw over them; its rows come when every location of the scope
    has been seen, at the latest after the last block.

    Args:
        blocks: forecasts with other locations each; used one at a time.
        scope_of_location: see `NeedForecast.summary`; best without locations that have no learners.
        groups: see `NeedForecast.summary`.
    """
    waiting: dict[str, set[str]] = {}
    for location, scope in scope_of_location.items():
        waiting.setdefault(scope, set()).add(location)
    held: dict[tuple[str, str], dict[str, Totals]] = {}
    years: tuple[int, ...] = ()
    for block in blocks:
        years = block.learners.years
        for scope, sector, totals in block.totals(scope_of_location):
            held[scope, sector] = _added(held.get((scope, sector), {}), totals)
        for scope in {scope_of_location[p.location_code] for p in block.plans if p.location_code in scope_of_location}:
            waiting[scope] -= {plan.location_code for plan in block.plans}
        for scope, sector in sorted(key for key in held if not waiting[key[0]]):
            totals = held.pop((scope, sector))
            yield from need_rows(scope, sector, totals=with_sums(totals, groups), years=years)
    for (scope, sector), totals in sorted(held.items(), key=lambda item: item[0]):
        yield from need_rows(scope, sector, totals=with_sums(totals, groups), years=years)


def _added(left: dict[str, Totals], right: dict[str, Totals]) -> dict[str, Totals]:
    both = {position: left[position] + right[position] for position in left.keys() & right.keys()}
    return dict(sorted({**left, **right, **both}.items()))


def forecast_need(
    learners: LearnerDraws, *, table: LessonTable, rule_for: RuleFor, splits: Mapping[str, LocationSplit], seed: int
) -> NeedForecast:
    """Plan the need of every location with learners; nothing is drawn before a summary is asked.

    Args:
        learners: the drawn learners.
        table: the shipped lesson table.
        rule_for: gives the rule of (location code, sector).
        splits: own exam shares and vmbo profiles per location code.
        seed: seed of the run.
    """
    plans, findings = plan_locations(learners, table=table, rule_for=rule_for, splits=splits)
    return NeedForecast(learners=learners, plans=plans, band_share=table.band_share, seed=seed, findings=findings)

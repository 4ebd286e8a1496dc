"""Makes the plan of each sector from the tables: newest count, rates, intake, exams since, code links."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from regio.regions.enums import Sector
from regio.workforce.enums import Level, StageKind
from regio_engine.parameters import loader
from regio_engine.pupils.ages import AGES, AgeCounts, AgeSettings, age_plan
from regio_engine.pupils.intake import Cohorts, catchment_index, entry_mix
from regio_engine.pupils.levels import EXAM_LEVELS
from regio_engine.pupils.links import Link, with_links
from regio_engine.pupils.plan import FlowPlan, expected_course
from regio_engine.pupils.split import split_mixed
from regio_engine.pupils.vo import vo_plan
from regio_engine.pupils.vo_known import VoCounts, VoSettings, exam_cells

from . import pupil_inputs as inputs
from .pupil_inputs import Place

MBO_LEVELS = (Level.MBO_ENTREE, Level.MBO_2, Level.MBO_3, Level.MBO_4)


class NoCounts(Exception):
    """No pupil counts of this sector are loaded: there is nothing to start from."""


def vo_settings() -> VoSettings:
    """Return the committed choices for vo."""
    tree = loader.branch(inputs.parameters(), "vo")
    one = {
        name: loader.number(tree, name)
        for name in (
            "own_share_lower", "own_share_upper",
            "own_share_pro", "prior_pupils", "half_life_years", "shock_weight", "exam_follow_share",
            "vanished_below", "phi", "phi_known", "cv", "intake_cv", "intake_discount",
        )
    }  # fmt: skip
    lower, second, upper = loader.numbers(tree, "total_steps", length=3)
    return VoSettings(
        **one,
        total_steps=(lower, second, upper),
        shock_years=tuple(int(y) for y in loader.numbers(tree, "shock_years")),
    )


def vo_forecast_plan(years: int, *, until: int | None = None) -> tuple[FlowPlan, int, dict[str, Place]]:
    """Return the vo plan from the newest count, its year and the places; see `regio_engine.pupils.vo`.

    With `until` nothing is known of later years: no later count, exam or code link (for back-tests).
    """
    known, places = vo_known(years, until=until)
    return vo_plan(known, vo_settings()), known.years[-1], places


def vo_known(years: int, *, until: int | None = None) -> tuple[VoCounts, dict[str, Place]]:
    """Return what is known of vo for a forecast of so many years, and the places; see `vo_forecast_plan`."""
    per_year = {year: rows for year, rows in inputs.vo_counts().items() if until is None or year <= until}
    if not per_year:
        raise NoCounts("no vo counts by level and year of study are loaded")
    base_year = max(per_year)
    counted = {row[0] for year in per_year for row in per_year[year] if row[3] > 0}
    codes = _with_new_codes(counted | inputs.new_codes(base_year), base_year) if until is None else sorted(counted)
    known = inputs.places(codes)
    counts = np.stack([
        split_mixed(inputs.vo_arrays(per_year[year], codes), locations=len(codes)) for year in sorted(per_year)
    ])  # fmt: skip
    unknown = np.full((len(EXAM_LEVELS), len(codes)), np.nan)
    exam_base, *ahead = [
        inputs.exam_candidates(codes, base_year + step) if until is None else unknown for step in range(years + 1)
    ]
    counted_years = sorted(per_year)
    past_index, index = intake_index(codes, counted_years, years)
    counts_of_vo = VoCounts(
        codes=tuple(codes), schools=tuple(known[code].school for code in codes),
        markets=tuple(known[code].market for code in codes), years=tuple(counted_years), counts=counts,
        cohorts=inputs.birth_cohorts(base_year), intake_index=index, past_intake_index=past_index,
        exam_classes=np.stack(ahead, axis=2), exam_base=exam_base,
        links=_links(codes, base_year) if until is None else (),
        successors=_successors(codes, known, counts) if until is None else {},
        alive_until=inputs.known_alive(codes, base_year) if until is None else None,
        told_changes=_told_changes(codes, base_year),
    )  # fmt: skip
    return counts_of_vo, known


def _with_new_codes(codes: set[str], base_year: int) -> list[str]:
    """Return these codes and those under which their pupils go on after the base year, in order."""
    return sorted(codes | {new for _, new, _, year in inputs.links_between(codes) if new and year > base_year})


def _links(codes: list[str], base_year: int) -> tuple[Link, ...]:
    """Return the code links that people or registers told, as far as they fall after the count."""
    place = {code: number for number, code in enumerate(codes)}
    return tuple(
        Link(place[old], place.get(new) if new else None, share, max(year - base_year - 1, 0))
        for old, new, share, year in inputs.links_between(set(codes))
        if year > base_year
    )


def _told_changes(codes: list[str], base_year: int) -> tuple[tuple[int, int], ...]:
    """Return the locations and count years, up to the base year, of the code links that people or registers told."""
    place = {code: number for number, code in enumerate(codes)}
    return tuple(
        (place[code], year)
        for old, new, _share, year in inputs.links_between(set(codes))
        if year <= base_year
        for code in (old, new) if code in place
    )  # fmt: skip


def _successors(codes: list[str], known: Mapping[str, Place], counts: NDArray[np.int64]) -> dict[int, tuple[int, ...]]:
    """Return per code without pupils the older codes at its postcode, else of its school: what it may follow."""
    here = counts[-1].sum(axis=(1, 2)) > 0
    older = [number for number in range(len(codes)) if here[number]]
    found = {}
    for new in (number for number in range(len(codes)) if not here[number]):
        mine = known[codes[new]]
        same_address = [old for old in older if mine.postcode and known[codes[old]].postcode == mine.postcode]
        same_school = [old for old in older if known[codes[old]].school == mine.school]
        found[new] = tuple(same_address or same_school)
    return found


def intake_index(
    codes: list[str], counted: list[int], years: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Return the expected intake of each location against the newest count: of the counts and of the years after it.

    Shaped (counts, L) and (L, years); ones where po is not loaded.
    """
    base_year, back = counted[-1], counted[-1] - counted[0]
    cohorts = inputs.entry_cohorts(base_year, years + 1, back=back + 1)
    if cohorts is None:
        return np.ones((len(counted), len(codes))), np.ones((len(codes), years))
    tree = loader.branch(inputs.parameters(), "intake")
    children = entry_mix(cohorts.children, loader.numbers(tree, "entry_shares", length=3))
    index = catchment_index(
        inputs.positions_km(codes), Cohorts(cohorts.position_km, children), km=loader.number(tree, "catchment_km", above=0),
        share=loader.number(tree, "catchment_share"), base=back,
    )  # fmt: skip
    return index[:, [year - counted[0] for year in counted]].T, index[:, back + 1 :]


@dataclass(frozen=True)
class StageKnown:
    """What is known of po, so or mbo: at each count, oldest first, and told code changes up to the newest."""

    history: tuple[AgeCounts, ...]
    told_changes: tuple[tuple[int, int], ...]
    places: Mapping[str, Place]

    @property
    def newest(self) -> AgeCounts:
        return self.history[-1]


def stage_known(sector: str, years: int) -> StageKnown:
    """Return what is known of po, so or mbo for a forecast of so many years.

    Raises:
        NoCounts: no counts of this sector are loaded.
    """
    by_age, totals = _stage_counts(sector)
    if not by_age and not totals:
        raise NoCounts(f"no counts of sector {sector} are loaded")
    newest = max([*by_age, *totals])
    newer = {} if newest in by_age else {newest: totals[newest]}
    counted = by_age or totals
    codes = _with_new_codes(
        {row[0] for rows in [*counted.values(), *newer.values()] for row in rows if row[3] > 0}, newest
    )
    known = inputs.places(codes)
    bare = AgeCounts(tuple(codes), tuple(known[code].market for code in codes), (), {}, {}, newest)
    history = _ages_at_each(bare, by_age) if by_age else _totals_at_each(bare, totals)
    if by_age and newer:
        history = [*history, replace(history[-1], newest_totals=_totals(newer[newest], codes), newest_year=newest)]
    index = _vmbo_leavers(codes, known, newest, years) if sector == Sector.MBO else None
    last = replace(history[-1], inflow_index=index)
    return StageKnown((*history[:-1], last), _told_changes(codes, newest), known)


def stage_plan(known: StageKnown, sector: str, years: int) -> FlowPlan:
    """Return the plan of po, so or mbo from the newest count; see `regio_engine.pupils.ages`."""
    newest = known.newest
    codes = list(newest.codes)
    plan = age_plan(newest, age_settings(sector), years=years)
    plan = replace(plan, alive_until=inputs.known_alive(codes, newest.newest_year))
    return with_links(plan, _links(codes, newest.newest_year))


def _stage_counts(sector: str) -> tuple[inputs.Rows, inputs.Rows]:
    """Return the counts by age and those in total, per year."""
    levels = MBO_LEVELS if sector == Sector.MBO else inputs.LOCATION_LEVELS[Sector(sector)]
    by_age = {} if sector == Sector.MBO else inputs.counts_by_year(levels, StageKind.AGE)
    kinds = (StageKind.ALL,) if by_age else (StageKind.ALL, StageKind.YEAR, StageKind.GROUP)
    totals: inputs.Rows = {}
    for kind in kinds:
        for year, rows in inputs.counts_by_year(levels, kind).items():
            totals.setdefault(year, []).extend(rows)
    return by_age, totals


def _ages_at_each(bare: AgeCounts, by_age: inputs.Rows) -> list[AgeCounts]:
    """Return per count with ages what was known then."""
    codes, years = list(bare.codes), tuple(sorted(by_age))
    counts = _age_counts(by_age, codes)
    return [
        replace(
            bare, years=years[: n + 1], newest_year=year,
            counts={level: own[: n + 1] for level, own in counts.items() if own[: n + 1].any()},
        )
        for n, year in enumerate(years)
    ]  # fmt: skip


def _totals_at_each(bare: AgeCounts, totals: inputs.Rows) -> list[AgeCounts]:
    codes = list(bare.codes)
    return [replace(bare, newest_totals=_totals(totals[year], codes), newest_year=year) for year in sorted(totals)]


def _vmbo_leavers(
    codes: list[str], known: Mapping[str, Place], base_year: int, years: int
) -> NDArray[np.float64] | None:
    """Return the vmbo leavers of each year ahead against the base year in the market of each location, (L, Y).

    Who sits in the last class of vmbo in a year starts in mbo the next. None where vo is not loaded for the same year.
    """
    try:
        plan, vo_year, _ = vo_forecast_plan(years)
    except NoCounts:
        return None
    if vo_year != base_year:
        return None
    cells = exam_cells(plan, EXAM_LEVELS["VMBO"])
    classes = np.column_stack([plan.base[cells], expected_course(plan)[cells, : years - 1]])
    markets = np.array([plan.markets[location] for location in plan.cells.location[cells]])
    nation = classes.sum(axis=0)
    index = []
    for code in codes:
        own = classes[markets == known[code].market].sum(axis=0)
        near = own if own[0] > 0 else nation
        index.append(near / max(near[0], 1.0))
    return np.stack(index)


def age_settings(sector: str) -> AgeSettings:
    """Return the committed choices for po and so, or mbo."""
    po = loader.branch(inputs.parameters(), "po")
    total = loader.branch(inputs.parameters(), "mbo") if sector == Sector.MBO else po
    return AgeSettings(
        phi=loader.number(po, "phi"), cv=loader.number(po, "cv"), intake_cv=loader.number(po, "intake_cv"),
        total_cv=loader.number(total, "total_cv"), rate_cv=loader.number(po, "rate_cv"),
        total_stay_share=loader.number(total, "stay_share", default=1.0),
    )  # fmt: skip


def _age_counts(by_age: inputs.Rows, codes: list[str]) -> dict[str, NDArray[np.int64]]:
    place = {code: number for number, code in enumerate(codes)}
    years = sorted(by_age)
    counts: dict[str, NDArray[np.int64]] = {}
    for when, year in enumerate(years):
        for code, level, age, persons in by_age[year]:
            if code in place:
                own = counts.setdefault(level, np.zeros((len(years), len(codes), AGES), np.int64))
                own[when, place[code], min(age, AGES - 1)] += persons
    return counts


def _totals(rows: list[tuple[str, str, int, int]], codes: list[str]) -> dict[str, NDArray[np.float64]]:
    place = {code: number for number, code in enumerate(codes)}
    totals: dict[str, NDArray[np.float64]] = {}
    for code, level, _stage, persons in rows:
        own = totals.setdefault(level, np.full(len(codes), np.nan))
        own[place[code]] = np.nan_to_num(own[place[code]]) + persons
    return totals

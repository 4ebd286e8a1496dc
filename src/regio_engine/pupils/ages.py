"""The plan of primary and special education: location x kind of school x age, and of what has no stages at all.

Children grow a year older at one rate per kind of school and age. The rate comes from two counts some years apart, the
same children counted twice; from 11 years on, where children leave, from the newest count across ages. The youngest age
comes from outside and keeps its level. A count without ages (mbo, or a kind of school given as a total) keeps a share of
its pupils each year; what flows in follows an index, for mbo that of vmbo leavers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import MissingInput
from regio_engine.pupils.own_spread import Past
from regio_engine.pupils.plan import NEVER, NO_SOURCE, Cells, FlowPlan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AGES = 28  # ages 0 to 27 stand at their own index
LEAVING_AGE = 11
SLOTS_PER_LEVEL = 32
GOES_ON = 0.5  # part of a newer total's yearly surplus that goes on


@dataclass(frozen=True)
class AgeCounts:
    """Counts by age. L locations; every kind of school has counts per year of count, (L, 28) [persons].

    Attributes:
        codes, markets: per location.
        years: calendar years of the counts with ages, rising.
        counts: per kind of school the counts, (T, L, 28).
        newest_totals: per kind of school newer totals without ages, (L,), nan where not counted; may be empty.
        newest_year: calendar year of those totals; the last of `years` where there are none.
        inflow_index: for totals, what flows in each year ahead against the base year, (L, Y); None holds totals level.
    """

    codes: tuple[str, ...]
    markets: tuple[str, ...]
    years: tuple[int, ...]
    counts: Mapping[str, Ints]
    newest_totals: Mapping[str, Floats]
    newest_year: int
    inflow_index: Floats | None = None


@dataclass(frozen=True)
class AgeSettings:
    """The committed choices for po and so; units and sources in `pupil_model.yaml`."""

    phi: float
    cv: float
    intake_cv: float
    total_cv: float
    rate_cv: float
    total_stay_share: float = 1.0


def age_rates(counts: Ints, years: tuple[int, ...]) -> Floats:
    """Return the yearly rate from each age to the next, (27,), all locations together.

    Two counts g years apart give (N[a + g, t + g] / N[a, t]) to the power 1 / g for ages that stay in school; pairs of
    consecutive years are pooled. From `LEAVING_AGE` - 1 on, or with a single count, the newest count is read across ages.
    """
    total = counts.sum(axis=1).astype(np.float64)
    across = _ratio(total[-1, 1:], total[-1, :-1])
    if len(years) == 1:
        return across
    steps = [i for i in range(1, len(years)) if years[i] == years[i - 1] + 1]
    if steps:
        return _ratio(sum(total[i, 1:] for i in steps), sum(total[i - 1, :-1] for i in steps))
    gap = years[-1] - years[-2]
    kept = _ratio(total[-1, gap:], total[-2, :-gap]) ** (1.0 / gap)
    rates = across.copy()
    for age in range(LEAVING_AGE - 1):
        start = max(min(age, LEAVING_AGE - 1 - gap), 0)
        rates[age] = kept[start] if total[-2, start] > 0 else across[age]
    return rates


def age_plan(known: AgeCounts, settings: AgeSettings, *, years: int) -> FlowPlan:
    """Return the plan for so many years from the newest count on.

    Raises:
        MissingInput: no counts by age or in total.
    """
    parts = [_level_cells(known, level, number, settings) for number, level in enumerate(_levels(known))]
    index = np.ones((len(known.codes), years)) if known.inflow_index is None else known.inflow_index
    parts = [part for part in parts if len(part["location"])]
    if not parts:
        raise MissingInput("no counts of primary or special education to start from")
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(joined["location"], kind="stable")
    starts = np.cumsum([0] + [len(part["location"]) for part in parts[:-1]])
    shift = np.repeat(starts, [len(part["location"]) for part in parts])
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    source = np.where(joined["source"] == NO_SOURCE, NO_SOURCE, place[np.maximum(joined["source"] + shift, 0)])
    size = len(order)
    return FlowPlan(
        codes=known.codes, markets=known.markets,
        cells=Cells(joined["location"][order], tuple(joined["level"][order].tolist()), joined["age"][order]),
        base=joined["base"][order], sources=source[order][:, None], rates=joined["rate"][order][:, None],
        intake=joined["intake"][order][:, None] * index[joined["location"][order]], factor=np.ones((len(known.codes), years)),
        known=np.full((size, years), np.nan), phi=np.full(size, settings.phi), cv=joined["cv"][order],
        rate_cv=np.full(size, settings.rate_cv), slot=joined["slot"][order], gone_from=np.full(len(known.codes), NEVER),
    )  # fmt: skip


def age_past(
    history: Sequence[AgeCounts],
    settings: AgeSettings,
    *,
    told_changes: tuple[tuple[int, int], ...] = (),
    ahead: int = 1,
) -> Past:
    """Return the counts of whole locations with the plan that would have been made at each of them.

    Args:
        history: what was known at each count, oldest first, all of the same locations.
        settings: the committed choices of the plan.
        told_changes: location and count year in which, as people or registers told, pupils came or went with a code.
        ahead: over how many years a forecast is held against the count.
    """
    newest = history[-1]
    return Past(
        codes=newest.codes, markets=newest.markets, years=tuple(known.newest_year for known in history),
        pupils=np.stack([_pupils(known) for known in history]),
        plan_at=lambda origin: age_plan(history[origin], settings, years=ahead), told_changes=told_changes, ahead=ahead,
    )  # fmt: skip


def _pupils(known: AgeCounts) -> Floats:
    """Return the pupils per location of the newest count, all kinds of school together, (L,)."""
    pupils = np.zeros(len(known.codes))
    for level in _levels(known):
        total = known.newest_totals.get(level)
        pupils += known.counts[level][-1].sum(axis=1) if total is None else np.nan_to_num(total)
    return pupils


def _levels(known: AgeCounts) -> list[str]:
    return sorted(set(known.counts) | set(known.newest_totals))


def base_by_age(known: AgeCounts, level: str) -> tuple[Floats, Floats]:
    """Return pupils by age in the newest year, (L, 28), and the yearly rates; scaled to newer totals where counted.

    What all schools together have more (or less) than the ages told lifts the rates by half a year's part: most of it,
    people moving in, goes on.
    """
    counts, gap = known.counts[level], known.newest_year - known.years[-1]
    rates = age_rates(counts, known.years)
    base = _rolled(counts[-1].astype(np.float64), rates, gap)
    totals = known.newest_totals.get(level)
    if totals is None or np.isnan(totals).all():
        return base, rates
    profile = base.sum(axis=0) / max(base.sum(), 1.0)
    mine, counted = base.sum(axis=1), np.nan_to_num(totals)
    there = mine > 0
    scale = np.divide(counted, mine, out=np.zeros_like(mine), where=there)
    lift = (counted.sum() / max(base.sum(), 1.0)) ** (GOES_ON / gap) if gap else 1.0
    return np.where(there[:, None], base * scale[:, None], counted[:, None] * profile), rates * lift


def _rolled(base: Floats, rates: Floats, years: int) -> Floats:
    entry = _entry_age(base)
    for _ in range(years):
        fresh, joining = base[:, : entry + 1].copy(), _joining(base, rates, entry)
        grown = base[:, :-1] * np.minimum(rates, 1.0)[None, :]
        base = np.concatenate([np.zeros((len(base), 1)), grown], axis=1) + joining
        base[:, : entry + 1] = fresh
    return base


def _entry_age(base: Floats) -> int:
    """Return the youngest age that holds a fair share of pupils: what comes in from outside."""
    total = base.sum(axis=0)
    return int(np.flatnonzero(total > 0.2 * total.max())[0]) if total.max() > 0 else 0


def _intake_level(base: Floats, entry: int) -> Floats:
    """Return what comes in per location and age up to the youngest: the mean of three ages, each as large as the youngest.

    One year of four-year-olds at a school is mostly chance; three together say more.
    """
    total = base.sum(axis=0)
    ages = range(entry, entry + 3)
    steadied = sum((base[:, age] * (total[entry] / max(total[age], 1.0)) for age in ages), np.zeros(len(base))) / 3.0
    level = base.copy()
    level[:, entry] = steadied
    return level


def _joining(base: Floats, rates: Floats, entry: int) -> Floats:
    """Return the children who join later than the youngest age, as sbo, so and vso take them in, (L, 28).

    A rate above 1 says that more come than grow older; they are spread over the locations by size.
    """
    coming = np.zeros(AGES)
    coming[1:] = np.maximum(rates - 1.0, 0.0) * base.sum(axis=0)[:-1]
    coming[: entry + 1] = 0.0
    share = base.sum(axis=1) / max(base.sum(), 1.0)
    return np.asarray(share[:, None] * coming[None, :], np.float64)


def _level_cells(known: AgeCounts, level: str, number: int, settings: AgeSettings) -> dict[str, NDArray[np.generic]]:
    if level not in known.counts or not known.counts[level][-1].any():
        return _total_cells(known.newest_totals[level], level, number, settings)
    base, rates = base_by_age(known, level)
    entry = _entry_age(base)
    intake = _intake_level(base, entry) * (np.arange(AGES) <= entry) + _joining(base, rates, entry)
    rates = np.minimum(rates, 1.0)
    present = (base > 0.25) | (intake > 0.25)
    for age in range(entry + 1, AGES):
        present[:, age] |= present[:, age - 1] & (base[:, age].sum() > 0)
    location, ages = np.nonzero(present)
    place = np.full(base.shape, NO_SOURCE, np.int64)
    place[location, ages] = np.arange(len(location))
    young = ages <= entry
    source = np.where(young, NO_SOURCE, place[location, np.maximum(ages - 1, 0)])
    return {
        "location": location, "level": np.full(len(location), level), "age": ages, "base": base[location, ages],
        "source": source, "rate": np.where(source == NO_SOURCE, 0.0, rates[np.maximum(ages - 1, 0)]),
        "intake": intake[location, ages], "cv": np.where(young, settings.intake_cv, settings.cv),
        "slot": number * SLOTS_PER_LEVEL + ages,
    }  # fmt: skip


def _total_cells(totals: Floats, level: str, number: int, settings: AgeSettings) -> dict[str, NDArray[np.generic]]:
    location = np.flatnonzero(np.nan_to_num(totals) > 0)
    size = len(location)
    return {
        "location": location, "level": np.full(size, level), "age": np.zeros(size, np.int64), "base": totals[location],
        "source": np.arange(size), "rate": np.full(size, settings.total_stay_share),
        "intake": (1.0 - settings.total_stay_share) * totals[location],
        "cv": np.full(size, settings.total_cv), "slot": np.full(size, number * SLOTS_PER_LEVEL),
    }  # fmt: skip


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.zeros_like(above), where=below > 0), np.float64)

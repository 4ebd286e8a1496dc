"""The plan of a pupil forecast: which cells there are, where their pupils come from, and how uncertain each step is.

A cell is location x level x stage. What a year brings is a weighted sum over last year's cells of the same location plus
an intake from outside. The plan knows no sector: `vo`, `po` and `simple` make plans, `draws` carries them out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_SOURCE = -1
NEVER = 9999


@dataclass(frozen=True)
class Cells:
    """Cells in a fixed order, grouped by location: index of the location, level, stage; one entry per cell."""

    location: Ints
    level: tuple[str, ...]
    stage: Ints

    def __len__(self) -> int:
        return len(self.level)


@dataclass(frozen=True)
class Moves:
    """Pupils that go on under another code: in year index `year` a share of cell `source` is counted in cell `target`."""

    year: Ints
    source: Ints
    target: Ints
    share: Floats


NO_MOVES = Moves(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


@dataclass(frozen=True)
class FlowPlan:
    """Everything needed to carry pupils forward. C cells, L locations, Y years, S sources per cell.

    Attributes:
        codes: code of each location; random numbers belong to it.
        markets: name of the market of each location; locations of a market share its pupils.
        cells: the cells.
        base: pupils of the base year, (C,) [persons].
        sources: index of the cell a part of the pupils comes from, (C, S), `NO_SOURCE` where none.
        rates: pupils per source pupil a year later, (C, S).
        intake: expected pupils from outside, (C, Y), before the location's own drift [persons].
        factor: expected size of a location against the plan without it, (L, Y), above 0; 1 = as planned.
        gone_from: index of the first year in which a location's code is gone, `NEVER` where it stays, (L,).
        moves: pupils of codes that are gone or split and go on under another code of the same market.
        alive_until: index of the first year of which nobody knows yet whether a location's code is still there, (L,); None
            where nothing is known.
        known_phi: variance per pupil of a count known from another source.
        nation: factor on what arrives from the class below per (C, Y), with which all locations together keep the rate of
            the nation; None where the rates themselves do.
        known: a count known from another source, (C, Y), nan where none [persons].
        phi: variance per expected pupil of a cell, (C,).
        cv: spread of a cell in proportion to its size, (C,).
        rate_cv: uncertainty of a cell's rate that stays the same over the years, (C,).
        slot: fixed number 0-63 of (level, stage), the place of a cell in the random words of its location, (C,).
    """

    codes: tuple[str, ...]
    markets: tuple[str, ...]
    cells: Cells
    base: Floats
    sources: Ints
    rates: Floats
    intake: Floats
    factor: Floats
    known: Floats
    phi: Floats
    cv: Floats
    rate_cv: Floats
    slot: Ints
    gone_from: Ints
    moves: Moves = NO_MOVES
    nation: Floats | None = None
    alive_until: Ints | None = None
    known_phi: float = 0.2

    def __post_init__(self) -> None:
        if len(self.codes) != len(self.markets) or self.factor.shape[0] != len(self.codes):
            raise ImplausibleInput(f"{len(self.codes)} codes, {len(self.markets)} markets, {self.factor.shape} factors")
        if (np.diff(self.cells.location) < 0).any():
            raise ImplausibleInput("cells must be grouped by location in rising order")
        if (self.factor <= 0).any():
            raise ImplausibleInput("the factor of a location must be above 0; a code that is gone has gone_from")
        if (self.rates < 0).any() or (self.intake < 0).any():
            raise ImplausibleInput("rates and intake must not be negative")

    @property
    def years(self) -> int:
        """How many years ahead the plan goes."""
        return int(self.intake.shape[1])


def part_of(plan: FlowPlan, locations: Ints) -> FlowPlan:
    """Return the plan of some locations alone, in the given rising order; sources are renumbered."""
    place = np.full(len(plan.codes), -1, np.int64)
    place[locations] = np.arange(len(locations))
    mine = np.flatnonzero(place[plan.cells.location] >= 0)
    new_number = np.full(len(plan.cells) + 1, NO_SOURCE, np.int64)  # the last entry serves NO_SOURCE
    new_number[mine] = np.arange(len(mine))
    cells = Cells(
        location=place[plan.cells.location[mine]],
        level=tuple(plan.cells.level[c] for c in mine),
        stage=plan.cells.stage[mine],
    )
    return FlowPlan(
        codes=tuple(plan.codes[i] for i in locations), markets=tuple(plan.markets[i] for i in locations), cells=cells,
        base=plan.base[mine], sources=new_number[plan.sources[mine]], rates=plan.rates[mine], intake=plan.intake[mine],
        factor=plan.factor[locations], known=plan.known[mine], phi=plan.phi[mine], cv=plan.cv[mine],
        rate_cv=plan.rate_cv[mine], slot=plan.slot[mine], gone_from=plan.gone_from[locations],
        moves=_part_of_moves(plan.moves, new_number), nation=None if plan.nation is None else plan.nation[mine],
        alive_until=None if plan.alive_until is None else plan.alive_until[locations], known_phi=plan.known_phi,
    )  # fmt: skip


def _part_of_moves(moves: Moves, new_number: Ints) -> Moves:
    kept = (new_number[moves.source] != NO_SOURCE) & (new_number[moves.target] != NO_SOURCE)
    return Moves(moves.year[kept], new_number[moves.source[kept]], new_number[moves.target[kept]], moves.share[kept])


def expected_course(plan: FlowPlan) -> Floats:
    """Return the expected pupils per cell and year without any chance, (C, Y) [persons]."""
    course = np.zeros((len(plan.cells), plan.years))
    last, drift = plan.base, np.ones((len(entry_cells(plan)), 1))
    for year in range(plan.years):
        last = expected_step(plan, last[:, None], year, drift)[:, 0]
        known = plan.known[:, year]
        last = np.where(np.isnan(known), last, known)
        course[:, year] = last
    return course


def step_factor(plan: FlowPlan, year: int) -> Floats:
    """Return how a location's planned factor changes from the year before to this one, (L,)."""
    before = plan.factor[:, year - 1] if year else np.ones(len(plan.codes))
    ratio: Floats = plan.factor[:, year] / before
    return ratio


def entry_cells(plan: FlowPlan) -> Ints:
    """Return the cells that get pupils from outside."""
    return np.flatnonzero((plan.intake > 0).any(axis=1))


def expected_step(plan: FlowPlan, last: Floats, year: int, drift: Floats) -> Floats:
    """Return the expected pupils of one year from those of the year before.

    Args:
        last: pupils a year before, (C, D).
        year: index of the year to compute.
        drift: how far location, market and nation have drifted so far by chance, per cell of `entry_cells`, (E, D): so far
            goes the intake.
    """
    arriving = np.zeros(last.shape)
    for k in range(plan.sources.shape[1]):
        there = np.flatnonzero(plan.sources[:, k] != NO_SOURCE)
        arriving[there] += plan.rates[there, k, None] * last[plan.sources[there, k]]
    change = step_factor(plan, year)[plan.cells.location, None]
    if (change != 1.0).any():
        arriving *= change
    if plan.nation is not None:
        arriving *= plan.nation[:, year, None]
    entry = entry_cells(plan)
    planned = plan.intake[entry, year] * plan.factor[plan.cells.location[entry], year]
    arriving[entry] += planned[:, None] * drift
    return _moved(plan, arriving, year)


def _moved(plan: FlowPlan, arriving: Floats, year: int) -> Floats:
    """Count pupils of codes that are gone under their new code, and spread the rest over the same class in the market."""
    gone = np.flatnonzero(plan.gone_from[plan.cells.location] <= year)
    if not len(gone) and not len(plan.moves.year):
        return arriving
    now = np.flatnonzero(plan.moves.year == year)
    np.add.at(arriving, plan.moves.target[now], plan.moves.share[now, None] * arriving[plan.moves.source[now]])
    linked = np.bincount(plan.moves.source, plan.moves.share, minlength=len(plan.cells))
    lost = arriving[gone] * np.maximum(1.0 - linked[gone], 0.0)[:, None]
    arriving[gone] = 0.0
    return _spread_over_market(plan, arriving, gone, lost)


def _spread_over_market(plan: FlowPlan, arriving: Floats, gone: Ints, lost: Floats) -> Floats:
    """Give the pupils of closed codes to the other locations of the market with the same level and stage, by size."""
    market = np.unique(np.asarray(plan.markets), return_inverse=True)[1][plan.cells.location]
    groups = np.unique(market * (int(plan.slot.max()) + 1) + plan.slot, return_inverse=True)[1]
    closing = np.unique(groups[gone])
    missing, there = np.zeros((2, int(groups.max()) + 1, arriving.shape[1]))
    np.add.at(missing, groups[gone], lost)
    others = np.flatnonzero(np.isin(groups, closing))
    np.add.at(there, groups[others], arriving[others])
    factor = 1.0 + np.divide(missing, there, out=np.zeros_like(there), where=there > 0)
    arriving[others] *= factor[groups[others]]
    return arriving

"""Yearly rates of leaving, entering and switching from counted people, pooled with wider levels.

A cell (board x age band, subject x age band) counts people at risk and events. Cells of one group (the age band) share a
rate that a parameter file or nothing at all expects; how much cells differ within a group is learned over all groups.
Few people lean on the group, many people speak for themselves. What comes out is a posterior: mean, spread, joint draws,
and which part of it is own data. Rates of change that can be negative are in `rates_changes`; nothing is simulated here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.staff.rates_beta import beta_quantile, log_beta, log_sum, share_of

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

# How far cells lie apart within a group, as a spread of log odds (for small rates: the relative spread): values tried.
SPREADS: Floats = np.geomspace(0.02, 1.5, 15)
POINTS = 41  # values tried for the rate of a group
ZOOMS = 5  # how often those values close in on where the rate can be
WIDEST = 14.0  # log odds between which a rate is looked for
NEGLIGIBLE = 20.0  # log density below the top that no longer counts


@dataclass(frozen=True)
class Counted:
    """People counted per cell.

    Attributes:
        at_risk: people who could have left (entered, switched) [person-years, may be weighted], shape (cells,).
        events: those who did [persons, same weights], shape (cells,).
        group: index of the wider level each cell leans on, shape (cells,).

    Raises:
        ImplausibleInput: a count is negative, or more events than people.
    """

    at_risk: Floats
    events: Floats
    group: Indices

    def __post_init__(self) -> None:
        if not self.at_risk.shape == self.events.shape == self.group.shape:
            raise ImplausibleInput("at_risk, events and group must have one value per cell")
        wrong = np.flatnonzero(~((self.events >= 0) & (self.events <= self.at_risk)))
        if wrong.size:
            cell = int(wrong[0])
            raise ImplausibleInput(
                f"events must lie between 0 and the people at risk, got {self.events[cell]} of {self.at_risk[cell]} in cell {cell}"
            )


@dataclass(frozen=True)
class Expected:
    """What is thought of the rates before anybody is counted.

    Attributes:
        mean: expected rate per group [per year], strictly between 0 and 1, shape (groups,).
        sd: standard deviation of that expectation, shape (groups,).
        between: how far cells of a group are thought to lie apart (spread of log odds), right within a factor of two.

    Raises:
        ImplausibleInput: a mean outside (0, 1), or a spread that no rate can have.
    """

    mean: Floats
    sd: Floats
    between: float = 0.25

    def __post_init__(self) -> None:
        if not ((self.mean > 0) & (self.mean < 1)).all():
            raise ImplausibleInput(f"expected rates must lie between 0 and 1, got {self.mean}")
        if not ((self.sd > 0) & (self.sd**2 < self.mean * (1 - self.mean))).all():
            raise ImplausibleInput(f"the spread of a rate m must lie between 0 and sqrt(m (1 - m)), got {self.sd}")
        if not self.between > 0:
            raise ImplausibleInput(f"between must be above 0, got {self.between}")

    @property
    def persons(self) -> Floats:
        """How many counted people the expectation weighs, shape (groups,)."""
        return self.mean * (1 - self.mean) / self.sd**2 - 1

    @property
    def spread_weights(self) -> Floats:
        """Log weight of each of `SPREADS` before anybody is counted, shape (spreads,)."""
        distance = np.log(SPREADS / self.between) / np.log(2)
        return np.asarray(-0.5 * distance**2 - log_sum(-0.5 * distance**2))


def nothing_expected(groups: int, *, between: float = 0.25) -> Expected:
    """Return the expectation of who knows nothing: every rate equally likely."""
    return Expected(np.full(groups, 0.5), np.full(groups, 12**-0.5), between)


@dataclass(frozen=True)
class Pooled:
    """The rates after counting.

    Attributes:
        mean, sd: rate per cell [per year], shape (cells,).
        group_mean, group_sd: rate of the wider level, for a cell nobody was counted in, shape (groups,).
        own_share: part of a cell's rate that counted people tell, the rest being expectation (0-1), shape (cells,).
    """

    mean: Floats
    sd: Floats
    group_mean: Floats
    group_sd: Floats
    own_share: Floats
    counted: Counted
    grid: "_Grid"

    def draws(self, *, spread: Floats, group: Floats, cell: Floats) -> Floats:
        """Return joint draws of the rates per cell, shape (draws, cells).

        Args:
            spread: uniforms that pick how far cells lie apart, shape (draws,).
            group: uniforms that pick the rate of each wider level, shape (draws, groups).
            cell: uniforms that pick the rate of each cell, shape (draws, cells).
        """
        picked = np.searchsorted(np.cumsum(self.grid.spread_share), spread).clip(max=len(SPREADS) - 1)
        rate = self.grid.group_draws(picked, group)[:, self.counted.group]
        persons = _persons(rate, SPREADS[picked][:, None])
        events, at_risk = self.counted.events, self.counted.at_risk
        drawn = zip(persons * rate, persons * (1 - rate), cell, strict=True)
        return np.stack([beta_quantile(events + yes, at_risk - events + no, uniforms) for yes, no, uniforms in drawn])


def pooled_shares(counted: Counted, expected: Expected) -> Pooled:
    """Return the rate per cell, pooled with the rate of its group and with what was expected.

    Model: rate of a group ~ Beta(expected); rate of a cell ~ Beta around that of its group; events ~ Binomial. The rate
    of every group and the spread between cells are integrated numerically, the cells in closed form.

    Raises:
        ImplausibleInput: a cell names a group of which nothing is expected.
    """
    if counted.group.size and not 0 <= counted.group.min() <= counted.group.max() < len(expected.mean):
        raise ImplausibleInput(f"group must lie between 0 and {len(expected.mean) - 1}, got {counted.group.max()}")
    grid = _grid(counted, expected)
    rate, weight = grid.rate[:, counted.group], grid.weight[:, counted.group]
    persons = _persons(rate, SPREADS[:, None, None])
    total = counted.at_risk[:, None] + persons
    of_cell = (counted.events[:, None] + persons * rate) / total
    mean, sd = _moments(weight, of_cell, of_cell * (1 - of_cell) / (total + 1))
    group_mean, group_sd = _moments(grid.weight, grid.rate, 0.0)
    own = (weight * (1 - persons / total * (1 - _told_of_group(counted, expected, persons)))).sum(axis=(0, 2))
    return Pooled(mean, sd, group_mean, group_sd, own, counted, grid)


def _told_of_group(counted: Counted, expected: Expected, persons: Floats) -> Floats:
    """Return which part of a group's rate its counted people tell, (spreads, cells, points): they count as fewer, since
    people of one cell go together."""
    people = counted.at_risk[:, None, None]
    persons = np.swapaxes(persons, 0, 1)
    told = np.zeros((len(expected.mean), *persons.shape[1:]))
    np.add.at(told, counted.group, people * (persons + 1) / (people + persons))
    return np.asarray(np.swapaxes((told / (told + expected.persons[:, None, None]))[counted.group], 0, 1))


def recent_first(yearly: Floats, *, half_life_years: float) -> Floats:
    """Return the weighted sum over years, the last year in full and each earlier one less.

    Args:
        yearly: counts per year, oldest first, shape (years, …).
        half_life_years: after how many years a count weighs half.
    """
    return np.asarray(np.tensordot(year_weights(len(yearly), half_life_years=half_life_years), yearly, axes=1))


def year_weights(years: int, *, half_life_years: float) -> Floats:
    """Return the weight of each year, oldest first, the last being 1."""
    return np.asarray(0.5 ** (np.arange(years)[::-1] / half_life_years), np.float64)


# ------------------------------------------------------------------------------------------------------- integration
@dataclass(frozen=True)
class _Grid:
    """Posterior of the spread and, given the spread, of the rate of each group: values and weights (spreads, groups, points)."""

    spread_share: Floats
    rate: Floats
    weight: Floats  # of spread and rate together: sums to 1 per group

    def group_draws(self, picked: Indices, uniforms: Floats) -> Floats:
        share = self.weight / self.weight.sum(axis=2, keepdims=True)
        middle = np.cumsum(share, axis=2) - 0.5 * share
        drawn = np.empty(uniforms.shape)
        for spread in np.unique(picked):
            rows = picked == spread
            for group in range(uniforms.shape[1]):
                drawn[rows, group] = np.interp(uniforms[rows, group], middle[spread, group], self.rate[spread, group])
        return drawn


def _grid(counted: Counted, expected: Expected) -> _Grid:
    found = [_group_rates(counted, expected, spread) for spread in SPREADS]
    rate = np.stack([one[0] for one in found])
    density = np.stack([one[1] for one in found])
    evidence = log_sum(density, axis=2)
    log_spread = expected.spread_weights + evidence.sum(axis=1)
    spread_share = np.exp(log_spread - log_sum(log_spread))
    weight = np.exp(density - evidence[:, :, None]) * spread_share[:, None, None]
    return _Grid(spread_share, rate, weight)


def _group_rates(counted: Counted, expected: Expected, spread: float) -> tuple[Floats, Floats]:
    """Return rates of the groups and their log weights under one spread, both (groups, points), closing in on the top."""
    low, high = np.full(len(expected.mean), -WIDEST), np.full(len(expected.mean), WIDEST)
    for zoom in range(ZOOMS):
        odds = np.linspace(low, high, POINTS, axis=1)
        density = _log_density(share_of(odds), counted, expected, spread)
        if zoom < ZOOMS - 1:
            near = density > density.max(axis=1, keepdims=True) - NEGLIGIBLE
            step = (high - low) / (POINTS - 1)
            low, high = (
                odds[np.arange(len(low)), near.argmax(axis=1)] - step,
                odds[np.arange(len(low)), POINTS - 1 - near[:, ::-1].argmax(axis=1)] + step,
            )
    return share_of(odds), density + np.log((high - low) / (POINTS - 1))[:, None]


def _log_density(rate: Floats, counted: Counted, expected: Expected, spread: float) -> Floats:
    """Return the log density of each group's log odds given the counts, shape (groups, points)."""
    ahead, behind = (expected.persons * expected.mean)[:, None], (expected.persons * (1 - expected.mean))[:, None]
    density = ahead * np.log(rate) + behind * np.log1p(-rate) - log_beta(ahead, behind)
    cell_rate = rate[counted.group]
    persons = _persons(cell_rate, spread)
    yes, no = persons * cell_rate, persons * (1 - cell_rate)
    events, stayed = counted.events[:, None], (counted.at_risk - counted.events)[:, None]
    np.add.at(density, counted.group, log_beta(events + yes, stayed + no) - log_beta(yes, no))
    return np.asarray(density)


def _persons(rate: Floats, spread: Floats | float) -> Floats:
    """Return how many people the rate of a group weighs in a cell, when log odds of cells lie this far apart."""
    return np.maximum(1 / (rate * (1 - rate) * spread**2) - 1, 1e-6)


def _moments(weight: Floats, mean: Floats, variance: Floats | float) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of a mixture over the first and last axis."""
    total = (weight * mean).sum(axis=(0, 2))
    square = (weight * (variance + (mean - total[None, :, None]) ** 2)).sum(axis=(0, 2))
    return total, np.sqrt(square)

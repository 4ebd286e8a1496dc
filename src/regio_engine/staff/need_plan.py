"""Planning the need: for each location and sector which positions its classes ask, with which weight and which rule.

Planning knows nothing of draws: it turns labels (level, year of study), the lesson table and the location's own figures
into a small matrix per location. What the table does not know becomes a finding, never a silent zero.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from regio_engine.findings import Finding
from regio_engine.parameters.demand_rules import NeedRule
from regio_engine.parameters.lesson_table import ClassPlan, LessonTable
from regio_engine.parameters.positions import position_code
from regio_engine.staff.location_split import LocationSplit, TaughtLine, taught_lines
from regio_engine.staff.need import MICRO, PERMILLE, GroupLine
from regio_engine.units import Floats, LearnerDraws

UNKNOWN_LEVEL = "N-101"  # arguments: location, level
NO_RULE = "N-102"  # arguments: location, sector

RuleFor = Callable[[str, str], NeedRule | None]
ClassOf = Callable[[str, int], ClassPlan]
Cell = tuple[int, str, int]  # row in the draws, level, year of study


@dataclass(frozen=True)
class LocationPlan:
    """How the need of one location and sector is computed.

    Attributes:
        location_code: the location.
        sector: its sector (a location with two sectors has two plans).
        rule: the rule in force there.
        cells: rows of the learner draws.
        positions: codes of what its classes ask.
        specialisms: subject, profile or function of each position.
        loads: weekly lessons of one learner per cell and position, whole millionths, shape (cells, positions).
        own_loads: the part of these that rests on the location's own figures, shape (cells,).
        weights: as how many learners one learner of the cell counts, whole thousandths, shape (cells,).
        group_lines: lessons per group, where the rule has an own lesson table.
    """

    location_code: str
    sector: str
    rule: NeedRule
    cells: NDArray[np.intp]
    positions: tuple[str, ...]
    specialisms: tuple[str, ...]
    loads: Floats
    own_loads: Floats
    weights: Floats
    group_lines: tuple[GroupLine, ...]


def plan_locations(
    learners: LearnerDraws, *, table: LessonTable, rule_for: RuleFor, splits: Mapping[str, LocationSplit]
) -> tuple[tuple[LocationPlan, ...], tuple[Finding, ...]]:
    """Return a plan per location and sector that has learners, and what could not be used.

    Args:
        learners: the drawn learners; cells without learners in every year and draw are left out.
        table: the shipped lesson table; a rule may bring its own.
        rule_for: gives the rule of (location code, sector), None where there is none.
        splits: own figures per location code.
    """
    cells, findings = _cells_per_location(learners, table)
    plans = []
    shipped_class = cache(table.class_plan)  # many locations share few kinds of class
    for (location, sector), members in cells.items():
        rule = rule_for(location, sector)
        if rule is None:
            findings.append(Finding(NO_RULE, {"location": location, "sector": sector}))
            continue
        split = splits.get(location, LocationSplit())
        class_of = rule.own_table.class_plan if rule.own_table else shipped_class
        plans.append(_plan(location, sector, rule=rule, class_of=class_of, cells=members, split=split))
    return tuple(plans), tuple(findings)


def plan_without_learners(location_code: str, *, rule: NeedRule) -> LocationPlan:
    """Return the plan of a location of which no learners are known: its rule asks nothing."""
    nobody = np.zeros((0, 0))
    return LocationPlan(
        location_code=location_code, sector=rule.key, rule=rule, cells=np.zeros(0, np.intp), positions=(), specialisms=(),
        loads=nobody, own_loads=np.zeros(0), weights=np.zeros(0), group_lines=(),
    )  # fmt: skip


def _cells_per_location(
    learners: LearnerDraws, table: LessonTable
) -> tuple[dict[tuple[str, str], list[Cell]], list[Finding]]:
    cells: dict[tuple[str, str], list[Cell]] = {}
    unknown: set[tuple[str, str]] = set()
    used: NDArray[np.bool_] = np.asarray(learners.counts.any(axis=(1, 2)))
    labels = zip(learners.location_codes.tolist(), learners.levels.tolist(), learners.stages.tolist(), strict=True)
    for row, (location, level, stage) in enumerate(labels):
        if not used[row] or level in table.no_need:
            continue
        sector = table.sector_of(level)
        if sector is None:
            unknown.add((location, level))
        else:
            cells.setdefault((location, sector), []).append((row, level, stage))
    return cells, [Finding(UNKNOWN_LEVEL, {"location": place, "level": level}) for place, level in sorted(unknown)]


def _plan(
    location: str, sector: str, *, rule: NeedRule, class_of: ClassOf, cells: list[Cell], split: LocationSplit
) -> LocationPlan:
    taught = [taught_lines(class_of(level, stage), split) for _, level, stage in cells]
    positions = sorted({(_code(sector, line), line.specialism) for lines in taught for line in lines})
    index = {code: i for i, (code, _) in enumerate(positions)}
    loads, own_loads = np.zeros((len(cells), len(positions))), np.zeros(len(cells))
    for c, lines in enumerate(taught):
        for line in lines:
            load = round(MICRO * line.lessons * line.share / line.group_size)
            loads[c, index[_code(sector, line)]] += load
            own_loads[c] += load if line.is_own_figure else 0
    return LocationPlan(
        location_code=location,
        sector=sector,
        rule=rule,
        cells=np.array([row for row, _, _ in cells], dtype=np.intp),
        positions=tuple(code for code, _ in positions),
        specialisms=tuple(specialism for _, specialism in positions),
        loads=loads,
        own_loads=own_loads,
        weights=np.array([round(PERMILLE * rule.learner_weights.get(level, 1.0)) for _, level, _ in cells], np.float64),
        group_lines=tuple(_group_lines(sector, cells, taught, index)) if rule.own_table else (),
    )


def _group_lines(
    sector: str, cells: list[Cell], taught: list[list[TaughtLine]], index: dict[str, int]
) -> Iterator[GroupLine]:
    """Yield the lines of the lesson form; in vo a year of study has its own groups, elsewhere a level has them."""
    together: dict[tuple[str, int], list[int]] = {}
    for c, (_, level, stage) in enumerate(cells):
        together.setdefault((level, stage if sector == "vo" else 0), []).append(c)
    for members in together.values():
        for line in taught[members[0]]:
            yield GroupLine(tuple(members), index[_code(sector, line)], line.group_size, line.share, line.lessons)


def _code(sector: str, line: TaughtLine) -> str:
    return position_code(sector, line.specialism, line.grade)

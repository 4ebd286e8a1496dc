"""What a board gives in to a joint round and the public sizes of boards, read from a kept forecast; loads no numeric package.

What is given in is the shortage less the surplus. Shortage alone cannot be negative, and a reader who knows that learns the
deviation of a board from a year in which it is short of nothing; a figure that may have either sign tells no such thing.
Staff and need are not asked: with their own deviations the three would narrow each other.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from regio.regions.enums import Sector
from regio.regions.queries import boards_in
from regio.workforce.enums import SUBJECT_PREFIX, Measure, ScopeKind
from regio.workforce.models import ForecastRun, ForecastValue
from regio.workforce.queries import ALL, base_year_of

from .need_inputs import lesson_table, shipped_rules
from .shortage_grain import GROUP_PREFIX
from .staff_parameters import staff_parameters

Figures = dict[str, dict[str, list[int]]]  # group → year → expected, low, high [thousandths of fte]
Sizes = dict[str, dict[str, list[float]]]  # board → group → fte, persons

PERSONS_PER_FTE = 1.25  # aanname: 0.8 fte per teacher, the middle of po and vo on 1 October 2023 (DUO)
MILLI_PER_FTE = 1000
WHOLE = "overig"  # the one group of a sector without subjects


# ---------------------------------------------------------------------------------------------------------- giving in
def figures_of_board(run: ForecastRun, board: str, sector: str) -> Figures:
    """Return the shortage less the surplus of a board per group and year, with its band; empty where the run has none.

    The bands of subjects are added up as if all go with or against at once: rather too wide than too narrow.
    """
    rows = ForecastValue.objects.filter(
        run=run, scope_kind=ScopeKind.BOARD, scope_code=board, sector=sector, count_year__gte=base_year_of(run, sector),
        measure__in=(Measure.SHORTAGE_FTE, Measure.SURPLUS_FTE),
    ).values_list("item", "measure", "count_year", "mean", "p10", "p90")  # fmt: skip
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0, 0.0]))
    group_of = _groups_of({item for item, *_ in rows})
    for item, measure, year, mean, low, high in rows:
        if item not in group_of:
            continue
        figure = found[group_of[item]][str(year)]
        if measure == Measure.SHORTAGE_FTE:
            figure[:] = [figure[0] + mean, figure[1] + low, figure[2] + high]
        else:
            figure[:] = [value - mean for value in figure]
    return {
        group: {year: [round(value * MILLI_PER_FTE) for value in figure] for year, figure in sorted(years.items())}
        for group, years in sorted(found.items())
    }


def _groups_of(items: Collection[str]) -> dict[str, str]:
    """Return item → group for items that do not overlap: groups, else subjects and the positions without a subject."""
    if any(item.startswith(GROUP_PREFIX) for item in items):
        return {item: item.removeprefix(GROUP_PREFIX) for item in items if item.startswith(GROUP_PREFIX)}
    subjects = {item.removeprefix(SUBJECT_PREFIX) for item in items if item.startswith(SUBJECT_PREFIX)}
    named = {item: item.split(":")[1] for item in items if item != ALL}
    whole = {item: name for item, name in named.items() if item.startswith(SUBJECT_PREFIX) or name not in subjects}
    return {item: staff_parameters().group_of(name) for item, name in whole.items()}


def mark_of(figures: Mapping[str, Any], *, secret: bytes) -> str:
    """Return a keyed hash of what a board gave in: it tells whether that changed, not what it was."""
    return hmac.new(secret, json.dumps(figures, sort_keys=True).encode(), hashlib.sha256).hexdigest()


# -------------------------------------------------------------------------------------------------------- public sizes
def public_sizes(run: ForecastRun, *, region_key: str, sector: str) -> Sizes:
    """Return the teachers that anyone expects at each board of a region, per group [fte, persons].

    Learners per level of the newest count, over the shipped ratio, split by the shipped lesson table: nothing of an own file.
    """
    boards = [part.code for part in boards_in(region_key, sector=sector)]
    rows = ForecastValue.objects.filter(
        run=run, scope_kind=ScopeKind.BOARD, scope_code__in=boards, sector=sector, measure=Measure.LEARNERS,
        count_year=base_year_of(run, sector),
    ).exclude(item=ALL).values_list("scope_code", "item", "mean")  # fmt: skip
    per_fte, sizes = shipped_rules()[sector].learners_per_fte, defaultdict[str, dict[str, float]](dict)
    for board, level, learners in rows:
        for group, share in group_shares(level, sector).items():
            sizes[board][group] = sizes[board].get(group, 0.0) + learners / per_fte * share
    return {
        board: {group: [round(fte, 2), round(fte * PERSONS_PER_FTE, 2)] for group, fte in sorted(groups.items())}
        for board, groups in sorted(sizes.items())
        if sum(groups.values()) > 0
    }


def group_shares(level: str, sector: str) -> dict[str, float]:
    """Return which share of the lessons of a level each group of subjects has; one group where there are no subjects."""
    if sector != Sector.VO:
        return {WHOLE: 1.0}
    table, lessons = lesson_table(), defaultdict[str, float](float)
    for part, weight in table.mixes.get(level, {level: 1.0}).items():
        if part in table.levels:
            for group, number in _lessons_of(part).items():
                lessons[group] += weight * number
    total = sum(lessons.values())
    return {group: number / total for group, number in lessons.items() if number} if total else {WHOLE: 1.0}


def _lessons_of(level: str) -> dict[str, float]:
    one, found = lesson_table().levels[level], defaultdict[str, float](float)
    for subject, lessons in one.lessons.items():
        found[staff_parameters().group_of(subject)] += sum(lessons)
    for subject, choice in one.choice.items():
        found[staff_parameters().group_of(subject)] += choice.participation * sum(choice.lessons)
    found[staff_parameters().group_of("profiel_")] += one.profile_participation * sum(one.profile)
    return found

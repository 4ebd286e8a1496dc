"""Codes of locations that vanish, and where their pupils go on.

A link says that from some year on a share of the pupils of an old code is counted at a new one. Links come from people,
from registers, and from exam candidates that appear at a new code of the same school or address. A code that is gone
without a link closes: its pupils are found back in the totals of its market, not at a code.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from regio_engine.pupils.plan import NO_SOURCE, Cells, FlowPlan, Moves

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Label = tuple[int, str, int]  # location, level, stage

WHOLE = 0.99  # links that carry this share or more leave nothing at the old code


@dataclass(frozen=True)
class Link:
    """From year index `year` on a share of the pupils of location `old` is counted at `new`; None: the code closes."""

    old: int
    new: int | None
    share: float
    year: int


def merged_links(told: tuple[Link, ...], seen: tuple[Link, ...], gone: Ints) -> tuple[Link, ...]:
    """Return the links that exams showed with those that people or registers told of other codes.

    What was told of a code that exams already miss holds from the year in which they first miss it.

    Args:
        told: links from people or registers.
        seen: links from exam candidates at new codes.
        gone: first year in which exams miss a location, (L,).
    """
    shown = {link.old for link in seen}
    rest = (replace(link, year=min(link.year, int(gone[link.old]))) for link in told if link.old not in shown)
    return (*seen, *rest)


def with_links(plan: FlowPlan, links: tuple[Link, ...]) -> FlowPlan:
    """Return the plan in which pupils of linked codes go on under the new code; a link to nothing closes the code."""
    gone = plan.gone_from.copy()
    for link in links:
        if link.new is None or _share_from(links, link.old) > WHOLE:
            gone[link.old] = min(gone[link.old], max(link.year, 0))
    plan = _with_cells_for(replace(plan, gone_from=gone), links)
    rows = _moves(plan, links)
    if not rows:
        return plan
    intake = plan.intake.copy()
    for year, old, new, share in rows:
        intake[new, year + 1 :] += share * plan.intake[old, year + 1 :]
    years, source, target, part = (np.array(column) for column in zip(*rows, strict=True))
    return replace(plan, intake=intake, moves=Moves(years, source, target, part.astype(np.float64)))


def _moves(plan: FlowPlan, links: tuple[Link, ...]) -> list[tuple[int, int, int, float]]:
    labels = _labels(plan)
    place = {label: number for number, label in enumerate(labels)}
    cells = _cells_by_location(labels)
    return [
        (max(link.year, 0), number, place[(link.new, labels[number][1], labels[number][2])], link.share)
        for link in links if link.new is not None
        for number in cells.get(link.old, [])
    ]  # fmt: skip


def _share_from(links: tuple[Link, ...], old: int) -> float:
    return sum(link.share for link in links if link.old == old and link.new is not None)


def _labels(plan: FlowPlan) -> list[Label]:
    return list(zip(plan.cells.location.tolist(), plan.cells.level, plan.cells.stage.tolist(), strict=True))


def _with_cells_for(plan: FlowPlan, links: tuple[Link, ...]) -> FlowPlan:
    """Add empty cells at the new codes for every cell of the old ones, with the same rates, and sort by location."""
    labels = _labels(plan)
    extra = _missing_cells(labels, links)
    if not extra:
        return plan
    every = [*labels, *extra]
    order = np.array(sorted(range(len(every)), key=lambda number: (every[number][0], number)))
    like = np.array([*range(len(labels)), *extra.values()])[order]
    fresh = order >= len(labels)
    ordered = [every[number] for number in order]
    sources = _sources(ordered, held=(plan.sources[:, 0] == np.arange(len(labels)))[like])
    return replace(
        plan, cells=Cells(
            np.array([label[0] for label in ordered]), tuple(label[1] for label in ordered),
            np.array([label[2] for label in ordered]),
        ),
        base=np.where(fresh, 0.0, plan.base[like]), sources=sources,
        rates=np.where(sources == NO_SOURCE, 0.0, plan.rates[like]), intake=np.where(fresh[:, None], 0.0, plan.intake[like]),
        known=np.where(fresh[:, None], np.nan, plan.known[like]), phi=plan.phi[like], cv=plan.cv[like],
        rate_cv=plan.rate_cv[like], slot=plan.slot[like], nation=None if plan.nation is None else plan.nation[like],
    )  # fmt: skip


def _missing_cells(labels: list[Label], links: tuple[Link, ...]) -> dict[Label, int]:
    """Return the cells that new codes lack, each with the number of the old code's cell it is like."""
    there, extra, cells = set(labels), dict[Label, int](), _cells_by_location(labels)
    for link in links:
        for number in cells.get(link.old, []) if link.new is not None else []:
            label = (int(link.new or 0), labels[number][1], labels[number][2])
            if label not in there:
                extra.setdefault(label, number)
    return extra


def _cells_by_location(labels: list[Label]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, label in enumerate(labels):
        found.setdefault(label[0], []).append(number)
    return found


def _sources(labels: list[Label], *, held: NDArray[np.bool_]) -> Ints:
    """Return the cell below each cell (the cell itself where it is held level), `NO_SOURCE` where there is none."""
    place = {label: number for number, label in enumerate(labels)}
    below = [
        place.get((location, level, stage - (not hold)), NO_SOURCE)
        for (location, level, stage), hold in zip(labels, held, strict=True)
    ]
    return np.array(below, np.int64)[:, None]

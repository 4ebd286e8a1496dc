"""The door from joint rounds to `regio_engine.disclosure`: the figures of a snapshot out of what boards gave in."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from regio_engine.disclosure.joint import Contributions, Snapshot, exact_snapshot, joint_snapshot
from regio_engine.disclosure.visibility import FEWEST_BOARDS, FEWEST_PERSONS, PublicSizes

from .joint import Figures, Sizes

EXPECTED_SHARE = 0.15  # aanname: shortage of teachers that anyone expects at most; 8-10 % in po, 5-6 % in vo (2023)


def parts_of_snapshot(
    given: Mapping[str, Figures], *, sizes: Sizes, secret: bytes, series: str, exact: bool
) -> list[dict[str, Any]]:
    """Return the parts of a snapshot as they are kept (see `JointSnapshot`).

    Args:
        given: board → what it gave in.
        sizes: public sizes of every board that may take part.
        secret: key of the region.
        series: names the round, so that repeats tell nothing new.
        exact: every contributor agreed to exact totals.
    """
    groups = tuple(sorted({group for of_board in sizes.values() for group in of_board}))
    public, contributions, years = _public(sizes, groups), *_contributions(given, groups)
    if exact:
        snapshot = exact_snapshot(contributions, sizes=public, agreed=contributions.boards)
    else:
        snapshot = joint_snapshot(contributions, sizes=public, key=secret, series=series, expected_share=EXPECTED_SHARE)
    return [
        {
            "groups": list(part), "shown": bool(snapshot.shown[p]), "why": _why_hidden(snapshot, public, p),
            "deviation_fte": round(float(snapshot.deviation_fte[p]), 3),
            "years": {year: snapshot.fte[p, y].tolist() for y, year in enumerate(years)} if snapshot.shown[p] else {},
        }
        for p, part in enumerate(snapshot.parts)
    ]  # fmt: skip


def _public(sizes: Sizes, groups: tuple[str, ...]) -> PublicSizes:
    table = np.array([[of_board.get(group, [0.0, 0.0]) for group in groups] for of_board in sizes.values()])
    return PublicSizes(boards=tuple(sizes), fte=table[:, :, 0], persons=table[:, :, 1], groups=groups)


def _contributions(given: Mapping[str, Figures], groups: tuple[str, ...]) -> tuple[Contributions, list[str]]:
    """Return the contributions over the years that every board gave in, and those years."""
    per_board = [{year for years in figures.values() for year in years} for figures in given.values()]
    years = sorted(set.intersection(*per_board))
    nothing = [0, 0, 0]
    milli = np.array([
        [[figures.get(group, {}).get(year, nothing) for year in years] for group in groups] for figures in given.values()
    ], dtype=np.int64)  # fmt: skip
    return Contributions(boards=tuple(given), cells=groups, milli=milli), years


def _why_hidden(snapshot: Snapshot, public: PublicSizes, place: int) -> str:
    """Return why a part is not shown, from public sizes alone; empty where it is."""
    if snapshot.shown[place]:
        return ""
    own, cells = public.of_boards(snapshot.boards), [public.groups.index(group) for group in snapshot.parts[place]]
    if (own.fte[:, cells].sum(axis=1) > 0).sum() < FEWEST_BOARDS:
        return f"minder dan {FEWEST_BOARDS} besturen"
    if own.persons[:, cells].sum() < FEWEST_PERSONS:
        return f"minder dan {FEWEST_PERSONS} personen"
    return "een bestuur is hier bijna alles"

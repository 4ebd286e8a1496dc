"""Into which parts the cells of a joint round fall and which parts may be shown, decided on public sizes alone.

A part is shown with at least 5 contributing boards and 10 persons, when what remains after the three largest is at least
15 % of the largest. A cell is a part of its own when it would be shown and every contributor in it is large enough for
its deviation to hide it; the other cells of its group are taken together, with the smallest that could stand alone when
they cannot be shown otherwise. Parts never overlap, so no difference of two gives a third, and they are the same for a
whole series of snapshots, whoever has contributed yet: a cell that is now alone and then in a group would be told twice.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.units import Floats

FEWEST_BOARDS = 5
FEWEST_PERSONS = 10
LEAST_REST_SHARE = 0.15
LEAST_LEVEL_FTE = 6.0  # twice the reach of the deviation

Part = tuple[int, ...]  # places of its cells


@dataclass(frozen=True)
class PublicSizes:
    """Public sizes of boards per cell: what anyone can expect from open data.

    Attributes:
        boards: code per board; all that may contribute, not only those that have.
        fte: shape (boards, cells).
        persons: shape (boards, cells).
        groups: the group each cell belongs to, length cells.
    """

    boards: tuple[str, ...]
    fte: Floats
    persons: Floats
    groups: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.fte.shape == self.persons.shape == (len(self.boards), len(self.groups)):
            raise ImplausibleInput(
                f"sizes must have {len(self.boards)} boards × {len(self.groups)} cells, got {self.fte.shape}"
            )

    def of_boards(self, boards: tuple[str, ...]) -> "PublicSizes":
        """Return the sizes of these boards, in their order."""
        rows = [self.boards.index(board) for board in boards]
        return PublicSizes(boards=boards, fte=self.fte[rows], persons=self.persons[rows], groups=self.groups)


def parts_of(sizes: PublicSizes) -> tuple[Part, ...]:
    """Return the parts of a series; every cell is in one part."""
    groups: dict[str, list[int]] = {}
    for cell, group in enumerate(sizes.groups):
        groups.setdefault(group, []).append(cell)
    return tuple(part for cells in groups.values() for part in _parts_of_group(cells, sizes))


def _parts_of_group(cells: list[int], sizes: PublicSizes) -> list[Part]:
    def stands_alone(cell: int) -> bool:
        return may_be_shown(sizes, (cell,)) and _hides_every_contributor(sizes.fte[:, cell])

    alone = sorted(filter(stands_alone, cells), key=lambda cell: -sizes.fte[:, cell].sum())
    rest = [cell for cell in cells if cell not in alone]
    while rest and alone and (len(rest) == 1 or not may_be_shown(sizes, tuple(rest))):
        rest.append(alone.pop())
    return [(cell,) for cell in sorted(alone)] + ([tuple(sorted(rest))] if rest else [])


def may_be_shown(sizes: PublicSizes, part: Part) -> bool:
    """Tell whether enough boards and persons share this part, and none of them is nearly all of it."""
    fte, persons = sizes.fte[:, part].sum(axis=1), sizes.persons[:, part].sum()
    largest = np.sort(fte)[::-1]
    shared = (fte > 0).sum() >= FEWEST_BOARDS and persons >= FEWEST_PERSONS
    return bool(shared and largest[3:].sum() >= LEAST_REST_SHARE * largest[0])


def _hides_every_contributor(fte: NDArray[np.float64]) -> bool:
    return bool(((fte == 0) | (fte >= LEAST_LEVEL_FTE)).all())

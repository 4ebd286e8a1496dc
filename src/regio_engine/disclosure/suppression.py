"""Public tables: cells below the least number are left out, with others beside them so that no sum brings them back.

A table is shown with its row sums, column sums and total. What a reader can work out about a hidden cell is a range: how
far it can rise and fall while all that is shown stays true and nothing is negative. That is a flow through the hidden
cells, so the range is exact. Tables that can be subtracted from each other (all pupils, and only the girls) hide the same
cells. Cost: one flow of at most rows + columns steps per hidden cell and round; tables of a screen take milliseconds.
"""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput

LEAST = 5  # persons
ENDLESS = 10**9

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


def with_sums(table: Counts) -> Counts:
    """Return the table with its row sums, column sums and total, shape (rows + 1, columns + 1)."""
    wide = np.column_stack([table, table.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)]).astype(np.int64)


def hidden_cells(tables: Sequence[Counts], *, least: int = LEAST) -> Mask:
    """Return which cells are left out, sums included, shape (rows + 1, columns + 1).

    Args:
        tables: one table, or several that readers may subtract from each other; whole numbers, shape (rows, columns).
        least: a number above 0 and below this is small [persons].

    Raises:
        ImplausibleInput: a number is negative, or the tables differ in shape.
    """
    if len({table.shape for table in tables}) != 1 or min(int(table.min()) for table in tables) < 0:
        raise ImplausibleInput("tables must have one shape and no negative numbers")
    wide = [with_sums(table) for table in tables]
    hidden: Mask = np.logical_or.reduce([(table > 0) & (table < least) for table in wide])
    small = [np.argwhere((table > 0) & (table < least)).tolist() for table in wide]
    while found := _unsafe(wide, small, hidden, least):
        table, cell = found
        hidden |= _cheapest_rectangle(table, cell, hidden, width=least)
    return hidden


def range_of(table: Counts, cell: tuple[int, int], hidden: Mask) -> tuple[int, int]:
    """Return between which numbers a reader knows this hidden cell to lie.

    Args:
        table: with sums.
        cell: its row and column.
        hidden: which cells are left out.
    """
    up, down = _room(table, hidden)
    rise, fall = _flow(up, down, cell), _flow(down.T, up.T, (cell[1], cell[0]))
    if _is_margin(table, cell):
        rise, fall = fall, rise
    value = int(table[cell])
    return max(0, value - fall), value + rise


def _unsafe(
    tables: Sequence[Counts], small: Sequence[list[list[int]]], hidden: Mask, least: int
) -> tuple[Counts, tuple[int, int]] | None:
    """Return a table and a small cell in it that a reader knows too well, or None."""
    for table, cells in zip(tables, small, strict=True):
        for row, column in cells:
            low, high = range_of(table, (row, column), hidden)
            if high - low < least:
                return table, (row, column)
    return None


def _is_margin(table: Counts, cell: tuple[int, int]) -> bool:
    """Tell whether the cell is the sum of a row or a column, but not the total: it enters the equations with a minus."""
    rows, columns = table.shape
    return bool((cell[0] == rows - 1) != (cell[1] == columns - 1))


def _room(table: Counts, hidden: Mask) -> tuple[Counts, Counts]:
    """Return how far each cell may rise and fall in the equations, where sums of rows and columns count negative."""
    up = np.where(hidden, ENDLESS, 0)
    down = np.where(hidden, table, 0)
    margin = np.zeros(table.shape, dtype=bool)
    margin[-1, :-1] = margin[:-1, -1] = True
    return np.where(margin, down, up), np.where(margin, up, down)


def _flow(up: Counts, down: Counts, cell: tuple[int, int]) -> int:
    """Return how far this cell can rise while each row and column keeps its sum.

    A rise of a cell is an edge from its row to its column, a fall one from its column to its row; a rise of this cell
    must return from its column to its row along the others.
    """
    rows = up.shape[0]
    limit = int(up[cell])
    forth, back = up.copy(), down.copy()
    forth[cell] = back[cell] = 0
    total = 0
    while total < limit and (path := _path(forth, back, source=rows + cell[1], target=cell[0])):
        step = min(limit - total, *[int(room) for room in _rooms(path, forth, back, rows)])
        for start, end in pairwise(path):
            _use(start, end, step, forth=forth, back=back, rows=rows)
        total += step
    return min(total, limit)


def _path(forth: Counts, back: Counts, *, source: int, target: int) -> list[int] | None:
    rows = forth.shape[0]
    came_from = {source: source}
    queue = deque([source])
    while queue:
        node = queue.popleft()
        if node == target:
            path = [node]
            while path[-1] != source:
                path.append(came_from[path[-1]])
            return path[::-1]
        open_ = np.flatnonzero(forth[node]) + rows if node < rows else np.flatnonzero(back[:, node - rows])
        for following in open_.tolist():
            if following not in came_from:
                came_from[following] = node
                queue.append(following)
    return None


def _rooms(path: list[int], forth: Counts, back: Counts, rows: int) -> list[int]:
    return [forth[start, end - rows] if start < rows else back[end, start - rows] for start, end in pairwise(path)]


def _use(start: int, end: int, step: int, *, forth: Counts, back: Counts, rows: int) -> None:
    cell = (start, end - rows) if start < rows else (end, start - rows)
    sign = 1 if start < rows else -1
    forth[cell] -= sign * step
    back[cell] += sign * step


def _cheapest_rectangle(table: Counts, cell: tuple[int, int], hidden: Mask, *, width: int) -> Mask:
    """Return the four corners, this cell one of them, that hide least more and give it the width it needs."""
    (row, column), (rows, columns) = cell, table.shape
    up, down = _room(table, np.ones(table.shape, dtype=bool))
    other_rows = np.array([r for r in range(rows) if r != row])
    other_columns = np.array([c for c in range(columns) if c != column])
    here = np.ix_(other_rows, other_columns)
    rise = np.minimum(np.minimum(up[cell], down[row, other_columns])[None, :], down[other_rows, column][:, None])
    fall = np.minimum(np.minimum(down[cell], up[row, other_columns])[None, :], up[other_rows, column][:, None])
    room = np.minimum(rise, up[here]) + np.minimum(fall, down[here])
    price = np.where(hidden, 0, table + 1)
    cost = price[row, other_columns][None, :] + price[other_rows, column][:, None] + price[here]
    useless = cost == 0  # all hidden already: they were not enough
    best = np.where(useless, 4 * ENDLESS, np.where(room >= width, cost, 2 * ENDLESS - room))
    r, c = np.unravel_index(int(best.argmin()), best.shape)
    corners = np.zeros(table.shape, dtype=bool)
    corners[np.ix_([row, int(other_rows[r])], [column, int(other_columns[c])])] = True
    return corners

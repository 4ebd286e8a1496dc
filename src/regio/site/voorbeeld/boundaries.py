"""Borders of the invented municipalities: a wobbly grid with a coast in the west, an estuary and an island.

Every edge is made once, by breaking a straight line again and again, and used by both neighbours; so neighbours share
their vertices exactly and areas can be joined by leaving out the edges that occur twice. Units: kilometres.
"""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from math import cos, pi, sin

Point = tuple[float, float]
Ring = list[Point]

COLUMNS, ROWS, CELL_KM = 5, 4, 12.0
RIVER_LINE, RIVER_END = 2, 3  # the estuary follows this grid line from the west to this column
MOUTH_KM = 1.9

# Which municipality (place in the list) a cell of the grid belongs to; north is up.
GRID = (
    (0, 0, 6, 6, 11),
    (1, 1, 7, 8, 12),
    (2, 4, 9, 8, 13),
    (3, 4, 10, 14, 14),
)
ISLAND = 5
ISLAND_CENTRE, ISLAND_RADIUS_KM = (-6.0, 45.0), 3.1


def municipality_rings() -> dict[int, list[Ring]]:
    """Return the closed rings of every municipality by its place in the list, counter-clockwise [km]."""
    members: dict[int, list[list[Point]]] = defaultdict(list)
    for row in range(ROWS):
        for column in range(COLUMNS):
            members[GRID[row][column]].append(_cell(column, ROWS - 1 - row))
    rings = {index: dissolve(cells) for index, cells in members.items()}
    rings[ISLAND] = [_island()]
    return dict(sorted(rings.items()))


def dissolve(rings: Iterable[Ring]) -> list[Ring]:
    """Join areas that share vertices: leave out the edges that occur in both directions, then link the rest."""
    edges: dict[Point, list[Point]] = defaultdict(list)
    segments = {(a, b) for ring in rings for a, b in zip(ring, ring[1:], strict=False)}
    for a, b in sorted(segments):
        if (b, a) not in segments:
            edges[a].append(b)
    joined = []
    while edges:
        start = min(edges)
        ring = [start]
        while True:
            onward = edges[ring[-1]]
            ring.append(onward.pop(0))
            if not onward:
                del edges[ring[-2]]
            if ring[-1] == start:
                break
        joined.append(ring)
    return joined


def _cell(column: int, row: int) -> Ring:
    """Return the ring of one cell, row 0 in the south, counter-clockwise and closed."""
    south, east = _edge((column, row), (column + 1, row), above=True), _edge((column + 1, row), (column + 1, row + 1))
    north, west = _edge((column, row + 1), (column + 1, row + 1), above=False), _edge((column, row), (column, row + 1))
    if row == RIVER_LINE:
        east, west = _on_bank(east, 0, 1), _on_bank(west, 0, 1)
    if row + 1 == RIVER_LINE:
        east, west = _on_bank(east, -1, -1), _on_bank(west, -1, -1)
    return [*south, *east[1:], *north[::-1][1:], *west[::-1][1:]]


def _edge(start: tuple[int, int], end: tuple[int, int], *, above: bool = True) -> Ring:
    """Return the line between two grid points; along the estuary `above` chooses the north or the south bank."""
    coast = 3.4 if start[0] == end[0] == 0 else 1.5 if start[0] == end[0] else 1.2
    line = _break([_corner(*start), _corner(*end)], sway=coast, name=f"{start}{end}")
    if start[1] == end[1] == RIVER_LINE:
        return [_shifted(point, 1 if above else -1) for point in line]
    return line


def _on_bank(line: Ring, position: int, side: int) -> Ring:
    """Return the line with its end on the estuary moved to the bank."""
    moved = list(line)
    moved[position] = _shifted(moved[position], side)
    return moved


def _shifted(point: Point, side: int) -> Point:
    width = max(0.0, MOUTH_KM * (1 - point[0] / (RIVER_END * CELL_KM)))
    return (point[0], round(point[1] + side * width, 3)) if width > 0.05 else point


def _corner(column: int, row: int) -> Point:
    """Return a grid point, moved a little; the river line ends in a fixed spot."""
    return (
        round(column * CELL_KM + 2.6 * _sway(f"x{column}.{row}"), 3),
        round(row * CELL_KM + 2.6 * _sway(f"y{column}.{row}"), 3),
    )


def _break(line: Ring, *, sway: float, name: str, depth: int = 0) -> Ring:
    """Return the line broken in 16: each middle moves across, half as far at every level."""
    if depth == 4:
        return line
    (x0, y0), (x1, y1) = line
    shift = sway * _sway(f"{name}{depth}{x0}{y0}")
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-9)
    middle = (round((x0 + x1) / 2 - (y1 - y0) / length * shift, 3), round((y0 + y1) / 2 + (x1 - x0) / length * shift, 3))
    left = _break([line[0], middle], sway=sway / 2, name=name, depth=depth + 1)
    return [*left, *_break([middle, line[1]], sway=sway / 2, name=name, depth=depth + 1)[1:]]


def _sway(name: str) -> float:
    """Return a number between -1 and 1 that always belongs to this name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little") / 2**31 - 1


def _island() -> Ring:
    x, y = ISLAND_CENTRE
    ring = []
    for step in range(28):
        angle = 2 * pi * step / 28
        radius = ISLAND_RADIUS_KM * (1 + 0.22 * _sway(f"eiland{step // 2}") + 0.06 * _sway(f"strand{step}"))
        ring.append((round(x + 0.75 * radius * cos(angle), 3), round(y + 1.25 * radius * sin(angle), 3)))
    return [*ring, ring[0]]

"""Borders of the invented municipalities: a wobbly grid with a coast in the west, an estuary and an island.

Every edge is made once, by breaking a straight line again and again, and used by both neighbours; so neighbours share
their vertices exactly and areas can be joined by leaving out the edges that occur twice. Units: kilometres.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable
from hashlib import blake2b
from math import cos, pi, sin

Point = tuple[float, float]
Ring = list[Point]

COLUMNS, ROWS, CELL_KM = 5, 4, 12.0
RIVER_LINE, RIVER_END = 2, 3  # the estuary follows this grid line from the west to this column
MOUTH_KM, REACH_KM = 1.9, 8.0

# Which municipality (place in the list) a cell of the grid belongs to; north is up.
GRID = (
    (0, 0, 6, 6, 11),
    (1, 1, 7, 8, 12),
    (2, 4, 9, 8, 13),
    (3, 4, 10, 14, 14),
)
ISLAND = 5
ISLAND_CENTRE, ISLAND_RADIUS_KM = (-8.5, 41.0), 3.1


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
    segments = {(a, b) for ring in rings for a, b in itertools.pairwise(ring)}
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
    south, north = _edge((column, row), (column + 1, row)), _edge((column, row + 1), (column + 1, row + 1))
    west, east = _edge((column, row), (column, row + 1)), _edge((column + 1, row), (column + 1, row + 1))
    ring = [*south, *east[1:], *north[::-1][1:], *west[::-1][1:]]
    return [_beside_river(point, 1 if row >= RIVER_LINE else -1) for point in ring]


def _edge(start: tuple[int, int], end: tuple[int, int]) -> Ring:
    """Return the broken line between two grid points; the coast is the roughest."""
    coast = start[0] == end[0] == 0
    return _break([_corner(*start), _corner(*end)], sway=3.4 if coast else 1.4, name=f"{start}{end}")


def _beside_river(point: Point, side: int) -> Point:
    """Return a point pushed away from the estuary, less the farther it lies (side 1 = north bank, -1 = south bank)."""
    x, y = point
    width = MOUTH_KM * (1 - x / (RIVER_END * CELL_KM))
    near = 1 - side * (y - RIVER_LINE * CELL_KM) / REACH_KM
    return (x, round(y + side * width * min(max(near, 0.0), 1.0), 3)) if width > 0.05 else point


def _corner(column: int, row: int) -> Point:
    """Return a grid point, moved a little."""
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
    middle = (
        round((x0 + x1) / 2 - (y1 - y0) / length * shift, 3),
        round((y0 + y1) / 2 + (x1 - x0) / length * shift, 3),
    )
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

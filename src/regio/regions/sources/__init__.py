"""Adapters for registers, areas, borders, postcodes and population. Other people's column names stop here.

`READERS` lists every dataset; `finish` settles what needs several files.
"""

from . import areas, borders, coordinates, locations, municipalities, population, postcodes, registers

READERS = [
    *areas.READERS,
    *registers.READERS,
    *postcodes.READERS,
    *coordinates.READERS,
    *population.READERS,
    *borders.READERS,
]


def finish() -> None:
    """Settle what needs several files: municipalities of old codes, boards of closed locations."""
    municipalities.settle()
    locations.settle_boards()

"""Adapters for registers, areas, borders, postcodes and population. Other people's column names stop here.

`READERS` lists every dataset; `finish` settles what needs several files.
"""

from . import areas, borders, coordinates, population, postcodes, registers
from .municipalities import settle as finish

READERS = [
    *areas.READERS,
    *registers.READERS,
    *postcodes.READERS,
    *coordinates.READERS,
    *population.READERS,
    *borders.READERS,
]

__all__ = ["READERS", "finish"]

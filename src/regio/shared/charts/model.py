"""What a chart is: a series of counts and expectations, and the ways in which it can be drawn."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """One year of a series: mean and 80 % band; equal ends for a count."""

    year: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Chart:
    """A series with its last count, ready to draw wide, narrow or small."""

    key: str  # unique on a page: prefix of the ids in the SVG
    title: str
    description: str
    points: tuple[Point, ...]
    last_count_year: int
    label: str = ""  # heading above a small chart
    decimals: int = 0


@dataclass(frozen=True)
class Variant:
    """One way to draw a chart: its size and text size [px]."""

    name: str
    width: int
    height: int
    size: int = 14
    has_axes: bool = True


WIDE = Variant("wide", 760, 340)
NARROW = Variant("narrow", 300, 260, 13)
SMALL = Variant("small", 260, 130, has_axes=False)
VARIANTS = {variant.name: variant for variant in (WIDE, NARROW, SMALL)}

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


@dataclass(frozen=True)
class Line:
    """One named line of several: its points, the token that colours it, and the token of its band."""

    name: str
    colour: str
    points: tuple[Point, ...]
    band: str = "line"


@dataclass(frozen=True)
class Lines:
    """Two or three lines in one drawing, each named at its end; the last count marked."""

    key: str
    title: str
    description: str
    lines: tuple[Line, ...]
    last_count_year: int
    label: str = ""


@dataclass(frozen=True)
class Step:
    """One row of a waterfall: what it adds, or, for a total, where the sum stands."""

    name: str
    value: float
    is_total: bool = False
    short: str = ""  # fits a phone


@dataclass(frozen=True)
class Waterfall:
    """How a number became another: totals at both ends, what adds and takes in between; names differ from each other."""

    key: str
    title: str
    description: str
    steps: tuple[Step, ...]
    label: str = ""
    decimals: int | None = None  # None: as fte are written
    colours: tuple[str, str] = ("shortage-4", "surplus-3")  # of what adds and of what takes
    total_is_change: bool = False  # the total is a difference, so it is written with its sign


@dataclass(frozen=True)
class Part:
    """One part of stacked columns: a value per column, below nothing where it is negative; `short` fits a phone."""

    name: str
    colour: str
    values: tuple[float, ...]
    short: str = ""


@dataclass(frozen=True)
class Stacked:
    """Columns of parts that add up, named beside the last column; a whisker is the band of the total."""

    key: str
    title: str
    description: str
    columns: tuple[str, ...]
    parts: tuple[Part, ...]
    band: tuple[tuple[float, float], ...] = ()
    label: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class Ladder:
    """Bars per age group, one panel per year; the first panel comes back as a mark in the others."""

    key: str
    title: str
    description: str
    groups: tuple[str, ...]  # from the bottom up
    panels: tuple[tuple[str, tuple[float, ...]], ...]
    label: str = ""


Drawable = Chart | Lines | Waterfall | Stacked | Ladder

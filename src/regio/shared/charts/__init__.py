"""Charts: one Vega-Lite specification per chart gives the drawing for the page, for a phone and for a download."""

from .drawable import spec_of
from .heat import heat_svg
from .model import (
    NARROW,
    SMALL,
    VARIANTS,
    WIDE,
    Chart,
    Drawable,
    Ladder,
    Line,
    Lines,
    Part,
    Point,
    Stacked,
    Step,
    Variant,
    Waterfall,
)  # fmt: skip
from .specs import value_domain
from .svg import LIGHT, download_svg, drawing, drawing_of_sheet

__all__ = [
    "LIGHT", "NARROW", "SMALL", "VARIANTS", "WIDE", "Chart", "Drawable", "Ladder", "Line", "Lines", "Part", "Point", "Stacked",
    "Step", "Variant", "Waterfall", "download_svg", "drawing", "drawing_of_sheet", "heat_svg", "spec_of", "value_domain",
]  # fmt: skip

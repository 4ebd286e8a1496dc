"""Charts: one Vega-Lite specification per chart gives the drawing for the page, for a phone and for a download."""

from .heat import heat_svg
from .model import NARROW, SMALL, VARIANTS, WIDE, Chart, Point, Variant
from .specs import spec_of, value_domain
from .svg import LIGHT, download_svg, drawing, drawing_of_sheet

__all__ = [
    "LIGHT", "NARROW", "SMALL", "VARIANTS", "WIDE", "Chart", "Point", "Variant", "download_svg", "drawing", "drawing_of_sheet", "heat_svg",
    "spec_of", "value_domain",
]  # fmt: skip

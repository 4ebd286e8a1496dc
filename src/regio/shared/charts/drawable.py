"""Which specification belongs to which kind of drawing."""

from typing import Any

from .ladder import ladder_spec
from .lines import lines_spec
from .model import Chart, Drawable, Ladder, Lines, Stacked, Variant
from .specs import chart_spec
from .stacked import stacked_spec
from .waterfall import waterfall_spec


def spec_of(chart: Drawable, variant: Variant) -> dict[str, Any]:
    """Return the Vega-Lite specification of a drawing in one variant."""
    if isinstance(chart, Chart):
        return chart_spec(chart, variant)
    if isinstance(chart, Lines):
        return lines_spec(chart, variant)
    if isinstance(chart, Stacked):
        return stacked_spec(chart, variant)
    return ladder_spec(chart, variant) if isinstance(chart, Ladder) else waterfall_spec(chart, variant)

"""A heat table as a drawing for download: a rectangle per cell, with its number and its change in words.

On the page the table itself is the drawing; this is for a slide or a report, so it has light colours only.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from .specs import FONT, axis_config
from .svg import in_light_colours, svg

ROW_PX, COLUMN_PX, NAME_PX = 24, 112, 270
HeatCell = tuple[str, str]  # text, tone


def heat_svg(*, title: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[HeatCell]]]) -> str:
    """Return a drawing of named rows of cells, each a text on the colour of its tone."""
    drawn = svg(_heat_spec(columns, rows)).replace(
        "<svg ", f'<svg role="img" aria-label="{escape(title)}" font-family="{FONT}, sans-serif" ', 1
    )
    return in_light_colours(drawn)


def _heat_spec(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[HeatCell]]]) -> dict[str, Any]:
    two_lines = [column.replace("band ", "band|") for column in columns]
    values = [
        {
            "row": name,
            "column": column,
            "text": text,
            "fill": f"var(--{tone.split()[0]})" if tone.startswith(("more-", "less-", "shortage-")) else "var(--paper)",
        }
        for name, cells in rows
        for column, (text, tone) in zip(two_lines, cells, strict=True)
    ]
    x = {
        "field": "column",
        "type": "ordinal",
        "sort": None,
        "axis": {"orient": "top", "labelAngle": 0, "labelPadding": 20, "labelExpr": "split(datum.label, '|')"},
    }
    y = {
        "field": "row",
        "type": "nominal",
        "sort": None,
        "axis": {"labelLimit": NAME_PX - 20, "labelColor": "var(--ink)"},
    }
    rect = {
        "mark": {"type": "rect", "stroke": "var(--line)"},
        "encoding": {"color": {"field": "fill", "type": "nominal", "scale": None}},
    }
    text = {"mark": {"type": "text", "fill": "var(--ink)", "fontSize": 13}, "encoding": {"text": {"field": "text"}}}
    return {
        "width": COLUMN_PX * len(columns), "height": ROW_PX * len(rows), "autosize": "none",
        "padding": {"left": NAME_PX, "right": 8, "top": 48, "bottom": 8},
        "data": {"values": values}, "encoding": {"x": x | {"title": None}, "y": y | {"title": None}}, "layer": [rect, text],
        "config": {"aria": False, "font": FONT, "view": {"stroke": None}, "axis": axis_config(13) | {"domain": False, "ticks": False}},
    }  # fmt: skip

"""The specification of an age ladder: a bar per age group, a panel per year; the first year comes back as a mark.

All panels stand in one view, each moved to the right, so that their bars have one scale.
"""

from typing import Any

from ..formatting import number
from .model import Ladder, Variant
from .specs import FONT, axis_config

ROW_PX, GAP_PX, TITLE_PX = 26, 14, 32
Row = dict[str, Any]


def ladder_spec(chart: Ladder, variant: Variant) -> dict[str, Any]:
    """Return the Vega-Lite specification of the panels side by side [px]."""
    size = variant.size
    left = int(max(map(len, chart.groups)) * size * 0.5) + 14
    each = (variant.width - left) / len(chart.panels)
    rows = _rows(chart, each=each, size=size)
    y: Row = {"field": "group", "type": "ordinal", "sort": None, "scale": {"paddingInner": 0.24}}
    y["axis"] = {"title": None, "domain": False, "ticks": False, "labelPadding": 8, "labelColor": "var(--ink)", "labelFontSize": size}  # fmt: skip
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, variant.width - left], "nice": False}}
    return {
        "width": variant.width - left, "height": ROW_PX * len(chart.groups), "background": None, "autosize": "none",
        "padding": {"left": left, "right": 0, "top": TITLE_PX, "bottom": 4}, "data": {"values": rows},
        "config": {"aria": False, "font": FONT, "view": {"stroke": None}, "axis": axis_config(size)},
        "layer": [
            {"mark": {"type": "bar", "color": "var(--forecast)"}, "encoding": {"y": y, "x": x | {"field": "start"}, "x2": {"field": "end"}}},
            {"mark": {"type": "tick", "color": "var(--ink)", "thickness": 2.5, "bandSize": ROW_PX}, "encoding": {"y": y, "x": x | {"field": "first"}}},
            {"mark": _text(size - 1), "encoding": {"y": y, "x": x | {"field": "edge"}, "text": {"field": "label", "type": "nominal"}}},
            *_titles(chart, x, each=each, size=size),
        ],
    }  # fmt: skip


def _rows(chart: Ladder, *, each: float, size: int) -> list[Row]:
    most = max((value for _, values in chart.panels for value in values), default=0.0) or 1.0
    per_person = (each - GAP_PX - len(number(most)) * size * 0.62 - 6) / most
    rows: list[Row] = []
    for index, (_, values) in enumerate(chart.panels):
        at = index * each
        for group, value, was in reversed(list(zip(chart.groups, values, chart.panels[0][1], strict=True))):
            end, first = at + value * per_person, at + was * per_person
            mark = {"first": round(first, 1)} if index else {}
            rows.append({"group": group, "start": round(at, 1), "end": round(end, 1), "edge": round(max(end, first), 1), "label": number(value)} | mark)  # fmt: skip
    return rows


def _text(size: int) -> Row:
    return {"type": "text", "align": "left", "baseline": "middle", "dx": 5, "fontSize": size, "fill": "var(--ink)"}


def _titles(chart: Ladder, x: Row, *, each: float, size: int) -> list[Row]:
    look = {"type": "text", "align": "left", "baseline": "bottom", "y": -8, "fontSize": size + 1, "fontWeight": 700, "fill": "var(--ink)"}  # fmt: skip
    return [
        {"data": {"values": [{"at": round(index * each, 1)}]}, "mark": look | {"text": title}, "encoding": {"x": x | {"field": "at"}}}
        for index, (title, _) in enumerate(chart.panels)
    ]  # fmt: skip

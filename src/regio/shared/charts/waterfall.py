"""The specification of a waterfall: a row per step, from one total to the next; what adds is brick, what takes is blue-green."""

from itertools import pairwise
from typing import Any

from ..formatting import fte, number, signed, signed_fte
from .model import Step, Variant, Waterfall
from .specs import FONT, axis_config

ROW_PX = 34
TOTAL = "var(--ink)"


def waterfall_spec(chart: Waterfall, variant: Variant) -> dict[str, Any]:
    """Return the Vega-Lite specification of a waterfall; its height follows its steps [px]."""
    rows = _rows(chart, is_narrow=variant.name == "narrow")
    size = variant.size
    left = int(min(max(len(row["name"]) for row in rows) * size * 0.5 + 14, variant.width * 0.46))
    right = int(max(len(row["label"]) for row in rows) * size * 0.6) + 12
    edges = [0.0, *(row["low"] for row in rows), *(row["high"] for row in rows)]
    y: dict[str, Any] = {
        "field": "name",
        "type": "ordinal",
        "sort": None,
        "scale": {"paddingInner": 0.3, "paddingOuter": 0.1},
    }
    y["axis"] = {
        "title": None, "domain": False, "ticks": False, "labelColor": "var(--ink)", "labelFontSize": size, "labelLimit": left - 10,
        "labelPadding": 8, "labelFontWeight": {"condition": {"test": _is_total_test(rows), "value": 700}, "value": 400},
    }  # fmt: skip
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [min(edges), max(edges)], "nice": False}}
    return {
        "width": variant.width - left - right, "height": ROW_PX * len(rows), "autosize": "none", "background": None,
        "padding": {"left": left, "right": right, "top": 4, "bottom": 4},
        "config": {"aria": False, "font": FONT, "view": {"stroke": None}, "axis": axis_config(size)},
        "layer": [_connectors(rows, x, y), _bars(rows, x, y), _values(rows, x, y, size)],
    }  # fmt: skip


def _is_total_test(rows: list[dict[str, Any]]) -> str:
    return " || ".join(f"datum.value === {row['name']!r}" for row in rows if row["fill"] == TOTAL) or "false"


def _label(step: Step, chart: Waterfall) -> str:
    is_level = step.is_total and not chart.total_is_change
    if chart.decimals is None:
        return fte(step.value) if is_level else signed_fte(step.value)
    return number(step.value, chart.decimals) if is_level else signed(step.value, chart.decimals)


def _name(step: Step, is_narrow: bool) -> str:
    return step.short or step.name if is_narrow else step.name


def _rows(chart: Waterfall, *, is_narrow: bool) -> list[dict[str, Any]]:
    at, rows = 0.0, []
    for step in chart.steps:
        start, end = (0.0, step.value) if step.is_total else (at, at + step.value)
        colour = TOTAL if step.is_total else f"var(--{chart.colours[step.value <= 0]})"
        rows.append({
            "name": _name(step, is_narrow), "low": round(min(start, end), 3), "high": round(max(start, end), 3), "end": round(end, 3),
            "fill": colour, "label": _label(step, chart),
        })  # fmt: skip
        at = end
    return rows


def _connectors(rows: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    values = [{"name": above["name"], "next": below["name"], "end": above["end"]} for above, below in pairwise(rows)]
    return {
        "data": {"values": values},
        "mark": {"type": "rule", "stroke": "var(--line-strong)"},
        "encoding": {
            "x": x | {"field": "end"}, "y": y | {"bandPosition": 0.5}, "y2": {"field": "next", "bandPosition": 0.5}
        },
    }  # fmt: skip


def _bars(rows: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": rows},
        "mark": {"type": "bar"},
        "encoding": {
            "y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}, "color": {"field": "fill", "type": "nominal", "scale": None}
        },
    }  # fmt: skip


def _values(rows: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any], size: int) -> dict[str, Any]:
    mark = {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "fontSize": size, "fill": "var(--ink)"}
    return {
        "data": {"values": rows},
        "mark": mark,
        "encoding": {"y": y, "x": x | {"field": "high"}, "text": {"field": "label", "type": "nominal"}},
    }

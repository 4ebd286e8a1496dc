"""The specification of stacked columns: parts that add up, named beside the last column instead of in a legend."""

from collections.abc import Sequence
from typing import Any

from ..formatting import number
from .model import Part, Stacked, Variant
from .specs import frame

Layer = dict[str, Any]


def stacked_spec(chart: Stacked, variant: Variant) -> dict[str, Any]:
    """Return the Vega-Lite specification of stacked columns [px]; a whisker shows the band of the total."""
    size = variant.size
    rows = _rows(chart)
    ends = [edge for row in rows for edge in (row["low"], row["high"])]
    ends += [edge for band in chart.band for edge in band]
    low, high = min(0.0, *ends), max(0.0, *ends) * 1.03 or 1.0
    left = int(max(len(number(low, chart.decimals)), len(number(high, chart.decimals))) * size * 0.52) + 14
    right = int(max(len(_name(part, variant)) for part in chart.parts) * size * 0.52) + 12
    x = {"field": "column", "type": "ordinal", "sort": None, "scale": {"paddingInner": 0.28, "paddingOuter": 0.1}}
    x["axis"] = _column_axis(chart, variant.width - left - right, size)
    y = {
        "type": "quantitative", "scale": {"domain": [low, high], "nice": False},
        "axis": {"title": None, "tickCount": 4, "domain": False, "ticks": False, "labelPadding": 8, "format": _format(chart)},
    }  # fmt: skip
    layers: list[Layer] = [_bars(rows, x, y)]
    if chart.band:
        layers.append(_whiskers(chart, x, y))
    layers.append({"data": {"values": [{"zero": 0}]}, "mark": {"type": "rule", "stroke": "var(--line-strong)"}, "encoding": {"y": y | {"field": "zero"}}})  # fmt: skip
    layers += _labels(chart, rows, y, variant=variant, per_px=(high - low) / (variant.height - 2 * size - 24))
    return frame(width=variant.width, height=variant.height, size=size, right=right, left=left) | {"layer": layers}


def pushed_apart(places: Sequence[float], gap: float) -> list[float]:
    """Return the places in their own order, moved so that none is nearer than `gap` to the next."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = [places[i] for i in order]
    for _ in range(len(moved)):
        for i in range(1, len(moved)):
            lacking = gap - (moved[i] - moved[i - 1])
            if lacking > 1e-9:
                moved[i - 1] -= lacking / 2
                moved[i] += lacking / 2
    back = dict(zip(order, moved, strict=True))
    return [back[i] for i in range(len(places))]


def _format(chart: Stacked) -> str:
    return ",d" if chart.decimals == 0 else f",.{chart.decimals}f"


def _name(part: Part, variant: Variant) -> str:
    return part.short or part.name if variant.name == "narrow" else part.name


def _column_axis(chart: Stacked, plot_width: int, size: int) -> dict[str, Any]:
    longest = max(map(len, chart.columns)) * size * 0.55 + 6
    step = next((step for step in (1, 2, 3) if len(chart.columns) / step * longest <= plot_width), 4)
    shown = list(chart.columns[::-1][::step])
    return {"values": shown, "title": None, "labelAngle": 0, "ticks": False, "domain": False, "labelPadding": 6}


def _rows(chart: Stacked) -> list[dict[str, Any]]:
    """Return one rectangle per part and column; what is below nothing stacks downward."""
    rows = []
    for index, column in enumerate(chart.columns):
        up = down = 0.0
        for part in chart.parts:
            value = part.values[index]
            start = up if value >= 0 else down
            up, down = (up + value, down) if value >= 0 else (up, down + value)
            low, high = sorted((start, start + value))
            rows.append({"column": column, "low": round(low, 3), "high": round(high, 3), "fill": f"var(--{part.colour})", "part": part.name})  # fmt: skip
    return rows


def _bars(rows: list[dict[str, Any]], x: Layer, y: Layer) -> Layer:
    return {
        "data": {"values": rows},
        "mark": {"type": "bar", "stroke": "var(--line-strong)", "strokeWidth": 0.75},  # also the palest part has an edge
        "encoding": {
            "x": x, "y": y | {"field": "low"}, "y2": {"field": "high"},
            "color": {"field": "fill", "type": "nominal", "scale": None},
        },
    }  # fmt: skip


def _whiskers(chart: Stacked, x: Layer, y: Layer) -> Layer:
    values = [
        {"column": column, "low": round(low, 2), "high": round(high, 2)}
        for column, (low, high) in zip(chart.columns, chart.band, strict=True)
        if low != high
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "rule", "stroke": "var(--ink)", "strokeWidth": 1.5},
        "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
    }


def _labels(
    chart: Stacked, rows: list[dict[str, Any]], y: Layer, *, variant: Variant, per_px: float
) -> list[dict[str, Any]]:
    """Name each part beside its place in the last column."""
    last = {row["part"]: (row["low"] + row["high"]) / 2 for row in rows if row["column"] == chart.columns[-1]}
    places = pushed_apart([last[part.name] for part in chart.parts], variant.size * 1.25 * per_px)
    plot = {"x": {"value": "width"}}
    return [
        {
            "data": {"values": [{"place": round(place, 3)}]},
            "mark": {
                "type": "text", "align": "left", "baseline": "middle", "dx": 6, "fontSize": variant.size,
                "fill": "var(--ink)", "text": _name(part, variant),
            },
            "encoding": plot | {"y": y | {"field": "place", "scale": y["scale"] | {"clamp": False}}},
        }
        for part, place in zip(chart.parts, places, strict=True)
    ]  # fmt: skip

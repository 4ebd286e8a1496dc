"""The specification of a drawing with two or three named lines: history solid, expectation dashed, bands tinted."""

from typing import Any

from ..formatting import number
from .model import Line, Lines, Point, Variant
from .specs import frame, value_domain, year_axis
from .stacked import pushed_apart

Layer = dict[str, Any]


def lines_spec(chart: Lines, variant: Variant) -> dict[str, Any]:
    """Return the Vega-Lite specification of the lines, each with its name and last value at its end [px]."""
    size = variant.size
    points = tuple(point for line in chart.lines for point in line.points)
    years = sorted({point.year for point in points})
    low, high = value_domain(points)
    left = int(len(number(high)) * size * 0.52) + 14
    right = int(max(len(label) for line in chart.lines for label in _end_words(line)) * size * 0.54) + 14
    x = {
        "field": "year", "type": "quantitative", "scale": {"domain": [years[0], years[-1]], "nice": False},
        "axis": year_axis(years, variant.width - left - right, size),
    }  # fmt: skip
    y = {
        "type": "quantitative", "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {"format": ",d", "title": None, "tickCount": 4, "domain": False, "ticks": False, "labelPadding": 8},
    }  # fmt: skip
    layers = [_band(chart, line, x, y) for line in chart.lines]
    layers.append(_last_count(chart, x, size))
    layers += [layer for line in chart.lines for layer in _strokes(chart, line, x, y)]
    layers += _labels(chart, x, y, size=size, per_px=(high - low) / (variant.height - 2 * size - 24))
    return frame(width=variant.width, height=variant.height, size=size, right=right, left=left) | {"layer": layers}


def _values(points: tuple[Point, ...]) -> dict[str, Any]:
    return {
        "values": [
            {"year": p.year, "mean": round(p.mean, 2), "low": round(p.low, 2), "high": round(p.high, 2)} for p in points
        ]
    }


def _ahead(chart: Lines, line: Line) -> tuple[Point, ...]:
    return tuple(point for point in line.points if point.year >= chart.last_count_year)


def _band(chart: Lines, line: Line, x: Layer, y: Layer) -> Layer:
    return {
        "data": _values(_ahead(chart, line)),
        "mark": {"type": "area", "color": f"var(--{line.band})", "fillOpacity": 0.75},
        "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
    }


def _last_count(chart: Lines, x: Layer, size: int) -> Layer:
    rule = {"mark": {"type": "rule", "stroke": "var(--line-strong)", "strokeDash": [2, 3]}}
    text = {
        "type": "text", "y": -6, "baseline": "bottom", "align": "left", "fill": "var(--ink-soft)", "fontSize": size - 1,
        "text": f"laatste telling, {chart.last_count_year}",
    }  # fmt: skip
    year = {"values": [{"year": chart.last_count_year}]}
    return {"data": year, "encoding": {"x": x}, "layer": [rule, {"mark": text}]}


def _strokes(chart: Lines, line: Line, x: Layer, y: Layer) -> list[Layer]:
    past = tuple(point for point in line.points if point.year <= chart.last_count_year)
    look = {"type": "line", "stroke": f"var(--{line.colour})", "strokeWidth": 2.5, "strokeJoin": "round"}
    encoding = {"x": x, "y": y | {"field": "mean"}}
    dot = {"type": "point", "filled": True, "fill": f"var(--{line.colour})", "size": 60, "opacity": 1}
    return [
        {"data": _values(past), "mark": look, "encoding": encoding},
        {"data": _values(_ahead(chart, line)), "mark": look | {"strokeDash": [6, 4]}, "encoding": encoding},
        {"data": _values(past[-1:]), "mark": dot, "encoding": encoding},
    ]


def _end_words(line: Line) -> tuple[str, str]:
    return line.name, number(line.points[-1].mean)


def _labels(chart: Lines, x: Layer, y: Layer, *, size: int, per_px: float) -> list[Layer]:
    """Name each line at its end, name above value, pushed apart where two ends are close."""
    gap = 2.4 * size * per_px
    heights = pushed_apart([line.points[-1].mean for line in chart.lines], gap)
    return [
        {
            "data": _values((Point(line.points[-1].year, height, height, height),)),
            "mark": {
                "type": "text", "align": "left", "baseline": "middle", "dx": 8, "lineHeight": size + 3, "fontSize": size,
                "fontWeight": 700, "fill": f"var(--{line.colour})", "text": list(_end_words(line)), "dy": -size / 2,
            },
            "encoding": {"x": x, "y": y | {"field": "mean"}},
        }
        for line, height in zip(chart.lines, heights, strict=True)
    ]  # fmt: skip

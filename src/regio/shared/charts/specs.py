"""The Vega-Lite specification of a chart: history solid, expectation dashed, band tinted, last count marked.

Labels stand at the end of the line instead of in a legend. Colours are the variables of tokens.css.
"""

from typing import Any

from ..formatting import number
from .model import Chart, Point, Variant

FONT = "Source Sans Pro"


def chart_spec(chart: Chart, variant: Variant) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart in one variant."""
    if not variant.has_axes:
        return small_spec(chart, width=variant.width, height=variant.height)
    return forecast_spec(chart, width=variant.width, height=variant.height, size=variant.size)


def forecast_spec(chart: Chart, *, width: int, height: int, size: int = 14) -> dict[str, Any]:
    """Return the Vega-Lite specification of history, forecast and band [px]; `size` is the text size."""
    years = [point.year for point in chart.points]
    x = {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": [years[0], years[-1]], "nice": False},
        "axis": year_axis(years, width - _axis_room(chart, size) - _label_room(chart, size), size),
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": list(value_domain(chart.points)), "nice": False, "zero": False},
        "axis": _value_axis(chart, height),
    }
    layers = [_band(chart, x, y), _last_count_rule(chart, x, size)]
    layers += [
        *_lines(chart, x, y),
        _count_marks(chart, x, y),
        _last_count_mark(chart, x, y),
        *_end_labels(chart, x, y, size=size, height=height - 2 * size - 24),
    ]
    room = _label_room(chart, size)
    return frame(width=width, height=height, size=size, right=room, left=_axis_room(chart, size)) | {"layer": layers}


def small_spec(chart: Chart, *, width: int, height: int) -> dict[str, Any]:
    """Return the specification of a small chart: the same grammar without axes but the years [px]."""
    years = [point.year for point in chart.points]
    ends = {
        "values": sorted({years[0], max(chart.last_count_year, years[0]), years[-1]}),
        "format": "d",
        "title": None,
        "grid": False,
        "ticks": False,
        "domain": False,
        "labelPadding": 8,  # below the label of the band's low end
    }
    x = {
        "field": "year",
        "type": "quantitative",
        "scale": {"domain": [years[0], years[-1]], "nice": False},
        "axis": ends,
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": list(value_domain(chart.points)), "nice": False, "zero": False},
        "axis": None,
    }
    layers = [
        _band(chart, x, y),
        *_lines(chart, x, y),
        _count_marks(chart, x, y),
        _last_count_mark(chart, x, y),
        *_end_labels(chart, x, y, size=14, height=height - 52),
    ]
    return frame(width=width, height=height, size=14, right=_label_room(chart, 14), left=16) | {"layer": layers}


def value_domain(points: tuple[Point, ...]) -> tuple[float, float]:
    """Return the ends of the value axis: all points and bands, at least a quarter of the largest value high.

    A smaller span would make a change of one percent look like a cliff.
    """
    low, high = min(p.low for p in points), max(p.high for p in points)
    room = max((0.25 * high - (high - low)) / 2, 0.04 * (high - low), 0.5)
    return max(0.0, low - room), high + room


def frame(*, width: int, height: int, size: int, right: int, left: int) -> dict[str, Any]:
    """Return the paper of a drawing: its size, the room around the plot, and the look of its axes [px]."""
    bottom, top = size + 14, size + 10
    return {
        "width": width - left - right,
        "height": height - top - bottom,
        "autosize": "none",
        "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
        "background": None,
        "config": {
            "aria": False,
            "font": FONT,
            "view": {"stroke": None},
            "axis": axis_config(size),
        },
    }


def axis_config(size: int) -> dict[str, Any]:
    """Return the look of every axis; `size` is the text size [px]."""
    return {
        "labelColor": "var(--ink-soft)", "labelFontSize": size, "gridColor": "var(--line)", "labelFlush": False,
        "domainColor": "var(--line-strong)", "tickColor": "var(--line-strong)",
    }  # fmt: skip


def year_axis(years: list[int], plot_width: int, size: int) -> dict[str, Any]:
    """Return an axis of years with as many labels as fit, the last always among them [px]."""
    wide_label = size * 2.1 + 10
    step = next((step for step in (1, 2, 3, 4) if len(years) / step * wide_label <= plot_width), 5)
    return {
        "values": list(range(years[-1], years[0] - 1, -step)),
        "format": "d",
        "title": None,
        "grid": False,
        "tickSize": 4,
        "labelPadding": 5,
    }


def _value_axis(chart: Chart, height: int) -> dict[str, Any]:
    return {
        "format": ",d" if chart.decimals == 0 else f",.{chart.decimals}f",
        "title": None,
        "tickCount": 5 if height > 250 else 4,
        "domain": False,
        "ticks": False,
        "labelPadding": 8,
    }


def _axis_room(chart: Chart, size: int) -> int:
    longest = len(f"{max(p.high for p in chart.points):,.{chart.decimals}f}")
    return int(longest * size * 0.52) + 14


def _label_room(chart: Chart, size: int) -> int:
    return int(len(_short(chart.points[-1].high, chart)) * size * 0.6) + 14


def _short(value: float, chart: Chart) -> str:
    return number(value, chart.decimals)


def _values(points: list[Point]) -> dict[str, Any]:
    return {
        "values": [
            {"year": p.year, "mean": round(p.mean, 2), "low": round(p.low, 2), "high": round(p.high, 2)} for p in points
        ]
    }


def _ahead(chart: Chart) -> list[Point]:
    return [point for point in chart.points if point.year >= chart.last_count_year]


def _last_count(chart: Chart) -> list[Point]:
    """The last count, or nothing for what was never counted."""
    return [point for point in chart.points if point.year == chart.last_count_year]


def _band(chart: Chart, x: dict, y: dict) -> dict[str, Any]:
    return {
        "data": _values(_ahead(chart)),
        "mark": {"type": "area", "color": "var(--band)"},  # straight: a curve bulges where there is no number
        "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
    }


def _lines(chart: Chart, x: dict, y: dict) -> list[dict[str, Any]]:
    past = [point for point in chart.points if point.year <= chart.last_count_year]
    solid = {"type": "line", "stroke": "var(--history)", "strokeWidth": 2.5, "strokeJoin": "round"}
    dashed = {"type": "line", "stroke": "var(--forecast)", "strokeWidth": 2.5, "strokeDash": [6, 4]}
    encoding = {"x": x, "y": y | {"field": "mean"}}
    return [
        {"data": _values(points), "mark": mark, "encoding": encoding}
        for points, mark in ((past, solid), (_ahead(chart), dashed))
    ]


def _count_marks(chart: Chart, x: dict, y: dict) -> dict[str, Any]:
    """A dot per counted year: between two dots nobody counted."""
    past = [point for point in chart.points if point.year < chart.last_count_year]
    mark = {"type": "point", "filled": True, "fill": "var(--history)", "size": 26, "opacity": 1}
    return {"data": _values(past), "mark": mark, "encoding": {"x": x, "y": y | {"field": "mean"}}}


def _last_count_mark(chart: Chart, x: dict, y: dict) -> dict[str, Any]:
    mark = {
        "type": "point",
        "filled": True,
        "fill": "var(--history)",
        "stroke": "var(--paper)",
        "strokeWidth": 2,
        "size": 80,
        "opacity": 1,
    }
    return {"data": _values(_last_count(chart)), "mark": mark, "encoding": {"x": x, "y": y | {"field": "mean"}}}


def _last_count_rule(chart: Chart, x: dict, size: int) -> dict[str, Any]:
    rule = {"mark": {"type": "rule", "stroke": "var(--line-strong)", "strokeDash": [2, 3]}}
    text = {
        "type": "text",
        "y": -6,
        "baseline": "bottom",
        "align": "center",
        "fill": "var(--ink-soft)",
        "fontSize": size - 1,
        "text": "laatste telling",
    }
    return {"data": _values(_last_count(chart)), "encoding": {"x": x}, "layer": [rule, {"mark": text}]}


def _end_labels(chart: Chart, x: dict, y: dict, *, size: int, height: int) -> list[dict[str, Any]]:
    """Label the last mean, and both ends of its band where the three do not touch."""
    last = chart.points[-1]
    soft = {"fill": "var(--ink-soft)", "fontWeight": 400, "fontSize": size - 1}
    labels = [(last.mean, {"fill": "var(--forecast)", "fontWeight": 700, "fontSize": size + 2})]
    if _has_room(chart, domain=y["scale"]["domain"], height=height, size=size):
        labels += [(last.low, soft), (last.high, soft)]
    return [
        {
            "data": _values([Point(last.year, value, value, value)]),
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "text": _short(value, chart)}
            | look,
            "encoding": {"x": x, "y": y | {"field": "mean"}},
        }
        for value, look in labels
    ]


def _has_room(chart: Chart, *, domain: list[float], height: int, size: int) -> bool:
    last, span = chart.points[-1], domain[1] - domain[0]
    gap = min(last.high - last.mean, last.mean - last.low) / span
    return gap * height > size * 1.15

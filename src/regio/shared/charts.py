"""Charts: one Vega-Lite specification per chart, drawn to SVG in-process and kept on disk by the hash of its text.

Colours are CSS variables, so one SVG serves light and dark; a download gets the light values instead. The renderer is
imported at first need only: a worker draws the charts of a run when it ends, a web process draws what is still missing.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings

RENDERING = "4"  # part of every cache key: raise it when the cleaning below changes
DUTCH_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€\u00a0", ""], "minus": "\u2212"}
FONT = "Source Sans Pro"

# What the variables of tokens.css are in a drawing that stands alone; a test holds the two together.
LIGHT = {
    "--paper": "#ffffff",
    "--ink": "#15222b",
    "--ink-soft": "#4a5963",
    "--line": "#d9dcd8",
    "--line-strong": "#77838a",
    "--history": "#15222b",
    "--forecast": "#00566b",
    "--band": "#cfe0e4",
}


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


def drawing(chart: Chart, variant: Variant) -> str:
    """Return the drawing of a chart for in a page."""
    return inline_svg(chart, spec_of(chart, variant), variant=variant.name)


def spec_of(chart: Chart, variant: Variant) -> dict[str, Any]:
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
        "axis": _year_axis(years, width),
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": list(value_domain(chart.points)), "nice": False, "zero": False},
        "axis": _value_axis(chart, height),
    }
    layers = [_band(chart, x, y), _last_count_rule(chart, x, size)]
    layers += [
        *_lines(chart, x, y),
        _last_count_mark(chart, x, y),
        *_end_labels(chart, x, y, size=size, height=height - 2 * size - 24),
    ]
    room = _label_room(chart, size)
    return _frame(width=width, height=height, size=size, right=room, left=_axis_room(chart, size)) | {"layer": layers}


def small_spec(chart: Chart, *, width: int, height: int) -> dict[str, Any]:
    """Return the specification of a small chart: the same grammar without axes but the years [px]."""
    years = [point.year for point in chart.points]
    ends = {
        "values": [years[0], chart.last_count_year, years[-1]],
        "format": "d",
        "title": None,
        "grid": False,
        "ticks": False,
        "domain": False,
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
        _last_count_mark(chart, x, y),
        *_end_labels(chart, x, y, size=14, height=height - 52),
    ]
    return _frame(width=width, height=height, size=14, right=_label_room(chart, 14), left=16) | {"layer": layers}


def value_domain(points: tuple[Point, ...]) -> tuple[float, float]:
    """Return the ends of the value axis: all points and bands, at least a quarter of the largest value high.

    A smaller span would make a change of one percent look like a cliff.
    """
    low, high = min(p.low for p in points), max(p.high for p in points)
    room = max((0.25 * high - (high - low)) / 2, 0.04 * (high - low), 0.5)
    return max(0.0, low - room), high + room


def svg(spec: dict[str, Any]) -> str:
    """Return the cleaned SVG of a specification, from the cache on disk where it was drawn before."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    name = hashlib.sha256(f"{RENDERING}{text}".encode()).hexdigest()
    return _kept(settings.HOME / "charts" / name[:2] / f"{name}.svg", text)


@lru_cache(maxsize=1024)
def _kept(path: Path, text: str) -> str:
    if path.exists():
        return path.read_text(encoding="utf-8")
    drawing = _clean(_draw(text))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{id(drawing)}.tmp")
    fresh.write_text(drawing, encoding="utf-8")
    fresh.replace(path)
    return drawing


def _draw(text: str) -> str:
    import vl_convert  # heavy: 0.4 s and 70 MB at first use, so not at the top

    _teach_font()
    return vl_convert.vegalite_to_svg(text, format_locale=DUTCH_FORMAT)


@lru_cache(maxsize=1)
def _teach_font() -> None:
    import font_source_sans_pro
    import vl_convert

    vl_convert.register_font_directory(str(Path(font_source_sans_pro.__file__).parent / "files"))


NOISE = re.compile(
    r' (?:class|role|aria-[a-z]+|pointer-events|stroke-miterlimit|version|xmlns:xlink|opacity)="(?:[^"]*)"(?=[^>]*>)'
)
EMPTY = re.compile(r'<path d="(?:M0,0h[\d.-]+v[\d.-]+h-?[\d.]+Z)?"(?: (?:display|fill|stroke)="[^"]*")*/>')


def _clean(drawing: str) -> str:
    """Take out what a page may not or need not carry: English roles, classes, invisible shapes, inline styles."""
    drawing = NOISE.sub("", drawing)
    drawing = EMPTY.sub("", drawing)
    drawing = re.sub(r' style="[^"]*"', "", drawing)
    drawing = re.sub(r' font-family="[^"]*"', "", drawing)
    while (shorter := re.sub(r"<g(?: [^>]*)?></g>", "", drawing)) != drawing:
        drawing = shorter
    return drawing


def inline_svg(chart: Chart, spec: dict[str, Any], *, variant: str) -> str:
    """Return a drawing for in the page: named in Dutch, ids of its own, sized by the stylesheet."""
    start, _, rest = svg(spec).partition(">")
    box = re.search(r'viewBox="([^"]+)"', start)
    ids = f"{chart.key}-{variant}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing {variant}" viewBox="{box.group(1) if box else ""}"'
        f' role="img" aria-labelledby="{ids}-t {ids}-d"><title id="{ids}-t">{escape(chart.title)}</title>'
        f'<desc id="{ids}-d">{escape(chart.description)}</desc>{rest}'
    )


def download_svg(chart: Chart, spec: dict[str, Any]) -> str:
    """Return a drawing that stands alone: light colours and the font's name instead of variables."""
    drawing = inline_svg(chart, spec, variant="los").replace(
        ' class="drawing los"', f' font-family="{FONT}, sans-serif"'
    )
    for name, colour in LIGHT.items():
        drawing = drawing.replace(f"var({name})", colour)
    return drawing


def drawing_of_sheet(title: str, charts: list[Chart], variant: Variant, *, across: int = 3) -> str:
    """Return several charts as one drawing that stands alone, `across` in a row, each under its label."""
    tall = variant.height + 28
    placed = [
        f'<g transform="translate({(i % across) * variant.width},{(i // across) * tall})">'
        f'<text y="18" x="16" font-size="15" font-weight="700" fill="{LIGHT["--ink"]}" font-family="{FONT}, sans-serif">{escape(chart.label)}</text>'
        f'<g transform="translate(0,24)">{_sized(download_svg(chart, spec_of(chart, variant)), variant)}</g></g>'
        for i, chart in enumerate(charts)
    ]
    high = -(-len(charts) // across) * tall
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {variant.width * across} {high}" role="img" aria-label="{escape(title)}">'
        f"{''.join(placed)}</svg>"
    )


def _sized(drawn: str, variant: Variant) -> str:
    return drawn.replace("<svg ", f'<svg width="{variant.width}" height="{variant.height}" ', 1)


def _frame(*, width: int, height: int, size: int, right: int, left: int) -> dict[str, Any]:
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
            "axis": {
                "labelColor": "var(--ink-soft)",
                "labelFontSize": size,
                "gridColor": "var(--line)",
                "domainColor": "var(--line-strong)",
                "tickColor": "var(--line-strong)",
                "labelFlush": False,
            },
        },
    }


def _year_axis(years: list[int], width: int) -> dict[str, Any]:
    step = 1 if len(years) * 52 <= width else 2 if len(years) * 26 <= width else 4
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
    from .formatting import number

    return number(value, chart.decimals)


def _values(points: list[Point]) -> dict[str, Any]:
    return {
        "values": [
            {"year": p.year, "mean": round(p.mean, 2), "low": round(p.low, 2), "high": round(p.high, 2)} for p in points
        ]
    }


def _ahead(chart: Chart) -> list[Point]:
    return [point for point in chart.points if point.year >= chart.last_count_year]


def _band(chart: Chart, x: dict, y: dict) -> dict[str, Any]:
    return {
        "data": _values(_ahead(chart)),
        "mark": {"type": "area", "color": "var(--band)", "interpolate": "monotone"},
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
    return {"data": _values(_ahead(chart)[:1]), "mark": mark, "encoding": {"x": x, "y": y | {"field": "mean"}}}


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
    return {"data": _values(_ahead(chart)[:1]), "encoding": {"x": x}, "layer": [rule, {"mark": text}]}


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

"""Drawing: a specification becomes SVG in-process, is cleaned, and is kept on disk by the hash of its text.

One SVG serves light and dark, since its colours are CSS variables; a download gets the light values instead. The renderer
is imported at first need only: a worker draws the charts of a run when it ends, a web process what is still missing.
"""

import hashlib
import json
import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings

from .drawable import spec_of
from .model import Chart, Drawable, Variant
from .specs import FONT

RENDERING = "5"  # part of every cache key: raise it when the cleaning below changes
DUTCH_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€\u00a0", ""], "minus": "\u2212"}

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
    "--more-1": "#fbf3da",
    "--more-2": "#f3dd9b",
    "--more-3": "#e3b94e",
    "--less-1": "#e9eef3",
    "--less-2": "#c3d2e0",
    "--less-3": "#86a3bd",
    "--shortage-1": "#fdf0e3",
    "--shortage-2": "#f8d3ae",
    "--shortage-3": "#eda873",
    "--shortage-4": "#c9562b",
    "--surplus-1": "#e3f0f2",
    "--surplus-2": "#a9d0d8",
    "--surplus-3": "#4a97a6",
}
NOISE = re.compile(
    r' (?:class|role|aria-[a-z]+|pointer-events|stroke-miterlimit|version|xmlns:xlink|opacity)="(?:[^"]*)"(?=[^>]*>)'
)
EMPTY = re.compile(r'<path d="(?:M0,0h[\d.-]+v[\d.-]+h-?[\d.]+Z)?"(?: (?:display|stroke)="[^"]*")*/>')


def drawing(chart: Drawable, variant: Variant) -> str:
    """Return the drawing of a chart for in a page."""
    return inline_svg(chart, spec_of(chart, variant), variant=variant.name)


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


def _clean(drawing: str) -> str:
    """Take out what a page may not or need not carry: English roles, classes, invisible shapes, inline styles."""
    drawing = NOISE.sub("", drawing)
    drawing = EMPTY.sub("", drawing)
    drawing = re.sub(r' style="[^"]*"', "", drawing)
    drawing = re.sub(r' font-family="[^"]*"', "", drawing)
    while (shorter := re.sub(r"<g(?: [^>]*)?></g>", "", drawing)) != drawing:
        drawing = shorter
    return drawing


def inline_svg(chart: Drawable, spec: dict[str, Any], *, variant: str) -> str:
    """Return a drawing for in the page: named in Dutch, ids of its own, sized by the stylesheet."""
    start, _, rest = svg(spec).partition(">")
    box = re.search(r'viewBox="([^"]+)"', start)
    ids = f"{chart.key}-{variant}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing {variant}" viewBox="{box.group(1) if box else ""}"'
        f' role="img" aria-labelledby="{ids}-t {ids}-d"><title id="{ids}-t">{escape(chart.title)}</title>'
        f'<desc id="{ids}-d">{escape(chart.description)}</desc>{rest}'
    )


def download_svg(chart: Drawable, spec: dict[str, Any]) -> str:
    """Return a drawing that stands alone: light colours and the font's name instead of variables."""
    drawing = inline_svg(chart, spec, variant="los").replace(
        ' class="drawing los"', f' font-family="{FONT}, sans-serif"'
    )
    return in_light_colours(drawing)


def in_light_colours(drawing: str) -> str:
    """Return a drawing with the colours of the light page instead of variables."""
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

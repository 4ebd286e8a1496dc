"""Template tags for the parts of a page that carry data: a figure, a table, a drawing, the breadcrumb.

Parts without logic are plain HTML classes; `/ontwerp/` shows them all.
"""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from regio.shared.charts import NARROW, SMALL, WIDE, Drawable, Variant, drawing
from regio.shared.figures import Figure, Table

register = template.Library()


@register.inclusion_tag("components/figure.html")
def figure(figure: Figure) -> dict[str, Any]:
    """A figure with its drawing, table and foot."""
    return {"figure": figure, "table": figure.table}


@register.inclusion_tag("components/table.html")
def table(table: Table) -> dict[str, Any]:
    """A table in a frame that alone scrolls sideways."""
    return {"table": table}


@register.inclusion_tag("components/crumbs.html")
def crumbs(crumbs: list[tuple[str, str]]) -> dict[str, Any]:
    """The way back: (words, address) pairs; the last is the page itself."""
    return {"crumbs": crumbs[:-1], "here": crumbs[-1][0] if crumbs else ""}


@register.simple_tag
def both_drawings(chart: Drawable) -> SafeString:
    """The wide and the narrow drawing; the stylesheet shows one."""
    return _safe(chart, WIDE, NARROW)


@register.simple_tag
def small_drawing(chart: Drawable) -> SafeString:
    """One small drawing."""
    return _safe(chart, SMALL)


def _safe(chart: Drawable, *variants: Variant) -> SafeString:
    # Drawn by ourselves from numbers; title and description are escaped in `inline_svg`.
    return mark_safe("".join(drawing(chart, variant) for variant in variants))  # noqa: S308  # nosec B308 B703

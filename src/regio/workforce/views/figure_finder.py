"""Finds the figure of a permanent link: `name-sector`, or `name-sector~item` for one subject, function or quantity."""

from collections.abc import Callable

from regio.shared.figures import Figure

from .. import overviews
from ..outlook import Outlook
from ..queries import ALL
from ..shortage import analyst_page, differences_page, parameters, position_page, sections_page
from ..shortage.staffing import SEPARATOR, Staffing

OF_OUTLOOK: dict[str, Callable[[Outlook], Figure | None]] = {
    "onderdelen": overviews.parts_figure, "sectoren": overviews.sectors_figure, "secties": sections_page.figure_of,
}  # fmt: skip


def parts_of(slug: str) -> tuple[str, str, str]:
    """Return name, sector and item of a figure; the item is empty for everything together."""
    name, _, rest = slug.partition("-")
    sector, _, item = rest.partition(SEPARATOR)
    return name, sector, item


def figure_of(page: Outlook, slug: str) -> Figure | None:
    """Return the figure of a permanent link in the outlook it is of; None where that outlook has no such figure."""
    name, _, item = parts_of(slug)
    found = _made_on_demand(page, name, item) or {figure.slug: figure for figure in page.figures().values()}.get(slug)
    return found if found and found.slug == slug else None


def _made_on_demand(page: Outlook, name: str, item: str) -> Figure | None:
    """Return the figures that read more than the series of their scope."""
    if name in OF_OUTLOOK:
        return OF_OUTLOOK[name](page)
    if name in (differences_page.EARLIER, differences_page.PUBLISHED):
        return differences_page.figure_of(page, name, item)
    staffing = Staffing(page, item or ALL)
    if name in analyst_page.BY_SLUG:
        return analyst_page.positions_figure(staffing, *analyst_page.BY_SLUG[name])
    if name == parameters.NAME:
        return parameters.parameters_figure(staffing)
    return position_page.boards_figure(staffing) if name == "besturen" else staffing.figure(name)

"""What became of a location and where it came from, as one sentence per step; reads the links between codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from regio.regions.enums import LinkKind
from regio.regions.models import LocationLink, SchoolLocation
from regio.shared.formatting import long_date, place_name, share

from . import queries
from .enums import ScopeKind
from .outlook import Outlook

ONWARD = {
    LinkKind.MERGER: "Deze vestiging gaat {day} op in", LinkKind.MOVE: "Deze vestiging gaat {day} over in",
    LinkKind.SPLIT: "Deze vestiging gaat {day} verder als", LinkKind.CLOSURE: "Deze vestiging sluit {day}",
}  # fmt: skip
ONWARD_THEN = {
    LinkKind.MERGER: "Deze vestiging ging {day} op in", LinkKind.MOVE: "Deze vestiging ging {day} over in",
    LinkKind.SPLIT: "Deze vestiging ging {day} verder als", LinkKind.CLOSURE: "Deze vestiging sloot {day}",
}  # fmt: skip
BACK = "Deze vestiging komt {day} voort uit"


@dataclass(frozen=True)
class Other:
    """The location at the other end of a link: its name, its page where the region has it, and its part."""

    name: str
    href: str
    part: str = ""  # which share of the learners, where it is not all


@dataclass(frozen=True)
class Step:
    """One step in the history of a location: words, then the locations they lead to, and who says so."""

    words: str
    others: list[Other]
    source: str


def history_of(outlook: Outlook) -> list[Step]:
    """Return the steps of a location, oldest first; none for a larger scope."""
    if outlook.scope.kind != ScopeKind.LOCATION:
        return []
    links = queries.links_of_location(outlook.scope.code, outlook.region.key)
    groups = groupby(links, key=lambda link: (link.old.code == outlook.scope.code, link.kind, link.since, link.source))
    return [_step(outlook, list(group), is_onward=is_onward) for (is_onward, *_), group in groups]


def _step(outlook: Outlook, links: list[LocationLink], *, is_onward: bool) -> Step:
    first = links[0]
    onward = ONWARD_THEN if first.since and first.since <= outlook.today else ONWARD
    words = (onward[LinkKind(first.kind)] if is_onward else BACK).replace(
        "{day}", f"op {long_date(first.since)}" if first.since else ""
    )
    return Step(" ".join(words.split()), list(_others(outlook, links, is_onward=is_onward)), first.source)


def _others(outlook: Outlook, links: Iterable[LocationLink], *, is_onward: bool) -> Iterable[Other]:
    for link in links:
        other, is_here = (link.new, link.new_is_here) if is_onward else (link.old, link.old_is_here)  # type: ignore[attr-defined]  # annotated
        if other is not None:
            yield Other(_name(other), _address(outlook, other) if is_here else "", _part(link))


def _name(other: SchoolLocation) -> str:
    return f"{other}, {place_name(other.place)}" if other.place else str(other)


def _address(outlook: Outlook, other: SchoolLocation) -> str:
    return outlook.address(ScopeKind.LOCATION, other.code, sector=other.sector)


def _part(link: LocationLink) -> str:
    return share(link.share, 0) if link.share < 1 else ""

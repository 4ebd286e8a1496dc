"""What of a staff run may be shown, per kind of scope: which items, and which places make a scope.

Counted staff (a board's own file) is shown down to location × position. Where persons were made up from public tables
nothing is shown below region × subject or board × subject group: a finer figure would be a figure about nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regio.workforce.enums import SUBJECT_PREFIX, ScopeKind, StaffOrigin
from regio.workforce.queries import ALL

GROUP_PREFIX = "groep:"  # item of a figure that takes several subjects together
SMALL_SCOPES = (ScopeKind.SCHOOL, ScopeKind.LOCATION)

Items = dict[str, tuple[int, ...]]  # item → numbers of its positions


@dataclass(frozen=True)
class ShownScope:
    """A scope of a staff run: its places and what may be shown of it."""

    kind: ScopeKind
    code: str
    places: tuple[int, ...]
    items: Items
    spread_items: tuple[str, ...]  # items whose whole spread is kept, for the chance above a number


def shown_scopes(
    *, places: Sequence[str], boards: Sequence[str], positions: Sequence[str], scopes: Mapping[str, Mapping[str, str]],
    origins: Mapping[str, str], subject_of: Mapping[str, str], group_of: Mapping[str, str], with_region: bool,
) -> list[ShownScope]:  # fmt: skip
    """Return every scope that has figures, region first.

    Args:
        places, boards: location code of each place of the run, and its board.
        positions: codes of the positions of the run.
        scopes: scope kind → location code → scope code.
        origins: board → what its staff rests on.
        subject_of: position code → item of its subject over both grades; a position that is not there is a subject itself.
        group_of: position code → subject group.
        with_region: enough of the region is loaded for a figure of its own.
    """
    found = []
    for kind, scope_of in scopes.items():
        members: dict[str, list[int]] = {}
        for place, code in enumerate(places):
            if code in scope_of and (kind != ScopeKind.REGION or with_region):
                members.setdefault(scope_of[code], []).append(place)
        for code, own in sorted(members.items()):
            made_up = any(origins[boards[place]] == StaffOrigin.PUBLIC for place in own)
            items = _items(kind, positions, made_up=made_up, subject_of=subject_of, group_of=group_of)
            if items:
                spread = () if kind in SMALL_SCOPES else tuple(item for item in items if _is_wide(item, subject_of))
                found.append(ShownScope(ScopeKind(kind), code, tuple(own), items, spread))
    return found


def _items(
    kind: str, positions: Sequence[str], *, made_up: bool, subject_of: Mapping[str, str], group_of: Mapping[str, str]
) -> Items:
    everything = {ALL: tuple(range(len(positions)))}
    subjects = _grouped(positions, {code: subject_of.get(code, code) for code in positions})
    each = {code: (number,) for number, code in enumerate(positions)}
    if not made_up:
        return everything | ({} if kind in SMALL_SCOPES else subjects) | each
    if kind == ScopeKind.REGION:
        return everything | subjects
    groups = {code: GROUP_PREFIX + group for code, group in group_of.items()}
    return everything | _grouped(positions, groups) if kind == ScopeKind.BOARD else {}


def _grouped(positions: Sequence[str], names: Mapping[str, str]) -> Items:
    grouped: dict[str, tuple[int, ...]] = {}
    for number, code in enumerate(positions):
        grouped[names[code]] = (*grouped.get(names[code], ()), number)
    return grouped


def _is_wide(item: str, subject_of: Mapping[str, str]) -> bool:
    """Return whether an item is everything, a subject or a group, and no single grade of a subject."""
    return item == ALL or item.startswith((SUBJECT_PREFIX, GROUP_PREFIX)) or item not in subject_of

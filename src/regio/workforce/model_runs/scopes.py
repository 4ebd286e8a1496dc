"""Whose figures a run has: the region, and the boards, schools and locations in it."""

from collections.abc import Mapping

from regio.regions.errors import UnknownRegion
from regio.regions.queries import locations_in
from regio.workforce.enums import ScopeKind

Scopes = Mapping[str, Mapping[str, str]]  # scope kind → location code → scope code


def scopes_of(region_key: str) -> Scopes:
    """Return the scopes of a region; a location without a board is in none.

    Raises:
        UnknownRegion: the region has no locations.
    """
    rows = list(locations_in(region_key).values_list("code", "school_id", "board_id"))
    if not rows:
        raise UnknownRegion(region_key)
    return {
        ScopeKind.REGION: {code: region_key for code, *_ in rows},
        ScopeKind.BOARD: {code: board for code, _, board in rows if board},
        ScopeKind.SCHOOL: {code: school for code, school, _ in rows},
        ScopeKind.LOCATION: {code: code for code, *_ in rows},
    }

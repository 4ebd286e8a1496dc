"""Who may use which address: one matrix for the whole product, in which every address must be.

Apps declare their part in `rules.py` and register it when they start; the guard asks it before every view. An address that
is not in the matrix answers 404, and a test fails: nothing is open because somebody forgot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .enums import Role
from .viewer import Viewer

Test = Callable[[Viewer, Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Who:
    """A group of people, in Dutch words for the matrix, and the test whether a viewer is one of them.

    The test gets the viewer and what the address names (`{"key": "rpa:03"}`): rights follow role and relationship.
    """

    words: str
    may: Test


@dataclass(frozen=True)
class Access:
    """Who may read an address and who may change something there."""

    read: Who
    change: Who


EVERYONE = Who("iedereen", lambda viewer, names: True)
NOBODY = Who("niemand", lambda viewer, names: False)
SIGNED_IN = Who("wie is ingelogd", lambda viewer, names: viewer.is_local or viewer.is_signed_in)
PUBLIC = Access(read=EVERYONE, change=NOBODY)

_matrix: dict[str, Access] = {}


def holders_of(*roles: Role) -> Who:
    """Return everybody who holds one of these roles, for whatever organisation."""
    return Who(" of ".join(role.label for role in roles), lambda viewer, names: viewer.has(*roles))


class May:
    """What the present viewer may change, for templates: `{% if may.forecast %}`."""

    def __init__(self, viewer: Viewer, names: Mapping[str, Any]) -> None:
        self._viewer, self._names = viewer, names

    def __getitem__(self, name: str) -> bool:
        """Tell whether the viewer may change something at the address of this name."""
        access = access_to(name)
        return access is not None and access.change.may(self._viewer, self._names)


def register_access(matrix: Mapping[str, Access]) -> None:
    """Add the addresses of an app, by name."""
    _matrix.update(matrix)


def access_to(name: str | None) -> Access | None:
    """Return who may use the address of this name, None when nobody declared it."""
    return _matrix.get(name or "")


def matrix() -> dict[str, Access]:
    """Return the whole matrix."""
    return dict(sorted(_matrix.items()))

"""The kinds of events that exist; each app registers its own when it starts, so that a typing mistake cannot hide."""

from collections.abc import Mapping

_kinds: dict[str, str] = {}


def register_kinds(app: str, kinds: Mapping[str, str]) -> None:
    """Make kinds known: code within the app → what people call it, in Dutch."""
    _kinds.update({f"{app}.{code}": words for code, words in kinds.items()})


def words_of(kind: str) -> str:
    """Return what people call this kind.

    Raises:
        KeyError: no app registered it.
    """
    return _kinds[kind]


def all_kinds() -> dict[str, str]:
    """Return every registered kind with its words."""
    return dict(sorted(_kinds.items()))

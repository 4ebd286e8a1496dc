"""The national starting set of the route advice, as the files beside this module tell it."""

from functools import cache
from importlib import resources
from typing import Any

import yaml

FILES = ("vragen", "eisen", "routes", "bronnen")


@cache
def national_tree() -> dict[str, Any]:
    """Return the starting set as one tree; dates are texts, as they are stored."""
    folder = resources.files(__name__)
    tree: dict[str, Any] = {}
    for name in FILES:
        tree |= yaml.safe_load(folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    return _with_texts_for_dates(tree)


def _with_texts_for_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_texts_for_dates(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_texts_for_dates(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value

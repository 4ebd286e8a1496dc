"""The national starting set: the rules of the route advice and the page of a desk, as the files beside this module tell."""

from functools import cache
from importlib import resources
from typing import Any

import yaml

FILES = ("vragen", "eisen", "routes", "bronnen")
PAGE, PEOPLE = "loket", "mensen"


@cache
def national_tree() -> dict[str, Any]:
    """Return the starting set as one tree; dates are texts, as they are stored."""
    tree: dict[str, Any] = {}
    for name in FILES:
        tree |= _file(name)
    return _with_texts_for_dates(tree)


@cache
def national_page() -> dict[str, Any]:
    """Return name, colour and texts of a desk that has written none itself."""
    return _file(PAGE)


@cache
def invented_people() -> list[dict[str, Any]]:
    """Return the 36 invented people with their answers and the route they should hear first."""
    return list(_file(PEOPLE)["mensen"])


def _file(name: str) -> dict[str, Any]:
    return yaml.safe_load(resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))


def _with_texts_for_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_texts_for_dates(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_texts_for_dates(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value

"""From YAML text to plain values of the type that is asked for; a missing or impossible value stops with its place."""

from collections.abc import Mapping
from typing import Any

import yaml

from regio_engine.errors import ImplausibleInput, MissingInput

Tree = Mapping[str, Any]


def parse(text: str) -> Tree:
    """Return the YAML text as a tree.

    Raises:
        ImplausibleInput: the text is no YAML, or no mapping at its top.
    """
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ImplausibleInput(f"parameters must be YAML: {error}") from error
    if not isinstance(tree, dict):
        raise ImplausibleInput(f"parameters must be a mapping, got {type(tree).__name__}")
    return tree


def branch(tree: Tree, key: str) -> Tree:
    """Return the mapping under this key; raise MissingInput where there is none."""
    value = tree.get(key)
    if not isinstance(value, dict):
        raise MissingInput(f"{key} must be a mapping, got {value!r}")
    return value


def text(tree: Tree, key: str) -> str:
    """Return the text under this key; raise MissingInput where it is absent or empty."""
    value = tree.get(key)
    if not isinstance(value, str) or not value.strip():
        raise MissingInput(f"{key} must be a text, got {value!r}")
    return value.strip()


def number(tree: Tree, key: str, *, above: float = float("-inf"), default: float | None = None) -> float:
    """Return the number under this key, which must be greater than `above`."""
    value = tree.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MissingInput(f"{key} must be a number, got {value!r}")
    if not value > above:
        raise ImplausibleInput(f"{key} must be above {above}, got {value}")
    return float(value)


def numbers(tree: Tree, key: str, *, length: int | None = None, above: float = -1e-9) -> tuple[float, ...]:
    """Return the list of numbers under this key, each greater than `above`, as many as `length` says."""
    values = tree.get(key)
    if not isinstance(values, list) or not values:
        raise MissingInput(f"{key} must be a list of numbers, got {values!r}")
    if length is not None and len(values) != length:
        raise ImplausibleInput(f"{key} must have {length} values, one per year of study, got {len(values)}")
    return tuple(number({key: value}, key, above=above) for value in values)


def texts(tree: Tree, key: str) -> tuple[str, ...]:
    """Return the list of texts under this key; an absent key gives none."""
    values = tree.get(key) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ImplausibleInput(f"{key} must be a list of texts, got {values!r}")
    return tuple(values)

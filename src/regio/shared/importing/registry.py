"""The list of readers. Apps name their `sources` package at start; it is imported when an import begins.

That keeps polars out of web processes: registering a name costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from .contract import Reader

_PACKAGES: list[str] = []


def register_sources(package: str) -> None:
    """Add a package that offers `READERS` (a list of Reader) and may offer `finish()`, run after an import."""
    if package not in _PACKAGES:
        _PACKAGES.append(package)


def packages() -> list[str]:
    """Return the names of the registered `sources` packages."""
    return list(_PACKAGES)


def readers() -> list[Reader]:
    """Return every reader of every app, registers before counts."""
    found = [reader for package in _PACKAGES for reader in import_module(package).READERS]
    return sorted(found, key=lambda reader: (reader.order, reader.id))


def finishers() -> list[Callable[[], None]]:
    """Return what the apps want to do once after all files are loaded."""
    modules = [import_module(package) for package in _PACKAGES]
    return [module.finish for module in modules if hasattr(module, "finish")]


# ------------------------------------------------------------------------------------------- a board's own files
_OWN: dict[str, str] = {}


def register_own_files(name: str, module: str) -> None:
    """Make a module known by path that offers `import_files` and `remove_files` for a board's own files.

    `name` is the word behind `regio import`.
    """
    _OWN[name] = module


def own_files(name: str) -> Any:
    """Return the module that imports a board's own files of this name."""
    return import_module(_OWN[name])


def names_of_own_files() -> list[str]:
    """Return the words behind `regio import` for a board's own files."""
    return sorted(_OWN)

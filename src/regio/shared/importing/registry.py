"""The list of readers. Apps name their `sources` package at start; it is imported when an import begins.

That keeps polars out of web processes: registering a name costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

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

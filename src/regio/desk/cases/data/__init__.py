"""Dated data of the desk: free days, reasons to stop, and the steps with which a region begins."""

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def read(name: str) -> Any:
    """Return the content of one file of this folder, by its name without ending."""
    return yaml.safe_load(resources.files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))

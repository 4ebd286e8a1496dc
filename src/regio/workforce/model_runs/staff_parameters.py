"""The figures of the staff model as they ship: read once from the YAML beside the engine."""

from functools import cache
from importlib import resources

from regio_engine.parameters.staff_figures import StaffParameters, load_staff_parameters

THEMES = ("leave", "hours", "supply", "shortage", "qualification", "pay")


@cache
def staff_parameters() -> StaffParameters:
    """Return every figure of the staff model."""
    folder = resources.files("regio_engine.parameters")
    return load_staff_parameters({
        theme: folder.joinpath(f"staff_{theme}.yaml").read_text(encoding="utf-8") for theme in THEMES
    })  # fmt: skip

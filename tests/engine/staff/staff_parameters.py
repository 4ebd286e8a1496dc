"""The shipped figures of the staff model, read as the product reads them."""

from functools import cache

from regio_engine.parameters.staff_figures import load_staff_parameters
from tests.helpers import SOURCE


def texts():
    """Return the YAML texts by theme."""
    folder = SOURCE / "regio_engine" / "parameters"
    return {path.stem.removeprefix("staff_"): path.read_text(encoding="utf-8") for path in folder.glob("staff_*.yaml")}


@cache
def parameters():
    """Return every figure of the staff model."""
    return load_staff_parameters(texts())

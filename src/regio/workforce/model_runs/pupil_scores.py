"""One line of the pupil scorecard, and the commit of the choice it belongs to."""

import subprocess
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ScoreRow:
    """One line of the scorecard; shares are fractions. None where a measure does not apply."""

    test: str
    grain: str
    origin: str
    target: str
    horizon_years: int
    group: str
    cells: int
    wape: float
    bias: float
    coverage_80: float | None
    crps_skill: float | None
    persistence_wape: float | None
    mean3_wape: float | None
    choice_commit: str


def choice_commit() -> str:
    """Return the commit of the committed choice, with a plus where the file differs from it; empty outside a checkout."""
    path = Path(str(resources.files("regio_engine.parameters").joinpath("pupil_model.yaml")))
    command = ["git", "-C", str(path.parent), "log", "-1", "--format=%h", "--", path.name]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.strip()  # noqa: S603
        changed = subprocess.run(  # noqa: S603
            ["git", "-C", str(path.parent), "status", "--porcelain", "--", path.name],  # noqa: S607
            capture_output=True, text=True, timeout=20, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return found + ("+" if changed else "")


def sums_by(group: NDArray[np.intp], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the values summed per group number."""
    return np.asarray(np.bincount(group, values, minlength=count), np.float64)

"""One line of the pupil scorecard, and the commit of the choice it belongs to."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


KEPT_MISSES = 25  # cells kept per line of single locations


@dataclass(frozen=True)
class CellMiss:
    """What was said and what happened for one location [persons]."""

    code: str
    p10: float
    p50: float
    p90: float
    happened: float
    last_known: float


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
    misses: tuple[CellMiss, ...] = ()


@cache
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


def largest_misses(
    codes: Sequence[str], *, p10: Floats, p50: Floats, p90: Floats, happened: Floats, last_known: Floats
) -> tuple[CellMiss, ...]:
    """Return the cells with the largest misses, largest first."""
    order = np.argsort(-np.abs(p50 - happened), kind="stable")[:KEPT_MISSES]
    columns = (p10, p50, p90, happened, last_known)
    return tuple(CellMiss(str(codes[n]), *(float(column[n]) for column in columns)) for n in order)

"""The same work on another path through the processor: numpy and BLAS without the instructions this machine would choose.

`here()` and `elsewhere()` give the environments of two processes; `paths_in_use` is what such a process can print to show
that it really took the other path.
"""

import os
import platform

from numpy._core import _multiarray_umath as cpu

BASIC_BLAS = {"x86_64": "Prescott", "AMD64": "Prescott", "aarch64": "ARMV8", "arm64": "ARMV8"}


def paths_in_use() -> list[str]:
    """Return the groups of instructions beyond the basic ones that numpy uses in this process."""
    return [name for name in cpu.__cpu_dispatch__ if cpu.__cpu_features__.get(name)]


def here(**settings: str) -> dict[str, str]:
    """Return the environment of a process that chooses its path by the processor."""
    return {**os.environ, **settings}


def elsewhere(**settings: str) -> dict[str, str]:
    """Return the environment of a process that may use basic instructions only."""
    blas = BASIC_BLAS.get(platform.machine())
    limits = {"NPY_DISABLE_CPU_FEATURES": " ".join(paths_in_use()), **({"OPENBLAS_CORETYPE": blas} if blas else {})}
    return {**os.environ, **limits, **settings}

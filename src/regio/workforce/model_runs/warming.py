"""The compiled staff simulation: brought into memory before the first job, and compiled by one process while others do other work."""

import subprocess
import sys

_compiling: list["subprocess.Popen[bytes]"] = []


def warm_up() -> None:
    """Load the compiled code, or compile it where this machine has not done so yet."""
    from regio_engine.staff.simulation import warm  # numba takes a second to import

    warm()


def warm_up_beside() -> None:
    """Compile in a process of its own: half a minute in which this one reads files and counts learners."""
    _compiling.append(subprocess.Popen([sys.executable, "-m", "regio", "warm_up"], stdin=subprocess.DEVNULL))


def until_warm() -> None:
    """Wait for the process that compiles, where this one began it."""
    while _compiling:
        _compiling.pop().wait()

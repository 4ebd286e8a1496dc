"""`run.py bench NAME …`: runs `benchmarks/NAME.py` in the project's environment; without a name it lists them."""

import os
import subprocess
import sys

from . import environment
from .environment import PYTHON, ROOT
from .speaking import Stop, say


def run(arguments: list[str]) -> int:
    """Run one benchmark with the arguments after its name; return its exit code."""
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
    if not arguments:
        say("Metingen: " + ", ".join(names))
        return 0
    name, *rest = arguments
    if name not in names:
        raise Stop(f"Er is geen meting {name}. Wel: {', '.join(names)}.", code=2)
    if name == "setup":  # measures the set-up itself, so it may not set anything up first
        return subprocess.run([sys.executable, str(ROOT / "benchmarks" / "setup.py"), *rest], cwd=ROOT).returncode
    environment.ensure("app")
    surroundings = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [str(PYTHON), str(ROOT / "benchmarks" / f"{name}.py"), *rest]
    return subprocess.run(command, cwd=ROOT, env=surroundings).returncode

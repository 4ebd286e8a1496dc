"""The five import contracts hold, and each is seen to fail on a planted mistake."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import CHECKOUT

PLANTED = [
    ("domain order", "regio/shared/planted.py", "import regio.regions.models"),
    ("domain order", "regio/regions/planted.py", "import regio.workforce.models"),
    ("domain order", "regio/unlisted/__init__.py", ""),
    ("order inside an app", "regio/regions/enums.py", "import regio.regions.models"),
    ("order inside an app", "regio/workforce/queries.py", "import regio.workforce.views"),
    ("engine is pure", "regio_engine/planted.py", "import random"),
    ("engine is pure", "regio_engine/planted.py", "from datetime import datetime"),
    ("engine is pure", "regio_engine/planted.py", "import django"),
    ("engine has few doors", "regio/workforce/planted.py", "import regio_engine.units"),
    ("no cycles between siblings", "regio_engine/staff/planted.py", "import regio_engine.units"),
]


@pytest.fixture
def copy_of_source(tmp_path) -> Path:
    """Return a copy of src/ and the contracts, to make mistakes in."""
    shutil.copytree(CHECKOUT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    script = Path(sys.executable).parent / "lint-imports"
    command = [sys.executable, str(script), "--no-cache", "--no-logo"]
    surroundings = {**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "120", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True)


def test_the_source_keeps_the_five_contracts(copy_of_source):
    done = lint(copy_of_source)
    assert "Contracts: 5 kept, 0 broken." in done.stdout, done.stdout[-3000:] + done.stderr[-2000:]


@pytest.mark.parametrize(("contract", "where", "mistake"), PLANTED)
def test_a_contract_fails_on_a_planted_mistake(copy_of_source, contract, where, mistake):
    path = copy_of_source / "src" / where
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(f"\n{mistake}\n")
    if contract == "no cycles between siblings":  # the way back of the circle
        with (copy_of_source / "src/regio_engine/units.py").open("a") as file:
            file.write("\nimport regio_engine.staff.planted\n")
    done = lint(copy_of_source)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout, done.stdout[-3000:] + done.stderr[-2000:]

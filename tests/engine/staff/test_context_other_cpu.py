"""The context of a staff simulation is the same on another path through the processor: no function of the C library in it."""

import json
import subprocess
import sys

from tests import other_cpu
from tests.helpers import SOURCE

WORK = """
import json
from tests import other_cpu
from tests.engine.staff.test_context import context, digest
print(json.dumps({"paths": other_cpu.paths_in_use(), "context": digest(context()).hex()}))
"""


def printed(environment):
    environment["PYTHONPATH"] = f"{SOURCE}:{SOURCE.parent}"
    done = subprocess.run(
        [sys.executable, "-c", WORK], env=environment, cwd=SOURCE.parent, capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_context_is_the_same_on_another_path_through_the_processor():
    usual, basic = printed(other_cpu.here()), printed(other_cpu.elsewhere())
    assert basic["paths"] == []
    assert usual["context"] == basic["context"]

"""The forecasts of the whole country on the public files are the same on another path through the processor."""

import json
import subprocess
import sys

import pytest

from tests import other_cpu
from tests.fixtures_public import PublicDatabase, regio_environment
from tests.helpers import SOURCE

pytestmark = pytest.mark.realdata

WORK = """
import hashlib, json, django
django.setup()
from regio.workforce.model_runs import exams, pupils
from tests import other_cpu
drawn = hashlib.sha256()
for sector in ("vo", "po"):
    for part in pupils.iterate_pupils(sector=sector, years=4, draws=10, seed=1):
        drawn.update(part.draws.tobytes())
rows = exams.forecast_exams(years=4, draws=50, seed=1)
print(json.dumps({"paths": other_cpu.paths_in_use(), "pupils": drawn.hexdigest(),
                  "exams": hashlib.sha256(repr(rows).encode()).hexdigest(), "rows": len(rows)}))
"""


def printed(database: PublicDatabase, environment: dict[str, str]) -> dict[str, object]:
    settings = regio_environment(database.home)
    for name in ("REGIO_HOME", "DJANGO_SETTINGS_MODULE"):
        environment[name] = settings[name]
    environment["PYTHONPATH"] = f"{SOURCE}:{SOURCE.parent}"
    environment.pop("REGIO_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", WORK], env=environment, cwd=SOURCE.parent, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_country_is_the_same_on_another_path_through_the_processor(public_database: PublicDatabase):
    usual, basic = printed(public_database, other_cpu.here()), printed(public_database, other_cpu.elsewhere())
    assert basic.pop("paths") == []
    usual.pop("paths")
    assert usual == basic
    assert usual["rows"] > 10_000

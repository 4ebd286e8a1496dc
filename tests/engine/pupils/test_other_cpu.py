"""Drawn pupils and candidates are the same whole numbers on another path through the processor, and their quantiles too.

Logarithms and sums may differ in their last bits there; what is drawn from is rounded before, so no pupil does.
"""

import json
import subprocess
import sys

import pytest

from tests import other_cpu
from tests.helpers import SOURCE

WORK = """
import hashlib, json
from dataclasses import replace
import numpy as np, yaml
from regio_engine.pupils import exams
from regio_engine.pupils.draws import Chance, draw_blocks
from regio_engine.pupils.exam_data import ClassCounts
from regio_engine.pupils.national import national_steps
from regio_engine.bands import spread_of
from regio_engine.pupils.tables import step_table
from regio_engine.pupils.vo import vo_plan
from tests import other_cpu
from tests.engine.pupils.test_exams import CHOICE, large_country, uniforms
from tests.engine.pupils.vo_worlds import SETTINGS, steady_world

def sha(*arrays):
    return hashlib.sha256(b"".join(np.ascontiguousarray(one).tobytes() for one in arrays)).hexdigest()

world = steady_world(locations=40, years=5, counts=4)
counts = (world.counts * uniforms(world.counts.size, seed=1, low=0.7, high=1.3).reshape(world.counts.shape)).astype(np.int64)
plan = vo_plan(replace(world, counts=counts, intake_index=uniforms(200, seed=2, low=0.8, high=1.2).reshape(40, 5)), SETTINGS)
steps = step_table(shares=(0.05, 0.5, 0.95), log_steps=(-0.3, 0.0, 0.3), vanish_share=0.02)
chance = Chance(seed=3, first_year=2026, size_floors=(0.0,), location_steps=steps[None], market_sd=0.02,
                national=national_steps(sector="vo", first_year=2026, years=5, draws=200, seed=3, yearly_sd=0.01))
pupils = np.concatenate([block.draws for block in draw_blocks(plan, chance)])

history = large_country(phi=1.0)
classes = ClassCounts(2019, uniforms(600 * 18, seed=9, low=20, high=200).reshape(600, 3, 6))
model = exams.fit(history, [classes], origin=2019, years_ahead=3, settings=exams.ExamSettings.at_origin(
    yaml.safe_load(CHOICE) | {"class_weights": [{"from_origin": 2019, "weights": {"VMBO": {"1/0": dict(
        location=0.9, all_types=0.1, school=0.1, level=0.1, history=0.1, phi=1.0, c=0.02)}}}]}, 2019))
candidates = [exams.simulate(model, rows=np.arange(600), years_ahead=ahead, draws=np.arange(200), seed=3) for ahead in (1, 2, 3)]
spread = spread_of(pupils)
print(json.dumps({"paths": other_cpu.paths_in_use(), "pupils": sha(pupils), "candidates": sha(*candidates),
                  "quantiles": sha(spread.p10, spread.p50, spread.p90, spread.mean)}))
"""


def printed(environment: dict[str, str]) -> dict[str, object]:
    root = SOURCE.parent
    environment["PYTHONPATH"] = f"{SOURCE}:{root}"
    done = subprocess.run(
        [sys.executable, "-c", WORK],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def results() -> tuple[dict[str, object], dict[str, object]]:
    return printed(other_cpu.here()), printed(other_cpu.elsewhere())


@pytest.mark.parametrize("what", ["pupils", "candidates", "quantiles"])
def test_pupils_are_the_same_on_another_path_through_the_processor(results, what):
    usual, basic = results
    assert basic["paths"] == []
    assert usual[what] == basic[what]

"""`run.py bench staff`: speed, memory and sameness of the staff simulation, beside its bars and its numpy peer.

    run.py bench staff [--repeats 5] [--out FOLDER] [--readme] [--without national,…]

Measured on an invented region (25 places × 40 positions) with every mechanism of the forecast command; it fails when the
two differ. Times are the best of some repeats, after warming up; a busy machine shows in the load that is printed with
them, and processor time is told beside them. The peer is the numpy reference that ships with the product, vectorised over
draws, on the same job; the two are compared by processor time on one core.
Results go to `bench.json` in REGIO_HOME (or --out); --readme renews the table in the README.
"""

import argparse
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._staff_paper import Row, line, write
from regio_engine.staff.contract import ALL_MECHANISMS, Exit, Mechanism, Output, StaffContext, StaffDraws
from regio_engine.staff.simulation import joined, result_hash, simulate, simulate_plainly, warm
from regio_engine.staff.simulation_spread import spread_per_cell
from tests.engine.staff.staff_worlds import changed, world

ROOT = Path(__file__).resolve().parents[1]
PLACES, POSITIONS, PERSONS, POPULATIONS, YEARS, DRAWS, REGIONS = 25, 40, 3000, 20, 15, 1000, 100
BOARD_PLACES = 5
COUPLING = (Mechanism.SUPPLY, Mechanism.INSIDE_MOVES, Mechanism.SUBJECT_SWITCH, Mechanism.SECOND_QUALIFICATION)


def main() -> int:
    """Measure, print, write down; return 1 where a bar is missed or a hash or mechanism differs."""
    options = _options()
    known = {
        "region": _region,
        "national": _national,
        "kernel": _kernel,
        "start": _start,
        "doubling": _doubling,
        "lots": _lots,
    }
    found: dict[str, Any] = {"mechanisms": _mechanisms(), "machine": _machine(), "rows": []}
    print(f"mechanisms: {found['mechanisms']['on']}; as the forecast command: {found['mechanisms']['same']}")
    warm()
    for name, measure in known.items():
        if name not in options.without:
            for row in measure(options.repeats):
                print(line(row), flush=True)
                found["rows"].append({**asdict(row), "load": os.getloadavg()[0]})
    found["hashes"] = {} if "hashes" in options.without else _hashes()
    for name, is_same in found["hashes"].items():
        print(f"{'same' if is_same else 'OTHER':7s} {name}")
    write(found, folder=options.out, readme=ROOT / "README.md" if options.readme else None)
    rows_met = all(Row(**{k: v for k, v in row.items() if k != "load"}).is_met for row in found["rows"])
    return int(not (rows_met and all(found["hashes"].values()) and found["mechanisms"]["same"]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench staff")
    parser.add_argument("--repeats", type=int, default=5, help="best of how many")
    parser.add_argument("--out", type=Path, default=Path(os.environ.get("REGIO_HOME", ROOT / "var")))
    parser.add_argument("--readme", action="store_true", help="renew the table in README.md")
    parser.add_argument("--without", type=lambda text: text.split(","), default=[], help="parts to leave out")
    return parser.parse_args()


def _mechanisms() -> dict[str, Any]:
    """Return which mechanisms are on here, and whether the forecast command runs with the same."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regio.site.settings")
    import django

    django.setup()
    from regio.workforce.model_runs.staff import MECHANISMS

    on = [one.name for one in Mechanism if the_region(draws=2).mechanisms >> one & 1]
    return {"on": on, "same": MECHANISMS == the_region(draws=2).mechanisms == ALL_MECHANISMS}


def _machine() -> dict[str, Any]:
    return {
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "python": sys.version.split()[0],
        "numpy": np.__version__,
    }


def the_region(
    *, persons: int = PERSONS, years: int = YEARS, draws: int = DRAWS, positions: int = POSITIONS, places: int = PLACES
) -> StaffContext:
    """Return the region that everything is measured on."""
    return world(
        places=places,
        positions=positions,
        persons=persons,
        populations=POPULATIONS,
        years=years,
        draws=draws,
        unfilled_milli=300,
    )


def best(repeats: int, work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the shortest time of some repeats [s]: on the clock, or processor time (`time.process_time`)."""
    times = []
    for _ in range(repeats):
        began = clock()
        work()
        times.append(clock() - began)
    return min(times)


def best_two(repeats: int, work: Callable[[], object]) -> tuple[float, str]:
    """Return the shortest time on the clock [s], and in words the least processor time: other work does not show in that."""
    times, processor = [], []
    for _ in range(repeats):
        processor.append(best(1, lambda: times.append(best(1, work)), time.process_time))
    return min(times), f"{1000 * min(processor):.0f} ms of processor time"


_room: dict[int, StaffDraws] = {}


def answer(context: StaffContext, *, draws: int, years: int = YEARS, seed: int = 1, threads: int = 2) -> None:
    """Simulate a region and take its bands per cell: what a person waits for. A worker keeps its memory for the next."""
    drawn = simulate(context, seed=seed, draws=draws, years=years, threads=threads, room=_room.get(draws))
    spread_per_cell(drawn, threads=threads)
    _room.clear()
    _room[draws] = drawn


# ------------------------------------------------------------------------------------------------------------ figures
def _region(repeats: int) -> list[Row]:
    context = the_region()
    whole, whole_cpu = best_two(repeats, lambda: answer(context, draws=DRAWS))
    alone = best(repeats, lambda: simulate(context, seed=1, draws=DRAWS, years=YEARS, room=_room[DRAWS]))
    preview, preview_cpu = best_two(4 * repeats, lambda: answer(context, draws=200))
    ratio, note = _against_numpy(context, repeats)
    return [
        Row("region, full model, bands included", 1000 * whole, "ms", 900, 400, note=f"simulation alone {1000 * alone:.0f} ms; {whole_cpu}"),
        Row("preview of 200 draws, full model", 1000 * preview, "ms", 150, 80, note=preview_cpu),
        Row("full model against numpy, per core", ratio, "×", 8, 12, most=False, note=note),
    ]  # fmt: skip


def _against_numpy(context: StaffContext, repeats: int) -> tuple[float, str]:
    """Return how many times as many person-years per second of processor time the kernel lives through as numpy, on one core."""
    room = simulate(context, seed=1, draws=200, years=YEARS)
    plain_lived, lived = (room.heads[:, :draws, 0].sum(dtype=np.int64) / 1e6 for draws in (50, 200))
    plain = plain_lived / best(
        repeats, lambda: simulate_plainly(context, seed=1, draws=50, years=YEARS), time.process_time
    )
    quick = lived / best(
        2 * repeats,
        lambda: simulate(context, seed=1, draws=200, years=YEARS, threads=1, room=room),
        time.process_time,
    )
    return quick / plain, f"million person-years/s of processor time: numpy {plain:.2f}, here {quick:.1f}"


def _national(repeats: int) -> list[Row]:
    """A process of its own runs the regions one after the other, so that its memory is its own."""
    took, memory, processor = json.loads(_child("national"))
    return [
        Row(
            "national, 100 regions of 3,000, full model, bands included",
            took,
            "s",
            90,
            40,
            note=f"{processor:.0f} s of processor time",
        ),
        Row("national, memory at most", memory, "GB", 1.5, 1.0),
    ]


def run_national() -> list[float]:
    """Return seconds, gigabytes and seconds of processor time; regions differ in their seed, and one is let go when its bands are there."""
    warm()
    context, began, busy = the_region(), time.perf_counter(), time.process_time()
    for number in range(REGIONS):
        answer(context, draws=DRAWS, seed=number)
    took, processor = time.perf_counter() - began, time.process_time() - busy
    return [took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, processor]


def _kernel(repeats: int) -> list[Row]:
    """Without coupling: 20 cells a region, nobody comes, moves or switches; person-years are those that were lived."""
    bits = ALL_MECHANISMS & ~sum(1 << one for one in COUPLING)
    context = changed(the_region(places=20, positions=1), mechanisms=bits)
    room = simulate(context, seed=1, draws=DRAWS, years=YEARS)
    lived = room.heads[:, :, 0].sum(dtype=np.int64)
    took, processor = best_two(repeats, lambda: simulate(context, seed=1, draws=DRAWS, years=YEARS, room=room))
    ratio, note = _against_numpy(context, repeats)
    whole = took / lived * REGIONS * PERSONS * YEARS * DRAWS
    return [
        Row("kernel without coupling, 300,000 × 15 × 1,000 person-years", whole, "s", 30, 12, note=f"from {lived:,} lived in {1000 * took:.0f} ms; {processor}"),
        Row("kernel against numpy, same job, per core", ratio, "×", 8, 12, most=False, note=note),
    ]  # fmt: skip


def _start(repeats: int) -> list[Row]:
    """From starting a process to its first answer: a preview of a region that lies ready in a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "region.pickle"
        path.write_bytes(pickle.dumps(the_region(draws=200)))
        took = best(repeats, lambda: _child("start", str(path)))
    return [Row("worker, cold start to first answer", took, "s", 1.5, 0.5)]


def run_start(path: str) -> list[float]:
    """Answer the region in a file."""
    answer(pickle.loads(Path(path).read_bytes()), draws=200)
    return []


def _doubling(repeats: int) -> list[Row]:
    """Cost against work, in processor time."""

    def timed(**sizes: int) -> float:
        sizes = {"persons": PERSONS, "years": YEARS, "draws": DRAWS} | sizes
        context = the_region(**sizes)
        return best(repeats, lambda: answer(context, draws=sizes["draws"], years=sizes["years"]), time.process_time)

    pairs = {"persons": (PERSONS, 2 * PERSONS), "years": (YEARS, 2 * YEARS), "draws": (DRAWS // 2, DRAWS)}
    return [
        Row(f"twice as many {name}", timed(**{name: many}) / timed(**{name: few}), "×", 2.2, 2.05)
        for name, (few, many) in pairs.items()
    ]


def _lots(repeats: int) -> list[Row]:
    """Variance of what a measure changes in open vacancies per board × position: other lots against the same lots."""
    context = the_region()
    measure = changed(context, rates={"exits": _starters_stay(context)})
    base, same, other = (
        _open_per_board(simulate(one, seed=seed, draws=DRAWS, years=YEARS))
        for one, seed in ((context, 1), (measure, 1), (measure, 2))
    )
    rows = []
    for year, must, aim in ((5, 8, 12), (15, 5, 7)):
        variances = [(one - base)[..., year, :].var(axis=-1).mean() for one in (other, same)]
        rows.append(
            Row(
                f"variance of a difference, other lots / same lots, year {year}",
                variances[0] / variances[1],
                "×",
                must,
                aim,
                most=False,
            )
        )
    return rows


def _starters_stay(context: StaffContext) -> Any:
    """Return chances with which a fifth of the starters who would leave the sector stay."""
    exits = context.rates.exits.copy()
    first = exits[:, :, :, 0].astype(np.int64)
    saved = (first[..., Exit.LEAVE_SECTOR] - first[..., Exit.RETIRE]) // 5
    exits[:, :, :, 0, :, Exit.LEAVE_SECTOR :] -= saved[..., None].astype(np.uint32)
    return exits


def _open_per_board(drawn: Any) -> Any:
    unfilled = drawn.outputs[:, Output.OPEN].astype(np.float64)
    return unfilled.reshape(PLACES // BOARD_PLACES, BOARD_PLACES, POSITIONS, YEARS + 1, DRAWS).sum(axis=1)


# ------------------------------------------------------------------------------------------------------------- hashes
def _hashes() -> dict[str, bool]:
    """Return per way of running whether the bytes are those of the first way."""
    context = the_region(draws=DRAWS)
    expected = result_hash(simulate(context, seed=9, draws=DRAWS, years=YEARS))

    def part(first: int, draws: int, threads: int = 2) -> Any:
        return simulate(context, seed=9, draws=draws, years=YEARS, first_draw=first, threads=threads)

    found = {"1 thread": result_hash(part(0, DRAWS, 1)) == expected}
    for cut in (7, 993):
        found[f"chunks of {cut} and {DRAWS - cut}"] = (
            result_hash(joined([part(0, cut), part(cut, DRAWS - cut)])) == expected
        )
    small, plain = part(0, 30), simulate_plainly(context, seed=9, draws=30, years=YEARS)
    found["first 30 draws"] = bool((small.outputs == part(0, 40).outputs[..., :30]).all())
    found["numpy reference, 30 draws"] = result_hash(plain) == result_hash(small)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "region.pickle"
        path.write_bytes(pickle.dumps(replace(context, need_milli=context.need_milli[:, :, :30].copy())))
        ways = {
            "another process": {},
            "AVX2 and AVX-512 off": _without_avx(),
            "generic x86-64": {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
        }
        for name, settings in ways.items():
            found[name] = json.loads(_child("hash", str(path), **settings)) == result_hash(small)
    return found


def run_hash(path: str) -> str:
    """Return the hash of 30 draws of the region in a file."""
    return result_hash(simulate(pickle.loads(Path(path).read_bytes()), seed=9, draws=30, years=YEARS))


def _without_avx() -> dict[str, str]:
    from llvmlite import binding
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    features = binding.get_host_cpu_features()
    off = ",".join(
        f"{'-' if name.startswith(('avx', 'evex')) or not on else '+'}{name}" for name, on in features.items()
    )
    wide = [name for name in __cpu_dispatch__ if __cpu_features__.get(name)]
    return {"NUMBA_CPU_NAME": "x86-64-v2", "NUMBA_CPU_FEATURES": off, "NPY_DISABLE_CPU_FEATURES": " ".join(wide)}


def _child(task: str, *arguments: str, **settings: str) -> str:
    """Run one task of this file in a process of its own; return what it prints."""
    command = [sys.executable, __file__, "--task", task, *arguments]
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


if __name__ == "__main__":
    if sys.argv[1:2] == ["--task"]:
        print(json.dumps(globals()[f"run_{sys.argv[2]}"](*sys.argv[3:])))
        sys.exit(0)
    sys.exit(main())

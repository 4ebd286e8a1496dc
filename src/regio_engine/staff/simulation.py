"""The person-level staff simulation: from a context and a seed to drawn stock, shortage, surplus and flows.

A year of one draw goes like this (whole thousandths of fte; every word belongs to a seed, draw, year, purpose and id):

1. Everybody lives through the year with the age and tenure they began it with: one multinomial decides between retiring,
   leaving the sector, dying or becoming disabled, leaving the region, moving inside it, and staying. Whoever is OLDEST
   retires. Those who stay or move may change hours (a contract keeps its own fte while its class stays the same),
   qualify, or lose a year of their legal term, where it runs; those who stay may finish a second qualification. All get a year older.
2. Somebody with a second position switches to it, with the chance of the year, where at least half of the contract is
   over in the own cell and at least half is open in the other one: here, else at the nearest place.
3. Those who move inside the region and this year's candidates look for a place in their market (position × region),
   qualified first, then appointable, then unqualified, each by priority: the nearest place with an opening of at least
   the smallest one. The contract is the own hours or the opening, whichever is less. A mover does not take the place
   left, and returns to it when nothing else is open, as surplus where it has been filled. A qualified candidate for
   whom the own market has nothing takes an opening the qualification covers, nearest first.
4. The books: who is over at a place teaches the same at other places of the board, as far as staff lacks there and in
   proportion (openings of step 3 are what is left of that); then surplus of a place covers what is open in its other
   positions (C2) for the share `covered`, in proportion; of what stays open a share is cancelled (C3), the rest is open (D). Shortage is need that nobody qualified or
   appointable fills. need + surplus = stock + C3 + D in every cell.

`simulate` uses the compiled kernel; `simulate_plainly` gives the same bytes with numpy alone. Bands are in `simulation_spread`.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from queue import SimpleQueue

import numpy as np

from regio_engine.errors import ImplausibleInput
from regio_engine.staff import reference_years
from regio_engine.staff.contract import AGES, Exit, Flow, Output, StaffContext, StaffDraws
from regio_engine.staff.smallest import smallest_context
from regio_engine.staff.tables import Tables, tables_of

Progress = Callable[[float], None]  # told which share is done (0-1); what it raises ends the simulation

DRAWS_PER_TURN = 64  # after at most so many draws progress is told
DRAWS_PER_ROW = 16  # what the kernel writes together
DEFAULT_THREADS = 2


def simulate(
    context: StaffContext, *, seed: int, draws: int, years: int, first_draw: int = 0, progress: Progress | None = None,
    threads: int = DEFAULT_THREADS, room: StaffDraws | None = None,
) -> StaffDraws:  # fmt: skip
    """Return the drawn future of a region's staff; the number of threads changes nothing but the time it takes.

    Args:
        context: see `StaffContext`.
        seed: 0 to 2**64 - 1.
        draws: how many draws.
        years: years after the base year.
        first_draw: number of the first draw; draws of two calls can be put together with `joined`.
        progress: told the share that is done, from the calling thread; what it raises ends the simulation.
        threads: how many draws are simulated at the same time.
        room: draws that are no longer needed; where they are as many they are overwritten, which saves the system the
            work of clearing hundreds of megabytes of memory.

    Raises:
        ImplausibleInput: a shape or value of the context cannot be, or sums could overflow.
    """
    from regio_engine.staff import kernel, kernel_tables

    tables = tables_of(context, years=years, last_draw=first_draw + draws - 1)
    laid_out, found = kernel_tables.read(tables), _nothing_yet(tables, draws, room)
    size = _draws_per_turn(draws, threads)
    kernels = [kernel.Kernel(tables, laid_out, found) for _ in range(min(threads, -(-draws // size)))]
    free = SimpleQueue[kernel.Kernel]()
    for one in kernels:
        free.put(one)

    def turn(start: int) -> int:
        mine, count = free.get(), min(size, draws - start)
        mine.fill(seed=seed, first_draw=first_draw + start, draws=count, at=start)
        free.put(mine)
        return count

    with ThreadPoolExecutor(len(kernels)) as pool:
        turns = [pool.submit(turn, start) for start in range(0, draws, size)]
        try:
            _tell(progress, turns, draws)
        finally:
            pool.shutdown(cancel_futures=True)
    for one in kernels:
        one.finish(found)
    return found


def _tell(progress: Progress | None, turns: Sequence[Future[int]], draws: int) -> None:
    """Wait for all turns, and tell each time which share is done."""
    done = 0
    for turn in as_completed(turns):
        done += turn.result()
        if progress:
            progress(done / draws)


def _draws_per_turn(draws: int, threads: int) -> int:
    """Return how many draws a thread takes at a time: so few that all have work to the end, in whole rows of sixteen."""
    rows = -(-draws // (4 * threads * DRAWS_PER_ROW))
    return min(DRAWS_PER_TURN, rows * DRAWS_PER_ROW)


def simulate_plainly(context: StaffContext, *, seed: int, draws: int, years: int, first_draw: int = 0) -> StaffDraws:
    """Return the same as `simulate`, by the numpy reference."""
    tables = tables_of(context, years=years, last_draw=first_draw + draws - 1)
    found = _nothing_yet(tables, draws)
    reference_years.fill(tables, seed=seed, first_draw=first_draw, draws=draws, found=found, at=0)
    return found


def warm() -> None:
    """Bring the compiled code into memory, from numba's cache or by compiling it (once per machine, about 20 s)."""
    simulate(smallest_context(), seed=1, draws=1, years=1, threads=1)


def _nothing_yet(t: Tables, draws: int, room: StaffDraws | None = None) -> StaffDraws:
    cells, years = t.places * t.positions, t.years
    shape = (cells, len(Output), years + 1, draws)
    return StaffDraws(
        years=tuple(range(t.base_year, t.base_year + years + 1)),
        outputs=room.outputs if room is not None and room.outputs.shape == shape else np.empty(shape, np.int32),
        flows=np.zeros((cells, years, len(Flow)), np.int64),
        heads=np.zeros((years, draws, len(Exit) + 2), np.int32),
        age_heads=np.zeros((t.places, years + 1, AGES), np.int64),
        scale_milli=np.zeros((t.places, years + 1, t.scales), np.int64),
    )


def joined(parts: Sequence[StaffDraws]) -> StaffDraws:
    """Return the draws of several calls as one, in the order given."""
    if len({part.years for part in parts}) != 1:
        raise ImplausibleInput(f"only draws of the same years can be joined, got {[part.years for part in parts]}")
    return StaffDraws(
        years=parts[0].years,
        outputs=np.concatenate([part.outputs for part in parts], axis=-1),
        flows=np.sum([part.flows for part in parts], axis=0),
        heads=np.concatenate([part.heads for part in parts], axis=1),
        age_heads=np.sum([part.age_heads for part in parts], axis=0),
        scale_milli=np.sum([part.scale_milli for part in parts], axis=0),
    )


def result_hash(draws: StaffDraws) -> str:
    """Return a fingerprint of everything a simulation found."""
    return _fingerprint(draws)


def context_hash(context: StaffContext) -> str:
    """Return a fingerprint of everything that goes into a simulation, names included."""
    return _fingerprint(context)


def _fingerprint(value: object) -> str:
    digest = blake2b(digest_size=16)
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: blake2b, value: object) -> None:
    """Add names, shapes, kinds and bytes, field by field."""
    if is_dataclass(value):
        for field in fields(value):
            digest.update(f"{field.name}:".encode())
            _feed(digest, getattr(value, field.name))
    elif isinstance(value, np.ndarray):
        little = np.ascontiguousarray(value, value.dtype.newbyteorder("<"))
        digest.update(f"{little.dtype.str}{little.shape}".encode())
        digest.update(little.data)
    else:
        digest.update(f"{value!r};".encode())

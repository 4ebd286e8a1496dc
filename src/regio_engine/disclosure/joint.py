"""Joint figures of several boards: what each board gives in gets one secret deviation, and everything shown is a sum of those.

A total over n boards tells n − 1 of them what the last one has, whatever is suppressed. So no true contribution leaves
this module: contribution + deviation does, and every cell, group, year, quantile, scenario and repeat is made of those.
Whatever is asked, of a foreign level `x` only `x + deviation` can be found, so a level of at least twice the reach keeps
an interval of twice the reach. The deviation belongs to (key, series, board, cell): it stays when boards join, leave or
correct. One deviation per total, as in most statistics, does not survive that: who joined is the difference of two totals.

The key is secret (32 bytes, kept by the server). The deviation is a keyed BLAKE2b hash, because the generator of the
simulation is public and can be searched for its seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from regio_engine.errors import ImplausibleInput
from regio_engine.units import MILLI_PER_FTE, Floats

from .visibility import Part, PublicSizes, may_be_shown, parts_of

Milli = NDArray[np.int64]

KEY_BYTES = 32
LEAST_REACH_MILLI = 3 * MILLI_PER_FTE
REACH_SHARE = 0.1  # of what anyone expects of the board in the cell
FEWEST_CHANGES = 3  # boards that must differ before a new snapshot may show it
NORMAL_P90 = 1.2816


@dataclass(frozen=True)
class Contributions:
    """What the boards give in, per cell and whatever follows (years, quantiles) [thousandths of fte].

    Attributes:
        boards: code per board.
        cells: code per cell (position, or position group).
        milli: shape (boards, cells, ...).
    """

    boards: tuple[str, ...]
    cells: tuple[str, ...]
    milli: Milli

    def __post_init__(self) -> None:
        if self.milli.shape[:2] != (len(self.boards), len(self.cells)):
            raise ImplausibleInput(
                f"contributions must have {len(self.boards)} boards × {len(self.cells)} cells, got {self.milli.shape}"
            )


@dataclass(frozen=True)
class Snapshot:
    """What may be shown to everyone who takes part.

    Attributes:
        boards: who contributed; that is known to all.
        parts: cells of each part (see `visibility`), the same in every snapshot of a series.
        shown: which parts are shown, shape (parts,).
        fte: joint figures in whole fte; 0 where not shown, shape (parts, ...).
        deviation_fte: standard deviation that the protection adds [fte], 0 in an exact round, shape (parts,).
        exact: all contributors agreed to exact totals; n − 1 of them then know the last one.
    """

    boards: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    shown: NDArray[np.bool_]
    fte: NDArray[np.int64]
    deviation_fte: Floats
    exact: bool


def reach_milli(public_milli: int) -> int:
    """Return how far the deviation of a board's cell goes [thousandths of fte], from its public size."""
    return max(LEAST_REACH_MILLI, int(REACH_SHARE * public_milli))


def deviation_milli(*, key: bytes, series: str, board: str, cell: str, reach: int) -> int:
    """Return the secret deviation of one board in one cell, evenly spread over −reach … reach [thousandths of fte].

    Args:
        key: secret of the installation, 32 bytes.
        series: rounds that follow each other share a series, so that repeats and later years tell nothing new.
        board: code of the board.
        cell: code of the cell.
        reach: see `reach_milli`.

    Raises:
        ImplausibleInput: the key is too short to be a secret.
    """
    if len(key) != KEY_BYTES:
        raise ImplausibleInput(f"key must have {KEY_BYTES} bytes, got {len(key)}")
    name = "\x1f".join((series, board, cell)).encode()
    number = int.from_bytes(blake2b(name, key=key, digest_size=8).digest(), "little")
    return number % (2 * reach + 1) - reach


def joint_snapshot(
    given: Contributions, *, sizes: PublicSizes, key: bytes, series: str, expected_share: float = 1.0
) -> Snapshot:
    """Return the joint figures in which no board's own can be found.

    Args:
        given: what the boards of this snapshot gave in.
        sizes: public sizes of all boards that may contribute; they alone decide what is shown and how far deviations go.
        key: secret of the installation.
        series: see `deviation_milli`.
        expected_share: how much of the public size anyone expects to be given in: 1 for staff, less for a shortage (0-1).
    """
    parts, own = parts_of(sizes), sizes.of_boards(given.boards)
    expected = own.fte * expected_share * MILLI_PER_FTE
    reaches = np.array(
        [[reach_milli(int(expected[b, part].sum())) for part in parts] for b in range(len(given.boards))]
    )
    names = ["+".join(given.cells[cell] for cell in part) for part in parts]
    deviations = np.array(
        [
            [
                deviation_milli(key=key, series=series, board=board, cell=name, reach=int(reaches[b, p]))
                for p, name in enumerate(names)
            ]
            for b, board in enumerate(given.boards)
        ]
    )
    spread = np.sqrt((reaches.astype(np.float64) ** 2 / 3).sum(axis=0)) / MILLI_PER_FTE
    return _snapshot(given, parts=parts, sizes=own, added=deviations.sum(axis=0), spread=spread, exact=False)


def exact_snapshot(given: Contributions, *, sizes: PublicSizes, agreed: Sequence[str]) -> Snapshot:
    """Return exact joint figures; only where every contributor agreed in writing.

    Raises:
        ImplausibleInput: a contributor did not agree.
    """
    missing = sorted(set(given.boards) - set(agreed))
    if missing:
        raise ImplausibleInput(f"all contributors must agree to exact totals, missing: {', '.join(missing)}")
    parts = parts_of(sizes)
    nothing = np.zeros(len(parts), dtype=np.int64)
    own = sizes.of_boards(given.boards)
    return _snapshot(given, parts=parts, sizes=own, added=nothing, spread=nothing.astype(float), exact=True)


def _snapshot(
    given: Contributions, *, parts: Sequence[Part], sizes: PublicSizes, added: Milli, spread: Floats, exact: bool
) -> Snapshot:
    totals = np.stack([given.milli[:, part].sum(axis=(0, 1)) for part in parts])
    lifted = added.reshape(-1, *[1] * (totals.ndim - 1))
    shown = np.array([may_be_shown(sizes, part) for part in parts])
    whole = np.rint((totals + lifted) / MILLI_PER_FTE).astype(np.int64)
    whole[~shown] = 0
    return Snapshot(
        boards=given.boards, parts=tuple(tuple(given.cells[cell] for cell in part) for part in parts), shown=shown,
        fte=whole, deviation_fte=np.where(shown, spread, 0.0), exact=exact,
    )  # fmt: skip


def sum_of_parts(snapshot: Snapshot, places: Sequence[int]) -> tuple[NDArray[np.int64], float]:
    """Return the sum of parts and its standard deviation [fte]; a margin is a sum of what is shown, never of the true.

    Args:
        snapshot: what is shown.
        places: which parts to add.

    Raises:
        ImplausibleInput: one of them is not shown.
    """
    chosen = list(places)
    if not snapshot.shown[chosen].all():
        raise ImplausibleInput("a sum must be made of parts that are shown")
    return snapshot.fte[chosen].sum(axis=0), float(np.sqrt((snapshot.deviation_fte[chosen] ** 2).sum()))


def widened(*, p10: float, p50: float, p90: float, deviation_fte: float) -> tuple[float, float, float]:
    """Return the 80 % band [fte] with the deviation of the protection in it, its middle where it was."""
    own = NORMAL_P90 * deviation_fte
    return p50 - float(np.hypot(p50 - p10, own)), p50, p50 + float(np.hypot(p90 - p50, own))


def may_publish(before: Contributions | None, now: Contributions) -> bool:
    """Tell whether a new snapshot may replace the last: at least three boards joined, left or changed, or nothing was shown."""
    if before is None:
        return True
    old = dict(zip(before.boards, before.milli, strict=True))
    new = dict(zip(now.boards, now.milli, strict=True))
    both = old.keys() & new.keys()
    changed = sum(not np.array_equal(old[board], new[board]) for board in both) + len(old.keys() ^ new.keys())
    return changed >= FEWEST_CHANGES

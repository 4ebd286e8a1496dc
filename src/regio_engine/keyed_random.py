"""Random numbers as a pure function of what they are for.

One Philox4x32-10 call turns (seed, draw, year, purpose, stable id) into four 32-bit words. No stream and no array
position takes part, so a region run equals the slice of the national run and no order of work changes a result.
Method: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11), written from the paper.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

Words = NDArray[np.uint32]

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = 0x9E3779B9
_WEYL_1 = 0xBB67AE85
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)


def stable_id(text: str) -> int:
    """Return a 32-bit number that always belongs to this text (a location code, a purpose name)."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "little")


def words(
    *, seed: int, purpose: str, stable_ids: ArrayLike, years: ArrayLike, draws: ArrayLike
) -> tuple[Words, Words, Words, Words]:
    """Return four independent uint32 words per (stable id, year, draw); the three arguments broadcast.

    Args:
        seed: seed of the run, 0 to 2**64 - 1.
        purpose: what the numbers are for; each purpose is a stream of its own.
        stable_ids: uint32 ids that belong to the subject itself (see `stable_id`), never its position.
        years: calendar years, 0 to 65535.
        draws: draw numbers from 0.
    """
    ids, years_, draws_ = np.broadcast_arrays(
        np.asarray(stable_ids, np.uint64), np.asarray(years, np.uint64), np.asarray(draws, np.uint64)
    )
    counter = [ids.copy(), years_.copy(), draws_.copy(), np.full(ids.shape, stable_id(purpose), np.uint64)]
    return philox4x32(counter, key=(seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF))


def philox4x32(counter: list[NDArray[np.uint64]], *, key: tuple[int, int]) -> tuple[Words, Words, Words, Words]:
    """Apply the ten rounds of Philox4x32 to four counter arrays that hold 32-bit values."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> _SHIFT) ^ c1 ^ np.uint64(k0),
            product_1 & _LOW,
            (product_0 >> _SHIFT) ^ c3 ^ np.uint64(k1),
            product_0 & _LOW,
        )
        k0 = (k0 + _WEYL_0) & 0xFFFFFFFF
        k1 = (k1 + _WEYL_1) & 0xFFFFFFFF
    return c0.astype(np.uint32), c1.astype(np.uint32), c2.astype(np.uint32), c3.astype(np.uint32)


def uniform(word: Words) -> NDArray[np.float64]:
    """Return uniforms strictly between 0 and 1, at the middles of 2**32 equal bins (exact in float64)."""
    return (word.astype(np.float64) + 0.5) * 2.0**-32

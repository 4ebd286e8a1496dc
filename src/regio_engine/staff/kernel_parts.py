"""What the compiled parts of the staff simulation share: their decorator, what they keep per draw, and small steps.

Compiled code takes no memory and therefore counts no references (`_nrt=False`); all room is made beforehand. numba's
cache watches only the file of the function that is kept, so that function carries a fingerprint of all its parts.
"""

from collections.abc import Callable
from hashlib import blake2b
from types import CodeType
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from regio_engine.staff.contract import AGES, HOURS_CLASSES, NONE, Exit, Flow, Output, Qualified, Source
from regio_engine.staff.tables import CANDIDATE, MORE, PERSON, SUPPLY

OUTPUTS, FLOWS, SOURCES, EXITS = len(Output), len(Flow), len(Source), len(Exit)
HEADS = 2 + EXITS - 1 + 1
TOGETHER = 16  # draws written out together: a cache line of int32
BLOCK = 512  # persons whose words are made together
HOURS_STEP = 200
CLASSES_OF_POOL = 3  # A, B, C1
RETIRE, MOVE = int(Exit.RETIRE), int(Exit.MOVE_INSIDE)
NO, APPOINTABLE, YES = int(Qualified.NO), int(Qualified.APPOINTABLE), int(Qualified.YES)
NEED, STOCK, QUALIFIED, SHORTAGE, OPEN, SURPLUS = (int(one) for one in Output)
MOVES, HOURS, SWITCH, FIRST_SOURCE = int(Flow.MOVES), int(Flow.HOURS), int(Flow.SWITCH), int(Flow.FROM_GRADUATE)
PURPOSE_PERSON, PURPOSE_MORE, PURPOSE_CANDIDATE = np.uint32(PERSON), np.uint32(MORE), np.uint32(CANDIDATE)
PURPOSE_SUPPLY_0, PURPOSE_SUPPLY_1 = np.uint32(SUPPLY[0]), np.uint32(SUPPLY[1])
OLDEST_AGE = AGES - 1

OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False}
_PARTS: list[Callable[..., Any]] = []


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a part of the kernel when it is first used."""
    _PARTS.append(function)
    return njit(**OPTIONS)(function)


def fingerprint() -> str:
    """Return what identifies the code of all parts and the constants they use."""
    digest = blake2b(digest_size=16)
    for part in _PARTS:
        code = part.__code__
        used = {name: part.__globals__.get(name) for name in code.co_names}
        constants = {name: value for name, value in used.items() if isinstance(value, int | np.generic)}
        digest.update(f"{code.co_name}{_plain(code)}{sorted(constants.items())}".encode())
    return digest.hexdigest()


def _plain(code: CodeType) -> str:
    return f"{code.co_code.hex()}{code.co_consts}{code.co_names}{code.co_varnames}"


class Persons(NamedTuple):
    """Who is there in one draw, one entry per person; what does not change while nothing happens is not touched."""

    ids: np.ndarray
    row: np.ndarray  # of the tables of leaving
    hours_row: np.ndarray  # age × classes + class
    special: np.ndarray  # below this word: switch, or a second qualification
    milli: np.ndarray
    place: np.ndarray
    position: np.ndarray
    born: np.ndarray  # age - year + years: where the person counts in the ages of all years
    qualified: np.ndarray
    term: np.ndarray
    second: np.ndarray
    scale: np.ndarray


class Balance(NamedTuple):
    """Sums of the persons of one draw, kept up to date."""

    stock: np.ndarray  # (cells, qualified)
    ages: np.ndarray  # (places, born)
    scales: np.ndarray  # (places, scales)
    lent: np.ndarray  # (cells,): cover of the year before, net
    gap: np.ndarray  # (positions, places): what is open while the pool is matched
    open: np.ndarray  # (positions,): at how many places


class Pool(NamedTuple):
    """Who looks for a place this year; `who` is a person, or -1 - source of a candidate."""

    key: np.ndarray  # priority, then id
    bucket: np.ndarray  # position × 3 + class
    home: np.ndarray
    milli: np.ndarray
    who: np.ndarray
    word: np.ndarray  # for the age
    order: np.ndarray
    starts: np.ndarray  # (buckets + 1,)
    left: np.ndarray  # qualified candidates for whom nothing is open in their own market
    holes: np.ndarray
    switch_key: np.ndarray
    switch_who: np.ndarray


class Words(NamedTuple):
    """Random words of a block, and of the candidates."""

    w0: np.ndarray
    w1: np.ndarray
    w2: np.ndarray
    w3: np.ndarray


@compiled
def philox(c0, c1, c2, c3, k0, k1):
    """Return the four words of Philox4x32-10 (see `keyed_random`)."""
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * np.uint64(c0)
        p1 = np.uint64(0xCD9E8D57) * np.uint64(c2)
        c0, c1, c2, c3 = (
            np.uint32(np.uint32(p1 >> np.uint64(32)) ^ c1 ^ k0),
            np.uint32(p1),
            np.uint32(np.uint32(p0 >> np.uint64(32)) ^ c3 ^ k1),
            np.uint32(p0),
        )
        k0 = np.uint32(k0 + np.uint32(0x9E3779B9))
        k1 = np.uint32(k1 + np.uint32(0xBB67AE85))
    return c0, c1, c2, c3


@compiled
def make_words(ids, start, count, year, draw, purpose, k0, k1, w0, w1, w2, w3):
    for i in range(count):
        w0[i], w1[i], w2[i], w3[i] = philox(ids[start + i], year, draw, purpose, k0, k1)


@compiled
def class_of(thresholds, word):
    """Return how many of the cumulative thresholds but the last are at or below the word."""
    number = 0
    while number < len(thresholds) - 1 and word >= thresholds[number]:
        number += 1
    return number


@compiled
def hours_class(milli):
    return min((milli - 1) // HOURS_STEP, HOURS_CLASSES - 1)


@compiled
def count(p, balance, i, sign, positions):
    """Add a person to the balances, or take one out (sign -1)."""
    place, milli = p.place[i], sign * p.milli[i]
    balance.stock[place * positions + p.position[i], p.qualified[i]] += milli
    balance.scales[place, p.scale[i]] += milli
    balance.ages[place, p.born[i]] += sign


@compiled
def settle(t, p, i, age, tenure, pd):
    """Set what follows from age, tenure, place, position and qualification."""
    row = (age * t.classes + t.leave_class[p.place[i]]) * 4 + min(tenure, 3)
    p.row[i] = row * 2 + (p.qualified[i] == YES)
    p.hours_row[i] = age * HOURS_CLASSES + hours_class(p.milli[i])
    p.special[i] = t.second[pd, p.position[i]] if p.second[i] == NONE else t.switches[pd]


@compiled
def surplus(balance, need, cell):
    return balance.stock[cell, NO] + balance.stock[cell, APPOINTABLE] + balance.stock[cell, YES] - need[cell]


@compiled
def sort(keys, values, begin, end):
    """Sort keys and values from begin up to end by key (short lists: by insertion)."""
    for i in range(begin + 1, end):
        key, value = keys[i], values[i]
        j = i
        while j > begin and keys[j - 1] > key:
            keys[j], values[j] = keys[j - 1], values[j - 1]
            j -= 1
        keys[j], values[j] = key, value

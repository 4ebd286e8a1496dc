"""What the compiled parts of the staff simulation share: their decorator, random words, and small steps.

Compiled code takes no memory and therefore counts no references (`_nrt=False`); all room is made beforehand. Few arrays
with named rows instead of many arrays: numba's time to compile grows with the number of arguments. Its cache watches
only the file of the function that is kept, so that function carries a fingerprint of all its parts.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import numpy as np
from numba import njit

from regio_engine.staff.contract import AGES, HOURS_CLASSES, NONE, Exit, Flow, Output, Qualified, Source
from regio_engine.staff.kernel_tables import (
    BLOCK,
    BORN,
    GOOD,
    HOURS_ROW,
    HOURS_STEP,
    MILLI,
    PLACE,
    POSITION,
    ROW,
    SCALE,
    SECOND,
    SPECIAL,
    SWITCHES,
)
from regio_engine.staff.tables import CANDIDATE, MORE, PERSON, SUPPLY

SOURCES, EXITS = len(Source), len(Exit)
HIRED, AT_THE_END = EXITS, EXITS + 1  # columns of heads, after the start and four causes
OLDEST_ROW = (AGES - 1) * HOURS_CLASSES
RETIRE, MOVE = int(Exit.RETIRE), int(Exit.MOVE_INSIDE)
NO, APPOINTABLE, YES = int(Qualified.NO), int(Qualified.APPOINTABLE), int(Qualified.YES)
NEED, STOCK, QUALIFIED, SHORTAGE, OPEN, SURPLUS = (int(one) for one in Output)
MOVES, HOURS, SWITCH, FIRST_SOURCE = int(Flow.MOVES), int(Flow.HOURS), int(Flow.SWITCH), int(Flow.FROM_GRADUATE)
PURPOSE_PERSON, PURPOSE_MORE, PURPOSE_CANDIDATE = np.uint32(PERSON), np.uint32(MORE), np.uint32(CANDIDATE)
PURPOSE_SUPPLY_0, PURPOSE_SUPPLY_1 = np.uint32(SUPPLY[0]), np.uint32(SUPPLY[1])
WORD_1, WORD_2, WORD_3 = BLOCK, 2 * BLOCK, 3 * BLOCK  # where the second, third and fourth words begin

# numba does not document `_nrt`: with it every slice of an array counts its references, which takes a fifth longer, and
# code that takes memory would not be refused.
OPTIONS: dict[str, Any] = {"nogil": True, "_nrt": False, "error_model": "numpy"}
_PARTS: list[tuple[Callable[..., Any], dict[str, Any]]] = []


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a part of the kernel when it is first used."""
    return _part(function, OPTIONS)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a part into every place that uses it: a loop around it is only then done many at a time, for certain."""
    return _part(function, {**OPTIONS, "inline": "always"})


def _part(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    _PARTS.append((function, options))
    return njit(**options)(function)


def fingerprint() -> str:
    """Return what identifies the code of all parts and the constants they use."""
    digest = blake2b(digest_size=16)
    for part, options in _PARTS:
        code = part.__code__
        used = {name: part.__globals__.get(name) for name in code.co_names}
        constants = sorted((name, value) for name, value in used.items() if isinstance(value, int | np.generic))
        digest.update(
            f"{code.co_name}{options}{code.co_code.hex()}{code.co_consts}{code.co_varnames}{constants}".encode()
        )
    return digest.hexdigest()


@inlined
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
def make_words(ids, start, size, calendar, draw, purpose, key, words):
    """Make the words of ids start … start + size - 1, at most BLOCK: the first of all, then the second of all, and so on.

    The four lie at fixed distances in one array, so that the compiler sees that they never touch and makes many at once.
    """
    k0, k1, here = np.uint32(key), np.uint32(key >> np.uint64(32)), ids[start : start + size]
    w0, w1, w2, w3 = words[:WORD_1], words[WORD_1:WORD_2], words[WORD_2:WORD_3], words[WORD_3:]
    for i in range(len(here)):
        w0[i], w1[i], w2[i], w3[i] = philox(here[i], calendar, draw, purpose, k0, k1)


@compiled
def more_words(identity, calendar, draw, key):
    """Return the words of a person for what seldom happens."""
    return philox(identity, calendar, draw, PURPOSE_MORE, np.uint32(key), np.uint32(key >> np.uint64(32)))


@compiled
def copy(to, what):
    """Copy a list of numbers (numba's own way takes memory, in case the two overlap)."""
    for x in range(len(to)):
        to[x] = what[x]


@compiled
def class_of(thresholds, word, last):
    """Return how many cumulative thresholds, filled up to whole rows, are at or below the word, at most the last class."""
    number = np.uint32(0)
    for one in range(len(thresholds)):
        number = np.uint32(number + np.uint32(word >= thresholds[one]))
    return min(np.int64(number), np.int64(last))


@compiled
def add(w, person, cell, scales_from, milli, heads):
    """Add fte and heads of a person in a cell to the balances."""
    place = person[PLACE]
    w.stock[person[GOOD], cell] += milli
    w.of_place[place, scales_from + person[SCALE]] += milli
    w.of_place[place, person[BORN]] += heads


@compiled
def settle(t, w, i, person, age, tenure, pd):
    """Set what follows from age, tenure, place, position, hours and qualification."""
    row = (age * t.classes + t.leave_class[person[PLACE]]) * 4 + min(tenure, 3)
    w.looked_up[ROW, i] = row * 4 + person[GOOD]
    w.looked_up[HOURS_ROW, i] = age * HOURS_CLASSES + min((person[MILLI] - 1) // HOURS_STEP, HOURS_CLASSES - 1)
    set_special(t, w, i, person, pd)


@compiled
def set_special(t, w, i, person, pd):
    """Set below which word a person switches, or finishes a second qualification."""
    if person[SECOND] == NONE:
        w.looked_up[SPECIAL, i] = t.second[pd, person[POSITION]]
    else:
        w.looked_up[SPECIAL, i] = t.chances[pd, SWITCHES]


@compiled
def surplus(w, need, cell):
    """Return the stock of a cell minus its need."""
    return w.stock[NO, cell] + w.stock[APPOINTABLE, cell] + w.stock[YES, cell] - need[cell]


@compiled
def key_of(word, identity):
    """Return a key that sorts by priority, then by id."""
    return np.uint64(word) << np.uint64(32) | np.uint64(identity)

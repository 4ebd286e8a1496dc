"""A year in the life of everybody in one draw, compiled: leaving, hours, terms, second qualifications, switching.

Words are made for a block of persons at a time; only those to whom something may happen are looked at.
"""

import numpy as np

from regio_engine.staff.contract import HOURS_CLASSES, NONE
from regio_engine.staff.kernel_parts import (
    APPOINTABLE,
    BLOCK,
    CLASSES_OF_POOL,
    EXITS,
    HOURS,
    HOURS_STEP,
    MOVE,
    MOVES,
    NO,
    OLDEST_AGE,
    PURPOSE_MORE,
    PURPOSE_PERSON,
    RETIRE,
    SWITCH,
    YES,
    class_of,
    compiled,
    count,
    make_words,
    philox,
    settle,
    sort,
    surplus,
)


@compiled
def live(t, k0, k1, draw, calendar, pd, year, n, p, balance, pool, words, flows, heads):
    """Let everybody live through a year; return how many holes, entries of the pool and switchers there are."""
    stays, low, high = t.stays[pd], t.hours_low[pd], t.hours_high[pd]
    row_step = t.classes * 8
    holes = entries = switchers = 0
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        make_words(p.ids, start, size, calendar, draw, PURPOSE_PERSON, k0, k1, words.w0, words.w1, words.w2, words.w3)
        for j in range(size):
            i = start + j
            row, hours_row = p.row[i], p.hours_row[i]
            p.row[i] = row + row_step + (2 if row & 6 != 6 else 0)
            p.hours_row[i] = hours_row + HOURS_CLASSES
            w0, w1 = words.w0[j], words.w1[j]
            if (
                w0 >= stays[row] and w1 >= low[hours_row] and w1 < high[hours_row] and words.w2[j] >= p.special[i]
                and p.qualified[i] != APPOINTABLE and hours_row < OLDEST_AGE * HOURS_CLASSES
            ):  # fmt: skip
                continue
            cell = p.place[i] * t.positions + p.position[i]
            cause = _cause(t.exits[pd, row], w0, hours_row)
            if cause < MOVE:
                count(p, balance, i, -1, t.positions)
                flows[cell, year - 1, cause] -= p.milli[i]
                heads[year - 1, 1 + cause] += 1
                pool.holes[holes] = i
                holes += 1
                continue
            if t.hours_on:
                new = class_of(t.hours[pd, hours_row], w1)
                if new != hours_row % HOURS_CLASSES:
                    _change_hours(p, balance, i, new, hours_row, cell, flows[cell, year - 1], t.positions)
            if t.terms_on and p.qualified[i] == APPOINTABLE:
                _run_term(t, p, balance, i, calendar, draw, pd, k0, k1)
            if cause == MOVE:
                count(p, balance, i, -1, t.positions)
                flows[cell, year - 1, MOVES] -= p.milli[i]
                pool.key[entries] = np.uint64(words.w3[j]) << np.uint64(32) | np.uint64(p.ids[i])
                pool.bucket[entries] = p.position[i] * CLASSES_OF_POOL + (YES - p.qualified[i])
                pool.home[entries], pool.milli[entries], pool.who[entries] = p.place[i], p.milli[i], i
                entries += 1
            elif words.w2[j] < p.special[i]:
                if p.second[i] != NONE:
                    pool.switch_key[switchers] = np.uint64(words.w3[j]) << np.uint64(32) | np.uint64(p.ids[i])
                    pool.switch_who[switchers] = i
                    switchers += 1
                elif p.qualified[i] == YES:
                    _finish_second(t, p, i, calendar, draw, pd, k0, k1)
    return holes, entries, switchers


@compiled
def _cause(exits, w0, hours_row):
    """Return the cause of leaving, or how many causes there are for who stays."""
    if hours_row >= OLDEST_AGE * HOURS_CLASSES:
        return RETIRE
    cause = 0
    while cause < EXITS and w0 >= exits[cause]:
        cause += 1
    return cause


@compiled
def _change_hours(p, balance, i, new, hours_row, cell, flow, positions):
    count(p, balance, i, -1, positions)
    milli = (new + 1) * HOURS_STEP
    flow[HOURS] += milli - p.milli[i]
    p.milli[i] = milli
    p.hours_row[i] += new - hours_row % HOURS_CLASSES
    count(p, balance, i, 1, positions)


@compiled
def _run_term(t, p, balance, i, calendar, draw, pd, k0, k1):
    """Qualify, or come a year closer to the end of the legal term."""
    word, _, _, _ = philox(p.ids[i], calendar, draw, PURPOSE_MORE, k0, k1)
    count(p, balance, i, -1, t.positions)
    if word < t.qualifies[pd]:
        p.qualified[i], p.term[i] = YES, 0
        p.row[i] += 1
    else:
        p.term[i] -= 1
        if p.term[i] <= 0:
            p.qualified[i], p.term[i] = NO, 0
    count(p, balance, i, 1, t.positions)


@compiled
def _finish_second(t, p, i, calendar, draw, pd, k0, k1):
    _, word, _, _ = philox(p.ids[i], calendar, draw, PURPOSE_MORE, k0, k1)
    second = class_of(t.second_of[p.position[i]], word)
    if second != p.position[i]:
        p.second[i] = second
        p.special[i] = t.switches[pd]


@compiled
def switch(t, year, switchers, p, balance, pool, need, flows, pd):
    """Move those who may to their second position, where half of the contract is over here and half is open there."""
    kept = 0
    for number in range(switchers):
        i = pool.switch_who[number]
        if 2 * surplus(balance, need, p.place[i] * t.positions + p.position[i]) >= p.milli[i]:
            pool.switch_key[kept], pool.switch_who[kept] = pool.switch_key[number], i
            kept += 1
    sort(pool.switch_key, pool.switch_who, 0, kept)
    for number in range(kept):
        i = pool.switch_who[number]
        here, milli = p.place[i] * t.positions + p.position[i], p.milli[i]
        if 2 * surplus(balance, need, here) < milli:
            continue
        for rank in range(t.places):
            place = t.nearest[p.place[i], rank]
            if place == NONE:
                break
            there = place * t.positions + p.second[i]
            if -2 * surplus(balance, need, there) >= milli:
                _move_to_second(t, p, balance, i, place, pd)
                flows[here, year - 1, SWITCH] -= milli
                flows[there, year - 1, SWITCH] += milli
                break


@compiled
def _move_to_second(t, p, balance, i, place, pd):
    count(p, balance, i, -1, t.positions)
    was_qualified = p.qualified[i] == YES
    age, tenure = p.hours_row[i] // HOURS_CLASSES, p.row[i] // 2 % 4
    p.place[i] = place
    p.position[i], p.second[i] = p.second[i], p.position[i] if was_qualified else NONE
    p.qualified[i], p.term[i] = YES, 0
    settle(t, p, i, age, tenure, pd)
    count(p, balance, i, 1, t.positions)

"""A year in the life of everybody in one draw, compiled: leaving, hours, terms, second qualifications, switching.

Words are made for a block of persons at a time; only those to whom something may happen are looked at.
"""

import numpy as np

from regio_engine.staff.contract import AGES, HOURS_CLASSES, NONE
from regio_engine.staff.kernel_parts import (
    APPOINTABLE,
    BLOCK,
    BUCKET,
    EXITS,
    GOOD,
    HOLE,
    HOME,
    HOURS,
    HOURS_ROW,
    HOURS_STEP,
    HOURS_WISHED,
    IDS,
    KINDS,
    MILLI,
    MOVE,
    MOVES,
    NO,
    OLDEST_ROW,
    PLACE,
    POSITION,
    PURPOSE_MORE,
    PURPOSE_PERSON,
    QUALIFIES,
    RETIRE,
    ROW,
    SECOND,
    SPECIAL,
    SWITCH,
    SWITCHER,
    TERM,
    WHO,
    YES,
    add,
    class_of,
    compiled,
    key_of,
    make_words,
    philox,
    set_special,
    settle,
    surplus,
)


@compiled
def live(t, w, key, draw, year, pd, n, flows, heads):
    """Let everybody live through a year; return how many holes, entries of the pool and switchers there are."""
    calendar = np.uint32(t.base_year + year)
    holes = entries = switchers = 0
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        make_words(w.looked_up[IDS], start, size, calendar, draw, PURPOSE_PERSON, key, w.words)
        events = _find_events(w, start, size, t.looks[pd], t.bounds[pd, 0], t.bounds[pd, 1])
        for number in range(events):
            j = w.event[number]
            i, person = start + j, w.persons[start + j]
            cell = person[PLACE] * t.positions + person[POSITION]
            flow = flows[cell, year - 1]
            cause = _cause(t, w.looked_up[ROW, i], w.looked_up[HOURS_ROW, i], w.words[0, j], pd)
            if cause < MOVE:
                add(w, person, cell, AGES + t.years, -person[MILLI], -1)
                flow[cause] -= person[MILLI]
                heads[year - 1, 1 + cause] += 1
                w.pool[HOLE, holes] = i
                holes += 1
                continue
            if t.hours_on:
                _change_hours(t, w, i, person, cell, w.words[1, j], pd, flow)
            good = person[GOOD]
            if good == APPOINTABLE and t.terms_on:
                _run_term(t, w, key, draw, calendar, pd, i, person, cell, w.words[2, j])
            if cause == MOVE:
                add(w, person, cell, AGES + t.years, -person[MILLI], -1)
                flow[MOVES] -= person[MILLI]
                w.keys[0, entries] = key_of(w.words[3, j], w.looked_up[IDS, i])
                w.pool[BUCKET, entries] = person[POSITION] * KINDS + (YES - person[GOOD])
                w.pool[HOME, entries], w.pool[HOURS_WISHED, entries] = person[PLACE], person[MILLI]
                w.pool[WHO, entries] = i
                entries += 1
            elif w.words[2, j] < w.looked_up[SPECIAL, i]:
                if person[SECOND] != NONE:
                    w.keys[1, switchers] = key_of(w.words[3, j], w.looked_up[IDS, i])
                    w.pool[SWITCHER, switchers] = i
                    switchers += 1
                elif good == YES:
                    _finish_second(t, w, key, draw, calendar, pd, i, person)
        _grow_older(w.looked_up, start, size, np.uint32(t.classes * 16))
    return holes, entries, switchers


@compiled
def _find_events(w, start, size, looks, low, high):
    """List to whom something may happen; nobody is missed, some turn out to keep what they have. Return how many."""
    row, hours_row = w.looked_up[ROW, start : start + size], w.looked_up[HOURS_ROW, start : start + size]
    special, w0, w1, w2 = w.looked_up[SPECIAL, start : start + size], w.words[0], w.words[1], w.words[2]
    happens, event, events = w.happens, w.event, 0
    for j in range(len(row)):
        happens[j] = (
            (w0[j] <= looks[row[j]]) | (w1[j] < low[hours_row[j]]) | (w1[j] >= high[hours_row[j]]) | (w2[j] < special[j])
        )  # fmt: skip
    for j in range(len(row)):
        event[events] = j
        events += happens[j]
    return events


@compiled
def _grow_older(looked_up, start, size, step):
    """Let rows tell of an age and a tenure that are a year further (tenure stops at its last class)."""
    row, hours_row = looked_up[ROW, start : start + size], looked_up[HOURS_ROW, start : start + size]
    last = np.uint32(12)
    for i in range(len(row)):
        row[i] = np.uint32(row[i] + step + (np.uint32(0) if row[i] & last == last else np.uint32(4)))
    for i in range(len(hours_row)):
        hours_row[i] = np.uint32(hours_row[i] + np.uint32(HOURS_CLASSES))


@compiled
def _cause(t, row, hours_row, word, pd):
    """Return the cause of leaving, or how many causes there are for who stays."""
    if hours_row >= OLDEST_ROW:
        return RETIRE
    exits, cause = t.exits[pd, row // 4 * 2 + (row % 4 == YES)], 0
    if word >= exits[EXITS - 1]:
        return EXITS
    while word >= exits[cause]:
        cause += 1
    return cause


@compiled
def _change_hours(t, w, i, person, cell, word, pd, flow):
    """Give somebody the contract of another class of hours, where the class changes."""
    row = np.int64(w.looked_up[HOURS_ROW, i])
    chances, now, new = t.hours[pd, row], row % HOURS_CLASSES, 0
    for one in range(HOURS_CLASSES - 1):
        new += word >= chances[one]
    if new == now:
        return
    more = (new + 1) * HOURS_STEP - person[MILLI]
    add(w, person, cell, AGES + t.years, more, 0)
    flow[HOURS] += more
    person[MILLI] += more
    w.looked_up[HOURS_ROW, i] = row - now + new


@compiled
def _run_term(t, w, key, draw, calendar, pd, i, person, cell, word):
    """Qualify, or come a year closer to the end of the legal term."""
    if person[SECOND] != NONE:  # then the word tells whether to switch
        k0, k1 = np.uint32(key), np.uint32(key >> np.uint64(32))
        word, _, _, _ = philox(w.looked_up[IDS, i], calendar, draw, PURPOSE_MORE, k0, k1)
    person[TERM] -= 1
    good = YES if word < t.chances[pd, QUALIFIES] else APPOINTABLE if person[TERM] > 0 else NO
    if good != APPOINTABLE:
        w.stock[APPOINTABLE, cell] -= person[MILLI]
        w.stock[good, cell] += person[MILLI]
        person[GOOD], person[TERM] = good, 0
        w.looked_up[ROW, i] = np.uint32(w.looked_up[ROW, i] + good - APPOINTABLE)


@compiled
def _finish_second(t, w, key, draw, calendar, pd, i, person):
    """Become qualified for a second position."""
    k0, k1 = np.uint32(key), np.uint32(key >> np.uint64(32))
    _, word, _, _ = philox(w.looked_up[IDS, i], calendar, draw, PURPOSE_MORE, k0, k1)
    second = class_of(t.second_of[person[POSITION]], word)
    if second != person[POSITION]:
        person[SECOND] = second
        set_special(t, w, i, person, pd)


@compiled
def switch(t, w, year, pd, switchers, need, flows):
    """Move those who may to their second position, where half of the contract is over here and half is open there."""
    kept = _with_surplus(t, w, switchers, need)
    for number in range(kept):
        i = np.int64(w.pool[SWITCHER, number])
        person = w.persons[i]
        here, milli = person[PLACE] * t.positions + person[POSITION], person[MILLI]
        if 2 * surplus(w, need, here) < milli:
            continue
        for rank in range(t.places):
            place = np.int64(t.nearest[person[PLACE], rank])
            if place == NONE:
                break
            there = place * t.positions + person[SECOND]
            if -2 * surplus(w, need, there) >= milli:
                _take_second(t, w, i, person, here, place, pd)
                flows[here, year - 1, SWITCH] -= milli
                flows[there, year - 1, SWITCH] += milli
                break


@compiled
def _with_surplus(t, w, switchers, need):
    """Keep the switchers of whom half of the contract is over, sorted by priority; return how many these are."""
    kept = 0
    for number in range(switchers):
        i, key = w.pool[SWITCHER, number], w.keys[1, number]
        person = w.persons[i]
        if 2 * surplus(w, need, person[PLACE] * t.positions + person[POSITION]) < person[MILLI]:
            continue
        j = kept
        while j > 0 and w.keys[1, j - 1] > key:
            w.keys[1, j], w.pool[SWITCHER, j] = w.keys[1, j - 1], w.pool[SWITCHER, j - 1]
            j -= 1
        w.keys[1, j], w.pool[SWITCHER, j] = key, i
        kept += 1
    return kept


@compiled
def _take_second(t, w, i, person, here, place, pd):
    """Let a person work in the second position at a place; the first one becomes the second."""
    add(w, person, here, AGES + t.years, -person[MILLI], -1)
    position, was_good = person[POSITION], person[GOOD] == YES
    age, tenure = np.int64(w.looked_up[HOURS_ROW, i]) // HOURS_CLASSES, np.int64(w.looked_up[ROW, i]) // 4 % 4
    person[PLACE], person[POSITION], person[SECOND] = place, person[SECOND], position if was_good else NONE
    person[GOOD], person[TERM] = YES, 0
    settle(t, w, i, person, age, tenure, pd)
    add(w, person, place * t.positions + person[POSITION], AGES + t.years, person[MILLI], 1)

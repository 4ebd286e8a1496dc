"""A year in the life of everybody in one draw, compiled: leaving, hours, terms, second qualifications, switching.

Words are made for a block of persons at a time; only those to whom something may happen are looked at.
"""

import numpy as np

from regio_engine.staff.contract import AGES, HOURS_CLASSES, NONE, OPEN_TERM
from regio_engine.staff.kernel_parts import (
    ACTS,
    APPOINTABLE,
    BLOCK,
    BUCKET,
    CHANGES,
    GOOD,
    HAS_TERM,
    HOLE,
    HOME,
    HOURS,
    HOURS_ROW,
    HOURS_STEP,
    HOURS_WISHED,
    IDS,
    KINDS,
    LEAVES,
    MILLI,
    MOVE,
    MOVES,
    MOVING,
    NO,
    OLDEST_ROW,
    PLACE,
    POSITION,
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
    WORD_1,
    WORD_2,
    WORD_3,
    YES,
    add,
    class_of,
    compiled,
    key_of,
    make_words,
    more_words,
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
        _mark(t, w, start, size, pd)
        holes = _leave(t, w, start, _listed(w, LEAVES, size), pd, holes, flows, heads)
        _change_hours(t, w, start, _listed(w, CHANGES, size), pd, flows)
        switchers = _act(t, w, key, draw, calendar, start, _listed(w, ACTS, size), pd, switchers)
        _run_terms(t, w, key, draw, calendar, start, _listed(w, HAS_TERM, size), pd)
        entries = _enter_pool(t, w, start, _listed(w, MOVING, size), entries, flows)
        _grow_older(w.looked_up, start, size, np.uint32(t.classes * 16))
    return holes, entries, switchers


@compiled
def _mark(t, w, start, size, pd):
    """Mark to whom of a block what happens, without a branch; of hours some turn out to stay as they are."""
    row, hours_row = w.looked_up[ROW, start : start + size], w.looked_up[HOURS_ROW, start : start + size]
    special, w0, w1, w2 = (
        w.looked_up[SPECIAL, start : start + size],
        w.words[:WORD_1],
        w.words[WORD_1:WORD_2],
        w.words[WORD_2:WORD_3],
    )
    gone, stays, low, high = t.leaves[pd, 0], t.leaves[pd, 1], t.bounds[pd, 0], t.bounds[pd, 1]
    leaves, moves, changes = w.flags[LEAVES], w.flags[MOVING], w.flags[CHANGES]
    acts, has_term, hours_on, terms_on = w.flags[ACTS], w.flags[HAS_TERM], t.hours_on, t.terms_on
    for j in range(len(row)):
        leaves[j] = (w0[j] < gone[row[j]]) | (hours_row[j] >= OLDEST_ROW)
    for j in range(len(row)):
        moves[j] = (w0[j] < stays[row[j]]) & ~leaves[j]
    for j in range(len(row)):
        changes[j] = ((w1[j] < low[hours_row[j]]) | (w1[j] >= high[hours_row[j]])) & ~leaves[j] & hours_on
    for j in range(len(row)):
        acts[j] = (w2[j] < special[j]) & ~leaves[j] & ~moves[j]
        has_term[j] = (row[j] & np.uint32(3) == np.uint32(APPOINTABLE)) & ~leaves[j] & terms_on


@compiled
def _listed(w, what, size):
    """List where a flag is up, without a branch that the processor would have to guess; return how many."""
    flags, listed, number = w.flags[what], w.listed[what], 0
    for j in range(size):
        listed[number] = j
        number += flags[j]
    return number


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
def _leave(t, w, start, listed, pd, holes, flows, heads):
    """Take out who leaves; return how many holes there are."""
    for number in range(listed):
        j = np.int64(w.listed[LEAVES, number])
        i, person = start + j, w.persons[start + j]
        cause, cell = _cause(t, w, i, j, pd), person[PLACE] * t.positions + person[POSITION]
        add(w, person, cell, AGES + t.years, -person[MILLI], -1)
        flows[cause, cell] -= person[MILLI]
        heads[1 + cause] += 1
        w.pool[HOLE, holes] = i
        holes += 1
    return holes


@compiled
def _cause(t, w, i, j, pd):
    """Return the cause of leaving."""
    row, word, cause = w.looked_up[ROW, i], w.words[j], 0
    exits = t.exits[pd, row // 4 * 2 + (row % 4 == YES)]
    for one in range(MOVE):
        cause += word >= exits[one]
    return RETIRE if w.looked_up[HOURS_ROW, i] >= OLDEST_ROW else cause


@compiled
def _change_hours(t, w, start, listed, pd, flows):
    """Give people the contract of another class of hours, where the class changes."""
    for number in range(listed):
        j = np.int64(w.listed[CHANGES, number])
        i, person = start + j, w.persons[start + j]
        row, word, new = np.int64(w.looked_up[HOURS_ROW, i]), w.words[WORD_1 + j], 0
        chances = t.hours[pd, row]
        for one in range(HOURS_CLASSES - 1):
            new += word >= chances[one]
        if new != row % HOURS_CLASSES:
            cell, more = person[PLACE] * t.positions + person[POSITION], (new + 1) * HOURS_STEP - person[MILLI]
            add(w, person, cell, AGES + t.years, more, 0)
            flows[HOURS, cell] += more
            person[MILLI] += more
            w.looked_up[HOURS_ROW, i] = row - row % HOURS_CLASSES + new


@compiled
def _act(t, w, key, draw, calendar, start, listed, pd, switchers):
    """List who would switch to a second position, and let people finish one; return how many would switch."""
    for number in range(listed):
        j = np.int64(w.listed[ACTS, number])
        i, person = start + j, w.persons[start + j]
        if person[SECOND] != NONE:
            w.keys[1, switchers] = key_of(w.words[WORD_3 + j], w.looked_up[IDS, i])
            w.pool[SWITCHER, switchers] = i
            switchers += 1
        elif person[GOOD] == YES:
            word = more_words(w.looked_up[IDS, i], calendar, draw, key)[1]
            second = class_of(t.second_of[person[POSITION]], word)
            if second != person[POSITION]:
                person[SECOND] = second
                set_special(t, w, i, person, pd)
    return switchers


@compiled
def _run_terms(t, w, key, draw, calendar, start, listed, pd):
    """Let people qualify, or come a year closer to the end of their legal term."""
    for number in range(listed):
        j = np.int64(w.listed[HAS_TERM, number])
        i, person, word = start + j, w.persons[start + j], w.words[WORD_2 + j]
        if person[TERM] == OPEN_TERM:
            continue
        if person[SECOND] != NONE:  # then the word tells whether to switch
            word = more_words(w.looked_up[IDS, i], calendar, draw, key)[0]
        person[TERM] -= 1
        good = YES if word < t.chances[pd, QUALIFIES] else APPOINTABLE if person[TERM] > 0 else NO
        if good != APPOINTABLE:
            cell = person[PLACE] * t.positions + person[POSITION]
            w.stock[APPOINTABLE, cell] -= person[MILLI]
            w.stock[good, cell] += person[MILLI]
            person[GOOD], person[TERM] = good, 0
            w.looked_up[ROW, i] = np.uint32(w.looked_up[ROW, i] + good - APPOINTABLE)


@compiled
def _enter_pool(t, w, start, listed, entries, flows):
    """Let those who move inside the region enter the pool; return how many entries it has."""
    for number in range(listed):
        j = np.int64(w.listed[MOVING, number])
        i, person = start + j, w.persons[start + j]
        cell = person[PLACE] * t.positions + person[POSITION]
        add(w, person, cell, AGES + t.years, -person[MILLI], -1)
        flows[MOVES, cell] -= person[MILLI]
        w.keys[0, entries] = key_of(w.words[WORD_3 + j], w.looked_up[IDS, i])
        w.pool[BUCKET, entries] = person[POSITION] * KINDS + (YES - person[GOOD])
        w.pool[HOME, entries], w.pool[HOURS_WISHED, entries] = person[PLACE], person[MILLI]
        w.pool[WHO, entries] = i
        entries += 1
    return entries


@compiled
def switch(t, w, pd, switchers, need, flows):
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
                flows[SWITCH, here] -= milli
                flows[SWITCH, there] += milli
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

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
    MAY_ACT,
    MAY_CHANGE,
    MAY_LEAVE,
    MILLI,
    MOVE,
    MOVER,
    MOVES,
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
    STAYS,
    SWITCH,
    SWITCHER,
    TERM,
    WALKS,
    WHO,
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
        may_leave, may_change, may_act = _list_events(w, start, size, t.looks[pd], t.bounds[pd, 0], t.bounds[pd, 1])
        holes, terms, movers = _leave(t, w, start, may_leave, pd, year, holes, flows, heads)
        if t.hours_on:
            _change_hours(t, w, start, may_change, pd, year, flows)
        switchers = _act(t, w, key, draw, calendar, start, may_act, pd, switchers)
        if t.terms_on:
            _run_terms(t, w, key, draw, calendar, start, terms, pd)
        entries = _enter_pool(t, w, start, movers, year, entries, flows)
        _grow_older(w.looked_up, start, size, np.uint32(t.classes * 16))
    return holes, entries, switchers


@compiled
def _list_events(w, start, size, looks, low, high):
    """List to whom something may happen; nobody is missed, some turn out to keep what they have. Return how many."""
    row, hours_row = w.looked_up[ROW, start : start + size], w.looked_up[HOURS_ROW, start : start + size]
    special, w0, w1, w2 = w.looked_up[SPECIAL, start : start + size], w.words[0], w.words[1], w.words[2]
    leave, change, act, fate = w.flags[MAY_LEAVE], w.flags[MAY_CHANGE], w.flags[MAY_ACT], w.fate
    for j in range(len(row)):
        leave[j] = w0[j] <= looks[row[j]]
    for j in range(len(row)):
        change[j] = (w1[j] < low[hours_row[j]]) | (w1[j] >= high[hours_row[j]])
    for j in range(len(row)):
        act[j] = w2[j] < special[j]
        fate[j] = STAYS
    return (
        _listed(leave, len(row), w.listed[MAY_LEAVE]), _listed(change, len(row), w.listed[MAY_CHANGE]),
        _listed(act, len(row), w.listed[MAY_ACT]),
    )  # fmt: skip


@compiled
def _listed(flags, size, listed):
    """List where the flags are, without a branch that the processor would have to guess."""
    number = 0
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
def _leave(t, w, start, listed, pd, year, holes, flows, heads):
    """Take out who leaves; return how many holes there are, and list who has a legal term and who moves."""
    terms = movers = 0
    for number in range(listed):
        j = np.int64(w.listed[MAY_LEAVE, number])
        i, person = start + j, w.persons[start + j]
        cause = _cause(t, w.looked_up[ROW, i], w.looked_up[HOURS_ROW, i], w.words[0, j], pd)
        if cause < MOVE:
            cell = person[PLACE] * t.positions + person[POSITION]
            add(w, person, cell, AGES + t.years, -person[MILLI], -1)
            flows[cell, year - 1, cause] -= person[MILLI]
            heads[year - 1, 1 + cause] += 1
            w.pool[HOLE, holes] = i
            holes += 1
            w.fate[j] = LEAVES
        else:
            w.listed[HAS_TERM, terms], w.listed[MOVER, movers] = j, j
            terms += person[GOOD] == APPOINTABLE
            movers += cause == MOVE
            w.fate[j] = WALKS if cause == MOVE else STAYS
    return holes, terms, movers


@compiled
def _cause(t, row, hours_row, word, pd):
    """Return the cause of leaving, or how many causes there are for who stays."""
    exits, cause = t.exits[pd, row // 4 * 2 + (row % 4 == YES)], 0
    for one in range(EXITS):
        cause += word >= exits[one]
    return RETIRE if hours_row >= OLDEST_ROW else cause


@compiled
def _change_hours(t, w, start, listed, pd, year, flows):
    """Give people the contract of another class of hours, where the class changes."""
    for number in range(listed):
        j = np.int64(w.listed[MAY_CHANGE, number])
        if w.fate[j] == LEAVES:
            continue
        i, person = start + j, w.persons[start + j]
        row, word, new = np.int64(w.looked_up[HOURS_ROW, i]), w.words[1, j], 0
        chances = t.hours[pd, row]
        for one in range(HOURS_CLASSES - 1):
            new += word >= chances[one]
        if new != row % HOURS_CLASSES:
            cell, more = person[PLACE] * t.positions + person[POSITION], (new + 1) * HOURS_STEP - person[MILLI]
            add(w, person, cell, AGES + t.years, more, 0)
            flows[cell, year - 1, HOURS] += more
            person[MILLI] += more
            w.looked_up[HOURS_ROW, i] = row - row % HOURS_CLASSES + new


@compiled
def _act(t, w, key, draw, calendar, start, listed, pd, switchers):
    """List who would switch to a second position, and let people finish one; return how many would switch."""
    for number in range(listed):
        j = np.int64(w.listed[MAY_ACT, number])
        i, person = start + j, w.persons[start + j]
        if w.fate[j] != STAYS:
            continue
        if person[SECOND] != NONE:
            w.keys[1, switchers] = key_of(w.words[3, j], w.looked_up[IDS, i])
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
        i, person, word = start + j, w.persons[start + j], w.words[2, j]
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
def _enter_pool(t, w, start, listed, year, entries, flows):
    """Let those who move inside the region enter the pool; return how many entries it has."""
    for number in range(listed):
        j = np.int64(w.listed[MOVER, number])
        i, person = start + j, w.persons[start + j]
        cell = person[PLACE] * t.positions + person[POSITION]
        add(w, person, cell, AGES + t.years, -person[MILLI], -1)
        flows[cell, year - 1, MOVES] -= person[MILLI]
        w.keys[0, entries] = key_of(w.words[3, j], w.looked_up[IDS, i])
        w.pool[BUCKET, entries] = person[POSITION] * KINDS + (YES - person[GOOD])
        w.pool[HOME, entries], w.pool[HOURS_WISHED, entries] = person[PLACE], person[MILLI]
        w.pool[WHO, entries] = i
        entries += 1
    return entries


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

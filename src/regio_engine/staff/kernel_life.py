"""A year in the life of everybody in one draw, compiled: leaving, hours, terms, second qualifications, switching.

Words are made for a block of persons at a time. Who is touched by anything is listed first, without a branch that the
processor would have to guess; of those few, what happens is listed per kind of event.
"""

import numpy as np

from regio_engine.staff.contract import AGES, HOURS_CLASSES, NONE, OPEN_TERM
from regio_engine.staff.kernel_parts import (
    APPOINTABLE,
    HOURS,
    MOVE,
    MOVES,
    NO,
    OLDEST_ROW,
    PURPOSE_PERSON,
    RETIRE,
    SWITCH,
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
from regio_engine.staff.kernel_tables import (
    ACTS,
    ANYTHING,
    BLOCK,
    BUCKET,
    CHANGES,
    GOOD,
    HAS_TERM,
    HOLE,
    HOME,
    HOURS_ROW,
    HOURS_STEP,
    HOURS_WISHED,
    IDS,
    LEAVES,
    MARKET,
    MILLI,
    MOVING,
    PLACE,
    POSITION,
    QUALIFIES,
    ROW,
    SECOND,
    SPECIAL,
    SWITCHER,
    TERM,
    WHO,
)


@compiled
def live(t, w, key, draw, year, pd, n, flows, heads):
    """Let everybody live through a year; return how many holes, entries of the pool and switchers there are."""
    calendar = np.uint32(t.base_year + year)
    holes = entries = switchers = np.int64(0)
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        make_words(w.looked_up[IDS], start, size, calendar, draw, PURPOSE_PERSON, key, w.words)
        touched = _list_touched(t, w, start, size, pd)
        leaving, moving, changing, acting, with_term = _list_events(t, w, start, touched, pd)
        holes = _leave(t, w, start, leaving, pd, holes, flows, heads)
        _change_hours(t, w, start, changing, pd, flows)
        switchers = _act(t, w, key, draw, calendar, start, acting, pd, switchers)
        _run_terms(t, w, key, draw, calendar, start, with_term, pd)
        entries = _enter_pool(t, w, start, moving, entries, flows)
        _grow_older(w.looked_up[ROW], w.looked_up[HOURS_ROW], start, size, np.uint32(t.classes * 16))
    return holes, entries, switchers


@compiled
def _list_touched(t, w, start, size, pd):
    """List to whom of a block anything may happen, and some others; return how many these are."""
    row, hours_row = w.looked_up[ROW, start : start + size], w.looked_up[HOURS_ROW, start : start + size]
    special, touched, touches, edges = (
        w.looked_up[SPECIAL, start : start + size],
        w.listed[ANYTHING],
        t.touches[pd],
        t.edges[pd],
    )
    w0, w1, w2, number = w.words[:WORD_1], w.words[WORD_1:WORD_2], w.words[WORD_2:WORD_3], np.uint64(0)
    for j in range(len(row)):
        touched[number] = j
        to_edge = min(w1[j], ~w1[j])
        number += np.uint64((w0[j] <= touches[row[j]]) | (to_edge <= edges[hours_row[j]]) | (w2[j] < special[j]))
    return np.int64(number)


@compiled
def _list_events(t, w, start, touched, pd):
    """List to whom what happens, without branches; of hours some turn out to stay as they are."""
    gone, stays, low, high = t.leaves[pd, 0], t.leaves[pd, 1], t.bounds[pd, 0], t.bounds[pd, 1]
    leaving = moving = changing = acting = with_term = np.int64(0)
    for number in range(touched):
        j = np.int64(w.listed[ANYTHING, number])
        row, hours, special = (
            w.looked_up[ROW, start + j],
            w.looked_up[HOURS_ROW, start + j],
            w.looked_up[SPECIAL, start + j],
        )
        w0, w1, w2 = w.words[j], w.words[WORD_1 + j], w.words[WORD_2 + j]
        leaves = (w0 < gone[row]) | (hours >= OLDEST_ROW)
        moves = (w0 < stays[row]) & ~leaves
        w.listed[LEAVES, leaving] = j
        leaving += leaves
        w.listed[MOVING, moving] = j
        moving += moves
        w.listed[CHANGES, changing] = j
        changing += ((w1 < low[hours]) | (w1 >= high[hours])) & ~leaves & t.hours_on
        w.listed[ACTS, acting] = j
        acting += (w2 < special) & ~leaves & ~moves
        w.listed[HAS_TERM, with_term] = j
        with_term += (row & np.uint32(3) == np.uint32(APPOINTABLE)) & ~leaves & t.terms_on
    return leaving, moving, changing, acting, with_term


@compiled
def _grow_older(rows, hours_rows, start, size, step):
    """Let rows tell of an age and a tenure that are a year further (tenure stops at its last class)."""
    row, hours_row = rows[start : start + size], hours_rows[start : start + size]
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
            second = class_of(t.second_of[person[POSITION]], word, t.positions - 1)
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
        w.pool[BUCKET, entries] = (YES - person[GOOD]) * t.positions + person[POSITION]
        w.pool[MARKET, entries] = person[POSITION]
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

"""Filling the pool of one draw, compiled: candidates, order of market, kind and priority, nearest opening, covers.

Whoever left made a hole that the next one hired fills; nothing depends on the order in which persons stand.
"""

import numpy as np

from regio_engine.staff.contract import AGES, HOURS_CLASSES, NONE
from regio_engine.staff.kernel_parts import (
    BLOCK,
    BORN,
    BUCKET,
    FAR,
    FIRST_SOURCE,
    GOOD,
    HIRED,
    HOLE,
    HOME,
    HOURS,
    HOURS_ROW,
    HOURS_STEP,
    HOURS_WISHED,
    IDS,
    KINDS,
    LEFT,
    MILLI,
    MOVES,
    NEW_GOOD,
    NEW_SCALE,
    NEW_TENURE,
    NEW_TERM,
    ORDER,
    PLACE,
    POSITION,
    PURPOSE_CANDIDATE,
    PURPOSE_SUPPLY_0,
    PURPOSE_SUPPLY_1,
    ROW,
    SCALE,
    SECOND,
    SHARED,
    SOURCES,
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
    settle,
    share,
    surplus,
)
from regio_engine.staff.tables import SOURCE_SHIFT, YEAR_MASK, YEAR_SHIFT


@compiled
def gather_candidates(t, w, key, draw, year, pd, entries):
    """Add the candidates of this year to the pool; return how many entries it then has."""
    calendar, first = np.uint32(t.base_year + year), entries
    for half in range(2):
        purpose = PURPOSE_SUPPLY_0 if half == 0 else PURPOSE_SUPPLY_1
        for start in range(0, t.positions, BLOCK):
            size = min(BLOCK, t.positions - start)
            make_words(t.position_keys[0], start, size, calendar, draw, purpose, key, w.words)
            for position in range(start, start + size):
                for source in range(4 * half, min(4 * half + 4, SOURCES)):
                    word = w.words[source % 4 * BLOCK + position - start]
                    entries = _add_candidates(t, w, calendar, year, pd, position, source, word, entries)
    for start in range(first, entries, BLOCK):
        size = min(BLOCK, entries - start)
        make_words(w.age_words, start, size, calendar, draw, PURPOSE_CANDIDATE, key, w.words)
        for j in range(size):
            entry = start + j
            w.keys[0, entry] = key_of(w.words[WORD_3 + j], w.age_words[entry])
            w.age_words[entry] = w.words[j]
            hours = class_of(t.new_hours[-1 - w.pool[WHO, entry]], w.words[WORD_1 + j])
            w.pool[HOURS_WISHED, entry] = (hours + 1) * HOURS_STEP
            w.pool[HOME, entry] = class_of(t.homes, w.words[WORD_2 + j])
    return entries


@compiled
def _add_candidates(t, w, calendar, year, pd, position, source, word, entries):
    """Add the candidates of one source and position, as many as the word tells; return how many entries there are."""
    table, candidates = t.count_row[pd, year - 1, position, source], 0
    begin, end = t.count_from[table], t.count_from[table + 1]
    while begin + candidates < end and word >= t.counts[begin + candidates]:
        candidates += 1
    year_bits = np.uint32((calendar & np.uint32(YEAR_MASK)) << np.uint32(YEAR_SHIFT))
    bits = t.position_keys[1, position] | np.uint32(source << SOURCE_SHIFT) | year_bits
    for k in range(candidates):
        w.age_words[entries] = bits | np.uint32(k)
        w.pool[BUCKET, entries] = position * KINDS + (YES - t.new[source, NEW_GOOD])
        w.pool[WHO, entries] = -1 - source
        entries += 1
    return entries


@compiled
def match(t, w, year, pd, entries, holes, n, need, flows, heads):
    """Give the pool its places, kind by kind; return how many holes are left and how many entries persons have."""
    share(t, w, need)
    _find_gaps(t, w, need)
    _put_in_order(w, entries)
    left = 0
    for kind in range(KINDS):
        for position in range(t.positions):
            bucket = position * KINDS + kind
            for number in range(w.starts[bucket], w.starts[bucket + 1]):
                entry = w.pool[ORDER, number]
                home, who = w.pool[HOME, entry], w.pool[WHO, entry]
                place = _nearest_open(t, w, home, position, np.int64(who >= 0))
                if who >= 0:
                    _place_mover(t, w, pd, entry, place, flows)
                elif place != NONE:
                    holes, n = _hire(t, w, year, pd, entry, place, position, holes, n, flows, heads)
                elif kind == 0 and t.cover_offsets[position + 1] > t.cover_offsets[position]:
                    left = _add_left(w, left, entry)
        if kind == 0:
            for number in range(left):
                entry = w.pool[LEFT, number]
                place, position = _nearest_cover(t, w, entry)
                if place != NONE:
                    holes, n = _hire(t, w, year, pd, entry, place, position, holes, n, flows, heads)
    return holes, n


@compiled
def _find_gaps(t, w, need):
    for place in range(t.places):
        for position in range(t.positions):
            cell = place * t.positions + position
            w.gap[position, place] = -surplus(w, need, cell) - w.stock[SHARED, cell]


@compiled
def _put_in_order(w, entries):
    """Sort the pool by market and kind, then by priority."""
    starts, order, buckets = w.starts, w.pool[ORDER], w.pool[BUCKET]
    starts[:] = 0
    for entry in range(entries):
        starts[buckets[entry] + 1] += 1
    for bucket in range(1, len(starts)):
        starts[bucket] += starts[bucket - 1]
    # Each entry is put before those of its bucket that come after it; starts move on as buckets fill, and back after.
    for entry in range(entries):
        j = starts[buckets[entry]]
        starts[buckets[entry]] = j + 1
        order[j] = entry
    for bucket in range(len(starts) - 1, 0, -1):
        starts[bucket] = starts[bucket - 1]
    starts[0] = 0
    for bucket in range(len(starts) - 1):
        for i in range(starts[bucket] + 1, starts[bucket + 1]):
            entry, j = order[i], i
            while j > starts[bucket] and w.keys[0, order[j - 1]] > w.keys[0, entry]:
                order[j] = order[j - 1]
                j -= 1
            order[j] = entry


@compiled
def _add_left(w, left, entry):
    """Add a qualified candidate for whom the own market has nothing, by priority; return how many these are."""
    j = left
    while j > 0 and w.keys[0, w.pool[LEFT, j - 1]] > w.keys[0, entry]:
        w.pool[LEFT, j] = w.pool[LEFT, j - 1]
        j -= 1
    w.pool[LEFT, j] = entry
    return left + 1


@compiled
def _nearest_open(t, w, home, position, first):
    """Return the nearest place with an opening in this market, or NONE; `first` 1 leaves out the home itself.

    All places are looked at: that is quicker than guessing where the search will end.
    """
    gap, rank, smallest, best = w.gap[position], t.rank[home], t.smallest, np.int64(FAR)
    for place in range(len(rank)):
        here = np.int64(rank[place])
        best = min(best, here if (gap[place] >= smallest) & (here >= first) else np.int64(FAR))
    return np.int64(t.nearest[home, best]) if best < FAR else np.int64(NONE)


@compiled
def _nearest_cover(t, w, entry):
    """Return the nearest place and the first position there that a candidate may cover, or NONE twice."""
    own = w.pool[BUCKET, entry] // KINDS
    for rank in range(t.places):
        place = t.nearest[w.pool[HOME, entry], rank]
        if place == NONE:
            break
        for number in range(t.cover_offsets[own], t.cover_offsets[own + 1]):
            position = t.cover_positions[number]
            if w.gap[position, place] >= t.smallest:
                return np.int64(place), np.int64(position)
    return np.int64(NONE), np.int64(NONE)


@compiled
def _place_mover(t, w, pd, entry, place, flows):
    """Let someone who moves start at a place, or return to where they came from."""
    i = np.int64(w.pool[WHO, entry])
    person, milli = w.persons[i], np.int64(w.pool[HOURS_WISHED, entry])
    position, contract = np.int64(person[POSITION]), milli
    if place == NONE:
        place = np.int64(person[PLACE])
    else:
        contract = min(milli, np.int64(w.gap[position, place]))
    w.gap[position, place] -= contract
    cell = place * t.positions + position
    flows[MOVES, cell] += milli
    flows[HOURS, cell] += contract - milli
    age, tenure = np.int64(w.looked_up[HOURS_ROW, i]) // HOURS_CLASSES, np.int64(w.looked_up[ROW, i]) // 4 % 4
    person[PLACE], person[MILLI] = place, contract
    settle(t, w, i, person, age, tenure, pd)
    add(w, person, cell, AGES + t.years, contract, 1)


@compiled
def _hire(t, w, year, pd, entry, place, position, holes, n, flows, heads):
    """Let a candidate start; return how many holes are left and how many entries persons have."""
    if holes:
        holes -= 1
        i = np.int64(w.pool[HOLE, holes])
    else:
        i = np.int64(n)
        n += 1
    source, own, person = -1 - w.pool[WHO, entry], w.pool[BUCKET, entry] // KINDS, w.persons[i]
    contract = min(np.int64(w.pool[HOURS_WISHED, entry]), np.int64(w.gap[position, place]))
    w.gap[position, place] -= contract
    age, cell = np.int64(class_of(t.new_ages[source], w.age_words[entry])), place * t.positions + position
    w.looked_up[IDS, i] = np.uint32(w.keys[0, entry])
    person[MILLI], person[PLACE], person[POSITION], person[BORN] = contract, place, position, age - year + t.years
    person[GOOD], person[TERM] = t.new[source, NEW_GOOD], t.new[source, NEW_TERM]
    person[SECOND], person[SCALE] = NONE if own == position else own, t.new[source, NEW_SCALE]
    settle(t, w, i, person, age, np.int64(t.new[source, NEW_TENURE]), pd)
    add(w, person, cell, AGES + t.years, contract, 1)
    flows[FIRST_SOURCE + source, cell] += contract
    heads[HIRED] += 1
    return holes, n


@compiled
def close_holes(w, holes, n):
    """Put the last persons into the holes that are left; return how many persons there are."""
    for number in range(holes - 1, -1, -1):
        i = w.pool[HOLE, number]
        n -= 1
        if i != n:
            for row in range(len(w.looked_up)):
                w.looked_up[row, i] = w.looked_up[row, n]
            for column in range(w.persons.shape[1]):
                w.persons[i, column] = w.persons[n, column]
    return n

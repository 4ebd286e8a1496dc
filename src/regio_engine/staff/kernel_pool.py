"""Filling the pool of one draw, compiled: candidates, order of market, kind and priority, nearest opening, covers.

Who goes where is decided first; then people start. Markets take turns: the first of each, then the second of each, so that
the processor need not wait for one decision before it begins on the next; markets do not touch each other.
"""

import numpy as np

from regio_engine.staff.contract import AGES, HOURS_CLASSES, NONE
from regio_engine.staff.kernel_books import balance
from regio_engine.staff.kernel_parts import (
    FIRST_SOURCE,
    HIRED,
    HOURS,
    MOVES,
    PURPOSE_CANDIDATE,
    PURPOSE_SUPPLY_0,
    PURPOSE_SUPPLY_1,
    SOURCES,
    WORD_1,
    WORD_2,
    WORD_3,
    YES,
    add,
    class_of,
    compiled,
    copy,
    key_of,
    make_words,
    settle,
)
from regio_engine.staff.kernel_tables import (
    BLOCK,
    BORN,
    BUCKET,
    CONTRACT,
    FAR,
    GOOD,
    HOLE,
    HOME,
    HOURS_ROW,
    HOURS_STEP,
    HOURS_WISHED,
    IDS,
    KINDS,
    LEFT,
    MARKET,
    MILLI,
    NEW_GOOD,
    NEW_SCALE,
    NEW_TENURE,
    NEW_TERM,
    ORDER,
    OVER,
    PLACE,
    PLACED,
    POSITION,
    ROW,
    SCALE,
    SECOND,
    TAKES,
    TERM,
    WHO,
)
from regio_engine.staff.tables import SOURCE_SHIFT, YEAR_MASK, YEAR_SHIFT

NOWHERE = np.int32(FAR)


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
            hours = class_of(t.new_hours[-1 - w.pool[WHO, entry]], w.words[WORD_1 + j], HOURS_CLASSES - 1)
            w.pool[HOURS_WISHED, entry] = (hours + 1) * HOURS_STEP
            w.pool[HOME, entry] = t.home_places[class_of(t.homes, w.words[WORD_2 + j], t.places - 1)]
    return entries


@compiled
def _add_candidates(t, w, calendar, year, pd, position, source, word, entries):
    """Add the candidates of one source and position, as many as the word tells; return how many entries there are."""
    table = t.count_row[pd, year - 1, position, source]
    candidates = class_of(t.counts[t.count_from[table] : t.count_from[table + 1]], word, t.count_most[table])
    year_bits = np.uint32((calendar & np.uint32(YEAR_MASK)) << np.uint32(YEAR_SHIFT))
    bits = t.position_keys[1, position] | np.uint32(source << SOURCE_SHIFT) | year_bits
    for k in range(candidates):
        w.age_words[entries] = bits | np.uint32(k)
        w.pool[BUCKET, entries] = (YES - t.new[source, NEW_GOOD]) * t.positions + position
        w.pool[MARKET, entries] = position
        w.pool[WHO, entries] = -1 - source
        entries += 1
    return entries


@compiled
def match(t, w, year, pd, movers, entries, holes, n, need, flows, heads):
    """Give the pool its places, kind by kind; return how many holes are left and how many entries persons have."""
    balance(t, w, need)
    _find_gaps(t, w)
    _put_in_order(w, entries)
    for kind in range(KINDS):
        _choose(t, w, kind)
        if kind == 0 and len(t.cover_positions):
            _choose_covers(t, w)
    for entry in range(movers):
        _place_mover(t, w, pd, entry, flows)
    for entry in range(movers, entries):
        if w.pool[PLACED, entry] != NONE:
            holes, n = _hire(t, w, year, pd, entry, holes, n, flows, heads)
    return holes, n


@compiled
def _find_gaps(t, w):
    for place in range(t.places):
        for position in range(t.positions):
            w.gap[position, place] = -w.stock[OVER, place * t.positions + position]


@compiled
def _put_in_order(w, entries):
    """Sort the pool by kind and market, then by priority."""
    starts, ends, order, buckets = w.starts[0], w.starts[1], w.pool[ORDER], w.pool[BUCKET]
    keys, sorted_keys = w.keys[0], w.keys[2]
    starts[:] = 0
    for entry in range(entries):
        starts[buckets[entry] + 1] += 1
    for bucket in range(1, len(starts)):
        starts[bucket] += starts[bucket - 1]
    copy(ends, starts)
    for entry in range(entries):
        key, bucket = keys[entry], buckets[entry]
        first, j = starts[bucket], np.int64(ends[bucket])
        ends[bucket] = j + 1
        while j > first and sorted_keys[j - 1] > key:
            sorted_keys[j], order[j] = sorted_keys[j - 1], order[j - 1]
            j -= 1
        sorted_keys[j], order[j] = key, entry


@compiled
def _choose(t, w, kind):
    """Let everybody of a kind choose a place in the own market, by priority; markets take turns."""
    first, looking, begins, ends = kind * t.positions, np.int64(0), w.starts[0], w.starts[1]
    for position in range(t.positions):
        ends[position] = begins[first + position]
        w.markets[looking] = position
        looking += begins[first + position + 1] > begins[first + position]
    while looking:
        still = np.int64(0)
        for number in range(looking):
            position = np.int64(w.markets[number])
            turn = np.int64(ends[position])
            _choose_nearest(t, w, np.int64(w.pool[ORDER, turn]), position)
            ends[position] = turn + 1
            w.markets[still] = position
            still += turn + 1 < begins[first + position + 1]
        looking = still


@compiled
def _choose_nearest(t, w, entry, position):
    """Let one choose the nearest place with an opening; a mover does not choose the home, but returns to it when nothing is open."""
    home, wished, moves = np.int64(w.pool[HOME, entry]), np.int64(w.pool[HOURS_WISHED, entry]), w.pool[WHO, entry] >= 0
    nearest = _nearest_open(w.gap[position], t.rank[home], np.int32(t.smallest), np.int32(moves))
    found = nearest < FAR
    place = np.int64(t.nearest[home, nearest if found else 0])
    contract = min(wished, np.int64(w.gap[position, place])) if found else wished * np.int64(moves)
    w.gap[position, place] -= contract
    w.pool[PLACED, entry] = place if found | moves else NONE
    w.pool[TAKES, entry], w.pool[CONTRACT, entry] = position, contract


@compiled
def _nearest_open(gap, rank, smallest, first):
    """Return the rank of the nearest place with an opening, FAR where there is none; `first` 1 leaves out the home itself.

    All places are looked at: that is quicker than guessing where the search will end.
    """
    best = NOWHERE
    for place in range(len(rank)):
        here = rank[place]
        best = min(best, here if (gap[place] >= smallest) & (here >= first) else NOWHERE)
    return np.int64(best)


@compiled
def _choose_covers(t, w):
    """Let the qualified for whom the own market has nothing choose what they may cover, by priority."""
    left = np.int64(0)
    for number in range(w.starts[0, t.positions]):
        entry = w.pool[ORDER, number]
        own = w.pool[MARKET, entry]
        if w.pool[PLACED, entry] == NONE and t.cover_offsets[own + 1] > t.cover_offsets[own]:
            left = _add_left(w, left, entry)
    for number in range(left):
        entry = w.pool[LEFT, number]
        place, position = _nearest_cover(t, w, entry)
        if place != NONE:
            contract = min(w.pool[HOURS_WISHED, entry], w.gap[position, place])
            w.gap[position, place] -= contract
            w.pool[PLACED, entry], w.pool[TAKES, entry], w.pool[CONTRACT, entry] = place, position, contract


@compiled
def _add_left(w, left, entry):
    """Add somebody who has found nothing, by priority; return how many these are."""
    j = left
    while j > 0 and w.keys[0, w.pool[LEFT, j - 1]] > w.keys[0, entry]:
        w.pool[LEFT, j] = w.pool[LEFT, j - 1]
        j -= 1
    w.pool[LEFT, j] = entry
    return left + 1


@compiled
def _nearest_cover(t, w, entry):
    """Return the nearest place and the first position there that a candidate may cover, or NONE twice."""
    own = w.pool[MARKET, entry]
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
def _place_mover(t, w, pd, entry, flows):
    """Let someone who moves start at the place that was found, or return."""
    i = np.int64(w.pool[WHO, entry])
    place, contract, person = np.int64(w.pool[PLACED, entry]), np.int64(w.pool[CONTRACT, entry]), w.persons[i]
    cell, milli = place * t.positions + person[POSITION], person[MILLI]
    flows[MOVES, cell] += milli
    flows[HOURS, cell] += contract - milli
    age, tenure = np.int64(w.looked_up[HOURS_ROW, i]) // HOURS_CLASSES, np.int64(w.looked_up[ROW, i]) // 4 % 4
    person[PLACE], person[MILLI] = place, contract
    settle(t, w, i, person, age, tenure, pd)
    add(w, person, cell, AGES + t.years, contract, 1)


@compiled
def _hire(t, w, year, pd, entry, holes, n, flows, heads):
    """Let a candidate start; return how many holes are left and how many entries persons have."""
    if holes:
        holes -= 1
        i = np.int64(w.pool[HOLE, holes])
    else:
        i = np.int64(n)
        n += 1
    source, own, person = -1 - w.pool[WHO, entry], w.pool[MARKET, entry], w.persons[i]
    place, position, contract = w.pool[PLACED, entry], w.pool[TAKES, entry], w.pool[CONTRACT, entry]
    age = class_of(t.new_ages[source], w.age_words[entry], AGES - 1)
    cell = np.int64(place) * t.positions + position
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

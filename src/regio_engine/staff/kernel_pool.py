"""Filling the pool of one draw, compiled: candidates, order of market, class and priority, nearest opening, covers.

Whoever left made a hole that the next one hired fills; nothing depends on the order in which persons stand.
"""

import numpy as np

from regio_engine.staff.contract import HOURS_CLASSES, NONE
from regio_engine.staff.kernel_parts import (
    CLASSES_OF_POOL,
    EXITS,
    FIRST_SOURCE,
    HOURS,
    HOURS_STEP,
    MOVES,
    PURPOSE_CANDIDATE,
    PURPOSE_SUPPLY_0,
    PURPOSE_SUPPLY_1,
    SOURCES,
    YES,
    class_of,
    compiled,
    count,
    make_words,
    settle,
    surplus,
)
from regio_engine.staff.tables import SOURCE_SHIFT, YEAR_MASK, YEAR_SHIFT


@compiled
def gather_candidates(t, k0, k1, draw, calendar, pd, year, entries, pool, words):
    """Add this year's candidates to the pool; return how many entries it then has."""
    first = entries
    for half in range(2):
        purpose = PURPOSE_SUPPLY_0 if half == 0 else PURPOSE_SUPPLY_1
        make_words(
            t.position_ids, 0, t.positions, calendar, draw, purpose, k0, k1, words.w0, words.w1, words.w2, words.w3
        )
        for position in range(t.positions):
            for source in range(4 * half, min(4 * half + 4, SOURCES)):
                word = words.w0[position]
                if source % 4 == 1:
                    word = words.w1[position]
                elif source % 4 == 2:
                    word = words.w2[position]
                elif source % 4 == 3:
                    word = words.w3[position]
                table = t.count_row[pd, year - 1, position, source]
                begin, end = t.count_from[table], t.count_from[table + 1]
                number = begin
                while number < end and word >= t.counts[number]:
                    number += 1
                base = (
                    t.position_bits[position]
                    | np.uint32(source << SOURCE_SHIFT)
                    | np.uint32((calendar & YEAR_MASK) << YEAR_SHIFT)
                )
                for k in range(number - begin):
                    pool.word[entries] = np.uint32(base | np.uint32(k))
                    pool.bucket[entries] = position * CLASSES_OF_POOL + (YES - t.new_qualified[source])
                    pool.who[entries] = -1 - source
                    entries += 1
    make_words(
        pool.word,
        first,
        entries - first,
        calendar,
        draw,
        PURPOSE_CANDIDATE,
        k0,
        k1,
        words.w0,
        words.w1,
        words.w2,
        words.w3,
    )
    for number in range(first, entries):
        j = number - first
        pool.key[number] = np.uint64(words.w3[j]) << np.uint64(32) | np.uint64(pool.word[number])
        pool.milli[number] = (class_of(t.new_hours[-1 - pool.who[number]], words.w1[j]) + 1) * HOURS_STEP
        pool.home[number] = class_of(t.homes, words.w2[j])
        pool.word[number] = words.w0[j]
    return entries


@compiled
def match(t, pd, year, entries, holes, n, p, balance, pool, need, flows, heads):
    """Give the pool its places, class by class; return how many holes are left and how many entries persons have."""
    _find_gaps(t, balance, need)
    _put_in_order(t, pool, entries)
    left = 0
    for rank in range(CLASSES_OF_POOL):
        for position in range(t.positions):
            bucket = position * CLASSES_OF_POOL + rank
            for number in range(pool.starts[bucket], pool.starts[bucket + 1]):
                entry = pool.order[number]
                home, who = pool.home[entry], pool.who[entry]
                place = _nearest_open(t, balance, home, position, home if who >= 0 else NONE)
                if who >= 0:
                    _place_mover(t, p, balance, pool, entry, place, year, flows, pd)
                elif place != NONE:
                    holes, n = _hire(t, p, balance, pool, entry, place, position, year, holes, n, flows, heads, pd)
                elif rank == 0 and t.cover_offsets[position + 1] > t.cover_offsets[position]:
                    pool.left[left] = entry
                    left += 1
        if rank == 0 and left:
            holes, n = _cover(t, pd, year, left, holes, n, p, balance, pool, flows, heads)
    return holes, n


@compiled
def _find_gaps(t, balance, need):
    balance.open[:] = 0
    for place in range(t.places):
        for position in range(t.positions):
            gap = -surplus(balance, need, place * t.positions + position)
            balance.gap[position, place] = gap
            balance.open[position] += gap >= t.smallest


@compiled
def _put_in_order(t, pool, entries):
    """Sort the pool by market and class, then by priority."""
    starts = pool.starts
    starts[:] = 0
    for entry in range(entries):
        starts[pool.bucket[entry] + 1] += 1
    for bucket in range(len(starts) - 1):
        starts[bucket + 1] += starts[bucket]
    for entry in range(entries):
        bucket = pool.bucket[entry]
        pool.order[starts[bucket]] = entry
        starts[bucket] += 1
    for bucket in range(len(starts) - 1, 0, -1):
        starts[bucket] = starts[bucket - 1]
    starts[0] = 0
    for bucket in range(len(starts) - 1):
        for i in range(starts[bucket] + 1, starts[bucket + 1]):
            entry = pool.order[i]
            key, j = pool.key[entry], i
            while j > starts[bucket] and pool.key[pool.order[j - 1]] > key:
                pool.order[j] = pool.order[j - 1]
                j -= 1
            pool.order[j] = entry


@compiled
def _nearest_open(t, balance, home, position, not_here):
    """Return the nearest place with an opening in this market, or NONE."""
    if balance.open[position] == 0:
        return NONE
    for rank in range(t.places):
        place = t.nearest[home, rank]
        if place == NONE:
            return NONE
        if place != not_here and balance.gap[position, place] >= t.smallest:
            return np.int64(place)
    return NONE


@compiled
def _take(t, balance, position, place, milli):
    """Take so much of an opening."""
    gap = balance.gap[position, place]
    balance.gap[position, place] = gap - milli
    balance.open[position] -= (gap >= t.smallest) and (gap - milli < t.smallest)


@compiled
def _place_mover(t, p, balance, pool, entry, place, year, flows, pd):
    """Let someone who moves start at a place, or return to where they came from."""
    i, milli = pool.who[entry], pool.milli[entry]
    position, flow = p.position[i], year - 1
    if place == NONE:
        place = np.int64(p.place[i])
        _take(t, balance, position, place, milli)
        flows[place * t.positions + position, flow, MOVES] += milli
    else:
        contract = min(milli, balance.gap[position, place])
        _take(t, balance, position, place, contract)
        flows[place * t.positions + position, flow, MOVES] += milli
        flows[place * t.positions + position, flow, HOURS] += contract - milli
        age, tenure = p.hours_row[i] // HOURS_CLASSES, p.row[i] // 2 % 4
        p.place[i], p.milli[i] = place, contract
        settle(t, p, i, age, tenure, pd)
    count(p, balance, i, 1, t.positions)


@compiled
def _hire(t, p, balance, pool, entry, place, position, year, holes, n, flows, heads, pd):
    """Let a candidate start; return how many holes are left and how many entries persons have."""
    source = -1 - pool.who[entry]
    if holes:
        holes -= 1
        i = np.int64(pool.holes[holes])
    else:
        i = n
        n += 1
    contract = min(pool.milli[entry], balance.gap[position, place])
    _take(t, balance, position, place, contract)
    age = class_of(t.new_ages[source], pool.word[entry])
    p.ids[i] = np.uint32(pool.key[entry])
    p.milli[i], p.place[i], p.position[i], p.born[i] = contract, place, position, age - year + t.years
    p.qualified[i], p.term[i], p.scale[i] = t.new_qualified[source], t.new_term[source], t.new_scale[source]
    own = pool.bucket[entry] // CLASSES_OF_POOL
    p.second[i] = NONE if own == position else own
    settle(t, p, i, age, t.new_tenure[source], pd)
    count(p, balance, i, 1, t.positions)
    flows[place * t.positions + position, year - 1, FIRST_SOURCE + source] += contract
    heads[year - 1, EXITS] += 1
    return holes, n


@compiled
def _cover(t, pd, year, left, holes, n, p, balance, pool, flows, heads):
    """Let the qualified for whom their own market has nothing fill what they cover, nearest first."""
    for i in range(1, left):
        entry, j = pool.left[i], i
        while j > 0 and pool.key[pool.left[j - 1]] > pool.key[entry]:
            pool.left[j] = pool.left[j - 1]
            j -= 1
        pool.left[j] = entry
    for number in range(left):
        entry = pool.left[number]
        own = pool.bucket[entry] // CLASSES_OF_POOL
        place, position = _nearest_cover(t, balance, pool.home[entry], own)
        if place != NONE:
            holes, n = _hire(t, p, balance, pool, entry, place, position, year, holes, n, flows, heads, pd)
    return holes, n


@compiled
def _nearest_cover(t, balance, home, own):
    for rank in range(t.places):
        place = t.nearest[home, rank]
        if place == NONE:
            break
        for number in range(t.cover_offsets[own], t.cover_offsets[own + 1]):
            position = t.cover_positions[number]
            if balance.gap[position, place] >= t.smallest:
                return np.int64(place), np.int64(position)
    return np.int64(NONE), np.int64(NONE)


@compiled
def close_holes(p, holes, count, n):
    """Put the last persons into the holes that are left; return how many persons there are."""
    for number in range(count - 1, -1, -1):
        i = holes[number]
        n -= 1
        if i != n:
            p.ids[i], p.row[i], p.hours_row[i], p.special[i] = p.ids[n], p.row[n], p.hours_row[n], p.special[n]
            p.milli[i], p.place[i], p.position[i], p.born[i] = p.milli[n], p.place[n], p.position[n], p.born[n]
            p.qualified[i], p.term[i], p.second[i], p.scale[i] = p.qualified[n], p.term[n], p.second[n], p.scale[n]
    return n

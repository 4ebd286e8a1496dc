"""The books of one draw and year, compiled: what colleagues share, what other subjects cover, what stays open.

Loops go over all cells, or all boards, at once and write one array each: only then is it cheap for the compiler to make
sure that arrays do not overlap, and are numbers taken many at a time.
"""

import numpy as np

from regio_engine.staff.kernel_parts import (
    APPOINTABLE,
    NEED,
    NO,
    OPEN,
    QUALIFIED,
    SHORTAGE,
    STOCK,
    SURPLUS,
    YES,
    compiled,
    copy,
    inlined,
)
from regio_engine.staff.kernel_tables import CANCELLED, COVER, COVERED, LENDS, NET, OVER, SHARED, WANTS


@compiled
def close_year(t, w, year, pd, written, filled):
    """Write the outputs of a year, and add to its sums over draws."""
    need, stock = written[NEED], w.stock
    balance(t, w, need)
    _cover(t, w, t.chances[pd, COVERED])
    _add(filled.lent[0, year], stock[COVER])
    _add(filled.lent[1, year], stock[SHARED])
    for place in range(t.places):
        _add(filled.of_place[year, place], w.of_place[place])
    _set_held(written[STOCK], need, stock[OVER], stock[COVER])
    _set_qualified(written[QUALIFIED], stock[YES], stock[SHARED], written[STOCK])
    _set_shortage(written[SHORTAGE], need, stock[APPOINTABLE], stock[YES], stock[SHARED])
    _set_open(written[OPEN], stock[OVER], stock[COVER], t.chances[pd, CANCELLED])
    _set_surplus(written[SURPLUS], stock[OVER], stock[COVER])


@compiled
def balance(t, w, need):
    """Let colleagues share; set what is then over in each cell, or lacks."""
    _share(t, w, need)
    _set_over(w.stock[OVER], need, w.stock[NO], w.stock[APPOINTABLE], w.stock[YES], w.stock[SHARED])


@compiled
def _share(t, w, need):
    """Let who is over at a place teach the same at other places of the board, in proportion, rounded by running sums."""
    layers, size, cells = t.layers, t.positions, t.layers[-1] * t.positions
    others, may, good = w.stock[NO, :cells], w.stock[APPOINTABLE, :cells], w.stock[YES, :cells]
    lends, wants, net, shared = (
        w.sums[LENDS, :cells],
        w.sums[WANTS, :cells],
        w.sums[NET, :cells],
        w.stock[SHARED, :cells],
    )
    _set_spare(lends, need, may, good)
    _set_lack(wants, need, others, may, good)
    for layer in range(len(layers) - 1):
        first, last = layers[layer] * size, layers[layer + 1] * size
        if layer:
            before = layers[layer - 1] * size
            _add(lends[first:last], lends[before : before + last - first])
            _add(wants[first:last], wants[before : before + last - first])
        copy(w.totals[0, : last - first], lends[first:last])
        copy(w.totals[1, : last - first], wants[first:last])
    for layer in range(len(layers) - 1):
        first, last = layers[layer] * size, layers[layer + 1] * size
        _set_net(
            net[first:last],
            lends[first:last],
            wants[first:last],
            w.totals[0, : last - first],
            w.totals[1, : last - first],
        )
        if layer:
            before = layers[layer - 1] * size
            _set_difference(shared[first:last], net[first:last], net[before : before + last - first])
        else:
            copy(shared[first:last], net[first:last])


@compiled
def _cover(t, w, covered):
    """Let what is over in the cells of a place cover what is open in others, in proportion, rounded by running sums."""
    lends, wants, net, size = w.sums[LENDS], w.sums[WANTS], w.sums[NET], t.positions
    _set_lendable(lends, w.stock[OVER], covered)
    _set_wanted(wants, w.stock[OVER])
    for first in range(0, len(net), size):
        lendable = _run_up(lends[first : first + size])
        wanted = _run_up(wants[first : first + size])
        if wanted <= lendable:
            _set_quotient(
                net[first : first + size], lends[first : first + size], wanted, lendable, wants[first : first + size]
            )
        else:
            _set_quotient(
                net[first : first + size], wants[first : first + size], lendable, wanted, lends[first : first + size]
            )
        _set_cover(
            w.stock[COVER, first : first + size], net[first : first + size], np.int64(1 - 2 * (wanted <= lendable))
        )


@inlined
def divided(product, total):
    """Return product // total, of whole numbers from 0 whose quotient fits into 32 bits; total is above 0.

    Found in floating point and set right with whole numbers: exact, and many at a time, which dividing is not.
    """
    quotient = np.int64(np.float64(product) / np.float64(total))
    rest = product - quotient * total
    return quotient + np.int64(rest >= total) - np.int64(rest < 0)


@compiled
def _set_net(net, lends, wants, lendable, wanted):
    """Set what each takes up to here minus what it lends, when as much as possible passes: all of the one, a part of the other."""
    for x in range(len(net)):
        more, less = max(lendable[x], wanted[x]), min(lendable[x], wanted[x])
        is_all_wanted = wanted[x] <= lendable[x]
        part = divided((lends[x] if is_all_wanted else wants[x]) * less, max(more, np.int64(1)))
        net[x] = wants[x] - part if is_all_wanted else part - lends[x]


@compiled
def _set_quotient(net, parts, less, more, others):
    """Set the part that passes of the one minus all of the other."""
    total = max(more, np.int64(1))
    for x in range(len(net)):
        net[x] = divided(parts[x] * less, total) - others[x]


@compiled
def _set_cover(cover, net, sign):
    """Set what each cell takes minus what it lends, from the same up to each."""
    cover[0] = sign * net[0]
    for x in range(1, len(net)):
        cover[x] = sign * (net[x] - net[x - 1])


@compiled
def _run_up(values):
    """Turn values into running sums; return the last."""
    total = np.int64(0)
    for x in range(len(values)):
        total += values[x]
        values[x] = total
    return total


@compiled
def _add(to, what):
    for x in range(len(to)):
        to[x] += what[x]


@compiled
def _set_difference(to, upto, before):
    for x in range(len(to)):
        to[x] = upto[x] - before[x]


@compiled
def _set_spare(spare, need, may, good):
    for x in range(len(spare)):
        spare[x] = max(np.int64(may[x]) + good[x] - need[x], 0)


@compiled
def _set_lack(lack, need, others, may, good):
    for x in range(len(lack)):
        lack[x] = max(np.int64(need[x]) - others[x] - may[x] - good[x], 0)


@compiled
def _set_over(over, need, others, may, good, shared):
    for x in range(len(over)):
        over[x] = others[x] + may[x] + good[x] - need[x] + shared[x]


@compiled
def _set_lendable(lends, over, covered):
    for x in range(len(lends)):
        lends[x] = max(np.int64(over[x]), 0) * covered >> 16


@compiled
def _set_wanted(wants, over):
    for x in range(len(wants)):
        wants[x] = max(-np.int64(over[x]), 0)


@compiled
def _set_held(held, need, over, cover):
    for x in range(len(held)):
        held[x] = need[x] + over[x] + cover[x]


@compiled
def _set_qualified(qualified, good, shared, held):
    for x in range(len(qualified)):
        qualified[x] = min(good[x] + max(shared[x], 0), held[x])


@compiled
def _set_shortage(shortage, need, may, good, shared):
    for x in range(len(shortage)):
        shortage[x] = max(need[x] - good[x] - max(shared[x], 0) - may[x], 0)


@compiled
def _set_open(left_open, over, cover, cancelled):
    for x in range(len(left_open)):
        left = np.int64(max(-over[x], 0) - max(cover[x], 0))
        left_open[x] = left - (left * cancelled >> 16)


@compiled
def _set_surplus(surplus, over, cover):
    for x in range(len(surplus)):
        surplus[x] = max(over[x], 0) - max(-cover[x], 0)

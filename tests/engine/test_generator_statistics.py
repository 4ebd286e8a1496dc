"""The random words behave as chance should: even, without memory, without echo between subjects, years, draws and purposes.

Every test has a fixed seed, so it always gives the same answer; bounds lie where a good generator passes with a chance of
more than 99.9 %.
"""

import math

import numpy as np
import pytest

from regio_engine.keyed_random import philox4x32, words

COUNT = 1 << 18
KEYS = ("id", "year", "draw", "purpose")


def drawn(*, seed=12345, purpose="statistics", ids=0, years=2026, draws=0, word=0):
    return words(seed=seed, purpose=purpose, stable_ids=ids, years=years, draws=draws)[word]


def along(key, *, word=0, size=COUNT):
    """Return words of which only one part of the key counts up."""
    numbers = np.arange(size)
    if key == "purpose":
        return np.array([drawn(purpose=f"purpose {one}", word=word) for one in range(2000)]).astype(np.uint32)
    if key == "year":
        return drawn(ids=numbers // 60_000, years=numbers % 60_000, word=word)
    return drawn(ids=numbers, word=word) if key == "id" else drawn(draws=numbers, word=word)


def z_of_chi_square(observed, expected):
    """Return how many standard deviations a chi-square lies from its mean."""
    freedom = observed.size - 1
    return (((observed - expected) ** 2 / expected).sum() - freedom) / math.sqrt(2 * freedom)


def test_the_published_answers_of_the_method_come_out():
    """Known answers of Philox4x32-10: zeros, ones, and the digits of pi."""
    cases = [
        ([0] * 4, (0, 0), [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([0xFFFFFFFF] * 4, (0xFFFFFFFF,) * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], (0xA4093822, 0x299F31D0),
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ]  # fmt: skip
    for counter, key, expected in cases:
        found = philox4x32([np.array([one], np.uint64) for one in counter], key=key)
        assert [int(one[0]) for one in found] == expected


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("word", range(4))
@pytest.mark.parametrize("shift", [0, 12, 24])
def test_words_are_even(key, word, shift):
    """The low, middle and high bits fall in 256 classes alike."""
    found = along(key, word=word)
    observed = np.bincount(found >> np.uint32(shift) & np.uint32(255), minlength=256)
    assert abs(z_of_chi_square(observed, len(found) / 256)) < 4


@pytest.mark.parametrize("key", ["id", "year", "draw"])
def test_a_word_tells_nothing_of_the_next(key):
    """Pairs of neighbours fall in 64 × 64 classes alike, and do not go together."""
    found = along(key)
    first, second = found[:-1:2] >> np.uint32(26), found[1::2] >> np.uint32(26)
    observed = np.bincount(first.astype(np.int64) * 64 + second, minlength=4096)
    assert abs(z_of_chi_square(observed, len(first) / 4096)) < 4
    assert abs(correlation(found[:-1], found[1:])) < 4 / math.sqrt(len(found))


def correlation(one, other):
    return np.corrcoef(one.astype(np.float64), other.astype(np.float64))[0, 1]


def test_the_four_words_of_one_call_do_not_go_together():
    found = words(seed=5, purpose="statistics", stable_ids=np.arange(COUNT), years=2026, draws=3)
    for one in range(4):
        for other in range(one):
            assert abs(correlation(found[one], found[other])) < 4 / math.sqrt(COUNT)
            joint = (found[one] >> np.uint32(26)).astype(np.int64) * 64 + (found[other] >> np.uint32(26))
            assert abs(z_of_chi_square(np.bincount(joint, minlength=4096), COUNT / 4096)) < 4


def test_birthdays_fall_as_far_apart_as_chance_lets_them():
    """2^12 birthdays in a year of 2^32 days: equal spacings occur with mean n³ / 4m = 4 per year, as Poisson counts."""
    birthdays, years = 1 << 12, 250
    repeats = 0
    for number in range(years):
        days = np.sort(drawn(ids=np.arange(birthdays), draws=number).astype(np.int64))
        spacings = np.sort(np.diff(days))
        repeats += int((np.diff(spacings) == 0).sum())
    mean = years * birthdays**3 / 2**34
    assert repeats == pytest.approx(mean, abs=4 * math.sqrt(mean))


@pytest.mark.parametrize("key", ["id", "year", "draw", "seed"])
def test_one_other_bit_of_the_key_turns_half_of_the_bits(key):
    """Every bit of the key moves every bit of the words with a chance of one half."""
    ids, turned = np.arange(4096), []
    bits = 16 if key == "year" else 31
    base = np.stack(words(seed=7, purpose="avalanche", stable_ids=ids, years=2026, draws=9))
    for bit in range(bits):
        other = {"seed": 7, "stable_ids": ids, "years": 2026, "draws": 9}
        name = {"id": "stable_ids", "year": "years", "draw": "draws"}.get(key, key)
        other[name] = other[name] ^ (1 << bit)
        changed = base ^ np.stack(words(purpose="avalanche", **other))
        turned.append([((changed >> np.uint32(one)) & np.uint32(1)).mean(axis=1) for one in range(32)])
    share = np.array(turned)  # (key bits, word bits, words)
    assert abs(share - 0.5).max() < 5.5 * 0.5 / math.sqrt(4096)
    assert share.mean() == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(4096 * share.size))


@pytest.mark.parametrize(
    "other",
    [{"ids": 1}, {"years": 2027}, {"draws": 1}, {"purpose": "another"}, {"seed": 12346}],
    ids=["person", "year", "draw", "purpose", "seed"],
)
def test_another_person_year_draw_purpose_or_seed_has_lots_of_its_own(other):
    numbers = np.arange(COUNT)
    varied = "draws" if "ids" in other else "ids"
    first, second = drawn(**{varied: numbers}), drawn(**({varied: numbers} | other))
    assert (first == second).mean() < 1e-4
    assert abs(correlation(first, second)) < 4 / math.sqrt(COUNT)
    joint = (first >> np.uint32(27)).astype(np.int64) * 32 + (second >> np.uint32(27))
    assert abs(z_of_chi_square(np.bincount(joint, minlength=1024), COUNT / 1024)) < 4


def test_the_compiled_words_are_those_of_numpy():
    from regio_engine.keyed_random import stable_id
    from regio_engine.staff import kernel_parts

    ids = np.arange(100, 400, dtype=np.uint32)
    made = np.empty(4 * kernel_parts.BLOCK, np.uint32)
    purpose = np.uint32(stable_id("statistics"))
    kernel_parts.make_words(ids, 0, len(ids), np.uint32(2030), np.uint32(8), purpose, np.uint64(2**40 + 5), made)
    expected = words(seed=2**40 + 5, purpose="statistics", stable_ids=ids, years=2030, draws=8)
    for number in range(4):
        here = slice(number * kernel_parts.BLOCK, number * kernel_parts.BLOCK + len(ids))
        assert (made[here] == expected[number]).all()

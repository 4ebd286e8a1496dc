"""Mixed classes are split by the own upper years; whole pupils stay whole."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regio_engine.pupils.levels import LEVELS, level_index
from regio_engine.pupils.split import split_mixed, upper_mix


def years(*pupils):
    return np.array([pupils], np.int64)


def test_a_havo_vwo_class_follows_the_upper_years_of_its_own_location():
    counts = {
        "havo": years(0, 0, 75, 75, 60, 0),
        "vwo": years(0, 0, 25, 25, 25, 25),
        "havo_vwo": years(40, 0, 0, 0, 0, 0),
    }
    split = split_mixed(counts, locations=1, prior_pupils=0.0)
    assert split[0, level_index("havo"), 0] == 30
    assert split[0, level_index("vwo"), 0] == 10


def test_a_location_without_upper_years_follows_all_locations():
    havo, mixed = np.zeros((2, 6), np.int64), np.zeros((2, 6), np.int64)
    havo[0, 2:4] = 50
    mixed[1, 0] = 20
    split = split_mixed({"havo": havo, "vwo": havo, "brugjaar": mixed}, locations=2)
    assert split[1, :, 0].tolist() == [10 if level in ("havo", "vwo") else 0 for level in LEVELS]


@given(st.lists(st.integers(0, 60), min_size=30, max_size=30))
def test_nobody_is_lost_and_nobody_is_cut_in_two(numbers):
    table = np.array(numbers, np.int64).reshape(5, 1, 6)
    counts = dict(zip(("vmbo_b", "vmbo_k", "havo", "vmbo", "brugjaar"), table, strict=True))
    split = split_mixed(counts, locations=1)
    assert (split >= 0).all()
    assert split.sum(axis=1)[0].tolist() == table.sum(axis=0)[0].tolist()


def test_shares_of_the_upper_years_add_up_to_one():
    plain = np.zeros((1, len(LEVELS), 6), np.int64)
    plain[0, level_index("vwo"), 3] = 12
    assert upper_mix(plain).sum() == 1.0

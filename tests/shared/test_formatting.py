"""Numbers, bands and dates as Dutch readers write them."""

from datetime import date

import pytest

from regio.shared import formatting as write


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2059, 0, "2.059"),
        (1234567, 0, "1.234.567"),
        (-1.04, 1, "−1,0"),
        (-0.01, 1, "0,0"),
        (12.345, 2, "12,35"),
        (None, 0, "–"),
        (0, 0, "0"),
    ],
)
def test_a_number_has_points_a_comma_and_a_real_minus(value, decimals, text):
    assert write.number(value, decimals) == text


def test_a_change_has_its_sign_unless_it_rounds_to_nothing():
    assert [write.signed(value, 1) for value in (3.2, -3.2, 0.04, -0.04, 0, None)] == [
        "+3,2",
        "−3,2",
        "0,0",
        "0,0",
        "0,0",
        "–",
    ]


def test_shares_are_percentages_with_a_hard_space():
    assert write.share(0.123) == "12,3\u00a0%"
    assert write.signed_share(-0.04, 0) == "−4\u00a0%"
    assert write.share(None) == "–"


def test_fte_has_one_decimal_up_to_a_hundred():
    assert [write.fte(value) for value in (0.34, 99.94, 99.96, 2059.4)] == ["0,3", "99,9", "100", "2.059"]


def test_fte_of_one_row_takes_the_decimals_of_its_first_value():
    assert [write.fte(value, 112.0) for value in (112.0, 99.2, 101.0)] == ["112", "99", "101"]


@pytest.mark.parametrize(("low", "high", "text"), [
    (-174.2, -28.7, "−174 tot −29"), (-28.7, 99.97, "−29 tot +100"), (-28.7, 99.4, "−28,7 tot +99,4"), (2.0, 2.04, "+2,0"),
])  # fmt: skip
def test_both_ends_of_a_band_have_the_decimals_of_the_larger(low, high, text):
    assert write.change_between(low, high) == text.replace(" ", "\u00a0")


def test_what_is_read_together_has_the_same_decimals():
    assert write.fte_between(81.1, 161.4) == "81 tot 161".replace(" ", "\u00a0")
    assert write.fte_between(56.4, 97.2) == "56,4 tot 97,2".replace(" ", "\u00a0")
    assert write.fte_from_to(121.2, 97.2) == "121 → 97"
    assert write.fte_from_to(None, 97.2) == "– → 97,2"


def test_a_band_is_two_ends_and_one_value_where_they_are_equal():
    assert write.between("1.690", "1.850") == "1.690\u00a0–\u00a01.850"
    assert write.between("12", "12") == "12"


def test_days_and_school_years():
    assert write.long_date(date(2025, 10, 1)) == "1 oktober 2025"
    assert write.short_date(date(2025, 10, 1)) == "1-10-2025"
    assert write.school_year(2022) == "2022-2023"


@pytest.mark.parametrize(
    ("since", "words"),
    [(date(2019, 10, 1), "7 jaar"), (date(2025, 4, 1), "19 maanden"), (date(2024, 11, 21), "23 maanden")],
)
def test_age_is_in_years_when_there_are_more_than_two(since, words):
    assert write.age_in_words(since, date(2026, 11, 20)) == words


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("STADSWAARD", "Stadswaard"), ("CAPELLE AAN DEN IJSSEL", "Capelle aan den IJssel"), ("'S-GRAVENHAGE", "'s-Gravenhage"),
        ("BERGEN OP ZOOM", "Bergen op Zoom"), ("DEN HELDER", "Den Helder"), ("NOORD-SCHARWOUDE", "Noord-Scharwoude"), ("Vaartdorp", "Vaartdorp"), ("", ""),
    ],
)  # fmt: skip
def test_a_place_in_capitals_is_written_as_people_do(written, shown):
    assert write.place_name(written) == shown

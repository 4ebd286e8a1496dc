"""Options of the command line: what is wrong with a value is said in Dutch."""

from argparse import ArgumentTypeError
from datetime import date

import pytest

from regio.shared.arguments import day, whole_number


def test_a_day_and_a_number_within_its_bounds_are_read():
    assert day("2026-10-01") == date(2026, 10, 1)
    assert [whole_number(1, 15)(text) for text in ("1", "15")] == [1, 15]


@pytest.mark.parametrize("text", ["1-10-2026", "2026-13-01", ""])
def test_what_is_no_day_is_refused_with_the_spelling(text):
    with pytest.raises(ArgumentTypeError, match="is geen datum; schrijf een dag als JJJJ-MM-DD"):
        day(text)


@pytest.mark.parametrize(
    ("text", "reason"), [("16", "tussen 1 en 15"), ("0", "u gaf 0"), ("veel", "geen geheel getal")]
)
def test_a_number_outside_its_bounds_is_refused_with_them(text, reason):
    with pytest.raises(ArgumentTypeError, match=reason):
        whole_number(1, 15)(text)

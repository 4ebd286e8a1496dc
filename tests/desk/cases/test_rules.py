"""L8, L12, L26: silence, working days in three areas, reasons, and the day on which to ask again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regio.desk.cases import reasons
from regio.desk.cases.actions.closing import months_later
from regio.desk.cases.actions.opening import name_key, phone_key
from regio.desk.cases.data import read
from regio.desk.cases.enums import CaseType, Phase
from regio.desk.cases.queries import quantile
from regio.desk.cases.rules import silence_of
from regio.desk.cases.working_days import calendar_of
from tests.factories.cases import NOW


def attempts(*told):
    return [(NOW - timedelta(days=days), channel, reached) for days, channel, reached in told]


@pytest.mark.parametrize(
    ("told", "enough"),
    [
        ([(21, "telefoon", False), (14, "mail", False), (7, "telefoon", False)], True),
        ([(20, "telefoon", False), (14, "mail", False), (7, "telefoon", False)], False),  # a day too early
        ([(30, "telefoon", False), (14, "mail", False)], False),  # two attempts
        ([(30, "mail", False), (14, "mail", False), (2, "mail", False)], False),  # one way
        (
            [(40, "telefoon", False), (30, "mail", False), (25, "telefoon", True), (7, "telefoon", False)],
            False,
        ),  # answered
        ([(60, "telefoon", True), (30, "mail", False), (14, "telefoon", False), (2, "bericht", False)], True),
        ([], False),
    ],
)
def test_silence_is_three_attempts_in_two_ways_in_at_least_21_days(told, enough):
    assert silence_of(attempts(*told), now=NOW).is_enough is enough


def test_silence_is_told_in_words():
    assert silence_of(attempts((9, "mail", False)), now=NOW).words == "1 poging op 1 manier in 9 dagen"


@pytest.mark.parametrize(
    ("area", "start", "days", "due"),
    [
        ("midden", date(2026, 11, 20), 3, date(2026, 11, 25)),  # over a weekend
        ("noord", date(2026, 10, 9), 1, date(2026, 10, 19)),  # the north has its autumn holiday a week earlier
        ("midden", date(2026, 10, 9), 1, date(2026, 10, 12)),
        ("zuid", date(2027, 2, 12), 1, date(2027, 2, 22)),  # the south has its spring holiday a week earlier
        ("midden", date(2026, 12, 18), 2, date(2027, 1, 5)),
    ],
)
def test_the_promise_counts_working_days_outside_the_holidays_of_the_area(area, start, days, due):
    assert calendar_of(area, closes_in_holidays=True).after(start, days) == due


def test_a_desk_that_is_open_in_holidays_counts_them():
    assert calendar_of("noord", closes_in_holidays=False).after(date(2026, 10, 9), 1) == date(2026, 10, 12)
    assert calendar_of("noord", closes_in_holidays=False).after(date(2026, 12, 24), 1) == date(2026, 12, 28)


@given(st.dates(date(2025, 9, 1), date(2027, 8, 1)), st.integers(0, 40))
def test_counting_working_days_and_adding_them_agree(start, days):
    calendar = calendar_of("zuid", closes_in_holidays=True)
    due = calendar.after(start, days)
    assert calendar.counts(due)
    assert calendar.between(start, due) == days or (days == 0 and not calendar.counts(start))


def test_every_holiday_ends_after_it_starts_and_every_area_has_ten():
    for holidays in read("vrije_dagen")["holidays"].values():
        assert len(holidays) == 10
        assert all(first < last for _, first, last in holidays)
        assert holidays == sorted(holidays, key=lambda told: told[1])


def test_every_type_and_phase_has_usual_steps_and_reasons_have_two_levels():
    told = read("stappen")
    for case_type in CaseType.values:
        assert set(told[case_type]) == set(Phase.values) - {"uitgestroomd"}
    assert len(reasons.choices()) == 6
    assert reasons.words_of("geen_reactie") == "Geen contact meer: reageert niet meer"
    assert "samengevoegd" not in [code for _, group in reasons.choices() for code, _ in group]


def test_months_later_stays_in_the_month():
    assert [months_later(date(2026, 11, 30), months) for months in (3, 6, 12)] == [date(2027, 2, 28), date(2027, 5, 30), date(2027, 11, 30)]  # fmt: skip


def test_names_and_numbers_are_compared_without_what_differs_by_chance():
    assert name_key("José de  Wít") == name_key("jose DE wit") == "josedewit"
    assert phone_key("+31 6-1234 5678") == phone_key("0612345678") == "612345678"
    assert phone_key("112") == ""


@pytest.mark.parametrize(
    ("days", "median", "p90"), [([1], 1, 1), ([1, 3], 2, 3), ([1, 2, 3, 4, 5, 6, 7, 8, 9, 30], 5.5, 9)]
)
def test_median_and_ninetieth_percentile(days, median, p90):
    assert (quantile(days, 0.5), quantile(days, 0.9)) == (median, p90)

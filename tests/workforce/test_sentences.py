"""The sentence a page opens with, by its words."""

from dataclasses import replace
from datetime import date

import pytest

from regio.regions.enums import Sector
from regio.shared.charts import Point
from regio.workforce.actions import default_years
from regio.workforce.sentences import (
    SectorChange,
    SubjectChange,
    change_words,
    horizon_year,
    most_changed,
    most_changed_in_proportion,
    opening_of,
    spoken,
)

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-3100, -1900, "1.900 tot 3.100 leerlingen minder"),
        (300, 912, "300 tot 910 leerlingen meer"),
        (-312, 480, "310 leerlingen minder tot 480 meer"),
        (-7, -7, "7 leerlingen minder"),
        (0, 12, "0 tot 12 leerlingen meer"),
        (-0.2, 0.3, "even veel leerlingen"),
        (-12, 0, "0 tot 12 leerlingen minder"),
        (-1811, 8, "0 tot 1.800 leerlingen minder"),
        (-49, 2400, "0 tot 2.400 leerlingen meer"),
        (-4, 12, "4 leerlingen minder tot 12 meer"),
    ],
)
def test_a_band_of_change_is_said_as_less_more_or_both(low, high, words):
    assert change_words(low, high, "leerlingen") == words


@pytest.mark.parametrize(
    ("value", "digits", "said"), [(28437, 2, 28000), (-1649, 2, -1600), (7.6, 2, 8), (1847, 3, 1850), (0, 2, 0)]
)
def test_numbers_are_rounded_as_people_say_them(value, digits, said):
    assert spoken(value, digits) == said


@pytest.mark.parametrize(("base", "horizon"), [(2026, 2031), (2025, 2031), (2024, 2031), (2019, 2031)])
def test_the_year_to_speak_of_is_five_years_from_today_and_there_a_forecast_ends_by_itself(base, horizon):
    assert horizon_year(base, TODAY) == horizon
    assert base + default_years(date(base, 10, 1), TODAY) == horizon


def test_over_five_years_is_said_only_where_it_is_so_from_the_count_and_from_today():
    assert opening_of(2026, 2031, TODAY) == "Over vijf jaar"
    assert opening_of(2025, 2030, TODAY) == "In 2030"
    assert opening_of(2019, 2031, TODAY) == "In 2031"


def change(sector=Sector.VO, now=1000.0, low=900.0, high=980.0, fte=(60.0, 57.0)):
    then = Point(2031, (low + high) / 2, low, high)
    return SectorChange(
        sector, 2026, 2031, now, then, Point(2026, fte[0], fte[0], fte[0]), Point(2031, fte[1], fte[1] - 4, fte[1] + 4)
    )


def test_students_are_called_students():
    assert change(Sector.MBO).learner_words == "20 tot 100 studenten minder"


def test_the_need_is_said_as_a_change_because_its_level_is_an_assumption():
    assert change().fte_words == "3\u00a0fte minder"
    with_band = replace(change(), fte_difference=Point(2031, -3, -71, 110))
    assert with_band.fte_words == "71\u00a0fte minder tot 110 meer"
    assert replace(change(), fte_now=None).fte_words == ""


def test_most_changed_looks_at_fte_up_or_down():
    changes = [SubjectChange("wiskunde", 90, 80), SubjectChange("Duits", 30, 28), SubjectChange("Frans", 20, 23)]
    assert [change.name for change in most_changed(changes, count=2)] == ["wiskunde", "Frans"]


def test_what_does_not_change_is_not_named():
    assert most_changed([SubjectChange("wiskunde", 80, 80.04)], count=3) == []


def subject(name, now, then, band=2.0, is_profile=False):
    return SubjectChange(name, now, then, is_profile, then - now - band, then - now + band)


def test_what_may_as_well_rise_as_fall_is_not_named_beside_what_surely_changes():
    wiskunde, duits = subject("wiskunde", 90, 85, band=6), subject("Duits", 30, 27)
    assert most_changed([wiskunde, duits], count=3) == [duits]
    assert most_changed([wiskunde], count=3) == [wiskunde]  # nothing is sure: the page says so
    assert not wiskunde.is_sure


def test_no_sentence_names_what_is_unknown_or_gone_or_a_profile_that_hardly_changes():
    changes = [
        subject("onbekend profiel", 12, 2),
        subject("groen", 9, 0),
        subject("zorg en welzijn", 20, 19.2, band=0.1, is_profile=True),
    ]
    assert most_changed(changes, count=3) == []


def test_in_proportion_a_small_subject_is_left_out():
    changes = [
        subject("wiskunde", 90, 81),
        subject("natuurkunde", 10, 7, band=1),
        subject("klassieke talen", 4, 1, band=1),
    ]
    assert [change.name for change in most_changed_in_proportion(changes, count=2)] == ["natuurkunde", "wiskunde"]


def test_a_band_that_is_written_with_nought_at_its_end_is_not_sure():
    assert not SubjectChange("maatschappijleer", 2.5, 1.8, low=-1.5, high=-0.04).is_sure
    assert SubjectChange("maatschappijleer", 2.5, 1.8, low=-1.5, high=-0.06).is_sure

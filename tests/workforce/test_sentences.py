"""The sentence a page opens with, by its words."""

from dataclasses import replace

import pytest

from regio.regions.enums import Sector
from regio.shared.charts import Point
from regio.workforce.sentences import SectorChange, SubjectChange, change_words, most_changed, over_years, spoken


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-3100, -1900, "1.900 tot 3.100 leerlingen minder"),
        (300, 912, "300 tot 910 leerlingen meer"),
        (-312, 480, "tussen 310 leerlingen minder en 480 meer"),
        (-7, -7, "7 leerlingen minder"),
        (0, 12, "0 tot 12 leerlingen meer"),
        (-0.2, 0.3, "even veel leerlingen"),
        (-12, 0, "0 tot 12 leerlingen minder"),
    ],
)
def test_a_band_of_change_is_said_as_less_more_or_both(low, high, words):
    assert change_words(low, high, "leerlingen") == words


@pytest.mark.parametrize(
    ("value", "digits", "said"), [(28437, 2, 28000), (-1649, 2, -1600), (7.6, 2, 8), (1847, 3, 1850), (0, 2, 0)]
)
def test_numbers_are_rounded_as_people_say_them(value, digits, said):
    assert spoken(value, digits) == said


def test_a_sentence_about_an_old_count_is_counted_from_there():
    assert over_years(2026, 2031, is_stale=False) == "Over vijf jaar"
    assert over_years(2026, 2038, is_stale=False) == "Over 12 jaar"
    assert over_years(2019, 2024, is_stale=True) == "Van daaruit gerekend"


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
    assert with_band.fte_words == "tussen 71\u00a0fte minder en 110 meer"
    assert replace(change(), fte_now=None).fte_words == ""


def test_most_changed_looks_at_fte_up_or_down():
    changes = [SubjectChange("wiskunde", 90, 80), SubjectChange("Duits", 30, 28), SubjectChange("Frans", 20, 23)]
    assert [change.name for change in most_changed(changes, count=2)] == ["wiskunde", "Frans"]


def test_what_does_not_change_is_not_named():
    assert most_changed([SubjectChange("wiskunde", 80, 80.04)], count=3) == []

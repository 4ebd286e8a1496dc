"""What the classes of a location ask: grades, mixed classes, choice by exam counts, vocational profiles."""

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput, MissingInput
from regio_engine.parameters import load_lesson_table
from regio_engine.parameters.lesson_table import lesson_table_from
from regio_engine.staff.location_split import LocationSplit, exam_shares, profile_shares, unknown_exam_codes
from regio_engine.staff.need_plan import NO_RULE, UNKNOWN_LEVEL, plan_locations
from regio_engine.units import LearnerDraws, learner_draws
from tests.engine.staff.shipped import catalogue, rule, rules, small_table, table


def one_draw(*cells: tuple[str, str, int, int]) -> LearnerDraws:
    """Cells of (location, level, stage, learners) in one year and draw."""
    counts = np.array([number for *_, number in cells], np.int32).reshape(len(cells), 1, 1)
    return learner_draws(cells=[cell[:3] for cell in cells], years=[2026], counts=counts)


def loads_of(*cells: tuple[str, str, int, int], split: LocationSplit | None = None) -> dict[str, float]:
    """Weekly lessons per learner and position of the first cell's location, small table."""
    splits = {cells[0][0]: split} if split else {}
    plans, _ = plan_locations(one_draw(*cells), table=small_table(), rule_for=lambda *_: rule(), splits=splits)
    return {position: load / 1e6 for position, load in zip(plans[0].positions, plans[0].loads.sum(axis=0), strict=True)}


def test_havo_4_asks_an_eerstegraads_teacher_and_havo_3_a_tweedegraads() -> None:
    assert set(loads_of(("90AA00", "havo", 3, 25))) == {"vo:nederlands:tweedegraads", "vo:wiskunde:tweedegraads"}
    assert set(loads_of(("90AA00", "havo", 4, 25))) == {"vo:nederlands:eerstegraads", "vo:wiskunde:eerstegraads"}


def test_lessons_per_pupil_are_lessons_over_class_size() -> None:
    assert loads_of(("90AA00", "havo", 3, 25))["vo:nederlands:tweedegraads"] == 4 / 25


def test_half_the_pupils_take_half_the_lessons_of_a_subject_of_choice() -> None:
    assert loads_of(("90AA00", "havo", 4, 25))["vo:wiskunde:eerstegraads"] == 0.5 * 4 / 25


def test_own_exam_counts_replace_the_share_of_the_table() -> None:
    split = LocationSplit(taken_by={"HAVO": {"wiskunde": 0.8}})
    assert loads_of(("90AA00", "havo", 4, 25), split=split)["vo:wiskunde:eerstegraads"] == pytest.approx(0.8 * 4 / 25)


def test_a_mixed_class_follows_the_middle_of_its_levels() -> None:
    # class of (20 + 25) / 2 pupils, 4 lessons
    assert loads_of(("90AA00", "vmbo_havo", 1, 25))["vo:nederlands:tweedegraads"] == round(4e6 / 22.5) / 1e6


def test_a_mixed_class_of_year_5_holds_only_levels_that_have_a_year_5() -> None:
    assert set(loads_of(("90AA00", "vmbo_havo", 5, 25))) == {"vo:nederlands:eerstegraads", "vo:wiskunde:eerstegraads"}


def test_vocational_lessons_go_to_the_profiles_of_the_own_pupils() -> None:
    split = LocationSplit(profiles={"vmbo_b": {"profiel_pie": 0.75, "profiel_zw": 0.25}})
    loads = loads_of(("90AA00", "vmbo_b", 3, 20), split=split)
    assert loads["vo:profiel_pie:tweedegraads"] == pytest.approx(0.75 * 12 / 20)
    assert loads["vo:profiel_zw:tweedegraads"] == pytest.approx(0.25 * 12 / 20)


def test_without_a_pupil_file_the_profile_is_unknown_not_guessed() -> None:
    loads = loads_of(("90AA00", "vmbo_b", 3, 20))
    assert loads["vo:profiel_overig:tweedegraads"] == 12 / 20


def test_pupils_sent_to_vavo_ask_nothing_of_their_location() -> None:
    plans, findings = plan_locations(
        one_draw(("90AA00", "vavo", 5, 12)), table=small_table(), rule_for=lambda *_: rule(), splits={}
    )
    assert plans == ()
    assert findings == ()


def test_a_level_that_the_table_does_not_know_is_a_finding() -> None:
    _, findings = plan_locations(
        one_draw(("90AA00", "hbo", 1, 12)), table=small_table(), rule_for=lambda *_: rule(), splits={}
    )
    assert [(f.code, dict(f.arguments)) for f in findings] == [(UNKNOWN_LEVEL, {"location": "90AA00", "level": "hbo"})]


def test_a_sector_without_a_rule_is_a_finding_and_no_zero() -> None:
    plans, findings = plan_locations(
        one_draw(("90AA00", "bo", 0, 12)), table=small_table(), rule_for=lambda *_: None, splits={}
    )
    assert plans == ()
    assert [f.code for f in findings] == [NO_RULE]


def test_exam_shares_of_a_large_location_are_almost_its_own() -> None:
    marks = {"1001": 180.0, "1024": 90.0, "1025": 45.0}
    shares = exam_shares(marks, table=small_table(), exam_type="HAVO", parent={"wiskunde": 0.5})
    assert shares == {"wiskunde": (135 + 20 * 0.5) / (180 + 20)}


def test_exam_shares_of_a_location_without_candidates_are_those_of_the_nation() -> None:
    assert exam_shares({}, table=small_table(), exam_type="HAVO", parent={"wiskunde": 0.6}) == {"wiskunde": 0.6}


def test_the_nation_follows_its_own_marks_alone() -> None:
    assert exam_shares({"1001": 200.0, "1024": 150.0}, table=small_table(), exam_type="HAVO") == {"wiskunde": 0.75}


def test_a_new_exam_code_is_a_finding() -> None:
    found = unknown_exam_codes(["1001", "1002", "1024", "1999"], small_table())
    assert [dict(f.arguments) for f in found] == [{"subject_code": "1999"}]


def test_profile_shares_count_pupils_without_profile_too() -> None:
    shares = profile_shares({"Dienstverlening en producten": 30, "N.v.t.": 70}, catalogue())
    assert shares == {"profiel_dp": 0.3}


def test_an_unknown_afdeling_is_kept_as_unknown_profile() -> None:
    assert profile_shares({"Iets nieuws": 10}, catalogue()) == {"profiel_overig": 1.0}


def test_every_specialism_of_the_shipped_table_is_a_position() -> None:
    codes = {position.code for position in catalogue().positions()}
    asked: set[str] = set()
    for level, lessons in table().levels.items():
        for stage in range(1, lessons.years + 1):
            plans, _ = plan_locations(
                one_draw(("90AA00", level, stage, 20)), table=table(), rule_for=lambda _, s: rules()[s], splits={}
            )
            asked |= set(plans[0].positions)
    assert asked <= codes
    assert len(asked) > 40


def test_every_position_has_a_name_of_its_own() -> None:
    names = [(position.sector, position.name) for position in catalogue().positions()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"class_size": [25, 25]}, ImplausibleInput),  # four years of lessons, two class sizes
        ({"class_size": []}, MissingInput),
        ({"sector": ""}, MissingInput),
        ({"class_size": [25, 25, 0, 25]}, ImplausibleInput),
    ],
)
def test_a_wrong_own_table_says_what_is_wrong(change: dict[str, object], error: type[Exception]) -> None:
    level = {"sector": "vo", "class_size": [25] * 4, "lessons": {"nederlands": [4, 4, 4, 4]}} | change
    with pytest.raises(error, match=r"class_size|lessons|nederlands|sector"):
        lesson_table_from({"lessons_per_fte": 20, "levels": {"havo": level}})


def test_a_mix_of_unknown_levels_is_refused() -> None:
    level = {"sector": "vo", "class_size": [25], "lessons": {"nederlands": [4]}}
    with pytest.raises(ImplausibleInput, match="mavo"):
        lesson_table_from({"lessons_per_fte": 20, "levels": {"havo": level}, "mixes": {"brug": {"mavo": 1}}})


def test_text_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(ImplausibleInput, match="YAML"):
        load_lesson_table("levels: [")

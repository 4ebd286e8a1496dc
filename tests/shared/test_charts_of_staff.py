"""Drawings for staff and shortage: parts that add up, bars on one scale, names beside what they name."""

from xml.etree import ElementTree

import pytest

from regio.shared.charts import (
    NARROW,
    WIDE,
    Ladder,
    Line,
    Lines,
    Part,
    Point,
    Stacked,
    Step,
    Waterfall,
    download_svg,
    drawing,
    spec_of,
    svg,
)
from regio.shared.charts.stacked import pushed_apart

NEED = tuple(Point(year, 100 + year - 2025, 95, 110) for year in range(2023, 2031))
STAFF = tuple(Point(year, 90 - (year - 2025), 80, 95) for year in range(2023, 2031))
LINES = Lines(
    "lijnen",
    "Nodig en in dienst",
    "Van 10 naar 20 tekort.",
    (Line("nodig", "ink-soft", NEED), Line("in dienst", "forecast", STAFF, "band")),
    2025,
)
STEPS = (Step("Tekort in 2025", 85.0, True), Step("Met pensioen", 40.0, short="Pensioen"), Step("Net afgestudeerd", -15.0), Step("Tekort in 2030", 110.0, True))  # fmt: skip
WATERFALL = Waterfall("waterval", "Wat het drijft", "Van 85 naar 110.", STEPS)
STACKED = Stacked("kolommen", "In en uit", "x", ("2026", "2027"), (Part("in", "surplus-3", (3.0, 4.0)), Part("uit", "shortage-4", (-2.0, -5.0)), Part("weg", "shortage-2", (-1.0, -1.0))), ((0.0, 0.0), (1.0, 6.0)))  # fmt: skip
LADDER = Ladder("leeftijd", "Leeftijd", "x", ("tot 25", "25 tot 34"), (("2025", (10.0, 40.0)), ("2030", (8.0, 20.0))))


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path
    svg._kept.cache_clear()


@pytest.mark.parametrize("variant", [WIDE, NARROW])
@pytest.mark.parametrize("chart", [LINES, WATERFALL, STACKED, LADDER])
def test_a_drawing_is_named_and_stands_alone(chart, variant):
    made = drawing(chart, variant)
    ElementTree.fromstring(made)
    assert f'aria-labelledby="{chart.key}-{variant.name}-t {chart.key}-{variant.name}-d"' in made
    assert " style=" not in made
    assert "var(" not in download_svg(chart, spec_of(chart, variant))


def test_each_line_is_named_at_its_end_with_its_last_value():
    made = drawing(LINES, WIDE)
    assert [made.count(f">{words}<") for words in ("nodig", "105", "in dienst", "85")] == [1, 1, 1, 1]


def test_a_waterfall_starts_each_step_where_the_last_one_ended():
    rows = spec_of(WATERFALL, WIDE)["layer"][1]["data"]["values"]
    assert [(row["low"], row["high"]) for row in rows] == [(0, 85), (85, 125), (110, 125), (0, 110)]
    assert [row["label"] for row in rows] == ["85,0", "+40,0", "−15,0", "110"]
    assert [row["fill"] for row in rows] == ["var(--ink)", "var(--shortage-4)", "var(--surplus-3)", "var(--ink)"]


def test_a_phone_reads_short_names():
    assert ">Pensioen<" in drawing(WATERFALL, NARROW)
    assert ">Met pensioen<" in drawing(WATERFALL, WIDE)


def test_what_takes_away_stacks_below_nothing_and_a_certain_column_has_no_whisker():
    spec = spec_of(STACKED, WIDE)
    rows = spec["layer"][0]["data"]["values"]
    assert [(row["part"], row["low"], row["high"]) for row in rows if row["column"] == "2026"] == [
        ("in", 0, 3),
        ("uit", -2, 0),
        ("weg", -3, -2),
    ]
    assert [row["column"] for row in spec["layer"][1]["data"]["values"]] == ["2027"]


def test_the_bars_of_all_years_have_one_scale_and_later_years_carry_the_first_as_a_mark():
    rows = spec_of(LADDER, WIDE)["layer"]
    values = spec_of(LADDER, WIDE)["data"]["values"]
    first, later = values[:2], values[2:]
    assert [row["label"] for row in values] == ["40", "10", "20", "8"]
    assert first[0]["end"] - first[0]["start"] == pytest.approx(2 * (later[0]["end"] - later[0]["start"]), abs=0.2)
    assert ["first" in row for row in values] == [False, False, True, True]
    assert len(rows) == 5


def test_names_that_would_touch_are_pushed_apart_in_their_own_order():
    assert pushed_apart([10, 0, 10.5], 2) == pytest.approx([9.25, 0, 11.25])
    assert pushed_apart([1.0], 5) == [1.0]

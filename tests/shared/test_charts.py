"""Charts: one specification gives a drawing for the page and one that stands alone."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from regio.shared.charts import (
    NARROW,
    SMALL,
    WIDE,
    Chart,
    Point,
    download_svg,
    drawing,
    heat_svg,
    spec_of,
    svg,
    value_domain,
)

TOKENS = Path(svg.__file__).parents[2] / "site" / "static" / "site" / "css" / "tokens.css"


@pytest.fixture
def chart():
    counted = [
        Point(year, 1000 - 10 * (year - 2018), 1000 - 10 * (year - 2018), 1000 - 10 * (year - 2018))
        for year in range(2018, 2026)
    ]
    ahead = [Point(2025 + i, 930 - 10 * i, 930 - 30 * i, 930 + 10 * i) for i in range(1, 6)]
    return Chart(
        key="proef",
        title="Leerlingen <vo>",
        description="Van 1.000 naar 880.",
        points=(*counted, *ahead),
        last_count_year=2025,
    )


@pytest.fixture(autouse=True)
def own_home(settings, tmp_path):
    settings.HOME = tmp_path
    svg._kept.cache_clear()


@pytest.mark.parametrize("variant", [WIDE, NARROW, SMALL])
def test_a_drawing_is_named_in_dutch_and_fits_a_strict_page(chart, variant):
    made = drawing(chart, variant)
    ElementTree.fromstring(made)
    assert f'aria-labelledby="proef-{variant.name}-t proef-{variant.name}-d"' in made
    assert "Leerlingen &lt;vo&gt;" in made
    assert "Van 1.000 naar 880." in made
    assert not re.search(r" style=| class=\"mark|aria-roledescription|role=\"graphics", made)


def test_the_last_value_and_both_ends_of_its_band_are_labels(chart):
    made = drawing(chart, WIDE)
    assert [f">{value}<" in made for value in ("880", "780", "980")] == [True, True, True]


def test_a_drawing_takes_its_colours_from_the_page_and_a_download_holds_them(chart):
    assert "var(--forecast)" in drawing(chart, WIDE)
    alone = download_svg(chart, spec_of(chart, WIDE))
    assert "var(" not in alone
    assert svg.LIGHT["--forecast"] in alone


def test_the_colours_of_a_download_are_those_of_the_light_page():
    light = TOKENS.read_text(encoding="utf-8").split("@media")[0]
    tokens = dict(re.findall(r"(--[a-z-]+[0-9]?): (#[0-9a-f]{6})", light))
    assert {name: tokens[name] for name in svg.LIGHT} == svg.LIGHT


def test_a_drawing_is_kept_on_disk_by_what_it_shows(chart, tmp_path):
    drawing(chart, WIDE)
    files = list(tmp_path.glob("charts/*/*.svg"))
    files[0].write_text("<svg>bewaard</svg>", encoding="utf-8")
    svg._kept.cache_clear()
    assert "bewaard" in drawing(chart, WIDE)
    assert len(files) == 1


def test_small_changes_do_not_look_like_cliffs():
    low, high = value_domain((Point(2025, 1000, 1000, 1000), Point(2026, 990, 990, 990)))
    assert high - low == pytest.approx(250)


def test_the_value_axis_never_goes_below_nothing():
    low, _ = value_domain((Point(2025, 3, 3, 3), Point(2026, 2, 0, 4)))
    assert low == 0


def test_a_heat_table_is_a_drawing_of_its_cells():
    made = heat_svg(
        title="Formatie <vo>", columns=["2026"], rows=[("Duits", [("19,0 −5 %", "less-1")]), ("Frans", [("4,9", "")])]
    )
    ElementTree.fromstring(made)
    assert [f">{word}<" in made for word in ("2026", "Duits", "Frans", "19,0 −5 %", "4,9")] == [True] * 5
    assert made.count(svg.LIGHT["--less-1"]) == 1
    assert 'aria-label="Formatie &lt;vo&gt;"' in made
    assert "var(" not in made


def test_every_counted_year_has_a_dot_and_the_band_is_straight(chart):
    spec = spec_of(chart, WIDE)
    dots = [layer for layer in spec["layer"] if _is_dots(layer)]
    years = [[value["year"] for value in layer["data"]["values"]] for layer in dots]
    assert years == [list(range(2018, 2025)), [2025]]
    assert "interpolate" not in str(spec)


def test_what_was_never_counted_has_no_last_count():
    new = Chart(
        key="nieuw", title="Nieuw", description="Nieuw.", points=(Point(2026, 40, 30, 50), Point(2027, 80, 60, 100)),
        last_count_year=2025,
    )  # fmt: skip
    spec = spec_of(new, WIDE)
    assert [layer["data"]["values"] for layer in spec["layer"] if _is_dots(layer)] == [[], []]
    ElementTree.fromstring(drawing(new, WIDE))
    ElementTree.fromstring(drawing(new, SMALL))


def _is_dots(layer):
    return isinstance(layer.get("mark"), dict) and layer["mark"]["type"] == "point"

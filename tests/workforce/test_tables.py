"""Figures of a scope: which year was counted, what a cell may say, and which colour it gets."""

from datetime import date

import pytest

from regio.shared.charts import Point
from regio.workforce import tables
from regio.workforce.queries import Scope
from regio.workforce.tables.need import HEAT_LEGEND, tone_of


def ground(base_year=2019, *, exam_year=0):
    scope = Scope("vestiging", "90AA00", "Noordpolder College")
    return tables.Ground(
        scope=scope, run=7, base_year=base_year, base_date=date(base_year, 10, 1), source="DUO", exam_year=exam_year
    )


def line(values, *, first=2016):
    """Return points without a band: counts, and a forecast that is certain."""
    return tuple(Point(first + i, value, value, value) for i, value in enumerate(values))


CLOSED = {
    ("leerlingen", "vo", "alle"): line([410, 405, 390, 382, 382, 381, 0, 0, 0, 0]),
    ("leerlingen", "vo", "havo"): line([410, 405, 390, 382, 382, 381, 0, 0, 0, 0]),
}


def test_a_certain_forecast_is_not_a_count():
    figures = tables.figures_of(ground(), CLOSED, {}, "vo")
    levels = figures["levels"].table
    assert levels.groups == [("", 1), ("geteld", 4), ("verwacht", 6), ("", 1)]
    assert [column.text for column in levels.columns[1:6]] == ["2016", "2017", "2018", "2019", "2020"]
    assert [row.head.note for row in figures["learners"].table.rows] == ["geteld"] * 4 + ["verwacht"] * 6
    assert {(record["jaar"], record["soort"]) for record in figures["learners"].records} == {
        (year, "telling" if year <= 2019 else "verwachting") for year in range(2016, 2026)
    }
    assert figures["learners"].chart.last_count_year == 2019


def test_the_change_of_a_closed_location_starts_at_its_last_count():
    change = tables.sector_change(CLOSED, "vo", 2019)
    assert (change.base_year, change.learners_now, change.learners_then.mean) == (2019, 382, 0)


def test_a_location_that_opens_later_starts_at_nothing():
    new = {("leerlingen", "vo", "alle"): line([40, 80, 120], first=2020)}
    change = tables.sector_change(new, "vo", 2019)
    assert (change.base_year, change.learners_now, change.learners_then.mean) == (2019, 0, 120)


def exams():
    return {("examenkandidaten", "vo", "HAVO"): (*line([50, 51], first=2020), *line([0, 0], first=2022))}


def test_exams_are_counted_until_the_year_the_run_says_and_stand_under_their_school_year():
    figure = tables.figures_of(ground(exam_year=2021), exams(), {}, "vo")["exams"]
    assert figure.table.groups == [("", 1), ("geteld", 2), ("verwacht", 2), ("", 1)]
    assert [column.text for column in figure.table.columns[1:5]] == ["2019-2020", "2020-2021", "2021-2022", "2022-2023"]
    assert figure.reference_label == "schooljaar 2020-2021"


def test_an_older_run_takes_the_last_exams_without_a_band():
    with_band = {key: (*points[:2], Point(2022, 52, 45, 60)) for key, points in exams().items()}
    figure = tables.figures_of(ground(), with_band, {}, "vo")["exams"]
    assert figure.reference_label == "schooljaar 2020-2021"


# ------------------------------------------------------------------------------------------------------------- need
def need_table(values, *, base_year=2019):
    series = {("formatie", "vo", item): line(values, first=base_year) for item in ("alle", "vo:duits:tweedegraads")}
    return tables.figures_of(ground(base_year), series, {}, "vo")["need"]


def test_what_was_not_there_is_new_and_has_no_percentage():
    row = need_table([0.0, 2.7, 2.8]).table.rows[0]
    assert [(cell.text, cell.note, cell.tone) for cell in row.cells[:3]] == [
        ("0,0", "", "past"), ("2,7", "nieuw", "between"), ("2,8", "nieuw", ""),
    ]  # fmt: skip
    assert [cell.note for cell in need_table([0.0, 0.02, 0.0]).table.rows[0].cells[1:3]] == ["", ""]


def test_the_need_of_the_base_year_is_computed_and_not_counted():
    records = need_table([20.0, 19.0, 18.0]).records
    assert [record["soort"] for record in records[:3]] == ["berekend", "verwachting", "verwachting"]


@pytest.mark.parametrize(
    ("base", "then", "tone"),
    [
        (100.0, 98.4, "less-1"),  # shown as -2 %
        (100.0, 98.6, ""),  # shown as -1 %
        (100.0, 88.4, "less-3"),  # shown as -12 %
        (10.0, 10.94, ""),  # +9 %, but less than one fte
        (10.0, 11.0, "more-2"),
        (4.0, 5.0, "more-3"),
        (20.0, 19.000001, "less-1"),
    ],
)
def test_the_colour_follows_the_percentage_that_is_shown_from_one_fte_on(base, then, tone):
    assert tone_of(base, then) == tone


def test_the_legend_is_dutch():
    assert HEAT_LEGEND[-1] == ("more-3", "12 % of meer erbij")


# ----------------------------------------------------------------------------------------------------- descriptions
def describe(points, base_year=2019):
    series = {("leerlingen", "vo", "alle"): points}
    return tables.figures_of(ground(base_year), series, {}, "vo")["learners"].chart.description


def test_a_drawing_without_history_is_described_from_the_last_count_on():
    assert describe((*line([382], first=2019), Point(2020, 370, 350, 390))) == (
        "Van 382 leerlingen bij de laatste telling in 2019 naar verwacht 370 in 2020, met 80 procent zekerheid tussen 350 en 390."
    )


def test_a_drawing_with_history_names_its_start():
    assert describe(line([400, 382, 370], first=2018)) == (
        "Van 400 in 2018 via 382 leerlingen bij de laatste telling in 2019 naar verwacht 370 in 2020."
    )


def test_a_drawing_of_what_was_never_counted_says_so():
    assert describe(line([40, 80], first=2020)) == "Nog niet geteld in 2019, naar verwacht 80 in 2021."


@pytest.mark.parametrize(("ahead", "shown"), [(1, [2020]), (6, [2020, 2021, 2022, 2023, 2024, 2025]),
                                              (7, [2020, 2022, 2024, 2026]), (12, [2021, 2023, 2025, 2027, 2029, 2031])])  # fmt: skip
def test_years_that_do_not_fit_beside_each_other_are_in_the_csv(ahead, shown):
    learners = line([400] * (4 + ahead))
    series = {("leerlingen", "vo", item): learners for item in ("alle", "havo")} | {
        ("formatie", "vo", item): learners for item in ("alle", "vo:duits:eerstegraads")
    }
    figures = tables.figures_of(ground(), series, {}, "vo")
    for figure, before in ((figures["levels"], 5), (figures["need"], 2)):
        assert [column.text for column in figure.table.columns[before:-1]] == list(map(str, shown))
        assert {len(row.cells) for row in figure.table.rows} == {len(shown) + before}
        assert figure.table.columns[before].tone.split()[0] == "mark"
        assert figure.table.caption.endswith("(de jaren ertussen staan in de CSV)") == (ahead > 6)
        assert {record["jaar"] for record in figure.records} == set(range(2016, 2020 + ahead))

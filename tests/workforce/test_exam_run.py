"""The exam forecast from the tables: what is read, which file is known when, and rows a command can write."""

from datetime import date

import pytest

from regio.regions.models import Municipality
from regio.workforce.enums import ExamType, Level, StageKind
from regio.workforce.model_runs import exam_inputs, exams
from regio.workforce.models import ExamCount, LearnerCount
from regio_engine.pupils.exam_backtest import Round
from tests.factories.forecasts import batch
from tests.factories.regions import location

pytestmark = pytest.mark.django_db
YEARS = range(2021, 2026)


def stop(done: int, total: int) -> None:
    raise RuntimeError(f"stopped at {done} of {total}")


@pytest.fixture
def schools():
    """Return two locations with havo of 100 and 60 candidates a year, 2021-2022 to 2025-2026."""
    of_file = batch(1)
    made = [location(0), location(1)]
    for place, candidates in zip(made, (100, 60), strict=True):
        for year in YEARS:
            for programme, part in (("HAVO - N&T", 40), ("HAVO - E&M", candidates - 40)):
                ExamCount.objects.create(
                    location=place, exam_type=ExamType.HAVO, programme=programme, school_year=year, candidates=part,
                    passed=part, batch=of_file,
                )  # fmt: skip
    return made


def count(place, level, stage, persons, *, year: int, number: int) -> None:
    LearnerCount.objects.create(
        location=place, level=level, stage_kind=StageKind.YEAR, stage=stage, count=persons,
        reference_date=date(year, 10, 1), batch=batch(number),
    )  # fmt: skip


def test_without_exam_counts_there_is_no_forecast_and_no_scorecard():
    assert exams.forecast_exams(years=2) == []
    assert exams.forecast_exam_sums({"regio": ["90AA00"]}, years=2) == []
    assert exams.backtest_exams().lines == []
    assert exams.all_rounds() == ()


def test_programmes_are_summed_to_types_and_years_follow_the_newest_exam(schools):
    history = exam_inputs.read_history()
    assert history is not None
    assert history.years == tuple(YEARS)
    assert history.candidates[:, 1, -1].tolist() == [100.0, 60.0]
    rows = exams.forecast_exams(years=2)
    assert [(row.location, row.exam_type, row.school_year) for row in rows] == [
        (schools[0].code, "HAVO", 2026),
        (schools[0].code, "HAVO", 2027),
        (schools[1].code, "HAVO", 2026),
        (schools[1].code, "HAVO", 2027),
    ]
    assert all(row.p10 <= row.p50 <= row.p90 for row in rows)
    assert rows[0].p50 == pytest.approx(100, abs=3)


def test_one_location_is_the_slice_of_all(schools):
    everything = exams.forecast_exams(years=3)
    assert exams.forecast_exams([schools[1].code], years=3) == [
        row for row in everything if row.location == schools[1].code
    ]


def test_the_sum_of_a_group_is_drawn_from_the_same_locations(schools):
    both = exams.forecast_exam_sums({"samen": [place.code for place in schools]}, years=1)
    havo = next(row for row in both if row.exam_type == "HAVO")
    parts = [row.mean for row in exams.forecast_exams(years=1)]
    assert havo.location == "samen"
    assert havo.mean == pytest.approx(sum(parts), abs=0.02)


def test_the_class_of_the_newest_pupil_file_moves_candidates_between_locations(schools):
    for place, year_4, year_5, number in ((schools[0], 70, 100, 2), (schools[1], 90, 60, 3)):
        count(place, Level.HAVO, 4, year_4, year=2025, number=number)
        count(place, Level.HAVO, 5, year_5, year=2025, number=number + 10)
    first, second = (row.p50 for row in exams.forecast_exams(years=1))
    assert first < 85
    assert second > 70


def test_a_location_without_candidates_is_forecast_from_its_class_and_named(schools):
    new = location(2)
    for place, number in ((schools[0], 2), (schools[1], 3), (new, 4)):
        count(place, Level.HAVO, 4, {2: 100, 3: 60, 4: 50}[number], year=2025, number=number)
    rows = {row.location: row for row in exams.forecast_exams(years=1)}
    assert rows[new.code].begun == (new.code,)
    assert rows[new.code].p10 == 0.0  # whether the class stays is not sure
    assert 35 < rows[new.code].p50 < 55
    assert rows[schools[0].code].begun == ()
    (both,) = exams.forecast_exam_sums({"samen": [schools[0].code, new.code], "geen": []}, years=1)[1:2]
    assert (both.exam_type, both.begun) == ("HAVO", (new.code,))
    assert both.mean == pytest.approx(rows[schools[0].code].mean + rows[new.code].mean, abs=0.02)


def test_each_origin_knows_the_pupil_file_of_its_own_time(schools):
    count(schools[0], Level.HAVO, 4, 90, year=2022, number=2)
    count(schools[0], Level.HAVO, 4, 70, year=2024, number=3)
    history = exam_inputs.read_history()
    assert history is not None
    classes = exam_inputs.read_classes(history)
    assert [one.count_year for one in classes] == [2022, 2024]
    assert [exams.class_lag(Round(origin, 1, True), classes) for origin in (2021, 2023, 2024)] == [None, 2, 1]
    assert exams.class_lag(Round(2024, 1, False), classes) is None


def test_mixed_classes_and_cohorts_are_read_from_the_counts(schools):
    for stage, persons in ((1, 120), (2, 110), (3, 100)):
        count(schools[0], Level.HAVO_VWO, stage, persons, year=2025, number=stage + 1)
    count(schools[0], Level.PRO, 1, 999, year=2025, number=9)
    history = exam_inputs.read_history()
    assert history is not None
    (classes,) = exam_inputs.read_classes(history)
    assert classes.pupils.sum(axis=(0, 1))[:3].tolist() == pytest.approx([120.0, 110.0, 100.0])
    assert [(cohort.count_year, cohort.first_age, cohort.persons) for cohort in history.cohorts] == [
        (2025, 12, (120.0, 110.0, 100.0))
    ]


def test_pupils_that_two_files_of_one_date_hold_count_once(schools):
    for dataset, number, persons in (("leerlingen-vo", 2, 100), ("leerlingen-vo-vijf-jaar", 3, 98)):
        of_file = batch(number, dataset=dataset)
        for stage in (1, 2, 3):
            LearnerCount.objects.create(
                location=schools[0], level=Level.HAVO, stage_kind=StageKind.YEAR, stage=stage, count=persons,
                reference_date=date(2025, 10, 1), batch=of_file,
            )  # fmt: skip
    history = exam_inputs.read_history()
    assert history is not None
    (classes,) = exam_inputs.read_classes(history)
    assert classes.pupils.sum(axis=(0, 1))[:3].tolist() == [100.0, 100.0, 100.0]
    assert [cohort.persons for cohort in history.cohorts] == [(100.0, 100.0, 100.0)]


def test_cells_of_an_area_carry_its_region_key(schools):
    one = Round(2024, 1, False)
    played = exams.backtest_exams([one], draws=50)
    keys = {f"rpa:{place.municipality.rpa_code}" for place in schools}
    assert {cell.name for cell in played.cells[one, "rpa"]} == keys


def test_of_the_newest_year_every_cell_is_kept_and_of_earlier_ones_the_worst(schools, monkeypatch):
    from regio.workforce.model_runs import scorecard

    monkeypatch.setattr(scorecard, "KEPT_MISSES", 1)
    played = exams.backtest_exams([Round(2023, 1, False), Round(2024, 1, False)], draws=50)
    kept = {
        line.target: len(scorecard._misses(line, played))
        for line in played.lines
        if (line.grain, line.grouping) == ("vestiging", "alle")
    }
    newest = max(kept)
    assert (
        kept[newest]
        == sum(
            len(cells) for (one, grain), cells in played.cells.items() if grain == "vestiging" and one.target == newest
        )
        > 1
    )
    assert set(kept.values()) == {1, kept[newest]}


def test_without_areas_or_large_enough_cells_a_round_is_scored_as_far_as_it_goes(schools):
    Municipality.objects.update(rpa_code="")
    one = Round(2024, 1, False)
    assert {grain for _, grain in exams.backtest_exams([one], draws=50).cells} == {"vestiging"}
    ExamCount.objects.update(candidates=1)
    assert exams.backtest_exams([one], draws=50).lines == []


def test_only_rounds_that_the_counts_allow_are_played(schools):
    asked = [Round(2024, 1, False), Round(2024, 2, False), Round(2024, 1, True), Round(2019, 1, False)]
    played = exams.backtest_exams(asked, draws=50)
    assert {(line.origin, line.target, line.known) for line in played.lines} == {(2024, 2025, "examens")}
    whole = next(line for line in played.lines if (line.grain, line.grouping) == ("vestiging", "alle"))
    assert whole.persistence.wape == 0.0
    assert played.cells[asked[0], "vestiging"][0].happened == 100.0


def test_work_can_be_stopped_by_its_progress(schools):
    for work in (
        lambda: exams.forecast_exams(years=1, progress=stop),
        lambda: exams.backtest_exams([Round(2024, 1, False)], draws=50, progress=stop),
    ):
        with pytest.raises(RuntimeError, match="stopped at"):
            work()

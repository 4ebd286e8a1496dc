"""The exam forecast on small countries whose answer can be worked out by hand."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from regio_engine import keyed_random
from regio_engine.errors import ImplausibleInput, MissingInput
from regio_engine.pupils import exam_classes, exam_data, exam_history, exam_spread, exams
from regio_engine.pupils.exam_classes import ClassWeights
from regio_engine.pupils.exam_data import ClassCounts, CohortCounts, ExamHistory
from regio_engine.pupils.exam_history import HistorySettings
from regio_engine.pupils.exam_spread import LEVELS, NORMAL_80, Misses, Spread
from regio_engine.pupils.exam_starts import StartSettings

PLAIN = HistorySettings(
    mean_years=2,
    cap=0.4,
    drift_years=1.0,
    drift_bound=0.03,
    year_discount=1.0,
    shock_years=(),
    shock_weight=1.0,
    area_kept=0.0,
    cohort_weight=0.0,
    ridge=1.0,
)
FOLLOW = ClassWeights(location=1.0, all_types=0.0, school=0.0, level=0.0, history=0.0, phi=1.0, c=0.0)
START = StartSettings(upper_class=0.75, lower_class=0.1, none_came=0.01, spread=Spread(2.0, 0.3))
CHOICE = """
exam_history: {mean_years: 2, cap: 0.4, drift_years: 1.0, drift_bound: 0.03, year_discount: 0.7, shock_years: [2020],
  shock_weight: 0.5, area_kept: 0.75, cohort_weight: 0.4, ridge: 500.0}
fallback_spread: {phi: 3.0, c: 0.02}
starts: {upper_class: 0.75, lower_class: 0.1, none_came: 0.01, spread: {phi: 2.0, c: 0.3}}
national_standard_error: 0.02
class_weights:
  - from_origin: 2017
    weights:
      VMBO:
        1/0: {location: 0.5, all_types: 0, school: 0, level: 0, history: 0, phi: 1, c: 0}
        2/0: {location: 0.4, all_types: 0, school: 0, level: 0, history: 0, phi: 1, c: 0}
  - {from_origin: 2019, weights: {VMBO: {1/0: {location: 0.9, all_types: 0, school: 0, level: 0, history: 0, phi: 1, c: 0}}}}
"""


def history_of(
    counts: list[list[int]], *, first: int = 2015, type_index: int = 0, cohorts: tuple[CohortCounts, ...] = ()
) -> ExamHistory:
    """Return a history with one row of yearly counts per location, all in one type, every location its own school."""
    candidates = np.zeros((len(counts), 3, len(counts[0])))
    candidates[:, type_index, :] = counts
    return ExamHistory(
        locations=np.array([f"90AA{number:02d}" for number in range(len(counts))]),
        schools=np.arange(len(counts)),
        areas=np.full(len(counts), -1),
        years=tuple(range(first, first + len(counts[0]))),
        candidates=candidates,
        cohorts=cohorts,
    )


def classes_of(year_3: list[int], year_4: list[int], *, count_year: int = 2019) -> ClassCounts:
    """Return vmbo classes of years 3 and 4 per location."""
    pupils = np.zeros((len(year_3), 3, 6))
    pupils[:, 0, 2], pupils[:, 0, 3] = year_3, year_4
    return ClassCounts(count_year, pupils)


def settings_of(weights: dict[str, dict[str, ClassWeights]]) -> exams.ExamSettings:
    return exams.ExamSettings(PLAIN, Spread(3.0, 0.0), 0.0, weights, START)


def uniforms(count: int, *, seed: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """Return numbers spread evenly between two bounds."""
    word = keyed_random.words(seed=seed, purpose="test", stable_ids=np.arange(count), years=0, draws=0)[0]
    return low + (high - low) * keyed_random.uniform(word)


def normals(count: int, *, seed: int) -> np.ndarray:
    """Return numbers with mean 0 and variance 1."""
    return np.array([NormalDist().inv_cdf(float(value)) for value in uniforms(count, seed=1000 + seed)])


def large_country(
    *, phi: float, seed: int = 5, locations: int = 600, years: int = 6, sizes: tuple[int, int] = (25, 250)
) -> ExamHistory:
    """Return locations whose counts vary around a level of their own with variance φ · level, for every type."""
    level = uniforms(locations * 3, seed=seed, low=sizes[0], high=sizes[1]).reshape(locations, 3, 1)
    noise = normals(locations * 3 * years, seed=seed).reshape(locations, 3, years)
    counts = np.maximum(np.rint(level + np.sqrt(phi * level) * noise), 0)
    return ExamHistory(
        locations=np.array([f"90{number // 100:02d}{number % 100:02d}" for number in range(locations)]),
        schools=np.arange(locations) // 2,
        areas=np.arange(locations) % 10,
        years=tuple(range(2014, 2014 + years)),
        candidates=counts,
    )


# ------------------------------------------------------------------------------------------------------ exam history
def test_without_earlier_years_the_last_count_is_carried_on():
    model = exams.fit(history_of([[40], [100]]), (), origin=2015, years_ahead=2, settings=settings_of({}))
    assert model.horizons[0].median[:, 0].tolist() == [40.0, 100.0]
    assert model.horizons[1].median[:, 0].tolist() == [40.0, 100.0]


def test_a_steady_fall_is_carried_on_only_in_part():
    steady = history_of([[100, 99, 98, 97]] * 30)
    fitted = exam_history.fit_history(steady, 0, 1, PLAIN)
    # Two pairs of years, 99 to 98 and 98 to 97; the first has more candidates. Two of three parts are kept.
    assert fitted.drift == pytest.approx(2 / 3 * np.log(98 / 99))
    assert exam_history.national_growth(steady, 0, 2, PLAIN) == pytest.approx(2 * fitted.drift)


def test_a_drift_beyond_its_bound_is_held_there():
    falling = history_of([[200, 150, 110, 80]] * 30)
    assert exam_history.national_growth(falling, 0, 1, PLAIN) == -0.03


def test_years_after_the_origin_are_not_looked_at():
    history = large_country(phi=1.0)
    changed = replace(history, candidates=np.where(np.arange(6) > 3, 9999.0, history.candidates))
    told = [exams.fit(one, (), origin=2017, years_ahead=2, settings=settings_of({})) for one in (history, changed)]
    for ahead in range(2):
        assert np.array_equal(told[0].horizons[ahead].median, told[1].horizons[ahead].median)
        assert np.array_equal(told[0].horizons[ahead].deviation, told[1].horizons[ahead].deviation)


def test_a_smaller_cohort_lowers_the_forecast_by_as_much():
    # Age 12 in 2017 sits vmbo in 2020, age 13 in 2019.
    cohorts = (CohortCounts(2017, 12, (90.0, 100.0)),)
    history = history_of([[100]], first=2019, cohorts=cohorts)
    model = exams.fit(history, (), origin=2019, years_ahead=1, settings=settings_of({}))
    assert model.horizons[0].median[0, 0] == pytest.approx(90.0)


def test_a_cohort_count_made_after_the_origin_is_not_known():
    history = history_of([[100]], first=2019, cohorts=(CohortCounts(2020, 12, (90.0, 100.0)),))
    assert history.known_at(2019).cohorts == ()


def test_havo_follows_the_vmbo_of_a_year_earlier_where_no_count_tells_the_cohort():
    candidates = np.zeros((1, 3, 2))
    candidates[0, 0], candidates[0, 1] = (100, 98), (50, 50)
    history = replace(history_of([[0, 0]]), candidates=candidates)
    assert history.cohort_change(1, origin=2016, target=2017) == pytest.approx(np.log(0.98))
    assert history.cohort_change(0, origin=2016, target=2017) == 0.0


def test_a_collapse_of_another_type_is_no_collapse_of_the_cohort():
    candidates = np.zeros((1, 3, 2))
    candidates[0, 0], candidates[0, 1] = (100, 50), (50, 50)
    history = replace(history_of([[0, 0]]), candidates=candidates)
    assert history.cohort_change(1, origin=2016, target=2017) == -0.03


def test_the_change_of_a_cohort_over_two_years_is_that_of_its_years():
    # Ages 13-15 in 2017 are the vmbo exam years 2019, 2018 and 2017; the count says nothing of 2020.
    history = history_of([[100]], first=2017, cohorts=(CohortCounts(2017, 13, (81.0, 90.0, 100.0)),))
    assert history.cohort_change(0, origin=2017, target=2018) == pytest.approx(np.log(0.9))
    assert history.cohort_change(0, origin=2017, target=2019) == pytest.approx(np.log(0.81))
    assert history.cohort_change(0, origin=2017, target=2020) == pytest.approx(np.log(0.81))


def test_a_history_with_a_gap_or_of_another_shape_is_refused():
    good = history_of([[1, 2]])
    with pytest.raises(ImplausibleInput, match="consecutive"):
        replace(good, years=(2015, 2017))
    with pytest.raises(ImplausibleInput, match="shape"):
        replace(good, years=(2015, 2016, 2017))


def test_an_origin_that_is_not_loaded_and_a_horizon_of_nothing_are_refused():
    with pytest.raises(MissingInput, match="2019"):
        exams.fit(history_of([[1, 2]]), (), origin=2019, years_ahead=1, settings=settings_of({}))
    with pytest.raises(ImplausibleInput, match="at least 1"):
        exams.fit(history_of([[1, 2]]), (), origin=2016, years_ahead=0, settings=settings_of({}))


# ----------------------------------------------------------------------------------------------------------- classes
def test_the_location_whose_class_grows_takes_from_the_location_whose_class_shrinks():
    history, classes = history_of([[100], [100]], first=2019), classes_of([123, 77], [100, 100])
    told = exams.fit(history, [classes], origin=2019, years_ahead=1, settings=settings_of({"VMBO": {"1/0": FOLLOW}}))
    grown, shrunk = told.horizons[0].median[:, 0]
    assert grown + shrunk == pytest.approx(200.0)  # what the classes say about the country is left to the drift
    assert grown / shrunk == pytest.approx(126 / 80)  # three pupils are added to every class


def test_a_location_without_classes_keeps_the_forecast_from_exams():
    history, classes = history_of([[100], [60]], first=2019), classes_of([50, 0], [100, 0])
    told = exams.fit(history, [classes], origin=2019, years_ahead=1, settings=settings_of({"VMBO": {"1/0": FOLLOW}}))
    assert told.horizons[0].median[1, 0] == 60.0


def test_a_type_whose_class_is_not_in_vo_yet_is_carried_on_from_the_year_before():
    history, classes = history_of([[100], [100]], first=2019), classes_of([123, 77], [100, 100])
    weights = {"VMBO": {f"{lag}/0": FOLLOW for lag in (1, 2, 3, 4)}}
    told = exams.fit(history, [classes], origin=2019, years_ahead=4, settings=settings_of(weights))
    assert told.horizons[3].median[0, 0] == told.horizons[2].median[0, 0]
    assert exam_classes.class_signals(history, classes, 0, target=2023, origin=2019) is None


def test_an_exam_class_is_held_against_the_last_candidates_when_the_origins_class_has_left():
    history, classes = history_of([[100], [100]], first=2018), classes_of([0, 0], [120, 80])
    signals = exam_classes.class_signals(history, classes, 0, target=2019, origin=2018)
    assert signals is not None
    assert signals.location == pytest.approx([np.log(123 / 103), np.log(83 / 103)])
    assert exam_classes.lag_key(target=2019, origin=2018, count_year=2019) == "0/-1"
    assert exam_classes.lag_key(target=2021, origin=2020, count_year=2019) == "2/1"


def test_a_mixed_class_follows_what_year_three_shows_beyond_the_pure_classes():
    pure = np.zeros((1, 3, 6))
    pure[0, 1, 1], pure[0, 1, 2], pure[0, 2, 2] = 300, 600, 300  # havo years 2 and 3, vwo year 3
    mixed = {(1, 2): np.array([[0, 600.0, 0, 0, 0, 0]])}
    split = exam_data.split_mixed_classes(pure, mixed, schools=np.zeros(1, np.int64), count_year=2019)
    # Year 2 has 900 pupils as year 3 has: 600 havo and 300 vwo, of which 300 havo are known already.
    assert split.pupils[0, :, 1] == pytest.approx([0.0, 600.0, 300.0])


@given(st.lists(st.integers(0, 200), min_size=24, max_size=24))
def test_splitting_mixed_classes_loses_nobody(numbers: list[int]):
    values = np.array(numbers, np.float64).reshape(2, 12)
    pure = np.zeros((2, 3, 6))
    pure[:, 0, :4], pure[:, 1, 2:5] = values[:, :4], values[:, 4:7]
    mixed = {(0, 1): np.pad(values[:, 7:9], ((0, 0), (0, 4))), (0, 1, 2): np.pad(values[:, 9:12], ((0, 0), (0, 3)))}
    split = exam_data.split_mixed_classes(pure, mixed, schools=np.array([0, 0]), count_year=2019)
    everybody = pure.sum(axis=1) + sum(mixed.values())
    assert split.pupils.sum(axis=1) == pytest.approx(everybody)


def test_only_weights_that_were_chosen_up_to_the_origin_are_used():
    choice = yaml.safe_load(CHOICE)
    at = {origin: exams.ExamSettings.at_origin(choice, origin).class_weights for origin in (2016, 2018, 2021)}
    assert at[2016]["VMBO"] == {}
    assert {key: one.location for key, one in at[2018]["VMBO"].items()} == {"1/0": 0.5, "2/0": 0.4}
    assert {key: one.location for key, one in at[2021]["VMBO"].items()} == {"1/0": 0.9, "2/0": 0.4}


def test_earlier_pupil_files_tell_how_wide_the_band_must_be():
    # Every year the class of year 3 says +40 or -40 %, and half of that comes true: far more than a deviation of ten.
    generous = replace(FOLLOW, phi=1.0)
    turn = np.where(np.arange(160) % 2 == 0, 1.0, -1.0)
    counts = np.array([[100 + 20 * sign * (year % 2) for year in range(6)] for sign in turn])
    history = history_of(counts.astype(int).tolist(), first=2014)
    files = [
        classes_of((100 + 40 * turn).astype(int).tolist(), [100] * 160, count_year=year) for year in range(2016, 2020)
    ]
    told = [
        exams.fit(history, classes, origin=2019, years_ahead=1, settings=settings_of({"VMBO": {"1/0": generous}}))
        for classes in (files[-1:], files)
    ]
    assert np.array_equal(told[0].horizons[0].median, told[1].horizons[0].median)
    assert (told[1].horizons[0].deviation[:, 0] > 1.5 * told[0].horizons[0].deviation[:, 0]).all()


def test_a_type_whose_misses_are_small_keeps_its_own_width():
    def told(*, havo_miss: int) -> np.ndarray:
        turn = np.where(np.arange(160) % 2 == 0, 1.0, -1.0)
        counts = np.zeros((160, 3, 6))
        for year in range(6):
            counts[:, 0, year] = 100 + 40 * turn * (year % 2)
            counts[:, 1, year] = 100 + havo_miss * turn * (year % 2)
        history = ExamHistory(
            locations=np.array([f"90AA{n:02}" for n in range(160)]), schools=np.arange(160), areas=np.full(160, -1),
            years=tuple(range(2014, 2020)), candidates=counts,
        )  # fmt: skip
        files = [ClassCounts(year, np.full((160, 3, 6), 100.0)) for year in range(2016, 2020)]
        table = {name: {"1/0": replace(FOLLOW, phi=4.0)} for name in ("VMBO", "HAVO")}
        settings = settings_of(table)
        return exam_classes.class_width(
            history.known_at(2019), files, years_ahead=1, table=table, history=settings.history
        )

    vmbo, havo, _ = told(havo_miss=10)
    assert vmbo > 1.5
    assert havo < 0.8
    assert told(havo_miss=40)[1] == pytest.approx(vmbo)


# ------------------------------------------------------------------------------------------------------------- draws
def country_model() -> exams.ExamModel:
    choice = yaml.safe_load(CHOICE)
    return exams.fit(
        large_country(phi=1.0), (), origin=2019, years_ahead=2, settings=exams.ExamSettings.at_origin(choice, 2019)
    )


def test_a_region_is_the_slice_of_the_country_bit_for_bit():
    model, draws = country_model(), np.arange(50)
    country = exams.simulate(model, rows=np.arange(600), years_ahead=2, draws=draws, seed=11)
    region = np.array([17, 3, 599])
    assert np.array_equal(exams.simulate(model, rows=region, years_ahead=2, draws=draws, seed=11), country[region])


def test_a_slice_of_the_draws_is_the_same_slice_of_the_whole_run():
    model, rows = country_model(), np.arange(40)
    whole = exams.simulate(model, rows=rows, years_ahead=1, draws=np.arange(60), seed=11)
    parts = [
        exams.simulate(model, rows=rows, years_ahead=1, draws=part, seed=11)
        for part in (np.arange(7), np.arange(7, 60))
    ]
    assert np.array_equal(np.concatenate(parts, axis=2), whole)


def test_locations_in_another_order_get_the_same_numbers():
    history, choice = large_country(phi=1.0), yaml.safe_load(CHOICE)
    order = np.arange(600)[::-1]
    turned = replace(
        history,
        locations=history.locations[order],
        schools=history.schools[order],
        areas=history.areas[order],
        candidates=history.candidates[order],
    )
    settings = exams.ExamSettings.at_origin(choice, 2019)
    told = [exams.fit(one, (), origin=2019, years_ahead=1, settings=settings) for one in (history, turned)]
    drawn = [exams.simulate(one, rows=np.arange(600), years_ahead=1, draws=np.arange(20), seed=3) for one in told]
    assert np.array_equal(drawn[0], drawn[1][order])


def test_another_seed_gives_other_draws_around_the_same_median():
    model, rows = country_model(), np.arange(600)
    drawn = [exams.simulate(model, rows=rows, years_ahead=1, draws=np.arange(400), seed=seed) for seed in (1, 2)]
    assert not np.array_equal(drawn[0], drawn[1])
    medians = [np.median(one, axis=2)[:, 0].sum() for one in drawn]
    assert medians[0] == pytest.approx(medians[1], rel=0.01)


def test_counts_are_whole_and_never_negative():
    drawn = exams.simulate(country_model(), rows=np.arange(600), years_ahead=2, draws=np.arange(100), seed=1)
    assert drawn.dtype == np.int32
    assert drawn.min() >= 0


def test_the_national_factor_is_shared_so_that_sums_keep_their_band():
    draws = np.arange(2000)
    factors = exam_spread.national_factors(seed=1, year=2020, draws=draws, standard_error=0.03)
    assert factors.shape == (3, 2000)
    assert factors.std(axis=1) == pytest.approx([0.03] * 3, rel=0.08)
    cells = 400
    drawn = exam_spread.integer_draws(
        np.full(cells, 100.0),
        np.full(cells, 5.0),
        exam_spread.miss_table([]),
        ids=np.arange(cells, dtype=np.uint64),
        factors=factors[[0]],
        seed=1,
        year=2020,
        draws=draws,
    )
    # Independent cells would give a total of 40,000 +- 100; the factor makes it +- 1,200.
    assert drawn.sum(axis=0).std() == pytest.approx(1200, rel=0.1)


# ------------------------------------------------------------------------------------------------------------ spread
@pytest.mark.parametrize("phi", [0.2, 1.0, 3.0])
def test_eighty_percent_bands_hold_eighty_percent_at_any_spread(phi: float):
    # Large enough that whole counts and closed ends do not widen the band by themselves.
    history, choice = large_country(phi=phi, years=8, sizes=(100, 1000)), yaml.safe_load(CHOICE)
    model = exams.fit(
        history,
        (),
        origin=2020,
        years_ahead=1,
        settings=exams.ExamSettings.at_origin(choice | {"national_standard_error": 0.0}, 2020),
    )
    drawn = exams.simulate(model, rows=np.arange(600), years_ahead=1, draws=np.arange(400), seed=9)
    p10, p90 = np.quantile(drawn, (0.1, 0.9), axis=2)
    truth, scored = history.candidates[:, :, -1], model.last >= 20
    inside = ((p10 <= truth) & (truth <= p90))[scored].mean()
    assert 0.77 <= inside <= 0.83


@pytest.mark.parametrize("phi", [0.2, 1.0, 3.0])
def test_bands_drawn_from_a_known_spread_hold_eighty_percent(phi: float):
    median = uniforms(4000, seed=8, low=200, high=2000)
    deviation = exam_spread.standard_deviation(median, phi=phi, c=0.0)
    truth = np.rint(median + deviation * normals(4000, seed=8))
    drawn = exam_spread.integer_draws(
        median,
        deviation,
        exam_spread.miss_table([]),
        ids=np.arange(4000, dtype=np.uint64),
        factors=np.ones((1, 500)),
        seed=4,
        year=2020,
        draws=np.arange(500),
    )
    p10, p90 = np.quantile(drawn, (0.1, 0.9), axis=1)
    assert 0.77 <= ((p10 <= truth) & (truth <= p90)).mean() <= 0.83


def test_the_spread_of_past_misses_is_found_back():
    median = uniforms(20_000, seed=3, low=20, high=400)
    truth = median + np.sqrt(2.0 * median + (0.1 * median) ** 2) * normals(20_000, seed=3)
    found = exam_spread.fit_spread(Misses(median, truth), Spread(9.0, 9.0))
    assert found.phi == pytest.approx(2.0, rel=0.15)
    assert found.c == pytest.approx(0.1, rel=0.15)


def test_too_few_misses_give_the_fallback():
    few = Misses(np.full(10, 50.0), np.full(10, 55.0))
    assert exam_spread.fit_spread(few, Spread(3.0, 0.02)) == Spread(3.0, 0.02)


def test_a_few_dozen_misses_widen_the_fallback_in_part():
    """Misses twice as wide as the fallback says: fifty of them, half of a hundred, make it half as much wider."""
    z = np.array([NormalDist().inv_cdf((n + 0.5) / 50) for n in range(50)])
    z *= 2 * NORMAL_80 / (np.quantile(z, 0.9) - np.quantile(z, 0.1))  # a middle 80 % just as wide as a normal one
    found = exam_spread.fit_spread(Misses(np.full(50, 100.0), 100.0 + 2 * 10 * z), Spread(1.0, 0.0))
    assert found.phi == pytest.approx(1.5**2)
    assert found.c == 0.0


def test_vanished_codes_make_the_lower_tail_fat_and_leave_the_middle_alone():
    median = np.full(5000, 100.0)
    truth = median + 10 * normals(5000, seed=2)
    truth[::40] = 0.0  # one code in forty is gone
    table = exam_spread.miss_table([(Misses(median, truth), Spread(1.0, 0.0))])
    assert np.interp((0.1, 0.5, 0.9), LEVELS, table) == pytest.approx([-1.28, 0.0, 1.28], abs=0.12)
    assert table[0] < -8.0
    assert table[-1] < 4.0

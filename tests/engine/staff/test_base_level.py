"""The base year: the shortage is the drawn measurement, what nobody fills comes as vacancies, need follows the forecast."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regio_engine.staff.base_level import Measurement, national_shares, vacancies
from regio_engine.staff.base_year import Stock, groups_of, over_milli, unfilled_milli
from regio_engine.staff.context_draws import drawn
from regio_engine.staff.context_need import following_need
from regio_engine.staff.contract import PARAMETER_DRAWS
from tests.engine.staff.staff_parameters import parameters

POSITIONS = ("vo:duits:tweedegraads", "vo:duits:eerstegraads")
IDS = np.array([1, 2], np.uint32)
DRAWS = 200


def stock(unqualified=0):
    milli = np.array([[[6_000, 3_000], [4_000, 1_000]]] * 2)
    short = np.zeros_like(milli)
    short[0, 0, 0], short[1, 1, 0] = unqualified, unqualified
    return Stock(milli, short)


def unfilled(*, shares=(0.1, 0.0), measurements=(), unqualified=0):
    table = np.tile(np.array(shares), (PARAMETER_DRAWS, 1))
    groups = groups_of(np.ones((2, 2), np.bool_), shares=table, measurements=measurements, seed=3)
    return unfilled_milli(stock(unqualified), groups, position_ids=IDS, draws=DRAWS, seed=3)


def test_unfilled_and_unqualified_together_are_the_measured_share_of_the_employment():
    for unqualified in (0, 500):
        found = unfilled(unqualified=unqualified).sum(axis=0)
        share = (found[0] + unqualified) / (10_000 + found[0])
        assert share == pytest.approx(0.1, abs=0.0001)
        assert (found[1] == 0).all()


def test_more_unqualified_than_measured_leaves_nothing_unfilled():
    """Only own staff files can have them; there the count is the shortage."""
    assert (unfilled(unqualified=2_000) == 0).all()


def over(*, lacking, sharing, share=0.02, measurements=()):
    groups = groups_of(
        np.ones((2, 2), np.bool_), shares=np.zeros((PARAMETER_DRAWS, 2)), measurements=measurements, seed=3
    )
    return over_milli(
        stock(), groups, unfilled=lacking, share=np.full(PARAMETER_DRAWS, share), sharing=np.array(sharing, np.int16),
        draws=DRAWS, seed=3,
    )  # fmt: skip


def test_somebody_is_over_only_where_the_position_lacks_nobody_within_the_circle():
    lacking = np.zeros((2, 2, DRAWS), np.int32)
    lacking[0, 0] = 500
    together, apart = over(lacking=lacking, sharing=[0, 0]), over(lacking=lacking, sharing=[0, 1])
    assert (together.sum(axis=(0, 1)) == 200).all()  # 2 % of 14 fte, in steps of 0.2
    assert (together[:, 0] == 0).all()
    assert (apart[0, 0] == 0).all()
    assert (apart[1, 0] > 0).any()


def test_nothing_is_over_where_a_board_measured_its_shortage():
    measured = Measurement("bestuur", places=(0, 1), position=1, low=0.0, shortage=0.0, high=0.0)
    found = over(lacking=np.zeros((2, 2, DRAWS), np.int32), sharing=[0, 1], share=0.05, measurements=(measured,))
    assert (found[:, 1] == 0).all()
    assert (found[:, 0].sum(axis=0) > 0).all()


def test_an_own_measurement_takes_the_place_of_the_nation_at_its_places():
    own = Measurement("bestuur|duits", places=(1,), position=0, low=1.0, shortage=1.5, high=2.0)
    found = unfilled(measurements=(own,))
    wanted = own.drawn_milli(seed=3)[np.arange(DRAWS) % PARAMETER_DRAWS]
    assert (found[1, 0] == wanted).all()
    assert found[0, 0] == pytest.approx(6_000 / 9, abs=1)  # a tenth of what is staffed and unfilled there
    tenths = np.quantile(wanted, [0.1, 0.5, 0.9])
    assert tenths == pytest.approx([1000, 1500, 2000], abs=30)


def test_a_measurement_of_a_location_comes_before_that_of_its_board():
    of_place = Measurement("plaats", places=(1,), position=0, low=1.0, shortage=1.0, high=1.0)
    of_board = Measurement("bestuur", places=(0, 1), position=0, low=0.5, shortage=0.5, high=0.5)
    found = unfilled(measurements=(of_place, of_board))
    assert (found[1, 0] == 1000).all()
    assert (found[0, 0] == 500).all()


def test_it_comes_as_vacancies_of_half_a_job():
    found = unfilled(shares=(0.2, 0.0))[:, 0]
    assert set(np.unique(found)) <= {0, 500, 1000, 1500, 2000, 2500}
    assert found.sum(axis=0).tolist() == [2500] * DRAWS
    assert found.mean(axis=1) == pytest.approx([1500, 1000], abs=60)  # by size


@given(
    st.integers(0, 20_000), st.lists(st.integers(0, 9_000), min_size=1, max_size=30), st.floats(0, 1, exclude_max=True)
)
def test_vacancies_are_never_negative_and_sum_to_the_total(total, weights, uniform):
    found = vacancies(
        np.array([total]), weights=np.array(weights)[:, None], uniforms=np.array([uniform]), size_milli=500
    )
    assert found.sum() == total
    assert found.min() >= 0


def test_shares_by_subject_have_the_published_middle_and_a_range_of_a_third():
    shares = national_shares(
        POSITIONS, stock_milli=np.array([10_000, 4_000]), parameters=parameters(), sector="vo", region_label="", seed=1
    )  # fmt: skip
    weighed = (shares * np.array([10, 4])).sum(axis=1) / 14
    assert np.median(weighed) == pytest.approx(0.068, abs=0.004)
    assert (shares[:, 0] > shares[:, 1]).all()  # the second grade is shorter


def test_a_region_is_drawn_half_way_to_the_nation():
    def middle(label):
        found = national_shares(
            POSITIONS, stock_milli=np.array([1, 1]), parameters=parameters(), sector="vo", region_label=label, seed=1
        )  # fmt: skip
        return np.median(found)

    nation = middle("")
    assert middle("Achterhoek") / nation == pytest.approx(1 + 0.5 * (0.13 / 0.055 - 1), abs=0.1)
    assert middle("Rijk van Nijmegen") / nation == pytest.approx(1 + 0.5 * (0.017 / 0.055 - 1), abs=0.1)


def test_other_sectors_have_one_share_for_all_positions():
    shares = national_shares(
        ("po:groepsleraar", "po:vakleerkracht"), stock_milli=np.array([1, 1]), parameters=parameters(), sector="po",
        region_label="", seed=1,
    )  # fmt: skip
    assert (shares[:, 0] == shares[:, 1]).all()
    assert shares[:, 0] == pytest.approx(drawn(parameters().figure("po", "shortage_share"), seed=1))


# --------------------------------------------------------------------------------------------------------- later need
def test_later_need_is_the_base_times_the_ratio_of_the_forecast():
    forecast = np.array([[[2000, 2000], [1000, 2500]]], np.int32)
    base = np.array([[3000, 3001]])
    assert following_need(forecast, base_milli=base).tolist() == [[[3000, 3001], [1500, 3751]]]


def test_where_a_ratio_says_nothing_the_change_is_added():
    forecast = np.array([[[50], [400]], [[500], [2000]], [[0], [0]], [[60], [0]]], np.int32)
    base = np.array([[1000], [100], [700], [30]])
    found = following_need(forecast, base_milli=base)
    assert found[:, 1, 0].tolist() == [1350, 1600, 700, 0]  # too small, more than tripled, not foreseen, never below 0


@given(st.integers(100, 50_000), st.integers(0, 50_000), st.integers(0, 3), st.integers(1, 2_000))
def test_more_forecast_need_never_lowers_the_need(first, base, times, more):
    lower, higher = first * times // 3, first * times // 3 + more
    forecast = np.array([[[first, first], [lower, higher]]], np.int32)
    found = following_need(forecast, base_milli=np.array([[base, base]]))[0, 1]
    assert found[0] <= found[1] or higher > 3 * first

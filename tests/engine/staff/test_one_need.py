"""One need: the level of the staff run where staff is loaded, the rule elsewhere, and parts that add up."""

from dataclasses import replace

import numpy as np
import pytest

from regio_engine.staff.need_forecast import NeedForecast, forecast_need
from regio_engine.staff.need_plan import plan_without_learners
from regio_engine.staff.one_need import one_need
from regio_engine.units import learner_draws
from tests.engine.staff.shipped import rule, small_table
from tests.engine.staff.small_staff import context

DRAWS = 4
PLACES = ("90AA00", "90AB00")
CODES = ("vo:nederlands:tweedegraads", "vo:wiskunde:tweedegraads", "vo:duits:tweedegraads")
GROUPS = {CODES[0]: "talen", CODES[1]: "exact", CODES[2]: "vreemde talen"}


def by_the_rule() -> NeedForecast:
    """Two schools of 150 and 75 pupils in year 1: 10 and 5 fte by the rule, half Dutch and half maths."""
    counts = np.array([[[150] * DRAWS] * 2, [[75] * DRAWS] * 2], np.int32)
    cells = [(code, "havo", 1) for code in PLACES]
    learners = learner_draws(cells=cells, years=(2026, 2027), counts=counts)
    return forecast_need(learners, table=small_table(), rule_for=lambda *_: rule(), splits={}, seed=1)


def adjusted(*, need_fte: np.ndarray, made_up: bool, places=PLACES) -> NeedForecast:
    """Bring the need to that of a staff run [fte per place and position], the same in every year and draw."""
    forecast = by_the_rule()
    milli = np.repeat(np.repeat(1000 * need_fte.reshape(-1, 1, 1), 2, axis=1), DRAWS, axis=2)
    level = one_need(
        forecast, context=context(milli, places=places, positions=CODES), sector="vo",
        board_of_place=("90001",) * len(places), made_up_boards=frozenset({"90001"} if made_up else ()), group_of_position=GROUPS,
    )  # fmt: skip
    return replace(forecast, adjust=level.at)


def means(forecast: NeedForecast, scope_of: dict[str, str]) -> dict[tuple[str, str], float]:
    return {(row.scope, row.position): row.mean for row in forecast.summary(scope_of) if row.year == 2027}


EACH = {code: code for code in PLACES}
STAFF_RUN = np.array([[8.0, 4.0, 0.0], [4.0, 2.0, 0.0]])


def test_counted_staff_shows_the_need_of_the_staff_run_cell_by_cell():
    found = means(adjusted(need_fte=STAFF_RUN, made_up=False), EACH)
    assert found == {
        ("90AA00", "alle"): 12, ("90AA00", CODES[0]): 8, ("90AA00", CODES[1]): 4,
        ("90AB00", "alle"): 6, ("90AB00", CODES[0]): 4, ("90AB00", CODES[1]): 2,
    }  # fmt: skip


def test_made_up_staff_lends_the_board_its_level_and_leaves_the_split_over_schools_to_the_rule():
    moved = np.array([[3.0, 4.0, 0.0], [9.0, 2.0, 0.0]])  # the same board, other schools: nobody can tell
    found = means(adjusted(need_fte=moved, made_up=True), EACH)
    assert found == means(adjusted(need_fte=STAFF_RUN, made_up=True), EACH)
    assert (found["90AA00", CODES[0]], found["90AB00", CODES[0]]) == (8, 4)  # 12 fte over 5 : 2.5
    assert (found["90AA00", CODES[1]], found["90AB00", CODES[1]]) == (4, 2)


def test_a_group_that_the_rule_does_not_know_stays_in_the_total():
    with_german = STAFF_RUN + np.array([[0, 0, 1.5], [0, 0, 0]])
    forecast = adjusted(need_fte=with_german, made_up=True)
    found, board = means(forecast, EACH), means(forecast, dict.fromkeys(PLACES, "90001"))
    assert board["90001", "alle"] == 19.5
    assert (found["90AA00", CODES[2]], found["90AB00", CODES[2]]) == (1.0, 0.5)  # by 10 : 5 fte of the rule


@pytest.mark.parametrize("made_up", [True, False])
def test_a_school_without_loaded_staff_keeps_the_need_by_its_rule(made_up):
    found = means(adjusted(need_fte=STAFF_RUN[:1], made_up=made_up, places=PLACES[:1]), EACH)
    assert found["90AA00", "alle"] == 12
    assert found["90AB00", "alle"] == 5


def test_a_place_without_learners_has_the_need_of_its_counted_staff_and_none_of_made_up_staff():
    places, need_fte = (*PLACES, "90AC00"), np.vstack([STAFF_RUN, [[3.0, 0.0, 0.0]]])
    for made_up, own in ((False, 3.0), (True, None)):
        forecast = adjusted(need_fte=need_fte, made_up=made_up, places=places)
        whole = replace(forecast, plans=(*forecast.plans, plan_without_learners("90AC00", rule=rule())))
        assert means(whole, {"90AC00": "90AC00"}).get(("90AC00", "alle")) == own
        assert means(whole, dict.fromkeys(places, "90001"))["90001", "alle"] == 21  # the board keeps what is its

"""A whole context from own and made-up staff: what the simulation checks, the base year, the same bytes."""

import hashlib
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from regio_engine.errors import MissingInput
from regio_engine.staff.base_level import Measurement, national_shares
from regio_engine.staff.base_year import groups_of, stock_of
from regio_engine.staff.checks import check_context
from regio_engine.staff.context import RegionStaff, build_context
from regio_engine.staff.context_people import OwnPerson
from regio_engine.staff.context_places import Place, nearest_places, sharing_places
from regio_engine.staff.context_positions import covers, second_positions
from regio_engine.staff.contract import NONE, PARAMETER_DRAWS, Output, Qualified
from regio_engine.staff.simulation import simulate
from regio_engine.staff.synthetic_seats import PublicCell, PublicSchool
from tests.engine.staff.staff_parameters import parameters

POSITIONS = ("vo:duits:tweedegraads", "vo:duits:eerstegraads", "vo:frans:tweedegraads", "vo:overig:tweedegraads")
PLACES = (
    Place("90AA00", "1", "90AA", 52.0, 5.0),
    Place("90AA01", "1", "90AA", 52.1, 5.0),
    Place("90AB00", "2", "90AB", 53.0, 5.0),
)
DRAWS, YEARS = 100, 3


def own_person(number, place=2, position=0, milli=800, qualified=Qualified.YES):
    return OwnPerson(f"p{number}", place, position, 40, milli, 10, qualified, 0, NONE, 1)


def region(**changes):
    known = {
        "sector": "vo", "base_year": 2025, "places": PLACES, "positions": POSITIONS,
        "own": tuple(own_person(n) for n in range(5)), "schools": (PublicSchool("90AA", 25),),
        "cells": (PublicCell(0, 0, 0, 12_000, 0.04, 0.08), PublicCell(0, 1, 1, 8_000, 0.0, 0.0)),
    }  # fmt: skip
    return RegionStaff(**{**known, **changes})


def forecast_need():
    need = np.zeros((len(PLACES) * len(POSITIONS), YEARS + 1, DRAWS), np.int32)
    need[[0, 5, 8]] = np.array([12_500, 8_000, 4_200])[:, None, None]
    need[:, 1:] = need[:, :1] * 9 // 10
    return need


def context(**changes):
    return build_context(region(**changes), need_milli=forecast_need(), parameters=parameters(), seed=11)


def digest(thing):
    if is_dataclass(thing):
        return hashlib.sha256(b"".join(digest(getattr(thing, one.name)) for one in fields(thing))).digest()
    return hashlib.sha256(thing.tobytes() if isinstance(thing, np.ndarray) else repr(thing).encode()).digest()


def test_the_simulation_takes_the_context():
    check_context(context(), years=YEARS, last_draw=DRAWS - 1)


def test_need_of_the_base_year_is_staff_and_unfilled_less_what_is_over_in_every_draw():
    made = context()
    stock = stock_of(made.staff, places=3, positions=4)
    more = made.need_milli[:, 0] - stock.of_draws(DRAWS)
    assert 0 < np.maximum(more, 0).sum(axis=0).mean() < 0.15 * stock.milli[0].sum()
    assert np.maximum(-more, 0).sum(axis=0).max() <= 0.04 * stock.milli[0].sum()
    assert made.need_milli[8, 1].mean() == pytest.approx(0.9 * made.need_milli[8, 0].mean(), rel=0.01)


def test_a_measured_shortage_is_the_shortage_of_the_base_year_in_every_draw():
    measured = Measurement("2|duits", places=(2,), position=0, low=0.8, shortage=1.2, high=1.6)
    own = (*(own_person(n) for n in range(4)), own_person(9, milli=300, qualified=Qualified.NO))
    made = context(own=own, measurements=(measured,))
    stock = stock_of(made.staff, places=3, positions=4)
    cell = 2 * len(POSITIONS)
    shortage = made.need_milli[cell, 0] - stock.of_draws(DRAWS)[cell] + 300
    assert (shortage == measured.drawn_milli(seed=11)[np.arange(DRAWS) % 50]).all()


@pytest.mark.parametrize("populations", [50, 7])
def test_the_shortage_of_the_base_year_is_the_drawn_measurement_in_every_draw(populations):
    """Every position and own measurement, with as many unqualified lessons counted as the measurement says, and more."""
    cells = (PublicCell(0, 0, 0, 12_000, 0.30, 0.08), PublicCell(0, 1, 1, 8_000, 0.10, 0.0))
    measured = Measurement("2|duits", places=(2,), position=0, low=0.8, shortage=1.2, high=1.6)
    made = build_context(
        region(cells=cells, measurements=(measured,)), need_milli=forecast_need(), parameters=parameters(), seed=11,
        populations=populations,
    )  # fmt: skip
    stock = stock_of(made.staff, places=3, positions=4)
    shares = national_shares(
        POSITIONS, stock_milli=stock.milli[0].sum(axis=0), parameters=parameters(), sector="vo", region_label="", seed=11
    )  # fmt: skip
    groups = groups_of(stock.milli.sum(axis=0) > 0, shares=shares, measurements=(measured,), seed=11)
    found = simulate(made, seed=11, draws=DRAWS, years=1).outputs[:, Output.SHORTAGE, 0].reshape(3, 4, DRAWS)
    parameter, population = np.arange(DRAWS) % PARAMETER_DRAWS, np.arange(DRAWS) % populations
    assert stock.unqualified_milli.sum() > 0
    assert found.sum() == sum(found[group.places, group.position].sum() for group in groups)
    for group in groups:
        short = found[group.places, group.position].sum(axis=0)
        if group.milli is not None:
            assert (short == group.milli[parameter]).all()
        else:
            staffed = stock.milli[population][:, group.places, group.position].sum(axis=1)
            unqualified = stock.unqualified_milli[population][:, group.places, group.position].sum(axis=1)
            share = short / (staffed - unqualified + short)  # of the employment
            assert share == pytest.approx(shares[parameter, group.position], abs=1e-4)


def test_own_unqualified_people_are_short_whatever_was_drawn():
    own = (*(own_person(n) for n in range(4)), own_person(9, milli=900, qualified=Qualified.NO))
    made = context(own=own, schools=(), cells=())
    assert (simulate(made, seed=11, draws=DRAWS, years=1).outputs[8, Output.SHORTAGE, 0] >= 900).all()


def test_own_people_are_the_same_in_every_population():
    staff = context().staff
    own = [np.flatnonzero(staff.places[a:b] == 2) + a for a, b in zip(staff.offsets, staff.offsets[1:], strict=False)]
    assert {len(rows) for rows in own} == {5}
    for name in ("ids", "ages", "milli_fte", "tenures", "scales"):
        assert {tuple(getattr(staff, name)[rows]) for rows in own} == {tuple(getattr(staff, name)[own[0]])}


def test_only_own_staff_and_only_made_up_staff_work_too():
    for changes in ({"schools": (), "cells": ()}, {"own": ()}):
        check_context(context(**changes), years=YEARS, last_draw=DRAWS - 1)


def test_without_any_staff_there_is_no_context():
    with pytest.raises(MissingInput, match="no staff"):
        context(own=(), schools=(), cells=())


def test_the_same_input_gives_the_same_bytes():
    assert digest(context()) == digest(context())
    other = build_context(region(), need_milli=forecast_need(), parameters=parameters(), seed=12)
    assert digest(context()) != digest(other)


# ------------------------------------------------------------------------------------------------ places and positions
def test_colleagues_are_shared_within_a_board_and_no_further_than_the_limit():
    """Eleven kilometres apart; a third place of the board is too far from the first; another board next door is not theirs."""
    places = (
        Place("90AA00", "1", "90AA", 52.0, 5.0), Place("90AA01", "1", "90AA", 52.1, 5.0), Place("90AA02", "1", "90AA", 52.2, 5.0),
        Place("90AB00", "2", "90AB", 52.0, 5.0),
    )  # fmt: skip
    assert sharing_places(places, limit_km=15).tolist() == [0, 0, 1, 2]
    assert sharing_places(places, limit_km=30).tolist() == [0, 0, 0, 1]
    assert sharing_places(places, limit_km=5).tolist() == [0, 1, 2, 3]


def test_places_are_ordered_by_distance_up_to_the_limit():
    near = nearest_places(PLACES, limit_km=30)
    assert near.tolist() == [[0, 1, NONE], [1, 0, NONE], [2, NONE, NONE]]
    assert nearest_places(PLACES, limit_km=200).tolist() == [[0, 1, 2], [1, 0, 2], [2, 1, 0]]


def test_a_place_without_coordinates_stands_in_the_middle():
    places = (Place("a", "1", "x", 52.0, 5.0), Place("b", "1", "x", 52.2, 5.0), Place("c", "1", "x"))
    assert set(nearest_places(places, limit_km=12)[2].tolist()) == {0, 1, 2}


def test_the_first_grade_covers_the_second_of_its_subject_and_nask_is_covered_by_its_parts():
    positions = (
        "vo:natuurkunde:eerstegraads",
        "vo:natuurkunde:tweedegraads",
        "vo:nask:tweedegraads",
        "vo:duits:tweedegraads",
    )
    found = covers(positions, parameters())
    assert found.tolist() == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [False, False, False, True],
    ]


def test_a_second_qualification_leads_to_the_first_grade_or_a_subject_of_the_group():
    found = second_positions(POSITIONS, np.ones(4), parameters())
    assert found[0].tolist() == [0, 3 << 30, 2**32 - 1, 2**32 - 1]  # three parts first grade, one part Frans
    assert (found[3] == 0).all()  # nowhere to go from mentoraat

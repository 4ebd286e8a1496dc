"""Drawn learners refuse what cannot be true."""

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.units import learner_draws

ONE = [("90AA00", "havo", 3)]


def test_learners_cannot_be_negative() -> None:
    with pytest.raises(ImplausibleInput, match="-1"):
        learner_draws(cells=ONE, years=[2026], counts=np.array([[[-1]]]))


def test_every_cell_has_its_row_of_counts() -> None:
    with pytest.raises(ImplausibleInput, match="2 rows"):
        learner_draws(cells=ONE, years=[2026], counts=np.zeros((2, 1, 1), int))


def test_every_year_has_its_column() -> None:
    with pytest.raises(ImplausibleInput, match="1 columns"):
        learner_draws(cells=ONE, years=[2026, 2027], counts=np.zeros((1, 1, 1), int))


def test_years_rise() -> None:
    with pytest.raises(ImplausibleInput, match="rise"):
        learner_draws(cells=ONE, years=[2027, 2026], counts=np.zeros((1, 2, 1), int))


def test_a_counted_year_is_the_same_in_every_draw() -> None:
    drawn = learner_draws(cells=ONE, years=[2027], counts=np.array([[[80, 90, 100]]]))
    both = drawn.with_first_year(2026, np.array([75]))
    assert both.years == (2026, 2027)
    assert both.counts.tolist() == [[[75, 75, 75], [80, 90, 100]]]

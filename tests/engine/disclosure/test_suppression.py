"""Public tables: what is left out cannot be worked out, in tables with sums and in tables that can be subtracted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.optimize import linprog

from regio_engine.disclosure.suppression import LEAST, hidden_cells, range_of, with_sums
from regio_engine.errors import ImplausibleInput

tables = arrays.arrays(
    np.int64,
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    elements=st.one_of(st.integers(0, 7), st.integers(0, 60)),
)


def worked_out(shown: list[tuple[np.ndarray, np.ndarray]], *, table: int, cell: tuple[int, int]) -> tuple[float, float]:
    """Return the bounds of a cell that follow from all shown cells and sums of tables of which the last is the sum."""
    rows, columns = shown[0][0].shape
    size, count = rows * columns, len(shown)
    equations, values = [], []

    def equation(entries: dict[int, float], value: float) -> None:
        row = np.zeros(size * count)
        for place, factor in entries.items():
            row[place] = factor
        equations.append(row)
        values.append(value)

    for t, (numbers, hidden) in enumerate(shown):
        place = np.arange(size).reshape(rows, columns) + t * size
        for line in [*place, *place.T]:
            equation({**dict.fromkeys(line[:-1].tolist(), 1.0), int(line[-1]): -1.0}, 0)
        for where in np.argwhere(~hidden):
            equation({int(place[tuple(where)]): 1.0}, float(numbers[tuple(where)]))
    if count == 3:
        for place in range(size):
            equation({place: 1.0, size + place: 1.0, 2 * size + place: -1.0}, 0)
    goal = np.zeros(size * count)
    goal[table * size + cell[0] * columns + cell[1]] = 1
    ends = [
        linprog(sign * goal, A_eq=np.array(equations), b_eq=values, bounds=(0, 10**6), method="highs")
        for sign in (1, -1)
    ]
    assert all(end.status == 0 for end in ends)
    return float(ends[0].fun), float(-ends[1].fun)


def test_a_small_cell_takes_three_others_along() -> None:
    table = np.array([[20, 3, 30], [12, 40, 25], [50, 60, 70]])
    hidden = hidden_cells([table])
    assert hidden.sum() == 4
    assert hidden[0, 1]
    low, high = range_of(with_sums(table), (0, 1), hidden)
    assert high - low >= LEAST


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert not hidden_cells([np.array([[5, 0], [12, 40]])]).any()


def test_hiding_only_the_small_cell_is_found_out() -> None:
    """The planted mistake: a row sum gives the one cell that is left out back."""
    wide = with_sums(np.array([[20, 3, 30], [12, 40, 25]]))
    only = np.zeros(wide.shape, dtype=bool)
    only[0, 1] = True
    assert range_of(wide, (0, 1), only) == (3, 3)
    assert worked_out([(wide, only)], table=0, cell=(0, 1)) == pytest.approx((3, 3))


@settings(max_examples=150, deadline=None)
@given(tables)
def test_no_small_cell_of_any_table_can_be_worked_out(table: np.ndarray) -> None:
    hidden, wide = hidden_cells([table]), with_sums(table)
    for row, column in np.argwhere((wide > 0) & (wide < LEAST)).tolist():
        low, high = worked_out([(wide, hidden)], table=0, cell=(row, column))
        assert high - low >= LEAST - 1e-6


@settings(max_examples=60, deadline=None)
@given(tables, st.integers(0, 2**32 - 1))
def test_the_range_is_what_the_linear_programme_finds(table: np.ndarray, choice: int) -> None:
    wide = with_sums(table)
    hidden = np.array([(choice >> (place % 32)) & 1 for place in range(wide.size)], dtype=bool).reshape(wide.shape)
    for row, column in np.argwhere(hidden).tolist()[:4]:
        low, high = worked_out([(wide, hidden)], table=0, cell=(row, column))
        found = range_of(wide, (row, column), hidden)
        assert (found[0], min(found[1], 10**6)) == pytest.approx((low, min(high, 10**6)), abs=1e-4) or high > 10**5


@settings(max_examples=60, deadline=None)
@given(tables, st.integers(0, 100))
def test_a_filter_and_its_whole_cannot_be_subtracted(whole: np.ndarray, percent: int) -> None:
    part = whole * percent // 100
    rest = whole - part
    hidden = hidden_cells([part, rest, whole])
    shown = [(with_sums(table), hidden) for table in (part, rest, whole)]
    for number, (wide, _) in enumerate(shown):
        for row, column in np.argwhere((wide > 0) & (wide < LEAST)).tolist():
            low, high = worked_out(shown, table=number, cell=(row, column))
            assert high - low >= LEAST - 1e-6


def test_a_hundred_rows_take_no_time() -> None:
    table = (np.arange(100 * 20).reshape(100, 20) * 7919) % 97
    hidden = hidden_cells([table])
    assert 0 < hidden.sum() < hidden.size


def test_negative_numbers_are_refused() -> None:
    with pytest.raises(ImplausibleInput, match="negative"):
        hidden_cells([np.array([[-1]])])

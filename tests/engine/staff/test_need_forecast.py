"""The need of many locations: parts add up per draw, a slice equals the whole, absent is not zero."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from regio_engine.parameters import NeedRule
from regio_engine.parameters.lesson_table import LessonTable
from regio_engine.staff.location_split import LocationSplit
from regio_engine.staff.need_forecast import NeedForecast, forecast_need, summarise_blocks
from regio_engine.staff.need_rows import ALL_POSITIONS, NeedRow
from regio_engine.units import LearnerDraws, learner_draws
from tests.engine.staff.shipped import rule, small_table

DRAWS = 60
CELLS = [("90AA00", "havo", 3), ("90AA00", "havo", 4), ("90AA01", "vmbo_b", 3), ("90AB00", "bo", 0)]
BOARD = {"90AA00": "41", "90AA01": "41", "90AB00": "42"}
REGION = dict.fromkeys(BOARD, "rpa:99")
WIDE = rule(middle=15, low=11.25, high=22.5, base_fte=1.2)


def learners(*, scale: int = 1) -> LearnerDraws:
    """Four cells, three years, draws that differ per cell and year."""
    numbers = np.arange(len(CELLS) * 3 * DRAWS).reshape(len(CELLS), 3, DRAWS)
    return learner_draws(cells=CELLS, years=[2025, 2026, 2027], counts=scale * (50 + numbers % 37))


def forecast(draws: LearnerDraws, *, used: NeedRule = WIDE, table: LessonTable | None = None) -> NeedForecast:
    splits = {"90AA01": LocationSplit(profiles={"vmbo_b": {"profiel_pie": 1.0}})}
    shipped = table or small_table(band_share=0.2)
    return forecast_need(draws, table=shipped, rule_for=lambda *_: used, splits=splits, seed=11)


def slice_of(draws: LearnerDraws, location: str) -> LearnerDraws:
    rows = [row for row, cell in enumerate(CELLS) if cell[0] == location]
    return learner_draws(cells=[CELLS[row] for row in rows], years=draws.years, counts=draws.counts[rows])


def means(rows: list[NeedRow]) -> dict[tuple[str, str, int], float]:
    return {(row.scope, row.position, row.year): row.mean for row in rows}


def test_a_school_of_75_pupils_without_a_band_needs_5_fte() -> None:
    draws = learner_draws(cells=[("90AA00", "havo", 3)], years=[2026], counts=np.full((1, 1, 10), 75))
    rows = forecast(draws, used=rule(middle=15), table=small_table()).summary({"90AA00": "90AA00"})
    assert rows[0] == NeedRow("90AA00", "vo", ALL_POSITIONS, 2026, 5.0, 5.0, 5.0, 5.0)
    assert [(row.position, row.mean) for row in rows[1:]] == [
        ("vo:nederlands:tweedegraads", 2.5),
        ("vo:wiskunde:tweedegraads", 2.5),
    ]


def test_locations_add_up_to_boards_and_boards_to_the_region() -> None:
    need = forecast(learners())
    per_location = need.summary({code: code for code in BOARD})
    per_board, region = means(need.summary(BOARD)), means(need.summary(REGION))
    for board in ("41", "42"):
        mine = [row for row in per_location if BOARD[row.scope] == board and row.position == ALL_POSITIONS]
        for year in (2025, 2026, 2027):
            assert round(sum(row.mean for row in mine if row.year == year), 2) == round(
                per_board[board, ALL_POSITIONS, year], 2
            )
    vo = [row for row in need.summary(REGION) if row.sector == "vo" and row.year == 2026]
    assert round(sum(row.mean for row in vo if row.position != ALL_POSITIONS), 2) == round(vo[0].mean, 2)
    assert round(region["rpa:99", "po:groepsleraar", 2026], 2) == round(per_board["42", "po:groepsleraar", 2026], 2)


def test_parts_add_up_exactly_in_every_draw() -> None:
    need = forecast(learners())
    parts = {plan.location_code: need.of_location(plan).astype(np.int64) for plan in need.plans if plan.sector == "vo"}
    [(_, _, totals)] = [scope for scope in need.totals(REGION) if scope[1] == "vo"]
    assert (sum(part.sum(axis=0) for part in parts.values()) == sum(totals.values())).all()


def test_one_location_alone_equals_its_row_in_the_whole() -> None:
    whole = forecast(learners()).summary({code: code for code in BOARD})
    for location in BOARD:
        alone = forecast(slice_of(learners(), location)).summary({location: location})
        assert alone == [row for row in whole if row.scope == location]


def test_blocks_of_locations_give_the_rows_of_the_whole() -> None:
    blocks = [forecast(slice_of(learners(), location)) for location in BOARD]
    for scopes in (BOARD, REGION, {code: code for code in BOARD}):
        assert sorted(summarise_blocks(iter(blocks), scopes)) == sorted(forecast(learners()).summary(scopes))


def test_a_scope_is_given_as_soon_as_its_last_location_is_seen() -> None:
    blocks = [forecast(slice_of(learners(), location)) for location in BOARD]
    seen: list[str] = []

    def watched() -> Iterator[NeedForecast]:
        for block in blocks:
            seen.append(block.plans[0].location_code)
            yield block

    first = next(summarise_blocks(watched(), BOARD))
    assert (first.scope, seen) == ("41", ["90AA00", "90AA01"])


def test_the_counted_year_comes_before_the_drawn_ones() -> None:
    draws = learners().with_first_year(2024, np.array([75, 0, 0, 0]))
    rows = forecast(draws, used=rule(middle=15)).summary({"90AA00": "x"})
    assert next((row.year, row.p10, row.p90) for row in rows if row.position == ALL_POSITIONS) == (2024, 5.0, 5.0)
    assert [row.year for row in rows if row.position == ALL_POSITIONS] == [2024, 2025, 2026, 2027]


def test_the_order_of_the_cells_does_not_matter() -> None:
    draws = learners()
    order = [2, 0, 3, 1]
    shuffled = learner_draws(cells=[CELLS[i] for i in order], years=draws.years, counts=draws.counts[order])
    assert forecast(shuffled).summary(REGION) == forecast(draws).summary(REGION)


def test_a_sector_without_learners_has_no_rows() -> None:
    draws = learner_draws(
        cells=[("90AA00", "havo", 3), ("90AB00", "bo", 0)],
        years=[2026],
        counts=np.array([[[75] * 5], [[0] * 5]]),
    )
    need = forecast(draws)
    assert need.sectors == ("vo",)
    assert {row.sector for row in need.summary(REGION)} == {"vo"}


def test_locations_outside_every_scope_are_left_out() -> None:
    assert {row.scope for row in forecast(learners()).summary({"90AA01": "41"})} == {"41"}


def test_a_group_of_positions_is_summed_per_draw() -> None:
    groups = {"vo:wiskunde:tweedegraads": "wiskunde", "vo:wiskunde:eerstegraads": "wiskunde"}
    rows = {(row.position, row.year): row for row in forecast(learners()).summary({"90AA00": "x"}, groups=groups)}
    parts = [rows["vo:wiskunde:tweedegraads", 2026], rows["vo:wiskunde:eerstegraads", 2026]]
    assert round(rows["wiskunde", 2026].mean, 2) == round(sum(part.mean for part in parts), 2)


def test_a_change_is_surer_than_a_level() -> None:
    need = forecast(learners())
    level = next(row for row in need.summary(REGION) if row.position == ALL_POSITIONS and row.year == 2027)
    change = next(r for r in need.changes(REGION, base_year=2025) if r.position == ALL_POSITIONS and r.year == 2027)
    assert change.p90_share - change.p10_share < (level.p90 - level.p10) / level.mean


def test_nothing_changes_in_the_base_year() -> None:
    rows = [row for row in forecast(learners()).changes(REGION, base_year=2026) if row.year == 2026]
    assert {row[4:] for row in rows} == {(0.0,) * 8}


def test_twice_the_pupils_without_a_base_need_twice_the_fte() -> None:
    one = forecast(learners(), used=rule(middle=15), table=small_table()).summary(REGION)
    two = forecast(learners(scale=2), used=rule(middle=15), table=small_table()).summary(REGION)
    assert [round(row.mean, 2) for row in two] == [round(2 * row.mean, 2) for row in one]


def test_an_own_table_replaces_the_ratio() -> None:
    own = NeedRule("vo:bestuur:41", 15, 15, 15, base_fte=9, own_table=small_table(), is_assumption=False)
    draws = learner_draws(cells=[("90AA00", "havo", 3)], years=[2026], counts=np.full((1, 1, 4), 60))
    need = forecast(draws, used=own)
    # 3 groups x (4 + 4) lessons / 20 lessons per fte
    assert need.summary({"90AA00": "x"})[0].mean == 1.2
    assert need.assumption_share() == 0.0


def test_po_forms_its_groups_over_all_ages_together() -> None:
    own = NeedRule("po", 17, 17, 17, own_table=small_table())
    cells = [("90AB00", "bo", age) for age in range(4, 12)]
    draws = learner_draws(cells=cells, years=[2026], counts=np.full((8, 1, 2), 6))
    # 48 pupils make 2 groups of 24, not 8 groups of 6: 2 x 30 lessons / 20
    assert forecast(draws, used=own).summary({"90AB00": "x"})[0].mean == 3.0


def test_how_much_is_assumption_and_how_much_rests_on_own_figures() -> None:
    need = forecast(learners())
    assert need.assumption_share() == 1.0
    assert need.own_split_share("po") == 0.0
    assert 0 < need.own_split_share("vo") < 1


@settings(max_examples=40, deadline=None)
@given(more=st.integers(0, 60), cell=st.integers(0, 3))
def test_one_class_growing_never_lowers_the_total(more: int, cell: int) -> None:
    draws = learners()
    grown = draws.counts.copy()
    grown[cell] += more
    before = forecast(draws).summary(REGION)
    after = forecast(learner_draws(cells=CELLS, years=draws.years, counts=grown)).summary(REGION)
    totals = [(a, b) for a, b in zip(after, before, strict=True) if a.position == ALL_POSITIONS]
    assert totals
    # every position is rounded to a thousandth, so a total may be out by half of that per position
    assert all(a.p50 >= b.p50 - 0.01 and a.mean >= b.mean - 0.01 for a, b in totals)

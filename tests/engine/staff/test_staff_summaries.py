"""Figures of a scope: sums per draw first, hidden is the rest of the shortage, and a run knows how sure it is."""

from dataclasses import replace

import numpy as np
import pytest

from regio_engine.errors import ImplausibleInput
from regio_engine.keyed_random import uniform, words
from regio_engine.staff.contract import AGES, PARAMETER_DRAWS, YOUNGEST
from regio_engine.staff.summaries import Quantity, age_rows, item_sums, quantity_of, spread_rows, staff_rows
from regio_engine.staff.summaries_error import monte_carlo_errors, variance_split
from tests.engine.staff.small_staff import context, drawn, outputs

EVERYTHING = {"alle": (0, 1)}


def two_places(draws: int = 2):
    """Two places × two positions, one year ahead: 10 fte needed everywhere; the second draw has two fte less in service."""
    need = np.full((4, 2, draws), 10_000)
    stock = np.full((4, 2, draws), 9_000)
    stock[:, 1, 1::2] -= 2_000
    return context(need), drawn(outputs(need=need, stock=stock, unqualified=0.1, cancelled=0.5))


def rows_of(places, items=EVERYTHING):
    region, found = two_places()
    return {
        (row.item, row.quantity, row.year): row
        for item, sums in item_sums(region, found, places=places, items=items)
        for row in staff_rows(item, sums, years=found.years)
    }


def test_a_school_is_the_sum_of_its_cells_in_every_draw():
    rows = rows_of([0])
    assert rows["alle", Quantity.NEED, 2027].mean == 20
    assert rows["alle", Quantity.STOCK, 2027].mean == (18 + 14) / 2
    assert (rows["alle", Quantity.STOCK, 2027].p10, rows["alle", Quantity.STOCK, 2027].p90) == (14, 18)


def test_open_and_hidden_make_the_shortage_and_the_identity_holds():
    rows = rows_of([0, 1])
    for year in (2026, 2027):
        mean = {quantity: rows["alle", quantity, year].mean for quantity in Quantity}
        assert mean[Quantity.OPEN] + mean[Quantity.HIDDEN] == pytest.approx(mean[Quantity.SHORTAGE])
        cancelled = mean[Quantity.OPEN]  # half of what is not filled
        assert mean[Quantity.NEED] + mean[Quantity.SURPLUS] == mean[Quantity.STOCK] + cancelled + mean[Quantity.OPEN]
    assert rows["alle", Quantity.SHORTAGE, 2026].mean == pytest.approx(4 * 1.0 + 4 * 0.9)


def test_boards_add_up_to_the_region():
    both, first, second = rows_of([0, 1]), rows_of([0]), rows_of([1])
    for key, row in both.items():
        assert first[key].mean + second[key].mean == pytest.approx(row.mean)


def test_an_item_that_nobody_needs_or_teaches_has_no_rows():
    region, found = two_places()
    silent = replace(found, outputs=found.outputs * (np.arange(4) % 2 == 0)[:, None, None, None])
    items = {"eerste": (0,), "tweede": (1,)}
    assert [name for name, _ in item_sums(region, silent, places=[0, 1], items=items)] == ["eerste"]


def test_the_spread_runs_from_the_lowest_to_the_highest_draw():
    region, found = two_places(draws=21)
    ((_, sums),) = item_sums(region, found, places=[0], items=EVERYTHING)
    rows = spread_rows("alle", sums, years=found.years, quantity=Quantity.SHORTAGE)
    drawn_shortage = quantity_of(sums, Quantity.SHORTAGE)[1] / 1000
    assert len(rows[1].quantiles) == 21
    assert (rows[1].quantiles[0], rows[1].quantiles[-1]) == (drawn_shortage.min(), drawn_shortage.max())
    assert list(rows[1].quantiles) == sorted(rows[1].quantiles)


def test_ages_are_counted_in_bands_and_per_draw():
    _, found = two_places()
    heads = np.zeros((2, 2, AGES), np.int64)
    heads[0, 0, 24 - YOUNGEST], heads[0, 0, 25 - YOUNGEST], heads[1, 0, 70 - YOUNGEST] = 2, 4, 6
    rows = age_rows(
        replace(found, age_heads=heads), places=[0, 1], draws=2, youngest=YOUNGEST, band_floors=(YOUNGEST, 25, 65)
    )
    assert [(row.youngest, row.oldest, row.mean_persons) for row in rows if row.year == 2026] == [
        (18, 24, 1.0), (25, 64, 2.0), (65, 75, 3.0),
    ]  # fmt: skip


def test_bands_of_ages_begin_at_the_youngest():
    _, found = two_places()
    with pytest.raises(ImplausibleInput, match="18"):
        age_rows(found, places=[0], draws=2, youngest=YOUNGEST, band_floors=(20, 25))


# ------------------------------------------------------------------------------------------ how sure a run is of itself
def layout(*, parameter_sd: float, process_sd: float, each: int, seed: int = 0) -> np.ndarray:
    """Return draws of a one-way layout with known components, in milli-fte."""
    of_parameter = parameter_sd * normals(PARAMETER_DRAWS, purpose="parameter", seed=seed)
    by_chance = process_sd * normals(PARAMETER_DRAWS * each, purpose="chance", seed=seed)
    return np.rint(np.tile(of_parameter, each) + by_chance).astype(np.int64)


def normals(number: int, *, purpose: str, seed: int) -> np.ndarray:
    """Return standard normal numbers (Box-Muller)."""
    first, second, *_ = words(seed=seed, purpose=purpose, stable_ids=np.arange(number), years=0, draws=0)
    return np.sqrt(-2 * np.log(uniform(first))) * np.cos(2 * np.pi * uniform(second))


def test_the_split_finds_the_components_back_and_its_error_covers_them():
    splits = [variance_split(layout(parameter_sd=3_000, process_sd=4_000, each=20, seed=seed)) for seed in range(200)]
    shares, errors = (
        np.array([getattr(split, name) for split in splits]) for name in ("parameter_share", "parameter_share_error")
    )
    truth = 9 / 25
    assert shares.mean() == pytest.approx(truth, abs=0.02)
    assert errors.mean() == pytest.approx(shares.std(), rel=0.25)


def test_draws_without_parameter_spread_give_a_share_near_zero():
    split = variance_split(layout(parameter_sd=0, process_sd=4_000, each=20))
    assert split.parameter_share < 0.05
    assert split.process_sd == pytest.approx(4_000, rel=0.05)


def test_the_error_of_mean_and_quantiles_is_what_other_seeds_show():
    runs = [layout(parameter_sd=3_000, process_sd=4_000, each=20, seed=seed) for seed in range(200)]
    said = np.array([monte_carlo_errors(run) for run in runs]).mean(axis=0)
    happened = np.array([[run.mean(), *np.quantile(run, (0.1, 0.5, 0.9))] for run in runs]).std(axis=0)
    assert said == pytest.approx(happened, rel=0.15)


def test_too_few_draws_say_nothing_about_their_error():
    assert variance_split(np.arange(99)) is None
    assert monte_carlo_errors(np.arange(99)) is None

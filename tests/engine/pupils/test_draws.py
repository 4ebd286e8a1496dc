"""Drawn pupils: whole, repeatable, adding up, and as uncertain as asked."""

from dataclasses import replace

import numpy as np
import pytest

from regio_engine.bands import spread_of
from regio_engine.errors import ImplausibleInput
from regio_engine.pupils import draws as draws_module
from regio_engine.pupils.draws import draw_blocks, draw_market
from regio_engine.pupils.levels import TYPES
from regio_engine.pupils.national import context_hash, national_steps
from regio_engine.pupils.plan import Moves, expected_course
from regio_engine.pupils.summaries import sum_draws
from regio_engine.pupils.tables import SIZE, normal_table, residual_tables, step_table
from tests.engine.pupils.small_plans import chance, small_plan

WALK = step_table(shares=(0, 0.25, 0.5, 0.75, 1), log_steps=(-0.4, -0.05, 0, 0.05, 0.4), vanish_share=0.02)[None]


def all_draws(plan, with_chance, **more):
    """Return the draws of all markets in the order of the plan's cells."""
    drawn = np.zeros((len(plan.cells), plan.years, with_chance.national.shape[2]), np.int32)
    for block in draw_blocks(plan, with_chance, **more):
        drawn[block.cells] = block.draws
    return drawn


def test_without_chance_the_expected_course_comes_out():
    plan = small_plan(phi=0.0, rate=0.9)
    drawn = all_draws(plan, chance(draws=3))
    assert (drawn == np.rint(expected_course(plan))[:, :, None]).all()


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads_and_blocks(monkeypatch):
    plan, how = small_plan(locations=6, markets=("A", "B", "C")), chance(steps=WALK, market_sd=0.02, draws=300)
    once = all_draws(plan, how)
    assert all_draws(plan, how, threads=3).tobytes() == once.tobytes()
    for block in (7, 293):
        monkeypatch.setattr(draws_module, "DRAW_BLOCK", block)
        assert all_draws(plan, how).tobytes() == once.tobytes()


def test_fewer_draws_are_the_first_of_more_draws():
    plan = small_plan()
    assert (all_draws(plan, chance(draws=50)) == all_draws(plan, chance(draws=200))[:, :, :50]).all()


def test_another_seed_gives_other_pupils():
    plan = small_plan()
    assert (all_draws(plan, chance(seed=1)) != all_draws(plan, chance(seed=2))).any()


def test_a_market_drawn_alone_is_the_slice_of_the_whole():
    plan, how = small_plan(locations=6, markets=("A", "B")), chance(steps=WALK, market_sd=0.02)
    whole, alone = all_draws(plan, how), draw_market(plan, how, "B")
    assert alone.draws.tobytes() == whole[alone.cells].tobytes()


def test_the_order_of_locations_does_not_change_the_pupils_of_a_code():
    codes = ["90AA00", "90AB00", "90AC00"]
    plan = small_plan(locations=3, codes=codes)
    turned = small_plan(locations=3, codes=codes[::-1])
    there, back = all_draws(plan, chance()), all_draws(turned, chance())
    assert (there.reshape(3, 3, 4, -1) == back.reshape(3, 3, 4, -1)[::-1]).all()


@pytest.mark.parametrize("phi", [0.2, 1.0, 3.0])
def test_eighty_per_cent_bands_hold_eighty_per_cent_of_simulated_pupils(phi):
    plan = small_plan(locations=1500, classes=1, pupils=300.0, years=1, phi=phi, markets=tuple("ABCDEFGHIJ"))
    spread = spread_of(all_draws(plan, chance(draws=600, years=1))[:, 0])
    generator = np.random.Generator(np.random.PCG64(5))  # noqa: TID251 - the world outside the model
    lived = np.rint(generator.gamma(300.0 / phi, phi, 1500))
    inside = ((spread.p10 <= lived) & (lived <= spread.p90)).mean()
    assert 0.77 <= inside <= 0.83


@pytest.mark.parametrize(("pupils", "phi"), [(2.0, 1.0), (10.0, 3.0), (60.0, 0.2), (400.0, 1.0)])
def test_mean_and_variance_are_what_was_asked(pupils, phi):
    plan = small_plan(locations=40, classes=1, pupils=pupils, years=1, phi=phi, cv=0.05)
    drawn = all_draws(plan, chance(draws=2000, years=1))
    assert drawn.mean() == pytest.approx(pupils, rel=0.02)
    assert drawn.var() == pytest.approx(phi * pupils + (0.05 * pupils) ** 2 + 1 / 12, rel=0.12)


def test_pupils_are_whole_and_never_negative():
    drawn = all_draws(small_plan(pupils=0.7, phi=3.0), chance())
    assert drawn.dtype == np.int32
    assert drawn.min() == 0


def test_shares_of_a_market_move_but_its_total_stays():
    plan = small_plan(locations=60, classes=1, pupils=200.0, years=3, phi=0.0)
    drawn = all_draws(plan, chance(steps=WALK, draws=200, years=3))
    assert drawn[:, 2].std(axis=1).mean() > 15
    assert abs(drawn.sum(axis=0) - 12_000).max() < 60  # rounding to whole pupils alone


def test_a_code_that_vanished_stays_away():
    gone = np.ones((1, SIZE))
    gone[0, : SIZE // 2] = 0.0
    drawn = all_draws(small_plan(locations=8, classes=1, years=4, phi=0.0), chance(steps=gone, draws=200))
    assert (drawn[:, 0] == 0).any()
    assert (drawn[:, 1:][(drawn[:, :-1] == 0)] == 0).all()


def test_pupils_of_a_linked_code_go_on_under_the_new_one():
    plan = small_plan(locations=2, classes=1, pupils=100.0, years=3, phi=0.0)
    moved = replace(
        plan, base=np.array([100.0, 0.0]), intake=np.array([[100.0] * 3, [0.0, 0.0, 100.0]]), gone_from=np.array([1, 9999]),
        moves=Moves(np.array([1]), np.array([0]), np.array([1]), np.array([1.0])),
    )  # fmt: skip
    drawn = all_draws(moved, chance(draws=5, years=3))
    assert drawn[0, :, 0].tolist() == [100, 0, 0]
    assert drawn[1, :, 0].tolist() == [0, 100, 100]


def test_a_count_known_from_elsewhere_takes_the_place_of_the_expected():
    plan = small_plan(locations=1, classes=2, pupils=50.0, years=2, phi=0.0)
    known = np.full((2, 2), np.nan)
    known[1, 0] = 31.0
    drawn = all_draws(replace(plan, known=known), chance(draws=2, years=2))
    assert abs(drawn[1, 0] - 31).max() <= 8
    assert drawn[0, :, 0].tolist() == [50, 50]
    assert drawn[1, 1, 0] == 50


def test_every_sum_is_the_sum_of_its_parts_per_draw_and_exact():
    plan = small_plan(locations=40, markets=("A", "B"), pupils=30_000.0)
    drawn = all_draws(plan, chance(draws=20))
    keys = [plan.markets[location] for location in plan.cells.location]
    names, summed = sum_draws(drawn, keys)
    by_hand = [[sum(int(v) for v in drawn[[k == name for k in keys], 0, d]) for d in range(20)] for name in names]
    assert summed[:, 0].tolist() == by_hand
    assert (summed.sum(axis=0) == drawn.sum(axis=0, dtype=np.int64)).all()


def test_quantiles_are_values_that_were_drawn():
    spread = spread_of(np.arange(1, 1001, dtype=np.int32)[None, ::-1])
    assert (spread.p10[0], spread.p50[0], spread.mean[0], spread.p90[0]) == (100.0, 500.0, 500.5, 900.0)


def test_the_national_factor_of_the_user_lifts_every_year_from_then_on():
    steps = national_steps(sector="vo", first_year=2026, years=3, draws=4, seed=1, yearly_sd=0.0, factors={2027: 1.03})
    assert np.allclose(np.cumprod(steps, axis=1)[0, :, 0], [1.0, 1.03, 1.03])
    lifted = replace(chance(draws=4, years=3), national=steps)
    plan = small_plan(locations=1, classes=1, pupils=1000.0, years=3, phi=0.0)
    assert all_draws(plan, lifted)[0, :, 0].tolist() == [1000, 1030, 1030]


def user_levels(factors, *, years=3):
    steps = national_steps(sector="vo", first_year=2026, years=years, draws=1, seed=1, yearly_sd=0.0, factors=factors)
    return dict(zip(TYPES, np.cumprod(steps[:, :, 0], axis=1).round(6).tolist(), strict=True))


def test_a_national_factor_of_one_type_leaves_the_other_types_as_they_are():
    levels = user_levels({2027: {"havo": 0.9}, 2028: {"havo": 0.95}})
    assert levels.pop("havo") == [1.0, 0.9, 0.95]
    assert set(map(tuple, levels.values())) == {(1.0, 1.0, 1.0)}


def test_the_factor_of_all_types_holds_for_the_types_that_are_not_named():
    levels = user_levels({2026: 1.02, 2027: {"alle": 1.01, "vmbo": 0.98}})
    assert levels == {kind: [1.02, 0.98, 0.98] if kind == "vmbo" else [1.02, 1.01, 1.01] for kind in TYPES}


def test_classes_of_a_level_follow_the_factor_of_their_type():
    steps = national_steps(
        sector="vo", first_year=2026, years=1, draws=2, seed=1, yearly_sd=0.0, factors={2026: {"havo": 1.1}}
    )
    plan = small_plan(locations=1, classes=1, pupils=1000.0, years=1, phi=0.0)
    told = {}
    for level in ("havo", "vwo"):
        cells = replace(plan.cells, level=(level,) * len(plan.cells))
        lifted = replace(chance(draws=2, years=1), national=steps)
        told[level] = all_draws(replace(plan, cells=cells), lifted)[0, 0, 0]
    assert told == {"havo": 1100, "vwo": 1000}


def test_every_type_strays_from_the_nation_in_its_own_way():
    steps = national_steps(sector="vo", first_year=2026, years=4, draws=4000, seed=1, yearly_sd=0.01) - 1
    assert steps.std(axis=2) == pytest.approx(np.full((len(TYPES), 4), 0.01 * 1.25**0.5), rel=0.05)
    together = np.corrcoef(steps[TYPES.index("havo"), 0], steps[TYPES.index("vmbo"), 0])[0, 1]
    assert together == pytest.approx(1 / 1.25, abs=0.03)
    between_years = np.corrcoef(steps[0, 0], steps[0, 1])[0, 1]
    assert between_years == pytest.approx(0, abs=0.05)


def test_a_factor_of_an_unknown_type_is_refused():
    with pytest.raises(ImplausibleInput, match="got mavo"):
        user_levels({2026: {"mavo": 1.01}})


def test_an_impossible_national_factor_is_refused():
    with pytest.raises(ImplausibleInput, match=r"between 0.5 and 2, got 3.000 in 2026"):
        national_steps(sector="vo", first_year=2026, years=1, draws=1, seed=1, yearly_sd=0.0, factors={2026: 3.0})


def test_national_context_has_a_hash_that_follows_its_numbers():
    def steps(seed):
        return national_steps(sector="vo", first_year=2026, years=2, draws=8, seed=seed, yearly_sd=0.01)

    assert context_hash(steps(1)) == context_hash(steps(1)) != context_hash(steps(2))
    assert steps(1).std() == pytest.approx(0.01 * 1.25**0.5, rel=0.5)


def test_tables_have_mean_zero_and_variance_one_and_steps_have_mean_one():
    for table in (normal_table(), *residual_tables()):
        assert table.mean() == pytest.approx(0, abs=1e-6)
        assert table.var() == pytest.approx(1, abs=1e-6)
    assert WALK.mean() == pytest.approx(1, abs=1e-6)
    assert (WALK == 0).mean() == pytest.approx(0.02, abs=1e-3)
    with pytest.raises(ImplausibleInput, match=r"0-0.5, got 0.700"):
        step_table(shares=(0, 1), log_steps=(0, 0), vanish_share=0.7)


def test_a_code_that_a_later_register_still_has_does_not_vanish_before_it():
    gone = np.ones((1, SIZE))
    gone[0, : SIZE // 2] = 0.0
    plan = replace(small_plan(locations=8, classes=1, years=3, phi=0.0), alive_until=np.full(8, 2))
    with_register = replace(chance(steps=gone, draws=100, years=3), alive_steps=np.ones((1, SIZE)))
    drawn = all_draws(plan, with_register)
    assert (drawn[:, :2] == 60).all()
    assert (drawn[:, 2] == 0).any()

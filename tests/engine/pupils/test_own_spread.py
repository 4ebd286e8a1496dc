"""The spread that consecutive counts show themselves: found where it was planted, committed where counts are few."""

from dataclasses import replace

import numpy as np
import pytest

from regio_engine.pupils.ages import AGES, AgeCounts, AgeSettings, age_past
from regio_engine.pupils.draws import Chance
from regio_engine.pupils.own_spread import OwnSpread, own_spread, with_class_spread
from regio_engine.pupils.tables import normal_table
from regio_engine.pupils.vo import vo_past
from tests.engine.pupils.vo_worlds import SETTINGS, steady_world

COMMITTED_SD = 0.10
CHANCE = Chance(
    seed=1, first_year=2025, size_floors=(0.0, 5_000.0), market_sd=0.0, national=np.ones((1, 1, 1)),
    location_steps=np.exp(COMMITTED_SD * np.stack([normal_table()] * 2)),
)  # fmt: skip
VANISH = (0.02, 0.01)
CLASSES_SD = 0.037  # what the classes of 60 pupils of such a location would stray by chance together


def restless_world(sd, *, locations=120, counts=8, seed=5):
    """Return steady counts in which whole locations take yearly steps of this spread, and nothing else happens."""
    generator = np.random.Generator(np.random.PCG64(seed))  # noqa: TID251 - the world outside the model
    world = steady_world(locations=locations, pupils=60, counts=counts)
    walk = np.exp(np.cumsum(generator.normal(0, sd, (counts, locations)), axis=0))
    return replace(world, counts=np.rint(world.counts * walk[:, :, None, None]).astype(np.int64))


def found(world):
    return own_spread(vo_past(world, SETTINGS), CHANCE, vanish_share=VANISH)


def test_fewer_than_four_counts_or_a_gap_leave_the_committed_spread():
    assert found(restless_world(0.05, counts=3)) is None
    world = restless_world(0.05, counts=5)
    assert found(replace(world, years=(2018, *world.years[1:]))) is None


def test_a_restless_past_gives_wider_bands_than_a_quiet_one():
    quiet, middle, restless = (found(restless_world(sd)).scale[0] for sd in (0.0, 0.06, 0.12))
    assert quiet < 0.35
    assert middle == pytest.approx(np.sqrt(0.06**2 - CLASSES_SD**2) / COMMITTED_SD, abs=0.12)
    assert restless == pytest.approx(np.sqrt(0.12**2 - CLASSES_SD**2) / COMMITTED_SD, abs=0.2)


def test_few_locations_stay_near_what_is_committed():
    few, many = (found(restless_world(0.0, locations=n, counts=4)).scale[0] for n in (4, 120))
    assert many < 0.4 < few < 1.0


def test_a_size_class_nobody_is_in_follows_all_locations_together():
    spread = found(restless_world(0.06))
    assert spread.scale[1] == pytest.approx(spread.scale[0], abs=0.1)
    assert spread.vanish_share[1] == VANISH[1]


def test_codes_that_end_are_counted_unless_somebody_told():
    world = restless_world(0.02)
    counts = world.counts.copy()
    counts[6:, :12] = 0
    gone = replace(world, counts=counts)
    told = replace(gone, told_changes=tuple((n, world.years[6]) for n in range(12)))
    assert found(world).vanish_share[0] < found(told).vanish_share[0] + 1e-4 < VANISH[0] / 4
    assert found(gone).vanish_share[0] == pytest.approx((12 + 20 * 0.02) / (120 * 7 - 12 + 20), rel=0.01)


def test_classes_that_stray_less_than_committed_get_narrower_bands_and_never_wider():
    quiet, restless = found(restless_world(0.0)), found(restless_world(0.12))
    assert quiet.class_scale < 0.5
    assert restless.class_scale == 1.0


def test_a_class_scale_works_on_both_parts_of_the_spread_of_classes():
    plan = vo_past(steady_world(locations=4, pupils=60, counts=2), SETTINGS).plan_at(1)
    narrow = with_class_spread(plan, OwnSpread(np.ones(1), np.zeros(1), class_scale=0.5))
    assert narrow.phi.tolist() == pytest.approx((plan.phi * 0.25).tolist())
    assert narrow.cv.tolist() == pytest.approx((plan.cv * 0.5).tolist())
    assert with_class_spread(plan, None) is plan


def primary_past(sd, *, class_sd, schools=100, counts=8, ahead=1, seed=5):
    """Return counts of primary schools of 160 pupils that take yearly steps, whole schools and single ages apart."""
    generator = np.random.Generator(np.random.PCG64(seed))  # noqa: TID251 - the world outside the model
    pupils = np.zeros((counts, schools, AGES))
    pupils[:, :, 4:12] = 20.0
    walk = np.exp(np.cumsum(generator.normal(0, sd, (counts, schools)), axis=0))
    own = np.exp(generator.normal(0, class_sd, pupils.shape))
    whole = np.rint(pupils * walk[:, :, None] * own).astype(np.int64)
    years = tuple(range(2018, 2018 + counts))
    codes = tuple(f"90{number:02d}00" for number in range(schools))
    history = [AgeCounts(codes, ("M",) * schools, years[: n + 1], {"bo": whole[: n + 1]}, {}, years[n]) for n in range(counts)]  # fmt: skip
    return age_past(history, AgeSettings(phi=1.0, cv=0.03, intake_cv=0.08, total_cv=0.04, rate_cv=0.0), ahead=ahead)


def test_primary_schools_show_their_own_spread_too():
    quiet, restless = (own_spread(primary_past(sd, class_sd=0.02), CHANCE, vanish_share=VANISH) for sd in (0.0, 0.12))
    assert quiet.class_scale < 0.5
    assert quiet.scale[0] < 0.3
    assert restless.class_scale == 1.0
    assert restless.scale[0] == pytest.approx(1.0, abs=0.25)


def test_a_spread_over_three_years_needs_two_counts_more_and_finds_the_same_steps():
    assert own_spread(primary_past(0.08, class_sd=0.02, counts=5, ahead=3), CHANCE, vanish_share=VANISH) is None
    one, three = (
        own_spread(primary_past(0.08, class_sd=0.02, ahead=ahead), CHANCE, vanish_share=VANISH).scale[0]
        for ahead in (1, 3)
    )
    assert three == pytest.approx(one, abs=0.2)


def test_the_spread_is_the_same_on_every_call():
    world = restless_world(0.06, locations=30)
    assert np.array_equal(found(world).scale, found(world).scale)

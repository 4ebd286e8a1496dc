"""The engine finds back what the invented region was made with: rates, spread, mixed classes, intake, the nation's factor.

The truth is known here, as it never is for real schools: every test holds an estimate against the parameter itself.
"""

from datetime import date

import numpy as np
import pytest

from regio.site.voorbeeld.programmes import pupil_rows
from regio.site.voorbeeld.region import build_region
from regio.site.voorbeeld.secondary import START, location_flows
from regio.site.voorbeeld.timeline import NEWEST
from regio.site.voorbeeld.truth import EXAM_STAGE, LEVELS, STAGES, vo_rates
from regio_engine.pupils.ages import age_rates
from regio_engine.pupils.exam_spread import Misses, Spread, fit_spread, standard_deviation
from regio_engine.pupils.intake import Cohorts, catchment_index
from regio_engine.pupils.levels import level_index
from regio_engine.pupils.progression import shrunk_rates
from regio_engine.pupils.split import split_mixed

UNKNOWN = Spread(phi=9.0, c=9.0)  # what fit_spread returns when it finds nothing
SEEDS = (7, 1, 2)


@pytest.fixture(scope="module", params=SEEDS)
def region(request):
    """Return the invented region of one of three seeds."""
    return build_region(seed=request.param, as_of=date(2026, 11, 20))


def expected_one_stage_up(region, moment):
    """Return what the truth expects of every class in the count after a moment, (locations, levels, stages 2-6)."""
    vo, truth = region.secondary, region.truth
    now = vo.at(moment).astype(float)
    flows = location_flows(truth, vo.locations)
    moved = np.einsum("lkj,lkn->lnj", now, flows)
    exposure = np.concatenate([moved[:, :, :2], now[:, :, 2:5]], axis=2)
    national = vo.national[moment + 1 - START]
    return exposure * np.array(vo_rates(truth)) * (vo.own_factor * national)[:, :, None]


def numbers(names):
    return np.unique(np.array(names), return_inverse=True)[1].astype(np.int64)


# ---------------------------------------------------------------------------------------------------------- rates
@pytest.fixture
def estimated(region):
    """Return the engine's rates from eight counts, the true ones, plain ratios, and the pupils they rest on."""
    vo = region.secondary
    steps = range(NEWEST)
    after = sum(vo.at(t + 1)[:, :, 1:] for t in steps).astype(float)
    before = sum(vo.at(t)[:, :, :-1] for t in steps).astype(float)
    size = len(vo.locations)
    parents = [
        numbers([location.now.brin for location in vo.locations]),
        numbers([location.municipality.part.code for location in vo.locations]),
    ]
    found = shrunk_rates(after.reshape(size, -1), before.reshape(size, -1), parents=parents).rate.reshape(before.shape)
    true = sum(expected_one_stage_up(region, t) for t in steps)
    enough = before > 30
    return found, true / np.maximum(before, 1), after / np.maximum(before, 1), np.where(enough, before, 0.0)


def test_national_rates_per_level_and_year_of_study_are_found_within_three_percent(estimated):
    found, true, _, before = estimated
    weight = before.sum(axis=0)
    for level, stage in zip(*np.nonzero(weight > 3_000), strict=True):
        share = before[:, level, stage] / weight[level, stage]
        said, real = (found[:, level, stage] * share).sum(), (true[:, level, stage] * share).sum()
        assert said == pytest.approx(real, rel=0.03), (LEVELS[level], stage + 2)


def test_rates_of_locations_are_found_better_than_by_their_own_history_alone(estimated):
    found, true, plain, before = estimated
    miss = np.sqrt(np.average((found - true) ** 2, weights=before))
    own_miss = np.sqrt(np.average((plain - true) ** 2, weights=before))
    assert miss < 0.035
    assert miss < 0.8 * own_miss


def test_the_rates_of_growing_a_year_older_in_po_are_found_within_two_and_a_half_percent(region):
    counts = np.zeros((NEWEST + 1, len(region.schools.po), 28), np.int64)
    counts[:, :, 4:13] = np.stack([region.primary.at(t) for t in range(NEWEST + 1)])
    found = age_rates(counts, tuple(range(2018, 2026)))
    for age, rate in region.truth.po_rate_to_age.items():
        assert found[age - 1] == pytest.approx(rate, rel=0.025 if age < 12 else 0.08), age


def test_the_factor_of_the_nation_lies_where_the_counts_say_it_does(region, estimated):
    """Counted over expected per year and level; its error is known, so four of five must lie within 1.28 of it."""
    found = estimated[0]
    vo, truth = region.secondary, region.truth
    inside = []
    for moment in range(NEWEST):
        before, after = vo.at(moment)[:, :, :-1].astype(float), vo.at(moment + 1)[:, :, 1:]
        expected = found * before
        total = expected.sum(axis=(0, 2))
        own = (truth.vo_location_spread * expected.sum(axis=2)) ** 2 + (1.0 * expected).sum(axis=2)
        error = np.sqrt(own.sum(axis=0)) / np.maximum(total, 1)
        said = after.sum(axis=(0, 2)) / np.maximum(total, 1)
        usual = vo.national[1 - START : NEWEST + 1 - START].mean(axis=0)  # the rates already hold the mean factor
        inside += (np.abs(said - vo.national[moment + 1 - START] / usual) < 1.28 * error).tolist()
    assert 0.65 <= np.mean(inside) <= 0.95


# --------------------------------------------------------------------------------------------------------- spread
def assert_spread_is_that_of(phi, c, misses):
    """The standard deviation at sizes from 25 to 100 pupils is that of the truth within a quarter."""
    found = fit_spread(misses, UNKNOWN)
    for size in (25.0, 50.0, 100.0):
        said = standard_deviation(np.array(size), phi=found.phi, c=found.c)
        assert said == pytest.approx(float(np.sqrt(phi * size + (c * size) ** 2)), rel=0.25), (size, found)


def test_the_spread_of_the_exam_class_is_found_far_under_that_of_independent_pupils(region):
    vo, truth = region.secondary, region.truth
    medians, counted = [], []
    for level, stage in EXAM_STAGE.items():
        k = LEVELS.index(level)
        for moment in range(-8, NEWEST + 5):
            medians.append(vo.at(moment)[:, k, stage - 1] * truth.exam_rate[level])
            counted.append(vo.exams_at(moment)[:, k].astype(float))
    median, count = np.concatenate(medians), np.concatenate(counted)
    misses = Misses(median[median > 20], count[median > 20])
    assert_spread_is_that_of(truth.exam_dispersion, 0.0, misses)
    assert fit_spread(misses, UNKNOWN).phi < 0.4


@pytest.mark.parametrize("stage", [2, 3, 4])
def test_the_spread_of_going_up_a_year_is_found(region, stage):
    moments = range(-12, NEWEST + 4)
    expected = np.concatenate([expected_one_stage_up(region, t)[:, :, stage - 2].ravel() for t in moments])
    counted = np.concatenate([region.secondary.at(t + 1)[:, :, stage - 1].ravel() for t in moments]).astype(float)
    truth = region.truth
    assert_spread_is_that_of(
        truth.vo_dispersion_to_stage[stage - 2],
        np.hypot(truth.vo_spread, truth.vo_location_spread),
        Misses(expected[expected > 20], counted[expected > 20]),
    )


# ----------------------------------------------------------------------------------------- mixed classes and intake
MIXED = {"0033": "vmbo_bk", "0023": "vmbo", "0011": "vmbo_havo", "0015": "havo_vwo"}
OWN = {
    "0090": "pro",
    "0031": "vmbo_b",
    "0032": "vmbo_k",
    "0400": "vmbo_gt",
    "0300": "havo",
    "0100": "vwo",
    "0200": "vwo",
}


def test_mixed_classes_are_split_close_to_the_levels_their_pupils_really_follow(region):
    rows = [row for row in pupil_rows(region.secondary, region.chance, NEWEST) if row.programme.code != "0024"]
    codes = sorted({row.location.now.code for row in rows})
    counts = {level: np.zeros((len(codes), STAGES), np.int64) for level in (*MIXED.values(), *LEVELS)}
    for row in rows:
        level = MIXED.get(row.programme.code) or OWN.get(row.programme.code) or upper_level(row.programme.kind)
        counts[level][codes.index(row.location.now.code)] += row.counts.sum(axis=1)
    true = np.zeros((len(codes), len(LEVELS), STAGES))
    for index, location in enumerate(region.secondary.locations):
        if location.now.code in codes:
            true[codes.index(location.now.code)] += region.secondary.at(NEWEST)[index]
    found = split_mixed(counts, locations=len(codes))[:, [level_index(level) for level in LEVELS]]
    lower = slice(0, 3)
    assert (found[:, :, lower].sum(axis=1) == true[:, :, lower].sum(axis=1)).all()
    misplaced = np.abs(found[:, :, lower] - true[:, :, lower]).sum() / 2
    in_mixed = sum(counts[level][:, lower].sum() for level in MIXED.values())
    assert in_mixed > 2_000
    assert misplaced < 0.15 * in_mixed


def upper_level(kind):
    """Return the level of a type of education in the upper years."""
    names = {"VMBO BL": "vmbo_b", "VMBO KL": "vmbo_k", "VMBO GL": "vmbo_gt", "VMBO TL": "vmbo_gt"}
    return names.get(kind[:7]) or ("havo" if kind.startswith("HAVO") else "vwo")


def test_the_intake_follows_the_children_of_the_catchment(region):
    """Year 1 of the three parts of the region, one to five years ahead: a cohort is 10 two years before it goes to vo."""
    vo, primary = region.secondary, region.primary
    at_ten = [primary.at(NEWEST - 2)[:, 6], primary.at(NEWEST - 1)[:, 6]]
    younger = [primary.at(NEWEST)[:, 6 - years] for years in range(4)]
    index = catchment_index(
        positions(vo.locations),
        Cohorts(positions(region.schools.po), np.stack([*at_ten, *younger], axis=1).astype(float)),
        km=region.truth.intake_distance_km,
        share=1.0,
    )
    parts = numbers([location.municipality.part.code for location in vo.locations])
    base = vo.at(NEWEST)[:, :, 0].sum(axis=1)
    said = np.array([np.bincount(parts, base * index[:, ahead]) for ahead in range(1, 6)])
    same = np.array([np.bincount(parts, base) for _ in range(5)])
    real = np.array([np.bincount(parts, vo.at(NEWEST + ahead)[:, :, 0].sum(axis=1)) for ahead in range(1, 6)])
    miss, miss_of_no_change = (np.abs(x - real).sum() / real.sum() for x in (said, same))
    assert miss < 0.07
    assert miss < 0.8 * miss_of_no_change


def positions(locations):
    return np.array([[location.x_km, location.y_km] for location in locations])

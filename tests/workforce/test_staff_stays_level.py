"""With the need held, the staff of the invented region stays as it is: shortage must come from what changes, not from the model.

Figures at their middle values; need, supply and the chances of the base year for six years. Aging is what the data say
and may move staff, so a run in which nobody's chances depend on age must stay level too.
"""

from dataclasses import replace

import numpy as np
import pytest

from regio.regions.queries import locations_in
from regio.site.actions import EXAMPLE_REGION_KEY
from regio.workforce.model_runs import need, pupils
from regio.workforce.model_runs.staff_inputs import need_array, read_staff
from regio.workforce.model_runs.staff_parameters import staff_parameters
from regio_engine.staff.base_level import national_shares
from regio_engine.staff.base_year import groups_of, stock_of
from regio_engine.staff.context import build_context
from regio_engine.staff.contract import AGES, OLDEST, PARAMETER_DRAWS, YOUNGEST, Output, Qualified
from regio_engine.staff.simulation import simulate

pytestmark = pytest.mark.django_db
DRAWS, YEARS, SEED = 50, 6, 1
SURE = 0xFFFFFFFF


@pytest.fixture(params=["po", "vo", "mbo"])
def sector(request):
    return request.param


@pytest.fixture
def region_and_need(loaded_example, sector):
    """Return the staff of the region and the need of the base year, held."""
    codes = list(locations_in(EXAMPLE_REGION_KEY).values_list("code", flat=True))
    learners = pupils.forecast_pupils(sector=sector, location_codes=codes, years=1, draws=DRAWS, seed=SEED)
    drawn = learners.learner_draws.with_first_year(learners.base_year, learners.base)
    forecast = need.forecast_need(learner_draws=drawn, location_codes=codes, seed=SEED)
    region = read_staff(
        sector=sector, location_codes=codes, base_year=learners.base_year, region_key=EXAMPLE_REGION_KEY
    ).region
    index_of = {place.code: number for number, place in enumerate(region.places)}
    by_rule = need_array(forecast, sector, index_of, region.positions)
    return region, np.repeat(by_rule[:, :1], YEARS + 1, axis=1)


def at_their_middle(parameters):
    """Return the figures without ranges."""
    figures = {key: replace(one, low=one.value, high=one.value, mark="P", is_weak=False)
               for key, one in parameters.figures.items()}  # fmt: skip
    about = {"mark": "P", "is_weak": False}
    tables = {key: replace(one, band_share=0.0, about={**one.about, **about}) for key, one in parameters.tables.items()}
    return replace(parameters, figures=figures, tables=tables)


def ageless(context):
    """Return the context in which everybody is 40 and has the mean chances of the staff of the base year."""
    counted = np.bincount(np.clip(context.staff.ages, YOUNGEST, OLDEST) - YOUNGEST, minlength=AGES)

    def mean(chances, axis):
        found = np.average(chances.astype(float), axis=axis, weights=counted)
        return np.repeat(np.expand_dims(np.minimum(found, SURE), axis), AGES, axis=axis).astype(np.uint32)

    rates = replace(context.rates, exits=mean(context.rates.exits, 2), hours=mean(context.rates.hours, 1))
    at_40 = np.where(np.arange(AGES) >= 40 - YOUNGEST, SURE, 0).astype(np.uint32)
    supply = replace(context.supply, ages=np.tile(at_40, (len(context.supply.ages), 1)))
    return replace(
        context, rates=rates, supply=supply, staff=replace(context.staff, ages=np.full_like(context.staff.ages, 40))
    )


def course(context):
    """Return per year the shortage in % of the need, fte per head, and the qualified part of the staff in %."""
    found = simulate(context, seed=SEED, draws=DRAWS, years=YEARS)
    sums = found.outputs.sum(axis=(0, -1), dtype=np.int64).astype(float)
    heads = np.append(found.heads[0, :, 0].sum(), found.heads[:, :, -1].sum(axis=1))
    return (
        100 * sums[Output.SHORTAGE] / sums[Output.NEED],
        sums[Output.STOCK] / heads / 1000,
        100 * sums[Output.QUALIFIED] / sums[Output.STOCK],
    )


def test_staff_stays_level_when_the_need_does(region_and_need, sector):
    """Shortage within a point, fte per person within 1 %, the qualified part within a point and a half; no cliff in a year."""
    region, held = region_and_need
    context = build_context(region, need_milli=held, parameters=at_their_middle(staff_parameters()), seed=SEED)
    for one in (context, ageless(context)):
        shortage, per_head, qualified = course(one)
        assert np.abs(shortage - shortage[0]).max() < 1.0
        assert per_head == pytest.approx(per_head[0], rel=0.01)
        assert np.abs(qualified - qualified[0]).max() < 1.5
        assert np.abs(np.diff(qualified)).max() < 0.75


def test_the_shortage_of_the_base_year_is_the_drawn_measurement_in_every_draw(region_and_need, sector):
    """Per position and per own measurement; the counted unqualified people of own files are the least it can be."""
    region, held = region_and_need
    context = build_context(region, need_milli=held[:, :2], parameters=staff_parameters(), seed=SEED)
    short = simulate(context, seed=SEED, draws=DRAWS, years=1).outputs[:, Output.SHORTAGE, 0].astype(np.int64)
    short = short.reshape(len(region.places), len(region.positions), DRAWS)
    stock = stock_of(context.staff, places=len(region.places), positions=len(region.positions))
    shares = national_shares(
        region.positions, stock_milli=stock.milli[0].sum(axis=0), parameters=staff_parameters(), sector=sector,
        region_label=region.region_label, seed=SEED,
    )  # fmt: skip
    groups = groups_of(stock.milli.sum(axis=0) > 0, shares=shares, measurements=region.measurements, seed=SEED)
    draws, population = np.arange(DRAWS) % PARAMETER_DRAWS, np.arange(DRAWS) % len(stock.milli)
    own = np.zeros(short.shape[:2], np.int64)
    for one in region.own:
        own[one.place, one.position] += one.milli_fte * (one.qualified == Qualified.NO)
    for group in groups:
        staffed = stock.milli[population][:, group.places, group.position].sum(axis=1)
        counted = stock.unqualified_milli[population][:, group.places, group.position].sum(axis=1)
        share = None if group.share is None else group.share[draws]
        drawn = group.milli[draws] if share is None else np.rint(share * (staffed - counted) / (1 - share))
        assert (short[group.places, group.position].sum(axis=0) == np.maximum(drawn, counted)).all()
        is_beyond = counted > drawn + 1
        assert (counted[is_beyond] == own[group.places, group.position].sum()).all()  # never made-up people
    assert short.sum() == sum(short[group.places, group.position].sum() for group in groups)

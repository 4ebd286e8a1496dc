"""Building the context of a staff simulation: staff, rates, supply and need of one region and sector, all as arrays.

1. Own staff as it is, the same in every population; made-up staff behind public counts, another in each.
2. Rates and supply from the drawn figures; own rates of a board make a leave class of their own.
3. The shortage of the base year is drawn from its measurement; need of the base year := staff + unfilled - over.
4. Later need follows the need forecast: times its ratio to the base year, or plus its change where a ratio says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from regio_engine import keyed_random
from regio_engine.errors import ImplausibleInput, MissingInput
from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.base_level import Measurement, national_shares
from regio_engine.staff.base_year import Stock, groups_of, over_milli, stock_of, unfilled_milli, within_level
from regio_engine.staff.context_draws import drawn, thresholds
from regio_engine.staff.context_hours import contract_shares, hours_thresholds
from regio_engine.staff.context_leaving import ages_from_60, exit_chances, exit_thresholds, starter_chances
from regio_engine.staff.context_need import following_need
from regio_engine.staff.context_people import OwnPerson, profile_of, with_own
from regio_engine.staff.context_places import Place, nearest_places, sharing_places
from regio_engine.staff.context_positions import covers, second_positions
from regio_engine.staff.contract import (
    ALL_MECHANISMS,
    PARAMETER_DRAWS,
    Int16s,
    Staff,
    StaffContext,
    StaffRates,
    Supply,
    Thresholds,
)
from regio_engine.staff.rates_own import OwnLeaving, own_chances
from regio_engine.staff.supply import Enrolments, Figures, Region, build_supply
from regio_engine.staff.synthetic import POPULATIONS, impute
from regio_engine.staff.synthetic_seats import PublicCell, PublicSchool
from regio_engine.units import MILLI_PER_FTE, Floats, MilliFte

PER_65536 = 1 << 16


@dataclass(frozen=True)
class RegionStaff:
    """What is known of the staff of one region and sector in the base year.

    Attributes:
        sector: "vo", "po", "so" or "mbo".
        base_year: calendar year of the staff (1 October).
        places: locations with loaded staff, in the order of the cells.
        positions: codes, in the order of the cells.
        own: employments of own staff files.
        schools, cells: public counts of the boards without an own file.
        measurements: own measured shortages.
        region_label: label of the measured labour-market region, empty where it was not measured.
        enrolments: students in teacher training.
        own_leaving: counted leavers of boards whose own files tell how many leave.
    """

    sector: str
    base_year: int
    places: tuple[Place, ...]
    positions: tuple[str, ...]
    own: tuple[OwnPerson, ...] = ()
    schools: tuple[PublicSchool, ...] = ()
    cells: tuple[PublicCell, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    region_label: str = ""
    enrolments: Enrolments = field(default_factory=Enrolments)
    own_leaving: tuple[OwnLeaving, ...] = ()


def build_context(
    region: RegionStaff, *, need_milli: MilliFte, parameters: StaffParameters, seed: int, populations: int = POPULATIONS,
    mechanisms: int = ALL_MECHANISMS,
) -> StaffContext:  # fmt: skip
    """Return the context of a staff simulation.

    Args:
        region: staff of the base year and what surrounds it.
        need_milli: need by the forecast per cell (place × positions + position), year (base year first) and draw
            [thousandths of fte], shape (cells, years + 1, draws).
        parameters: all figures.
        seed: seed of the run.
        populations: how many made-up populations the draws take turns in.
        mechanisms: bits of `Mechanism`.

    Raises:
        MissingInput: no staff at all.
        ImplausibleInput: need of another shape.
    """
    _check(region, need_milli)
    run = _Run(region, parameters, seed, years=need_milli.shape[1] - 1, draws=need_milli.shape[2])
    second = second_positions(region.positions, _position_weights(region, need_milli), parameters)
    usual = exit_chances(parameters, region.sector, years=(region.base_year, region.base_year + run.years), seed=seed)
    profile = profile_of(parameters, region.sector, second_position_of=second, ages_from_60=ages_from_60(usual))
    made_up = impute(region.schools, region.cells, profile=profile, seed=seed, populations=populations)
    sharing = sharing_places(region.places, limit_km=run.value("sharing_limit_km"))
    staff, stock, base = _base_year(run, with_own(made_up, region.own), sharing)
    need = following_need(need_milli, base_milli=base)
    return StaffContext(
        place_codes=tuple(place.code for place in region.places),
        position_codes=region.positions,
        place_ids=_ids([place.code for place in region.places]),
        position_ids=_ids(region.positions),
        base_year=region.base_year,
        staff=staff,
        need_milli=need,
        rates=_rates(run, usual, staff, second),
        supply=_supply(run, staff, stock, need),
        board_of_place=sharing,
        nearest=nearest_places(region.places, limit_km=run.value("travel_limit_km")),
        covers=covers(region.positions, parameters),
        smallest_opening_milli=round(run.value("smallest_opening") * MILLI_PER_FTE),
        mechanisms=mechanisms,
    )


@dataclass(frozen=True)
class _Run:
    """What all parts of a context need."""

    region: RegionStaff
    parameters: StaffParameters
    seed: int
    years: int
    draws: int

    def value(self, name: str) -> float:
        return self.parameters.figure(self.region.sector, name).value

    def figure(self, name: str, *, at_most: float = 1.0) -> Floats:
        return drawn(self.parameters.figure(self.region.sector, name), seed=self.seed, at_most=at_most)


def _check(region: RegionStaff, need_milli: MilliFte) -> None:
    cells = len(region.places) * len(region.positions)
    if need_milli.ndim != 3 or need_milli.shape[0] != cells:
        raise ImplausibleInput(f"need_milli must have {cells} cells, got {need_milli.shape}")
    if not region.own and not region.cells:
        raise MissingInput(f"no staff of sector {region.sector} is loaded")


def _ids(codes: Sequence[str]) -> Thresholds:
    return np.array([keyed_random.stable_id(code) for code in codes], np.uint32)


def _position_weights(region: RegionStaff, need_milli: MilliFte) -> Floats:
    """Return the size of each position, by the need of the base year."""
    base = need_milli[:, 0].astype(np.int64).sum(axis=1)
    return np.asarray(base.reshape(len(region.places), -1).sum(axis=0) + 1, np.float64)


# ---------------------------------------------------------------------------------------------------------- base year
def _base_year(run: _Run, staff: Staff, sharing: Int16s) -> tuple[Staff, Stock, NDArray[np.int64]]:
    """Return the staff, its stock, and the need of the base year per cell and draw: staffed and unfilled, less what is over."""
    region, places, positions = run.region, len(run.region.places), len(run.region.positions)
    stock = stock_of(staff, places=places, positions=positions)
    shares = national_shares(
        region.positions, stock_milli=stock.milli[0].sum(axis=0), parameters=run.parameters, sector=region.sector,
        region_label=region.region_label, seed=run.seed,
    )  # fmt: skip
    groups = groups_of(
        stock.milli.sum(axis=0) > 0, shares=shares, measurements=region.measurements, seed=run.seed
    )  # fmt: skip
    staff = within_level(staff, groups, own=len(region.own), stock=stock, seed=run.seed)
    stock = stock_of(staff, places=places, positions=positions)
    unfilled = unfilled_milli(stock, groups, position_ids=_ids(region.positions), draws=run.draws, seed=run.seed)
    over = over_milli(
        stock, groups, unfilled=unfilled, share=run.figure("over_share"), sharing=sharing, draws=run.draws, seed=run.seed
    )  # fmt: skip
    return staff, stock, stock.of_draws(run.draws) + (unfilled - over).reshape(-1, run.draws)


# ------------------------------------------------------------------------------------------------------------- supply
def _supply(run: _Run, staff: Staff, stock: Stock, need: MilliFte) -> Supply:
    region = run.region
    mean_need = need[:, 0].mean(axis=1).reshape(stock.milli.shape[1:])
    surroundings = Region(
        region.sector, region.positions, mean_need.sum(axis=0), _persons(run, stock),
        stock.milli[0].sum(axis=1).astype(np.float64), contract_shares(staff),
    )  # fmt: skip
    return build_supply(
        surroundings, figures=Figures(run.parameters, region.sector, run.seed), enrolments=region.enrolments, years=run.years,
        returns_per_year=_returns(run, stock),
    )  # fmt: skip


def _persons(run: _Run, stock: Stock) -> int:
    """Return the persons behind the fte, at the usual contract."""
    return round(float(stock.milli[0].sum()) / MILLI_PER_FTE / run.value("mean_fte"))


def _returns(run: _Run, stock: Stock) -> Floats:
    """Return starters of the last three years who left and come back [persons per year], shape (PARAMETER_DRAWS,)."""
    starters = starter_chances(run.parameters, run.region.sector, seed=run.seed)
    share = run.figure("qualified_share_of_starters", at_most=0.95)
    first = run.parameters.table(run.region.sector, "first_years").rows["0"]
    per_year = _persons(run, stock) * first
    return np.asarray(per_year * starters.net_out(qualified_share=share).sum(axis=0) * starters.returns)


# -------------------------------------------------------------------------------------------------------------- rates
def _rates(run: _Run, usual: Floats, staff: Staff, second: Thresholds) -> StaffRates:
    region = run.region
    boards = [own.board for own in region.own_leaving]
    classes = [usual, *(own.chances for own in own_chances(usual, region.own_leaving, seed=run.seed))]
    finishing = np.repeat(run.figure("finishes_second_qualification")[:, None], len(region.positions), axis=1)
    finishing = np.where(second[None, :, -1] > 0, finishing, 0.0)
    return StaffRates(
        exits=np.stack([exit_thresholds(chances) for chances in classes], axis=1),
        leave_class=np.array(
            [1 + boards.index(place.board) if place.board in boards else 0 for place in region.places], np.int16
        ),
        hours=hours_thresholds(run.parameters, region.sector, staff, seed=run.seed),
        switches=thresholds(run.figure("switches_subject")),
        second_qualifications=thresholds(finishing),
        second_position_of=second,
        qualifies=thresholds(run.figure("qualifies")),
        cancelled=np.rint(run.figure("cancelled_share") * PER_65536).astype(np.int32),
        covered=np.rint(run.figure("covered_share") * PER_65536).astype(np.int32),
    )


__all__ = ["PARAMETER_DRAWS", "OwnLeaving", "OwnPerson", "Place", "RegionStaff", "build_context", "stock_of"]

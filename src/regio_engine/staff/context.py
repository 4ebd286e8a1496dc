"""Building the context of a staff simulation: staff, rates, supply and need of one region and sector, all as arrays.

1. Own staff as it is, the same in every population; made-up staff behind public counts, another in each.
2. Rates and supply from the drawn figures; own rates of a board make a leave class of their own.
3. The unfilled part of the base year is drawn from the measured shortage; need of the base year := staff + unfilled.
4. Later need follows the need forecast: times its ratio to the base year, or plus its change where a ratio says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from regio_engine import keyed_random
from regio_engine.errors import ImplausibleInput, MissingInput
from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.base_level import Measurement, Stock, national_shares, unfilled_milli
from regio_engine.staff.context_draws import drawn, thresholds
from regio_engine.staff.context_hours import hours_thresholds
from regio_engine.staff.context_leaving import exit_chances, exit_thresholds, starter_chances
from regio_engine.staff.context_need import following_need
from regio_engine.staff.context_people import OwnPerson, profile_of, with_own
from regio_engine.staff.context_places import Place, board_numbers, nearest_places
from regio_engine.staff.context_positions import covers, second_positions
from regio_engine.staff.contract import (
    ALL_MECHANISMS,
    PARAMETER_DRAWS,
    Qualified,
    Staff,
    StaffContext,
    StaffRates,
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
    second = second_positions(region.positions, _position_weights(region, need_milli), parameters)
    staff = _staff(region, parameters, second, seed=seed, populations=populations)
    stock = stock_of(staff, places=len(region.places), positions=len(region.positions))
    unfilled = _unfilled(region, stock, parameters, draws=need_milli.shape[2], seed=seed)
    base = stock.of_draws(need_milli.shape[2]) + unfilled.reshape(-1, need_milli.shape[2])
    need = following_need(need_milli, base_milli=base)
    figures = Figures(parameters, region.sector, seed)
    per_place = stock.milli[0].sum(axis=1).astype(np.float64)
    mean_need = need[:, 0].mean(axis=1).reshape(stock.milli.shape[1:])
    supply = build_supply(
        Region(region.sector, region.positions, mean_need.sum(axis=0), _persons(region, stock, parameters), per_place),
        figures=figures, enrolments=region.enrolments, years=need_milli.shape[1] - 1,
        returns_per_year=_returns(region, stock, parameters, seed=seed),
    )  # fmt: skip
    limit = parameters.figure(region.sector, "travel_limit_km").value
    return StaffContext(
        place_codes=tuple(place.code for place in region.places),
        position_codes=region.positions,
        place_ids=_ids([place.code for place in region.places]),
        position_ids=_ids(region.positions),
        base_year=region.base_year,
        staff=staff,
        need_milli=need,
        rates=_rates(region, parameters, second, years=need_milli.shape[1] - 1, seed=seed),
        supply=supply,
        board_of_place=board_numbers(region.places),
        nearest=nearest_places(region.places, limit_km=limit),
        covers=covers(region.positions, parameters),
        smallest_opening_milli=round(parameters.figure(region.sector, "smallest_opening").value * MILLI_PER_FTE),
        mechanisms=mechanisms,
    )


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


# -------------------------------------------------------------------------------------------------------------- staff
def _staff(
    region: RegionStaff, parameters: StaffParameters, second: Thresholds, *, seed: int, populations: int
) -> Staff:
    profile = profile_of(parameters, region.sector, second_position_of=second)
    made_up = impute(region.schools, region.cells, profile=profile, seed=seed, populations=populations)
    return with_own(made_up, region.own)


def stock_of(staff: Staff, *, places: int, positions: int) -> Stock:
    """Return the fte per population and cell, and the part of who is not qualified."""
    populations = len(staff.offsets) - 1
    milli = np.zeros((populations, places, positions), np.int64)
    unqualified = np.zeros_like(milli)
    population = np.repeat(np.arange(populations), np.diff(staff.offsets))
    where = (population, staff.places.astype(np.intp), staff.positions.astype(np.intp))
    np.add.at(milli, where, staff.milli_fte)
    np.add.at(unqualified, where, np.where(staff.qualified == Qualified.NO, staff.milli_fte, 0))
    return Stock(milli, unqualified)


def _unfilled(region: RegionStaff, stock: Stock, parameters: StaffParameters, *, draws: int, seed: int) -> MilliFte:
    shares = national_shares(
        region.positions, stock_milli=stock.milli[0].sum(axis=0), parameters=parameters, sector=region.sector,
        region_label=region.region_label, seed=seed,
    )  # fmt: skip
    return unfilled_milli(
        stock, shares=shares, measurements=region.measurements, position_ids=_ids(region.positions), draws=draws,
        seed=seed,
    )  # fmt: skip


def _persons(region: RegionStaff, stock: Stock, parameters: StaffParameters) -> int:
    """Return the persons behind the fte, at the usual contract."""
    return round(float(stock.milli[0].sum()) / MILLI_PER_FTE / parameters.figure(region.sector, "mean_fte").value)


def _returns(region: RegionStaff, stock: Stock, parameters: StaffParameters, *, seed: int) -> Floats:
    """Return starters of the last three years who left and come back [persons per year], shape (PARAMETER_DRAWS,)."""
    starters = starter_chances(parameters, region.sector, seed=seed)
    share = drawn(parameters.figure(region.sector, "qualified_share_of_starters"), seed=seed, at_most=0.95)
    first = parameters.table(region.sector, "first_years").rows["0"]
    per_year = _persons(region, stock, parameters) * first
    return np.asarray(per_year * starters.net_out(qualified_share=share).sum(axis=0) * starters.returns)


# -------------------------------------------------------------------------------------------------------------- rates
def _rates(
    region: RegionStaff, parameters: StaffParameters, second: Thresholds, *, years: int, seed: int
) -> StaffRates:
    sector, base = region.sector, region.base_year
    usual = exit_chances(parameters, sector, years=(base, base + years), seed=seed)
    boards = [own.board for own in region.own_leaving]
    classes = [usual, *(own.chances for own in own_chances(usual, region.own_leaving, seed=seed))]

    def figure(name: str) -> Floats:
        return drawn(parameters.figure(sector, name), seed=seed)

    finishing = np.repeat(figure("finishes_second_qualification")[:, None], len(region.positions), axis=1)
    finishing = np.where(second[None, :, -1] > 0, finishing, 0.0)
    return StaffRates(
        exits=np.stack([exit_thresholds(chances) for chances in classes], axis=1),
        leave_class=np.array(
            [1 + boards.index(place.board) if place.board in boards else 0 for place in region.places], np.int16
        ),
        hours=hours_thresholds(parameters, sector, seed=seed),
        switches=thresholds(figure("switches_subject")),
        second_qualifications=thresholds(finishing),
        second_position_of=second,
        qualifies=thresholds(figure("qualifies")),
        cancelled=np.rint(figure("cancelled_share") * PER_65536).astype(np.int32),
        covered=np.rint(figure("covered_share") * PER_65536).astype(np.int32),
    )


__all__ = ["PARAMETER_DRAWS", "OwnLeaving", "OwnPerson", "Place", "RegionStaff", "build_context", "stock_of"]

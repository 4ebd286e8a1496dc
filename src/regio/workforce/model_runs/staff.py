"""The staff of a region simulated on the need of a run: shortage, flows and ages as rows, and one need for all pages.

1. Only boards with loaded staff take part; the facts name what the staff of every board rests on.
2. The need by the rule becomes the need of the simulation: staff and unfilled of the base year, carried on.
3. Rows are made of what may be shown (`shortage_grain`); a region has a figure where half of its need is loaded.
4. The need that pages show takes the level of the simulation where staff is loaded (`regio_engine.staff.one_need`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from regio.workforce.enums import ScopeKind, StaffOrigin
from regio_engine.staff.context import RegionStaff, build_context
from regio_engine.staff.context_need import following_need
from regio_engine.staff.context_positions import specialism_of
from regio_engine.staff.contract import ALL_MECHANISMS
from regio_engine.staff.need_forecast import NeedForecast
from regio_engine.staff.need_plan import plan_without_learners
from regio_engine.staff.one_need import one_need
from regio_engine.staff.simulation import context_hash, simulate
from regio_engine.units import MILLI_PER_FTE, MilliFte

from . import need
from .need_inputs import shipped_rules
from .rows import ForecastResult
from .shortage import StaffForecast, add_shortage
from .shortage_facts import analyst_facts, salary_facts
from .shortage_grain import ShownScope, shown_scopes
from .staff_inputs import parameters, read_staff
from .staff_pay import cost_eur, pay_facts

Advance = Callable[[float, str], None]
Scopes = Mapping[str, Mapping[str, str]]  # scope kind -> location code -> scope code

FEWEST_LOADED_SHARE = 0.5  # of the region's need: below it a region's figure says more of who loaded than of the region
MECHANISMS = ALL_MECHANISMS  # what the product runs with; the speed figures run with the same


@dataclass(frozen=True)
class Loaded:
    """How much of a region's learners and need (by the rule, base year) is at boards with loaded staff [0-1]."""

    learners_share: float
    need_share: float

    @property
    def is_enough_for_region(self) -> bool:
        """Whether the region has figures of its own."""
        return self.need_share >= FEWEST_LOADED_SHARE


def with_staff(
    result: ForecastResult, forecast: NeedForecast, *, sector: str, base_year: int, scopes: Scopes, seed: int, advance: Advance
) -> NeedForecast:  # fmt: skip
    """Add what the staff of one sector gives to a result; return the need at the level that pages show.

    Args:
        result: gets rows and facts.
        forecast: need by the rule, the counted base year first.
        sector: po, so, vo or mbo.
        base_year: year of the count.
        scopes: scope kind → location code → scope code.
        seed: seed of the run.
        advance: called with (share done, text); may raise to stop.
    """
    board_of = scopes[ScopeKind.BOARD]
    inputs = read_staff(sector=sector, location_codes=list(scopes[ScopeKind.LOCATION]), base_year=base_year)
    origins = {board: str(origin) for board, origin in inputs.origins.items()}
    with_learners = {board_of[plan.location_code] for plan in forecast.plans if plan.location_code in board_of}
    named = {board: origin for board, origin in origins.items() if board in with_learners}
    facts: dict[str, Any] = {"besturen": named, "regiocijfer": False}
    result.facts.setdefault("bezetting", {})[sector] = facts
    if inputs.region is None:
        return forecast
    staff = simulated(forecast, inputs.region, origins=origins, seed=seed, advance=advance)
    loaded = loaded_shares(forecast, staff)
    shown = shown_scopes(
        places=staff.context.place_codes, boards=staff.boards, positions=staff.context.position_codes, scopes=scopes,
        origins=staff.origins, subject_of=need.subjects(), group_of=staff.group_of, with_region=loaded.is_enough_for_region,
    )  # fmt: skip
    add_shortage(result, staff, shown)
    facts |= dict(inputs.facts) | _facts(staff, loaded, shown)
    return levelled(forecast, staff)


def simulated(
    forecast: NeedForecast, region: RegionStaff, *, origins: Mapping[str, str], seed: int, advance: Advance
) -> StaffForecast:
    """Return the simulated staff of one region and sector; arguments as in `with_staff`."""
    sector, figures = region.sector, parameters()
    places = [place.code for place in region.places]
    advance(0.0, f"bezetting {sector}: personen klaarzetten")
    by_rule = cell_need(forecast, sector=sector, places=places, positions=region.positions)
    context = build_context(region, need_milli=by_rule, parameters=figures, seed=seed, mechanisms=MECHANISMS)
    advance(0.3, f"bezetting {sector}: jaar na jaar")
    _, years, draws = context.need_milli.shape
    drawn = simulate(context, seed=seed, years=years - 1, draws=draws)
    advance(0.6, f"bezetting {sector}: optellen")
    held = cell_need(forecast.with_rule_held(), sector=sector, places=places, positions=region.positions)
    return StaffForecast(
        sector=sector, context=context, drawn=drawn,
        held_need=following_need(held, base_milli=context.need_milli[:, 0]).sum(axis=2, dtype=np.int64),
        boards=tuple(place.board for place in region.places), origins=origins,
        group_of={code: figures.group_of(specialism_of(code)) for code in region.positions},
        cost_eur=cost_eur(drawn.scale_milli, draws=draws, sector=sector, parameters=figures),
    )  # fmt: skip


def cell_need(forecast: NeedForecast, *, sector: str, places: Sequence[str], positions: Sequence[str]) -> MilliFte:
    """Return the need by the rule per cell, year and draw [thousandths of fte], 0 where nothing is asked."""
    shape = (len(places), len(positions), len(forecast.learners.years), forecast.learners.draws)
    cells = np.zeros(shape, np.int32)
    row, column = ({code: number for number, code in enumerate(codes)} for codes in (places, positions))
    for plan in forecast.plans:
        if plan.sector == sector and plan.location_code in row:
            for code, drawn in forecast.by_rule(plan).items():
                cells[row[plan.location_code], column[code]] = drawn
    return cells.reshape(-1, *shape[2:])


def loaded_shares(forecast: NeedForecast, staff: StaffForecast) -> Loaded:
    """Return how much of the base year is at places with loaded staff."""
    sums = np.zeros((2, 2))
    for plan in forecast.plans:
        if plan.sector == staff.sector:
            learners = float(forecast.learners.counts[plan.cells, 0].mean(axis=-1).sum())
            fte = float(forecast.of_location(plan)[:, 0].mean(axis=-1).sum()) / MILLI_PER_FTE
            sums[int(plan.location_code in staff.context.place_codes)] += learners, fte
    learners_share, need_share = sums[1] / np.maximum(sums.sum(axis=0), 1e-9)
    return Loaded(float(learners_share), float(need_share))


def levelled(forecast: NeedForecast, staff: StaffForecast) -> NeedForecast:
    """Return the need at the level of the simulation where staff is loaded; staff without learners has its need too."""
    planned = {plan.location_code for plan in forecast.plans if plan.sector == staff.sector}
    rule = shipped_rules()[staff.sector]
    more = [plan_without_learners(code, rule=rule) for code in staff.context.place_codes if code not in planned]
    whole = replace(forecast, plans=(*forecast.plans, *more))
    level = one_need(
        whole, context=staff.context, sector=staff.sector, board_of_place=staff.boards, group_of_position=staff.group_of,
        made_up_boards=frozenset(board for board, origin in staff.origins.items() if origin == StaffOrigin.PUBLIC),
    )  # fmt: skip
    return replace(whole, adjust=level.at)


def _facts(staff: StaffForecast, loaded: Loaded, shown: list[ShownScope]) -> dict[str, Any]:
    pay = pay_facts(sector=staff.sector, parameters=parameters())
    return {
        "geladen_leerlingen_share": round(loaded.learners_share, 4),
        "geladen_formatie_share": round(loaded.need_share, 4),
        "regiocijfer": loaded.is_enough_for_region,
        "mechanismen": staff.context.mechanisms,
        "context_sha256": context_hash(staff.context),
        "loonkosten": pay | {"eur": salary_facts(staff, shown)},
        **analyst_facts(staff, shown),
    }

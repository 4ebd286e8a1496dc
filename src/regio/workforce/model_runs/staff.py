"""The staff of a region simulated on the need of a run: shortage, flows and ages as rows, and one need for all pages.

1. Only boards with loaded staff take part; the facts name what the staff of every board rests on.
2. The need by the rule becomes the need of the simulation: staff and unfilled of the base year, carried on.
3. Rows are made of what may be shown (`shortage_grain`); a region has a figure where half of its need is loaded.
4. The need that pages show takes the level of the simulation where staff is loaded (`regio_engine.staff.one_need`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regio.workforce.enums import ScopeKind, StaffOrigin
from regio.workforce.staff_loaded import staff_origins
from regio_engine.staff.context_need import following_need
from regio_engine.staff.contract import ALL_MECHANISMS
from regio_engine.staff.need_forecast import NeedForecast
from regio_engine.staff.need_plan import plan_without_learners
from regio_engine.staff.one_need import one_need
from regio_engine.staff.simulation import context_hash, simulate
from regio_engine.units import MILLI_PER_FTE

from . import need
from .need_inputs import shipped_rules
from .rows import ForecastResult
from .scopes import Scopes
from .shortage import StaffForecast, add_shortage
from .shortage_facts import analyst_facts, loaded_need_facts, salary_facts
from .shortage_grain import ShownScope, shown_scopes
from .staff_inputs import PreparedStaff, need_array, parameters, staff_context
from .staff_pay import cost_eur, pay_facts
from .warming import until_warm

Advance = Callable[[float, str], None]

FEWEST_LOADED_SHARE = 0.5  # of the region's need: below it a region's figure says more of who loaded than of the region
WHOLE_SHARE = 0.9999  # from here on every board is loaded
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
    with_learners = {board_of[plan.location_code] for plan in forecast.plans if plan.location_code in board_of}
    named = {board: str(origin) for board, origin in staff_origins(sector, with_learners).items()}
    facts: dict[str, Any] = {"besturen": named, "regiocijfer": False}
    result.facts.setdefault("bezetting", {})[sector] = facts
    advance(0.0, f"bezetting {sector}: personen klaarzetten")
    prepared = staff_context(
        sector=sector, location_codes=list(scopes[ScopeKind.LOCATION]), need=forecast, base_year=base_year, seed=seed,
        region_key=next(iter(scopes[ScopeKind.REGION].values())), mechanisms=MECHANISMS,
    )  # fmt: skip
    if prepared is None:
        return forecast
    staff = simulated(forecast, prepared, seed=seed, advance=advance)
    loaded = loaded_shares(forecast, staff)
    shown = shown_scopes(
        places=staff.context.place_codes, boards=staff.boards, positions=staff.context.position_codes, scopes=scopes,
        origins=staff.origins, subject_of=need.subjects(), group_of=staff.group_of, with_region=loaded.is_enough_for_region,
    )  # fmt: skip
    add_shortage(result, staff, shown)
    facts |= dict(prepared.facts) | _facts(staff, loaded, shown)
    return levelled(forecast, staff)


def simulated(forecast: NeedForecast, prepared: PreparedStaff, *, seed: int, advance: Advance) -> StaffForecast:
    """Return the simulated staff of one region and sector; arguments as in `with_staff`."""
    context, sector = prepared.context, prepared.sector
    _, years, draws = context.need_milli.shape
    text = f"bezetting {sector}: jaar na jaar"
    advance(0.3, text)
    until_warm()
    drawn = simulate(
        context, seed=seed, years=years - 1, draws=draws, progress=lambda share: advance(0.3 + 0.3 * share, text)
    )
    advance(0.6, f"bezetting {sector}: optellen")
    return StaffForecast(
        sector=sector, context=context, drawn=drawn, held_need=_held_need(forecast, prepared), boards=prepared.boards,
        origins={board: str(origin) for board, origin in prepared.origins.items()}, group_of=prepared.group_of,
        several_jobs=prepared.several_jobs,
        cost_eur=cost_eur(drawn.scale_milli, draws=draws, sector=sector, parameters=parameters()),
    )  # fmt: skip


def _held_need(forecast: NeedForecast, prepared: PreparedStaff) -> NDArray[np.int64]:
    """Return the need of the simulation as it would be with the rule of the base year, summed over draws."""
    index_of = {code: number for number, code in enumerate(prepared.context.place_codes)}
    by_rule = need_array(forecast.with_rule_held(), prepared.sector, index_of, prepared.context.position_codes)
    held = following_need(by_rule, base_milli=prepared.context.need_milli[:, 0])
    return np.asarray(held.sum(axis=2, dtype=np.int64))


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
        "formatie_geladen": loaded_need_facts(staff, shown) if loaded.need_share < WHOLE_SHARE else {},
        "mechanismen": staff.context.mechanisms,
        "context_sha256": context_hash(staff.context),
        "loonkosten": pay | {"eur": salary_facts(staff, shown)},
        **analyst_facts(staff, shown),
    }

"""What a page says beside a staff run: how sure the run is of its own region totals, and what the staff costs."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from regio.workforce.enums import ScopeKind
from regio.workforce.queries import ALL
from regio_engine.staff.summaries import Quantity, item_sums, quantity_of
from regio_engine.staff.summaries_error import monte_carlo_errors, variance_split
from regio_engine.units import MILLI_PER_FTE

from .shortage import StaffForecast
from .shortage_grain import SMALL_SCOPES, ShownScope


def analyst_facts(staff: StaffForecast, shown: Iterable[ShownScope]) -> dict[str, Any]:
    """Return what the shortage of the region owes to chance, per year: {"spreiding": …, "rekenfout": …}, year → figures.

    "spreiding" splits the variance over draws in parameters and chance, with the error of the split; "rekenfout" is the
    Monte Carlo error of mean, p10, p50 and p90 [fte]. Empty where the region has no figure or there are too few draws.
    """
    facts: dict[str, dict[str, Any]] = {"spreiding": {}, "rekenfout": {}}
    for scope in (scope for scope in shown if scope.kind == ScopeKind.REGION):
        for _, total in item_sums(staff.context, staff.drawn, places=scope.places, items={ALL: scope.items[ALL]}):
            for y, year in enumerate(staff.drawn.years):
                drawn = quantity_of(total, Quantity.SHORTAGE)[y]
                split, errors = variance_split(drawn), monte_carlo_errors(drawn)
                if split and errors:
                    in_fte = {
                        "parameter_sd": split.parameter_sd / MILLI_PER_FTE,
                        "process_sd": split.process_sd / MILLI_PER_FTE,
                    }
                    facts["spreiding"][str(year)] = _rounded(asdict(split) | in_fte)
                    names = ("mean", "p10", "p50", "p90")
                    facts["rekenfout"][str(year)] = _rounded(
                        {name: error / MILLI_PER_FTE for name, error in zip(names, errors, strict=True)}
                    )
    return facts


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(float(figure), 4) for name, figure in figures.items()}


def salary_facts(staff: StaffForecast, shown: Iterable[ShownScope]) -> dict[str, Any]:
    """Return what the staff costs an employer: scope kind → scope → year → euro, regions and boards only."""
    facts: dict[str, Any] = {}
    for scope in shown:
        if scope.kind not in SMALL_SCOPES and staff.cost_eur is not None:
            costs = staff.cost_eur[list(scope.places)].sum(axis=0)
            facts.setdefault(str(scope.kind), {})[scope.code] = {
                str(year): round(float(cost)) for year, cost in zip(staff.drawn.years, costs, strict=True)
            }
    return facts


def loaded_need_facts(staff: StaffForecast, shown: Iterable[ShownScope]) -> dict[str, Any]:
    """Return the mean need of the boards with loaded staff: item → year → fte, region only.

    Where not every board is loaded this is the need that belongs to the region's staff and shortage; the need on the page
    of the region is that of all boards.
    """
    facts: dict[str, Any] = {}
    for scope in (scope for scope in shown if scope.kind == ScopeKind.REGION):
        for item, total in item_sums(staff.context, staff.drawn, places=scope.places, items=scope.items):
            means = quantity_of(total, Quantity.NEED).mean(axis=-1) / MILLI_PER_FTE
            facts[item] = {
                str(year): round(float(mean), 2) for year, mean in zip(staff.drawn.years, means, strict=True)
            }
    return facts

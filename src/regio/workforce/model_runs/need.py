"""Need (formatie) of drawn learners: asks the engine with what `need_inputs` reads, and names the positions.

    inputs = read_inputs(location_codes, on=base_date)         # once per run
    need = forecast_need(learner_draws=draws, inputs=inputs, seed=seed)
    need.summary(scope_of_location)                            # rows (scope, sector, position, year, mean, p10, p50, p90)
    need.changes(scope_of_location, base_year=2026)            # the same for the change since a year

`regio_engine.staff.need_forecast.summarise_blocks` sums blocks of locations, for a run of the whole country. A sector
without learners gives no rows: *nog geen cijfers*, which is not 0.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from regio.regions.enums import Sector
from regio.workforce.enums import SUBJECT_PREFIX, FunctionGroup, Level
from regio.workforce.models import Position
from regio_engine.parameters import NeedRule
from regio_engine.staff.need_forecast import NeedForecast, summarise_blocks
from regio_engine.staff.need_forecast import forecast_need as plan_need
from regio_engine.units import LearnerDraws, Texts

from .need_inputs import NeedInputs, Rules, catalogue, lesson_table, read_inputs, shipped_rules

__all__ = ["forecast_need", "need_facts", "read_inputs", "subjects", "summarise_blocks", "sync_positions"]

Progress = Callable[[float, str], Any]
BASE_DAY = (10, 1)  # month and day of the yearly count
FINDING_TEXTS = {
    "N-101": "Het niveau “{level}” van vestiging {location} staat niet in de lessentabel. Deze leerlingen tellen niet mee in de"
    " formatie.",
    "N-102": "Voor sector {sector} is er geen regel van leerlingen naar fte. Vestiging {location} heeft daarom geen formatie.",
    "N-103": "Vakcode {subject_code} uit de examenbestanden hoort nog bij geen vak. Deze examens tellen niet mee in de verdeling.",
}


def forecast_need(
    *,
    learner_draws: LearnerDraws,
    location_codes: Collection[str] | None = None,
    rules: Rules | None = None,
    inputs: NeedInputs | None = None,
    seed: int,
    progress: Progress | None = None,
) -> NeedForecast:
    """Plan the need of drawn learners; `summary` and `changes` of the result compute rows per scope.

    Args:
        learner_draws: drawn learners; put the counted base year before them with `with_first_year`.
        location_codes: locations whose own exam counts and profiles are read (None: all of the draws); the nation's
            count for all.
        rules: other rules than those in force on 1 October of the first year of the draws.
        inputs: what `read_inputs` gave, where many blocks share it; `location_codes` and `rules` are then not used.
        seed: seed of the run.
        progress: called with (share done, text).
    """
    if progress:
        progress(0.0, "formatie: regels en examens lezen")
    codes = set(learner_draws.location_codes.tolist()) if location_codes is None else location_codes
    used = inputs or read_inputs(codes, on=date(int(learner_draws.years[0]), *BASE_DAY), rules=rules)
    learners = replace(learner_draws, levels=_told_levels(learner_draws, used.rules.sector_of_location))
    forecast = plan_need(learners, table=lesson_table(), rule_for=used.rules.rule_for, splits=used.splits, seed=seed)
    return replace(forecast, findings=(*forecast.findings, *used.findings))


def _told_levels(learners: LearnerDraws, sector_of_location: Mapping[str, str]) -> Texts:
    """Return the levels; where the file does not tell it, the sector says of which levels it is the middle."""
    pairs = zip(learners.location_codes.tolist(), learners.levels.tolist(), strict=True)
    told = [
        f"{level}_{sector_of_location.get(code)}"
        if level == Level.ALL and sector_of_location.get(code, Sector.VO) != Sector.VO
        else level
        for code, level in pairs
    ]
    return np.array(told, dtype=np.str_)


def need_facts(forecast: NeedForecast) -> dict[str, Any]:
    """Return what a page says beside the need: per sector how much is assumption and how much rests on own figures."""
    return {
        "formatie": {
            sector: {
                "aanname_share": round(forecast.assumption_share(sector), 4),
                "own_split_share": round(forecast.own_split_share(sector), 4),
                "shipped_rule": _rule_facts(shipped_rules()[sector]),
            }
            for sector in forecast.sectors
        },
        "formatie_findings": [
            {"code": finding.code, "text": FINDING_TEXTS[finding.code].format(**finding.arguments)}
            for finding in forecast.findings
        ],
    }


def _rule_facts(rule: NeedRule) -> dict[str, Any]:
    return {
        "learners_per_fte": rule.learners_per_fte,
        "low": rule.learners_per_fte_low,
        "high": rule.learners_per_fte_high,
        "base_fte": rule.base_fte,
        "source": rule.source,
    }


def subjects() -> dict[str, str]:
    """Return position code → `vak:SPECIALISM` for vo, so that a subject over both grades gets figures of its own."""
    return {
        position.code: f"{SUBJECT_PREFIX}{position.specialism}"
        for position in catalogue().positions()
        if position.sector == Sector.VO and not position.is_vmbo_profile
    }


def sync_positions() -> int:
    """Make the table of positions equal to the shipped list; positions that went stay, rows may point at them."""
    rows = [
        Position(
            code=position.code,
            sector=position.sector,
            function_group=FunctionGroup.TEACHER,
            specialism=position.specialism,
            is_vmbo_profile=position.is_vmbo_profile,
            grade=position.grade,
            name=position.name,
        )
        for position in catalogue().positions()
    ]
    fields = ["sector", "function_group", "specialism", "is_vmbo_profile", "grade", "name"]
    Position.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    return len(rows)

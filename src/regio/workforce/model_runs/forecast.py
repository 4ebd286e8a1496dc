"""One forecast of one region: counted and drawn learners, exam candidates, need and staff, per scope, as rows to keep.

1. The locations of the region are the cells; board, school and region are sums of them, per draw.
2. Learners are drawn per sector; a sector without counts gives no rows (*nog geen cijfers*).
3. The need is computed from the same draws, so learners and need of a draw belong together; staff is simulated on it.
4. Nothing is saved here.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import numpy as np

from regio.regions.enums import Sector
from regio.regions.models import SchoolLocation
from regio.workforce.enums import Level, Measure, ScopeKind
from regio.workforce.errors import NoFigures
from regio_engine.bands import spread_of
from regio_engine.pupils.summaries import sum_draws
from regio_engine.staff.need_forecast import NeedForecast
from regio_engine.staff.need_rows import change_rows, need_rows, with_sums

from . import need, pupils
from .exams import forecast_exam_sums
from .history import Counted, counted_candidates, counted_learners
from .need_inputs import Rules, read_rules
from .rows import ForecastResult, Row, value_row
from .scopes import Scopes, scopes_of
from .staff import with_staff

Advance = Callable[[float, float, str], None]

EXAM_YEARS = 3  # further ahead the pupil file has no class yet
SMALL_SCOPES = (ScopeKind.SCHOOL, ScopeKind.LOCATION)
FIRST_NAMED_YEAR = 5  # pages name no change of the need of a small scope before that: a third fewer rows


def compute_forecast(
    *, region_key: str, years: int, draws: int, seed: int, settings: Mapping[str, Any], progress: Advance,
    rules_known_at: datetime | None = None,
) -> ForecastResult:  # fmt: skip
    """Return the forecast of a region.

    Args:
        region_key: such as `rpa:03`.
        years: years after the newest count.
        draws: number of draws.
        seed: seed of the run.
        settings: what the user changed; `national_factors` is {year: factor} or {year: {type: factor}}; `published_weight`
            (0-1) sets how far a loaded published forecast is followed.
        progress: called with (done, total, text); may raise to stop the work.
        rules_known_at: leaves out rules that were told after that moment, to say what these changed.

    Raises:
        UnknownRegion: the region has no locations.
        NoFigures: no sector of the region has counts.
    """
    need.sync_positions()
    scopes = scopes_of(region_key)
    result = ForecastResult(facts={"leerlingen": {}, "formatie": {}})
    factors = pupils.national_factors_from(settings)
    sectors = list(Sector.values)
    for number, sector in enumerate(sectors):

        def advance(share: float, text: str, number: int = number) -> None:
            progress(number + share, len(sectors) + 1, text)

        _add_sector(
            result, sector=sector, scopes=scopes, years=years, draws=draws, seed=seed, factors=factors, advance=advance,
            rules_known_at=rules_known_at, published_weight=settings.get("published_weight"),
        )  # fmt: skip
    if not result.rows:
        raise NoFigures("deze regio")
    _add_exams(
        result, scopes, years=min(years, EXAM_YEARS), draws=draws, seed=seed,
        advance=lambda share, text: progress(len(sectors) + share, len(sectors) + 1, text),
    )  # fmt: skip
    progress(1, 1, "klaar")
    return result


def _add_sector(
    result: ForecastResult, *, sector: str, scopes: Scopes, years: int, draws: int, seed: int,
    factors: pupils.NationalFactors, advance: Callable[[float, str], None], rules_known_at: datetime | None,
    published_weight: float | None,
) -> None:  # fmt: skip
    codes = list(scopes[ScopeKind.LOCATION])
    try:
        learners = pupils.forecast_pupils(
            sector=sector, location_codes=codes, years=years, draws=draws, seed=seed, national_factors=factors,
            progress=lambda share, text: advance(0.5 * share, text), published_weight=published_weight,
        )  # fmt: skip
    except pupils.NoCounts:
        return
    counted = counted_learners(sector, codes, before=learners.base_year)
    for kind, scope_of in scopes.items():
        result.rows += _counted_rows(counted, kind, scope_of, sector, Measure.LEARNERS)
        result.rows += _drawn_rows(learners, kind, scope_of)
    counted_on = date(learners.base_year, 10, 1)
    _add_need(
        result, learners, scopes, seed=seed, advance=lambda share, text: advance(0.5 + 0.5 * share, text),
        rules=read_rules(counted_on, known_at=rules_known_at),
    )  # fmt: skip
    result.base_date = max(result.base_date or counted_on, counted_on)
    result.facts["leerlingen"][sector] = dict(learners.facts)


def _add_need(
    result: ForecastResult, learners: pupils.PupilForecast, scopes: Scopes, *, seed: int,
    advance: Callable[[float, str], None], rules: Rules,
) -> None:  # fmt: skip
    """Add need, and staff and shortage where these are loaded."""
    drawn = learners.learner_draws.with_first_year(learners.base_year, learners.base)
    by_rule = need.forecast_need(learner_draws=drawn, location_codes=list(learners.places), rules=rules, seed=seed)
    forecast = with_staff(
        result, by_rule, sector=learners.sector, base_year=learners.base_year, scopes=scopes, seed=seed,
        advance=lambda share, text: advance(0.6 * share, text),
    )  # fmt: skip
    for number, (kind, scope_of) in enumerate(scopes.items()):
        advance(0.6 + 0.4 * number / len(scopes), f"formatie {learners.sector}")
        since = FIRST_NAMED_YEAR if kind in SMALL_SCOPES else 1
        result.rows += _need_rows(forecast, kind, scope_of, base_year=learners.base_year, since=since)
    for name, per_sector in need.need_facts(forecast).items():
        if isinstance(per_sector, dict):
            result.facts.setdefault(name, {}).update(per_sector)
        else:
            known = result.facts.setdefault(name, [])
            known += [finding for finding in per_sector if finding not in known]


def _need_rows(
    forecast: NeedForecast, kind: str, scope_of: Mapping[str, str], *, base_year: int, since: int
) -> list[Row]:
    """Return the need per scope and position, and its change from the `since`-th year on; drawn once for both."""
    rows, years, subjects = [], forecast.learners.years, need.subjects()
    first = min(base_year + since, years[-1])
    for scope, sector, totals in forecast.totals(scope_of):
        summed = with_sums(totals, subjects)
        changes = change_rows(scope, sector, totals=summed, years=years, base_year=base_year)
        rows += [
            _need_row(kind, Measure.REQUIRED_FTE, row) for row in need_rows(scope, sector, totals=summed, years=years)
        ]
        rows += [_need_row(kind, Measure.REQUIRED_FTE_CHANGE, row) for row in changes if row.year >= first]
    return rows


def _add_exams(
    result: ForecastResult, scopes: Scopes, *, years: int, draws: int, seed: int, advance: Callable[[float, str], None]
) -> None:
    """Add exam candidates; count_year is the year in which the school year ends.

    The facts name the locations without candidates in the newest year, whose figures come from their classes alone.
    """
    counted = counted_candidates(scopes[ScopeKind.LOCATION])
    if not counted:
        return
    base_year = max(year for _, _, year in counted)
    result.facts["examens"] = {"base_year": base_year}
    for kind, scope_of in scopes.items():
        result.rows += _counted_rows(counted, kind, scope_of, Sector.VO, Measure.EXAM_CANDIDATES)
    groups: dict[str, dict[str, None]] = {}
    seen = {
        (f"{kind}|{scope_of[code]}", exam)
        for kind, scope_of in scopes.items()
        for code, exam, _ in counted
        if code in scope_of
    }
    of_vo = set(SchoolLocation.objects.filter(sector=Sector.VO).values_list("code", flat=True))
    for kind, scope_of in scopes.items():
        for code in sorted(of_vo & set(scope_of)):
            groups.setdefault(f"{kind}|{scope_of[code]}", {})[code] = None
    rows = forecast_exam_sums(
        groups,
        years=years,
        draws=draws,
        seed=seed,
        progress=lambda done, total: advance(done / total, "examenkandidaten"),
    )
    begun = {code for row in rows for code in row.begun}
    result.facts["examens"]["from_classes"] = sorted(begun - {code for code, _, year in counted if year == base_year})
    for row in rows:
        if row.begun or (row.location, row.exam_type) in seen:
            kind, _, scope = row.location.partition("|")
            numbers = (row.mean, row.p10, row.p50, row.p90)
            result.rows.append(
                value_row(kind, scope, Measure.EXAM_CANDIDATES, Sector.VO, row.exam_type, row.school_year + 1, *numbers)
            )


def _counted_rows(counted: Counted, kind: str, scope_of: Mapping[str, str], sector: str, measure: str) -> list[Row]:
    sums: dict[tuple[str, str, int], int] = {}
    for (code, item, year), number in counted.items():
        if code in scope_of:
            key = (scope_of[code], item, year)
            sums[key] = sums.get(key, 0) + number
    return [
        value_row(kind, scope, measure, sector, item, year, *[float(number)] * 4)
        for (scope, item, year), number in sorted(sums.items())
    ]


def _drawn_rows(learners: pupils.PupilForecast, kind: str, scope_of: Mapping[str, str]) -> list[Row]:
    """Return the drawn learners per scope and level, and their total per scope."""
    draws, labels = learners.draws, learners.learner_draws
    scope = np.array([scope_of.get(str(code), "") for code in labels.location_codes])
    kept = scope != ""
    rows = []
    per_level = [f"{one}|{level}" for one, level in zip(scope[kept], labels.levels[kept], strict=True)]
    for keys in (per_level, [f"{one}|{Level.ALL}" for one in scope[kept]]):
        names, summed = sum_draws(draws[kept], keys)
        spread = spread_of(summed)
        for g, name in enumerate(names):
            code, _, level = name.rpartition("|")
            for y, year in enumerate(learners.years):
                rows.append(
                    value_row(kind, code, Measure.LEARNERS, learners.sector, level, year,
                         round(float(spread.mean[g, y]), 2), float(spread.p10[g, y]), float(spread.p50[g, y]),
                         float(spread.p90[g, y]))
                )  # fmt: skip
    return rows


def _need_row(kind: str, measure: str, row: Any) -> Row:
    return value_row(kind, row.scope, measure, row.sector, row.position, row.year, row.mean, row.p10, row.p50, row.p90)

"""Staff and shortage of any selection as plain tables, for the command line: the same figures as on the pages.

`region,board,position,measure,count_year,p10,p50,mean,p90`. Staff moves between the schools of a region, so a figure
always comes from the run of a whole region: a board or location is looked up in the run of its own region (RPA).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from regio.regions.models import SchoolLocation
from regio.workforce.enums import Measure, ScopeKind
from regio.workforce.errors import NoStaff

from . import need, pupils
from .rows import ForecastResult, Row
from .scopes import scopes_of
from .staff import Advance, with_staff

MEASURES: Mapping[str, tuple[Measure, ...]] = {
    "staff": (Measure.STAFFED_FTE, Measure.QUALIFIED_FTE, Measure.SURPLUS_FTE),
    "shortage": (Measure.SHORTAGE_FTE, Measure.UNFILLED_FTE, Measure.HIDDEN_FTE, Measure.SURPLUS_FTE),
}
GRAINS = {
    "region": ScopeKind.REGION, "board": ScopeKind.BOARD, "school": ScopeKind.SCHOOL, "location": ScopeKind.LOCATION,
}  # fmt: skip


def staff_rows(
    *, what: str, selection: tuple[str, str], sector: str, by: str, years: int, draws: int, seed: int, progress: Advance
) -> tuple[list[Row], list[str]]:
    """Return rows and what to know beside them.

    Args:
        what: "staff" or "shortage".
        selection: ("region", key), ("board", code), ("location", code) or ("all", "").
        sector: po, so, vo or mbo.
        by: "region", "board", "school" or "location".
        years, draws, seed: of the run. progress: called with (share done, text); may raise to stop.

    Raises:
        UnknownRegion: the region has no locations.
        NoStaff: no board of the selection has loaded staff, or only made-up staff where the grain is finer than may show.
        pupils.NoCounts: no counts of the sector are loaded.
    """
    kind, key = selection
    regions, notes = _regions(selection, sector)
    wanted = {key.lstrip("0"), key.upper()} if kind in ("board", "location") else None
    rows: list[Row] = []
    for number, region in enumerate(regions):

        def advance(share: float, text: str, number: int = number) -> None:
            progress((number + share) / len(regions), text)

        result = staff_of_region(region, sector=sector, years=years, draws=draws, seed=seed, advance=advance)
        rows += _chosen(result, region, what=what, by=by, wanted=wanted)
        notes += _notes(result, region, sector)
    if not rows:
        raise NoStaff(_name(selection))
    return rows, notes


def staff_of_region(
    region_key: str, *, sector: str, years: int, draws: int, seed: int, advance: Advance
) -> ForecastResult:
    """Return what a forecast of the region finds of the staff of one sector; the same rows as in a whole run."""
    scopes = scopes_of(region_key)
    learners = pupils.forecast_pupils(
        sector=sector, location_codes=list(scopes[ScopeKind.LOCATION]), years=years, draws=draws, seed=seed,
        progress=lambda share, text: advance(0.5 * share, text),
    )  # fmt: skip
    drawn = learners.learner_draws.with_first_year(learners.base_year, learners.base)
    by_rule = need.forecast_need(learner_draws=drawn, location_codes=list(learners.places), seed=seed)
    result = ForecastResult()
    with_staff(
        result, by_rule, sector=sector, base_year=learners.base_year, scopes=scopes, seed=seed,
        advance=lambda share, text: advance(0.5 + 0.5 * share, text),
    )  # fmt: skip
    return result


def _regions(selection: tuple[str, str], sector: str) -> tuple[list[str], list[str]]:
    """Return the regions to run, and a note where a board has locations in several."""
    kind, key = selection
    if kind == "region":
        return [key], []
    locations = SchoolLocation.objects.filter(sector=sector, in_register=True).exclude(municipality=None)
    if kind == "board":
        locations = locations.filter(board_id=key.lstrip("0"))
    elif kind == "location":
        locations = locations.filter(code=key.upper())
    sizes = Counter(f"rpa:{code}" for code in locations.values_list("municipality__rpa_code", flat=True) if code)
    if not sizes:
        raise NoStaff(_name(selection))
    if kind == "all":
        return sorted(sizes), []
    first, *others = [region for region, _ in sizes.most_common()]
    ask = ", ".join(others)
    return [first], [
        f"Dit is het deel in {first}. Er zijn ook vestigingen in {ask}: vraag die op met --region."
    ] if others else []


def _chosen(result: ForecastResult, region: str, *, what: str, by: str, wanted: set[str] | None) -> Iterator[Row]:
    for row in result.rows:
        fits = row["scope_kind"] == GRAINS[by] and row["measure"] in MEASURES[what]
        if fits and (wanted is None or row["scope_code"] in wanted):
            names = {"region": region} | ({} if by == "region" else {by: row["scope_code"]})
            numbers = {name: row[name] for name in ("count_year", "p10", "p50", "mean", "p90")}
            yield names | {"position": row["item"], "measure": row["measure"]} | numbers


def _notes(result: ForecastResult, region: str, sector: str) -> list[str]:
    facts: dict[str, Any] = result.facts.get("bezetting", {}).get(sector, {})
    origins = Counter(facts.get("besturen", {}).values())
    without = origins.pop("geen", 0)
    if not origins:
        return [f"{region}: van geen bestuur is de bezetting geladen."]
    missing = f"{region}: bezetting niet geladen van {without} van {without + sum(origins.values())} besturen"
    return [f"{missing}; geladen is {facts['geladen_formatie_share']:.0%} van de formatie."] if without else []


def _name(selection: tuple[str, str]) -> str:
    words = {"region": "regio", "board": "bestuur", "location": "vestiging", "all": "Nederland"}
    return f"{words[selection[0]]} {selection[1]}".strip()

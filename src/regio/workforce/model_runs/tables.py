"""Forecasts of any selection as plain tables, for the command line: the same figures as on the pages.

`location,count_year,p10,p50,mean,p90` for learners; `location,type,school_year,…` for exams; `location,position,…` for
need by the rule; staff and shortage as in `staff_tables`. With another grain the first column is named after it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from regio.regions.enums import Sector
from regio.regions.errors import UnknownRegion
from regio.regions.models import SchoolLocation
from regio.regions.queries import locations_in
from regio.workforce.errors import NoFigures

from . import need, pupils
from .exams import forecast_exam_sums, forecast_exams
from .staff_tables import MEASURES, staff_rows

Advance = Callable[[float, str], None]
QUANTITIES = ("p10", "p50", "mean", "p90")
EVERYTHING = "nederland"
KINDS = {"region": "regio", "board": "bestuur", "location": "vestiging", "all": "heel Nederland"}


class Table(NamedTuple):
    """Rows with the order of their columns, and what to know beside them."""

    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    notes: tuple[str, ...] = ()


def forecast_table(
    *, what: str, selection: tuple[str, str], sector: str, by: str, years: int, draws: int, seed: int, progress: Advance,
    published_weight: float | None = None,
) -> Table:  # fmt: skip
    """Return the forecast of a selection.

    Args:
        what: "pupils", "exams", "need", "staff" or "shortage".
        selection: ("region", key), ("board", code), ("location", code) or ("all", "").
        sector: po, so, vo or mbo; exams are vo.
        by: "location", "school", "board", "region" (the whole selection) or "level" (learners only).
        years: years ahead. draws, seed: of the run. progress: called with (share done, text); may raise to stop.
        published_weight: how far a loaded published forecast of learners is followed [0-1]; None goes by past skill.

    Raises:
        UnknownRegion, NoFigures, NoStaff: nothing to forecast.
    """
    codes, groups = _groups(selection, by)
    notes: list[str] = []
    arguments: dict[str, Any] = {"years": years, "draws": draws, "seed": seed}
    of_pupils = arguments | {"published_weight": published_weight}
    try:
        if what == "pupils":
            rows = _pupil_rows(sector, codes, groups, by, progress, of_pupils, notes)
        elif what == "exams":
            rows = _exam_rows(codes, groups, by, progress, arguments, notes)
        elif what in MEASURES:
            rows, notes = staff_rows(
                what=what, selection=selection, sector=sector, by=by, progress=progress, **arguments
            )
        else:
            rows = _need_rows(sector, codes, groups, by, progress, of_pupils)
    except pupils.NoCounts as error:
        raise NoFigures(_in_words(selection, sector)) from error
    if not rows:
        raise NoFigures(_in_words(selection, sector))
    return Table(tuple(rows[0]), rows, tuple(notes))


def _in_words(selection: tuple[str, str], sector: str) -> str:
    kind, key = selection
    return f"{KINDS[kind]} {key}".strip() + f" ({Sector(sector).label})"


def _groups(selection: tuple[str, str], by: str) -> tuple[list[str] | None, dict[str, str]]:
    """Return the location codes (None: all) and the group of each location."""
    kind, key = selection
    locations = SchoolLocation.objects.all()
    if kind == "region":
        locations = locations_in(key)
    elif kind == "board":
        locations = locations.filter(board_id=key.lstrip("0"))
    elif kind == "location":
        locations = locations.filter(code=key.upper())
    rows = list(locations.values_list("code", "school_id", "board_id"))
    if not rows:
        raise UnknownRegion(key) if kind == "region" else NoFigures(f"{KINDS[kind]} {key}".strip())
    whole = key or EVERYTHING
    place = {"location": 0, "school": 1, "board": 2}
    groups = {row[0]: (row[place[by]] or "onbekend") if by in place else whole for row in rows}
    return (None if kind == "all" else list(groups)), groups


def _pupil_rows(
    sector: str, codes: list[str] | None, groups: dict[str, str], by: str, progress: Advance, arguments: dict[str, Any],
    notes: list[str],
) -> list[dict[str, Any]]:  # fmt: skip
    if by != "level" and codes is None:
        own = "total" if by == "region" else by
        found = pupils.summarise_all(sector=sector, by=own, progress=progress, **arguments)
    else:
        forecast = pupils.forecast_pupils(sector=sector, location_codes=codes, progress=progress, **arguments)
        found = pupils.summarise(
            forecast, by=by if by == "level" else "location", keys=None if by == "level" else groups
        )
        notes += [told["words"]] if (told := forecast.facts.get("published")) else []
    return [
        {by: name, "count_year": year, "p10": p10, "p50": p50, "mean": round(mean, 2), "p90": p90}
        for name, year, p10, p50, mean, p90 in found
    ]


def _exam_rows(
    codes: list[str] | None, groups: dict[str, str], by: str, progress: Advance, arguments: dict[str, Any],
    notes: list[str],
) -> list[dict[str, Any]]:  # fmt: skip
    def advance(done: int, total: int) -> None:
        progress(done / total, f"examenkandidaten: {done} van {total}")

    if by == "location":
        found = forecast_exams(codes, progress=advance, **arguments)
    else:
        members: dict[str, list[str]] = {}
        for code, group in groups.items():
            members.setdefault(group, []).append(code)
        found = forecast_exam_sums(members, progress=advance, **arguments)
    begun = {(code, row.exam_type) for row in found for code in row.begun}
    if begun:
        notes.append(
            f"Vestiging en soort zonder kandidaten in het laatste examenjaar, geraamd uit alleen de klassen: {len(begun)}."
        )
    return [
        {
            by: row.location, "type": row.exam_type, "school_year": f"{row.school_year}-{row.school_year + 1}",
            "p10": row.p10, "p50": row.p50, "mean": row.mean, "p90": row.p90,
        }
        for row in found
    ]  # fmt: skip


def _need_rows(
    sector: str, codes: list[str] | None, groups: dict[str, str], by: str, progress: Advance, arguments: dict[str, Any]
) -> list[dict[str, Any]]:
    from regio_engine.staff.need_forecast import summarise_blocks

    def blocks() -> Iterator[Any]:
        inputs = None
        for part in pupils.iterate_pupils(sector=sector, location_codes=codes, progress=progress, **arguments):
            inputs = inputs or need.read_inputs(list(groups), on=date(part.base_year, *need.BASE_DAY))
            drawn = part.learner_draws.with_first_year(part.base_year, part.base)
            yield need.forecast_need(learner_draws=drawn, inputs=inputs, seed=arguments["seed"])

    return [
        {
            by: row.scope, "position": row.position, "count_year": row.year,
            "p10": row.p10, "p50": row.p50, "mean": row.mean, "p90": row.p90,
        }
        for row in summarise_blocks(blocks(), groups)
    ]  # fmt: skip

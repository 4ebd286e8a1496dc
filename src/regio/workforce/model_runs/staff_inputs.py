"""The staff of a region and sector, read from the tables and laid out as the arrays of one simulation.

    prepared = staff_context(sector="vo", location_codes=codes, need=forecast, base_year=2025, seed=seed)
    prepared.context          # StaffContext for `regio_engine.staff`
    prepared.origins          # board → StaffOrigin, of every board that was asked about
    prepared.facts            # year of the counts, what was left out, which part is own

`need` is the `NeedForecast` of the same locations with the counted base year first. Own staff comes before public
counts; a board without either is left out and stays in `origins` as *niet geladen*. None when no board has staff.
`read_staff` gives what is loaded, without a forecast.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from regio.regions.models import Postcode, SchoolLocation
from regio.regions.queries import locations_in
from regio.workforce.enums import StaffOrigin
from regio.workforce.staff_loaded import staff_origins
from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.context import RegionStaff, build_context
from regio_engine.staff.context_places import Place
from regio_engine.staff.context_positions import specialism_of
from regio_engine.staff.contract import ALL_MECHANISMS, StaffContext
from regio_engine.staff.need_forecast import NeedForecast
from regio_engine.staff.several_jobs import SeveralJobs, several_jobs
from regio_engine.staff.synthetic import POPULATIONS
from regio_engine.units import MilliFte

from .need_inputs import catalogue
from .staff_leaving import own_leaving, own_share_of_leaving
from .staff_own import OwnRow, own_measurements, own_staff
from .staff_parameters import staff_parameters
from .staff_public import PublicStaff, public_staff
from .staff_surroundings import enrolments, region_label

__all__ = ["PreparedStaff", "StaffInputs", "need_array", "parameters", "read_staff", "staff_context"]


@dataclass(frozen=True)
class PreparedStaff:
    """A context with what belongs beside it.

    Attributes:
        sector: po, so, vo or mbo.
        context: what is simulated.
        boards: board of each place.
        origins: board → what its staff rests on, of every board asked about.
        group_of: position code → group of subjects.
        scale_names: name of each salary scale by its index.
        several_jobs: people of own files with more than one employment.
        facts: year of the counts, what was left out, which part is own.
    """

    sector: str
    context: StaffContext
    boards: tuple[str, ...]
    origins: Mapping[str, StaffOrigin]
    group_of: Mapping[str, str]
    scale_names: tuple[str, ...]
    several_jobs: tuple[SeveralJobs, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StaffInputs:
    """What is loaded of the staff of some locations in one sector.

    Attributes:
        region: what a simulation begins with; None when no board has staff.
        origins: board → what its staff rests on, of every board with a location asked about.
        facts: year of the counts, what was left out, which part is own.
    """

    region: RegionStaff | None
    origins: Mapping[str, StaffOrigin]
    facts: Mapping[str, Any] = field(default_factory=dict)


def staff_context(
    *, sector: str, location_codes: Collection[str], need: NeedForecast, base_year: int, seed: int, region_key: str = "",
    populations: int = POPULATIONS, mechanisms: int = ALL_MECHANISMS,
) -> PreparedStaff | None:  # fmt: skip
    """Return the context of a sector of a region, None where no board has staff.

    Args:
        sector: po, so, vo or mbo.
        location_codes: locations of the region, of any sector.
        need: need of these locations, the base year first.
        base_year: calendar year of the counted learners; staff of another year counts as staff of this one.
        seed: seed of the run.
        region_key: region whose measured shortage counts; empty: that of the places with staff.
        populations: how many made-up populations the draws take turns in.
        mechanisms: bits of `Mechanism`.
    """
    found = read_staff(sector=sector, location_codes=location_codes, base_year=base_year, region_key=region_key)
    if found.region is None:
        return None
    region, figures = found.region, staff_parameters()
    index_of = {place.code: number for number, place in enumerate(region.places)}
    context = build_context(
        region, need_milli=need_array(need, sector, index_of, region.positions), parameters=figures, seed=seed,
        populations=populations, mechanisms=mechanisms,
    )  # fmt: skip
    return PreparedStaff(
        sector=sector,
        context=context,
        boards=tuple(place.board for place in region.places),
        origins=found.origins,
        group_of={code: figures.group_of(specialism_of(code)) for code in region.positions},
        scale_names=tuple(figures.table(sector, "scale_shares").rows),
        several_jobs=several_jobs(region.own),
        facts={**found.facts, "populations": populations},
    )


def need_array(need: NeedForecast, sector: str, index_of: Mapping[str, int], positions: Sequence[str]) -> MilliFte:
    """Return the need by the forecast per cell (place × positions + position), year and draw [thousandths of fte]."""
    years, draws = len(need.learners.years), need.learners.draws
    found = np.zeros((len(index_of), len(positions), years, draws), np.int32)
    column = {code: number for number, code in enumerate(positions)}
    for plan in need.plans:
        if plan.sector == sector and plan.location_code in index_of:
            found[index_of[plan.location_code], [column[code] for code in plan.positions]] = need.of_location(plan)
    return found.reshape(-1, years, draws)


def parameters() -> StaffParameters:
    """Return every figure of the staff model."""
    return staff_parameters()


def read_staff(*, sector: str, location_codes: Collection[str], base_year: int, region_key: str = "") -> StaffInputs:
    """Return what is loaded of the staff at these locations.

    Args:
        sector: po, so, vo or mbo.
        location_codes: locations of the region, of any sector.
        base_year: calendar year of the counted learners; staff of another year counts as staff of this one.
        region_key: see `staff_context`.
    """
    places = _places(sector, location_codes)
    origins = staff_origins(sector, {place.board for place in places if place.board})
    facts: dict[str, Any] = {}

    def of(origin: StaffOrigin) -> list[Place]:
        return [place for place in places if origins.get(place.board) == origin]

    public = public_staff(sector, of(StaffOrigin.PUBLIC), staff_parameters(), facts)
    own = own_staff(sector, of(StaffOrigin.OWN), base_year, facts)
    held = {row.place for row in own} | {row.place for row in public.rows}
    staffed = [place for place in places if place.code in held]
    if not staffed:
        return StaffInputs(None, origins, facts)
    measured = locations_in(region_key).values_list("code", flat=True) if region_key else [p.code for p in staffed]
    label = region_label(sector, measured, staff_parameters())
    leaving = own_leaving(sector, {row.board for row in of(StaffOrigin.OWN)}, facts)
    share = own_share_of_leaving(leaving, staff_parameters(), sector=sector, base_year=base_year)
    facts["eigen_deel_vertrek"] = share
    region = replace(_region(sector, base_year, staffed, own=own, public=public, label=label), own_leaving=leaving)
    return StaffInputs(region, origins, {**facts, **_shares(region, own)})


def _region(
    sector: str, base_year: int, places: Sequence[Place], *, own: Sequence[OwnRow], public: PublicStaff, label: str
) -> RegionStaff:
    positions = tuple(position.code for position in catalogue().positions() if position.sector == sector)
    index_of = {place.code: number for number, place in enumerate(places)}
    scales = tuple(staff_parameters().table(sector, "scale_shares").rows)
    return RegionStaff(
        sector=sector,
        base_year=base_year,
        places=tuple(places),
        positions=positions,
        own=tuple(row.engine(index_of, positions, scales) for row in own),
        schools=public.schools,
        cells=public.cells(index_of, positions),
        measurements=own_measurements(places, positions),
        region_label=label,
        enrolments=enrolments(),
    )


def _places(sector: str, location_codes: Collection[str]) -> list[Place]:
    """Return the locations by code; one without coordinates stands in the middle of its postcode area."""
    rows = SchoolLocation.objects.filter(code__in=list(location_codes), sector=sector).order_by("code")
    found = list(rows.values_list("code", "board_id", "school_id", "lat", "lon", "postcode"))
    areas = Postcode.objects.filter(pc4__in={row[5][:4] for row in found})
    centres = {pc4: (lat, lon) for pc4, lat, lon in areas.values_list("pc4", "lat", "lon")}
    places = []
    for code, board, school, lat, lon, postcode in found:
        at = (lat, lon) if lat is not None and lon is not None else centres.get(postcode[:4], (None, None))
        places.append(Place(code, board or "", school, *at))
    return places


def _shares(region: RegionStaff, own: Sequence[OwnRow]) -> dict[str, Any]:
    own_milli, public_milli = sum(row.milli_fte for row in own), sum(cell.milli_fte for cell in region.cells)
    return {
        "fte": round((own_milli + public_milli) / 1000, 1),
        "own_share": round(own_milli / (own_milli + public_milli), 4),
        "eigen_metingen": len(region.measurements),
        "gemeten_regio": region.region_label,
        "opleidingen_geladen": region.enrolments.is_loaded,
    }

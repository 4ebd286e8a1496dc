"""The staff of a region and sector, read from the tables as what one simulation begins with.

    found = read_staff(sector="vo", location_codes=codes, base_year=2025)
    found.origins             # board → StaffOrigin, of every board that was asked about
    found.region              # RegionStaff for `regio_engine.staff.context.build_context`; None when no board has staff
    found.facts               # year of the counts, what was left out, which part is own

Own staff comes before public counts; a board without either is left out of the region and stays in `origins` as *niet
geladen*. Nothing here depends on the forecast of learners.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from regio.regions.models import Postcode, SchoolLocation
from regio.workforce.enums import StaffOrigin
from regio.workforce.staff_loaded import staff_origins
from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.context import RegionStaff
from regio_engine.staff.context_places import Place

from .need_inputs import catalogue
from .staff_own import OwnRow, own_measurements, own_staff
from .staff_parameters import staff_parameters
from .staff_public import PublicStaff, public_staff
from .staff_surroundings import enrolments, region_label

__all__ = ["StaffInputs", "parameters", "read_staff"]


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


def parameters() -> StaffParameters:
    """Return every figure of the staff model."""
    return staff_parameters()


def read_staff(*, sector: str, location_codes: Collection[str], base_year: int) -> StaffInputs:
    """Return what is loaded of the staff at these locations.

    Args:
        sector: po, so, vo or mbo.
        location_codes: locations of the region, of any sector.
        base_year: calendar year of the counted learners; staff of another year counts as staff of this one.
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
    label = region_label(sector, [place.code for place in staffed], staff_parameters())
    region = _region(sector, base_year, staffed, own=own, public=public, label=label)
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

"""What is read about regions: their name, their locations, and the lists people choose from.

A region key is a kind and a code (`rpa:03`, `gemeente:9001`, `set:kust`). A preset region follows the municipality of
a location; an own region is a list of locations.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from .enums import AreaKind
from .models import Area, Municipality, Region, SchoolLocation

OWN_SET = "set"
OWN_SET_LABEL = "eigen regio"
# How a municipality names the areas it belongs to; a location finds its area through its municipality.
AREA_FIELD = {
    AreaKind.RPA: "rpa_code",
    AreaKind.RMC: "rmc_code",
    AreaKind.COROP: "corop_code",
    AreaKind.PROVINCIE: "province_code",
    AreaKind.GEMEENTE: "code",
}


@dataclass(frozen=True)
class RegionChoice:
    """One region to choose: its key, its name, what kind it is, and how many registered locations it has."""

    key: str
    name: str
    kind: str
    kind_label: str
    locations: int = 0


def region_by_key(key: str) -> RegionChoice | None:
    """Return the region of a key, or None when there is no such region."""
    kind, _, code = key.partition(":")
    if kind == OWN_SET:
        name = Region.objects.filter(code=code).values_list("name", flat=True).first()
        return RegionChoice(key, name, kind, OWN_SET_LABEL) if name is not None else None
    if kind not in AreaKind:
        return None
    if kind == AreaKind.GEMEENTE:
        name = Municipality.objects.filter(code=code).values_list("name", flat=True).first()
    else:
        name = Area.objects.filter(kind=kind, code=code).values_list("name", flat=True).first()
    return RegionChoice(key, name, kind, AreaKind(kind).label) if name is not None else None


def locations_in(key: str) -> QuerySet[SchoolLocation]:
    """Return all locations of a region, closed ones included; none for an unknown key."""
    kind, _, code = key.partition(":")
    if kind == OWN_SET:
        return SchoolLocation.objects.filter(regions__code=code)
    if kind in AreaKind and code:
        return SchoolLocation.objects.filter(**{f"municipality__{AREA_FIELD[AreaKind(kind)]}": code})
    return SchoolLocation.objects.none()


def sectors_in(region_key: str) -> dict[str, tuple[int, int]]:
    """Return sector -> (registered locations, boards) of a region."""
    found = locations_in(region_key).filter(in_register=True).values_list("sector")
    rows = found.annotate(places=Count("pk", distinct=True), boards=Count("board", distinct=True))
    return {sector: (places, boards) for sector, places, boards in rows}


def own_regions() -> list[RegionChoice]:
    """Return the regions people made themselves, by name, with the number of locations in each."""
    rows = Region.objects.annotate(number=Count("locations")).order_by("name")
    return [RegionChoice(row.key, row.name, OWN_SET, OWN_SET_LABEL, row.number) for row in rows]


def preset_regions() -> dict[AreaKind, list[RegionChoice]]:
    """Return all preset regions per kind by name, with the number of registered locations in each."""
    names: dict[AreaKind, dict[str, str]] = {kind: {} for kind in AreaKind}
    for kind, code, name in Area.objects.order_by("name").values_list("kind", "code", "name"):
        names[AreaKind(kind)][code] = name
    counts, names[AreaKind.GEMEENTE] = _locations_per_area()
    return {
        kind: [
            RegionChoice(f"{kind}:{code}", name, kind, kind.label, counts[kind][code]) for code, name in rows.items()
        ]
        for kind, rows in names.items()
    }


def _locations_per_area() -> tuple[dict[AreaKind, Counter[str]], dict[str, str]]:
    """Return kind -> code -> number of registered locations, and the names of today's municipalities."""
    rows = Municipality.objects.order_by("name").annotate(
        number=Count("locations", filter=Q(locations__in_register=True))
    )
    counts: dict[AreaKind, Counter[str]] = {kind: Counter() for kind in AreaKind}
    for row in rows:
        for kind, field in AREA_FIELD.items():
            counts[kind][getattr(row, field)] += row.number
    return counts, {row.code: row.name for row in rows if row.successor_id is None}


@dataclass(frozen=True)
class Part:
    """A board, school or location inside a region: its code, its name and how many locations it has there."""

    code: str
    name: str
    locations: int
    place: str = ""


def boards_in(key: str, *, sector: str) -> list[Part]:
    """Return the boards with registered locations of one sector in a region, by name."""
    rows = _grouped(locations_in(key).filter(sector=sector), "board__code", "board__name")
    return [Part(code, name or f"Bestuur {code}", number) for code, name, number in rows if code]


def schools_in(key: str, *, sector: str, board: str) -> list[Part]:
    """Return the schools of one board with registered locations of one sector in a region, by name."""
    rows = _grouped(locations_in(key).filter(sector=sector, board_id=board), "school__brin", "school__name")
    return [Part(code, name or code, number) for code, name, number in rows]


def locations_of_school(key: str, *, sector: str, brin: str) -> list[Part]:
    """Return the registered locations of one school in a region, by place and name."""
    found = locations_in(key).filter(sector=sector, school_id=brin, in_register=True).order_by("place", "name", "code")
    return [Part(row.code, str(row), 1, row.place) for row in found]


def _grouped(found: QuerySet[SchoolLocation], code: str, name: str) -> list[tuple[str, str, int]]:
    rows = found.filter(in_register=True).values_list(code, name).annotate(number=Count("pk", distinct=True))
    return list(rows.order_by(name, code))


def search_locations(*, words: str, sector: str, limit: int) -> tuple[list[SchoolLocation], int]:
    """Return registered locations that hold every word in name, place, board, municipality or code, and their number."""
    found = SchoolLocation.objects.filter(in_register=True)
    if sector:
        found = found.filter(sector=sector)
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(place__icontains=word)
            | Q(code__istartswith=word)
            | Q(board__name__icontains=word)
            | Q(municipality__name__iexact=word)
        )
    rows = found.select_related("board", "municipality").order_by("place", "name", "code")
    return list(rows[:limit]), found.count()


def regions_stamp() -> str:
    """Return a text that changes when the list of regions or locations may have changed."""
    newest = SchoolLocation.objects.aggregate(newest=Max("batch_id"))["newest"]
    own = Region.objects.aggregate(newest=Max("pk"), number=Count("pk"))
    return f"{newest}-{own['newest']}-{own['number']}"

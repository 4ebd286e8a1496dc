"""What is read about regions: their name, their locations, and the lists people choose from.

A region key is a kind and a code (`rpa:03`, `gemeente:9001`, `set:kust`). A preset region follows the municipality of
a location; an own region is a list of locations.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from .enums import AreaKind
from .models import Area, Board, LocationLink, Municipality, Region, RegionDraft, SchoolLocation

OWN_SET = "set"
OWN_SET_LABEL = "eigen regio"
BOARD = "bestuur"
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
    province: str = ""  # code, of a municipality only

    @property
    def code(self) -> str:
        """The key without its kind."""
        return self.key.partition(":")[2]


def region_by_key(key: str, *, with_removed: bool = False) -> RegionChoice | None:
    """Return the region of a key, or None when there is no such region.

    Args:
        key: kind, colon, code.
        with_removed: also an own region that was removed (its forecasts stay).
    """
    kind, _, code = key.partition(":")
    if kind == OWN_SET:
        found = Region.objects.filter(code=code) if with_removed else Region.objects.filter(code=code, removed_at=None)
        name = found.values_list("name", flat=True).first()
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
    rows = Region.objects.filter(removed_at=None).annotate(number=Count("locations")).order_by("name")
    return [RegionChoice(row.key, row.name, OWN_SET, OWN_SET_LABEL, row.number) for row in rows]


def removed_region(key: str) -> Region | None:
    """Return the own region of a key when it was removed or changed, with what replaced it; else None."""
    kind, _, code = key.partition(":")
    if kind != OWN_SET:
        return None
    return Region.objects.filter(code=code, removed_at__isnull=False).select_related("replaced_by").first()


def preset_regions() -> dict[AreaKind, list[RegionChoice]]:
    """Return all preset regions per kind by name, with the number of registered locations in each."""
    places = _municipalities_with_numbers(Q(locations__in_register=True))
    presets = {
        kind: [RegionChoice(f"{kind}:{code}", name, kind, kind.label, counts[code]) for code, name in areas.items()]
        for kind, (areas, counts) in _areas_with_numbers(places, Area.objects.all()).items()
    }
    presets[AreaKind.GEMEENTE] = [_municipality_choice(row) for row in places if row.successor_id is None]
    return presets


def _municipality_choice(row: Municipality) -> RegionChoice:
    kind = AreaKind.GEMEENTE
    return RegionChoice(f"{kind}:{row.code}", row.name, kind, kind.label, row.number, row.province_code)  # type: ignore[attr-defined]  # annotated


def _municipalities_with_numbers(counted: Q) -> list[Municipality]:
    """Return all municipalities by name; `number` counts their locations that satisfy `counted`."""
    return list(Municipality.objects.order_by("name").annotate(number=Count("locations", filter=counted)))


def _areas_with_numbers(
    places: list[Municipality], areas: QuerySet[Area]
) -> dict[AreaKind, tuple[dict[str, str], Counter[str]]]:
    """Return kind -> (code -> name of these areas, code -> number of locations)."""
    found: dict[AreaKind, tuple[dict[str, str], Counter[str]]] = {kind: ({}, Counter()) for kind in AreaKind}
    for kind, code, name in areas.order_by("name").values_list("kind", "code", "name"):
        found[AreaKind(kind)][0][code] = name
    for row in places:
        for kind, field in AREA_FIELD.items():
            found[kind][1][getattr(row, field)] += row.number  # type: ignore[attr-defined]  # annotated
    return found


@dataclass(frozen=True)
class Part:
    """A board, school or location inside a region: code, name, and how many registered locations it has there."""

    code: str
    name: str
    locations: int
    place: str = ""
    fate: str = ""  # of a location that went away: the kind of its link onward
    has_name: bool = True


def boards_in(key: str, *, sector: str) -> list[Part]:
    """Return the boards with locations of one sector in a region, by name; closed locations count as none."""
    rows = _grouped(locations_in(key).filter(sector=sector), "board__code", "board__name")
    return [Part(code, name or f"Bestuur {code}", number, has_name=bool(name)) for code, name, number in rows if code]


def board_codes_in(key: str) -> set[str]:
    """Return the boards with registered locations in a region."""
    found = locations_in(key).filter(in_register=True).exclude(board=None)
    return set(found.values_list("board_id", flat=True))


def region_keys_of(board: str) -> set[str]:
    """Return the labour-market regions (keys) in which a board has registered locations."""
    places = SchoolLocation.objects.filter(board=board, in_register=True, municipality__isnull=False)
    codes = places.values_list("municipality__rpa_code", flat=True).distinct()
    return {f"rpa:{code}" for code in codes if code}


def schools_in(key: str, *, sector: str, board: str) -> list[Part]:
    """Return the schools of one board with locations of one sector in a region, by name; closed ones count as none."""
    rows = _grouped(locations_in(key).filter(sector=sector, board_id=board), "school__brin", "school__name")
    return [Part(code, name or code, number, has_name=bool(name)) for code, name, number in rows]


def locations_of_school(key: str, *, sector: str, brin: str) -> list[Part]:
    """Return the locations of one school in a region, by place and name, with what became of those that went away."""
    onward = LocationLink.objects.filter(old=OuterRef("pk")).order_by("-since", "pk").values("kind")[:1]
    found = locations_in(key).filter(sector=sector, school_id=brin).annotate(fate=Subquery(onward))
    rows = found.order_by("place", "name", "code")
    return [Part(row.code, str(row), int(row.in_register), row.place, row.fate or "", bool(row.name)) for row in rows]


def _grouped(found: QuerySet[SchoolLocation], code: str, name: str) -> list[tuple[str, str, int]]:
    registered = Count("pk", distinct=True, filter=Q(in_register=True))
    return list(found.values_list(code, name).annotate(number=registered).order_by(name, code))


def found_locations(*, words: str, sector: str) -> QuerySet[SchoolLocation]:
    """Return registered locations that hold every word in name, place, board, municipality or code; none without words."""
    if not words.split():
        return SchoolLocation.objects.none()
    found = SchoolLocation.objects.filter(in_register=True, **({"sector": sector} if sector else {}))
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(place__icontains=word)
            | Q(code__istartswith=word)
            | Q(board__name__icontains=word)
            | Q(municipality__name__iexact=word)
        )
    return found.select_related("board", "municipality").order_by("place", "name", "code")


@dataclass(frozen=True)
class Group:
    """Locations to add in one go: an area or a board, and how many registered locations it has in the chosen sector."""

    key: str  # a region key, or `bestuur:CODE`
    label: str
    name: str
    locations: int


def found_groups(*, words: str, sector: str) -> list[Group]:
    """Return areas and boards whose name holds these words and that have registered locations in the sector."""
    if not words.strip():
        return []
    counted = Q(locations__in_register=True) & (Q(locations__sector=sector) if sector else Q())
    places = _municipalities_with_numbers(counted)
    areas = _areas_with_numbers(places, Area.objects.filter(name__icontains=words))
    groups = [
        Group(row.key, row.kind_label, row.name, row.locations)
        for row in map(_municipality_choice, places)
        if words.lower() in row.name.lower()
    ]
    for kind, (names, counts) in areas.items():
        groups += [Group(f"{kind}:{code}", kind.label, name, counts[code]) for code, name in names.items()]
    boards = Board.objects.filter(name__icontains=words).annotate(number=Count("locations", filter=counted))
    groups += [Group(f"{BOARD}:{row.code}", BOARD, row.name, row.number) for row in boards.order_by("name")]
    return [group for group in groups if group.locations]


def locations_of_group(key: str, *, sector: str) -> QuerySet[SchoolLocation]:
    """Return the registered locations of an area or board in a sector, or in all; none for an unknown key."""
    kind, _, code = key.partition(":")
    found = SchoolLocation.objects.filter(board_id=code) if kind == BOARD and code else locations_in(key)
    return found.filter(in_register=True, **({"sector": sector} if sector else {}))


def links_onward(location: SchoolLocation) -> list[LocationLink]:
    """Return what is recorded of where the learners of a location went, oldest first."""
    return list(location.links_onward.select_related("new").order_by("since", "pk"))


def draft_by_code(code: str) -> RegionDraft | None:
    """Return a draft with what it replaces and what became of it."""
    return RegionDraft.objects.filter(code=code).select_related("replaces", "kept_as").first()


def chosen_locations(draft: RegionDraft | None) -> list[SchoolLocation]:
    """Return the locations of a draft by municipality and place."""
    if draft is None:
        return []
    found = draft.locations.select_related("board", "municipality")
    return list(found.order_by("municipality__name", "municipality", "place", "name", "code"))


def name_is_taken(name: str, *, besides: Region | None) -> str:
    """Return what already has this name ("eigen regio", "gemeente" ...), or an empty text; `besides` may keep its name."""
    own = Region.objects.filter(name__iexact=name, removed_at=None)
    if (own.exclude(pk=besides.pk) if besides else own).exists():
        return OWN_SET_LABEL
    if Municipality.objects.filter(name__iexact=name).exists():
        return AreaKind.GEMEENTE.label
    kind = Area.objects.filter(name__iexact=name).values_list("kind", flat=True).first()
    return AreaKind(kind).label if kind else ""


def regions_stamp() -> str:
    """Return a text that changes when the list of regions or locations may have changed."""
    newest = SchoolLocation.objects.aggregate(newest=Max("batch_id"))["newest"]
    own = Region.objects.aggregate(newest=Max("pk"), number=Count("pk", filter=Q(removed_at=None)))
    return f"{newest}-{own['newest']}-{own['number']}"

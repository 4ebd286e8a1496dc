"""What more than one caller reads about regions: which locations a region key stands for, and its name."""

from django.db.models import Q, QuerySet

from .enums import AreaKind
from .errors import UnknownRegion
from .models import Area, Municipality, Region, SchoolLocation

AREA_COLUMNS = {
    AreaKind.RPA: "rpa_code",
    AreaKind.RMC: "rmc_code",
    AreaKind.COROP: "corop_code",
    AreaKind.PROVINCIE: "province_code",
}


def split_key(key: str) -> tuple[str, str]:
    """Split `rpa:03` into kind and code.

    Raises:
        UnknownRegion: the text is not a region key.
    """
    kind, separator, code = key.partition(":")
    if not separator or not code or kind not in {*AreaKind.values, "set"}:
        raise UnknownRegion(key)
    return kind, code


def region_name(key: str) -> str:
    """Return what people call the region of this key.

    Raises:
        UnknownRegion: no such region is loaded.
    """
    kind, code = split_key(key)
    if kind == "set":
        found = Region.objects.filter(code=code).values_list("name", flat=True).first()
    elif kind == AreaKind.GEMEENTE:
        found = Municipality.objects.filter(code=code).values_list("name", flat=True).first()
    else:
        found = Area.objects.filter(kind=kind, code=code).values_list("name", flat=True).first()
    if found is None:
        raise UnknownRegion(key)
    return found


def locations_of_region(key: str) -> QuerySet[SchoolLocation]:
    """Return the locations of a region, closed ones included: a region is a set of locations.

    Raises:
        UnknownRegion: the text is not a region key.
    """
    kind, code = split_key(key)
    if kind == "set":
        return SchoolLocation.objects.filter(regions__code=code)
    if kind == AreaKind.GEMEENTE:
        here = Q(municipality_id=code) | Q(municipality__successor_id=code)
    else:
        column = AREA_COLUMNS[AreaKind(kind)]
        here = Q(**{f"municipality__{column}": code})
    return SchoolLocation.objects.filter(here)

"""The invented land: fifteen municipalities in three parts, their places, postcodes and distances.

Places lie on a plane in kilometres (x east, y north). On a map the land lies in open sea, where nobody lives.
Postcodes begin with 0 and municipality codes with 9, which no real one does.
"""

from dataclasses import dataclass
from math import cos, hypot, radians

PROVINCE = "Voorbeeld"
PROVINCE_CODE = "PV91"
LABOUR_REGION = ("91", "Regio Voorbeeld")
ORIGIN_LON, ORIGIN_LAT = 3.15, 53.40
KM_PER_DEGREE_LAT = 111.13
KM_PER_DEGREE_LON = 111.32 * cos(radians(ORIGIN_LAT + 0.2))
INHABITANTS = 548_000


@dataclass(frozen=True)
class Part:
    """A part of the region: code and name serve as RMC-regio, COROP, nodal and education area alike."""

    code: str
    name: str
    trend_per_year: float  # relative change of the children who reach age 4


ZEEKANT = Part("91", "Zeekant", -0.0254)
MIDDENWAARD = Part("92", "Middenwaard", -0.0020)
OOSTERHAAG = Part("93", "Oosterhaag", 0.0210)
PARTS = (ZEEKANT, MIDDENWAARD, OOSTERHAAG)


@dataclass(frozen=True)
class PostcodeArea:
    """A four-digit postcode area with its place, centre [km] and weight within the municipality."""

    pc4: str
    place: str
    x_km: float
    y_km: float
    weight: float


@dataclass(frozen=True)
class Municipality:
    """A municipality: four-digit code, name, share of the region's children (0-1) and its postcode areas."""

    code: str
    name: str
    part: Part
    share: float
    x_km: float
    y_km: float
    areas: tuple[PostcodeArea, ...]


# name, part, share of the region's children, centre x and y [km], places (the first is the main one)
_LAND: tuple[tuple[str, Part, float, float, float, tuple[str, ...]], ...] = (
    ("Noorderkaap", ZEEKANT, 0.035, 15, 42, ("Noorderkaap", "Wolkerzijl")),
    ("Zilverhaven", ZEEKANT, 0.110, 13, 31, ("Zilverhaven", "Bolderhaven", "Strandhuizen")),
    ("Wierdam", ZEEKANT, 0.050, 6, 18, ("Wierdam", "Schorrekerke")),
    ("Zoutkaap", ZEEKANT, 0.030, 6, 6, ("Zoutkaap", "Kweldermeer")),
    ("Kreekhoven", ZEEKANT, 0.060, 18, 12, ("Kreekhoven", "Sluisdrecht", "Grauwpolder")),
    ("Meeuwenzand", ZEEKANT, 0.010, -8.5, 41, ("Meeuwenzand",)),
    ("Hoogwolde", MIDDENWAARD, 0.055, 36, 42, ("Hoogwolde", "Turfhaven", "Reigerhuizen")),
    ("Marktlo", MIDDENWAARD, 0.085, 30, 30, ("Marktlo", "Veldermonde")),
    ("Stadswaard", MIDDENWAARD, 0.225, 41.5, 24, ("Stadswaard", "Brugwerve", "Oeverloo", "Nieuwerwaard")),
    ("Vloedwijk", MIDDENWAARD, 0.055, 30, 18, ("Vloedwijk", "Rietmonde")),
    ("Middelveen", MIDDENWAARD, 0.055, 30, 6, ("Middelveen", "Kievitsbroek")),
    ("Oosterlo", OOSTERHAAG, 0.045, 54, 42, ("Oosterlo", "Heihoven")),
    ("Lindewaarde", OOSTERHAAG, 0.085, 54, 30, ("Lindewaarde", "Korenmonde", "Eikenwaarde")),
    ("Esserhout", OOSTERHAAG, 0.060, 54, 18, ("Esserhout", "Beukmeer")),
    ("Klaverwoude", OOSTERHAAG, 0.040, 48, 6, ("Klaverwoude", "Linterveen", "Molenwold")),
)

# Where the postcode areas of a municipality lie around its centre [km], the main place first.
_SCATTER = ((0, 0), (1.1, 0.8), (-0.9, -1.1), (3.2, -2.4), (-3.0, 2.2), (1.4, 3.4), (-2.0, -3.2), (3.6, 1.9))


def municipalities() -> tuple[Municipality, ...]:
    """Return the fifteen municipalities, in the order of their codes."""
    return tuple(_municipality(index) for index in range(len(_LAND)))


def _municipality(index: int) -> Municipality:
    name, part, share, x, y, places = _LAND[index]
    count = max(2, min(len(_SCATTER), round(share * 60)))
    areas = tuple(_area(index, position, places=places, count=count) for position in range(count))
    return Municipality(f"{9000 + index}", name, part, share, x, y, areas)


def _area(index: int, position: int, *, places: tuple[str, ...], count: int) -> PostcodeArea:
    in_main_place = max(1, count - len(places) + 1)
    place = places[0] if position < in_main_place else places[position - in_main_place + 1]
    dx, dy = _SCATTER[position]
    weight = 1.0 if position < in_main_place else 0.6
    return PostcodeArea(f"{110 + 10 * index + position:04d}", place, _LAND[index][3] + dx, _LAND[index][4] + dy, weight)


def distance_km(x_from: float, y_from: float, x_to: float, y_to: float) -> float:
    """Return the distance in a straight line [km]."""
    return hypot(x_from - x_to, y_from - y_to)


def lon_lat(x_km: float, y_km: float) -> tuple[float, float]:
    """Return degrees WGS84 of a point on the plane."""
    return round(ORIGIN_LON + x_km / KM_PER_DEGREE_LON, 6), round(ORIGIN_LAT + y_km / KM_PER_DEGREE_LAT, 6)

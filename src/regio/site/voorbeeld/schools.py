"""The 25 boards and 150 locations of the region, and what two of them were called before.

Twelve po boards with 90 locations and one vo board with five more make 95; nine vo boards have 42 vo locations and one
mbo board has a vmbo under its roof, so 43; two mbo boards have ten colleges; two so boards have one location each.
A location that merged or changed code keeps one record per predecessor, with the codes it had by moment.
"""

from dataclasses import dataclass
from math import cos, sin

from .geography import Municipality, PostcodeArea, municipalities
from .names import (
    MBO_BOARDS,
    MBO_COLLEGES,
    PO_BOARD_DENOMINATIONS,
    PO_BOARD_SIZES,
    PO_BOARDS,
    SO_BOARDS,
    SO_SCHOOLS,
    STREETS,
    po_school_names,
)
from .timeline import NEWEST
from .vo_schools import BOARDS as VO_BOARDS
from .vo_schools import LOCATIONS as VO_LOCATIONS
from .vo_schools import UNDER_MBO

MERGED_FROM = NEWEST - 1  # the first count under the new code of the merger
RECODED_FROM = NEWEST - 3
COMBINED_PO_LOCATIONS = 5


@dataclass(frozen=True)
class Board:
    """A board: number of five digits, name and the sector of most of its schools."""

    code: str
    name: str
    sector: str


@dataclass(frozen=True)
class Identity:
    """What a location is called in the files of a moment."""

    brin: str
    suffix: str
    name: str

    @property
    def code(self) -> str:
        """The six-character location code."""
        return self.brin + self.suffix


@dataclass(frozen=True)
class Location:
    """One place with learners; `identities` are (first moment, identity) in order of time."""

    identities: tuple[tuple[int, Identity], ...]
    board: Board
    sector: str
    kind: str  # vo: ONDERWIJSSTRUCTUUR; po and so: SOORT_PO
    municipality: Municipality
    area: PostcodeArea
    street: str
    house_number: int
    denomination: str
    x_km: float
    y_km: float
    pull: float = 1.0  # how much it attracts, relative to others of its kind
    departments: tuple[str, ...] = ()
    in_register: bool = True  # a predecessor that merged into another record is not

    def identity(self, moment: int) -> Identity:
        """Return what this location is called at a moment."""
        return [named for first, named in self.identities if first <= moment or first == self.identities[0][0]][-1]

    @property
    def now(self) -> Identity:
        """The present identity."""
        return self.identities[-1][1]

    @property
    def postcode(self) -> str:
        """Six characters without a space."""
        return f"{self.area.pc4}{chr(65 + self.house_number % 26)}{chr(65 + self.house_number * 7 % 26)}"


def brin(index: int) -> str:
    """Return the invented BRIN with this index: 90AA, 90AB, …; real ones never begin with 90."""
    return f"90{chr(65 + index // 26)}{chr(65 + index % 26)}"


PO_BRINS, SO_BRINS, VO_BRINS, MBO_BRINS = 0, 104, 130, 208


@dataclass(frozen=True)
class Schools:
    """All boards and all location records."""

    boards: tuple[Board, ...]
    po: tuple[Location, ...]
    so: tuple[Location, ...]
    vo: tuple[Location, ...]
    mbo: tuple[Location, ...]


def build_schools() -> Schools:
    """Return the boards and locations; nothing here depends on chance."""
    po = tuple(Board(f"{90001 + i}", name, "po") for i, name in enumerate(PO_BOARDS))
    vo = tuple(Board(f"{90021 + i}", name, "vo") for i, name in enumerate(VO_BOARDS))
    mbo = tuple(Board(f"{90041 + i}", name, "mbo") for i, name in enumerate(MBO_BOARDS))
    so = tuple(Board(f"{90051 + i}", name, "so") for i, name in enumerate(SO_BOARDS))
    return Schools(
        boards=po + vo + mbo + so,
        po=_po_locations(po, combined=vo[5]),
        so=tuple(_so_location(index, board) for index, board in enumerate(so)),
        vo=_vo_locations(vo, mbo),
        mbo=tuple(_mbo_location(index, mbo[0] if index < 6 else mbo[1]) for index in range(len(MBO_COLLEGES))),
    )


def _place(municipality: Municipality, position: int) -> dict[str, object]:
    area = municipality.areas[position % len(municipality.areas)]
    turn, away = (
        2.4 * position + int(municipality.code),
        0.45 + 0.3 * (position % 3),
    )  # around the centre of the area [km]
    return {
        "municipality": municipality,
        "area": area,
        "street": STREETS[(position * 5 + int(municipality.code)) % len(STREETS)],
        "house_number": 3 + (position * 17 + int(municipality.code) * 7) % 140,
        "x_km": round(area.x_km + away * cos(turn), 3),
        "y_km": round(area.y_km + away * sin(turn), 3),
    }


def _po_locations(boards: tuple[Board, ...], *, combined: Board) -> tuple[Location, ...]:
    """Give every municipality its schools, then deal them to the boards that work there."""
    places = _po_places(sum(PO_BOARD_SIZES) + COMBINED_PO_LOCATIONS)
    owners = _po_owners(boards, places=places, combined=combined)
    names = po_school_names(len(places))
    taken: dict[str, int] = {}
    found = []
    for index, (municipality, owner) in enumerate(zip(places, owners, strict=True)):
        position = taken.setdefault(municipality.code, 0)
        taken[municipality.code] += 1
        board, denomination = owner
        found.append(
            Location(
                identities=((0, Identity(brin(PO_BRINS + index), "00", names[index])),),
                board=board,
                sector="po",
                kind="Sbo" if index in (40, 70) else "Bo",
                denomination=denomination,
                pull=(0.6, 1.0, 1.35, 0.8, 1.15)[index % 5],
                **_place(municipality, position),  # type: ignore[arg-type]
            )
        )
    return tuple(found)


def _po_places(count: int) -> list[Municipality]:
    """Return the municipality of every po location, by share of the children, at least one each."""
    land = municipalities()
    numbers = {m.code: max(1, round(m.share * count)) for m in land}
    largest = max(land, key=lambda m: m.share)
    numbers[largest.code] += count - sum(numbers.values())
    return [m for m in land for _ in range(numbers[m.code])]


def _po_owners(boards: tuple[Board, ...], *, places: list[Municipality], combined: Board) -> list[tuple[Board, str]]:
    """Return board and denomination of every po location: boards take turns in the part where they work."""
    homes = ("91", "92", "*", "93", "92", "*", "91", "93", "91", "92", "*", "island", "92")
    runners = [*zip([*boards, combined], [*PO_BOARD_DENOMINATIONS, "Algemeen bijzonder"], strict=True)]
    left = [*PO_BOARD_SIZES, COMBINED_PO_LOCATIONS]
    owners: list[tuple[Board, str]] = []
    for place in places:
        spot = "island" if place.name == "Meeuwenzand" else place.part.code
        here = [i for i in range(len(left)) if left[i] and homes[i] == spot]
        anywhere = [i for i in range(len(left)) if left[i] and homes[i] == "*"]
        others = [i for i in range(len(left)) if left[i] and homes[i] != "island"]
        fits = here if here and (len(owners) % 3 or not anywhere) else anywhere or others
        chosen = max(here if spot == "island" else fits, key=lambda i: left[i])
        left[chosen] -= 1
        owners.append(runners[chosen])
    return owners


def _so_location(index: int, board: Board) -> Location:
    land = {m.name: m for m in municipalities()}
    return Location(
        identities=((0, Identity(brin(SO_BRINS + index), "00", SO_SCHOOLS[index])),),
        board=board,
        sector="so",
        kind="So",
        denomination="Algemeen bijzonder",
        pull=(1.0, 0.75)[index],
        **_place(land[("Stadswaard", "Zilverhaven")[index]], 5),  # type: ignore[arg-type]
    )


def _mbo_location(index: int, board: Board) -> Location:
    name, town = MBO_COLLEGES[index]
    land = {m.name: m for m in municipalities()}
    return Location(
        identities=((0, Identity(brin(MBO_BRINS + index), "00", name)),),
        board=board,
        sector="mbo",
        kind="MBO",
        denomination="Algemeen bijzonder",
        pull=(1.9, 1.7, 1.6, 0.9, 0.5, 0.7, 0.6, 0.9, 1.1, 0.6)[index],
        **_place(land[town], 1 + index),  # type: ignore[arg-type]
    )


def _vo_locations(vo: tuple[Board, ...], mbo: tuple[Board, ...]) -> tuple[Location, ...]:
    land = {m.name: m for m in municipalities()}
    found = []
    for row in VO_LOCATIONS:
        board = mbo[1] if row.board == UNDER_MBO else vo[row.board]
        found.append(
            Location(
                identities=tuple(
                    (first, Identity(brin(VO_BRINS + school), f"{suffix:02d}", name))
                    for first, school, suffix, name in row.identities
                ),
                board=board,
                sector="vo",
                kind=row.structure,
                denomination=row.denomination,
                pull=row.pull,
                departments=row.departments,
                in_register=row.in_register,
                **_place(land[row.town], row.position),  # type: ignore[arg-type]
            )
        )
    return tuple(found)

"""The vo boards and locations, one line each: who runs it, where, what it offers and how much it attracts.

The lines with two identities are the stories of codes: two vmbo schools in Kreekhoven merged two years ago into one
with a new BRIN, and a school in Klaverwoude moved to another BRIN four years ago.
"""

from dataclasses import dataclass

from .timeline import NEWEST

BOARDS = (
    "Stichting Voortgezet Onderwijs Middenwaard",
    "Stichting De Lantaarn, christelijk voortgezet onderwijs",
    "Stichting Rombout, katholiek voortgezet onderwijs",
    "Stichting Kaap Onderwijs",
    "Vereniging De Bakenlamp",
    "Stichting Het Kompasrijk, primair en voortgezet onderwijs",
    "Stichting Gymnasium Meridiaan",
    "Stichting Vrije School De Getijdenboom",
    "Stichting Eilandcollege",
)

OPENBAAR, PC, RK, AB = "Openbaar", "Protestants-Christelijk", "Rooms-Katholiek", "Algemeen bijzonder"
ALL_TECH = ("PIE", "BWI", "ZW", "EO")
UNDER_MBO = -1


@dataclass(frozen=True)
class VoLine:
    """One vo location before it gets its codes; an identity is (first moment, school index, suffix, name)."""

    board: int  # place in BOARDS; UNDER_MBO: the mbo board with a vmbo
    identities: tuple[tuple[int, int, int, str], ...]
    town: str
    position: int
    structure: str
    pull: float
    denomination: str
    departments: tuple[str, ...] = ()
    in_register: bool = True


def _line(
    board: int, school: int, suffix: int, name: str, *, town: str, at: int, structure: str, pull: float,
    denomination: str, departments: tuple[str, ...] = (),
) -> VoLine:  # fmt: skip
    return VoLine(board, ((0, school, suffix, name),), town, at, structure, pull, denomination, departments)


_MERGER = NEWEST - 1
_RECODED = NEWEST - 3
_MERGED = (_MERGER, 22, 0, "De Bakenlamp Vakcollege Kreekhoven")

LOCATIONS: tuple[VoLine, ...] = (
    _line(0, 0, 0, "Waardlyceum", town="Stadswaard", at=0, structure="HAVO/VWO", pull=1.3, denomination=OPENBAAR),
    _line(0, 0, 1, "Waardlyceum, locatie Brugwerve", town="Stadswaard", at=5, structure="MAVO/HAVO/VWO", pull=0.9, denomination=OPENBAAR),
    _line(0, 1, 0, "Waardmavo", town="Stadswaard", at=2, structure="MAVO/HAVO", pull=0.8, denomination=OPENBAAR),
    _line(0, 2, 0, "Vakcollege De Bolder", town="Stadswaard", at=3, structure="VBO", pull=1.3, denomination=OPENBAAR, departments=ALL_TECH),
    _line(0, 2, 1, "Vakcollege De Bolder, locatie Vloedwijk", town="Vloedwijk", at=1, structure="VBO/MAVO", pull=0.9, denomination=OPENBAAR, departments=("DP", "ZW")),
    _line(0, 3, 0, "Praktijkschool Het Touwwerk", town="Stadswaard", at=4, structure="PRO", pull=1.2, denomination=OPENBAAR),
    _line(0, 1, 1, "Internationale Schakelklas De Loopplank (ISK)", town="Stadswaard", at=6, structure="BRUGJAAR", pull=1.0, denomination=OPENBAAR),
    _line(0, 4, 0, "Lyceum Het Weidse Veld", town="Middelveen", at=0, structure="MAVO/HAVO/VWO", pull=0.7, denomination=OPENBAAR),
    _line(0, 5, 0, "Marktlo College", town="Marktlo", at=0, structure="VBO/MAVO/HAVO/VWO", pull=1.1, denomination=OPENBAAR, departments=("DP", "EO", "PIE")),
    _line(0, 5, 1, "Marktlo College, locatie Veldermonde", town="Marktlo", at=4, structure="VBO/MAVO", pull=0.6, denomination=OPENBAAR, departments=("ZW", "BWI")),
    _line(1, 6, 0, "De Lantaarn, locatie Stadswaard", town="Stadswaard", at=1, structure="VBO/MAVO/HAVO/VWO", pull=1.2, denomination=PC, departments=("ZW", "EO", "MVI")),
    _line(1, 6, 1, "De Lantaarn Lyceum", town="Stadswaard", at=7, structure="HAVO/VWO", pull=0.9, denomination=PC),
    _line(1, 7, 0, "De Lantaarn, locatie Lindewaarde", town="Lindewaarde", at=0, structure="VBO/MAVO", pull=1.0, denomination=PC, departments=ALL_TECH),
    _line(1, 7, 1, "De Lantaarn Lyceum Lindewaarde", town="Lindewaarde", at=1, structure="HAVO/VWO", pull=1.1, denomination=PC),
    _line(1, 8, 0, "De Lantaarn, locatie Esserhout", town="Esserhout", at=0, structure="VBO/MAVO", pull=0.7, denomination=PC, departments=("DP", "MT")),
    _line(1, 9, 0, "Praktijkcollege De Houtschaaf", town="Lindewaarde", at=2, structure="PRO", pull=0.9, denomination=PC),
    _line(1, 8, 1, "De Lantaarn, locatie Klaverwoude", town="Klaverwoude", at=0, structure="VBO/MAVO/HAVO", pull=0.6, denomination=PC, departments=("DP",)),
    _line(1, 10, 0, "De Lantaarn, locatie Oosterlo", town="Oosterlo", at=0, structure="MAVO/HAVO", pull=0.6, denomination=PC),
    _line(1, 11, 0, "De Lantaarn, locatie Hoogwolde", town="Hoogwolde", at=0, structure="VBO/MAVO", pull=0.8, denomination=PC, departments=("DP", "EO")),
    _line(2, 12, 0, "Rombout Lyceum", town="Stadswaard", at=8, structure="HAVO/VWO", pull=1.2, denomination=RK),
    _line(2, 12, 1, "Rombout Vakschool", town="Stadswaard", at=9, structure="VBO/MAVO", pull=1.0, denomination=RK, departments=("HBR", "ZW", "PIE")),
    _line(2, 12, 2, "Rombout Middelveen", town="Middelveen", at=1, structure="VBO/MAVO", pull=0.6, denomination=RK, departments=("DP",)),
    _line(2, 13, 0, "Rombout Vloedwijk", town="Vloedwijk", at=0, structure="HAVO/VWO", pull=0.6, denomination=RK),
    VoLine(2, ((0, 14, 0, "Klaverlyceum"), (_RECODED, 13, 1, "Rombout Klaverlyceum")), "Klaverwoude", 1, "MAVO/HAVO/VWO", 0.7, RK),
    _line(2, 15, 0, "Rombout Esserhout", town="Esserhout", at=1, structure="HAVO/VWO", pull=0.8, denomination=RK),
    _line(2, 15, 1, "Rombout Oosterlo", town="Oosterlo", at=1, structure="VBO/MAVO", pull=0.6, denomination=RK, departments=("ZW", "EO")),
    _line(3, 16, 0, "Kaap College", town="Zilverhaven", at=0, structure="VBO/MAVO/HAVO/VWO", pull=0.75, denomination=OPENBAAR, departments=("DP", "EO", "ZW")),
    _line(3, 16, 1, "Kaap Vakcollege Bolderhaven", town="Zilverhaven", at=5, structure="VBO", pull=1.0, denomination=OPENBAAR, departments=ALL_TECH),
    _line(3, 16, 2, "Kaap College, locatie Noord", town="Noorderkaap", at=0, structure="VBO/MAVO", pull=0.5, denomination=OPENBAAR, departments=("DP",)),
    _line(3, 17, 0, "Kaap College, locatie Wierdam", town="Wierdam", at=0, structure="MAVO/HAVO/VWO", pull=0.8, denomination=OPENBAAR),
    _line(3, 18, 0, "Praktijkschool De Netten", town="Zilverhaven", at=2, structure="PRO", pull=0.9, denomination=OPENBAAR),
    _line(4, 19, 0, "De Bakenlamp", town="Zilverhaven", at=1, structure="HAVO/VWO", pull=1.0, denomination=PC),
    VoLine(4, ((0, 20, 0, "De Bakenlamp Kreekhoven"), _MERGED), "Kreekhoven", 0, "VBO/MAVO", 0.6, PC, ("ZW", "EO", "BWI")),
    VoLine(4, ((0, 21, 0, "Vakschool Sluisdrecht"), _MERGED), "Kreekhoven", 0, "VBO", 0.5, PC, ("PIE", "BWI"), in_register=False),
    _line(4, 19, 1, "De Bakenlamp, locatie Zoutkaap", town="Zoutkaap", at=0, structure="VBO/MAVO", pull=0.6, denomination=PC, departments=("DP", "G")),
    _line(4, 20, 1, "De Bakenlamp Lyceum Kreekhoven", town="Kreekhoven", at=1, structure="MAVO/HAVO/VWO", pull=0.7, denomination=PC),
    _line(5, 23, 0, "Het Kompasrijk Stadswaard", town="Stadswaard", at=10, structure="MAVO/HAVO/VWO", pull=0.9, denomination=AB),
    _line(5, 23, 1, "Het Kompasrijk Lindewaarde", town="Lindewaarde", at=3, structure="MAVO/HAVO", pull=0.7, denomination=AB),
    _line(5, 23, 2, "Het Kompasrijk Marktlo", town="Marktlo", at=1, structure="HAVO/VWO", pull=0.7, denomination=AB),
    _line(5, 24, 0, "Het Kompasrijk Praktijkonderwijs", town="Esserhout", at=2, structure="PRO", pull=0.8, denomination=AB),
    _line(6, 25, 0, "Gymnasium Meridiaan", town="Zilverhaven", at=3, structure="VWO", pull=0.55, denomination=AB),
    _line(7, 26, 0, "Vrije School De Getijdenboom", town="Wierdam", at=1, structure="HAVO/VWO", pull=0.35, denomination="Antroposofisch"),
    _line(8, 27, 0, "Eilandcollege Meeuwenzand", town="Meeuwenzand", at=0, structure="VBO/MAVO/HAVO", pull=0.30, denomination=AB, departments=("DP",)),
    _line(UNDER_MBO, 28, 0, "Groen College Linterveen, vmbo", town="Klaverwoude", at=7, structure="VBO/MAVO", pull=0.7, denomination=AB, departments=("G",)),
)  # fmt: skip

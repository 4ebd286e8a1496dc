"""Registers: all locations of vo, bo and sbo/so/vso with their areas, mbo institutions, names of boards."""

from pathlib import Path

from regio.site.voorbeeld.geography import LABOUR_REGION, PROVINCE, Municipality
from regio.site.voorbeeld.region import ExampleRegion
from regio.site.voorbeeld.schools import Location

from .text import write_table

AREA_HEADER = (
    "NODAAL GEBIED CODE", "NODAAL GEBIED NAAM", "RPA-GEBIED CODE", "RPA-GEBIED NAAM", "WGR-GEBIED CODE", "WGR-GEBIED NAAM",
    "COROPGEBIED CODE", "COROPGEBIED NAAM", "ONDERWIJSGEBIED CODE", "ONDERWIJSGEBIED NAAM", "RMC-REGIO CODE", "RMC-REGIO NAAM",
)  # fmt: skip
_PLACE = (
    "STRAATNAAM", "HUISNUMMER-TOEVOEGING", "POSTCODE", "PLAATSNAAM", "GEMEENTENUMMER", "GEMEENTENAAM", "DENOMINATIE",
    "TELEFOONNUMMER", "INTERNETADRES",
)  # fmt: skip
_POST = (
    "STRAATNAAM CORRESPONDENTIEADRES", "HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES",
    "POSTCODE CORRESPONDENTIEADRES", "PLAATSNAAM CORRESPONDENTIEADRES",
)  # fmt: skip


def areas_of(municipality: Municipality) -> tuple[str, ...]:
    """Return codes and names of the six kinds of area, in the order of AREA_HEADER."""
    part = (municipality.part.code, municipality.part.name)
    return (*part, *LABOUR_REGION, *part, *part, *part, *part)


def write_registers(folder: Path, region: ExampleRegion) -> None:
    """Write the registers as they are now: closed codes are not in them."""
    header = ("PROVINCIE", "BEVOEGD GEZAG NUMMER", "BRIN NUMMER", "VESTIGINGSNUMMER", "VESTIGINGSNAAM", *_PLACE)
    vo = [location for location in region.schools.vo if location.in_register]
    write_table(
        folder / "alle-vestigingen-vo.csv", (*header, "ONDERWIJSSTRUCTUUR", *_POST, *AREA_HEADER),
        [_row(location, location.now.code, structure=(location.kind,)) for location in vo],
    )  # fmt: skip
    new_header = ("PROVINCIE", "BEVOEGD GEZAG NUMMER", "INSTELLINGSCODE", "VESTIGINGSCODE", "VESTIGINGSNAAM", *_PLACE)
    bo = [location for location in region.schools.po if location.kind == "Bo"]
    write_table(
        folder / "02.-alle-schoolvestigingen-basisonderwijs.csv", (*new_header, *_POST, *AREA_HEADER, "VAKANTIEREGIO"),
        [(*_row(location, location.now.code), "Noord") for location in bo], quoted=True,
    )  # fmt: skip
    special = [location for location in (*region.schools.po, *region.schools.so) if location.kind != "Bo"]
    write_table(
        folder / "09.-alle-vestigingen-sbo-so-en-vso.csv",
        (*new_header[:4], "SOORT PRIMAIR ONDERWIJS", "CLUSTER", *new_header[4:], *_POST, *AREA_HEADER, "VAKANTIEREGIO"),
        [_special_row(location) for location in special], quoted=True,
    )  # fmt: skip
    _write_mbo(folder, region)
    _write_boards(folder, region)


def _address(location: Location) -> tuple[str, ...]:
    return (
        location.street, str(location.house_number), f"{location.postcode[:4]} {location.postcode[4:]}", location.area.place.upper(),
    )  # fmt: skip


def _row(location: Location, code: str, *, structure: tuple[str, ...] = ()) -> tuple[str, ...]:
    municipality = location.municipality
    place = (municipality.code, municipality.name.upper(), location.denomination, " " * 10, " " * 20)
    return (
        PROVINCE, location.board.code, location.now.brin, code, location.now.name, *_address(location), *place, *structure,
        *_address(location), *areas_of(municipality),
    )  # fmt: skip


def _special_row(location: Location) -> tuple[str, ...]:
    row = _row(location, location.now.code)
    kind, cluster = ("SBAO", "") if location.kind == "Sbo" else ("(V)SO", "4")
    return (*row[:4], kind, cluster, *row[4:], "Noord")


def _write_mbo(folder: Path, region: ExampleRegion) -> None:
    header = (
        "PROVINCIE",
        "BEVOEGD GEZAG NUMMER",
        "INSTELLINGSCODE",
        "INSTELLINGSNAAM",
        *_PLACE,
        "MBO INSTELLINGSSOORT",
        *AREA_HEADER,
    )
    rows = [
        (
            PROVINCE, location.board.code, location.now.brin, location.now.name, *_address(location),
            location.municipality.code, location.municipality.name.upper(), location.denomination, "", "", "ROC",
            *areas_of(location.municipality),
        )
        for location in region.schools.mbo
    ]  # fmt: skip
    write_table(folder / "01.-adressen-mbo-instellingen.csv", header, rows, quoted=True)


def _write_boards(folder: Path, region: ExampleRegion) -> None:
    """Write the names of all boards; `lowest` location of a board lends its address."""
    header = ("BEVOEGD GEZAG NUMMER", "BEVOEGD GEZAG NAAM", *_PLACE, "ADMINISTRATIEKANTOORNUMMER", "KVK-NUMMER")
    rows = []
    everything = (*region.schools.po, *region.schools.vo, *region.schools.mbo, *region.schools.so)
    for board in region.schools.boards:
        seat = next(location for location in everything if location.board.code == board.code)
        place = (seat.municipality.code, seat.municipality.name.upper(), seat.denomination)
        rows.append((board.code, board.name, *_address(seat), *place, "", "", "", ""))
    write_table(folder / "besturen.csv", header, rows, delimiter=",", quoted=True)

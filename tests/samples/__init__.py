"""Small files of our own making in the publishers' formats: invented schools, BRINs from 90AA, municipalities from 9000."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from regio.shared.importing.pipeline import FileResult, Options, import_paths


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ";",
    encoding: str = "cp1252",
    newline: str = "\r\n",
    quoted: bool = False,
) -> Path:
    """Write rows as DUO does: semicolon, cp1252, CRLF, no quotes unless needed."""
    text = io.StringIO()
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=style)
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def load(*paths: Path, **options: object) -> list[FileResult]:
    """Import files and return the results."""
    return import_paths(paths, options=Options(**options))  # type: ignore[arg-type]


def load_one(path: Path, **options: object) -> FileResult:
    """Import one file and return its result."""
    (result,) = load(path, **options)
    return result


def problems(result: FileResult) -> list[tuple[str, int | None, str, str]]:
    """Return code, line, column and value of every finding of a row."""
    return [(f.code, f.line, f.column, f.value) for f in result.findings if f.line is not None]


AREA_COLUMNS = [
    "NODAAL GEBIED CODE",
    "NODAAL GEBIED NAAM",
    "RPA-GEBIED CODE",
    "RPA-GEBIED NAAM",
    "WGR-GEBIED CODE",
    "WGR-GEBIED NAAM",
    "COROPGEBIED CODE",
    "COROPGEBIED NAAM",
    "ONDERWIJSGEBIED CODE",
    "ONDERWIJSGEBIED NAAM",
    "RMC-REGIO CODE",
    "RMC-REGIO NAAM",
]
AREA_VALUES = [
    "91",
    "Knoop",
    "91",
    "Kustland",
    "91",
    "Wgr Kust",
    "91",
    "Corop Kust",
    "91",
    "Gebied Kust",
    "91",
    "Rmc Kust",
]
ADDRESS_COLUMNS = [
    "STRAATNAAM",
    "HUISNUMMER-TOEVOEGING",
    "POSTCODE",
    "PLAATSNAAM",
    "GEMEENTENUMMER",
    "GEMEENTENAAM",
    "DENOMINATIE",
    "TELEFOONNUMMER",
    "INTERNETADRES",
]


def address(place: str = "DUINSTAD", municipality: str = "9001") -> list[str]:
    """Return the values of ADDRESS_COLUMNS."""
    return ["Zeestraat", "1", "9990 AB", place, municipality, place, "Openbaar", "", ""]


def vo_register(path: Path, codes: Sequence[str] = ("90AA00", "90AA01", "90AB00"), *, of_2025: bool = False) -> Path:
    """Write a register of vo locations; with `of_2025` under the names of that year."""
    key = ["INSTELLINGSCODE", "VESTIGINGSCODE"] if of_2025 else ["BRIN NUMMER", "VESTIGINGSNUMMER"]
    header = [
        "PROVINCIE",
        "BEVOEGD GEZAG NUMMER",
        *key,
        "VESTIGINGSNAAM",
        *ADDRESS_COLUMNS,
        "ONDERWIJSSTRUCTUUR",
        *AREA_COLUMNS,
    ]
    header += ["VAKANTIEREGIO"] if of_2025 else []
    rows = [
        [
            "Kustland",
            "0990" + code[3],
            code[:4],
            code,
            f"Lyceum {code}",
            *address(),
            "HAVO/VWO",
            *AREA_VALUES,
            *(["Noord"] if of_2025 else []),
        ]
        for code in codes
    ]
    return write_csv(path, header, rows)

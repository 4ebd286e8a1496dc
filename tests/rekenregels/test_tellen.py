"""Rekenregels: wat de computer leest in een bestand met leerlingen."""

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows as FileRows
from tests.rekenregels.rekenregel import Rekenregel, Row, Rows, Tabel

TITEL = "Tellen"
VOLGORDE = 10
INLEIDING = "Zo leest het model de openbare bestanden met leerlingen, studenten en examenkandidaten."


def lees(cellen: Sequence[tuple[str, str, str]]) -> Rows:
    """Write (BRIN, suffix, count) to a file as the publisher would, and read it as every import does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leerlingen.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(["BRIN NUMMER", "VESTIGINGSNUMMER", "AANTAL LEERLINGEN"])
            writer.writerows(cellen)
        rows = FileRows(Source(path))
        rows.add_location()
        counts = rows.counts(["AANTAL LEERLINGEN"], keep=["code"])
    read = counts.sort("_line").select("code", "count", "masked")
    return [(code, count, "ja" if masked else "nee") for code, count, masked in read.iter_rows()]


def lees_aantallen(rijen: Sequence[Row]) -> Rows:
    return lees([(str(code)[:4], str(code)[4:], str(cell)) for code, cell in rijen])


def lees_codes(rijen: Sequence[Row]) -> Rows:
    return [rij[:2] for rij in lees([(str(brin), str(suffix), str(cell)) for brin, suffix, cell in rijen])]


REGELS = (
    Rekenregel(
        titel="Een afgeschermd aantal telt als 2",
        uitleg="DUO schrijft `<5` waar een tot en met vier leerlingen zijn. Wij rekenen dan met 2: in bestanden waar niets"
        " is afgeschermd, is 2,2 het gemiddelde van zulke kleine aantallen. We onthouden dat het getal afgeschermd was.",
        gegeven=Tabel(("vestiging", "in het bestand"), (("90AA00", "31"), ("90AA01", "<5"), ("90AB00", "<5"))),
        narekenen="31 blijft 31. Elke `<5` wordt 2. Samen 31 + 2 + 2 = 35.",
        uitkomst=Tabel(
            ("vestiging", "telt als", "afgeschermd"), (("90AA00", 31, "nee"), ("90AA01", 2, "ja"), ("90AB00", 2, "ja"))
        ),
        bereken=lees_aantallen,
    ),
    Rekenregel(
        titel="Nullen vooraan in een code horen bij de code",
        uitleg="Een vestiging heeft een code van zes tekens: vier van de school (BRIN) en twee van de vestiging. Is een"
        " bestand de nul vooraan kwijt, dan vult het model die aan.",
        gegeven=Tabel(("BRIN", "vestiging", "leerlingen"), (("90AA", "0", "12"), ("90AA", "01", "8"))),
        narekenen="`90AA` met vestiging `0` is `90AA00`; met vestiging `01` is het `90AA01`.",
        uitkomst=Tabel(("code", "leerlingen"), (("90AA00", 12), ("90AA01", 8))),
        bereken=lees_codes,
    ),
)


@pytest.mark.parametrize("regel", REGELS, ids=lambda regel: regel.titel)
def test_rekenregel(regel: Rekenregel) -> None:
    regel.check()

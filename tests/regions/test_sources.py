"""Registers, areas, borders, postcodes and population in small files of our own in the publishers' formats."""

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from regio.regions.models import (
    Area,
    Board,
    Boundary,
    Municipality,
    MunicipalityChange,
    Population,
    Postcode,
    School,
    SchoolLocation,
)
from regio.regions.sources.coordinates import degrees_from_rd
from regio.regions.sources.municipalities import plain_name, province_code
from tests.samples import (
    ADDRESS_COLUMNS,
    AREA_COLUMNS,
    AREA_VALUES,
    address,
    load,
    load_one,
    problems,
    vo_register,
    write_csv,
)

pytestmark = pytest.mark.django_db


def test_a_register_of_today_and_of_2020_give_the_same_locations(tmp_path: Path) -> None:
    old = load_one(vo_register(tmp_path / "alle-vestigingen-vo.csv"))
    before = list(
        SchoolLocation.objects.order_by("code").values_list(
            "code", "school_id", "board_id", "postcode", "municipality_id"
        )
    )
    new = load_one(vo_register(tmp_path / "02.-alle-vestigingen-vo.csv", of_2025=True))
    after = list(
        SchoolLocation.objects.order_by("code").values_list(
            "code", "school_id", "board_id", "postcode", "municipality_id"
        )
    )
    assert (old.outcome, new.outcome) == ("geladen", "geladen")
    assert before == after
    assert before[0] == ("90AA00", "90AA", "990A", "9990AB", "9001")


def test_a_location_that_leaves_the_register_stays_as_closed(tmp_path: Path) -> None:
    codes = [f"90A{letter}00" for letter in "ABCDEFGH"]
    load_one(vo_register(tmp_path / "a.csv", codes))
    load_one(vo_register(tmp_path / "b.csv", [*codes[1:], "90AZ00"]))
    closed = SchoolLocation.objects.get(code="90AA00")
    assert not closed.in_register
    assert set(SchoolLocation.objects.filter(in_register=True).values_list("code", flat=True)) == {*codes[1:], "90AZ00"}


def test_a_bad_code_is_reported_and_the_good_rows_go_on(tmp_path: Path) -> None:
    path = vo_register(tmp_path / "vo.csv", ["90AA00", "9!AA00", "90AA02"])
    result = load_one(path)
    assert result.outcome == "geladen"
    assert problems(result) == [("R-107", 3, "VESTIGINGSNUMMER", "9!AA00")]
    assert list(SchoolLocation.objects.values_list("code", flat=True)) == ["90AA00", "90AA02"]


def test_a_location_twice_in_the_register_counts_once(tmp_path: Path) -> None:
    result = load_one(vo_register(tmp_path / "vo.csv", ["90AA00", "90AA01", "90AA00"]))
    assert [code for code, *_ in problems(result)] == ["R-112"]
    assert SchoolLocation.objects.count() == 2


def test_a_primary_register_gives_sector_po_and_a_special_one_so_and_sbo(tmp_path: Path) -> None:
    header = [
        "PROVINCIE",
        "BEVOEGD GEZAG NUMMER",
        "BRIN NUMMER",
        "VESTIGINGSNUMMER",
        "VESTIGINGSNAAM",
        *ADDRESS_COLUMNS,
        *AREA_COLUMNS,
    ]
    bo = write_csv(
        tmp_path / "bo.csv", header, [["Kustland", "99010", "90BA", "90BA00", "De Schelp", *address(), *AREA_VALUES]]
    )
    special = write_csv(
        tmp_path / "so.csv",
        [*header, "SOORT PRIMAIR ONDERWIJS"],
        [
            ["Kustland", "99011", "90BB", "90BB00", "De Ster", *address(), *AREA_VALUES, "SBO"],
            ["Kustland", "99011", "90BC", "90BC00", "De Zon", *address(), *AREA_VALUES, "(V)SO"],
        ],
    )
    assert {result.outcome for result in load(bo, special)} == {"geladen"}
    assert dict(SchoolLocation.objects.values_list("code", "sector")) == {
        "90BA00": "po",
        "90BB00": "po",
        "90BC00": "so",
    }
    assert SchoolLocation.objects.filter(in_register=True).count() == 3


def test_boards_get_their_names_from_besturenvo(tmp_path: Path) -> None:
    load_one(vo_register(tmp_path / "vo.csv"))
    header = [
        "BEVOEGD GEZAG NUMMER",
        "BEVOEGD GEZAG NAAM",
        *ADDRESS_COLUMNS,
        "ADMINISTRATIEKANTOORNUMMER",
        "KVK-NUMMER",
    ]
    rows = [["0990A", "Stichting Duin", *address(), "", ""], ["99077", "Stichting Zée", *address(), "", ""]]
    path = write_csv(tmp_path / "besturenvo.csv", header, rows, delimiter=",", encoding="utf-8", quoted=True)
    assert load_one(path).outcome == "geladen"
    assert dict(Board.objects.filter(code__in=["990A", "99077"]).values_list("code", "name")) == {
        "990A": "Stichting Duin",
        "99077": "Stichting Zée",
    }


def test_institutions_in_ckan_form_name_their_school(tmp_path: Path) -> None:
    header = [
        "PROVINCIE",
        "BEVOEGD GEZAG NUMMER",
        "BRIN NUMMER",
        "INSTELLINGSNAAM",
        *ADDRESS_COLUMNS,
        "ONDERWIJSSTRUCTUUR",
        *AREA_COLUMNS,
    ]
    rows = [["Kustland", "99010", "90AA", "Lyceum “De Kust”", *address(), "HAVO/VWO", *AREA_VALUES]]
    path = write_csv(tmp_path / "instellingenvo.csv", header, rows, delimiter=",", encoding="utf-8", quoted=True)
    assert load_one(path).outcome == "geladen"
    assert list(School.objects.values_list("brin", "name", "board_id")) == [("90AA", "Lyceum “De Kust”", "99010")]


def test_mbo_institutions_become_a_location_of_their_own_scheme(tmp_path: Path) -> None:
    header = [
        "PROVINCIE",
        "BEVOEGD GEZAG NUMMER",
        "INSTELLINGSCODE",
        "INSTELLINGSNAAM",
        *ADDRESS_COLUMNS,
        "MBO INSTELLINGSSOORT CODE",
        *AREA_COLUMNS,
    ]
    rows = [["Kustland", "99020", "90MA", "Kustcollege", *address(), "ROC", *AREA_VALUES]]
    assert load_one(write_csv(tmp_path / "mbo.csv", header, rows)).outcome == "geladen"
    location = SchoolLocation.objects.get()
    assert (location.code, location.scheme, location.sector, location.municipality_id) == (
        "90MA",
        "mbo_instelling",
        "mbo",
        "9001",
    )


def areas_file(path: Path) -> Path:
    rows = [["9001", "DUINSTAD", "Kustland", *AREA_VALUES], ["9002", "'S-ZEEDORP", "Kustland", *AREA_VALUES]]
    return write_csv(
        path, ["GEMEENTENUMMER", "GEMEENTENAAM", "PROVINCIE", *AREA_COLUMNS], rows, encoding="utf-8", newline="\n"
    )


def test_municipalities_know_their_areas(tmp_path: Path) -> None:
    assert load_one(areas_file(tmp_path / "gebieden.csv")).outcome == "geladen"
    assert set(Area.objects.values_list("kind", "code", "name")) == {
        ("rpa", "91", "Kustland"),
        ("rmc", "91", "Rmc Kust"),
        ("corop", "91", "Corop Kust"),
        ("provincie", "kustland", "Kustland"),
    }
    assert list(Municipality.objects.values_list("code", "name", "rpa_code")) == [
        ("9001", "Duinstad", "91"),
        ("9002", "'s-Zeedorp", "91"),
    ]


def test_a_closed_location_in_a_merged_municipality_counts_in_the_region_of_its_successor(tmp_path: Path) -> None:
    changes = write_csv(
        tmp_path / "wijzigingen.csv",
        ["Bestaan tot", "Eindjaar", "Oude", "Nieuwe", "Huidige code", "Huidige naam"],
        [
            ["1-1-2015", "2015", "GM9050", "GM9001", "GM9001", "Duinstad"],
            ["morgen", "2016", "GM9051", "GM9001", "GM9001", "Duinstad"],
        ],
        encoding="latin-1",
    )
    header = [
        "objectid",
        "bevoegd_gezag_nummer",
        "brin_nummer",
        "vestigingsnummer",
        "vestigingsnaam",
        "denominatie",
        "onderwijsstructuur",
        "straatnaam",
        "huisnummer_toevoeging",
        "pc6",
        "plaatsnaam",
        "gem_code",
        "gemeentenaam",
        "provincie",
        "xcoord",
        "ycoord",
        "leerlingen",
        "jaar_1",
        "jaar_2",
        "jaar_3",
        "jaar_4",
        "jaar_5",
        "jaar_6",
    ]
    row = [
        "1",
        "99010",
        "90AA",
        "90AA09",
        "Oud",
        "Openbaar",
        "MAVO",
        "Weg",
        "1",
        "9990AB",
        "DUIN",
        "9050",
        "OUD-DUIN",
        "Kust",
        "155000",
        "463000",
    ]
    counts = write_csv(
        tmp_path / "leerlingen-2012.csv",
        header,
        [[*row, "60", "10", "10", "10", "10", "10", "10"]],
        delimiter=",",
        encoding="utf-8",
    )
    results = load(counts, areas_file(tmp_path / "gebieden.csv"), changes)
    assert [result.dataset for result in results] == ["gebieden", "gemeentewijzigingen", "leerlingen-vo-leerjaar"]
    assert problems(results[1]) == [("R-113", 3, "Bestaan tot", "morgen")]
    assert MunicipalityChange.objects.get().ended_on == date(2015, 1, 1)
    location = SchoolLocation.objects.get(code="90AA09")
    assert (location.municipality_id, location.in_register, location.board_id) == ("9001", False, "99010")
    assert (location.lat, location.lon) == (52.155174, 5.387206)


def test_points_come_from_the_first_row_of_a_code(tmp_path: Path) -> None:
    load_one(vo_register(tmp_path / "vo.csv"))
    header = [
        "vestigingscode",
        "brin_nummer",
        "naam",
        "type",
        "denominatie",
        "straat",
        "huisnummer",
        "postcode",
        "plaats",
        "gemeente",
        "provincie",
        "lon",
        "lat",
    ]
    start = ["90AA", "Lyceum", "HAVO/VWO", "Openbaar", "Zeestraat", "1", "9990AB", "Duinstad", "DUINSTAD", "Kust"]
    rows = [
        ["90AA00", *start, "5.1", "52.1"],
        ["90AA00", *start, "9.9", "59.9"],
        ["90AA01", *start, "oost", "52.1"],
        ["90AC00", *start, "5.3", "52.3"],
    ]
    result = load_one(write_csv(tmp_path / "schoollocaties_2024-11.csv", header, rows, encoding="utf-8"))
    assert problems(result) == [("R-105", 4, "lon", "oost")]
    assert dict(SchoolLocation.objects.exclude(lat=None).values_list("code", "lat")) == {"90AA00": 52.1, "90AC00": 52.3}
    assert SchoolLocation.objects.get(code="90AC00").municipality_id == "9001"


def points_file(path: Path, **points: tuple[str, str]) -> Path:
    header = [
        "vestigingscode",
        "brin_nummer",
        "naam",
        "type",
        "denominatie",
        "postcode",
        "plaats",
        "gemeente",
        "lon",
        "lat",
    ]
    rows = [
        [code, code[:4], "Lyceum", "HAVO", "-", "9990AB", "Duinstad", "DUINSTAD", *point]
        for code, point in points.items()
    ]
    return write_csv(path, header, rows, encoding="utf-8")


@pytest.mark.parametrize("newest_first", [True, False])
def test_an_older_file_fills_points_and_moves_none(tmp_path: Path, newest_first: bool) -> None:
    load_one(vo_register(tmp_path / "vo.csv"))
    files = [
        points_file(tmp_path / "schoollocaties_2024-11.csv", **{"90AA00": ("5.1", "52.1")}),
        points_file(tmp_path / "schoollocaties_2022-05.csv", **{"90AA00": ("6.9", "53.9"), "90AB00": ("5.4", "52.4")}),
    ]
    for file in files if newest_first else reversed(files):
        assert load_one(file).outcome == "geladen"
    placed = dict(SchoolLocation.objects.exclude(lat=None).values_list("code", "lat"))
    assert placed == {"90AA00": 52.1, "90AB00": 52.4}


def test_grid_metres_become_degrees() -> None:
    # Published pairs of the Kadaster: Westertoren Amsterdam and Martinitoren Groningen.
    assert degrees_from_rd(120700.723, 487525.501) == pytest.approx((52.374532, 4.883527), abs=5e-5)
    assert degrees_from_rd(233883.131, 582065.167) == pytest.approx((53.219383, 6.568201), abs=5e-5)


def test_postcodes_find_their_municipality_by_name(tmp_path: Path) -> None:
    load_one(areas_file(tmp_path / "gebieden.csv"))
    header = [
        "pc4",
        "plaats",
        "gemeente",
        "provincie",
        "corop",
        "inwoners",
        "inwoners_man",
        "inwoners_vrouw",
        "lat",
        "lon",
    ]
    rows = [
        ["9990", "Duinstad", "Duinstad", "K", "C", 5, 5, 0, 52.1, 5.1],
        ["9991", "Ver", "Elders", "K", "C", 5, 5, 0, "", ""],
        ["99X", "?", "", "", "", 1, 1, 1, 1, 1],
    ]
    result = load_one(write_csv(tmp_path / "pc4_2021.csv", header, rows, delimiter=",", encoding="utf-8"))
    assert problems(result) == [("R-108", 4, "pc4", "99X")]
    assert list(Postcode.objects.order_by("pc4").values_list("pc4", "municipality_id", "lat")) == [
        ("9990", "9001", 52.1),
        ("9991", None, None),
    ]


def test_population_in_three_forms(tmp_path: Path) -> None:
    long = write_csv(
        tmp_path / "inwoners_2021-01-01.csv",
        ["pc4", "leeftijd", "inwoners", "inwoners_man", "inwoners_vrouw"],
        [["9990", "0-4", 275, 135, 140], ["9990", "95+", "", "", ""], ["9990", "oud", 5, 5, 0]],
        delimiter=",",
        encoding="utf-8",
    )
    wide_header = [
        "PostcodesOp1Januari",
        "TotaalMannenEnVrouwen_1",
        "k_0Tot5Jaar_2",
        "k_95JaarOfOuder_21",
        "TotaalMannen_22",
        "k_0Tot5Jaar_23",
        "Gemeentecode_72",
        "Gemeentenaam_73",
    ]
    wide = write_csv(
        tmp_path / "bevolking_2013.csv",
        wide_header,
        [["9990", 100, 90, 10, 50, 45, "9001", "D"], ["19001", 100, 90, 10, 50, 45, "9001", "D"]],
        delimiter=",",
        encoding="utf-8",
    )
    first, second = load(long, wide)
    assert {first.outcome, second.outcome} == {"geladen"}
    assert problems(second) == [("R-108", 4, "leeftijd", "oud")]
    assert set(
        Population.objects.values_list("area_kind", "area_code", "reference_date", "age_from", "age_to", "persons")
    ) == {
        ("pc4", "9990", date(2021, 1, 1), 0, 4, 275),
        ("pc4", "9990", date(2021, 1, 1), 95, None, None),
        ("pc4", "9990", date(2013, 1, 1), 0, 4, 90),
        ("pc4", "9990", date(2013, 1, 1), 95, None, 10),
        ("gemeente", "9001", date(2013, 1, 1), 0, 4, 90),
        ("gemeente", "9001", date(2013, 1, 1), 95, None, 10),
    }


def test_the_postcode_workbook_keeps_secret_cells_unknown(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["Inwoner, huishouden en woninggegevens, peildatum 1 januari 2024"])
    sheet.append([])
    sheet.append([None, "Inwoners"])
    sheet.append([None, "Totaal", "Leeftijdklassen"])
    sheet.append(["Postcode-4", "Totaal", "tot 15 jaar", "15 tot 25 jaar", "65 jaar en ouder"])
    sheet.append(["Code", "x1", "x1", "x1", "x1"])
    sheet.append([9990, 100, 10, -99997, 20])
    sheet.append(["9991", 100, 10, "veel", 20])
    book.save(tmp_path / "pc4.xlsx")
    result = load_one(tmp_path / "pc4.xlsx")
    assert result.outcome == "geladen"
    assert problems(result) == [("R-105", 8, "kolom 4", "veel")]
    assert list(Population.objects.order_by("age_from").values_list("area_code", "age_from", "age_to", "persons")) == [
        ("9990", 0, 14, 10),
        ("9990", 15, 24, None),
        ("9990", 65, None, 20),
    ]


def test_borders_in_three_flavours(tmp_path: Path) -> None:
    load_one(areas_file(tmp_path / "gebieden.csv"))
    ring = {"type": "Polygon", "coordinates": [[[5, 52], [6, 52], [6, 53], [5, 52]]]}

    def write(name: str, properties: list[dict[str, str]]) -> Path:
        features = [{"type": "Feature", "properties": item, "geometry": ring} for item in properties]
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path

    results = load(
        write(
            "gemeenten_2025.geojson",
            [
                {"statcode": "GM9001", "jrstatcode": "2025GM9001", "statnaam": "Duin-stad"},
                {"statcode": "GM9002", "statnaam": "Zee"},
            ],
        ),
        write("corop_2022.geojson", [{"nuts3": "Corop Kust"}]),
        write("provincies_2022.geojson", [{"code": "PV99", "name": "Kustland"}]),
        write("gemeenten_2022.geojson", [{"code": "GM9001", "name": "Duinstad"}]),
    )
    assert {result.outcome for result in results} == {"geladen"}
    assert set(Boundary.objects.values_list("kind", "code", "year")) == {
        ("gemeente", "9001", 2025),
        ("gemeente", "9002", 2025),
        ("corop", "91", 2022),
        ("provincie", "kustland", 2022),  # the code that the area of this name has here
        ("gemeente", "9001", 2022),
    }
    assert Boundary.objects.get(year=2025, code="9001").geometry == ring
    assert Municipality.objects.get(pk="9001").name == "Duin-stad"


def test_names_of_places_meet_whatever_their_spelling() -> None:
    assert plain_name("SÚDWEST-FRYSLÂN") == plain_name("Sudwest Fryslan")
    assert plain_name("'s-Gravenhage") == "s gravenhage"
    assert [province_code(name) for name in ("Fryslân", "Friesland", "Noord-Brabant", "Kustland")] == [
        "21",
        "21",
        "30",
        "kustland",
    ]

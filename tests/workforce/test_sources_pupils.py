"""Pupils of vo, po and mbo in small files of our own: every form and year of the publisher, with masks and bad rows."""

import gzip
from datetime import date
from pathlib import Path

import pytest
from django.db.models import Sum

from regio.regions.models import SchoolLocation
from regio.shared.models import ImportBatch, ImportFinding
from regio.workforce.models import LearnerCount, LearnerOrigin, LocationFact, Programme
from regio.workforce.sources.levels import level_of, po_level
from tests.samples import load, load_one, problems, vo_register, write_csv

pytestmark = pytest.mark.django_db
OCTOBER = date(2023, 10, 1)
CELLS = [f"LEER- OF VERBLIJFSJAAR {year} - {who}" for year in range(1, 7) for who in ("MAN", "VROUW")]
TYPE = "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR"


def counts(**where: object) -> list[tuple[object, ...]]:
    rows = LearnerCount.objects.filter(**where).order_by("location__code", "level", "stage", "programme__code")
    return list(rows.values_list("location__code", "level", "stage", "count", "masked"))


# ------------------------------------------------------------------------------------------------------------------- vo
def yearly_2019(path: Path, *, lwoo: bool = False) -> Path:
    extra = ["LWOO INDICATIE"] if lwoo else []
    header = [
        "BRIN NUMMER",
        "VESTIGINGSNUMMER",
        "INSTELLINGSNAAM VESTIGING",
        "PLAATSNAAM VESTIGING",
        "PROVINCIE VESTIGING",
        TYPE,
        *extra,
    ]
    header += ["VMBO SECTOR", "AFDELING", "ELEMENTCODE", "OPLEIDINGSNAAM", *CELLS]
    key, more = ["90AA", "00", "Lyceum Kust", "DUINSTAD", "Kustland"], ["N"] if lwoo else []
    rows = [
        [*key, "Brugjaar 1-2", *more, "N.v.t.", "N.v.t.", "0015", "Ljvb op VWO/HAVO", 10, 12, 8, 9, *[0] * 8],
        [
            *key,
            "HAVO lj 4-5",
            *more,
            "N.v.t.",
            "Natuur en Gezondheid",
            "0371",
            "HAVO Prf Nat/Gezond",
            *[0] * 6,
            7,
            5,
            4,
            6,
            0,
            0,
        ],
        [
            *key,
            "VMBO KL lj 3-4",
            *more,
            "Techniek",
            "Bouwen, wonen en interieur",
            "6021",
            "VMBO KB Bouwen, wonen en interieur",
            *[0] * 4,
            3,
            0,
            2,
            1,
            *[0] * 4,
        ],
        [*key, "HAVO lj 4-5", *more, "N.v.t.", "N.v.t.", "0372", "HAVO Prf Ec/Maat", *[0] * 6, "zeven", 5, 0, 0, 0, 0],
        [*key, "Toverschool", *more, "N.v.t.", "N.v.t.", "9999", "Spreuken", 1, *[0] * 11],
    ]
    return write_csv(path, header, rows)


def test_pupils_of_2019_get_a_level_from_type_and_programme(tmp_path: Path) -> None:
    result = load_one(yearly_2019(tmp_path / "leerlingen-2019.csv"))
    assert (result.outcome, result.rows_read, result.rows_refused) == ("geladen", 5, 2)
    assert problems(result) == [
        ("R-108", 6, TYPE, "Toverschool"),
        ("R-105", 5, "LEER- OF VERBLIJFSJAAR 4 - MAN", "zeven"),
    ]
    assert counts(reference_date=date(2019, 10, 1)) == [
        ("90AA00", "havo", 4, 12, False),
        ("90AA00", "havo", 5, 10, False),
        ("90AA00", "havo_vwo", 1, 22, False),
        ("90AA00", "havo_vwo", 2, 17, False),
        ("90AA00", "vmbo_k", 3, 3, False),
        ("90AA00", "vmbo_k", 4, 3, False),
    ]
    assert Programme.objects.get(code="6021").profile == "Bouwen, wonen en interieur"
    assert Programme.objects.get(code="0015").profile == ""
    assert ImportBatch.objects.get().reference_label == "1 oktober 2019"


def test_older_years_carry_an_lwoo_column(tmp_path: Path) -> None:
    assert load_one(yearly_2019(tmp_path / "leerlingen-2016.csv", lwoo=True)).dataset == "leerlingen-vo"
    assert LearnerCount.objects.filter(reference_date=date(2016, 10, 1)).aggregate(n=Sum("count"))["n"] == 67


def test_a_location_without_a_known_municipality_is_counted_and_told(tmp_path: Path) -> None:
    result = load_one(yearly_2019(tmp_path / "leerlingen-2019.csv"))
    assert {finding.code: finding.detail for finding in result.findings}["R-302"] == "1 vestigingen"
    assert SchoolLocation.objects.get().municipality_id is None
    load_one(vo_register(tmp_path / "vo.csv", ["90AA00"]))
    assert SchoolLocation.objects.get().municipality_id == "9001"
    assert ImportFinding.objects.get(code="R-302").resolved_at is not None


def test_pupils_of_2023_are_masked_under_five(tmp_path: Path) -> None:
    header = [
        "INSTELLINGSCODE",
        "VESTIGINGSCODE",
        "INSTELLINGSNAAM VESTIGING",
        "PLAATSNAAM VESTIGING",
        "PROVINCIE VESTIGING",
    ]
    header += [
        "SAMENWERKINGSVERBAND PASSEND ONDERWIJS VO",
        TYPE,
        "VMBO SECTOR",
        "AFDELING",
        "ERKENDE OPLEIDINGSCODE",
        "OPLEIDINGSNAAM",
        *CELLS,
    ]
    key = ["90AA", "1", "Lyceum Kust", "DUINSTAD", "Kustland", "VO9001"]
    rows = [
        [*key, "Brugjaar 1-2", "N.v.t.", "N.v.t.", "0300", "HAVO", "<5", 12, *[0] * 10],
        [
            *key,
            "VWO lj 4-6",
            "N.v.t.",
            "Natuur en Techniek",
            "0170",
            "VWO-ATH Prf Nat/Tech",
            *[0] * 6,
            "<5",
            "<5",
            9,
            0,
            0,
            0,
        ],
        [*key, "Brugjaar 1-2", "N.v.t.", "N.v.t.", "0100", "Internationale schakelklas", 6, 6, *[0] * 10],
        ["90AA", "1", "te kort"],
    ]
    result = load_one(write_csv(tmp_path / "leerlingen-2023.csv", header, rows))
    assert problems(result) == [("R-104", 5, "", "90AA;1;te kort")]
    assert [(f.code, f.detail) for f in result.findings if f.line is None and f.code == "R-301"] == [("R-301", 3)]
    assert counts() == [
        ("90AA01", "havo", 1, 14, True),
        ("90AA01", "isk", 1, 12, False),
        ("90AA01", "vwo", 4, 4, True),
        ("90AA01", "vwo", 5, 9, False),
    ]


def test_the_long_form_shows_one_to_four_as_four(tmp_path: Path) -> None:
    header = [
        "SCHOOLJAAR",
        "BEVOEGD GEZAG",
        "NAAM BEVOEGD GEZAG",
        "BRIN NUMMER",
        "VESTIGINGSNUMMER",
        "BRINVESTIGINGSNUMMER",
        "INSTELLINGSNAAM VESTIGING",
    ]
    header += [
        "PLAATSNAAM VESTIGING",
        "INDICATIE VO-VAVO",
        TYPE,
        "VMBO SECTOR",
        "AFDELING",
        "LEERJAAR",
        "AANTAL LEERLINGEN",
    ]
    key = ["99010", "Stichting Duin", "90AA", "00", "90AA00", "Lyceum", "DUINSTAD", "VO"]
    rows = [
        ["2021", *key, "HAVO lj 4-5", "N.v.t.", "N.v.t.", "4", "31"],
        ["2021", *key, "VMBO BL lj 3-4", "Techniek", "PIE", "3", "4"],
        ["2022", *key, "Brugjaar 1-2", "N.v.t.", "N.v.t.", "1", "120"],
        ["20xx", *key, "Brugjaar 1-2", "N.v.t.", "N.v.t.", "1", "120"],
    ]
    result = load_one(write_csv(tmp_path / "vo.csv", header, rows, delimiter=",", encoding="utf-8"))
    assert problems(result) == [("R-113", 5, "SCHOOLJAAR", "20xx")]
    assert counts(reference_date=date(2021, 10, 1)) == [
        ("90AA00", "havo", 4, 31, False),
        ("90AA00", "vmbo_b", 3, 2, True),
    ]
    assert counts(reference_date=date(2022, 10, 1)) == [("90AA00", "brugjaar", 1, 120, False)]


def test_pupils_per_location_and_board_with_vavo_apart_and_in_the_old_layout(tmp_path: Path) -> None:
    header = [
        "BEVOEGD GEZAG NUMMER",
        "INSTELLINGSCODE",
        "VESTIGINGSCODE",
        "INSTELLINGSNAAM VESTIGING",
        "PLAATSNAAM",
        "GEMEENTENUMMER",
        "GEMEENTENAAM",
        "PROVINCIE",
    ]
    key = ["99010", "90AA", "00", "Lyceum Kust", "DUINSTAD", "9001", "DUINSTAD", "Kustland"]
    new = write_csv(
        tmp_path / "03-2024.csv",
        [*header, "AANTAL LEERLINGEN", "AANTAL VO LEERLINGEN UITBESTEED AAN VAVO"],
        [[*key, "812", "<5"], [*key[:2], "01", *key[3:], "<5", "0"], [*key[:2], "02", *key[3:], "-3", "0"]],
        quoted=True,
        encoding="latin-1",
    )
    old = write_csv(
        tmp_path / "03-2016.csv", [*header, "AANTAL LEERLINGEN", "TOTAAL AANTAL LEERLINGEN"], [[*key, "800", "803"]]
    )
    first, second = load(new, old)
    assert (first.dataset, second.dataset) == ("leerlingen-vo-bestuur", "leerlingen-vo-bestuur")
    assert problems(second) == [("R-105", 4, "AANTAL LEERLINGEN", "-3")]
    assert counts(reference_date=date(2024, 10, 1)) == [
        ("90AA00", "alle", 0, 812, False),
        ("90AA00", "vavo", 0, 2, True),
        ("90AA01", "alle", 0, 2, True),
    ]
    assert counts(reference_date=date(2016, 10, 1)) == [("90AA00", "alle", 0, 800, False)]


def test_where_pupils_live_in_long_and_wide_form(tmp_path: Path) -> None:
    header = [
        "JAAR",
        "BRIN NUMMER",
        "VESTIGINGSNUMMER",
        "INSTELLINGSNAAM VESTIGING",
        "GEMEENTENUMMER",
        "GEMEENTENAAM",
        "POSTCODE LEERLING",
        "PLAATSNAAM LEERLING",
    ]
    header += ["GEMEENTENUMMER LEERLING", "GEMEENTENAAM LEERLING", "LEER- OF VERBLIJFSJAAR", "AANTAL LEERLINGEN"]
    rows = [
        ["2021", "90AA", "00", "Lyceum", "9001", "D", "9990", "D", "9001", "D", "1", "25"],
        ["2021", "90AA", "00", "Lyceum", "9001", "D", "20", "", "", "", "2", "4"],
        ["2021", "90AA", "00", "Lyceum", "9001", "D", "onbekend", "", "", "", "2", "4"],
    ]
    long = write_csv(tmp_path / "voeding.csv", header, rows, delimiter=",", encoding="utf-8")
    years = [f"LEER- OF VERBLIJFSJAAR {year}" for year in range(1, 7)]
    wide = write_csv(
        tmp_path / "02.-leerlingen-per-vestiging-naar-postcode-2023.csv",
        ["BRIN NUMMER", "VESTIGINGSNUMMER", "INSTELLINGSNAAM VESTIGING", "POSTCODE LEERLING", *years],
        [
            ["90AA", "00", "Lyceum", "9990", "<5", 7, 0, 0, 0, 0],
            ["90AA", "00", "Lyceum", "9991", 1, 0, 0, 0, 0, "veel"],
            ["90AA", "01", "L", "9992", 6, 0, 0, 0, 0, 0],
        ],
        encoding="latin-1",
    )
    by_id = {result.dataset: result for result in load(long, wide)}
    assert problems(by_id["postcode-leerling-vo-vijf-jaar"]) == [("R-108", 4, "POSTCODE LEERLING", "onbekend")]
    assert problems(by_id["postcode-leerling-vo"]) == [("R-105", 3, "LEER- OF VERBLIJFSJAAR 6", "veel")]
    found = LearnerOrigin.objects.order_by("reference_date", "location__code", "stage")
    assert list(found.values_list("reference_date__year", "location__code", "pc4", "stage", "count", "masked")) == [
        (2021, "90AA00", "9990", 1, 25, False),
        (2021, "90AA00", "0020", 2, 2, True),
        (2023, "90AA00", "9990", 1, 2, True),
        (2023, "90AA00", "9990", 2, 7, False),
        (2023, "90AA01", "9992", 1, 6, False),
    ]


# ------------------------------------------------------------------------------------------------------------------- po
AGES = ["LEEFTIJD_JONGER", *(f"LEEFTIJD_{age}" for age in range(4, 25)), "LEEFTIJD_OUDER"]


def test_po_by_home_postcode_and_age_in_a_packed_file(tmp_path: Path) -> None:
    header = [
        "PEILDATUM",
        "GEMEENTENUMMER",
        "GEMEENTENAAM",
        "POSTCODE_LEERLING",
        "GEMEENTENAAM_LEERLING",
        "BRIN_NUMMER",
        "VESTIGINGSNUMMER",
    ]
    header += [
        "INSTELLINGSNAAM_VESTIGING",
        "POSTCODE_VESTIGING",
        "PLAATSNAAM",
        "PROVINCIE",
        "SOORT_PO",
        "DENOMINATIE_VESTIGING",
        "BEVOEGD_GEZAG_NUMMER",
        *AGES,
        "TOTAAL",
    ]

    def row(pc4: str, kind: str, total: int) -> list[object]:
        return [
            "20171001",
            "9001",
            "Duinstad",
            pc4,
            "Duinstad",
            "90BA",
            "0",
            "De Schelp",
            "9990AB",
            "DUINSTAD",
            "Kust",
            kind,
            "",
            "99010",
            0,
            5,
            6,
            *[0] * 20,
            total,
        ]

    plain = write_csv(
        tmp_path / "po.csv",
        header,
        [row("9990", "Bo", 11), row("9991", "Bo", 12), row("9990", "So", 11), row("9990", "Hbo", 11)],
    )
    packed = tmp_path / "po.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    result = load_one(packed)
    assert problems(result) == [("R-108", 5, "SOORT_PO", "Hbo"), ("R-201", 3, "TOTAAL", "12")]
    assert counts() == [
        ("90BA00", "bo", 4, 10, False),
        ("90BA00", "bo", 5, 12, False),
        ("90BA00", "so", 4, 5, False),
        ("90BA00", "so", 5, 6, False),
    ]
    assert LearnerOrigin.objects.filter(pc4="9991").aggregate(n=Sum("count"))["n"] == 11
    assert SchoolLocation.objects.get().sector == "po"


def test_po_in_the_ckan_forms(tmp_path: Path) -> None:
    header = ["INSTELLINGSCODE", "VESTIGINGSCODE", "TYPE_PO", "PEILJAAR"]
    total = write_csv(
        tmp_path / "poleerlingen.csv",
        [*header, "AANTAL_LEERLINGEN"],
        [["90BA", "90BA00", "BO", 2023, 200], ["90BB", "90BB00", "SBO", 2023, "<5"], ["90BC", "90BC00", "VSO", "?", 9]],
        delimiter=",",
        encoding="utf-8",
    )
    by_age = write_csv(
        tmp_path / "poleeftijd.csv",
        [*header, "LEEFTIJD", "AANTAL_LEERLINGEN"],
        [
            ["90BA", "90BA00", "BO", 2023, "4", 30],
            ["90BA", "90BA00", "BO", 2023, "10", 28],
            ["90BA", "90BA00", "BO", 2023, "oud", 28],
        ],
        delimiter=",",
        encoding="utf-8",
    )
    by_home = write_csv(
        tmp_path / "popostcode4.csv",
        [*header, "POSTCODE4_DEELNEMER", "AANTAL_LEERLINGEN"],
        [
            ["90BA", "90BA00", "BO", 2023, "9990", 150],
            ["90BA", "90BA00", "BO", 2023, "9991", "<5"],
            ["90BA", "?X", "BO", 2023, "9991", 7],
        ],
        delimiter=",",
        encoding="utf-8",
    )
    results = {result.dataset: result for result in load(total, by_age, by_home)}
    assert problems(results["leerlingen-po-alle"]) == [("R-113", 4, "PEILJAAR", "?")]
    assert problems(results["leerlingen-po-leeftijd"]) == [("R-105", 4, "LEEFTIJD", "oud")]
    assert [code for code, *_ in problems(results["leerlingen-po-postcode"])] == ["R-107"]
    assert counts(stage_kind="alle", reference_date=OCTOBER, batch__dataset="leerlingen-po-alle") == [
        ("90BA00", "bo", 0, 200, False),
        ("90BB00", "sbo", 0, 2, True),
    ]
    assert counts(stage_kind="leeftijd") == [("90BA00", "bo", 4, 30, False), ("90BA00", "bo", 10, 28, False)]
    assert list(LearnerOrigin.objects.order_by("pc4").values_list("pc4", "count", "masked")) == [
        ("9990", 150, False),
        ("9991", 2, True),
    ]
    assert not SchoolLocation.objects.filter(code="90BC00").exists()


def test_po_by_age_of_2023_and_later_is_wide_and_masked(tmp_path: Path) -> None:
    header = [
        "INSTELLINGSCODE",
        "VESTIGINGSCODE",
        "INSTELLINGSNAAM VESTIGING",
        "PLAATSNAAM",
        "GEMEENTENUMMER",
        "GEMEENTENAAM",
        "SOORT PO",
        "CLUSTER",
        "BEVOEGD GEZAG NUMMER",
    ]
    ages = [f"LEEFTIJD {age}" for age in range(4, 14)]
    key = ["90BA", "90BA00", "De Schelp", "DUINSTAD", "9001", "DUINSTAD"]
    rows = [
        [*key, "Bo", "", "99010", "<5", 9, *[0] * 8],
        [*key[:1], "90BA01", *key[2:], "Sbo", "", "99010", *[0] * 8, 5, 6],
        [*key, "So", "3", "99010", *[0] * 8, 5, 6],
        [*key, "Bo", "", "99010", "vijf", *[0] * 9],
    ]
    result = load_one(
        write_csv(tmp_path / "01.-leerlingen-po-soort-po-cluster-leeftijd-2025-2026.csv", [*header, *ages], rows)
    )
    assert problems(result) == [("R-105", 5, "LEEFTIJD 4", "vijf")]
    assert counts(reference_date=date(2025, 10, 1)) == [
        ("90BA00", "bo", 4, 2, True),
        ("90BA00", "bo", 5, 9, False),
        ("90BA00", "so", 12, 5, False),
        ("90BA00", "so", 13, 6, False),
        ("90BA01", "sbo", 12, 5, False),
        ("90BA01", "sbo", 13, 6, False),
    ]


def test_distance_and_test_scores(tmp_path: Path) -> None:
    header = [
        "PEILDATUM",
        "BRIN_NUMMER",
        "VESTIGINGSNUMMER",
        "INSTELLINGSNAAM_VESTIGING",
        "POSTCODE_VESTIGING",
        "PLAATSNAAM",
        "GEMEENTENUMMER",
        "GEMEENTENAAM",
    ]
    header += ["PROVINCIE", "SOORT_PO", "DENOMINATIE_VESTIGING", "BEVOEGD_GEZAG_NUMMER"]
    key = ["90BC", "00", "De Zon", "9990AB", "DUINSTAD", " 901", "Duinstad", "Kust"]
    distance = write_csv(
        tmp_path / "afstand.csv",
        [*header, "AFSTAND", "LEERLINGEN"],
        [
            ["20191001", *key, "So", "", "99010", "1000,5", 10],
            ["20191001", *key, "Vso", "", "99010", "4000,5", 20],
            ["20191001", *key, "Bo", "", "99010", "ver", 20],
        ],
    )
    scores = write_csv(
        tmp_path / "scores.csv",
        [
            "PEILDATUM_LEERLINGEN",
            "PRIKDATUM_SCORES",
            *header[1:],
            "LEERJAAR_8",
            "CET_AANTAL",
            "CET_GEM",
            "IEP_AANTAL",
            "IEP_GEM",
        ],
        [
            ["20190417", "20190725", *key, "Bo", "", "99010", 11, 11, "538,636363636364", 0, " "],
            ["20190417", "20190725", "90BD", *key[1:], "Sbo", "", "99010", 9, 9, "520,5", 0, " "],
            ["geen", "20190725", "90BE", *key[1:], "Bo", "", "99010", 9, 9, "520,5", 0, " "],
        ],
    )
    first, second = load(distance, scores)
    assert problems(first) == [("R-105", 4, "AFSTAND", "ver")]
    assert problems(second) == [("R-113", 4, "PEILDATUM_LEERLINGEN", "geen")]
    assert list(LocationFact.objects.filter(unit="m").values_list("location__code", "value")) == [("90BC00", 3000.5)]
    assert list(
        LocationFact.objects.filter(unit="punten")
        .order_by("location__code")
        .values_list("location__code", "name", "value")
    ) == [
        ("90BC00", "eindscore CET", 538.6364),
        ("90BD00", "eindscore CET", 520.5),
    ]
    assert counts(stage_kind="groep") == [("90BC00", "bo", 8, 11, False), ("90BD00", "sbo", 8, 9, False)]


def test_special_education_of_2012_keeps_its_total_when_fractions_are_rounded(tmp_path: Path) -> None:
    header = "objectid,bevoegd_gezag_nummer,brinnummer,vestigingsnummer,vestigingsnaam,soort_primair_onderwijs,cluster,pc6,plaatsnaam,gem_code,gemeentenaam,xcoord,ycoord,leerlingen"
    header += ",lftd_1tm6,lftd_7tm9,lftd_10tm12,lftd_13tm15,lftd_16tm20,lftd_21tm27"
    key = [
        "99010",
        "90BC",
        "90BC00",
        "De Zon",
        "(V)SO",
        "3",
        "9990AB",
        "DUINSTAD",
        "9001",
        "DUINSTAD",
        "155000",
        "463000",
    ]
    rows = [
        ["1", *key, 150, 5, "20.75", "43.75", "50.75", "29.75", 0],
        ["2", *key[:4], "ZON", *key[5:], 10, 10, 0, 0, 0, 0, 0],
    ]
    rows.append(["3", "99010", "90BD", "90BD00", "De Maan", "SBAO", *key[5:], 12, 0, 6, 6, 0, 0, 0])
    result = load_one(write_csv(tmp_path / "so-2012.csv", header.split(","), rows, delimiter=",", encoding="utf-8"))
    assert problems(result) == [("R-108", 3, "soort_primair_onderwijs", "ZON")]
    assert [row[:4] for row in counts(level="so_vso")] == [
        ("90BC00", "so_vso", 1, 5),
        ("90BC00", "so_vso", 7, 21),
        ("90BC00", "so_vso", 10, 44),
        ("90BC00", "so_vso", 13, 51),
        ("90BC00", "so_vso", 16, 29),
    ]
    assert dict(SchoolLocation.objects.values_list("code", "sector")) == {"90BC00": "so", "90BD00": "po"}


# ------------------------------------------------------------------------------------------------------------------ mbo
def test_students_of_mbo_by_level_and_route(tmp_path: Path) -> None:
    header = [
        "JAAR",
        "PROVINCIE INSTELLING",
        "BEVOEGD GEZAG NUMMER",
        "INSTELLINGSCODE",
        "INSTELLINGSNAAM",
        "KWALIFICATIENIVEAU",
        "BBL",
        "BOLDT",
        "BOLVT",
        "EX",
    ]
    key = ["Kust", "99020", "90MA", "Kustcollege"]
    rows = [
        ["2023", *key, "Niveau 4", 100, 0, 250, "<5"],
        ["2024", *key, "Niveau 2", 40, 0, 60, 0],
        ["2024", *key, "Niveau 2", "x1", 0, 60, 0],
    ]
    result = load_one(write_csv(tmp_path / "mbo.csv", header, rows, delimiter=",", encoding="utf-8"))
    assert problems(result) == [("R-105", 4, "BBL", "x1")]
    found = LearnerCount.objects.order_by("reference_date", "programme__code")
    assert list(
        found.values_list("reference_date__year", "location__code", "level", "programme__name", "count", "masked")
    ) == [
        (2023, "90MA", "mbo_4", "bbl", 100, False),
        (2023, "90MA", "mbo_4", "bol voltijd", 250, False),
        (2023, "90MA", "mbo_4", "examendeelnemer", 2, True),
        (2024, "90MA", "mbo_2", "bbl", 40, False),
        (2024, "90MA", "mbo_2", "bol voltijd", 60, False),
    ]
    assert SchoolLocation.objects.get().sector == "mbo"


# --------------------------------------------------------------------------------------------------------------- levels
@pytest.mark.parametrize(
    ("education_type", "programme", "level"),
    [
        ("Brugjaar 1-2", "Ljvb op VWO/HAVO/VMBO-Alle Lw", "brugjaar"),
        ("Brugjaar 1-2", "Ljvb op VWO/HAVO/VMBO-Th/Gm Lw", "vmbo_havo_vwo"),
        ("Brugjaar 1-2", "Ljvb op HAVO/VMBO-Alle Lw", "vmbo_alle_havo"),
        ("Brugjaar 1-2", "Ljvb op HAVO/VMBO-Th/Gm Lw", "vmbo_havo"),
        ("Brugjaar 1-2", "Ljvb op VMBO-Alle Lw", "vmbo"),
        ("Brugjaar 1-2", "Lj LWOO vb op Alle Lw", "vmbo"),
        ("Brugjaar 1-2", "Ljvb op VMBO-Bbg/Kbg Lw", "vmbo_bk"),
        ("Brugjaar 1-2", "Lj LWOO vb op Bbg/Kbg Lw", "vmbo_bk"),
        ("Brugjaar 1-2", "Ljvb op VMBO-BBg Lw", "vmbo_b"),
        ("Brugjaar 1-2", "Lj LWOO vb op Kbg Lw", "vmbo_k"),
        ("Brugjaar 1-2", "Ljvb op VMBO-Gm Lw", "vmbo_gt"),
        ("Brugjaar 1-2", "Lj LWOO vb op Th/Gm Lw", "vmbo_gt"),
        ("Brugjaar 1-2", "MAVO/Theor Lw-VMBO", "vmbo_gt"),
        ("Brugjaar 1-2", "LWOO MAVO/Theor Lw", "vmbo_gt"),
        ("Brugjaar 1-2", "VMBO Maritiem en techniek Algemeen Leerjaar", "vmbo"),
        ("Brugjaar 1-2", "Ljvb op VWO", "vwo"),
        ("Brugjaar 1-2", "VWO-GYMNASIUMSTROOM", "vwo"),
        ("Brugjaar 1-2", "HAVO", "havo"),
        ("Brugjaar 1-2", "", "brugjaar"),
        ("HAVO/VWO lj 3", "Ljvb op VWO/HAVO", "havo_vwo"),
        ("HAVO/VWO lj 3", "VWO-ATHENEUMSTROOM", "vwo"),
        ("HAVO/VWO lj 3", "", "havo_vwo"),
        ("VMBO TL lj 3-4", "VMBO TL Beroepsroute Techniek Niveau-4", "vmbo_gt"),
        ("VMBO GL lj 3-4", "LWOO GL Groen", "vmbo_gt"),
        ("VMBO KL lj 3-4", "VMBO KB Vakmanschapsroute Techniek Niveau-2", "vmbo_k"),
        ("VMBO BL lj 3-4", "LWOO BB Groen", "vmbo_b"),
        ("HAVO uitbest. aan VAVO", "HAVO NW naar VAVO", "vavo"),
        ("Int. Baccelaureaat", "International Baccalaureate diplom programme", "internationaal"),
        ("Praktijkonderwijs alle vj", "Praktijkonderwijs", "pro"),
        ("Brugjaar 1-2", "Eerste opvang anderstaligen", "isk"),
        ("Toverschool", "Spreuken", None),
    ],
)
def test_the_name_of_a_class_tells_its_level(education_type: str, programme: str, level: str | None) -> None:
    assert level_of(education_type=education_type, programme=programme) == level


@pytest.mark.parametrize(
    ("education_type", "programme", "location", "level"),
    [
        ("Brugjaar 1-2", "Ljvb op VWO/HAVO/VMBO-Alle Lw", "Taalschool Kust, ISK", "isk"),
        ("Brugjaar 1-2", "Ljvb op VMBO-Alle Lw", "Internationale Schakelklas De Duinen", "isk"),
        ("Brugjaar 1-2", "Ljvb op VWO/HAVO/VMBO-Alle Lw", "Lyceum Kust", "brugjaar"),
        ("Brugjaar 1-2", "Ljvb op VWO/HAVO/VMBO-Alle Lw", "Scholengemeenschap Iskander", "brugjaar"),
        ("HAVO lj 4-5", "HAVO Prf Nat/Gezond", "Lyceum Kust met ISK", "havo"),
    ],
)
def test_lower_classes_at_a_location_for_newcomers_are_isk(
    education_type: str, programme: str, location: str, level: str
) -> None:
    assert level_of(education_type=education_type, programme=programme, location=location) == level


@pytest.mark.parametrize(
    ("text", "level"),
    [("Bo", "bo"), ("SBAO", "sbo"), ("(V)SO", "so_vso"), ("Voortgezet speciaal onderwijs", "vso"), ("Hbo", None)],
)
def test_the_kind_of_primary_school_tells_its_level(text: str, level: str | None) -> None:
    assert po_level(text) == level

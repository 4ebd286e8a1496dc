"""Exam files in small files of our own: candidates old and new, subjects, departments."""

from pathlib import Path

import pytest
from django.db.models import Sum

from regio.regions.models import SchoolLocation
from regio.shared.models import ImportBatch
from regio.workforce.models import DepartmentExamCount, ExamCount, SubjectExamCount
from tests.samples import load, load_one, problems, vo_register, write_csv

pytestmark = pytest.mark.django_db
PARTS = ("MAN", "VROUW", "TOTAAL")


def candidates_header(years: range, *, new: bool = False) -> list[str]:
    key = ["INSTELLINGSCODE", "VESTIGINGSCODE"] if new else ["BRIN NUMMER", "VESTIGINGSNUMMER"]
    cells = [
        f"{what} SCHOOLJAAR {year}-{year + 1} - {part}"
        for year in years for part in PARTS for what in ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")
    ]  # fmt: skip
    return [
        *key,
        "INSTELLINGSNAAM VESTIGING",
        "GEMEENTENAAM",
        "ONDERWIJSTYPE VO",
        "INSPECTIECODE",
        "OPLEIDINGSNAAM",
        *cells,
    ]


def old_file(path: Path, code: str = "90AA00", men: int = 10) -> Path:
    key = [code[:4], code, "Lyceum", "DUINSTAD"]
    year = [men, 9, "90,0%", 20, 18, "90,0%", men + 20, 27, "90,0%"]
    rows = [
        [*key, "HAVO", "51", "HAVO - N&T", *year, 0, 0, ",0%", 0, 0, ",0%", 0, 0, ",0%"],
        [*key, "VMBO", "31", "VMBO K - techniek", *year, *year],
        [*key, "VMBO", "31", "VMBO T", 1, 1, "100,0%", 1, 1, "100,0%", 3, 2, "66,7%", *[0, 0, ",0%"] * 3],
        [*key, "GYM", "31", "Toveren", *year, *year],
        [*key, "VWO", "60", "VWO - C&M", "tien", *year[1:], *year],
    ]
    return write_csv(path, candidates_header(range(2014, 2016)), rows)


def test_candidates_per_programme_and_school_year(tmp_path: Path) -> None:
    result = load_one(old_file(tmp_path / "examens-2014-2016.csv"))
    assert result.rows_refused == 2
    assert problems(result) == [
        ("R-108", 5, "ONDERWIJSTYPE VO", "GYM"),
        ("R-105", 6, "EXAMENKANDIDATEN SCHOOLJAAR 2014-2015 - MAN", "tien"),
        ("R-201", 4, "EXAMENKANDIDATEN 2014", "3"),
    ]
    found = ExamCount.objects.order_by("school_year", "programme")
    assert list(found.values_list("exam_type", "programme", "school_year", "candidates", "passed")) == [
        ("HAVO", "HAVO - N&T", 2014, 30, 27),
        ("VMBO", "VMBO K - techniek", 2014, 30, 27),
        ("VMBO", "VMBO T", 2014, 3, 2),
        ("VMBO", "VMBO K - techniek", 2015, 30, 27),
    ]
    assert ImportBatch.objects.get().reference_label == "schooljaren 2014-2015 tot en met 2015-2016"


def test_masked_candidates_count_as_two_and_masked_passes_as_unknown(tmp_path: Path) -> None:
    key = ["90AA", "90AA00", "Lyceum", "DUINSTAD"]
    rows = [
        [*key, "HAVO", "50", "HAVO - N&T", "<5", "<5", "100", "<5", "<5", "100", "<5", "<5", "90.9"],
        [*key, "HAVO", "50", "HAVO - N&G", "6", "<5", "50", "<5", "<5", "100", "8", "5", "60.0"],
        [*key, "VWO", "50", "VWO - N&G", "0", "0", "", "0", "0", "", "0", "0", ""],
    ]
    path = write_csv(
        tmp_path / "examens-2019-2020.csv",
        candidates_header(range(2019, 2020), new=True),
        rows,
        encoding="utf-8",
        quoted=True,
    )
    result = load_one(path)
    assert result.outcome == "geladen"
    found = ExamCount.objects.order_by("programme")
    assert list(found.values_list("programme", "candidates", "candidates_masked", "passed")) == [
        ("HAVO - N&G", 8, False, 5),
        ("HAVO - N&T", 2, True, None),
    ]


def test_a_newer_edition_takes_the_place_of_the_years_that_it_repeats(tmp_path: Path) -> None:
    load_one(old_file(tmp_path / "examens-2014-2016.csv"))
    key = ["90AA", "90AA00", "Lyceum", "DUINSTAD", "HAVO", "51", "HAVO - N&T"]
    year = [5, 5, "100", 7, 7, "100", 12, 12, "100"]
    header = candidates_header(range(2015, 2017), new=True)
    newer = load_one(write_csv(tmp_path / "examens-2015-2017.csv", header, [[*key, *year, *year]]), accept=True)
    assert newer.outcome == "geladen"
    by_year = ExamCount.objects.values_list("school_year").annotate(n=Sum("candidates")).order_by("school_year")
    assert list(by_year) == [(2014, 63), (2015, 12), (2016, 12)]
    assert list(ImportBatch.objects.order_by("pk").values_list("periods", flat=True)) == [["2014"], ["2015", "2016"]]
    older = load_one(old_file(tmp_path / "examens-2014-2016-b.csv", men=11))
    assert older.outcome == "wacht_op_akkoord"
    assert "R-204" in {finding.code for finding in older.findings}


def test_a_location_that_only_the_exam_file_knows_joins_the_region_by_its_municipality(tmp_path: Path) -> None:
    register = vo_register(tmp_path / "vo.csv", ["90AB00"])
    load(register, old_file(tmp_path / "examens-2014-2016.csv"))
    unknown = SchoolLocation.objects.get(code="90AA00")
    assert (unknown.in_register, unknown.municipality_id, unknown.municipality.rmc_code) == (False, "9001", "91")


SUBJECT_HEADER = [
    "SCHOOLJAAR",
    "BRIN NUMMER",
    "VESTIGINGSNUMMER",
    "INSTELLINGSNAAM VESTIGING",
    "GEMEENTENUMMER",
    "GEMEENTENAAM",
    "PLAATSNAAM",
    "PROVINCIE",
    "ONDERWIJSTYPE VO",
    "VAKCODE",
    "AFKORTING VAKNAAM",
    "VAKNAAM",
    "TOTAAL AANTAL SCHOOLEXAMENS MET BEOORDELING",
    "TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER",
    "GEM. CIJFER CIJFERLIJST",
]


def test_havo_and_vwo_subjects_of_one_year_are_two_files_side_by_side(tmp_path: Path) -> None:
    def rows(kind: str) -> list[list[object]]:
        key = ["2018", "90AA", "00", "Lyceum", "9001", "DUINSTAD", "DUINSTAD", "Kust", kind]
        return [
            [*key, "0131", "ak", "aardrijkskunde", 0, 26, "6,2"],
            [*key, "0161", "in", "informatica", 0, "<5", ",0"],
            [*key, "0171", "na", "natuurkunde", 0, "2x", "6,2"],
        ]

    havo = write_csv(tmp_path / "havo.csv", SUBJECT_HEADER, rows("HAVO"))
    vwo = write_csv(tmp_path / "vwo.csv", SUBJECT_HEADER, rows("VWO"))
    results = load(havo, vwo)
    assert [result.dataset for result in results] == ["vakexamens-havo", "vakexamens-vwo"]
    assert problems(results[0]) == [("R-105", 4, "TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER", "2x")]
    assert SubjectExamCount.objects.count() == 4
    of_vwo = SubjectExamCount.objects.filter(exam_type="VWO").order_by("subject_code")
    assert list(of_vwo.values_list("subject_code", "candidates", "candidates_masked")) == [
        ("0131", 26, False),
        ("0161", 2, True),
    ]


def test_departments_carry_candidates_passes_and_a_mark(tmp_path: Path) -> None:
    header = "BRIN NUMMER;VESTIGINGSNUMMER;INSTELLINGSNAAM VESTIGING;GEMEENTENAAM VESTIGING;PROVINCIE VESTIGING;ONDERWIJSTYPE VO;LEERWEG VMBO;VMBO SECTOR"
    header += ";AFDELING;EXAMENKANDIDATEN;GESLAAGDEN;GEZAKTEN;GEMIDDELD CIJFER SCHOOLEXAMEN;GEMIDDELD CIJFER CENTRAAL EXAMEN;GEMIDDELD CIJFER CIJFERLIJST"
    key = ["90AA", "90AA00", "Lyceum “Zée”", "DUINSTAD", "Kust"]
    rows = [
        [*key, "HAVO", "", "", "Natuur en Techniek", 7, 6, 1, "6,4", "6,6", "6,6"],
        [*key, "VMBO", "BL", "Techniek", "Bouwen", "<5", 0, 5, "6,4", "6,6", ""],
        [*key, "VMBO", "BL", "Techniek", "Groen", 5, 5, 0, "6,4", "6,6", "goed"],
    ]
    result = load_one(write_csv(tmp_path / "geslaagden-2018-2019.csv", header.split(";"), rows))
    assert problems(result) == [("R-105", 4, "GEMIDDELD CIJFER CIJFERLIJST", "goed")]
    assert list(
        DepartmentExamCount.objects.order_by("department").values_list(
            "department", "candidates", "candidates_masked", "passed", "mean_mark", "school_year"
        )
    ) == [
        ("Bouwen", 2, True, 0, None, 2018),
        ("Natuur en Techniek", 7, False, 6, 6.6, 2018),
    ]
    assert SchoolLocation.objects.get().name == "Lyceum “Zée”"

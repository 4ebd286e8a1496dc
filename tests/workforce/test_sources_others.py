"""Personnel, accounts, forecasts of DUO, training and early leavers in small files of our own."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from regio.regions.models import Board
from regio.workforce.models import (
    BoardFinance,
    LearnerCount,
    LocationFact,
    PersonnelCount,
    PublishedForecast,
    TrainingEnrolment,
)
from regio.workforce.sources.personnel import function_group, sector_of
from tests.samples import load_one, problems, write_csv

pytestmark = pytest.mark.django_db


def workbook(path: Path, **sheets: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


# ------------------------------------------------------------------------------------------------------------ personnel
def test_persons_2011_2025_keep_every_mark_as_unknown(tmp_path: Path) -> None:
    years = [f"PERSONEN {year}" for year in range(2011, 2026)]
    path = workbook(
        tmp_path / "personen.xlsx",
        toelichting=[["Onderwijspersoneel vo"], ["Peildatum 1 oktober"]],
        owtype_best_instelling=[
            ["ONDERWIJSTYPE", "BEVOEGD GEZAG", "INSTELLINGSCODE", *years],
            ["VO", "99010", "90AA", 50, "*", "**", "<5", None, 0, *[55] * 9],
            ["VO", "99010", "bovenschools", *[6] * 15],
            ["VO", "099011", "90AB", "zes", *[6] * 14],
        ],
    )
    result = load_one(path)
    assert (result.outcome, result.dataset, result.rows_read) == ("geladen", "personeel-personen-vo", 3)
    assert problems(result) == [("R-105", 4, "PERSONEN 2011", "zes")]
    school = PersonnelCount.objects.filter(school="90AA").order_by("year")
    assert list(school.values_list("year", "persons"))[:7] == [
        (2011, 50),
        (2012, None),
        (2013, None),
        (2014, None),
        (2015, None),
        (2016, 0),
        (2017, 55),
    ]
    above = PersonnelCount.objects.filter(school=None)
    assert set(above.values_list("board_id", "persons", "function_group")) == {("99010", 6, "alle")}
    assert [f.detail for f in result.findings if f.code == "R-306"] == [4]


def test_fte_by_function_and_gender_and_the_older_two_sheets(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "fte.xlsx",
        per_owtype_bestuur_brin_functie=[
            [
                "ONDERWIJSTYPE",
                "BEVOEGD GEZAG",
                "BRIN NUMMER",
                "FUNCTIEGROEP",
                "FTE'S 2016",
                "FTE'S 2017",
                "GEMIDDELDE LEEFTIJD 2016",
                "GEMIDDELDE LEEFTIJD 2017",
            ],
            ["VO", "99010", "90AA", "Onderwijsgevend personeel", 41.25, "40,5", 44.1, 44.9],
            ["VO", "99010", "90AA", "Onderwijsondersteunend personeel (OOP/OBP)", 9, "*", 50, "*"],
            ["VO", "99010", "90AA", "Leraren in opleiding (LIO)", None, 1.2, None, 23],
        ],
        per_owtype_bestuur_brin=[
            [
                "ONDERWIJSTYPE",
                "BEVOEGD GEZAG",
                "BRIN NUMMER",
                "FTE'S 2017",
                "FTE'S PERSONEN IN VASTE DIENST 2017",
                "GEMIDDELDE FTE'S 2017",
            ],
            ["VO", "99010", "90AA", 52, 44, 0.78],
        ],
        owtype_best_instelling_gesl=[
            ["ONDERWIJSTYPE", "BEVOEGD GEZAG", "INSTELLINGSCODE", "FUNCTIEGROEP", "GESLACHT", "FTE'S 2017"],
            ["VO", "99010", "90AA", "Directie", "Vrouw", 1.5],
        ],
    )
    result = load_one(path)
    assert (result.outcome, result.dataset) == ("geladen", "personeel-fte-vo")
    teachers = PersonnelCount.objects.filter(function_group="leraar").order_by("year")
    assert list(teachers.values_list("year", "fte", "mean_age_years")) == [(2016, 41.25, 44.1), (2017, 40.5, 44.9)]
    support = PersonnelCount.objects.get(function_group="oop", year=2017)
    assert (support.fte, support.mean_age_years) == (None, None)
    everyone = PersonnelCount.objects.get(function_group="alle")
    assert (everyone.fte, everyone.breakdown) == (
        52,
        {"blad": "per owtype bestuur brin", "fte's personen in vaste dienst": 44, "gemiddelde fte's": 0.78},
    )
    leaders = PersonnelCount.objects.get(function_group="directie")
    assert leaders.breakdown == {"blad": "owtype best instelling gesl", "geslacht": "Vrouw"}


def test_personnel_of_po_as_csv(tmp_path: Path) -> None:
    header = ["ONDERWIJSTYPE", "BEVOEGD GEZAG", "INSTELLINGSCODE", "PERSONEN 2024", "PERSONEN 2025"]
    rows = [
        ["BAO", "99030", "90BA", "21", "<5"],
        ["SBO", "99030", "90BB", "12", "13"],
        ["SO", "99030", "90BC", "", "9"],
    ]
    assert load_one(write_csv(tmp_path / "po.csv", header, rows)).outcome == "geladen"
    found = PersonnelCount.objects.order_by("school_id", "year")
    assert list(found.values_list("sector", "school_id", "year", "persons")) == [
        ("po", "90BA", 2024, 21), ("po", "90BA", 2025, None), ("po", "90BB", 2024, 12), ("po", "90BB", 2025, 13),
        ("so", "90BC", 2024, None), ("so", "90BC", 2025, 9),
    ]  # fmt: skip


def test_functions_and_types_have_their_group_and_sector() -> None:
    names = ["Directie", "Onderwijsgevend personeel", "OOP/OBP", "Leraren in opleiding (LIO)", "Onbekend", "Wat anders"]
    assert [function_group(name) for name in names] == ["directie", "leraar", "oop", "lio", "onbekend", "onbekend"]
    assert [sector_of(kind) for kind in ("VO", "BAO", "SBAO", "SO", "MBO", "Praktijkonderwijs")] == [
        "vo",
        "po",
        "po",
        "so",
        "mbo",
        "vo",
    ]


# ------------------------------------------------------------------------------------------------------------- accounts
def test_costs_and_balance_give_amounts_per_board_and_year(tmp_path: Path) -> None:
    header = ["_id", "Bevoegd Gezag", "Sector", "Groepering", "Naam", "Jaar", "Lonen", "Personeelslasten"]
    rows = [
        [1, 990, "VO", "", "Stichting Zée", 2017, 100, 200],
        [2, 990, "VO", "", "Stichting Zee", 2018, "", "210.4"],
        [3, 991, "VO", "", "X", "2O18", 1, 1],
    ]
    costs = write_csv(tmp_path / "lasten.csv", header, rows, delimiter=",", encoding="utf-8-sig")
    result = load_one(costs)
    assert problems(result) == [("R-113", 4, "Jaar", "2O18")]
    assert list(
        BoardFinance.objects.order_by("year", "item").values_list("board_id", "year", "item", "amount_eur")
    ) == [
        ("990", 2017, "Lonen", 100),
        ("990", 2017, "Personeelslasten", 200),
        ("990", 2018, "Personeelslasten", 210),
    ]
    assert Board.objects.get().name == "Stichting Zee"
    balance = workbook(
        tmp_path / "balans.xlsx",
        Balans=[
            ["Bevoegd_Gezag", "Sector", "Groepering", "Naam", "Jaar", "Voorraden", "Eigen_vermogen"],
            ["00990", "VO", "", "Zee", 2019, None, -5],
            ["00990", "VO", "", "Zee", 2018, 1, "veel"],
            ["00992", "PO", "", "Y", 2019, 0, 7],
        ],
    )
    result = load_one(balance)
    assert problems(result) == [("R-105", 3, "Eigen_vermogen", "veel")]
    assert set(BoardFinance.objects.filter(item="Eigen_vermogen").values_list("board_id", "year", "amount_eur")) == {
        ("990", 2019, -5),
        ("992", 2019, 7),
    }


# ------------------------------------------------------------------------------------------------------------ forecasts
def test_the_forecast_of_duo_in_its_present_form(tmp_path: Path) -> None:
    header = ["INSTELLINGSCODE", "ONDERWIJSNIVEAU", "JAAR", "PROGNOSEAANTALLEN"]
    rows = [
        ["90AA", "HAVO", 2026, "310.5"],
        ["90AA", "VMBO", 2027, "120"],
        ["90AA", "TOTAAL", 2026, "900"],
        ["90AA", "HBO?", 2027, "1"],
        ["90AA", "PRO", 2027, "n"],
    ]
    result = load_one(write_csv(tmp_path / "brin4_prognosesvo.csv", header, rows, delimiter=",", encoding="utf-8"))
    assert problems(result) == [("R-108", 5, "ONDERWIJSNIVEAU", "HBO?"), ("R-105", 6, "PROGNOSEAANTALLEN", "n")]
    found = PublishedForecast.objects.order_by("count_year", "level")
    assert list(found.values_list("school_id", "made_on_year", "level", "count_year", "learners", "is_actual")) == [
        ("90AA", 2026, "alle", 2026, 900, False),
        ("90AA", 2026, "havo", 2026, 310.5, False),
        ("90AA", 2026, "vmbo", 2027, 120, False),
    ]


def test_the_old_wide_forecast_holds_counts_before_its_first_year(tmp_path: Path) -> None:
    years = (2017, 2018, 2037)
    header = [
        "BRIN NUMMER",
        "INSTELLINGSNAAM",
        *(f"{kind}.{year}" for year in years for kind in ("BRJ", "VMBO", "HAVO", "VWO", "PRO")),
    ]
    rows = [
        ["90AA", "Lyceum Zée", 100, 50, 40, 30, 0, "101,5", 51, 41, 31, 0, 90, 40, 30, 20, 0],
        ["90A", "fout", *[1] * 15],
        ["90AB", "Col", *[2] * 14, "x?"],
        ["90AC", "Vak", *[3] * 15],
    ]
    result = load_one(write_csv(tmp_path / "11-leerlingenprognose.csv", header, rows, encoding="latin-1"))
    assert (result.outcome, result.message) == ("geladen", "")
    assert problems(result) == [("R-107", 3, "BRIN NUMMER", "90A"), ("R-105", 4, "PRO.2037", "x?")]
    found = PublishedForecast.objects.filter(school="90AA", level="brugjaar").order_by("count_year")
    assert list(found.values_list("made_on_year", "count_year", "learners", "is_actual")) == [
        (2018, 2017, 100, True),
        (2018, 2018, 101.5, False),
        (2018, 2037, 90, False),
    ]


# ------------------------------------------------------------------------------------------------- training and leavers
def test_enrolment_of_teacher_training(tmp_path: Path) -> None:
    base = {
        "PROVINCIE": "Kust", "GEMEENTENUMMER": 9001, "GEMEENTENAAM": "Duinstad", "INSTELLINGSCODE ACTUEEL": "90HA",
        "INSTELLINGSNAAM ACTUEEL": "Hogeschool Kust", "ONDERDEEL": "onderwijs", "OPLEIDINGSCODE ACTUEEL": 39999,
        "OPLEIDINGSNAAM ACTUEEL": "M Leraar Wiskunde", "OPLEIDINGSVORM": "voltijd onderwijs", "GESLACHT": "vrouw",
    }  # fmt: skip
    records = [{"2023": 12, "2024": "<5", **base}, {"2023": 0, "2024": 8, **base}, {"2023": "tien", "2024": 8, **base}]
    path = tmp_path / "hbo.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    result = load_one(path)
    assert problems(result) == [("R-105", 3, "2023", "tien")]
    assert list(
        TrainingEnrolment.objects.order_by("year", "students").values_list(
            "municipality_code", "year", "students", "masked"
        )
    ) == [
        ("9001", 2023, 12, False),
        ("9001", 2024, 2, True),
        ("9001", 2024, 8, False),
    ]


def test_early_leavers_come_with_a_second_total_of_pupils(tmp_path: Path) -> None:
    header = "SAMENWERKINGSVERBAND_NUMMER;brin_nummer;vestigings_nummer;aantal_leerlingen;vsv_totaal;vsv_vmbo;vsv_mbo;vsv_overig"
    rows = [
        ["VO9001", "90AA", "00", 1714, 6, 3, 0, 3],
        ["VO9001", "90AB", "1", "<5", 0, 0, 0, 0],
        ["VO9001", "90AC", "00", "?", 0, 0, 0, 0],
    ]
    result = load_one(write_csv(tmp_path / "vsv-2015.csv", header.split(";"), rows))
    assert problems(result) == [("R-105", 4, "aantal_leerlingen", "?")]
    assert "R-303" in {finding.code for finding in result.findings}
    assert list(
        LearnerCount.objects.order_by("location__code").values_list(
            "location__code", "count", "masked", "reference_date"
        )
    ) == [
        ("90AA00", 1714, False, date(2014, 10, 1)),
        ("90AB01", 2, True, date(2014, 10, 1)),
    ]
    assert dict(LocationFact.objects.values_list("name", "value")) == {"vsv_totaal": 6, "vsv_vmbo": 3, "vsv_overig": 3}
